//! Records as they come: encoded at once, so that memory holds the result and not the feeds.

use super::feeds::FileRead;
use super::intern::{Attributes, Products, Texts};
use super::tree::{Names, Trees};
use crate::detail;
use crate::info::{RejectCount, SourceInfo};
use crate::lifetimes::{self, LIFETIMES};
use crate::rows::{DetailAt, NONE, SOURCES, put_u32, source_key};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tomomori_formats::record::{Record, Source, State, Statement};

/// Everything collected so far.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) texts: Texts,
    pub(crate) products: Products,
    pub(crate) attributes: Attributes,
    pub(crate) trees: Trees,
    pub(crate) details: Details,
    pub(crate) entries: Vec<Entry>,
    pub(crate) lifetimes: lifetimes::Collected,
    places: FxHashMap<(u8, u32, u32, bool), usize>,
    rejects: BTreeMap<String, RejectCount>,
}

/// One source's record about one vulnerability.
pub(crate) struct Entry {
    /// Text of its id.
    pub(crate) id: u32,
    pub(crate) source: Source,
    /// Text of the document's id, or [`NONE`].
    pub(crate) document: u32,
    pub(crate) state: State,
    pub(crate) exploited: bool,
    pub(crate) score: u16,
    pub(crate) has_products: bool,
    /// Configurations by somebody else for a record NVD did not analyse: count only as long as NVD has none.
    pub(crate) supplement: bool,
    /// Modified, else published, else added, as written.
    pub(crate) date: Box<str>,
    pub(crate) detail: DetailAt,
    /// Trees in [`Collected::trees`].
    pub(crate) trees: std::ops::Range<usize>,
}

/// Details, compressed block by block.
#[derive(Default)]
pub(crate) struct Details {
    pub(crate) packed: Vec<u8>,
    pub(crate) index: Vec<u8>,
    blocks: u32,
    open: Vec<u8>,
    compressor: Option<zstd::bulk::Compressor<'static>>,
}

/// Compression level: 3 gives 4 % smaller files than 1 for a fifth more build time.
const LEVEL: i32 = 1;

impl Details {
    /// Appends what `encode` writes; `None` when it is longer than a block may be.
    fn add(&mut self, encode: impl FnOnce(&mut Vec<u8>)) -> Option<DetailAt> {
        let start = self.open.len();
        encode(&mut self.open);
        let length = self.open.len() - start;
        if start + length > detail::MAX_PLAIN {
            self.open.truncate(start);
            return None;
        }
        let at = DetailAt { block: self.blocks, start: start as u32, length: length as u32 };
        if self.open.len() >= detail::BLOCK {
            self.close();
        }
        Some(at)
    }

    /// Compresses the open block.
    pub(crate) fn close(&mut self) {
        if self.open.is_empty() {
            return;
        }
        if self.compressor.is_none() {
            self.compressor = zstd::bulk::Compressor::new(LEVEL).ok();
        }
        let start = self.packed.len();
        self.packed.resize(start + zstd::zstd_safe::compress_bound(self.open.len()), 0);
        let written = self
            .compressor
            .as_mut()
            .and_then(|compressor| compressor.compress_to_buffer(&self.open, &mut self.packed[start..]).ok())
            .unwrap_or(0);
        self.packed.truncate(start + written);
        self.index.extend_from_slice(&(start as u64).to_le_bytes());
        put_u32(&mut self.index, written as u32);
        put_u32(&mut self.index, self.open.len() as u32);
        self.open.clear();
        self.blocks += 1;
    }
}

/// Longest id or document id kept; longer ones are rejected (no source has one).
const MAX_ID: usize = 200;

