//! From a ledger's wording to products of the catalogue.
//!
//! Scores, stated so that they mean the same everywhere: **95–100** maker and product name are the catalogue's own, or a
//! table names them; **85–90** the same up to words like "firmware" or "series", or a long name only one vendor has;
//! **80** is the threshold from which the app applies a name by itself, so nothing uncertain reaches it; **40–79**
//! shares the telling words; below that it only resembles. Rules are deterministic; ties go to the product that more
//! vulnerabilities name.

mod families;
mod index;
mod names;
mod version;

pub(crate) use index::Index;
pub use version::split_version;

use crate::error::CatalogueError;
use crate::open::Catalogue;
use index::{Entry, plain, words};
use std::collections::BTreeMap;
use tomomori_domain::{Msg, text};

/// A product that a text may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// `part:vendor:product`.
    pub product_key: String,
    /// 0–100, see the module's scale.
    pub score: u8,
    /// Why, for people.
    pub why: Msg,
}

/// Candidates given back at most.
const MOST: usize = 20;
/// A word in more products than this does not bring candidates, it only weighs.
const COMMON: usize = 3_000;

/// Best reason per product.
#[derive(Default)]
struct Found(BTreeMap<String, (u8, u32, Msg)>);

impl Found {
    fn add(&mut self, key: &str, score: u8, trees: u32, why: Msg) {
        let entry = self.0.entry(key.to_owned()).or_insert((0, trees, why.clone()));
        if score > entry.0 {
            *entry = (score, trees, why);
        }
    }
}

/// A ledger's wording, made comparable.
struct Question {
    /// Vendors as in CPE (plain); empty = the maker is not stated.
    vendors: Vec<String>,
    /// Maker stated but not known by any table.
    maker: String,
    /// Product without its maker, folded.
    product: String,
    /// Other ways to write the same, plain, with their score: with the maker the text had (`arubanetworks:aruba_instant`),
    /// and with the maker's CPE name, which some products carry once more (`carestream:carestream_vue_ris`).
    others: Vec<(String, u8)>,
}

impl Catalogue {
    /// Products that a hospital's wording may mean, best first, at most 20. `product` may hold maker and version too.
    ///
    /// # Errors
    /// A damaged block.
    pub fn suggest(&self, maker: Option<&str>, product: &str) -> Result<Vec<Candidate>, CatalogueError> {
        let index = match self.names.get() {
            Some(index) => index,
            None => {
                let built = Index::of(self)?;
                self.names.get_or_init(|| built)
            }
        };
        let (name, _version) = split_version(product);
        let question = Question::of(maker.unwrap_or_default(), &name);
        let mut found = Found::default();
        self.known_names(&question, &mut found)?;
        index.compare(&question, &mut found);
        let mut candidates: Vec<_> = found.0.into_iter().collect();
        candidates.sort_by(|(a_key, (a, a_trees, _)), (b_key, (b, b_trees, _))| {
            b.cmp(a).then(b_trees.cmp(a_trees)).then_with(|| a_key.cmp(b_key))
        });
        candidates.truncate(MOST);
        let candidate = |(product_key, (score, _, why))| Candidate { product_key, score, why };
        Ok(candidates.into_iter().map(candidate).collect())
    }
}

impl Question {
    /// The text began with the maker: then the text as a whole is a product's name before the rest of it is.
    fn maker_cut_off(&self) -> bool {
        self.others.iter().any(|(_, score)| *score == 99)
    }

    fn of(maker: &str, product: &str) -> Self {
        let (maker, product) = (text::fold(maker), text::fold(product));
        let (mut vendors, mut rest) = (vendors_of(&maker), product.clone());
        // The maker may stand in the product cell too, alone or besides its own column.
        for (name, known) in names::MAKERS {
            // A Japanese name may stand glued to the product, "aruba" in "arubaos" is part of it.
            if let Some(tail) = product.strip_prefix(name)
                && !tail.trim().is_empty()
                && !(name.is_ascii() && tail.starts_with(|c: char| c.is_alphanumeric()))
            {
                rest = tail.trim_start_matches(|c: char| !c.is_alphanumeric() || c == 'ー').to_owned();
                if vendors.is_empty() && maker.is_empty() {
                    vendors = known.iter().map(|vendor| plain(vendor)).collect();
                }
                break;
            }
        }
        let own = plain(&rest);
        let mut others = vec![(plain(&product), 99)];
        others.extend(vendors.iter().map(|vendor| (format!("{vendor}{own}"), 97)));
        others.retain(|(other, _)| *other != own && !own.is_empty());
        Self { vendors, maker: significant(&maker), product: rest, others }
    }
}

