//! What a program does: upload, look, confirm, read.

use crate::story::ledger_file;
use axum::http::{Method, StatusCode};
use std::collections::BTreeSet;
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

#[tokio::test(flavor = "multi_thread")]
async fn a_program_imports_a_ledger_and_reads_what_follows() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let program = t.program(&t.operator(&hospital, "sasaki").await).await;
        let me = program.get("/api/v1/me").await.json();
        assert_eq!((&me["roles"][0], &me["tenant"]), (&"operator".into(), &hospital.actor.tenant.to_string().into()));

        let sent = program.upload("/api/v1/imports", &[("台帳.csv", ledger_file("K").as_bytes())]).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
        let path = format!("/api/v1/imports/{}", sent.json()["id"].as_str().unwrap());
        assert_eq!(sent.json()["state"], "uploaded");
        // Before the files are read there is nothing to confirm.
        let early = program.send(Method::POST, &format!("{path}/confirm"), "", Vec::new()).await;
        assert_eq!((early.status, early.header("content-type")), (StatusCode::CONFLICT, "application/problem+json"));
        t.work().await;
        let read = program.get(&path).await.json();
        assert_eq!((&read["state"], &read["counts"]["created"]), (&"previewed".into(), &2.into()));
        assert_eq!(program.get("/api/v1/resources").await.json()["total"], 0);

        let confirmed = program.send(Method::POST, &format!("{path}/confirm"), "", Vec::new()).await;
        assert_eq!((confirmed.status, &confirmed.json()["created"]), (StatusCode::OK, &2.into()));
        t.work().await;
        let list = program.get("/api/v1/resources?kind=network").await.json();
        assert_eq!((&list["total"], &list["items"][0]["exploited"]), (&1.into(), &true.into()));
        let id = list["items"][0]["id"].as_str().unwrap();
        let device = program.get(&format!("/api/v1/resources/{id}")).await.json();
        assert!(
            device["components"]
                .as_array()
                .unwrap()
                .iter()
                .any(|part| part["text"].as_str().unwrap().contains("FortiOS"))
        );

        let found = program.get(&format!("/api/v1/findings?resource={id}&exploited=1")).await.json();
        let finding =
            found["items"].as_array().unwrap().iter().find(|row| row["vulnerability"] == "CVE-2018-13379").unwrap();
        let reason = program.get(&format!("/api/v1/findings/{}", finding["id"].as_str().unwrap())).await.json();
        assert!(reason["reason"].to_string().contains("5.6.7"), "the range that decided: {}", reason["reason"]);
        let drawn = program.get("/api/v1/diagram.svg").await;
        assert!(drawn.text.starts_with("<svg") || drawn.text.starts_with("<?xml"), "{}", &drawn.text[..60]);
        assert!(drawn.text.contains("K保守用VPN装置"));
        let sources = program.get("/api/v1/catalogue").await.json();
        assert!(sources["sources"].as_array().unwrap().iter().any(|source| source["source"] == "nvd"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_list_show_every_row_once() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await;
        let mut ledger = String::from("機器名,種別,IPアドレス\r\n");
        for n in 0..23 {
            ledger.push_str(&format!("端末{n:02},端末,10.0.3.{n}\r\n"));
        }
        t.imported(&sasaki.ctx, &[("台帳.csv", ledger.as_bytes())]).await;
        let program = t.program(&sasaki).await;
        for sort in ["name", "number", "end", "findings"] {
            let (mut names, mut next, mut pages) = (BTreeSet::new(), String::new(), 0);
            loop {
                let page = program.get(&format!("/api/v1/resources?sort={sort}&limit=5{next}")).await.json();
                assert_eq!(page["total"], 23);
                for row in page["items"].as_array().unwrap() {
                    assert!(names.insert(row["name"].as_str().unwrap().to_owned()), "{} twice by {sort}", row["name"]);
                }
                pages += 1;
                match page["next"].as_str() {
                    Some(after) => next = format!("&after={after}"),
                    None => break,
                }
            }
            assert_eq!((names.len(), pages), (23, 5), "{sort}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_problems_in_the_language_asked_for() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await;
        let incho = t.program(&t.management(&hospital, "incho").await).await;
        let program = t.program(&sasaki).await;
        let nowhere = tomomori_domain::ids::ResourceId::generate();
        for (path, status) in [
            (format!("/api/v1/resources/{nowhere}"), 404),
            ("/api/v1/resources/x".to_owned(), 404),
            (format!("/api/v1/findings/{nowhere}"), 404),
            ("/api/v1/resources?after=zz".to_owned(), 422),
            ("/api/v1/findings?after=00ff".to_owned(), 422),
            ("/api/v1/resources?limit=many".to_owned(), 400),
            ("/api/v1/nothing".to_owned(), 404),
        ] {
            let answer = program.get(&path).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            let problem = answer.json();
            assert_eq!((&problem["status"], problem["detail"].as_str().unwrap().is_empty()), (&status.into(), false));
        }
        let mut english = program.clone();
        english.cookie = Some("lang=en".to_owned());
        let answer = english.get("/api/v1/resources/x").await.json();
        assert!(answer["detail"].as_str().unwrap().is_ascii(), "{answer}");

        let denied = incho.upload("/api/v1/imports", &[("a.csv", b"a\n")]).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
        assert_eq!(program.upload("/api/v1/imports", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let token = tomomori_app::session::tokens(&sasaki.ctx).await.unwrap()[0].id;
        tomomori_app::session::revoke_token(&sasaki.ctx, token).await.unwrap();
        assert_eq!(program.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_with_errors_says_where_and_is_not_written() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let program = t.program(&t.operator(&hospital, "sasaki").await).await;
        let sent = program.upload("/api/v1/imports", &[("壊れた.xlsx", b"PK\x03\x04 broken")]).await;
        let path = format!("/api/v1/imports/{}", sent.json()["id"].as_str().unwrap());
        t.work().await;
        let read = program.get(&path).await.json();
        assert_eq!((&read["state"], &read["counts"]["errors"]), (&"previewed".into(), &1.into()));
        assert_eq!(
            (&read["problems"][0]["severity"], &read["problems"][0]["place"]),
            (&"error".into(), &"壊れた.xlsx".into())
        );
        let refused = program.send(Method::POST, &format!("{path}/confirm"), "", Vec::new()).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(program.send(Method::DELETE, &path, "", Vec::new()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(program.get(&path).await.json()["state"], "dropped");
    })
    .await;
}
