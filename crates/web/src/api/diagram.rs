//! The system diagram: as data and as files.

use crate::api::views::ProblemView;
use crate::failure::Failure;
use crate::pages::diagram::{Pairs, download};
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;
use tomomori_app::diagram::{self, Diagram, DiagramQuery, EndOfLife, Evidence, LineKind, NodeKind, Severity};
use tomomori_domain::Msg;
use tomomori_i18n::tr;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(data))
        .routes(routes!(svg))
        .routes(routes!(png))
        .routes(routes!(pdf))
        .routes(routes!(drawio))
}

/// A box of the diagram.
#[derive(Serialize, ToSchema)]
#[schema(as = DiagramNode)]
struct NodeView {
    /// Id of the device; of a group that of its first; other keys for parties outside and folded zones.
    key: String,
    name: String,
    /// Product and version; empty = not known.
    detail: String,
    /// Key of the zone.
    zone: String,
    /// As `kind` of resources, or `party` for somebody outside.
    kind: &'static str,
    /// Id of the vendor that must update it; absent = nobody is known to.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Devices the box stands for.
    count: u32,
    /// Ids of the devices of a group.
    members: Vec<String>,
    /// It stands for a whole zone.
    folded: bool,
    /// Vulnerabilities that apply.
    findings: u32,
    /// One of them is known to be exploited.
    exploited: bool,
    /// A ledger has it and nobody maintains it.
    nobody: bool,
    /// Its product is not known, or no ledger has it.
    unknown: bool,
    /// `critical`, `high`, `medium`, `low`, `none_known` (not the same as safe), `unknown`.
    severity: &'static str,
    /// `ended`, `within_12_months`, `within_24_months`, `later`, `unknown`.
    end_of_life: &'static str,
    /// `vendor`, `hospital`, `observed`, `declared`, `unknown`.
    evidence: &'static str,
    /// Between two days: `added`, `removed`, `changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
}

/// A line of the diagram.
#[derive(Serialize, ToSchema)]
#[schema(as = DiagramLine)]
struct LineView {
    /// Key of a box.
    from: String,
    /// Key of a box.
    to: String,
    label: String,
    /// `uplink`, `link`, `remote`.
    kind: &'static str,
    always_on: bool,
    /// Nobody owns it, or its sources are not limited.
    unowned: bool,
    /// Lines it stands for.
    count: u32,
    /// Between two days: `added`, `removed`, `changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
}

/// A zone of the diagram.
#[derive(Serialize, ToSchema)]
#[schema(as = DiagramZone)]
struct ZoneView {
    key: String,
    name: String,
    /// Devices in it.
    count: u64,
    /// It is one box.
    folded: bool,
}

/// The diagram as data.
#[derive(Serialize, ToSchema)]
#[schema(as = Diagram)]
struct DiagramView {
    title: Vec<String>,
    zones: Vec<ZoneView>,
    nodes: Vec<NodeView>,
    lines: Vec<LineView>,
    /// Lines that are not in this picture, in words.
    not_drawn: Vec<String>,
}