/// Vendors a stated maker may be in CPE.
fn vendors_of(maker: &str) -> Vec<String> {
    if maker.is_empty() {
        return Vec::new();
    }
    for (name, vendors) in names::MAKERS {
        if names_maker(maker, name) {
            return vendors.iter().map(|vendor| plain(vendor)).collect();
        }
    }
    let all = significant(maker);
    let mut vendors = vec![plain(&all)];
    // "Philips Healthcare", "Siemens AG Medical": the first word alone, if it is long enough to mean something.
    if let Some(first) = words(&all).next()
        && first.chars().count() >= 2
    {
        vendors.push(first.to_owned());
    }
    vendors.dedup();
    vendors
}

/// Whether a maker's name holds another one; in Latin letters as whole words, `ge` is not in `george`.
fn names_maker(maker: &str, name: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    maker.match_indices(name).any(|(at, _)| {
        !name.is_ascii() || ends(maker[..at].chars().next_back()) && ends(maker[at + name.len()..].chars().next())
    })
}

/// A maker's name without its legal form.
fn significant(maker: &str) -> String {
    words(maker).filter(|word| !names::LEGAL.contains(word)).collect::<Vec<_>>().join(" ")
}

impl Index {
    /// Compares with all products that share a telling word, the whole name, or the vendor.
    fn compare(&self, question: &Question, found: &mut Found) {
        let name = plain(&question.product);
        if name.is_empty() {
            return;
        }
        let stated = !question.maker.is_empty() || !question.vendors.is_empty();
        for number in self.named(&name) {
            self.exact(*number, question, stated, &name, found);
        }
        for (other, score) in &question.others {
            for number in self.named(other) {
                let entry = &self.entries[*number as usize];
                let score = match question.vendors.iter().position(|vendor| **vendor == *entry.vendor) {
                    Some(0) => *score,
                    Some(_) => score - 10,
                    None => continue,
                };
                let score = if entry.key.starts_with("h:") { score - 4 } else { score };
                found.add(&entry.key, score, entry.trees, Msg::new("suggest-why-same-name"));
            }
        }
        // "apache tomcat" without a maker column: the first words may be the vendor.
        let all: Vec<&str> = words(&question.product).collect();
        for cut in 1..all.len().min(4) {
            let (vendor, rest) = (all[..cut].concat(), all[cut..].concat());
            for number in self.named(&rest) {
                let entry = &self.entries[*number as usize];
                if *entry.vendor == *vendor {
                    // With the maker stated besides, both the name with and without it are the whole name. Without,
                    // the first words may belong to the name ("Windows Media Player" is not by a vendor "windows").
                    let score = match question.vendors.first() {
                        Some(first) if *first == vendor => 99,
                        None if !self.named(&name).is_empty() => 78,
                        _ => 96,
                    };
                    let score = if entry.key.starts_with("h:") { score - 4 } else { score };
                    found.add(&entry.key, score, entry.trees, Msg::new("suggest-why-same-name"));
                }
            }
        }
        let mut asked: Vec<u32> = all.iter().filter_map(|word| self.word(word)).collect();
        asked.sort_unstable();
        asked.dedup();
        let unknown = all.iter().filter(|word| self.word(word).is_none()).count();
        let mut candidates: Vec<u32> = Vec::new();
        for word in &asked {
            let with = &self.by_word[*word as usize];
            if with.len() <= COMMON {
                candidates.extend(with);
            }
        }
        for vendor in &question.vendors {
            candidates.extend(self.of_vendor(vendor));
        }
        candidates.sort_unstable();
        candidates.dedup();
        for number in candidates {
            self.similar(number, question, stated, &asked, unknown, &name, found);
        }
    }

