//! A match's reason as sentences a person can check against the device and the source.

use crate::page::Page;
use tomomori_app::findings::{Criterion, FindingDetail, Part, Reason, Truth};
use tomomori_domain::Msg;
use tomomori_i18n::Label as _;

/// Lines shown; the rest is counted.
const SHOWN: usize = 30;

/// What the ledger says about the component: which product its name was taken for, and on whose word its version stands.
pub(crate) fn ledger_lines(p: &Page, detail: &FindingDetail) -> Vec<String> {
    let Some(component) = &detail.component else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(product) = &component.product {
        let msg = Msg::new("reason-taken-for").arg("text", &component.text).arg("product", &product.key);
        lines.push(p.m(msg.arg("by", product.by.label(p.lang)).arg("score", product.score)));
    }
    // The newest statement of each file; older ones are on the device's page.
    for fact in detail.versions.iter().take(3) {
        let msg = Msg::new("reason-version-from").arg("version", &fact.version).arg("place", &fact.place);
        lines.push(p.m(msg.arg("grade", fact.grade.label(p.lang)).arg("date", fact.seen)));
    }
    lines
}

/// The reason, one sentence per line. Every line names its source.
pub(crate) fn lines(p: &Page, reason: &Reason) -> Vec<String> {
    let mut lines = Vec::new();
    for tree in &reason.trees {
        let source = match &tree.document {
            Some(document) => format!("{} {document}", p.source(&tree.source)),
            None => p.source(&tree.source),
        };
        part(p, &tree.part, &source, &mut lines);
    }
    if let Some(day) = &reason.exploited_since {
        lines.push(p.m(Msg::new("reason-exploited").arg("date", day)));
    }
    for advisory in &reason.advisories {
        let publisher = advisory.publisher.clone().unwrap_or_else(|| p.source(&advisory.source));
        lines.push(
            p.m(Msg::new("reason-advisory")
                .arg("publisher", publisher)
                .arg("document", &advisory.document)
                .arg("title", advisory.title.as_deref().unwrap_or_default())),
        );
    }
    for other in &reason.opposing {
        let msg = if other.status == "fixed" { Msg::new("reason-fixed") } else { Msg::new("reason-not-affected") };
        let product =
            [Some(other.product.as_str()), other.version.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        lines.push(p.m(msg.arg("source", p.source(&other.source)).arg("product", product.join(" "))));
    }
    if reason.opposing.is_empty() && !lines.is_empty() {
        lines.push(p.t("reason-nothing-against"));
    }
    let more = lines.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.truncate(SHOWN);
        lines.push(p.m(Msg::new("reason-more").arg("count", more)));
    }
    lines
}

fn part(p: &Page, node: &Part, source: &str, lines: &mut Vec<String>) {
    match node {
        Part::All { parts, .. } | Part::Any { parts, .. } => {
            // A part that does not hold explains nothing here.
            parts.iter().filter(|inner| truth(inner) != Truth::False).for_each(|inner| part(p, inner, source, lines));
        }
        Part::Criterion(criterion) => lines.push(sentence(p, criterion, source)),
    }
}

fn truth(node: &Part) -> Truth {
    match node {
        Part::All { truth, .. } | Part::Any { truth, .. } => *truth,
        Part::Criterion(criterion) => criterion.truth,
    }
}

fn sentence(p: &Page, criterion: &Criterion, source: &str) -> String {
    let range = range(p, criterion);
    let have = criterion.have.as_deref();
    let msg = match (criterion.truth, criterion.missing, have) {
        (Truth::True, _, Some(have)) if range.is_some() => Msg::new("reason-version-inside").arg("have", have),
        (Truth::True, _, _) if range.is_some() => Msg::new("reason-product-range"),
        (Truth::True, _, _) => Msg::new("reason-product"),
        (_, Some(fact), Some(have)) => {
            Msg::new("reason-undecided").arg("have", have).arg("missing", fact.label(p.lang))
        }
        (_, Some(fact), None) => Msg::new("reason-missing").arg("missing", fact.label(p.lang)),
        _ => Msg::new("reason-open"),
    };
    let range = range.unwrap_or_else(|| p.t("reason-all-versions"));
    let text = p.m(msg.arg("product", &criterion.product).arg("range", range).arg("source", source));
    if criterion.vulnerable { text } else { p.m(Msg::new("reason-platform").arg("text", text)) }
}

/// `5.4.6 以上 5.4.12 以下`; `None` when every version is meant.
fn range(p: &Page, criterion: &Criterion) -> Option<String> {
    let ends = [criterion.start.as_deref(), criterion.end.as_deref()];
    let text: Vec<String> = ends.into_iter().flatten().map(|end| bound(p, end)).collect();
    if !text.is_empty() {
        return Some(text.join(" "));
    }
    match criterion.version.as_str() {
        "*" | "-" => None,
        version => Some(version.to_owned()),
    }
}

fn bound(p: &Page, end: &str) -> String {
    let (msg, version) = if let Some(version) = end.strip_prefix(">=") {
        (Msg::new("reason-from"), version)
    } else if let Some(version) = end.strip_prefix("<=") {
        (Msg::new("reason-to"), version)
    } else if let Some(version) = end.strip_prefix('>') {
        (Msg::new("reason-above"), version)
    } else if let Some(version) = end.strip_prefix('<') {
        (Msg::new("reason-below"), version)
    } else {
        return end.to_owned();
    };
    p.m(msg.arg("version", version.trim()))
}
