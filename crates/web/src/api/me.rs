//! Who the token stands for.

use crate::api::views::ProblemView;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(me))
}

/// Owner of the token.
#[derive(Serialize, ToSchema)]
struct Me {
    tenant: Uuid,
    name: String,
    roles: Vec<&'static str>,
}

/// Who the token stands for.
#[utoipa::path(get, path = "/me", tag = "me", responses(
    (status = 200, body = Me),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
))]
async fn me(program: Program) -> Json<Me> {
    let actor = &program.ctx.actor;
    Json(Me {
        tenant: actor.tenant.0,
        name: actor.name.clone(),
        roles: actor.roles().iter().map(|role| role.key()).collect(),
    })
}
