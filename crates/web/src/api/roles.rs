//! The role matrix and its findings, to read.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::pages::roles::RolesQuery;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Query;
use serde::Serialize;
use tomomori_app::roles::{self, MatrixView, On, Told};
use tomomori_i18n::{Label as _, Lang};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(matrix)).routes(routes!(gaps))
}

/// A finding.
#[derive(Serialize, ToSchema)]
pub(crate) struct GapView {
    /// `nobody_does`, `two_do`, `no_clause`, `clause_ended`, `subcontractor_unknown`, `line_without_owner`, `no_updater`,
    /// `outside_scope`, `joint`.
    rule: &'static str,
    /// Key of the reason.
    why: &'static str,
    /// The reason in the language asked for.
    reason: String,
    /// Key of the item in the edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// `hospital`, `system`, `contract`, `resource`, `line`.
    on: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// Layer of a device, for `no_updater`.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'static str>,
    /// Name of what it is about.
    subject: String,
    /// Names of the vendors concerned; null = the hospital.
    parties: Vec<Option<String>>,
    /// Topics of a joint left to agree on: `boundary`, `changes`, `fixes`, `faults`, `cut`.
    open: Vec<&'static str>,
}

/// A finding as the API and the command line tell it.
pub(crate) fn gap(told: Told, lang: Lang) -> GapView {
    let (on, id, layer) = match told.gap.on {
        On::Hospital => ("hospital", None, None),
        On::System(id) => ("system", Some(id), None),
        On::Contract(id) => ("contract", Some(id.0), None),
        On::Resource(id) => ("resource", Some(id.0), None),
        On::Layer(id, layer) => ("resource", Some(id.0), Some(layer.key())),
        On::Line(id) => ("line", Some(id.0), None),
    };
    GapView {
        rule: told.gap.rule.key(),
        why: told.gap.why.key(),
        reason: told.gap.why.label(lang),
        item: told.item,
        title: if lang == Lang::En { told.words_en } else { told.words },
        on,
        id,
        layer,
        subject: told.subject,
        parties: told.parties,
        open: told.gap.open.iter().map(|topic| topic.key()).collect(),
    }
}

/// A column of the matrix.
#[derive(Serialize, ToSchema)]
struct ColumnView {
    /// Name of the vendor; null = the hospital.
    vendor: Option<String>,
    /// Name of the system; null = the hospital as a whole.
    system: Option<String>,
}

/// What one side said in a cell.
#[derive(Serialize, ToSchema)]
struct SaidView {
    /// `does`, `shares`, `helps`, `informed`, `not`.
    duty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    /// In the hospital's column: the system it is said for, where it differs between systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
}

/// A row of the matrix: a list of words per column.
#[derive(Serialize, ToSchema)]
struct RoleRow {
    item: String,
    /// `full`, `title`, `missing`.
    known: &'static str,
    title: Option<String>,
    cells: Vec<Vec<SaidView>>,
}

/// The matrix.
#[derive(Serialize, ToSchema)]
struct RolesView {
    edition: String,
    columns: Vec<ColumnView>,
    rows: Vec<RoleRow>,
    /// Items whose text was not obtained: neither open nor done.
    missing: usize,
}

fn view(matrix: MatrixView, lang: Lang) -> RolesView {
    let row = |row: roles::RowView| RoleRow {
        known: row.item.known.key(),
        title: if lang == Lang::En { row.item.words_en() } else { row.item.words() }.map(str::to_owned),
        item: row.item.key,
        cells: row
            .cells
            .into_iter()
            .map(|cell| {
                let said = cell.said.into_iter();
                said.map(|(duty, clause, system)| SaidView { duty: duty.key(), clause, system }).collect()
            })
            .collect(),
    };
    let column = |column: roles::Column| ColumnView { vendor: column.vendor, system: column.system };
    RolesView {
        edition: matrix.edition.key,
        columns: matrix.columns.into_iter().map(column).collect(),
        rows: matrix.rows.into_iter().map(row).collect(),
        missing: matrix.missing,
    }
}

/// Who does what, by item, side and system.
#[utoipa::path(get, path = "/roles", tag = "roles", params(
    ("edition" = Option<String>, Query, description = "Key of an edition about roles"),
    ("system" = Option<String>, Query, description = "Id of a system"),
    ("rule" = Option<String>, Query, description = "Only items with findings of this rule"),
), responses(
    (status = 200, body = RolesView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn matrix(program: Program, Query(query): Query<RolesQuery>) -> Result<Json<RolesView>, Failure> {
    Ok(Json(view(roles::matrix(&program.ctx, &query.asked()?).await?, program.lang)))
}

/// Roles nobody has, that two have, or that are not written down.
#[utoipa::path(get, path = "/roles/gaps", tag = "roles", params(
    ("edition" = Option<String>, Query, description = "Key of an edition about roles"),
    ("system" = Option<String>, Query, description = "Id of a system: findings about other systems are left out"),
    ("rule" = Option<String>, Query, description = "Only this rule"),
), responses(
    (status = 200, body = List<GapView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn gaps(program: Program, Query(query): Query<RolesQuery>) -> Result<Json<List<GapView>>, Failure> {
    let (_, found) = roles::gaps(&program.ctx, &query.asked()?).await?;
    let items: Vec<GapView> = found.into_iter().map(|told| gap(told, program.lang)).collect();
    Ok(Json(List { total: items.len() as u64, items, next: None }))
}
