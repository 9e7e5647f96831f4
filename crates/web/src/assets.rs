//! Scripts and styles built from `ui/`, embedded. Names carry their content's hash, so browsers may keep them for ever.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

static NAMES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Files::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
});

/// Address of an asset by its plain name (`style.css`).
pub(crate) fn url(name: &str) -> String {
    format!("/assets/{}", NAMES.get(name).map_or(name, String::as_str))
}

/// Serves one embedded file.
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = Files::get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    // Only names with a hash may be kept; the manifest changes under its name.
    let keep = NAMES.values().any(|hashed| *hashed == name);
    let cache = if keep { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], file.data.into_owned()).into_response()
}
