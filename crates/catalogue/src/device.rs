//! What stands on one device, as the matcher sees it.

use crate::name::{self, ATTRIBUTES, FIELDS};
use std::borrow::Cow;
use tomomori_formats::cpe::Field;

/// What is known about an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Known<'a> {
    /// Nobody has said (CPE `*`).
    #[default]
    Unknown,
    /// It has none (CPE `-`).
    NotApplicable,
    /// The value, plain (`15.1(2)T4`, not `15.1\(2\)t4`); case does not matter.
    Is(Cow<'a, str>),
}

impl<'a> Known<'a> {
    fn from_field(field: &'a str) -> Self {
        match field {
            "*" | "" => Known::Unknown,
            "-" => Known::NotApplicable,
            value => Known::Is(name::plain(value)),
        }
    }

    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        if let Known::Is(value) = self { Some(value) } else { None }
    }
}

impl<'a> From<Option<&'a str>> for Known<'a> {
    fn from(value: Option<&'a str>) -> Self {
        match value.map(str::trim) {
            None | Some("") => Known::Unknown,
            Some(value) if value.is_ascii() => Known::Is(Cow::Borrowed(value)),
            // `Ｖ５．６．５` is V5.6.5.
            Some(value) => Known::Is(Cow::Owned(tomomori_domain::text::tidy(value))),
        }
    }
}

/// A piece of hardware, operating system, firmware or software on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component<'a> {
    /// The caller's number for it; comes back in [`crate::Match::component`].
    pub key: u32,
    /// `part:vendor:product` as in CPE 2.3, e.g. `o:fortinet:fortios`.
    pub product: Cow<'a, str>,
    /// Version.
    pub version: Known<'a>,
    pub(crate) attributes: [Known<'a>; ATTRIBUTES],
}

impl<'a> Component<'a> {
    /// A component whose other attributes are unknown; `version: None` = not known.
    #[must_use]
    pub fn new(key: u32, product: &'a str, version: Option<&'a str>) -> Self {
        Self { key, product: name::product_key(product), version: version.into(), attributes: Default::default() }
    }

    /// A component from a CPE 2.3 formatted string; `*` is "not known". `None` when it does not name one product.
    #[must_use]
    pub fn from_cpe(key: u32, cpe: &'a str) -> Option<Self> {
        let name = name::cut(cpe)?;
        let mut attributes: [Known<'a>; ATTRIBUTES] = Default::default();
        for (known, field) in attributes.iter_mut().zip(name::attributes(name.rest)) {
            *known = Known::from_field(field);
        }
        Some(Self {
            key,
            product: name::product_key(name.product),
            version: Known::from_field(name.version),
            attributes,
        })
    }

    /// States one of the attributes after the version (update, edition, …, other).
    #[must_use]
    pub fn with(mut self, field: Field, value: Known<'a>) -> Self {
        if let Some(at) = FIELDS.iter().position(|other| *other == field) {
            self.attributes[at] = value;
        }
        self
    }

    pub(crate) fn part(&self) -> u8 {
        self.product.bytes().next().unwrap_or_default()
    }
}

/// One device with everything known to be on it: AND conditions are evaluated over all components together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device<'a> {
    /// Its components, in any order; a product may stand there twice.
    pub components: Vec<Component<'a>>,
}

/// How open questions of a tree are settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// For hospitals. A finding is carried by something the source calls vulnerable. A condition on hardware or on an
    /// operating system is open, not false, as long as the ledger names no hardware or no operating system for the
    /// device. Windows releases are decided by build only.
    #[default]
    Hospital,
    /// The rule of the known-answer tables: names are compared as they stand, what is not listed is not there, and a
    /// criterion that only names a platform counts like any other.
    KnownAnswers,
}
