//! Names that tables know: Windows releases, and families of products.

use super::index::{plain, words};
use super::{Found, Question, names};
use crate::error::CatalogueError;
use crate::open::Catalogue;
use crate::rows::ProductRow;
use tomomori_domain::Msg;

impl Catalogue {
    /// Windows releases and the families of the tables.
    pub(super) fn known_names(&self, question: &Question, found: &mut Found) -> Result<(), CatalogueError> {
        let foreign = |vendor: &str| !question.vendors.is_empty() && !question.vendors.iter().any(|v| v == vendor);
        if !foreign("microsoft") {
            for key in windows(&question.product) {
                if self.has_product(&key)? {
                    found.add(&key, 97, u32::MAX, Msg::new("suggest-why-known-name"));
                    break;
                }
            }
        }
        self.families(question, found)?;
        for (begin, hardware) in names::MODELS {
            if let Some(rest) = after(&question.product, begin) {
                let model: Vec<&str> = words(rest).collect();
                let key = format!("{hardware}-{}", model.join("-"));
                for key in [key.clone(), key.replace('-', "_")] {
                    if self.has_product(&key)? {
                        found.add(&key, 95, 0, Msg::new("suggest-why-known-name"));
                    }
                }
            }
        }
        Ok(())
    }
}

impl Catalogue {
    /// Names of the tables. The longest name that fits counts alone: `ios xe` is not `ios`, `office 365` not `office`.
    fn families(&self, question: &Question, found: &mut Found) -> Result<(), CatalogueError> {
        let squeezed = squeeze(&question.product);
        let mut longest = 0;
        let mut best: Vec<(&str, u32, u8)> = Vec::new();
        let tables = names::FAMILIES.iter().map(|name| (name, false));
        for ((begin, key), only_of_maker) in tables.chain(names::OF_MAKER.iter().map(|name| (name, true))) {
            let vendor = plain(key.split(':').nth(1).unwrap_or_default());
            let of_maker = question.vendors.contains(&vendor);
            if begin.len() < longest || only_of_maker && !of_maker {
                continue;
            }
            // Blanks and hyphens are set as people like (`SQLServer2016`); as the table has it is a little surer.
            let written = after(&question.product, begin).map(|rest| (rest, 0));
            let Some((rest, less)) = written.or_else(|| Some((after(&squeezed, &squeeze(begin))?, 1))) else {
                continue;
            };
            let Some(trees) = self.trees_of(key)? else { continue };
            // A longer text may be another product of the family (Tomcat Connectors): only a model number, an edition
            // or nothing may follow.
            let is_model = |word: &str| word.len() == 1 || word.chars().any(|c| c.is_ascii_digit());
            let score = match (of_maker, question.vendors.is_empty()) {
                (false, false) => 60,
                _ if !words(rest).all(|word| is_model(word) || EDITIONS.contains(&word)) => 70,
                (true, _) => 100,
                (false, true) => 96,
            };
            if begin.len() > longest {
                best.clear();
                longest = begin.len();
            }
            best.push((key, trees, score - less));
        }
        // A name that several products bear (iLO 4 and 5 are both called iLO) means none of them for sure.
        let product = |key: &str| key.rsplit(':').next().map(str::to_owned);
        let several = best.iter().any(|(key, ..)| product(key) != best.first().and_then(|(key, ..)| product(key)));
        for (key, trees, score) in best {
            let score = if several { score.min(70) } else { score };
            found.add(key, score, trees, Msg::new("suggest-why-known-name"));
        }
        Ok(())
    }

    /// Applicability trees that call the product vulnerable; `None` = the catalogue does not name it.
    fn trees_of(&self, key: &str) -> Result<Option<u32>, CatalogueError> {
        let Some(number) = self.product_number(key)? else { return Ok(None) };
        Ok(Some(ProductRow::read(&self.file, number)?.vulnerable))
    }
}

/// What follows a name at the begin of a text; `None` if it is another word or another number that begins there.
fn after<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(name)?;
    let digits = name.ends_with(|c: char| c.is_ascii_digit());
    let goes_on = |c: char| c.is_ascii_alphabetic() || digits && c.is_ascii_digit();
    (!rest.starts_with(goes_on)).then_some(rest)
}

/// Without blanks, hyphens and underscores.
fn squeeze(text: &str) -> String {
    text.replace([' ', '-', '_'], "")
}

/// Words after a family name that do not make it another product.
const EDITIONS: [&str; 14] = [
    "server",
    "standard",
    "std",
    "enterprise",
    "ee",
    "se",
    "express",
    "edition",
    "lts",
    "appliance",
    "os",
    "professional",
    "pro",
    "linux",
];

/// Windows as ledgers write it (`Win2016Std`, `Windows Server 2012 R2`, `WS2019`, `win10pro`): keys to try in order.
fn windows(product: &str) -> Vec<String> {
    let plain = plain(product);
    let rest = ["microsoftwindows", "mswindows", "windows", "win", "ws"]
        .into_iter()
        .find_map(|begin| plain.strip_prefix(begin));
    let Some(rest) = rest else { return Vec::new() };
    let (server, rest) = match ["server", "svr", "sv", "srv"].into_iter().find_map(|word| rest.strip_prefix(word)) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let tail = &rest[digits.len()..];
    let server = server || ["server", "svr"].iter().any(|word| tail.contains(word));
    match (digits.as_str(), server) {
        ("2008" | "2012" | "2016" | "2019" | "2022" | "2025", _) => {
            vec![format!("o:microsoft:windows_server_{digits}")]
        }
        ("2003", _) => vec!["o:microsoft:windows_server_2003".into(), "o:microsoft:windows_2003_server".into()],
        ("2000", _) => vec!["o:microsoft:windows_2000".into()],
        ("81", false) => vec!["o:microsoft:windows_8.1".into()],
        ("7" | "8" | "10" | "11", false) => vec![format!("o:microsoft:windows_{digits}")],
        ("", false) if tail.starts_with("xp") => vec!["o:microsoft:windows_xp".into()],
        ("", false) if tail.starts_with("vista") => vec!["o:microsoft:windows_vista".into()],
        _ => Vec::new(),
    }
}
