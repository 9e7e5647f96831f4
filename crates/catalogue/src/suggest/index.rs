//! The catalogue's products, prepared for being found by name. Built in memory at the first question.

use crate::error::CatalogueError;
use crate::open::Catalogue;
use rustc_hash::FxHashMap;

/// A product, cut into words.
pub(super) struct Entry {
    pub(super) key: Box<str>,
    /// Vendor, letters and digits only.
    pub(super) vendor: Box<str>,
    /// Product without `_firmware`, letters and digits only.
    pub(super) plain: Box<str>,
    /// Product without `_firmware` as people write it, blanks for `_`.
    pub(super) written: String,
    /// Words of the product without `firmware`.
    pub(super) words: Vec<u32>,
    /// Applicability trees that call it vulnerable: of equals, the one with more is meant more often.
    pub(super) trees: u32,
}

/// All products by word, by plain name and by vendor.
#[derive(Default)]
pub(crate) struct Index {
    pub(super) entries: Vec<Entry>,
    word_numbers: FxHashMap<Box<str>, u32>,
    pub(super) by_word: Vec<Vec<u32>>,
    by_plain: FxHashMap<Box<str>, Vec<u32>>,
    by_vendor: FxHashMap<Box<str>, Vec<u32>>,
}

/// Letters and digits only.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Runs of letters and digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

impl Index {
    pub(super) fn of(catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        let mut index = Index::default();
        for product in catalogue.products()? {
            let unquoted = product.key.replace('\\', "");
            let mut parts = unquoted.splitn(3, ':').skip(1);
            let (Some(vendor), Some(name)) = (parts.next(), parts.next()) else { continue };
            let name_only = name.strip_suffix("_firmware").unwrap_or(name);
            let number = index.entries.len() as u32;
            let mut numbers: Vec<u32> = words(name_only).map(|word| index.word_number(word)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            for word in &numbers {
                index.by_word[*word as usize].push(number);
            }
            let (vendor, plain_name) = (plain(vendor), plain(name_only));
            index.by_plain.entry(plain_name.as_str().into()).or_default().push(number);
            index.by_vendor.entry(vendor.as_str().into()).or_default().push(number);
            index.entries.push(Entry {
                key: product.key.into(),
                vendor: vendor.into(),
                plain: plain_name.into(),
                words: numbers,
                written: name_only.replace('_', " "),
                trees: product.trees,
            });
        }
        Ok(index)
    }

    fn word_number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.word_numbers.get(word) {
            return *number;
        }
        let number = self.by_word.len() as u32;
        self.by_word.push(Vec::new());
        self.word_numbers.insert(word.into(), number);
        number
    }

    pub(super) fn word(&self, word: &str) -> Option<u32> {
        self.word_numbers.get(word).copied()
    }

    pub(super) fn named(&self, plain: &str) -> &[u32] {
        self.by_plain.get(plain).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_vendor(&self, vendor: &str) -> &[u32] {
        self.by_vendor.get(vendor).map_or(&[], Vec::as_slice)
    }

    /// Weight of a word: rare words tell more.
    pub(super) fn weight(&self, word: u32) -> f64 {
        let all = self.entries.len().max(2) as f64;
        let with = self.by_word.get(word as usize).map_or(1, Vec::len).max(1) as f64;
        (1.0 + all / with).ln()
    }
}
