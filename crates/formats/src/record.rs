//! What every source says, in one shape: the seam between readers (here) and the catalogue.
//!
//! Readers hand out records one by one and borrow from the bytes they read, because a build passes over gigabytes:
//! `read(bytes, &mut |record: Record<'_>| …)`. Everything is kept as the source wrote it; comparing versions,
//! resolving names and merging by alias is the catalogue's work.

use std::borrow::Cow;

/// Text as the source wrote it, borrowed where possible.
pub type Str<'a> = Cow<'a, str>;

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Source {
    /// NIST National Vulnerability Database.
    Nvd = 0,
    /// CISA Known Exploited Vulnerabilities.
    Kev = 1,
    /// A CSAF 2.0 advisory; the publisher is in [`Record::publisher`].
    Csaf = 2,
    /// JVN iPedia (IPA, JPCERT/CC).
    Jvn = 3,
}

/// One source's say about one vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// Who says it.
    pub source: Source,
    /// The vulnerability: a CVE id where the source has one, else the source's own id.
    pub id: Str<'a>,
    /// The document the statement stands in, where that is not the CVE itself (`ICSMA-24-…`, `JVNDB-2022-…`).
    pub document: Option<Str<'a>>,
    /// Publisher of the document, where that is not the source itself (CSAF).
    pub publisher: Option<Str<'a>>,
    /// First published, ISO 8601 as written.
    pub published: Option<Str<'a>>,
    /// Last modified, ISO 8601 as written.
    pub modified: Option<Str<'a>>,
    /// Withdrawn, or in force.
    pub state: State,
    /// Titles, descriptions, effects and remedies.
    pub texts: Vec<Text<'a>>,
    /// CVSS scores as published.
    pub scores: Vec<Score<'a>>,
    /// Addresses of advisories and patches, as written. Hostile until shown otherwise: never fetched, only shown.
    pub links: Vec<Str<'a>>,
    /// Known exploitation (KEV).
    pub exploited: Option<Exploited<'a>>,
    /// What it says about products.
    pub statements: Vec<Statement<'a>>,
}

/// Whether the record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// In force.
    Published = 0,
    /// Rejected or withdrawn by the source: shown as such, never matched.
    Rejected = 1,
    /// Received, not analysed: nothing is known about products, which is not the same as none affected.
    NotAnalysed = 2,
}

/// Language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Lang {
    /// Japanese.
    Ja = 0,
    /// English.
    En = 1,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TextKind {
    /// One line.
    Title = 0,
    /// What the weakness is.
    Description = 1,
    /// What an attacker gains.
    Impact = 2,
    /// What to do.
    Remedy = 3,
}

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// Language.
    pub lang: Lang,
    /// What it is.
    pub kind: TextKind,
    /// The text.
    pub text: Str<'a>,
}

/// A CVSS score as published.
#[derive(Clone, Debug, PartialEq)]
pub struct Score<'a> {
    /// The vector with its version prefix (v2 without, as v2 has none).
    pub vector: Str<'a>,
    /// Base score times ten.
    pub base_tenths: u16,
    /// Who scored it, where the source says so.
    pub by: Option<Str<'a>>,
}

/// Entry of the list of known exploited vulnerabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exploited<'a> {
    /// Day it was added, ISO.
    pub added: Str<'a>,
    /// Day by which US agencies must act, ISO.
    pub due: Option<Str<'a>>,
    /// Used in ransomware campaigns.
    pub ransomware: bool,
    /// Required action as written.
    pub action: Option<Str<'a>>,
}

/// What a source says about products.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement<'a> {
    /// An applicability tree over CPE names (NVD configurations).
    Configuration(Node<'a>),
    /// A status of a named product (CSAF product tree, JVN affected item).
    Product(ProductStatement<'a>),
}

/// Node of an applicability tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// How children and matches combine.
    pub operator: Operator,
    /// The result is negated.
    pub negate: bool,
    /// Names matched directly.
    pub matches: Vec<CpeMatch<'a>>,
    /// Nodes below.
    pub children: Vec<Node<'a>>,
}

/// AND or OR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operator {
    /// One suffices.
    Or = 0,
    /// All are needed.
    And = 1,
}

/// One CPE name with its version range.
#[derive(Clone, Debug, PartialEq)]
pub struct CpeMatch<'a> {
    /// The product has the weakness; `false` = it is only the platform it runs on.
    pub vulnerable: bool,
    /// CPE 2.3 formatted string, as written.
    pub cpe: Str<'a>,
    /// Range on the version, beside the name's own version attribute.
    pub range: Range<'a>,
}

/// A version range; both ends open = every version the name itself allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Range<'a> {
    /// Lower end.
    pub start: Option<Bound<'a>>,
    /// Upper end.
    pub end: Option<Bound<'a>>,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound<'a> {
    /// The version.
    pub version: Str<'a>,
    /// The version itself belongs to the range.
    pub inclusive: bool,
}

/// Status of a product by name.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductStatement<'a> {
    /// What is said.
    pub status: ProductStatus,
    /// Vendor, as written.
    pub vendor: Option<Str<'a>>,
    /// Product, as written.
    pub product: Str<'a>,
    /// Version or range, as written (`< 3.2.1`, `vers:all/*`, `5.4.0 以前`).
    pub version: Option<Str<'a>>,
    /// CPE, where the source gives one.
    pub cpe: Option<Str<'a>>,
    /// Package URL, where the source gives one.
    pub purl: Option<Str<'a>>,
}

/// Status of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ProductStatus {
    /// Known affected.
    Affected = 0,
    /// Known not affected.
    NotAffected = 1,
    /// Fixed in this version.
    Fixed = 2,
    /// Under investigation.
    UnderInvestigation = 3,
}

/// A record that could not be used; the rest of the file is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Id of the record, or its position (`#17`) when the id cannot be read.
    pub record: String,
    /// Short reason, the same text for the same cause, so that rejects can be counted by reason.
    pub reason: &'static str,
    /// Details: path inside the record, the value met.
    pub detail: String,
}
