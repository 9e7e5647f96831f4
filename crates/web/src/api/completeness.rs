//! How completely the ledger is filled in.

use crate::api::views::ProblemView;
use crate::failure::Failure;
use crate::pages::completeness::PartQuery;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Query;
use serde::Serialize;
use tomomori_app::completeness::{self, Share};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(show))
}

/// What is known of the devices that count: disposed ones do not.
#[derive(Serialize, ToSchema)]
#[schema(as = Completeness)]
struct CompletenessView {
    /// Devices that count.
    devices: u64,
    /// The least known first; those that apply to no device last.
    measures: Vec<MeasureView>,
}

/// On how many devices a fact is known.
#[derive(Serialize, ToSchema)]
#[schema(as = Measure)]
struct MeasureView {
    /// Which fact, e.g. `product`, `linked`, `version`, `os_version`, `updater_os`, `contract`, `location`.
    key: &'static str,
    /// Devices it applies to.
    applies: u64,
    /// Devices of which it is known.
    known: u64,
    /// Devices of which it is not known.
    unknown: u64,
    /// Rounded down: 100 only when nothing is unknown. Absent = it applies to no device.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u8>,
    /// Address of the devices of which it is not known.
    list: String,
}

/// How completely the ledger is filled in.
#[utoipa::path(get, path = "/completeness", tag = "resources", params(
    ("kind" = Option<String>, Query, description = "Only devices of this kind"),
    ("zone" = Option<String>, Query, description = "Only devices in this zone: its id, or `none`"),
), responses(
    (status = 200, body = CompletenessView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn show(program: Program, Query(query): Query<PartQuery>) -> Result<Json<CompletenessView>, Failure> {
    let found = completeness::completeness(&program.ctx, query.part()).await?;
    let view = |share: &Share| MeasureView {
        key: share.measure.key(),
        applies: share.applies,
        known: share.known,
        unknown: share.unknown(),
        percent: share.percent(),
        list: query.unknown("/api/v1/resources", share.measure),
    };
    Ok(Json(CompletenessView { devices: found.devices, measures: found.shares.iter().map(view).collect() }))
}
