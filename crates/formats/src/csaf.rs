//! CSAF 2.0 security advisories and VEX documents (OASIS standard, 2022-11-18).
//!
//! One document gives one [`Record`] per vulnerability. Publishers break the standard in many small ways, so a part
//! that cannot be used is left out, reported as a [`Reject`] with its JSON pointer, and everything else is kept.

mod products;

use crate::bytes;
use crate::feed::{FeedHead, FormatError, Problem, Sink};
use crate::lenient::Notes;
use crate::record::{
    Lang, ProductStatement, ProductStatus, Record, Score, Source, State, Statement, Str, Text, TextKind,
};
use products::Products;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::Read;

/// Largest document read, in bytes. The largest real ones (kernel VEX of Linux distributors) have about 30 MB.
pub const MAX_BYTES: u64 = 64 << 20;

/// The groups of `product_status` and what they mean here. `first_affected` and `last_affected` name single products
/// and imply no range between them; `recommended` is advice, not a verdict, so it is not listed.
const GROUPS: [(&str, ProductStatus); 7] = [
    ("known_affected", ProductStatus::Affected),
    ("first_affected", ProductStatus::Affected),
    ("last_affected", ProductStatus::Affected),
    ("known_not_affected", ProductStatus::NotAffected),
    ("fixed", ProductStatus::Fixed),
    ("first_fixed", ProductStatus::Fixed),
    ("under_investigation", ProductStatus::UnderInvestigation),
];

/// Reads one CSAF document; the shape is described in [`crate::feed`].
///
/// Drafts and documents marked above TLP:CLEAR (formerly WHITE) give no record, only a reject that says so: the
/// former are not settled, the latter must not enter a catalogue that is handed on.
///
/// # Errors
/// [`FormatError`] when the bytes are no complete JSON, no CSAF document, or over [`MAX_BYTES`].
pub fn read(file: &str, input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, FormatError> {
    let fail = |problem| FormatError::new(file, problem);
    let content = bytes::read_whole(input, "bytes of a CSAF document", MAX_BYTES).map_err(fail)?;
    let root: Value = bytes::json(&content).map_err(fail)?;
    let Some(document) = root.get("document").filter(|document| document.is_object()) else {
        let keys: Vec<&str> =
            root.as_object().map(|o| o.keys().take(5).map(String::as_str).collect()).unwrap_or_default();
        let found = format!("JSON without \"document\" (has: {})", keys.join(", "));
        return Err(fail(Problem::WrongFormat { expected: "a CSAF document", found }));
    };
    let mut notes = Notes::default();
    let tracking = document.get("tracking").unwrap_or(&Value::Null);
    let id = notes.needed(tracking, "id", "/document/tracking");
    notes.record = id.unwrap_or("?").to_owned();
    let mut head = FeedHead::new("CSAF 2.0");
    head.date = notes.text(tracking, "current_release_date", "/document/tracking").map(str::to_owned);
    head.edition = notes.text(tracking, "version", "/document/tracking").map(str::to_owned);

    match unusable(document, &mut notes) {
        Some((reason, detail)) => notes.add(reason, detail),
        None => {
            let document = Document::new(document, id, &mut notes);
            document.vulnerabilities(&root, &mut notes, &mut head, sink);
        }
    }
    for note in notes.found {
        head.emit(Err(note), sink);
    }
    Ok(head)
}

fn unusable(document: &Value, notes: &mut Notes) -> Option<(&'static str, String)> {
    if notes.text(&document["tracking"], "status", "/document/tracking") == Some("draft") {
        return Some(("draft document not used", "/document/tracking/status: draft".into()));
    }
    let label = notes.text(&document["distribution"]["tlp"], "label", "/document/distribution/tlp")?;
    let clear = label.eq_ignore_ascii_case("WHITE") || label.eq_ignore_ascii_case("CLEAR");
    (!clear)
        .then(|| ("document not for everybody (TLP) not used", format!("/document/distribution/tlp/label: {label}")))
}

/// Language of the texts; `None` = neither Japanese nor English. Without a statement it is English, as in practice.
fn language(document: &Value, notes: &mut Notes) -> Option<Lang> {
    match notes
        .text(document, "lang", "/document")
        .and_then(|lang| lang.get(..2))
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("ja") => Some(Lang::Ja),
        Some("en") | None => Some(Lang::En),
        Some(other) => {
            notes
                .add("texts in another language than Japanese or English left out", format!("/document/lang: {other}"));
            None
        }
    }
}

