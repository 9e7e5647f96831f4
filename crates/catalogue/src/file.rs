//! The file as a container: fixed start, header, block hashes, sections. What is inside the sections is the business of
//! [`crate::open`] and [`crate::build`].
//!
//! ```text
//! 0    magic "TMCATLG\n" · major u16 · minor u16 · header length u32 · block count u32 · reserved u32 · data length u64
//! 32   public key (32 bytes, zeros when unsigned)
//! 64   checksum: SHA-256 over bytes 0..64, header and block hashes
//! 96   Ed25519 signature over the checksum (64 bytes, zeros when unsigned)
//! 160  header (JSON) · SHA-256 of each 64 KiB of data · data: the sections, one after the other
//! ```
//! All numbers are little-endian.

use crate::error::CatalogueError;
use crate::info::Header;
use crate::map::Map;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) const MAGIC: &[u8; 8] = b"TMCATLG\n";
/// Readers refuse a newer major; a newer minor only adds sections they may skip.
pub(crate) const MAJOR: u16 = 1;
pub(crate) const MINOR: u16 = 1;
pub(crate) const START: usize = 160;
pub(crate) const BLOCK: usize = 64 * 1024;
pub(crate) const HASH: usize = 32;
const MAX_HEADER: usize = 16 << 20;
const SIGNED_AS: &[u8] = b"tomomori catalogue v1\0";

/// Sections of the file. All but the last are required by this major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Section {
    /// Interned texts, one after the other.
    Texts,
    /// End of each text in [`Section::Texts`], u32.
    TextEnds,
    /// Products by number: key text u32, postings start u32, postings as vulnerable u32, as platform u32.
    Products,
    /// Product numbers in the order of their keys, u32.
    ProductOrder,
    /// Tree numbers, u32.
    Postings,
    /// Trees by number: vulnerability u32, start in [`Section::Trees`] u32, length u32.
    TreeIndex,
    /// Applicability trees.
    Trees,
    /// Sets of the seven attributes after the version: 7 × value code u32.
    Attributes,
    /// Vulnerabilities in the order of their ids, see [`crate::rows`].
    Vulnerabilities,
    /// What each source says about each vulnerability, in the same order, see [`crate::rows`].
    Says,
    /// Compressed blocks: start u64, compressed length u32, plain length u32.
    DetailIndex,
    /// Details of says (texts, scores, links, product statements), zstd.
    Details,
    /// Support periods, see [`crate::lifetimes`]; since 1.1, and only where there are any.
    Lifetimes,
}

impl Section {
    pub(crate) const COUNT: usize = 13;

    pub(crate) const ALL: [Section; Section::COUNT] = [
        Section::Texts,
        Section::TextEnds,
        Section::Products,
        Section::ProductOrder,
        Section::Postings,
        Section::TreeIndex,
        Section::Trees,
        Section::Attributes,
        Section::Vulnerabilities,
        Section::Says,
        Section::DetailIndex,
        Section::Details,
        Section::Lifetimes,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Section::Texts => "texts",
            Section::TextEnds => "text-ends",
            Section::Products => "products",
            Section::ProductOrder => "product-order",
            Section::Postings => "postings",
            Section::TreeIndex => "tree-index",
            Section::Trees => "trees",
            Section::Attributes => "attributes",
            Section::Vulnerabilities => "vulnerabilities",
            Section::Says => "says",
            Section::DetailIndex => "detail-index",
            Section::Details => "details",
            Section::Lifetimes => "lifetimes",
        }
    }
}

/// Whose signature is asked for when a file is opened.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// One of these keys must have signed it (two are pinned in practice, so that a key can be changed).
    Keys(&'a [VerifyingKey]),
    /// Signature not asked for: a file this installation built itself. [`crate::Info::signed_by`] says what it has.
    Unsigned,
}

