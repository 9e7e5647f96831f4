//! Which firmware runs on a hardware model, and which models a firmware runs on, as the applicability trees tell it:
//! `h:hospira:lifecare_pca3` runs `o:hospira:lifecare_pcainfusion_firmware`, which no rule about names would find.

use crate::codec::Cursor;
use crate::error::CatalogueError;
use crate::file::{Section, le_u32};
use crate::name;
use crate::open::Catalogue;
use crate::rows::{ProductRow, TreeRow};
use crate::tree::{MAX_DEPTH, node};
use rustc_hash::FxHashMap;

/// A product that stands together with another one in trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partner<'c> {
    /// `part:vendor:product`.
    pub key: &'c str,
    /// Applicability trees that name both.
    pub trees: u32,
}

/// Products named under one node.
#[derive(Default)]
struct Named {
    vulnerable: Vec<u32>,
    platform: Vec<u32>,
}

impl Catalogue {
    /// Firmware and operating systems (CPE part `o`) of the same vendor that trees call vulnerable *on* this hardware,
    /// the most often named first. Exactly one: that is what runs on it. Several: trees that name many models at once
    /// do not say which belongs to which. Applications (drivers, engineering tools) do not count: the version in a
    /// device's row is not theirs.
    ///
    /// # Errors
    /// A damaged block.
    pub fn firmware_for(&self, hardware: &str) -> Result<Vec<Partner<'_>>, CatalogueError> {
        self.partners(hardware, true)
    }

    /// Hardware of the same vendor on which trees call this software vulnerable, the most often named first.
    ///
    /// # Errors
    /// A damaged block.
    pub fn hardware_for(&self, firmware: &str) -> Result<Vec<Partner<'_>>, CatalogueError> {
        self.partners(firmware, false)
    }

    fn partners(&self, key: &str, is_hardware: bool) -> Result<Vec<Partner<'_>>, CatalogueError> {
        let key = name::product_key(key);
        let Some(product) = self.product_number(&key)? else { return Ok(Vec::new()) };
        if key.starts_with("h:") != is_hardware {
            return Ok(Vec::new());
        }
        let row = ProductRow::read(&self.file, product)?;
        // Trees in which it is vulnerable stand first; there it may be the platform as well.
        let count = row.vulnerable.saturating_add(if is_hardware { row.platform } else { 0 });
        let postings = self.file.read(Section::Postings, row.first as usize * 4, count as usize * 4)?;
        let mut trees: FxHashMap<u32, u32> = FxHashMap::default();
        for posting in postings.chunks_exact(4) {
            let row = TreeRow::read(&self.file, le_u32(posting, 0))?;
            let bytes = self.file.read(Section::Trees, row.start as usize, row.length as usize)?;
            let mut found = Vec::new();
            let wanted = (product, is_hardware);
            read_node(&mut Cursor::new(bytes, Section::Trees.name()), wanted, 0, &mut Named::default(), &mut found)?;
            found.sort_unstable();
            found.dedup();
            found.into_iter().for_each(|partner| *trees.entry(partner).or_default() += 1);
        }
        let vendor = |key: &str| key.split(':').nth(1).map(str::to_owned);
        let mut partners = Vec::new();
        for (partner, trees) in trees {
            let other = self.product_key(partner)?;
            if other.starts_with(if is_hardware { "o:" } else { "h:" }) && vendor(other) == vendor(&key) {
                partners.push(Partner { key: other, trees });
            }
        }
        partners.sort_by(|a, b| b.trees.cmp(&a.trees).then_with(|| a.key.cmp(b.key)));
        Ok(partners)
    }
}

/// Reads a node, adds what it names to `above`, and to `found` the partners under each AND that names the wanted one.
fn read_node(
    cursor: &mut Cursor<'_>,
    wanted: (u32, bool),
    depth: usize,
    above: &mut Named,
    found: &mut Vec<u32>,
) -> Result<(), CatalogueError> {
    if depth > MAX_DEPTH {
        return Err(CatalogueError::corrupt(Section::Trees.name(), "nested too deeply"));
    }
    let flags = cursor.byte()?;
    let mut here = Named::default();
    for _ in 0..cursor.count()? {
        let head = cursor.number()?;
        let product =
            u32::try_from(head >> 2).map_err(|_| CatalogueError::corrupt(Section::Trees.name(), "product number"))?;
        let length = cursor.number()?;
        cursor.take(length)?;
        if head & 2 != 0 {
            here.vulnerable.push(product);
        }
        if head & 1 != 0 {
            here.platform.push(product);
        }
    }
    for _ in 0..cursor.count()? {
        read_node(cursor, wanted, depth + 1, &mut here, found)?;
    }
    if flags & node::NEGATE != 0 {
        return Ok(());
    }
    if flags & node::AND != 0 {
        let (own, other) =
            if wanted.1 { (&here.platform, &here.vulnerable) } else { (&here.vulnerable, &here.platform) };
        if own.contains(&wanted.0) {
            found.extend(other);
        }
    }
    above.vulnerable.append(&mut here.vulnerable);
    above.platform.append(&mut here.platform);
    Ok(())
}
