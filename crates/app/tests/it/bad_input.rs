//! Files that cannot be used stop the whole import, say so, and leave the ledger as it was.

use crate::story::{FILE, ledger_of};
use tomomori_app::AppError;
use tomomori_app::import;
use tomomori_domain::import::Severity;
use tomomori_testkit::for_both_apps_without_catalogue;

#[tokio::test(flavor = "multi_thread")]
async fn one_unusable_file_stops_the_import_of_all() {
    let sbom = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"name":"emr"#;
    let unusable: [(&str, &[u8]); 6] = [
        ("空.csv", b""),
        ("壊れた.xlsx", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("パスワード.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 not really"),
        ("途中.cdx.json", sbom),
        ("走査.xml", b"<?xml version=\"1.0\"?><nmaprun scanner=\"nmap\"><host>"),
        ("別のもの.json", br#"{"CVE_data_type":"CVE","CVE_Items":[]}"#),
    ];
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        for (name, bytes) in unusable {
            let shown = t.previewed(&ctx, &[FILE, (name, bytes)]).await;
            let preview = shown.preview.unwrap_or_else(|| panic!("{name}: no preview, {:?}", shown.failure));
            assert_eq!(preview.files.len(), 2, "{name}");
            let error = preview.problems.iter().find(|problem| problem.severity == Severity::Error);
            let error = error.unwrap_or_else(|| panic!("{name} is no error: {:?}", preview.problems));
            assert_eq!(error.place.file, name);
            assert!(preview.counts.errors > 0, "{name}");
            // The good file beside it is shown, but nothing is written.
            let refused = import::confirm(&ctx, shown.import.id).await.unwrap_err();
            assert!(matches!(&refused, AppError::Conflict(msg) if msg.key == "import-has-errors"), "{name}: {refused}");
            assert_eq!(ledger_of(&ctx).await.counts.all, 0, "{name}");
            import::drop_import(&ctx, shown.import.id).await.unwrap();
        }
        t.imported(&ctx, &[FILE]).await;
        assert_eq!(ledger_of(&ctx).await.counts.all, 3);
    })
    .await;
}
