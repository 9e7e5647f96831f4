//! All routes and the layers around them.

use crate::failure::{Failure, explain};
use crate::state::WebState;
use crate::{api, assets, origin, pages, security};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tomomori_domain::Msg;

/// Forms are small; uploads have their own limit.
const FORM_LIMIT: usize = 256 * 1024;

/// The whole site.
pub fn router(web: WebState) -> Router {
    Router::new()
        .merge(pages::routes(web.config.max_upload))
        .nest("/api/v1", api::routes(&web))
        .route("/assets/{name}", get(assets::serve))
        .route("/csp-report", post(security::csp_report))
        .route("/healthz", get(|| async { "ok" }))
        .fallback(|| async { Failure::not_found() })
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(from_fn_with_state(web.clone(), time_limit))
        .layer(from_fn(origin::check))
        .layer(from_fn(explain))
        .layer(from_fn_with_state(web.clone(), security::headers))
        .layer(tower_http::trace::TraceLayer::new_for_http())
        .with_state(web)
}

async fn time_limit(State(web): State<WebState>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(web.config.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::new(StatusCode::SERVICE_UNAVAILABLE, Msg::new("error-timeout")).into_response(),
    }
}