impl Collected {
    /// Takes a record.
    pub(crate) fn add(&mut self, file: &str, record: &Record<'_>) {
        let id = record.id.trim();
        let document = record.document.as_deref().map(str::trim);
        if id.is_empty() || id.len() > MAX_ID || document.is_some_and(|document| document.len() > MAX_ID) {
            return self.reject(file, id.get(..40).unwrap_or(id), "id missing or too long", "");
        }
        let id_text = self.texts.number(id);
        let document = document.map_or(NONE, |document| self.texts.number(document));
        let date = date(record);
        // NVD records always carry dates; a record without one is a supplement by somebody else and stands beside it.
        let supplement = record.source == Source::Nvd && date.is_empty();
        let key = (record.source as u8, id_text, document, supplement);
        let place = self.places.get(&key).copied();
        if let Some(place) = place
            && *date < *self.entries[place].date
        {
            // Two sightings in one source: the newer one counts, whichever came first; of equally old ones the last,
            // because KEV changes entries without dating the change and its editions sort by name.
            return;
        }
        let Some(detail) = self.details.add(|out| detail::encode(out, record)) else {
            return self.reject(file, id, "record longer than 16 MiB", "");
        };
        let trees = self.add_trees(file, record, id);
        let entry = Entry {
            id: id_text,
            source: record.source,
            document,
            state: record.state,
            exploited: record.exploited.is_some(),
            score: record.scores.iter().map(|score| score.base_tenths).max().unwrap_or(0),
            has_products: !record.statements.is_empty(),
            supplement,
            date: date.into(),
            detail,
            trees,
        };
        match place {
            Some(place) => self.entries[place] = entry,
            None => {
                self.places.insert(key, self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    fn add_trees(&mut self, file: &str, record: &Record<'_>, id: &str) -> std::ops::Range<usize> {
        let first = self.trees.index.len();
        for statement in &record.statements {
            let Statement::Configuration(root) = statement else { continue };
            let mut names =
                Names { texts: &mut self.texts, products: &mut self.products, attributes: &mut self.attributes };
            if let Err((reason, value)) = self.trees.add(root, &mut names) {
                self.reject(file, id, reason, &value);
            }
        }
        first..self.trees.index.len()
    }

    /// Counts something that could not be used.
    pub(crate) fn reject(&mut self, file: &str, record: &str, reason: &str, detail: &str) {
        let entry = self.rejects.entry(reason.to_owned()).or_insert_with(|| RejectCount {
            reason: reason.to_owned(),
            count: 0,
            examples: Vec::new(),
        });
        entry.count += 1;
        if entry.examples.len() < 3 {
            let detail: String = detail.chars().take(200).collect();
            entry.examples.push(
                [file, record, &detail].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "),
            );
        }
    }

    pub(crate) fn rejects(&self) -> Vec<RejectCount> {
        self.rejects.values().cloned().collect()
    }

    /// What each source contributed; a source that gave nothing is there with zeros.
    pub(crate) fn sources(&self, files: &[FileRead]) -> Vec<SourceInfo> {
        let of = |source: Source| {
            let dates = || files.iter().filter(|file| file.source == Some(source)).filter_map(|file| file.date.clone());
            let feed_date = dates().max();
            let oldest_feed_date = if source == Source::Kev { feed_date.clone() } else { dates().min() };
            let mut info = SourceInfo {
                source: source_key(source).to_owned(),
                records: 0,
                rejected: 0,
                without_products: 0,
                newest_record: None,
                feed_date,
                oldest_feed_date,
            };
            for entry in self.entries.iter().filter(|entry| entry.source == source) {
                info.records += 1;
                info.rejected += u64::from(entry.state == State::Rejected);
                info.without_products += u64::from(entry.state != State::Rejected && !entry.has_products);
                if !entry.date.is_empty() && info.newest_record.as_deref() < Some(&entry.date) {
                    info.newest_record = Some(entry.date.to_string());
                }
            }
            info
        };
        let periods = SourceInfo {
            source: LIFETIMES.to_owned(),
            records: self.lifetimes.records(),
            rejected: 0,
            without_products: self.lifetimes.without_products(),
            newest_record: self.lifetimes.newest().map(|day| day.to_string()),
            feed_date: None,
            oldest_feed_date: None,
        };
        SOURCES.into_iter().map(of).chain([periods]).collect()
    }
}

fn date<'r>(record: &'r Record<'_>) -> &'r str {
    let added = || record.exploited.as_ref().map(|exploited| &exploited.added);
    record.modified.as_ref().or(record.published.as_ref()).or_else(added).map_or("", |date| date.as_ref())
}

impl Collected {
    /// Bytes of a tree, for the file.
    pub(crate) fn tree(&self, number: usize) -> &[u8] {
        let at = self.trees.index[number];
        &self.trees.bytes[at.start..at.end]
    }

    /// Id of an entry as text.
    pub(crate) fn text(&self, number: u32) -> &str {
        let end = |number: u32| crate::file::le_u32(&self.texts.ends, number as usize * 4) as usize;
        let start = if number == 0 { 0 } else { end(number - 1) };
        std::str::from_utf8(&self.texts.bytes[start..end(number)]).unwrap_or_default()
    }
}
