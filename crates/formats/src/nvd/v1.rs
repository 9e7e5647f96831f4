//! NVD JSON 1.1: one element of `CVE_Items`.

use super::{WireMatch, cpe_matches, description, frame, is_empty, operator, score};
use crate::json::{self, Broken, S};
use crate::record::{Node, Record, Statement};
use serde::Deserialize;

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    cve: Cve<'a>,
    #[serde(borrow, default)]
    configurations: Configurations<'a>,
    #[serde(borrow, default)]
    impact: Impact<'a>,
    #[serde(borrow, default, rename = "publishedDate")]
    published: Option<S<'a>>,
    #[serde(borrow, default, rename = "lastModifiedDate")]
    modified: Option<S<'a>>,
}

#[derive(Deserialize)]
struct Cve<'a> {
    #[serde(borrow, rename = "CVE_data_meta")]
    meta: Meta<'a>,
    #[serde(borrow, default)]
    references: References<'a>,
    #[serde(borrow, default)]
    description: Descriptions<'a>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "ID")]
    id: S<'a>,
}

#[derive(Default, Deserialize)]
struct References<'a> {
    #[serde(borrow, default, rename = "reference_data")]
    list: Vec<Reference<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    url: S<'a>,
}

#[derive(Default, Deserialize)]
struct Descriptions<'a> {
    #[serde(borrow, default, rename = "description_data")]
    list: Vec<Description<'a>>,
}

#[derive(Deserialize)]
struct Description<'a> {
    #[serde(borrow)]
    lang: S<'a>,
    #[serde(borrow)]
    value: S<'a>,
}

#[derive(Default, Deserialize)]
struct Configurations<'a> {
    #[serde(borrow, default)]
    nodes: Vec<WireNode<'a>>,
}

#[derive(Deserialize)]
struct WireNode<'a> {
    #[serde(borrow, default)]
    operator: Option<S<'a>>,
    #[serde(default)]
    negate: bool,
    #[serde(borrow, default = "Vec::new")]
    children: Vec<WireNode<'a>>,
    #[serde(borrow, default = "Vec::new")]
    cpe_match: Vec<WireMatch<'a>>,
}

#[derive(Default, Deserialize)]
struct Impact<'a> {
    #[serde(borrow, default, rename = "baseMetricV3")]
    v3: Option<MetricV3<'a>>,
    #[serde(borrow, default, rename = "baseMetricV2")]
    v2: Option<MetricV2<'a>>,
}

#[derive(Deserialize)]
struct MetricV3<'a> {
    #[serde(borrow, rename = "cvssV3")]
    cvss: Cvss<'a>,
}

#[derive(Deserialize)]
struct MetricV2<'a> {
    #[serde(borrow, rename = "cvssV2")]
    cvss: Cvss<'a>,
}

#[derive(Deserialize)]
struct Cvss<'a> {
    #[serde(borrow, rename = "vectorString")]
    vector: S<'a>,
    #[serde(rename = "baseScore")]
    base: f64,
}

/// Reads one element.
pub(super) fn record(value: &[u8]) -> Result<Record<'_>, Broken> {
    let item: Item<'_> = json::parse(value)?;
    let id = item.cve.meta.id.0;
    let mut statements = Vec::with_capacity(item.configurations.nodes.len());
    for wire in item.configurations.nodes {
        let node = node(&id, wire)?;
        if !is_empty(&node) {
            statements.push(Statement::Configuration(node));
        }
    }
    let mut scores = Vec::new();
    for cvss in item.impact.v3.map(|v3| v3.cvss).into_iter().chain(item.impact.v2.map(|v2| v2.cvss)) {
        scores.push(score(&id, cvss.vector, cvss.base, None)?);
    }
    let texts: Vec<_> = item.cve.description.list.into_iter().filter_map(|d| description(&d.lang.0, d.value)).collect();
    // 1.1 has no field for it: withdrawn records say so in their text.
    let rejected = texts.first().is_some_and(|text| {
        let text = text.text.trim_start();
        text.starts_with("** REJECT **") || text.starts_with("Rejected reason:")
    });
    let mut record = frame(id, rejected, statements)?;
    record.published = item.published.map(|date| date.0);
    record.modified = item.modified.map(|date| date.0);
    record.texts = texts;
    record.scores = scores;
    record.links = item.cve.references.list.into_iter().map(|reference| reference.url.0).collect();
    Ok(record)
}

fn node<'a>(id: &str, wire: WireNode<'a>) -> Result<Node<'a>, Broken> {
    let mut children = Vec::with_capacity(wire.children.len());
    for child in wire.children {
        let child = node(id, child)?;
        if !is_empty(&child) {
            children.push(child);
        }
    }
    Ok(Node {
        operator: operator(id, wire.operator.as_ref().map(|o| &*o.0))?,
        negate: wire.negate,
        matches: cpe_matches(id, wire.cpe_match)?,
        children,
    })
}