    /// The whole name is equal.
    fn exact(&self, number: u32, question: &Question, stated: bool, name: &str, found: &mut Found) {
        let entry = &self.entries[number as usize];
        let same_vendor = question.vendors.iter().position(|vendor| **vendor == *entry.vendor);
        // A name of one vendor only is telling when it is long; "server" or "viewer" is not.
        let vendors = self.named(name).iter().map(|other| &self.entries[*other as usize].vendor);
        let only_vendor = vendors.collect::<std::collections::BTreeSet<_>>().len() == 1;
        let score = match (same_vendor, stated) {
            (Some(0), _) if entry.written == question.product && !question.maker_cut_off() => 99,
            (Some(0), _) => 98,
            (Some(_), _) => 88,
            (None, false) if only_vendor && name.len() >= 6 && self.is_telling(entry) => 85,
            (None, false) => 76,
            (None, true) if only_vendor && name.len() >= 8 => 70,
            (None, true) => 45,
        };
        // Of hardware and its firmware, the firmware is what has versions and weaknesses.
        let score = if entry.key.starts_with("h:") { score - 4 } else { score };
        let why =
            if same_vendor.is_some() { Msg::new("suggest-why-same-name") } else { Msg::new("suggest-why-name-only") };
        found.add(&entry.key, score, entry.trees, why);
    }

    /// Some word of the name stands in few products: "viewer" and "server" tell nothing, "postgresql" does.
    fn is_telling(&self, entry: &Entry) -> bool {
        entry.words.iter().any(|word| self.by_word[*word as usize].len() <= 10)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one question, computed once for all candidates")]
    fn similar(
        &self,
        number: u32,
        question: &Question,
        stated: bool,
        asked: &[u32],
        unknown: usize,
        name: &str,
        found: &mut Found,
    ) {
        let entry = &self.entries[number as usize];
        let weigh = |words: &mut dyn Iterator<Item = u32>| -> f64 { words.map(|word| self.weight(word)).sum() };
        let shared = weigh(&mut asked.iter().copied().filter(|word| entry.words.binary_search(word).is_ok()));
        let of_entry = weigh(&mut entry.words.iter().copied());
        let of_question = weigh(&mut asked.iter().copied()) + unknown as f64 * 3.0;
        let by_words = if of_entry + of_question > 0.0 { 2.0 * shared / (of_entry + of_question) } else { 0.0 };
        let likeness = by_words.max(pairs_shared(name, &entry.plain) * 0.9);
        let vendor = question.vendors.iter().any(|vendor| **vendor == *entry.vendor)
            || (stated && alike(&question.maker, &entry.vendor));
        let base = match (vendor, stated) {
            (true, _) => 30.0 + 49.0 * likeness,
            (false, false) => 60.0 * likeness,
            (false, true) => 45.0 * likeness,
        };
        if likeness > 0.15 {
            let score = (base as u8).min(79);
            let score = if entry.key.starts_with("h:") { score.saturating_sub(3) } else { score };
            found.add(&entry.key, score, entry.trees, Msg::new("suggest-why-similar"));
        }
    }
}

/// Maker and CPE vendor begin alike: "carlo gavazzi" and `carlosgavazzi`, "fuji electric" and `fujielectric`.
fn alike(maker: &str, vendor: &str) -> bool {
    let maker = plain(maker);
    maker.len() >= 4
        && vendor.len() >= 4
        && (pairs_shared(&maker, vendor) > 0.8 || maker.starts_with(vendor) || vendor.starts_with(&maker))
}

/// Dice coefficient of letter pairs, 0–1.
fn pairs_shared(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let mut pairs: Vec<_> = text.chars().zip(text.chars().skip(1)).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, b) = (pairs(a), pairs(b));
    let (mut i, mut j, mut shared) = (0, 0, 0_u32);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = a.len() + b.len();
    if all == 0 { 0.0 } else { 2.0 * f64::from(shared) / all as f64 }
}
