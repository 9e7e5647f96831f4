//! The part of a record that is only read when somebody looks: dates, texts, scores, links, product statements.

use crate::codec::{Cursor, put, put_optional, put_text};
use crate::error::CatalogueError;
use crate::file::{Section, le_u32, le_u64};
use crate::open::Catalogue;
use crate::rows::DetailAt;
use tomomori_formats::record::{Lang, ProductStatus, Record, Statement, TextKind};

/// Plain bytes gathered into one compressed block; one record may be longer and then has a block of its own.
pub(crate) const BLOCK: usize = 64 * 1024;
/// Longest plain block; checked before anything is decompressed.
pub(crate) const MAX_PLAIN: usize = 16 << 20;
/// Bytes of a row of [`Section::DetailIndex`].
pub(crate) const INDEX_ROW: usize = 16;

/// Appends the detail of a record.
pub(crate) fn encode(out: &mut Vec<u8>, record: &Record<'_>) {
    put_optional(out, record.publisher.as_deref());
    put_optional(out, record.published.as_deref());
    put_optional(out, record.modified.as_deref());
    put(out, record.texts.len() as u64);
    for text in &record.texts {
        out.push((text.lang as u8) << 4 | text.kind as u8);
        put_text(out, &text.text);
    }
    put(out, record.scores.len() as u64);
    for score in &record.scores {
        put_text(out, &score.vector);
        put(out, u64::from(score.base_tenths));
        put_optional(out, score.by.as_deref());
    }
    put(out, record.links.len() as u64);
    record.links.iter().for_each(|link| put_text(out, link));
    out.push(u8::from(record.exploited.is_some()));
    if let Some(exploited) = &record.exploited {
        put_text(out, &exploited.added);
        put_optional(out, exploited.due.as_deref());
        out.push(u8::from(exploited.ransomware));
        put_optional(out, exploited.action.as_deref());
    }
    let products = || {
        record.statements.iter().filter_map(|statement| match statement {
            Statement::Product(product) => Some(product),
            Statement::Configuration(_) => None,
        })
    };
    put(out, products().count() as u64);
    for product in products() {
        out.push(product.status as u8);
        put_optional(out, product.vendor.as_deref());
        put_text(out, &product.product);
        put_optional(out, product.version.as_deref());
        put_optional(out, product.cpe.as_deref());
        put_optional(out, product.purl.as_deref());
    }
}

/// What one source's record says, apart from its id and source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Publisher of the document (CSAF).
    pub publisher: Option<String>,
    /// First published, ISO 8601 as written.
    pub published: Option<String>,
    /// Last modified, ISO 8601 as written.
    pub modified: Option<String>,
    /// Titles, descriptions, effects and remedies.
    pub texts: Vec<Text>,
    /// CVSS scores as published.
    pub scores: Vec<Score>,
    /// Addresses of advisories and patches, as written: hostile until shown otherwise.
    pub links: Vec<String>,
    /// Known exploitation (KEV).
    pub exploited: Option<Exploited>,
    /// Status of named products (CSAF, JVN).
    pub products: Vec<ProductSaid>,
}

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Language.
    pub lang: Lang,
    /// What it is.
    pub kind: TextKind,
    /// The text.
    pub text: String,
}

/// A CVSS score as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The vector with its version prefix (v2 without, as v2 has none).
    pub vector: String,
    /// Base score times ten.
    pub base_tenths: u16,
    /// Who scored it.
    pub by: Option<String>,
}

/// Entry of CISA's list of known exploited vulnerabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exploited {
    /// Day it was added, ISO.
    pub added: String,
    /// Day by which US agencies must act, ISO.
    pub due: Option<String>,
    /// Used in ransomware campaigns.
    pub ransomware: bool,
    /// Required action as written.
    pub action: Option<String>,
}

/// What a document says about a product, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductSaid {
    /// Status.
    pub status: ProductStatus,
    /// Vendor.
    pub vendor: Option<String>,
    /// Product.
    pub product: String,
    /// Version or range, as written.
    pub version: Option<String>,
    /// CPE, where the source gives one.
    pub cpe: Option<String>,
    /// Package URL, where the source gives one.
    pub purl: Option<String>,
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn decode(bytes: &[u8]) -> Result<Detail, CatalogueError> {
    let name = Section::Details.name();
    let unknown = |what: &str, number: u8| CatalogueError::corrupt(name, format!("{what} {number}"));
    let mut cursor = Cursor::new(bytes, name);
    let mut detail = Detail {
        publisher: owned(cursor.optional()?),
        published: owned(cursor.optional()?),
        modified: owned(cursor.optional()?),
        ..Detail::default()
    };
    for _ in 0..cursor.count()? {
        let kind = cursor.byte()?;
        let lang = match kind >> 4 {
            0 => Lang::Ja,
            1 => Lang::En,
            other => return Err(unknown("language", other)),
        };
        let kind = match kind & 15 {
            0 => TextKind::Title,
            1 => TextKind::Description,
            2 => TextKind::Impact,
            3 => TextKind::Remedy,
            other => return Err(unknown("kind of text", other)),
        };
        detail.texts.push(Text { lang, kind, text: cursor.text()?.to_owned() });
    }
    for _ in 0..cursor.count()? {
        let vector = cursor.text()?.to_owned();
        let base_tenths = u16::try_from(cursor.number()?).map_err(|_| CatalogueError::corrupt(name, "score"))?;
        detail.scores.push(Score { vector, base_tenths, by: owned(cursor.optional()?) });
    }
    for _ in 0..cursor.count()? {
        detail.links.push(cursor.text()?.to_owned());
    }
    if cursor.byte()? == 1 {
        detail.exploited = Some(Exploited {
            added: cursor.text()?.to_owned(),
            due: owned(cursor.optional()?),
            ransomware: cursor.byte()? == 1,
            action: owned(cursor.optional()?),
        });
    }
    for _ in 0..cursor.count()? {
        let status = match cursor.byte()? {
            0 => ProductStatus::Affected,
            1 => ProductStatus::NotAffected,
            2 => ProductStatus::Fixed,
            3 => ProductStatus::UnderInvestigation,
            other => return Err(unknown("product status", other)),
        };
        detail.products.push(ProductSaid {
            status,
            vendor: owned(cursor.optional()?),
            product: cursor.text()?.to_owned(),
            version: owned(cursor.optional()?),
            cpe: owned(cursor.optional()?),
            purl: owned(cursor.optional()?),
        });
    }
    Ok(detail)
}

impl Catalogue {
    pub(crate) fn detail(&self, at: DetailAt) -> Result<Detail, CatalogueError> {
        let name = Section::Details.name();
        let row = self.file.row(Section::DetailIndex, at.block, INDEX_ROW)?;
        let (start, packed, plain) = (le_u64(row, 0), le_u32(row, 8) as usize, le_u32(row, 12) as usize);
        if plain > MAX_PLAIN {
            return Err(CatalogueError::corrupt(name, format!("block {} claims {plain} bytes", at.block)));
        }
        let start = usize::try_from(start).map_err(|_| CatalogueError::corrupt(name, "block start"))?;
        let packed = self.file.read(Section::Details, start, packed)?;
        let block = zstd::bulk::decompress(packed, plain)
            .map_err(|error| CatalogueError::corrupt(name, format!("block {}: {error}", at.block)))?;
        let end = (at.start as usize).saturating_add(at.length as usize);
        let bytes = block
            .get(at.start as usize..end)
            .ok_or_else(|| CatalogueError::corrupt(name, format!("block {} is too short", at.block)))?;
        decode(bytes)
    }
}