/// What the head of the document says for all its vulnerabilities; read once, since both can be many.
struct Document<'a> {
    id: Option<&'a str>,
    lang: Option<Lang>,
    publisher: Option<&'a str>,
    published: Option<&'a str>,
    modified: Option<&'a str>,
    title: Option<&'a str>,
    summary: Option<&'a str>,
    /// The document's own addresses; other references stand at the vulnerabilities in practice.
    links: Vec<&'a str>,
}

/// At most this many of the document's own addresses are given to each of its vulnerabilities.
const MAX_OWN_LINKS: usize = 4;

impl<'a> Document<'a> {
    fn new(document: &'a Value, id: Option<&'a str>, notes: &mut Notes) -> Self {
        let tracking = &document["tracking"];
        let own = notes.list(document, "references", "/document").iter().filter(|r| r["category"] == "self");
        Self {
            id,
            lang: language(document, notes),
            publisher: notes.text(&document["publisher"], "name", "/document/publisher"),
            published: notes.text(tracking, "initial_release_date", "/document/tracking"),
            modified: notes.text(tracking, "current_release_date", "/document/tracking"),
            title: notes.text(document, "title", "/document"),
            summary: summary(document, "/document", notes),
            links: own.filter_map(|r| r["url"].as_str()).take(MAX_OWN_LINKS).collect(),
        }
    }

    fn vulnerabilities(&self, root: &'a Value, notes: &mut Notes, head: &mut FeedHead, sink: &mut Sink<'_>) {
        let products = root.get("product_tree").map(|tree| products::read(tree, notes)).unwrap_or_default();
        let list = notes.list(root, "vulnerabilities", "");
        if list.is_empty() {
            notes.add("advisory without vulnerabilities", "/vulnerabilities".into());
        }
        for (i, vulnerability) in list.iter().enumerate() {
            let at = format!("/vulnerabilities/{i}");
            if !vulnerability.is_object() {
                notes.add("not an object", at);
                continue;
            }
            let record =
                self.record(vulnerability, &at, &self.record_id(vulnerability, i, &at, notes), &products, notes);
            head.emit(Ok(record), sink);
        }
    }

    /// The CVE id, else the advisory's own id with the number of the vulnerability in it.
    fn record_id(&self, vulnerability: &'a Value, i: usize, at: &str, notes: &mut Notes) -> Str<'a> {
        match notes.text(vulnerability, "cve", at) {
            Some(cve) if is_cve(cve) => return Cow::Borrowed(cve),
            Some(other) => notes.add("not a CVE id", format!("{at}/cve: {other}")),
            None => {}
        }
        Cow::Owned(format!("{}#{}", self.id.unwrap_or("?"), i + 1))
    }

    fn record(&self, v: &'a Value, at: &str, id: &Str<'a>, products: &Products<'a>, notes: &mut Notes) -> Record<'a> {
        let mut links = Vec::new();
        for (i, reference) in notes.list(v, "references", at).iter().enumerate() {
            links.extend(notes.text(reference, "url", &format!("{at}/references/{i}")));
        }
        let texts = self.texts(v, at, &mut links, notes);
        links.extend(&self.links);
        let mut seen = HashSet::new();
        Record {
            source: Source::Csaf,
            id: id.clone(),
            document: self.id.map(Cow::Borrowed),
            publisher: self.publisher.map(Cow::Borrowed),
            published: self.published.map(Cow::Borrowed),
            modified: self.modified.map(Cow::Borrowed),
            state: State::Published,
            texts,
            scores: scores(v, at, notes),
            links: links.into_iter().filter(|link| seen.insert(*link)).map(Cow::Borrowed).collect(),
            exploited: None,
            statements: statements(v, at, products, notes),
        }
    }

    fn texts(&self, v: &'a Value, at: &str, links: &mut Vec<&'a str>, notes: &mut Notes) -> Vec<Text<'a>> {
        let mut found: Vec<(TextKind, &'a str)> = Vec::new();
        found.extend(notes.text(v, "title", at).or(self.title).map(|title| (TextKind::Title, title)));
        found.extend(summary(v, at, notes).or(self.summary).map(|text| (TextKind::Description, text)));
        for threat in notes.list(v, "threats", at).iter().filter(|threat| threat["category"] == "impact") {
            found.extend(notes.text(threat, "details", at).map(|text| (TextKind::Impact, text)));
        }
        for (i, remediation) in notes.list(v, "remediations", at).iter().enumerate() {
            let at = format!("{at}/remediations/{i}");
            found.extend(notes.text(remediation, "details", &at).map(|text| (TextKind::Remedy, text)));
            links.extend(notes.text(remediation, "url", &at));
        }
        let Some(lang) = self.lang else { return Vec::new() };
        // The same remedy is often repeated for every product.
        let mut seen = HashSet::new();
        let fresh = found.into_iter().map(|(kind, text)| (kind, text.trim()));
        let fresh = fresh.filter(|(kind, text)| !text.is_empty() && seen.insert((*kind as u8, *text)));
        fresh.map(|(kind, text)| Text { lang, kind, text: Cow::Borrowed(text) }).collect()
    }
}

/// The note that says what the weakness is; publishers use one of three categories for it.
fn summary<'a>(owner: &'a Value, at: &str, notes: &mut Notes) -> Option<&'a str> {
    let list = notes.list(owner, "notes", at);
    ["summary", "description", "details"].into_iter().find_map(|category| {
        list.iter().find(|note| note["category"] == category).and_then(|note| note["text"].as_str())
    })
}

