//! From an uploaded file to the ledger.

use crate::story::{FILE, LEDGER, device, entries, findings_of, ledger_of};
use tomomori_app::import::{self, Action, Counts, ImportState};
use tomomori_app::{AppError, audit, ledger};
use tomomori_domain::finding::Verdict;
use tomomori_domain::import::{Field, Severity};
use tomomori_testkit::app::uploads;
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_becomes_rows_facts_and_findings_once_it_is_confirmed() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;

        let shown = t.previewed(&sasaki, &[FILE]).await;
        assert_eq!(shown.import.state, ImportState::Previewed);
        let preview = shown.preview.unwrap();
        assert_eq!((preview.counts.created, preview.counts.errors, preview.counts.warnings), (3, 0, 1));
        let slip = &preview.problems[0];
        assert_eq!((slip.severity, slip.place.cell.as_deref()), (Severity::Warning, Some("I4")), "{}", slip.place);
        assert_eq!(slip.place.file, "台帳.csv");
        // Looking is not writing.
        assert_eq!(ledger_of(&sasaki).await.counts.all, 0);
        assert_eq!(findings_of(&sasaki).await.len(), 0);
        assert_eq!(ledger::shape(&sasaki).await.unwrap().contracts, 0);

        let counts = import::confirm(&sasaki, shown.import.id).await.unwrap();
        assert_eq!(counts, preview.counts);
        assert_eq!(ledger_of(&sasaki).await.counts.all, 3);
        let written = import::view(&sasaki, shown.import.id).await.unwrap();
        assert_eq!(written.import.state, ImportState::Confirmed);

        // Every value says where it stood.
        let vpn = device(&sasaki, "保守用VPN装置").await.resource;
        assert_eq!(vpn.asset_number.as_deref(), Some("K-001"));
        assert_eq!(vpn.addresses, ["10.0.0.1"]);
        let detail = ledger::detail(&sasaki, vpn.id).await.unwrap();
        let fact = detail.records[0].all(Field::Address).next().unwrap();
        assert_eq!((fact.text.as_str(), fact.place.cell.as_deref()), ("10.0.0.1", Some("I2")));
        assert_eq!(fact.place.file, "台帳.csv");
        assert_eq!(detail.vendor.unwrap().name, "網屋ネットワーク");
        // A value that could not be read is not known, not empty and not invented.
        assert!(device(&sasaki, "受付PC").await.resource.addresses.is_empty());

        // The findings are a job's work.
        assert_eq!(findings_of(&sasaki).await.len(), 0);
        t.work().await;
        let found = findings_of(&sasaki).await;
        let vpn_finding = found.iter().find(|row| row.finding.vulnerability == "CVE-2018-13379").unwrap();
        assert_eq!((vpn_finding.finding.resource, vpn_finding.finding.verdict), (vpn.id, Verdict::Affected));
        assert!(vpn_finding.finding.exploited);

        // Who did it stands in the chain, and the chain holds.
        let entries = entries(&sasaki).await;
        let entry = entries.iter().find(|entry| entry.action == "import.confirm").unwrap();
        assert_eq!((entry.user, &entry.details["created"]), (sasaki.actor.user, &serde_json::json!(3)));
        assert!(audit::verify(&sasaki, None).await.unwrap().is_intact());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_changes_nothing() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let before = ledger_of(&ctx).await.page;
        let facts = ledger::detail(&ctx, before.rows[0].resource.id).await.unwrap().records.len();

        let again = t.previewed(&ctx, &[FILE]).await;
        let counts = again.preview.unwrap().counts;
        let nothing = Counts { left: 3, warnings: 1, ..Counts::default() };
        assert_eq!(counts, nothing);
        import::confirm(&ctx, again.import.id).await.unwrap();

        assert_eq!(ledger_of(&ctx).await.page, before);
        assert_eq!(ledger::detail(&ctx, before.rows[0].resource.id).await.unwrap().records.len(), facts);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_cell_shows_old_and_new_and_ends_a_finding() {
    for_both_apps(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let exploited =
            async || findings_of(&ctx).await.iter().any(|row| row.finding.vulnerability == "CVE-2018-13379");
        assert!(exploited().await);
        // CVE-2018-13379 ends with 5.6.7.
        let newer = LEDGER.replace("FortiOS 5.6.5", "FortiOS 5.6.8");
        let shown = t.previewed(&ctx, &[("台帳.csv", newer.as_bytes())]).await;
        let preview = shown.preview.unwrap();
        assert_eq!((preview.counts.created, preview.counts.changed, preview.counts.left), (0, 1, 2));
        let change = preview.changes.iter().find(|change| change.action == Action::Change).unwrap();
        let version = change.fields.iter().find(|field| field.field == Field::Version).unwrap();
        assert_eq!((version.old.as_deref(), version.new.as_deref()), (Some("FortiOS 5.6.5"), Some("FortiOS 5.6.8")));
        assert_eq!(device(&ctx, "保守用VPN装置").await.resource.version.as_deref(), Some("FortiOS 5.6.5"));
        import::confirm(&ctx, shown.import.id).await.unwrap();
        t.work().await;
        assert_eq!(device(&ctx, "保守用VPN装置").await.resource.version.as_deref(), Some("FortiOS 5.6.8"));
        assert!(!exploited().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_corrects_a_column() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        let shown = t.previewed(&ctx, &[FILE]).await;
        let mut mapping = shown.preview.unwrap().files[0].tables[0].mapping.clone().unwrap();
        let column = mapping.columns.iter_mut().find(|column| column.field == Some(Field::Vendor)).unwrap();
        column.field = Some(Field::Note);
        import::remap(&ctx, shown.import.id, "台帳.csv", mapping).await.unwrap();
        t.work().await;
        let again = import::view(&ctx, shown.import.id).await.unwrap();
        assert_eq!(again.import.state, ImportState::Previewed);
        let fields: Vec<_> = again.preview.unwrap().files[0].tables[0].mapping.clone().unwrap().columns;
        assert!(fields.iter().any(|column| column.field == Some(Field::Note) && column.header == "保守業者"));
        assert_eq!(ledger_of(&ctx).await.counts.all, 0);

        import::confirm(&ctx, shown.import.id).await.unwrap();
        let vpn = device(&ctx, "保守用VPN装置").await;
        assert_eq!((vpn.resource.note.as_deref(), vpn.vendor_name), (Some("網屋ネットワーク"), None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_of_a_ledger_that_moved_must_be_looked_at_again() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        let first = t.previewed(&ctx, &[FILE]).await.import.id;
        let second = t.previewed(&ctx, &[FILE]).await.import.id;
        import::confirm(&ctx, first).await.unwrap();

        let refused = import::confirm(&ctx, second).await.unwrap_err();
        assert!(matches!(&refused, AppError::Conflict(msg) if msg.key == "import-ledger-changed"), "{refused}");
        t.work().await;
        let counts = import::view(&ctx, second).await.unwrap().preview.unwrap().counts;
        assert_eq!((counts.created, counts.left), (0, 3));
        import::confirm(&ctx, second).await.unwrap();
        assert_eq!(ledger_of(&ctx).await.counts.all, 3);
        // Twice confirmed is once written.
        assert!(matches!(import::confirm(&ctx, second).await, Err(AppError::Conflict(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_import_leaves_nothing() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        let id = t.previewed(&ctx, &[FILE]).await.import.id;
        import::drop_import(&ctx, id).await.unwrap();
        assert!(matches!(import::confirm(&ctx, id).await, Err(AppError::Conflict(_) | AppError::NotFound)));
        t.work().await;
        assert_eq!(ledger_of(&ctx).await.counts.all, 0);
        assert!(import::view(&ctx, id).await.unwrap().files.is_empty(), "its files are gone");

        // Dropped before it was read: the job finds nothing to do and does not fail.
        let unread = import::upload(&ctx, uploads(&[FILE])).await.unwrap();
        import::drop_import(&ctx, unread).await.unwrap();
        t.work().await;
        assert_eq!(import::view(&ctx, unread).await.unwrap().import.state, ImportState::Dropped);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_import_do() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        let id = t.previewed(&sasaki, &[FILE]).await.import.id;
        for denied in [
            t.management(&hospital, "incho").await.ctx,
            t.user(&hospital, "visitor", &[tomomori_domain::access::Role::VendorStaff]).await.ctx,
            t.user(&hospital, "nobody", &[]).await.ctx,
        ] {
            assert!(matches!(import::upload(&denied, uploads(&[FILE])).await, Err(AppError::Denied(_))));
            assert!(matches!(import::preview_files(&denied, uploads(&[FILE])).await, Err(AppError::Denied(_))));
            assert!(matches!(import::confirm(&denied, id).await, Err(AppError::Denied(_))));
            assert!(matches!(import::drop_import(&denied, id).await, Err(AppError::Denied(_))));
            assert!(matches!(import::view(&denied, id).await, Err(AppError::Denied(_))));
            assert!(matches!(import::list(&denied).await, Err(AppError::Denied(_))));
        }
        assert_eq!(ledger_of(&sasaki).await.counts.all, 0);
        assert_eq!(import::list(&sasaki).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_said_before_anything_is_kept() {
    for_both_apps_without_catalogue(async |t| {
        let ctx = t.operator(&t.hospital("みどり川病院").await, "sasaki").await.ctx;
        let refused = import::upload(&ctx, Vec::new()).await.unwrap_err();
        assert_eq!(refused.message().key, "import-no-file");
        let many = vec![FILE; import::MAX_FILES + 1];
        let refused = import::upload(&ctx, uploads(&many)).await.unwrap_err();
        assert_eq!(refused.message().key, "import-too-much");
        assert!(import::list(&ctx).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_states_another_address_has_moved_the_device() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let list = |address: &str| {
            format!("管理番号,機器名,種別,製造番号,IPアドレス\nS-1,検査サーバ,サーバ,SN-1001,{address}\n")
        };
        t.imported(&hospital, &[("台帳.csv", list("10.0.0.2").as_bytes())]).await;
        t.imported(&hospital, &[("台帳.csv", list("10.0.0.22").as_bytes())]).await;
        assert_eq!(device(&hospital, "検査サーバ").await.resource.addresses, ["10.0.0.22"]);
    })
    .await;
}
