//! Findings (脆弱性): list and one finding.

use super::lists::{Chip, Choice, Pager, Params, download};
use crate::failure::Failure;
use crate::page::{Entry, Page, render};
use crate::reason;
use crate::session::Person;
use crate::state::WebState;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tomomori_app::export;
use tomomori_app::findings::{
    self, FindingDetail, FindingFilter, FindingPage, FindingSort, PageRequest, TextKind, TextLang, Vulnerability,
    source_key,
};
use tomomori_domain::Msg;
use tomomori_domain::finding::Verdict;
use tomomori_i18n::Lang;

pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/findings", get(list)).route("/findings.xlsx", get(file)).route("/findings/{id}", get(detail))
}

/// The list's state as its URL writes it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct FindingQuery {
    q: Option<String>,
    verdict: Option<String>,
    exploited: Option<String>,
    resource: Option<String>,
    sort: Option<String>,
    after: Option<String>,
    pub(crate) limit: Option<u32>,
}

impl FindingQuery {
    pub(crate) fn filter(&self) -> Result<FindingFilter, Failure> {
        let resource = match self.resource.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => Some(id.parse().map_err(|_| Failure::not_found())?),
            None => None,
        };
        Ok(FindingFilter {
            verdict: self.verdict.as_deref().and_then(Verdict::from_key),
            exploited: self.exploited.as_deref().is_some_and(|value| !value.is_empty()),
            resource,
            text: self.q.clone().filter(|words| !words.trim().is_empty()),
            ..FindingFilter::default()
        })
    }

    pub(crate) fn order(&self) -> FindingSort {
        match self.sort.as_deref() {
            Some("resource") => FindingSort::Resource,
            Some("vulnerability") => FindingSort::Vulnerability,
            Some("new") => FindingSort::FirstSeen,
            _ => FindingSort::Urgency,
        }
    }

    pub(crate) fn page(&self) -> PageRequest {
        PageRequest { after: self.after.clone().filter(|after| !after.is_empty()), limit: self.limit.unwrap_or(50) }
    }

    fn params(&self) -> Params {
        Params::new(
            "/findings",
            vec![
                ("q", self.q.clone()),
                ("verdict", self.verdict.clone()),
                ("exploited", self.exploited.clone()),
                ("resource", self.resource.clone()),
                ("sort", self.sort.clone()),
                ("after", self.after.clone()),
            ],
        )
    }
}

