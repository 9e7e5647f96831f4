//! An open catalogue: texts, products, what it says about itself.

use crate::error::CatalogueError;
use crate::file::{Container, MAJOR, MINOR, Section, Trust, le_u32};
use crate::info::Info;
use crate::lifetimes::Records;
use crate::rows::{ProductRow, VulnerabilityRow};
use crate::suggest::Index;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// An open catalogue file. Cheap to share between threads behind an `Arc`.
pub struct Catalogue {
    pub(crate) file: Container,
    /// Products prepared for being found by name, made at the first question.
    pub(crate) names: OnceLock<Index>,
    /// Support periods, read at the first question.
    pub(crate) lifetimes: OnceLock<Records>,
    path: PathBuf,
    bytes: u64,
}

/// Access to interned texts.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'c>(pub(crate) &'c Container);

impl<'c> Texts<'c> {
    #[inline]
    pub(crate) fn get(self, number: u32) -> Result<&'c str, CatalogueError> {
        let start = match number.checked_sub(1) {
            None => 0,
            Some(before) => le_u32(self.0.row(Section::TextEnds, before, 4)?, 0),
        };
        let end = le_u32(self.0.row(Section::TextEnds, number, 4)?, 0);
        let name = Section::Texts.name();
        let length = end.checked_sub(start).ok_or_else(|| CatalogueError::corrupt(name, "ends do not rise"))?;
        let bytes = self.0.read(Section::Texts, start as usize, length as usize)?;
        std::str::from_utf8(bytes).map_err(|_| CatalogueError::corrupt(name, "not UTF-8"))
    }
}

impl Catalogue {
    /// Opens a catalogue: maps it and checks header, checksum and signature. Content blocks are checked when first
    /// touched; [`Catalogue::verify`] checks all.
    ///
    /// # Errors
    /// Not a catalogue, newer format, cut off, damaged, or not signed as `trust` demands.
    pub fn open(path: &Path, trust: Trust<'_>) -> Result<Self, CatalogueError> {
        let file = Container::open(path, trust)?;
        let bytes = std::fs::metadata(path).map_err(CatalogueError::io(path))?.len();
        Ok(Self { file, names: OnceLock::new(), lifetimes: OnceLock::new(), path: path.to_owned(), bytes })
    }

    /// Checks the hash of every block; needed before a file from outside becomes the active one.
    ///
    /// # Errors
    /// [`CatalogueError::Corrupt`] naming the section of the first damaged block.
    pub fn verify(&self) -> Result<(), CatalogueError> {
        self.file.verify()
    }

    /// Where it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says about itself.
    #[must_use]
    pub fn info(&self) -> Info {
        let header = &self.file.header;
        Info {
            format: format!("{MAJOR}.{MINOR}"),
            sequence: header.sequence,
            content: header.content.clone(),
            built: header.built,
            signed_by: self.file.signed_by.clone(),
            vulnerabilities: header.vulnerabilities,
            products: header.products,
            sources: header.sources.clone(),
            rejects: header.rejects.clone(),
            bytes: self.bytes,
        }
    }

    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts(&self.file)
    }

    pub(crate) fn vulnerability_count(&self) -> u32 {
        (self.file.length(Section::Vulnerabilities) / VulnerabilityRow::SIZE) as u32
    }

    /// Number of a vulnerability by its id, case as published.
    pub(crate) fn vulnerability_number(&self, id: &str) -> Result<Option<u32>, CatalogueError> {
        binary_search(self.vulnerability_count(), |number| {
            let row = VulnerabilityRow::read(&self.file, number)?;
            Ok(self.texts().get(row.id)?.cmp(id))
        })
    }

    pub(crate) fn product_count(&self) -> u32 {
        (self.file.length(Section::ProductOrder) / 4) as u32
    }

    /// Number of the product at a place of the key order.
    pub(crate) fn product_at(&self, place: u32) -> Result<u32, CatalogueError> {
        Ok(le_u32(self.file.row(Section::ProductOrder, place, 4)?, 0))
    }

    pub(crate) fn product_key(&self, number: u32) -> Result<&str, CatalogueError> {
        self.texts().get(ProductRow::read(&self.file, number)?.key)
    }

    /// Number of a product by its key in lower case.
    pub(crate) fn product_number(&self, key: &str) -> Result<Option<u32>, CatalogueError> {
        let place = binary_search(self.product_count(), |place| {
            let number = self.product_at(place)?;
            Ok(self.product_key(number)?.cmp(key))
        })?;
        place.map(|place| self.product_at(place)).transpose()
    }

    /// Whether the catalogue names the product.
    ///
    /// # Errors
    /// A damaged block.
    pub fn has_product(&self, key: &str) -> Result<bool, CatalogueError> {
        Ok(self.product_number(&crate::name::product_key(key))?.is_some())
    }

    /// All products in the order of their keys.
    ///
    /// # Errors
    /// A damaged block.
    pub fn products(&self) -> Result<Vec<Product<'_>>, CatalogueError> {
        (0..self.product_count())
            .map(|place| {
                let row = ProductRow::read(&self.file, self.product_at(place)?)?;
                Ok(Product { key: self.texts().get(row.key)?, trees: row.vulnerable, platform: row.platform })
            })
            .collect()
    }
}

/// A product the catalogue knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product<'c> {
    /// `part:vendor:product`.
    pub key: &'c str,
    /// Applicability trees that call it vulnerable.
    pub trees: u32,
    /// Applicability trees in which it is only the platform.
    pub platform: u32,
}

fn binary_search(
    count: u32,
    mut compare: impl FnMut(u32) -> Result<Ordering, CatalogueError>,
) -> Result<Option<u32>, CatalogueError> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(middle)? {
            Ordering::Equal => return Ok(Some(middle)),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    Ok(None)
}