/// An open file whose blocks are checked when first touched.
pub(crate) struct Container {
    map: Map,
    pub(crate) header: Header,
    pub(crate) signed_by: Option<String>,
    hashes: Range<usize>,
    data: Range<usize>,
    sections: [Range<usize>; Section::COUNT],
    /// One bit per block: its hash was found right.
    checked: Vec<AtomicU64>,
}

fn le_u16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub(crate) fn le_u32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

pub(crate) fn le_u64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// What is signed: a context, so that the signature is good for nothing else, and the checksum.
pub(crate) fn signed_message(checksum: &[u8]) -> Vec<u8> {
    [SIGNED_AS, checksum].concat()
}

/// Hash of the content without its build time: the same input gives the same hash. What the sources say of themselves
/// belongs to it: the same records in a newer feed are fresher knowledge.
pub(crate) fn content_hash(header: &Header, hashes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(MAJOR.to_le_bytes());
    for source in &header.sources {
        // Field by field, so that a field added later does not change the hash of older files.
        let dates = [&source.newest_record, &source.feed_date, &source.oldest_feed_date];
        hasher.update(format!("{}:{}:{dates:?};", source.source, source.records));
    }
    for section in &header.sections {
        hasher.update(format!("{}:{}:{};", section.name, section.start, section.length));
    }
    hasher.update(hashes);
    hex::encode(hasher.finalize())
}