/// The system diagram as data: what the picture of the same parameters shows.
#[utoipa::path(get, path = "/diagram", tag = "diagram", params(
    ("layer" = Option<String>, Query, description = "responsibility (default), findings, end_of_life, remote, evidence"),
    ("open" = Option<String>, Query, description = "Keys of open zones with commas between, `all` or `none`; absent: all up to 400 boxes"),
    ("around" = Option<String>, Query, description = "Id of a device: only what stands around it"),
    ("hops" = Option<u8>, Query, description = "How far around, 1–5, default 1"),
    ("vendor" = Option<String>, Query, description = "Id of a vendor: only its part"),
    ("system" = Option<String>, Query, description = "Id of a service: only what it needs and what lies between"),
    ("at" = Option<String>, Query, description = "As it was at the end of this day in Japan, `YYYY-MM-DD`"),
    ("from" = Option<String>, Query, description = "Compare with this day, `YYYY-MM-DD`"),
    ("to" = Option<String>, Query, description = "The newer of two days; absent: today"),
), responses(
    (status = 200, body = DiagramView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn data(program: Program, Query(pairs): Pairs) -> Result<Json<DiagramView>, Failure> {
    let lang = program.lang;
    let q = DiagramQuery::read(&pairs, program.ctx.today())?;
    let drawn = diagram::view(&program.ctx, &q, &move |msg| tr(lang, msg)).await?;
    let zones = drawn.zones.into_iter();
    let zones = zones.map(|zone| ZoneView { key: zone.key, name: zone.name, count: zone.count, folded: zone.folded });
    Ok(Json(DiagramView { zones: zones.collect(), not_drawn: drawn.not_drawn, ..view(drawn.diagram) }))
}

fn view(diagram: Diagram) -> DiagramView {
    let nodes = diagram.nodes.into_iter().map(|node| NodeView {
        kind: match node.kind {
            NodeKind::Party => "party",
            NodeKind::Resource(kind) => kind.key(),
        },
        folded: node.fold.is_some(),
        findings: node.badge.map_or(0, |badge| badge.count),
        exploited: node.badge.is_some_and(|badge| badge.exploited),
        severity: severity(node.facts.findings),
        end_of_life: end_of_life(node.facts.end_of_life),
        evidence: evidence(node.facts.evidence),
        change: node.change.map(change),
        key: node.key,
        name: node.name,
        detail: node.detail,
        zone: node.zone,
        owner: node.owner,
        count: node.count,
        members: node.members,
        nobody: node.nobody,
        unknown: node.unknown,
    });
    let lines = diagram.lines.into_iter().map(|line| LineView {
        kind: match line.kind {
            LineKind::Uplink => "uplink",
            LineKind::Link => "link",
            LineKind::Remote => "remote",
        },
        change: line.change.map(change),
        from: line.from,
        to: line.to,
        label: line.label,
        always_on: line.always_on,
        unowned: line.unowned,
        count: line.count,
    });
    DiagramView {
        nodes: nodes.collect(),
        lines: lines.collect(),
        title: diagram.title,
        zones: Vec::new(),
        not_drawn: Vec::new(),
    }
}

fn change(change: diagram::Change) -> &'static str {
    match change {
        diagram::Change::Added => "added",
        diagram::Change::Removed => "removed",
        diagram::Change::Changed { .. } => "changed",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::NoneKnown => "none_known",
        Severity::Unknown => "unknown",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

fn end_of_life(end: EndOfLife) -> &'static str {
    match end {
        EndOfLife::Later => "later",
        EndOfLife::Unknown => "unknown",
        EndOfLife::Within24Months => "within_24_months",
        EndOfLife::Within12Months => "within_12_months",
        EndOfLife::Ended => "ended",
    }
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Vendor => "vendor",
        Evidence::Hospital => "hospital",
        Evidence::Observed => "observed",
        Evidence::Declared => "declared",
        Evidence::Unknown => "unknown",
    }
}

/// The system diagram as SVG. Parameters as for `/diagram`.
#[utoipa::path(get, path = "/diagram.svg", tag = "diagram", responses(
    (status = 200, content_type = "image/svg+xml", body = String),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn svg(program: Program, pairs: Pairs) -> Result<Response, Failure> {
    file(program, pairs, "svg").await
}

/// The system diagram as PNG. Parameters as for `/diagram`.
#[utoipa::path(get, path = "/diagram.png", tag = "diagram", responses(
    (status = 200, content_type = "image/png", body = Vec<u8>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn png(program: Program, pairs: Pairs) -> Result<Response, Failure> {
    file(program, pairs, "png").await
}

/// The system diagram as PDF. Parameters as for `/diagram`.
#[utoipa::path(get, path = "/diagram.pdf", tag = "diagram", params(
    ("page" = Option<String>, Query, description = "a3 (default), a4; landscape"),
), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn pdf(program: Program, pairs: Pairs) -> Result<Response, Failure> {
    file(program, pairs, "pdf").await
}

/// The system diagram for draw.io (diagrams.net). Parameters as for `/diagram`.
#[utoipa::path(get, path = "/diagram.drawio", tag = "diagram", responses(
    (status = 200, content_type = "application/vnd.jgraph.mxfile", body = String),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn drawio(program: Program, pairs: Pairs) -> Result<Response, Failure> {
    file(program, pairs, "drawio").await
}

async fn file(program: Program, Query(pairs): Pairs, ending: &str) -> Result<Response, Failure> {
    let lang = program.lang;
    let name = tr(lang, &Msg::new("nav-diagram"));
    download(&program.ctx, &pairs, ending, lang, &name, &move |msg| tr(lang, msg)).await
}
