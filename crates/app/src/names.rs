//! Names of a hospital's lists to products, through the active catalogue.

use crate::import::plan::{NamedProduct, Names};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tomomori_catalogue::{Candidate, Catalogue, split_version};
use tomomori_domain::resource::{ChoiceBy, ProductChoice};

/// Maker, if stated, and product as written.
type Wording = (Option<String>, String);

/// Looks names up in a catalogue; a ledger repeats its names hundreds of times, so answers are kept.
pub struct CatalogueNames {
    catalogue: Option<Arc<Catalogue>>,
    known: Mutex<HashMap<Wording, Option<NamedProduct>>>,
}

impl CatalogueNames {
    /// Names of this catalogue; without one no product is ever found, and all stay unknown.
    #[must_use]
    pub fn new(catalogue: Option<Arc<Catalogue>>) -> Self {
        Self { catalogue, known: Mutex::default() }
    }

    /// A device's wording may name its firmware, its hardware, or both: `FortiGate 60E` is the hardware and, since nothing
    /// else runs on it, FortiOS. The firmware is what versions are about, so it comes first.
    fn look_up(&self, maker: Option<&str>, text: &str) -> Option<NamedProduct> {
        let catalogue = self.catalogue.as_ref()?;
        let candidates = match catalogue.suggest(maker, text) {
            Ok(candidates) => candidates,
            Err(error) => {
                tracing::error!(%error, "the catalogue cannot be asked for names");
                return None;
            }
        };
        let mut sure =
            candidates.into_iter().filter(|candidate| candidate.score >= ProductChoice::APPLY_FROM).peekable();
        sure.peek()?;
        let (hardware, software): (Vec<_>, Vec<_>) =
            sure.partition(|candidate| candidate.product_key.starts_with("h:"));
        let choice = |candidate: &Candidate| ProductChoice {
            key: candidate.product_key.clone(),
            by: ChoiceBy::Name,
            score: candidate.score,
        };
        let known = |key: &str| catalogue.has_product(key).unwrap_or(false);
        let (software, hardware) = (software.first().map(choice), hardware.first().map(choice));
        let hardware = hardware.or_else(|| partner(software.as_ref()?, hardware_of, &known));
        let software = software.or_else(|| partner(hardware.as_ref()?, firmware_of, &known));
        match software {
            None => hardware.map(|choice| NamedProduct { choice, hardware: None, version: split_version(text).1 }),
            Some(choice) => {
                let version = split_version(text).1.or_else(|| year_version(text, &choice.key));
                Some(NamedProduct { choice, hardware, version })
            }
        }
    }
}

/// The other half of a device's name in the CPE dictionary, where the catalogue has it: `o:philips:mx40_firmware` runs on
/// `h:philips:mx40` and nothing else.
fn partner(
    of: &ProductChoice,
    name: impl Fn(&str) -> Option<String>,
    known: &dyn Fn(&str) -> bool,
) -> Option<ProductChoice> {
    name(&of.key).filter(|key| known(key)).map(|key| ProductChoice { key, ..of.clone() })
}

fn hardware_of(firmware: &str) -> Option<String> {
    firmware.strip_prefix("o:").and_then(|rest| rest.strip_suffix("_firmware")).map(|rest| format!("h:{rest}"))
}

fn firmware_of(hardware: &str) -> Option<String> {
    hardware.strip_prefix("h:").map(|rest| format!("o:{rest}_firmware"))
}

/// The year (and service pack) of a product whose CPE name holds it as version: `SQL Server 2012 SP3` is
/// `a:microsoft:sql_server`, version 2012, update sp3. Where the year is part of the product's name there is none.
fn year_version(text: &str, key: &str) -> Option<String> {
    let folded = tomomori_domain::text::fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let at = words.iter().position(|word| word.len() == 4 && word.starts_with("20") && word.parse::<u16>().is_ok())?;
    if key.contains(words[at]) {
        return None;
    }
    let pack = words.get(at + 1).filter(|word| word.strip_prefix("sp").is_some_and(|n| n.parse::<u8>().is_ok()));
    Some(pack.map_or(words[at].to_owned(), |pack| format!("{} {pack}", words[at])))
}

impl Names for CatalogueNames {
    fn product(&self, maker: Option<&str>, text: &str) -> Option<NamedProduct> {
        let key = (maker.map(str::to_owned), text.to_owned());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert_with(|| self.look_up(maker, text)).clone()
    }

    fn split_version(&self, text: &str) -> (String, Option<String>) {
        split_version(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_versions_only_where_the_product_has_none_in_its_name() {
        assert_eq!(year_version("SQL Server 2012 SP3", "a:microsoft:sql_server"), Some("2012 sp3".into()));
        assert_eq!(year_version("SQL Server 2016 Standard", "a:microsoft:sql_server"), Some("2016".into()));
        assert_eq!(year_version("Windows Server 2016", "o:microsoft:windows_server_2016"), None);
        assert_eq!(year_version("FortiGate 60E", "o:fortinet:fortios"), None);
    }

    #[test]
    fn firmware_and_hardware_name_each_other() {
        assert_eq!(hardware_of("o:yamaha:rtx810_firmware").as_deref(), Some("h:yamaha:rtx810"));
        assert_eq!(firmware_of("h:hospira:lifecare_pca3").as_deref(), Some("o:hospira:lifecare_pca3_firmware"));
        assert_eq!(hardware_of("o:fortinet:fortios"), None);
    }
}
