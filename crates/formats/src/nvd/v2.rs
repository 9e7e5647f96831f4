//! NVD JSON 2.0: one element of `vulnerabilities`, and the same `configurations` in Anchore's overrides.

use super::{WireMatch, cpe_matches, description, frame, is_empty, newest_first, operator, score};
use crate::json::{self, Broken, S};
use crate::record::{Node, Record, Score, Statement};
use serde::Deserialize;

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    cve: Cve<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cve<'a> {
    #[serde(borrow)]
    id: S<'a>,
    #[serde(borrow, default)]
    published: Option<S<'a>>,
    #[serde(borrow, default)]
    last_modified: Option<S<'a>>,
    #[serde(borrow, default)]
    vuln_status: Option<S<'a>>,
    #[serde(borrow, default = "Vec::new")]
    descriptions: Vec<Description<'a>>,
    #[serde(borrow, default)]
    metrics: Metrics<'a>,
    #[serde(borrow, default = "Vec::new")]
    configurations: Vec<Configuration<'a>>,
    #[serde(borrow, default = "Vec::new")]
    references: Vec<Reference<'a>>,
}

#[derive(Deserialize)]
struct Description<'a> {
    #[serde(borrow)]
    lang: S<'a>,
    #[serde(borrow)]
    value: S<'a>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    url: S<'a>,
}

#[derive(Default, Deserialize)]
struct Metrics<'a> {
    #[serde(borrow, default, rename = "cvssMetricV40")]
    v40: Vec<Metric<'a>>,
    #[serde(borrow, default, rename = "cvssMetricV31")]
    v31: Vec<Metric<'a>>,
    #[serde(borrow, default, rename = "cvssMetricV30")]
    v30: Vec<Metric<'a>>,
    #[serde(borrow, default, rename = "cvssMetricV2")]
    v2: Vec<Metric<'a>>,
}

#[derive(Deserialize)]
struct Metric<'a> {
    #[serde(borrow, default)]
    source: Option<S<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<S<'a>>,
    #[serde(borrow, rename = "cvssData")]
    cvss: Cvss<'a>,
}

#[derive(Deserialize)]
struct Cvss<'a> {
    #[serde(borrow, rename = "vectorString")]
    vector: S<'a>,
    #[serde(rename = "baseScore")]
    base: f64,
}

#[derive(Deserialize)]
struct Configuration<'a> {
    #[serde(borrow, default)]
    operator: Option<S<'a>>,
    #[serde(default)]
    negate: bool,
    #[serde(borrow, default = "Vec::new")]
    nodes: Vec<WireNode<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireNode<'a> {
    #[serde(borrow, default)]
    operator: Option<S<'a>>,
    #[serde(default)]
    negate: bool,
    #[serde(borrow, default = "Vec::new")]
    cpe_match: Vec<WireMatch<'a>>,
}

#[derive(Deserialize)]
struct Annotation<'a> {
    #[serde(borrow)]
    cve_id: S<'a>,
}

#[derive(Deserialize)]
struct Patch<'a> {
    #[serde(borrow, default = "Vec::new")]
    configurations: Vec<Configuration<'a>>,
    #[serde(borrow, default = "Vec::new")]
    references: Vec<Reference<'a>>,
}

/// Reads one element, or the `item` of the vunnel envelope.
pub(super) fn record(value: &[u8]) -> Result<Record<'_>, Broken> {
    let cve = json::parse::<Item<'_>>(value)?.cve;
    let id = cve.id.0;
    let statements = statements(&id, cve.configurations)?;
    let scores = scores(&id, cve.metrics)?;
    let rejected = cve.vuln_status.is_some_and(|status| status.0.eq_ignore_ascii_case("rejected"));
    let mut record = frame(id, rejected, statements)?;
    record.published = cve.published.map(|date| date.0);
    record.modified = cve.last_modified.map(|date| date.0);
    record.texts = cve.descriptions.into_iter().filter_map(|d| description(&d.lang.0, d.value)).collect();
    record.scores = scores;
    record.links = cve.references.into_iter().map(|reference| reference.url.0).collect();
    Ok(record)
}

/// Reads Anchore's configurations for a record NVD did not analyse. The id stands in the annotation.
pub(super) fn override_record<'a>(annotation: &[u8], patch: &'a [u8]) -> Result<Record<'a>, Broken> {
    let id = json::parse::<Annotation<'_>>(annotation)?.cve_id.0.into_owned();
    let patch: Patch<'a> = json::parse(patch)?;
    let statements = statements(&id, patch.configurations)?;
    let mut record = frame(id.into(), false, statements)?;
    record.publisher = Some("Anchore".into());
    record.links = patch.references.into_iter().map(|reference| reference.url.0).collect();
    Ok(record)
}

fn statements<'a>(id: &str, configurations: Vec<Configuration<'a>>) -> Result<Vec<Statement<'a>>, Broken> {
    let mut out = Vec::with_capacity(configurations.len());
    for configuration in configurations {
        let mut children = Vec::with_capacity(configuration.nodes.len());
        for wire in configuration.nodes {
            let node = node(id, wire)?;
            if !is_empty(&node) {
                children.push(node);
            }
        }
        let operator = operator(id, configuration.operator.as_ref().map(|o| &*o.0))?;
        // Most have one node; the level above it says nothing then.
        match <[Node<'_>; 1]>::try_from(children) {
            Ok([only]) if !configuration.negate => out.push(Statement::Configuration(only)),
            Ok([only]) => {
                out.push(Statement::Configuration(Node {
                    operator,
                    negate: true,
                    matches: Vec::new(),
                    children: vec![only],
                }));
            }
            Err(children) if children.is_empty() => {}
            Err(children) => {
                out.push(Statement::Configuration(Node {
                    operator,
                    negate: configuration.negate,
                    matches: Vec::new(),
                    children,
                }));
            }
        }
    }
    Ok(out)
}

fn node<'a>(id: &str, wire: WireNode<'a>) -> Result<Node<'a>, Broken> {
    Ok(Node {
        operator: operator(id, wire.operator.as_ref().map(|o| &*o.0))?,
        negate: wire.negate,
        matches: cpe_matches(id, wire.cpe_match)?,
        children: Vec::new(),
    })
}

fn scores<'a>(id: &str, metrics: Metrics<'a>) -> Result<Vec<Score<'a>>, Broken> {
    let all = metrics.v40.into_iter().chain(metrics.v31).chain(metrics.v30).chain(metrics.v2);
    let mut out = Vec::new();
    for metric in all {
        let primary = metric.kind.is_some_and(|kind| kind.0 == "Primary");
        out.push((primary, score(id, metric.cvss.vector, metric.cvss.base, metric.source)?));
    }
    out.sort_by_key(|(primary, score)| (!primary, newest_first(&score.vector)));
    Ok(out.into_iter().map(|(_, score)| score).collect())
}
