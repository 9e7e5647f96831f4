//! Item catalogues (項目表): those built in, and a hospital's own. An answer names the edition it was given under.

mod book;
pub mod files;

use crate::diagram::Translate;
use crate::{AppError, Ctx};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::document::Document;
use tomomori_store::{AuditEvent, ReadTx};
use uuid::Uuid;

pub use files::Fault;
pub use tomomori_domain::edition::{Changed, ItemChange, compare};
pub use tomomori_domain::edition::{Edition, EditionKind, Item, ItemScope, Known, Lead, Sheet};

/// Key of the edition whose items are the rows of the role matrix unless another is chosen.
pub const DEFAULT: &str = "tomomori-core-1";

const FILES: [&str; 4] = [
    include_str!("../editions/core.yaml"),
    include_str!("../editions/kakuninhyo-2024-06.yaml"),
    include_str!("../editions/checklist-r7.yaml"),
    include_str!("../editions/fee-evidence-2026.yaml"),
];

/// Editions that come with the program, the default one first.
#[must_use]
pub fn built_in() -> &'static [Edition] {
    // A test reads all of them; a file that cannot be read never leaves the house.
    static ALL: LazyLock<Vec<Edition>> =
        LazyLock::new(|| FILES.iter().filter_map(|text| serde_saphyr::from_str(text).ok()).collect());
    &ALL
}

/// Whether this very edition came with the program, and is not the hospital's own of the same key.
#[must_use]
pub fn is_built_in(edition: &Edition) -> bool {
    !edition.official && built_in().iter().any(|other| other.key == edition.key)
}

/// Id of the document that keeps a hospital's own edition of a key: the same key is always the same document.
#[must_use]
pub fn document_id(key: &str) -> Uuid {
    let hash = Sha256::digest(format!("edition:{key}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The edition of a key. The hospital's own one stands before a built-in one if it was taken from the official paper.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(tx: &ReadTx, key: &str) -> Result<Edition, AppError> {
    let own: Option<Document<Edition>> = tx.document_if_any(document_id(key)).await?;
    let built_in = built_in().iter().find(|edition| edition.key == key);
    match (own, built_in) {
        (Some(own), None) => Ok(own.content),
        (Some(own), Some(_)) if own.content.official => Ok(own.content),
        (_, Some(built_in)) => Ok(built_in.clone()),
        (None, None) => Err(AppError::NotFound),
    }
}

/// All editions in force: built-in ones in their order, each replaced by the hospital's official one, then its others by key.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn all(ctx: &Ctx) -> Result<Vec<Edition>, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    all_in(&ctx.read().await?).await
}

/// [`all`] within a transaction, of somebody who may read agreements.
///
/// # Errors
/// Database errors.
pub(crate) async fn all_in(tx: &ReadTx) -> Result<Vec<Edition>, AppError> {
    let mut all: Vec<Edition> = built_in().to_vec();
    let mut own: Vec<Document<Edition>> = tx.documents().await?;
    own.sort_by(|a, b| a.content.key.cmp(&b.content.key));
    for document in own {
        match all.iter_mut().find(|edition| edition.key == document.content.key) {
            Some(edition) if document.content.official => *edition = document.content,
            Some(_) => {}
            None => all.push(document.content),
        }
    }
    Ok(all)
}

/// Revision of the hospital's own document of a key; 0 = it has none.
async fn revision(tx: &ReadTx, key: &str) -> Result<i64, AppError> {
    let own: Option<Document<Edition>> = tx.document_if_any(document_id(key)).await?;
    Ok(own.map_or(0, |document| document.revision))
}

/// An edition that was read from a file and may be kept, before a person confirms it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The edition.
    pub edition: Edition,
    /// The same as YAML: what the confirmation sends back.
    pub yaml: String,
    /// Whether the program brings an edition of this key: only an official one can stand before it.
    pub built_in: bool,
    /// The edition in force of the same key, or the one it replaces.
    pub before: Option<Edition>,
    /// What changed since [`Preview::before`].
    pub changes: Vec<ItemChange>,
    /// Revision it would follow.
    pub from: i64,
}

/// What became of a file.
#[derive(Debug)]
pub enum Offered {
    /// It can be kept.
    Preview(Box<Preview>),
    /// It cannot; everything that stands in the way, with its place.
    Faults(Vec<Fault>),
}

/// Reads a file as an edition. Nothing is written.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn offer(ctx: &Ctx, name: &str, bytes: &[u8]) -> Result<Offered, AppError> {
    ctx.actor.require::<WriteAgreements>()?;
    let tx = ctx.read().await?;
    let all = all_in(&tx).await?;
    let known: Vec<&Edition> = all.iter().collect();
    let edition = match files::read(name, bytes).and_then(|read| files::verified(read, &known)) {
        Ok(edition) => edition,
        Err(faults) => return Ok(Offered::Faults(faults)),
    };
    let find = |key: &String| all.iter().find(|other| other.key == *key).cloned();
    let before = find(&edition.key).or_else(|| edition.replaces.as_ref().and_then(find));
    Ok(Offered::Preview(Box::new(Preview {
        yaml: files::yaml(&edition)?,
        built_in: built_in().iter().any(|other| other.key == edition.key),
        changes: before.as_ref().map(|before| compare(before, &edition)).unwrap_or_default(),
        from: revision(&tx, &edition.key).await?,
        before,
        edition,
    })))
}

