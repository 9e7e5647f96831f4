//! What the director sees, and what a vendor does not see.

use crate::visitor::Visitor;

async fn log_out(visitor: &Visitor) {
    visitor.click_to("form[action='/logout'] button").await;
    assert!(visitor.path().await.starts_with("/login"));
    visitor.open("/").await;
    assert!(visitor.path().await.starts_with("/login"), "the session outlived the log-out");
}

#[tokio::test]
async fn the_director_reads_and_the_vendor_sees_only_its_own() {
    let Some(visitor) = Visitor::start("people").await else { return };
    visitor.log_in("incho").await;
    for (path, words) in [
        ("/", "いまの状態"),
        ("/ledger?q=FortiGate", "保守用VPN装置"),
        ("/findings", "悪用あり"),
        ("/diagram", "構成図"),
    ] {
        visitor.open(path).await;
        visitor.reads(&[words]).await;
        assert!(
            !visitor.has("a[href^='/imports'], form[action^='/imports']").await,
            "the director may import on {path}"
        );
        let name = path.trim_start_matches('/').split('?').next().unwrap();
        visitor.picture(&format!("director-{}", if name.is_empty() { "home" } else { name })).await;
    }
    visitor.open("/findings?q=CVE-2018-13379").await;
    visitor.click_to("main table a[href^='/findings/']").await;
    let finding = visitor.path().await;
    visitor.open("/imports").await;
    visitor.reads(&["この操作はできません"]).await;
    visitor.picture("director-denied").await;
    let refused = visitor.take_problems().await;
    assert!(refused.iter().all(|problem| problem.contains("403")) && !refused.is_empty(), "{refused:?}");
    visitor.open("/").await;
    log_out(&visitor).await;

    visitor.log_in("hokuto").await;
    for path in ["/", "/ledger", "/findings", "/diagram"] {
        visitor.open(path).await;
        let text = visitor.text("body").await;
        assert!(text.contains("北都ヘルステック"), "{path}: {text}");
        for foreign in ["みどり川", "保守用VPN装置", "CVE-"] {
            let own = text.replace("機器・事業者・CVE", "");
            assert!(!own.contains(foreign), "the vendor sees {foreign} on {path}: {text}");
        }
        let name = path.trim_start_matches('/').split('?').next().unwrap();
        visitor.picture(&format!("vendor-{}", if name.is_empty() { "home" } else { name })).await;
    }
    visitor.open("/ledger").await;
    visitor.reads(&["台帳はまだ空です"]).await;
    // A real finding of the hospital and one that never was get the same answer.
    let mut answers = Vec::new();
    for path in [finding.as_str(), "/findings/00000000-0000-7000-8000-000000000000"] {
        visitor.open(path).await;
        answers.push(visitor.text("body").await);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains("見つかりません"), "{}", answers[0]);
    let refused = visitor.take_problems().await;
    assert!(refused.iter().all(|problem| problem.contains("404")) && !refused.is_empty(), "{refused:?}");
    visitor.finish().await;
}