/// Scores of CSAF 2.0 (`scores`) and 2.1 (`metrics`/`content`). The vector is kept as published, with temporal and
/// environmental metrics if it has them; the number is always the base score.
fn scores<'a>(v: &'a Value, at: &str, notes: &mut Notes) -> Vec<Score<'a>> {
    let mut scores = Vec::new();
    let mut seen = HashSet::new();
    let old = notes.list(v, "scores", at).iter();
    let new = notes.list(v, "metrics", at).iter().filter_map(|metric| metric.get("content"));
    for (i, holder) in old.chain(new).enumerate() {
        for key in ["cvss_v4", "cvss_v3", "cvss_v2"] {
            let Some(cvss) = holder.get(key) else { continue };
            let at = format!("{at}/scores/{i}/{key}");
            let Some(vector) = notes.needed(cvss, "vectorString", &at) else { continue };
            let Some(base) = cvss["baseScore"].as_f64().filter(|base| (0.0..=10.0).contains(base)) else {
                notes.add("score without a base score", format!("{at}/baseScore: {}", cvss["baseScore"]));
                continue;
            };
            let base_tenths = (base * 10.0).round() as u16;
            // One score is often repeated for several groups of products.
            if seen.insert((vector, base_tenths)) {
                scores.push(Score { vector: Cow::Borrowed(vector), base_tenths, by: None });
            }
        }
    }
    scores
}

fn statements<'a>(v: &'a Value, at: &str, products: &Products<'a>, notes: &mut Notes) -> Vec<Statement<'a>> {
    let status = v.get("product_status").unwrap_or(&Value::Null);
    let at = format!("{at}/product_status");
    let mut order = Vec::new();
    let mut verdicts: HashMap<&str, (ProductStatus, bool)> = HashMap::new();
    for (group, verdict) in GROUPS {
        for (i, id) in notes.list(status, group, &at).iter().enumerate() {
            let Some(id) = id.as_str() else {
                notes.add("not a text", format!("{at}/{group}/{i}"));
                continue;
            };
            verdicts.entry(id).and_modify(|known| known.1 |= known.0 != verdict).or_insert_with(|| {
                order.push(id);
                (verdict, false)
            });
        }
    }
    let mut statements = Vec::with_capacity(order.len());
    for id in order {
        let (mut verdict, contradicted) = verdicts[id];
        if contradicted {
            // Neither side can be believed, and unknown is never shown as safe.
            notes.add("product in contradicting status groups", format!("{at}: {id}"));
            verdict = ProductStatus::UnderInvestigation;
        }
        let Some(definitions) = products.get(id) else {
            notes.add("product id is not in the product tree", format!("{at}: {id}"));
            continue;
        };
        if definitions.len() > 1 {
            verdict = ProductStatus::UnderInvestigation;
        }
        statements.extend(definitions.iter().map(|product| {
            Statement::Product(ProductStatement {
                status: verdict,
                vendor: product.vendor.map(Cow::Borrowed),
                product: Cow::Borrowed(product.name),
                version: product.version.clone().map(Cow::Owned),
                cpe: product.cpe.map(Cow::Borrowed),
                purl: product.purl.map(Cow::Borrowed),
            })
        }));
    }
    statements
}

/// `CVE-`, a year of four digits, `-`, four digits or more.
fn is_cve(id: &str) -> bool {
    let Some((year, number)) = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')) else { return false };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    year.len() == 4 && number.len() >= 4 && digits(year) && digits(number)
}
