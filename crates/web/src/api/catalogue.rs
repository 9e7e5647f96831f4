//! How fresh the vulnerability information is.

use crate::api::views::ProblemView;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(catalogue))
}

/// The catalogue in force.
#[derive(Serialize, ToSchema)]
struct Catalogue {
    /// Content hash; absent = there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    /// Per source.
    sources: Vec<CatalogueSource>,
}

/// One source of the catalogue.
#[derive(Serialize, ToSchema)]
struct CatalogueSource {
    source: String,
    records: u64,
    /// Newest record or feed date, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<String>,
    /// Empty, undated or too old: no conclusion may rest on its silence.
    stale: bool,
}

/// The catalogue in force and how old each source is.
#[utoipa::path(get, path = "/catalogue", tag = "catalogue", responses(
    (status = 200, body = Catalogue),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
))]
async fn catalogue(program: Program) -> Json<Catalogue> {
    let freshness = tomomori_app::catalogue::freshness(&program.ctx);
    let sources = freshness.sources.into_iter().map(|source| CatalogueSource {
        source: source.source,
        records: source.records,
        newest: source.newest.map(|day| day.to_string()),
        stale: source.stale,
    });
    Json(Catalogue { content: freshness.catalogue, sources: sources.collect() })
}
