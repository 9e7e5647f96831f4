//! The API for programs: `/api/v1`, personal tokens, problem+json, described by OpenAPI 3.1.

mod agreements;
mod catalogue;
mod checklists;
mod checks;
mod completeness;
mod custom_fields;
mod diagram;
mod editions;
mod findings;
mod imports;
mod inbox;
mod lifetimes;
mod me;
mod resources;
mod roles;
mod safeguards;
mod steps;
mod stocktakes;
mod views;

use crate::state::WebState;
use axum::Router;
use axum::response::IntoResponse as _;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tomomori API",
        version = "1",
        description = "What a hospital and its vendors know about their medical information system. Every request carries a personal token (`Authorization: Bearer tmr_…`, made on the settings page) and sees exactly what its owner sees. Errors are `application/problem+json`. Things of another tenant answer exactly like things that do not exist: 404.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/api/v1")),
    modifiers(&Token),
    security(("token" = []))
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        openapi.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

fn described(max_upload: usize) -> (Router<WebState>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(me::routes())
        .merge(agreements::routes())
        .merge(catalogue::routes())
        .merge(resources::routes())
        .merge(completeness::routes())
        .merge(custom_fields::routes())
        .merge(diagram::routes())
        .merge(editions::routes())
        .merge(checklists::routes())
        .merge(checks::routes())
        .merge(steps::routes())
        .merge(findings::routes())
        .merge(stocktakes::routes())
        .merge(lifetimes::routes())
        .merge(roles::routes())
        .merge(safeguards::routes())
        .merge(imports::routes(max_upload))
        .merge(inbox::routes())
        .split_for_parts()
}

/// All operations, and their description.
pub(crate) fn routes(web: &WebState) -> Router<WebState> {
    let (routes, _) = described(web.config.max_upload);
    routes.route(
        "/openapi.json",
        get(|| async { ([(axum::http::header::CONTENT_TYPE, "application/json")], openapi_json()).into_response() }),
    )
}

/// A finding of the role matrix as the API tells it, for the command line.
#[must_use]
pub fn gap_json(told: tomomori_app::roles::Told, lang: tomomori_i18n::Lang) -> serde_json::Value {
    serde_json::to_value(roles::gap(told, lang)).unwrap_or_default()
}

/// The description as committed in `docs/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    let (_, description) = described(0);
    let mut text = description.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    /// `tomomori openapi > docs/openapi.json` writes it anew.
    #[test]
    fn the_committed_description_is_current() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
        let now = super::openapi_json();
        if std::env::var_os("TOMOMORI_WRITE_OPENAPI").is_some() {
            std::fs::write(&file, &now).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
        assert!(committed == now, "docs/openapi.json is old: run `tomomori openapi > docs/openapi.json`");
    }
}
