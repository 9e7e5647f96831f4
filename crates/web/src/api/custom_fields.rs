//! Definitions of the hospital's own columns.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use serde::Serialize;
use tomomori_app::custom_fields::{self, CustomField};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What an own column holds. Its values are in `custom` of a device, by this name.
#[derive(Serialize, ToSchema)]
#[schema(as = CustomField)]
struct FieldView {
    name: String,
    /// `text`, `number` (plain, `1200.5`), `date` (`YYYY-MM-DD`), `yes_no` (`はい`, `いいえ`), `choice`. A value that does not
    /// fit is handed out as written.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Words of a `choice`.
    choices: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Not offered any more; values stay.
    retired: bool,
}

impl From<CustomField> for FieldView {
    fn from(field: CustomField) -> Self {
        let CustomField { name, kind, choices, note, retired, position: _ } = field;
        Self { name, kind: kind.key(), choices, note, retired }
    }
}

/// The hospital's own columns that have a type, in their order.
#[utoipa::path(get, path = "/fields", tag = "resources", responses(
    (status = 200, body = List<FieldView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program) -> Result<Json<List<FieldView>>, Failure> {
    let items: Vec<FieldView> =
        custom_fields::definitions(&program.ctx).await?.into_iter().map(FieldView::from).collect();
    Ok(Json(List { total: items.len() as u64, items, next: None }))
}
