//! The web: pages (askama, htmx on top) and the API, for people's browsers and programs.
//!
//! A handler does three things: read the request into a command, call one use case of `app`, draw the result. Everything
//! around it is a layer here: security headers, origin check, time and size limits, failures as pages.

mod api;
mod assets;
mod client;
mod config;
mod failure;
mod origin;
mod page;
mod pages;
mod reason;
mod router;
mod security;
mod serve;
mod session;
mod state;

pub use api::openapi_json;
pub use config::{TlsFiles, WebConfig};
pub use router::router;
pub use serve::{ServeError, serve};
pub use state::{Web, WebState};
