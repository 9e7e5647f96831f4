//! Imports by programs: upload, look, confirm or drop.

use crate::api::views::ProblemView;
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::StatusCode;
use serde::Serialize;
use tomomori_app::import::{self, Counts, ImportState, ImportView, Upload};
use tomomori_domain::ids::ImportId;
use tomomori_i18n::tr;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes(max_upload: usize) -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .layer(DefaultBodyLimit::max(max_upload))
        .routes(routes!(one))
        .routes(routes!(confirm))
        .routes(routes!(drop_it))
}

/// Files to import, each a part named `files`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form for OpenAPI")]
struct UploadForm {
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<String>,
}

/// An import.
#[derive(Serialize, ToSchema)]
struct Import {
    id: Uuid,
    /// `uploaded`, `previewed`, `confirmed`, `failed`, `dropped`.
    state: &'static str,
    /// 0–100 while files are being read.
    progress: u8,
    files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<ImportCounts>,
    /// Everything wrong, with places.
    problems: Vec<ImportProblem>,
}

/// How many rows of the ledger an import touches.
#[derive(Serialize, ToSchema)]
struct ImportCounts {
    created: u64,
    changed: u64,
    removed: u64,
    left: u64,
    doubts: u64,
    checks: u64,
    others: u64,
    errors: u64,
    warnings: u64,
}

impl From<Counts> for ImportCounts {
    fn from(c: Counts) -> Self {
        let Counts { created, changed, removed, left, doubts, others, checks, errors, warnings } = c;
        Self { created, changed, removed, left, doubts, others, checks, errors, warnings }
    }
}

/// One thing that is wrong.
#[derive(Serialize, ToSchema)]
struct ImportProblem {
    /// `error` or `warning`.
    severity: &'static str,
    /// File, sheet and cell or line.
    place: String,
    text: String,
}

fn shown(program: &Program, view: ImportView) -> Import {
    let preview = view.preview.unwrap_or_default();
    let known = matches!(view.import.state, ImportState::Previewed | ImportState::Confirmed);
    Import {
        id: view.import.id.0,
        state: match view.import.state {
            ImportState::Uploaded => "uploaded",
            ImportState::Previewed => "previewed",
            ImportState::Confirmed => "confirmed",
            ImportState::Failed => "failed",
            ImportState::Dropped => "dropped",
        },
        progress: view.import.progress,
        files: view.files.into_iter().map(|file| file.name).collect(),
        failure: view.failure.map(|msg| tr(program.lang, &msg)),
        counts: known.then(|| preview.counts.into()),
        problems: preview
            .problems
            .iter()
            .map(|problem| ImportProblem {
                severity: problem.severity.key(),
                place: problem.place.to_string(),
                text: tr(program.lang, &problem.msg),
            })
            .collect(),
    }
}

fn parse(id: &str) -> Result<ImportId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// Uploads files. Nothing is written to the ledger before the import is confirmed.
#[utoipa::path(post, path = "/imports", tag = "imports",
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses(
    (status = 202, body = Import),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 413, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn upload(program: Program, mut form: Multipart) -> Result<(StatusCode, Json<Import>), Failure> {
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(crate::upload::unreadable)? {
        if let Some(name) = field.file_name().map(str::to_owned) {
            let bytes = field.bytes().await.map_err(crate::upload::unreadable)?.to_vec();
            files.push(Upload { name, bytes });
        }
    }
    let id = import::upload(&program.ctx, files).await?;
    let view = import::view(&program.ctx, id).await?;
    Ok((StatusCode::ACCEPTED, Json(shown(&program, view))))
}

/// One import: state, counts and problems.
#[utoipa::path(get, path = "/imports/{id}", tag = "imports", params(("id" = String, Path)), responses(
    (status = 200, body = Import),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one(program: Program, Path(id): Path<String>) -> Result<Json<Import>, Failure> {
    let view = import::view(&program.ctx, parse(&id)?).await?;
    Ok(Json(shown(&program, view)))
}

/// Writes the import to the ledger: everything or nothing.
#[utoipa::path(post, path = "/imports/{id}/confirm", tag = "imports", params(("id" = String, Path)), responses(
    (status = 200, body = ImportCounts),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
))]
async fn confirm(program: Program, Path(id): Path<String>) -> Result<Json<ImportCounts>, Failure> {
    Ok(Json(import::confirm(&program.ctx, parse(&id)?).await?.into()))
}

/// Gives the import up.
#[utoipa::path(delete, path = "/imports/{id}", tag = "imports", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
))]
async fn drop_it(program: Program, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    import::drop_import(&program.ctx, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