/// What a person confirms.
#[derive(Clone, Debug)]
pub struct Keep {
    /// [`Preview::yaml`].
    pub yaml: String,
    /// The person compared it with the official paper.
    pub official: bool,
    /// [`Preview::from`].
    pub from: i64,
}

/// Keeps an edition as the hospital's own. Returns its key.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for the first fault, or when one of the program's editions would be replaced by
/// one that is not official; [`AppError::Conflict`] when somebody kept another version meanwhile.
pub async fn keep(ctx: &Ctx, keep: Keep) -> Result<String, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let all = all_in(&tx).await?;
    let known: Vec<&Edition> = all.iter().collect();
    let read = files::read("", keep.yaml.as_bytes()).and_then(|read| files::verified(read, &known));
    let first = |faults: Vec<Fault>| {
        let msg = faults.into_iter().next().map(|fault| fault.msg);
        AppError::Invalid(msg.unwrap_or_else(|| Msg::new("edition-no-items")))
    };
    let edition = Edition { official: keep.official, ..read.map_err(first)? };
    if !edition.official && built_in().iter().any(|other| other.key == edition.key) {
        return Err(AppError::Invalid(Msg::new("edition-key-taken").arg("key", &edition.key)));
    }
    let id = document_id(&edition.key);
    let revision = tx.put_document(&grant, id, keep.from, &edition).await?;
    let details = serde_json::json!({
        "key": edition.key, "revision": revision, "items": edition.items.len(), "official": edition.official,
    });
    tx.audit(AuditEvent::new("edition.keep", format!("edition:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(edition.key)
}

/// One edition for its page.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn one(ctx: &Ctx, key: &str) -> Result<Edition, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    get(&ctx.read().await?, key).await
}

/// An edition as a workbook; that it was made is written down.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Invalid`] where a cell passes what Excel holds.
pub async fn xlsx(ctx: &Ctx, key: &str, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    let edition = one(ctx, key).await?;
    let bytes = files::xlsx(&edition, ctx.now(), tr)?;
    let mut tx = ctx.write().await?;
    tx.audit(AuditEvent::new("edition.export", format!("edition:{}", document_id(key)))).await?;
    tx.commit().await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use tomomori_domain::edition::check;

    #[test]
    fn every_edition_that_comes_with_the_program_can_be_read_and_kept() {
        for text in FILES {
            serde_saphyr::from_str::<Edition>(text).unwrap();
        }
        let known: Vec<&Edition> = built_in().iter().collect();
        assert_eq!(known.iter().map(|edition| edition.items.len()).collect::<Vec<_>>(), [70, 29, 18, 6]);
        for edition in &known {
            assert_eq!(check(edition, &known), [], "{}", edition.key);
            assert!(!edition.official, "{}: nothing of it was taken from an official paper", edition.key);
        }
        assert_eq!(built_in()[0].key, DEFAULT);
    }

    #[test]
    fn the_table_of_2024_has_fourteen_items_and_fifteen_slots() {
        let table = built_in().iter().find(|edition| edition.key == "kakuninhyo-2024-06").unwrap();
        let (slots, items): (Vec<&Item>, Vec<&Item>) =
            table.items.iter().partition(|item| item.known == Known::Missing);
        assert_eq!((items.len(), slots.len()), (14, 15));
        assert!(slots.iter().all(|slot| slot.words().is_none() && slot.source.is_none()));
        assert!(items.iter().all(|item| item.source.is_some()));
    }

    /// Every item is plain to somebody who is no engineer, complete in both languages, and nothing known elsewhere is left out.
    #[test]
    fn the_core_set_is_complete() {
        let core = &built_in()[0];
        for item in &core.items {
            for (field, text) in [
                ("title", &item.title),
                ("title_en", &item.title_en),
                ("text", &item.text),
                ("text_en", &item.text_en),
                ("response", &item.response),
                ("risk", &item.risk),
            ] {
                let text = text.as_deref().unwrap_or_else(|| panic!("{} has no {field}", item.key));
                let polite = ["ます。", "ません。", "です。"].iter().any(|end| text.ends_with(end));
                let plain = !matches!(field, "text" | "response" | "risk") || polite;
                assert!(plain, "{} {field}: {text}", item.key);
            }
        }
        for (edition, kind) in [("kakuninhyo-2024-06", EditionKind::Roles), ("checklist-r7", EditionKind::Checklist)] {
            let other = built_in().iter().find(|other| other.key == edition).unwrap();
            assert_eq!(other.kind, kind);
            let mapped: BTreeSet<&String> =
                core.items.iter().filter_map(|item| item.maps.get(edition)).flatten().collect();
            let known = other.items.iter().filter(|item| item.known != Known::Missing);
            let left: Vec<&String> = known.map(|item| &item.key).filter(|key| !mapped.contains(key)).collect();
            assert_eq!(left, [] as [&String; 0], "{edition}");
        }
        let challenges: BTreeSet<u8> = core.items.iter().flat_map(|item| item.challenges.iter().copied()).collect();
        assert_eq!(challenges, BTreeSet::from([1, 2, 3, 4]));
    }
}
