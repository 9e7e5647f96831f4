//! The web: pages (askama, htmx on top) and the API, for people's browsers and programs.
//!
//! A handler does three things: read the request into a command, call one use case of `app`, draw the result. Everything
//! around it is a layer here: security headers, origin check, time and size limits, failures as pages.
//!
//! Invariants: no rule of the field and no SQL here. No inline script or style. Every page works without scripts. Whoever is
//! not logged in gets no [`tomomori_app::Ctx`], and without one no use case of a tenant can be called.

mod advice_form;
mod api;
mod assets;
mod client;
mod config;
mod failure;
mod inquiry_form;
mod origin;
mod page;
mod pages;
mod reason;
mod router;
mod security;
mod serve;
mod session;
mod state;
mod upload;

pub use api::{gap_json, openapi_json};
pub use config::{TlsFiles, WebConfig};
pub use router::router;
pub use serve::{ServeError, serve};
pub use state::{Web, WebState};
