//! Names of a hospital's lists to products, through the active catalogue.

use crate::import::plan::{NamedProduct, Names};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tomomori_catalogue::{Candidate, Catalogue, split_version};
use tomomori_domain::resource::{ChoiceBy, ProductChoice};

/// Looks names up in a catalogue; a ledger repeats its names hundreds of times, so answers are kept.
pub struct CatalogueNames {
    catalogue: Option<Arc<Catalogue>>,
    known: Mutex<HashMap<(Option<String>, String), Option<NamedProduct>>>,
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
        let mut sure = candidates.into_iter().filter(|candidate| candidate.score >= ProductChoice::APPLY_FROM).peekable();
        sure.peek()?;
        let (hardware, software): (Vec<_>, Vec<_>) = sure.partition(|candidate| candidate.product_key.starts_with("h:"));
        let choice = |candidate: &Candidate| ProductChoice {
            key: candidate.product_key.clone(),
            by: ChoiceBy::Name,
            score: candidate.score,
        };
        let hardware = hardware.first().map(choice);
        let version = split_version(text).1;
        match software.first().map(choice) {
            Some(software) => Some(NamedProduct { choice: software, hardware, version }),
            None => hardware.map(|hardware| NamedProduct { choice: hardware, hardware: None, version }),
        }
    }
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
