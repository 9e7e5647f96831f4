//! JVN iPedia (IPA, JPCERT/CC): VULDEF 3.x details (`jvndb_detail_*.rdf`, `getVulnDetailInfo`) and JVNRSS overviews
//! (`jvndb*.rdf`, `getVulnOverviewList`) of MyJVN v3.2.
//!
//! One record per CVE an entry names; an entry without CVE keeps its JVNDB number. What an entry says about products
//! holds for all its CVEs. Its score does not when there are several: it is the highest among them, so it is given
//! only to a CVE that stands alone.

use crate::feed::{FeedHead, FormatError, Problem, Sink};
use crate::record::{
    Lang, ProductStatement, ProductStatus, Record, Reject, Score, Source, State, Statement, Text, TextKind,
};
use crate::xml::{self, Element};
use std::borrow::Cow;
use std::io::Read;

/// Most pairs of CVE and statement that one entry may unfold to; real entries stay far below 100,000.
pub const MAX_PAIRS: usize = 1_000_000;

/// Reads a file of either kind; the shape is described in [`crate::feed`].
///
/// # Errors
/// [`FormatError`] when the XML is broken, cut off, declares entities, is over a limit of [`crate::xml`], or is
/// another document.
pub fn read(file: &str, input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<FeedHead, FormatError> {
    let mut feed: Option<Feed> = None;
    let result = xml::walk(input, &["Vulinfo", "item", "channel", "Status"], &mut |element| {
        let Some(feed) = &mut feed else {
            feed = Some(Feed::begin(&element)?);
            return Ok(());
        };
        feed.take(&element, sink);
        Ok(())
    });
    let wrong = || Problem::WrongFormat { expected: EXPECTED, found: "no element in it".to_owned() };
    result
        .and_then(|()| feed.ok_or_else(wrong))
        .map(|feed| feed.end(sink))
        .map_err(|problem| FormatError::new(file, problem))
}

const EXPECTED: &str = "a JVN file (VULDEF or JVNRSS)";

struct Feed {
    head: FeedHead,
    lang: Lang,
    entries: u64,
    promised: Option<u64>,
}

impl Feed {
    fn begin(root: &Element) -> Result<Self, Problem> {
        let format = match root.name.as_str() {
            "VULDEF-Document" => "JVN VULDEF",
            "RDF" => "JVNRSS",
            other => return Err(Problem::WrongFormat { expected: EXPECTED, found: format!("XML <{other}>") }),
        };
        let lang = if root.attribute("lang") == Some("en") { Lang::En } else { Lang::Ja };
        Ok(Self { head: FeedHead::new(format), lang, entries: 0, promised: None })
    }

    fn take(&mut self, element: &Element, sink: &mut Sink<'_>) {
        match element.name.as_str() {
            "Vulinfo" => {
                let entry = vuldef(element);
                self.emit(entry, element.byte, sink);
            }
            "item" => {
                let entry = rss(element);
                self.emit(entry, element.byte, sink);
            }
            "channel" => self.head.date = element.text_of("modified").or(element.text_of("date")).map(str::to_owned),
            "Status" => self.status(element, sink),
            _ => {}
        }
    }

    /// The server's own report at the end of an answer.
    fn status(&mut self, status: &Element, sink: &mut Sink<'_>) {
        self.promised = status.attribute("totalResRet").and_then(|count| count.parse().ok());
        if let Some(code) = status.attribute("errCd") {
            let detail = format!("{code} {}", status.attribute("errMsg").unwrap_or_default());
            self.head.emit(Err(reject("status", "the server reported an error", detail)), sink);
        }
    }

    fn emit(&mut self, entry: Entry<'_>, byte: u64, sink: &mut Sink<'_>) {
        self.entries += 1;
        let Some(number) = entry.number else {
            self.head.emit(
                Err(reject(&format!("#{}", self.entries), "entry without number", format!("at byte {byte}"))),
                sink,
            );
            return;
        };
        for (reason, detail) in entry.notes {
            self.head.emit(Err(reject(number, reason, detail)), sink);
        }
        let ids = if entry.cves.is_empty() { vec![number] } else { entry.cves };
        if ids.len().saturating_mul(entry.statements.len()) > MAX_PAIRS {
            let detail = format!("{} × {}, at most {MAX_PAIRS}", ids.len(), entry.statements.len());
            self.head.emit(Err(reject(number, "too many CVEs and products in one entry", detail)), sink);
            return;
        }
        let texts: Vec<Text<'_>> = entry
            .texts
            .into_iter()
            .map(|(kind, text)| Text { lang: self.lang, kind, text: Cow::Borrowed(text) })
            .collect();
        let scores = if ids.len() == 1 { entry.scores } else { Vec::new() };
        for id in ids {
            let record = Record {
                source: Source::Jvn,
                id: Cow::Borrowed(id),
                document: (id != number).then_some(Cow::Borrowed(number)),
                publisher: None,
                published: entry.published.map(Cow::Borrowed),
                modified: entry.modified.map(Cow::Borrowed),
                state: State::Published,
                texts: texts.clone(),
                scores: scores.clone(),
                links: entry.links.iter().copied().map(Cow::Borrowed).collect(),
                exploited: None,
                statements: entry.statements.clone(),
            };
            self.head.emit(Ok(record), sink);
        }
    }

    fn end(mut self, sink: &mut Sink<'_>) -> FeedHead {
        if let Some(promised) = self.promised.filter(|promised| *promised > self.entries) {
            let detail = format!("{} of {promised}", self.entries);
            self.head.emit(Err(reject("status", "fewer entries than the file says it has", detail)), sink);
        }
        self.head
    }
}

fn reject(record: &str, reason: &'static str, detail: String) -> Reject {
    Reject { record: record.to_owned(), reason, detail }
}

/// What one entry says, in either format.
#[derive(Default)]
struct Entry<'a> {
    number: Option<&'a str>,
    cves: Vec<&'a str>,
    texts: Vec<(TextKind, &'a str)>,
    scores: Vec<Score<'a>>,
    links: Vec<&'a str>,
    published: Option<&'a str>,
    modified: Option<&'a str>,
    statements: Vec<Statement<'a>>,
    notes: Vec<(&'static str, String)>,
}

impl<'a> Entry<'a> {
    fn text(&mut self, kind: TextKind, text: Option<&'a str>) {
        self.texts.extend(text.map(|text| (kind, text)));
    }

    fn cve(&mut self, id: Option<&'a str>) {
        self.cves.extend(id.filter(|id| id.starts_with("CVE-") && !id.contains(char::is_whitespace)));
    }

    fn score(&mut self, base: Option<&'a str>, vector: Option<&'a str>) {
        match (base.and_then(|base| base.parse::<f64>().ok()).filter(|base| (0.0..=10.0).contains(base)), vector) {
            (Some(base), Some(vector)) => {
                let base_tenths = (base * 10.0).round() as u16;
                self.scores.push(Score { vector: Cow::Borrowed(vector), base_tenths, by: None });
            }
            (None, None) => {}
            _ => self.notes.push(("score without number or vector", format!("Cvss: {base:?} {vector:?}"))),
        }
    }

    fn product(
        &mut self,
        vendor: Option<&'a str>,
        product: Option<&'a str>,
        version: Option<&'a str>,
        cpe: Option<&'a str>,
        status: ProductStatus,
    ) {
        let Some(product) = product else {
            self.notes.push(("affected item without a product name", format!("vendor: {}", vendor.unwrap_or("?"))));
            return;
        };
        self.statements.push(Statement::Product(ProductStatement {
            status,
            vendor: vendor.map(Cow::Borrowed),
            product: Cow::Borrowed(product),
            version: version.map(Cow::Borrowed),
            cpe: cpe.map(Cow::Borrowed),
            purl: None,
        }));
    }

    /// Sources name a CVE several times (CVE, NVD): once is enough.
    fn finish(mut self) -> Self {
        self.cves.sort_unstable();
        self.cves.dedup();
        self
    }
}

/// One `Vulinfo` of a VULDEF document.
fn vuldef(info: &Element) -> Entry<'_> {
    let mut entry = Entry { number: info.text_of("VulinfoID"), ..Entry::default() };
    let Some(data) = info.child("VulinfoData") else { return entry };
    entry.published = data.text_of("DateFirstPublished");
    entry.modified = data.text_of("DateLastUpdated");
    entry.text(TextKind::Title, data.text_of("Title"));
    let descriptions = data.all("VulinfoDescription");
    descriptions.for_each(|description| entry.text(TextKind::Description, description.text_of("Overview")));
    for item in data.all("Affected").flat_map(|affected| affected.all("AffectedItem")) {
        let status = match item.attribute("affectedstatus") {
            Some("notvulnerable") => ProductStatus::NotAffected,
            Some("unknown") => ProductStatus::UnderInvestigation,
            _ => ProductStatus::Affected,
        };
        let (vendor, product, cpe) = (item.text_of("Name"), item.text_of("ProductName"), item.text_of("Cpe"));
        let mut versions = item.all("VersionNumber").map(|v| v.text.as_str()).filter(|v| !v.is_empty()).peekable();
        if versions.peek().is_none() {
            entry.product(vendor, product, None, cpe, status);
        }
        versions.for_each(|version| entry.product(vendor, product, Some(version), cpe, status));
    }
    for impact in data.all("Impact") {
        impact.all("Cvss").for_each(|cvss| entry.score(cvss.text_of("Base"), cvss.text_of("Vector")));
        impact.all("ImpactItem").for_each(|item| entry.text(TextKind::Impact, item.text_of("Description")));
    }
    for item in data.all("Solution").flat_map(|solution| solution.all("SolutionItem")) {
        entry.text(TextKind::Remedy, item.text_of("Description"));
    }
    for item in data.all("Related").flat_map(|related| related.all("RelatedItem")) {
        entry.cve(item.text_of("VulinfoID"));
        entry.links.extend(item.text_of("URL"));
    }
    entry.finish()
}

/// One `item` of a JVNRSS feed: products without versions.
fn rss(item: &Element) -> Entry<'_> {
    let mut entry = Entry { number: item.text_of("identifier"), ..Entry::default() };
    entry.published = item.text_of("issued");
    entry.modified = item.text_of("modified");
    entry.text(TextKind::Title, item.text_of("title"));
    entry.text(TextKind::Description, item.text_of("description"));
    for reference in item.all("references") {
        entry.cve(reference.attribute("id"));
        entry.links.extend(Some(reference.text.as_str()).filter(|link| !link.is_empty()));
    }
    for cpe in item.all("cpe") {
        let name = Some(cpe.text.as_str()).filter(|name| !name.is_empty());
        entry.product(cpe.attribute("vendor"), cpe.attribute("product"), None, name, ProductStatus::Affected);
    }
    item.all("cvss").for_each(|cvss| entry.score(cvss.attribute("score"), cvss.attribute("vector")));
    entry.finish()
}
