//! Names of a hospital's lists to products, through the active catalogue.

use crate::import::plan::{NamedProduct, Names};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tomomori_catalogue::{Catalogue, split_version};
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

    fn look_up(&self, maker: Option<&str>, text: &str) -> Option<NamedProduct> {
        let catalogue = self.catalogue.as_ref()?;
        let best = catalogue.suggest(maker, text).into_iter().next()?;
        if best.score < ProductChoice::APPLY_FROM {
            return None;
        }
        let choice = |key: String| ProductChoice { key, by: ChoiceBy::Name, score: best.score };
        Some(NamedProduct {
            choice: choice(best.product_key.clone()),
            hardware: best.hardware.clone().map(choice),
            version: split_version(text).1.map(str::to_owned),
        })
    }
}

impl Names for CatalogueNames {
    fn product(&self, maker: Option<&str>, text: &str) -> Option<NamedProduct> {
        let key = (maker.map(str::to_owned), text.to_owned());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert_with(|| self.look_up(maker, text)).clone()
    }

    fn split_version(&self, text: &str) -> (String, Option<String>) {
        let (name, version) = split_version(text);
        (name.to_owned(), version.map(str::to_owned))
    }
}
