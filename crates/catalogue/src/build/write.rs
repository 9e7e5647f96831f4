//! From what was collected to the sections, and from the sections to the file.

use super::Stamp;
use super::collect::{Collected, Entry};
use super::feeds::FileRead;
use crate::error::CatalogueError;
use crate::file::{self, BLOCK, MAGIC, MAJOR, MINOR, START, Section};
use crate::info::{Header, Info, SectionEntry};
use crate::rows::{ProductRow, SayRow, TreeRow, VulnerabilityRow, put_u32};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufWriter, Write};
use std::path::Path;
use tomomori_formats::record::{Source, State};

/// Lays the sections out, writes them and says what was written.
pub(crate) fn write(
    mut collected: Collected,
    files: &[FileRead],
    out: &Path,
    stamp: Stamp<'_>,
) -> Result<Info, CatalogueError> {
    collected.details.close();
    let sources = collected.sources(files);
    let rejects = collected.rejects();
    let (vulnerabilities, says, tree_index, trees, postings, products) = rows(&collected)?;
    let mut product_order = Vec::new();
    collected.products.sorted().into_iter().for_each(|number| put_u32(&mut product_order, number));
    limit("bytes of texts", collected.texts.bytes.len())?;
    let mut header = Header {
        sequence: stamp.sequence,
        content: String::new(),
        built: stamp.built,
        vulnerabilities: (vulnerabilities.len() / VulnerabilityRow::SIZE) as u64,
        products: collected.products.keys.len() as u64,
        sources,
        rejects,
        sections: Vec::new(),
    };
    let lifetimes = collected.lifetimes.encode()?;
    let mut sections: Vec<(Section, &[u8])> = vec![
        (Section::Texts, &collected.texts.bytes),
        (Section::TextEnds, &collected.texts.ends),
        (Section::Products, &products),
        (Section::ProductOrder, &product_order),
        (Section::Postings, &postings),
        (Section::TreeIndex, &tree_index),
        (Section::Trees, &trees),
        (Section::Attributes, &collected.attributes.rows),
        (Section::Vulnerabilities, &vulnerabilities),
        (Section::Says, &says),
        (Section::DetailIndex, &collected.details.index),
        (Section::Details, &collected.details.packed),
    ];
    // Without records the file is what it was before there were any.
    if !lifetimes.is_empty() {
        sections.push((Section::Lifetimes, &lifetimes));
    }
    let bytes = save(&mut header, &sections, out, stamp)?;
    Ok(Info {
        format: format!("{MAJOR}.{MINOR}"),
        sequence: header.sequence,
        content: header.content,
        built: header.built,
        signed_by: stamp.key.map(|key| hex::encode(key.verifying_key().to_bytes())),
        vulnerabilities: header.vulnerabilities,
        products: header.products,
        sources: header.sources,
        rejects: header.rejects,
        bytes,
    })
}

fn limit(what: &'static str, count: usize) -> Result<(), CatalogueError> {
    let limit = u64::from(crate::rows::PATTERN - 1);
    if count as u64 > limit { Err(CatalogueError::Limit { what, limit }) } else { Ok(()) }
}

type Rows = (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

/// Vulnerabilities, says, tree index, trees, postings, products.
fn rows(collected: &Collected) -> Result<Rows, CatalogueError> {
    let mut order: Vec<&Entry> = collected.entries.iter().collect();
    let key = |entry: &Entry| (collected.text(entry.id), entry.source);
    order.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| document(collected, a).cmp(document(collected, b))));
    let (mut vulnerabilities, mut says, mut tree_index, mut trees) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut by_product: Vec<[Vec<u32>; 2]> = vec![Default::default(); collected.products.keys.len()];
    let (mut say_number, mut tree_number) = (0_u32, 0_u32);
    for (number, group) in order.chunk_by(|a, b| a.id == b.id).enumerate() {
        let state = state(group);
        let first_tree = tree_number;
        for entry in group {
            let first = tree_number;
            let analysed = |other: &&Entry| other.source == entry.source && !other.supplement && other.has_products;
            let counts = state != State::Rejected && !(entry.supplement && group.iter().any(analysed));
            for tree in if counts { entry.trees.clone() } else { 0..0 } {
                let bytes = collected.tree(tree);
                limit("bytes of applicability trees", trees.len() + bytes.len())?;
                let row =
                    TreeRow { vulnerability: number as u32, start: trees.len() as u32, length: bytes.len() as u32 };
                row.write(&mut tree_index);
                trees.extend_from_slice(bytes);
                for (product, vulnerable) in collected.trees.products_of(tree) {
                    by_product[*product as usize][usize::from(!vulnerable)].push(tree_number);
                }
                tree_number += 1;
            }
            let row = SayRow {
                source: entry.source as u8,
                state: entry.state as u8,
                document: entry.document,
                detail: entry.detail,
                first_tree: first,
                trees: tree_number - first,
            };
            row.write(&mut says);
        }
        let row = VulnerabilityRow {
            id: group[0].id,
            first_say: say_number,
            says: group.len() as u32,
            first_tree,
            trees: tree_number - first_tree,
            score: group.iter().map(|entry| entry.score).max().unwrap_or(0),
            state: state as u8,
            exploited: group.iter().any(|entry| entry.exploited),
        };
        row.write(&mut vulnerabilities);
        say_number += group.len() as u32;
    }
    let (mut postings, mut products) = (Vec::new(), Vec::new());
    for (key, [vulnerable, platform]) in collected.products.keys.iter().zip(&by_product) {
        limit("bytes of postings", postings.len())?;
        let row = ProductRow {
            key: *key,
            first: (postings.len() / 4) as u32,
            vulnerable: vulnerable.len() as u32,
            platform: platform.len() as u32,
        };
        row.write(&mut products);
        vulnerable.iter().chain(platform).for_each(|tree| put_u32(&mut postings, *tree));
    }
    Ok((vulnerabilities, says, tree_index, trees, postings, products))
}

