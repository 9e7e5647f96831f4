//! The description says what the API does, and the API does what the description says.

use crate::routes::{description, methods, operations};
use crate::story::Hospital;
use axum::http::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_described_and_every_description_is_served() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let program = t.program(&t.operator(&hospital, "sasaki").await).await;
        let described: BTreeSet<(String, String)> =
            operations().into_iter().map(|(method, path)| (path, method.to_string())).collect();
        let mut served = BTreeSet::new();
        for path in described.iter().map(|(path, _)| path).collect::<BTreeSet<_>>() {
            served.extend(methods(&program, path).await.into_iter().map(|method| (path.clone(), method.to_string())));
        }
        assert_eq!(served, described);
        let shown = program.get("/api/v1/openapi.json").await;
        assert_eq!((shown.json(), shown.header("content-type")), (description(), "application/json"));
        assert!(description()["openapi"].as_str().unwrap().starts_with("3.1"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_without_a_token() {
    for_both_apps_without_catalogue(async |t| {
        let (nobody, guessing) = (t.anonymous(), t.anonymous().with_token("tmr_guessed"));
        for (method, path) in operations() {
            let concrete = path.replace("{id}", "0");
            for client in [&nobody, &guessing] {
                let answer = client.send(method.clone(), &concrete, "", Vec::new()).await;
                // A multipart operation may find the body wanting before it asks who sent it; it must not do anything.
                assert_eq!(answer.status.as_u16(), 401, "{method} {path}");
                assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
                assert_eq!(answer.json()["status"], 401);
            }
            let item = &description()["paths"][path.strip_prefix("/api/v1").unwrap()][method.as_str().to_lowercase()];
            assert!(item["responses"]["401"].is_object(), "{method} {path} does not describe 401");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_have_the_described_shape() {
    for_both_apps(async |t| {
        let hospital = Hospital::new(t, "みどり").await;
        let program = t.program(&hospital.head).await;
        let all = description();
        let mut checked = 0;
        // A hospital has no inbox; advice.rs asks a vendor's.
        let wanted = |(method, path): &(Method, String)| *method == Method::GET && !path.contains("/inbox");
        for (method, path) in operations().into_iter().filter(wanted) {
            let id = match path.split('/').nth(3).unwrap() {
                "resources" => &hospital.resource,
                "findings" => &hospital.finding,
                "safeguards" => &hospital.resource,
                "editions" => &hospital.edition,
                "checklists" => &hospital.checklist,
                "stocktakes" => &hospital.stocktake,
                "advice" => &hospital.request,
                "contracts" => &hospital.contract,
                "systems" => &hospital.system,
                "vendors" => &hospital.vendor,
                _ => &hospital.import,
            };
            let answer = program.get(&path.replace("{id}", id)).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}");
            let item = &all["paths"][path.strip_prefix("/api/v1").unwrap()][method.as_str().to_lowercase()];
            let described = item["responses"]["200"]["content"].as_object().unwrap();
            assert!(described.contains_key(answer.header("content-type")), "{path}: {}", answer.header("content-type"));
            if let Some(schema) = described.get("application/json") {
                fits(&answer.json(), &schema["schema"], &all, &path);
                checked += 1;
            }
        }
        assert!(checked >= 6, "{checked}");
    })
    .await;
}

/// Whether a value has the properties and types its schema names; enough of JSON Schema for what the API uses.
fn fits(value: &Value, schema: &Value, all: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return fits(value, all.pointer(reference.strip_prefix('#').unwrap()).unwrap(), all, at);
    }
    if let Some(object) = value.as_object()
        && (schema["properties"].is_object() || schema["allOf"].is_array())
    {
        let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
        gather(schema, all, &mut properties, &mut required);
        for name in &required {
            assert!(object.contains_key(name.as_str()), "{at}: {name} is missing");
        }
        for (name, inner) in object {
            let inside = properties.get(name).unwrap_or_else(|| panic!("{at}: {name} is not described"));
            fits(inner, inside, all, &format!("{at}.{name}"));
        }
        return;
    }
    if let Some(items) = value.as_array() {
        assert!(schema["type"] == "array", "{at}: {schema}");
        items.iter().for_each(|item| fits(item, &schema["items"], all, at));
        return;
    }
    let named: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(
        named.contains(&kind) || (kind == "integer" && named.contains(&"number")),
        "{at}: {kind}, described as {named:?}"
    );
}

fn gather(schema: &Value, all: &Value, properties: &mut serde_json::Map<String, Value>, required: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return gather(all.pointer(reference.strip_prefix('#').unwrap()).unwrap(), all, properties, required);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(part, all, properties, required);
    }
    properties.extend(schema["properties"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
    required
        .extend(schema["required"].as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())));
}
