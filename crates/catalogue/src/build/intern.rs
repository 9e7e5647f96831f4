//! Texts, products and attribute sets, each kept once and numbered in the order of their first sight.

use crate::name;
use crate::rows::{ANY, NOT_APPLICABLE, PATTERN, put_u32};
use rustc_hash::FxHashMap;

/// Numbers of texts.
#[derive(Default)]
pub(crate) struct Texts {
    numbers: FxHashMap<Box<str>, u32>,
    /// All texts, one after the other.
    pub(crate) bytes: Vec<u8>,
    /// End of each text.
    pub(crate) ends: Vec<u8>,
}

impl Texts {
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        self.bytes.extend_from_slice(text.as_bytes());
        put_u32(&mut self.ends, self.bytes.len() as u32);
        self.numbers.insert(text.into(), number);
        number
    }

    /// The code of an attribute value as written in a name.
    pub(crate) fn value(&mut self, written: &str) -> u32 {
        match written {
            "*" | "" => ANY,
            "-" => NOT_APPLICABLE,
            pattern if name::has_wildcard(pattern) => self.number(pattern) | PATTERN,
            exact => self.number(&name::plain(exact)),
        }
    }
}

/// Numbers of products; each product's key is also a text.
#[derive(Default)]
pub(crate) struct Products {
    numbers: FxHashMap<Box<str>, u32>,
    /// Text number of each product's key.
    pub(crate) keys: Vec<u32>,
}

impl Products {
    pub(crate) fn number(&mut self, key: &str, texts: &mut Texts) -> u32 {
        let key = name::product_key(key);
        if let Some(number) = self.numbers.get(&*key) {
            return *number;
        }
        let number = self.keys.len() as u32;
        self.keys.push(texts.number(&key));
        self.numbers.insert(key.into(), number);
        number
    }

    /// Product numbers in the order of their keys.
    pub(crate) fn sorted(&self) -> Vec<u32> {
        let mut all: Vec<_> = self.numbers.iter().collect();
        all.sort_unstable();
        all.into_iter().map(|(_, number)| *number).collect()
    }
}

/// Numbers of sets of the seven attributes after the version.
#[derive(Default)]
pub(crate) struct Attributes {
    numbers: FxHashMap<Box<str>, u32>,
    /// Rows of the section.
    pub(crate) rows: Vec<u8>,
}

impl Attributes {
    /// The set's number; `None` when no attribute says anything.
    pub(crate) fn number(&mut self, rest: &str, texts: &mut Texts) -> Option<u32> {
        if rest == "*:*:*:*:*:*:*" {
            return None;
        }
        if let Some(number) = self.numbers.get(rest) {
            return Some(*number);
        }
        let number = self.numbers.len() as u32;
        for value in name::attributes(rest) {
            let code = texts.value(value);
            put_u32(&mut self.rows, code);
        }
        self.numbers.insert(rest.into(), number);
        Some(number)
    }
}
