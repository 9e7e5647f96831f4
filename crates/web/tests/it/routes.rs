//! Every route there is. A router cannot be asked for its paths, so they are read from the source; which methods a path
//! has, the router itself says (`Allow`). A route nobody wrote a case for fails the tests that walk over all of them.

use axum::http::Method;
use std::collections::BTreeSet;
use std::path::Path;
use tomomori_testkit::{Client, TestApp};

/// A method and a path with `{…}` for ids.
pub(crate) type Route = (Method, String);

/// Paths that the sources hand to `.route(…)`, pages first; the API's own come from its description.
fn paths() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> = std::fs::read_dir(sources.join("pages")).unwrap().map(|e| e.unwrap().path()).collect();
    files.push(sources.join("router.rs"));
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for other in ["route_service(", "nest_service(", "method_not_allowed_fallback("] {
            assert!(!text.contains(other), "{}: teach routes.rs about {other}", file.display());
        }
        for rest in text.split(".route(").skip(1) {
            let path = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            found.insert(path.unwrap_or_else(|| panic!("{}: a path that is no literal", file.display())).to_owned());
        }
        for nested in text.split(".nest(").skip(1) {
            assert!(nested.starts_with("\"/api/v1\""), "{}: teach routes.rs about this nest", file.display());
        }
    }
    assert!(found.len() > 15, "the sources look different now: {found:?}");
    found
}

/// The API's description.
pub(crate) fn description() -> serde_json::Value {
    serde_json::from_str(&tomomori_web::openapi_json()).unwrap()
}

/// Operations the description names, with full paths.
pub(crate) fn operations() -> Vec<Route> {
    let mut all = Vec::new();
    for (path, item) in description()["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if item.get(method).is_some() {
                all.push((method.to_uppercase().parse().unwrap(), format!("/api/v1{path}")));
            }
        }
    }
    assert!(all.len() > 5);
    all
}

/// Methods of a path, as the router itself says.
pub(crate) async fn methods(client: &Client, path: &str) -> Vec<Method> {
    let concrete = path.replace("{id}", "0").replace("{name}", "0");
    let answer = client.send(Method::from_bytes(b"PROPFIND").unwrap(), &concrete, "", Vec::new()).await;
    assert_eq!(answer.status.as_u16(), 405, "{path} is not a route");
    let allow = answer.header("allow").to_owned();
    allow.split(',').filter(|method| *method != "HEAD").map(|method| method.trim().parse().unwrap()).collect()
}

/// Every page route.
pub(crate) async fn pages(t: &TestApp) -> Vec<Route> {
    let client = t.anonymous();
    let mut all = Vec::new();
    for path in paths() {
        let methods = methods(&client, &path).await;
        assert!(!methods.is_empty(), "{path}");
        all.extend(methods.into_iter().map(|method| (method, path.clone())));
    }
    all
}