#[derive(Template)]
#[template(path = "findings.html")]
struct ListPage {
    p: Page,
    title: String,
    list: FindingPage,
    chips: Vec<Chip>,
    sorts: Vec<Choice>,
    kept: Vec<(&'static str, String)>,
    words: String,
    excel: String,
    filtered: bool,
    /// Why the list is empty, and what to do.
    empty: (String, String),
    pager: Pager,
}

async fn list(person: Person, Query(query): Query<FindingQuery>) -> Result<Response, Failure> {
    let found = findings::list(&person.ctx, &query.filter()?, query.order(), &query.page()).await?;
    let p = Page::of(&person, Entry::Findings);
    let params = query.params();
    let counts = &found.counts;
    let count = |verdict| counts.by_verdict.get(&verdict).copied().unwrap_or_default();
    let (affected, possibly) = (count(Verdict::Affected), count(Verdict::Possibly));
    let verdict = query.verdict.as_deref().and_then(Verdict::from_key);
    let exploited = query.exploited.as_deref().is_some_and(|value| !value.is_empty());
    let chip = |msg: Msg, count, on, verdict: Option<&'static str>, exploited: Option<&'static str>| Chip {
        text: p.m(&msg),
        count,
        on,
        href: params.with(&[("verdict", verdict), ("exploited", exploited)]),
    };
    let chips = vec![
        chip(Msg::new("filter-all"), counts.all, verdict.is_none() && !exploited, None, None),
        chip(Msg::new("tag-exploited-short"), counts.exploited, exploited, None, Some("1")),
        chip(Msg::new("verdict-affected"), affected, verdict == Some(Verdict::Affected), Some("affected"), None),
        chip(Msg::new("chip-questions"), possibly, verdict == Some(Verdict::Possibly), Some("possibly"), None),
    ];
    let sort = |value: &str, msg: Msg, sort| Choice {
        value: value.to_owned(),
        text: p.m(&msg),
        count: 0,
        on: query.order() == sort,
    };
    let sorts = vec![
        sort("", Msg::new("sort-urgency"), FindingSort::Urgency),
        sort("resource", Msg::new("sort-device"), FindingSort::Resource),
        sort("vulnerability", Msg::new("sort-vulnerability"), FindingSort::Vulnerability),
        sort("new", Msg::new("sort-new"), FindingSort::FirstSeen),
    ];
    let empty = if params.filtered() {
        (p.t("findings-none-filtered"), p.t("findings-none-filtered-how"))
    } else if tomomori_app::catalogue::freshness(&person.ctx).sources.is_empty() {
        (p.t("fresh-none"), p.t("catalogue-none-how"))
    } else {
        (p.t("findings-none"), p.t("findings-none-how"))
    };
    let title = p.m(Msg::new("findings-title").arg("affected", p.n(affected)).arg("questions", p.n(possibly)));
    Ok(render(&ListPage {
        title,
        chips,
        sorts,
        kept: params.kept(&["verdict", "exploited", "resource"]),
        words: query.q.clone().unwrap_or_default(),
        excel: params.workbook(),
        filtered: params.filtered(),
        empty,
        pager: params.pager(found.page.rows.len(), counts.matching, found.page.next.as_deref()),
        list: found,
        p,
    }))
}

/// The list as a workbook; which page was open does not matter.
async fn file(person: Person, Query(query): Query<FindingQuery>) -> Result<Response, Failure> {
    let tr = |msg: &Msg| person.tr(msg);
    let bytes = export::findings_xlsx(&person.ctx, &query.filter()?, query.order(), &tr).await?;
    Ok(download(bytes, "findings", &tr(&Msg::new("nav-findings")), person.ctx.today()))
}

/// One source's record, as a table row.
struct SourceLine {
    name: String,
    document: String,
    scores: String,
    modified: String,
}

/// A source's words, in the language in which it wrote them.
struct Words {
    text: String,
    lang: Lang,
}

struct ExploitedLine {
    added: String,
    ransomware: bool,
}

#[derive(Template)]
#[template(path = "finding.html")]
struct DetailPage {
    p: Page,
    title: String,
    decision: String,
    decision_note: String,
    phone: String,
    description: Option<Words>,
    remedy: Option<Words>,
    reason: Vec<String>,
    from_ledger: Vec<String>,
    catalogue: String,
    sources: Vec<SourceLine>,
    links: Vec<String>,
    exploited: Option<ExploitedLine>,
    d: FindingDetail,
}

async fn detail(person: Person, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    let d = findings::detail(&person.ctx, id).await?;
    let p = Page::of(&person, Entry::Findings);
    let (finding, device) = (&d.row.finding, d.resource.name.as_str());
    let known = d.vulnerability.as_deref();
    let texts = |kind| known.and_then(|known| text(known, kind, p.lang));
    let title = match finding.missing {
        Some(missing) => Msg::new("finding-title-question").arg("device", device).arg("fact", p.label(missing)),
        None if finding.title.is_empty() => {
            Msg::new("finding-title-plain").arg("device", device).arg("id", &finding.vulnerability)
        }
        None => Msg::new("finding-title").arg("device", device).arg("title", &finding.title),
    };
    let what = match (&d.component, finding.missing) {
        (Some(part), _) => {
            [Some(part.text.as_str()), part.version.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        _ => device.to_owned(),
    };
    let (decision, decision_note) = decision(&d, &what, &p);
    let phone = match finding.missing {
        Some(missing) => Msg::new("finding-phone-question").arg("fact", p.label(missing)),
        None => Msg::new("finding-phone-affected").arg("id", &finding.vulnerability),
    };
    Ok(render(&DetailPage {
        title: p.m(&title),
        decision,
        decision_note,
        phone: p.m(phone.arg("device", device).arg("what", &what)),
        description: texts(TextKind::Impact).or_else(|| texts(TextKind::Description)),
        remedy: texts(TextKind::Remedy),
        reason: d.reason.as_ref().map(|reason| reason::lines(&p, reason)).unwrap_or_default(),
        from_ledger: reason::ledger_lines(&p, &d),
        catalogue: finding.catalogue.chars().take(12).collect(),
        sources: known.map(|known| sources(known, &p)).unwrap_or_default(),
        links: known.map(|known| known.links().into_iter().take(50).map(str::to_owned).collect()).unwrap_or_default(),
        exploited: known
            .and_then(Vulnerability::exploited)
            .map(|exploited| ExploitedLine { added: exploited.added.clone(), ransomware: exploited.ransomware }),
        d,
        p,
    }))
}

/// What is to be decided, and by whom: the first thing on the page.
fn decision(d: &FindingDetail, what: &str, p: &Page) -> (String, String) {
    let ask = match (&d.vendor, d.row.finding.missing) {
        (None, _) => Msg::new("decide-find-vendor"),
        (Some(vendor), Some(missing)) => {
            Msg::new("decide-ask-fact").arg("vendor", &vendor.name).arg("what", what).arg("fact", p.label(missing))
        }
        (Some(vendor), None) => Msg::new("decide-ask-update").arg("vendor", &vendor.name).arg("what", what),
    };
    let note = match d.contract.as_ref().and_then(|contract| contract.update_clause.as_deref()) {
        Some(clause) => Msg::new("decide-by-clause").arg("clause", clause),
        None => Msg::new("decide-no-clause"),
    };
    (p.m(&ask), p.m(&note))
}

/// The reader's language first, else the other one: a foreign text says more than none.
fn text(known: &Vulnerability, kind: TextKind, lang: Lang) -> Option<Words> {
    let of = |lang| {
        let text = known.text(kind, if lang == Lang::Ja { TextLang::Ja } else { TextLang::En })?;
        Some(Words { text: text.to_owned(), lang })
    };
    of(lang).or_else(|| of(if lang == Lang::Ja { Lang::En } else { Lang::Ja }))
}

fn sources(known: &Vulnerability, p: &Page) -> Vec<SourceLine> {
    let of_say = known.says.iter().map(|say| SourceLine {
        name: say.detail.publisher.clone().unwrap_or_else(|| p.source(source_key(say.source))),
        document: say.document.clone().unwrap_or_else(|| known.id.clone()),
        scores: say.detail.scores.iter().map(|score| p.score(&score.base_tenths)).collect::<Vec<_>>().join(" / "),
        modified: say.detail.modified.as_deref().and_then(|at| at.get(..10)).unwrap_or("–").to_owned(),
    });
    of_say.collect()
}