impl Container {
    pub(crate) fn open(path: &Path, trust: Trust<'_>) -> Result<Self, CatalogueError> {
        let file = File::open(path).map_err(CatalogueError::io(path))?;
        let length = file.metadata().map_err(CatalogueError::io(path))?.len();
        let foreign = || CatalogueError::NotACatalogue { path: path.to_owned() };
        if length == 0 {
            return Err(foreign());
        }
        let map = Map::open(&file).map_err(CatalogueError::io(path))?;
        let bytes = map.bytes();
        let known = bytes.len().min(MAGIC.len());
        if bytes[..known] != MAGIC[..known] {
            return Err(foreign());
        }
        let truncated = |section, needed: usize| CatalogueError::Truncated {
            section,
            needed: needed as u64,
            found: bytes.len() as u64,
        };
        if bytes.len() < START {
            return Err(truncated("start", START));
        }
        let major = le_u16(bytes, 8);
        if major > MAJOR {
            return Err(CatalogueError::NewerFormat { found: major, supported: MAJOR });
        }
        let header_length = le_u32(bytes, 12) as usize;
        let blocks = le_u32(bytes, 16) as usize;
        let data_length = usize::try_from(le_u64(bytes, 24)).unwrap_or(usize::MAX);
        if header_length > MAX_HEADER || blocks != data_length.div_ceil(BLOCK) {
            return Err(CatalogueError::corrupt("start", "lengths do not fit each other"));
        }
        let hashes = START + header_length..START + header_length + blocks * HASH;
        if bytes.len() < hashes.end {
            return Err(truncated("header", hashes.end));
        }
        let signed_by = check_start(bytes, hashes.end, trust)?;
        let header: Header = serde_json::from_slice(&bytes[START..hashes.start])
            .map_err(|error| CatalogueError::corrupt("header", error.to_string()))?;
        if content_hash(&header, &bytes[hashes.clone()]) != header.content {
            return Err(CatalogueError::corrupt("header", "the content hash is another one"));
        }
        let data = hashes.end..hashes.end.saturating_add(data_length);
        let mut sections: [Range<usize>; Section::COUNT] = Default::default();
        for section in Section::ALL {
            let name = section.name();
            let entry = match header.sections.iter().find(|entry| entry.name == name) {
                Some(entry) => entry,
                None if section == Section::Lifetimes => continue,
                None => return Err(CatalogueError::corrupt("header", format!("section {name} is missing"))),
            };
            let range = usize::try_from(entry.start)
                .ok()
                .zip(usize::try_from(entry.length).ok())
                .and_then(|(start, length)| Some(start..start.checked_add(length)?))
                .filter(|range| range.end <= data_length)
                .ok_or_else(|| CatalogueError::corrupt("header", format!("section {name} lies outside the file")))?;
            if data.start + range.end > bytes.len() {
                return Err(truncated(name, data.start + range.end));
            }
            sections[section as usize] = range;
        }
        if bytes.len() < data.end {
            return Err(truncated("data", data.end));
        }
        let checked = (0..blocks.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Ok(Self { map, header, signed_by, hashes, data, sections, checked })
    }

    /// Length of a section in bytes.
    pub(crate) fn length(&self, section: Section) -> usize {
        self.sections[section as usize].len()
    }

    /// Bytes of a section, their blocks checked.
    #[inline]
    pub(crate) fn read(&self, section: Section, start: usize, length: usize) -> Result<&[u8], CatalogueError> {
        let range = &self.sections[section as usize];
        let end = start.checked_add(length).filter(|end| *end <= range.len());
        let Some(end) = end else {
            return Err(CatalogueError::corrupt(section.name(), "an offset lies outside the section"));
        };
        let (start, end) = (range.start + start, range.start + end);
        if start < end {
            for block in start / BLOCK..=(end - 1) / BLOCK {
                let bit = 1 << (block % 64);
                if self.checked[block / 64].load(Ordering::Relaxed) & bit == 0 {
                    self.check(block)?;
                }
            }
        }
        Ok(&self.map.bytes()[self.data.start + start..self.data.start + end])
    }

    /// The `index`-th row of a section of fixed rows.
    #[inline]
    pub(crate) fn row(&self, section: Section, index: u32, size: usize) -> Result<&[u8], CatalogueError> {
        self.read(section, (index as usize).saturating_mul(size), size)
    }

    #[cold]
    fn check(&self, block: usize) -> Result<(), CatalogueError> {
        let data = &self.map.bytes()[self.data.clone()];
        let content = &data[block * BLOCK..data.len().min((block + 1) * BLOCK)];
        let stored = &self.map.bytes()[self.hashes.clone()][block * HASH..(block + 1) * HASH];
        if Sha256::digest(content).as_slice() != stored {
            let at = block * BLOCK;
            let section = Section::ALL
                .into_iter()
                .find(|section| self.sections[*section as usize].end > at)
                .map_or("data", Section::name);
            return Err(CatalogueError::corrupt(section, format!("block {block} has another hash")));
        }
        self.checked[block / 64].fetch_or(1 << (block % 64), Ordering::Relaxed);
        Ok(())
    }

    /// Checks every block.
    pub(crate) fn verify(&self) -> Result<(), CatalogueError> {
        (0..self.hashes.len() / HASH).try_for_each(|block| self.check(block))
    }
}

/// Checks checksum and signature of everything before the data; gives the key that signed, hex.
fn check_start(bytes: &[u8], end: usize, trust: Trust<'_>) -> Result<Option<String>, CatalogueError> {
    let mut hasher = Sha256::new();
    hasher.update(&bytes[..64]);
    hasher.update(&bytes[START..end]);
    let checksum = hasher.finalize();
    if checksum.as_slice() != &bytes[64..96] {
        return Err(CatalogueError::corrupt("header", "the checksum is another one"));
    }
    let key: &[u8; 32] = bytes[32..64].try_into().map_err(|_| CatalogueError::BadSignature)?;
    let signature: &[u8; 64] = bytes[96..160].try_into().map_err(|_| CatalogueError::BadSignature)?;
    if key == &[0; 32] {
        return if matches!(trust, Trust::Unsigned) { Ok(None) } else { Err(CatalogueError::Unsigned) };
    }
    let signer = VerifyingKey::from_bytes(key).map_err(|_| CatalogueError::BadSignature)?;
    signer
        .verify_strict(&signed_message(&checksum), &Signature::from_bytes(signature))
        .map_err(|_| CatalogueError::BadSignature)?;
    if let Trust::Keys(keys) = trust
        && !keys.contains(&signer)
    {
        return Err(CatalogueError::UnknownKey { key: hex::encode(key) });
    }
    Ok(Some(hex::encode(key)))
}
