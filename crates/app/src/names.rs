//! Names of a hospital's lists to products, through the active catalogue.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tomomori_catalogue::{Candidate, Catalogue, CatalogueError, Partner, split_version};
use tomomori_domain::resource::{ChoiceBy, ProductChoice};
use tomomori_ledger::{NamedProduct, Names};

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
        let (software, hardware) = (software.first().map(choice), hardware.first().map(choice));
        let hardware =
            hardware.or_else(|| partner(software.as_ref()?, catalogue.hardware_for(&software.as_ref()?.key)));
        let software =
            software.or_else(|| partner(hardware.as_ref()?, catalogue.firmware_for(&hardware.as_ref()?.key)));
        match software {
            None => hardware.map(|choice| NamedProduct { choice, hardware: None, version: split_version(text).1 }),
            Some(choice) => {
                let version = split_version(text).1.or_else(|| year_version(text, &choice.key));
                Some(NamedProduct { choice, hardware, version })
            }
        }
    }
}

/// The other half of a device's name, from conditions that name both: `o:philips:brilliance_firmware_64` runs on
/// `h:philips:brilliance_64`. Applied only where it is the only one, or, of several, where the CPE dictionary names both
/// halves alike; nobody says which of five models a shared firmware stands on.
fn partner(of: &ProductChoice, found: Result<Vec<Partner<'_>>, CatalogueError>) -> Option<ProductChoice> {
    let partners = match found {
        Ok(partners) => partners,
        Err(error) => {
            tracing::error!(%error, "the catalogue cannot be asked for what belongs together");
            return None;
        }
    };
    let key = match partners.as_slice() {
        [only] => only.key,
        several => several.iter().find(|partner| are_named_alike(&of.key, partner.key))?.key,
    };
    Some(ProductChoice { key: key.to_owned(), ..of.clone() })
}

/// `o:hp:integrated_lights-out_4_firmware` and `h:hp:integrated_lights-out_4`, in either order.
fn are_named_alike(one: &str, other: &str) -> bool {
    let (hardware, firmware) = if one.starts_with("h:") { (one, other) } else { (other, one) };
    let model = firmware.strip_prefix("o:").and_then(|rest| rest.strip_suffix("_firmware"));
    model.is_some() && model == hardware.strip_prefix("h:")
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

    fn cpe(&self, text: &str) -> (Option<String>, Option<String>) {
        use tomomori_formats::cpe::{Attr, Cpe, Field};
        let Ok(cpe) = Cpe::parse(text) else { return (None, None) };
        let value = |field| match cpe.get(field) {
            Attr::Value(value) => Some(value.to_owned()),
            Attr::Any | Attr::Na => None,
        };
        let key = value(Field::Part).zip(value(Field::Vendor)).zip(value(Field::Product));
        (key.map(|((part, vendor), product)| format!("{part}:{vendor}:{product}")), value(Field::Version))
    }

    fn can_tell(&self) -> bool {
        self.catalogue.is_some()
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
    fn the_other_half_is_taken_only_where_it_is_certain() {
        let of = |key: &str| ProductChoice { key: key.to_owned(), by: ChoiceBy::Name, score: 95 };
        let partners = |keys: &[&'static str]| Ok(keys.iter().map(|key| Partner { key, trees: 1 }).collect());
        let key = |of: &ProductChoice, keys: &[&'static str]| partner(of, partners(keys)).map(|choice| choice.key);
        let pca3 = of("h:hospira:lifecare_pca3");
        let firmware = "o:hospira:lifecare_pcainfusion_firmware";
        assert_eq!(key(&pca3, &[firmware]).as_deref(), Some(firmware));
        assert_eq!(key(&pca3, &[]), None);
        let shared = ["h:hospira:lifecare_pca3", "h:hospira:lifecare_pca5"];
        assert_eq!(key(&of(firmware), &shared), None);
        let ilo = ["h:hp:integrated_lights-out", "h:hp:integrated_lights-out_4"];
        assert_eq!(key(&of("o:hp:integrated_lights-out_4_firmware"), &ilo).as_deref(), Some(ilo[1]));
        let switch = of("h:cisco:catalyst_2960x-24ts-l");
        assert_eq!(key(&switch, &["o:cisco:ios", "o:cisco:ios_xe"]), None);
        assert!(!are_named_alike("o:fortinet:fortios", "h:fortinet:fortios"));
    }
}
