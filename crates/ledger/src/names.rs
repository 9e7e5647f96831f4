//! What the catalogue makes of names; asked through a trait, so that the ledger can be computed without one.

use tomomori_domain::resource::ProductChoice;

/// What the catalogue makes of a product's name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedProduct {
    /// The product, only if sure enough to be applied.
    pub choice: ProductChoice,
    /// The hardware model behind it, where the name tells it (FortiGate 60E beside FortiOS).
    pub hardware: Option<ProductChoice>,
    /// A version glued to the name.
    pub version: Option<String>,
}

/// Names to products; the catalogue, or nothing when there is no catalogue yet.
pub trait Names {
    /// The product a text means, if that can be said with [`ProductChoice::APPLY_FROM`] or more.
    fn product(&self, maker: Option<&str>, text: &str) -> Option<NamedProduct>;

    /// Splits a version off a text (`Apache Tomcat 8.5.32`), whether or not the product is known.
    fn split_version(&self, text: &str) -> (String, Option<String>);

    /// `part:vendor:product` and version of a CPE name in either binding.
    fn cpe(&self, text: &str) -> (Option<String>, Option<String>);

    /// Whether there is a catalogue to ask. Without one, products found earlier stay.
    fn can_tell(&self) -> bool;
}

/// Product, version and name of the firmware that a version column names (`DSM 6.1.5`).
pub(crate) fn firmware_in_version(
    names: &dyn Names,
    maker: Option<&str>,
    version: &str,
) -> Option<(ProductChoice, String, String)> {
    let (name, own) = names.split_version(version);
    let named = names.product(maker, &name).filter(|_| name.chars().filter(|c| c.is_alphabetic()).count() >= 3)?;
    own.filter(|_| !named.choice.key.starts_with("h:")).map(|own| (named.choice, own, name))
}