fn document<'c>(collected: &'c Collected, entry: &Entry) -> &'c str {
    if entry.document == crate::rows::NONE { "" } else { collected.text(entry.document) }
}

/// The vulnerability's state from its records: NVD's rejection is the withdrawal of the CVE itself; a document of
/// another source that was withdrawn says nothing about the others.
fn state(group: &[&Entry]) -> State {
    if group.iter().any(|entry| entry.source == Source::Nvd && entry.state == State::Rejected)
        || group.iter().all(|entry| entry.state == State::Rejected)
    {
        State::Rejected
    } else if group.iter().any(|entry| entry.state == State::Published) {
        State::Published
    } else {
        State::NotAnalysed
    }
}

fn save(
    header: &mut Header,
    sections: &[(Section, &[u8])],
    out: &Path,
    stamp: Stamp<'_>,
) -> Result<u64, CatalogueError> {
    let mut start = 0;
    for (section, bytes) in sections {
        header.sections.push(SectionEntry { name: section.name().to_owned(), start, length: bytes.len() as u64 });
        start += bytes.len() as u64;
    }
    let hashes = block_hashes(sections);
    header.content = file::content_hash(header, &hashes);
    let header = serde_json::to_vec(header).map_err(|error| CatalogueError::corrupt("header", error.to_string()))?;
    let mut begin = Vec::with_capacity(START);
    begin.extend_from_slice(MAGIC);
    begin.extend_from_slice(&MAJOR.to_le_bytes());
    begin.extend_from_slice(&MINOR.to_le_bytes());
    put_u32(&mut begin, header.len() as u32);
    put_u32(&mut begin, (hashes.len() / file::HASH) as u32);
    put_u32(&mut begin, 0);
    begin.extend_from_slice(&start.to_le_bytes());
    begin.extend_from_slice(&stamp.key.map_or([0; 32], |key| key.verifying_key().to_bytes()));
    let mut hasher = Sha256::new();
    hasher.update(&begin);
    hasher.update(&header);
    hasher.update(&hashes);
    let checksum = hasher.finalize();
    begin.extend_from_slice(&checksum);
    begin.extend_from_slice(&stamp.key.map_or([0; 64], |key| key.sign(&file::signed_message(&checksum)).to_bytes()));
    let parts: Vec<&[u8]> =
        [begin.as_slice(), &header, &hashes].into_iter().chain(sections.iter().map(|s| s.1)).collect();
    replace(out, &parts)?;
    Ok(parts.iter().map(|part| part.len() as u64).sum())
}

/// SHA-256 of each block of the sections laid end to end.
fn block_hashes(sections: &[(Section, &[u8])]) -> Vec<u8> {
    let (mut hashes, mut hasher, mut filled) = (Vec::new(), Sha256::new(), 0);
    for (_, mut bytes) in sections.iter().copied() {
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at(bytes.len().min(BLOCK - filled));
            hasher.update(head);
            filled += head.len();
            bytes = rest;
            if filled == BLOCK {
                hashes.extend_from_slice(&std::mem::take(&mut hasher).finalize());
                filled = 0;
            }
        }
    }
    if filled > 0 {
        hashes.extend_from_slice(&hasher.finalize());
    }
    hashes
}

/// Writes under a temporary name, syncs, renames. The lock keeps two builds apart; it ends with the process, so a
/// killed build never stands in the way, and what it left behind is overwritten.
fn replace(out: &Path, parts: &[&[u8]]) -> Result<(), CatalogueError> {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&part).map_err(CatalogueError::io(&part))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(CatalogueError::Busy { path: part }),
        Err(TryLockError::Error(error)) => return Err(CatalogueError::io(&part)(error)),
    }
    file.set_len(0).map_err(CatalogueError::io(&part))?;
    let mut writer = BufWriter::with_capacity(1 << 20, &file);
    parts
        .iter()
        .try_for_each(|bytes| writer.write_all(bytes))
        .and_then(|()| writer.flush())
        .map_err(CatalogueError::io(&part))?;
    drop(writer);
    file.sync_all().map_err(CatalogueError::io(&part))?;
    fs::rename(&part, out).map_err(CatalogueError::io(out))?;
    // The rename itself reaches the disk with the directory; Windows has no such thing and needs none.
    if cfg!(unix) {
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(CatalogueError::io(folder))?;
    }
    Ok(())
}
