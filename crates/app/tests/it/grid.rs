//! Cells typed by hand: read as an import reads them, shown before they are written, written and taken back as one.

use crate::story::{FILE, device, ledger_of};
use tomomori_app::grid::{self, Cell};
use tomomori_app::{AppError, Ctx, edit};
use tomomori_domain::access::Role;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::resource::ResourceKind;
use tomomori_testkit::for_both_apps_without_catalogue;

fn cell(resource: ResourceId, column: &str, text: &str) -> Cell {
    Cell { resource, column: column.to_owned(), text: text.to_owned() }
}

async fn id(ctx: &Ctx, name: &str) -> ResourceId {
    device(ctx, name).await.resource.id
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_people_are_read_written_as_one_step_and_taken_back() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("A病院").await;
        let ctx = t.user(&at, "sasaki", &[Role::Operator]).await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let before: Vec<_> = ledger_of(&ctx).await.page.rows.into_iter().map(|row| row.resource).collect();
        let (vpn, db) = (id(&ctx, "保守用VPN装置").await, id(&ctx, "電子カルテDB").await);
        let cells = [
            cell(vpn, "kind", "端末"),
            cell(vpn, "ends_on", "令和9年3月31日"),
            cell(vpn, "medical", "いいえ"),
            cell(vpn, "asset_number", "K-001"),
            cell(vpn, "zone", "境界"),
            cell(db, "vendor", "みどりシステム"),
            cell(db, "address", "10.0.0.2、10.0.0.9"),
            cell(db, "custom:補足", "2027年に更新"),
        ];
        let found = grid::preview(&ctx, &cells).await.unwrap();
        assert_eq!((found.changes.len(), found.unchanged), (7, 1), "{found:?}");
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        let same: Vec<_> = ledger_of(&ctx).await.page.rows.into_iter().map(|row| row.resource).collect();
        assert_eq!(same, before, "a preview writes nothing");

        let done = grid::write(&ctx, &cells, found.revision).await.unwrap().unwrap();
        let (one, other) = (device(&ctx, "保守用VPN装置").await, device(&ctx, "電子カルテDB").await);
        assert_eq!(one.resource.kind, ResourceKind::Client);
        assert_eq!(one.resource.support_end, Some("2027-03-31".parse().unwrap()));
        assert_eq!((one.resource.medical, one.zone_name.as_deref()), (Some(false), Some("境界")));
        assert_eq!(other.vendor_name.as_deref(), Some("みどりシステム"));
        assert!(other.resource.addresses.contains(&"10.0.0.9".to_owned()));
        assert_eq!(other.resource.custom["補足"], "2027年に更新");
        let view = edit::step(&ctx, done.step).await.unwrap();
        assert_eq!(view.devices.iter().map(|device| device.columns.len()).sum::<usize>(), 7);

        // What was written once is no change any more; an old preview is refused.
        assert!(grid::preview(&ctx, &cells).await.unwrap().changes.is_empty());
        let late = [cell(db, "note", "遅れて")];
        assert!(matches!(grid::write(&ctx, &late, found.revision).await, Err(AppError::Conflict(_))));

        edit::undo(&ctx, done.step).await.unwrap();
        let (one, other) = (device(&ctx, "保守用VPN装置").await, device(&ctx, "電子カルテDB").await);
        let old = |name: &str| before.iter().find(|row| row.name == name).unwrap();
        assert_eq!((one.resource.kind, one.resource.support_end), (ResourceKind::Network, None));
        assert_eq!(one.zone_name, None);
        assert_eq!(other.resource.addresses, old("電子カルテDB").addresses);
        assert!(other.resource.custom.is_empty());
        assert!(edit::step(&ctx, done.step).await.unwrap().step.undone_by.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_cell_keeps_all_from_being_written_and_is_named() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("A病院").await;
        let ctx = t.user(&at, "sasaki", &[Role::Operator]).await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let vpn = id(&ctx, "保守用VPN装置").await;
        for (column, text) in [
            ("kind", "よく分からない箱"),
            ("state", "たぶん"),
            ("criticality", "?!"),
            ("purchase", "もらった"),
            ("medical", "たぶん"),
            ("ends_on", "令和5年2月30日"),
            ("ends_on", "5/4/3"),
            ("address", "10.0.0.300"),
            ("address", "00:11:22:33:44:55"),
            ("mac", "10.0.0.1"),
            ("kb", "KB1"),
            ("name", ""),
            ("note", &"あ".repeat(2_001)),
        ] {
            let cells = [cell(vpn, column, text), cell(vpn, "location", "本館")];
            let found = grid::preview(&ctx, &cells).await.unwrap();
            assert_eq!(found.problems.len(), 1, "{column} = {text}");
            assert_eq!(
                (found.problems[0].name.as_str(), found.problems[0].column.key()),
                ("保守用VPN装置", column.to_owned())
            );
            assert!(matches!(grid::write(&ctx, &cells, found.revision).await, Err(AppError::Invalid(_))));
        }
        assert_eq!(device(&ctx, "保守用VPN装置").await.resource.location, None);
        for column in ["", "custom:", "seen_on", "resource_id", "nonsense"] {
            let found = grid::preview(&ctx, &[cell(vpn, column, "x")]).await;
            assert!(matches!(found, Err(AppError::Invalid(_))), "{column}");
        }
        // Of two texts for one cell the later one counts.
        let twice = [cell(vpn, "location", "本館"), cell(vpn, "location", "新館")];
        assert_eq!(grid::preview(&ctx, &twice).await.unwrap().changes[0].new, ["新館"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_writes_what_was_changed_if_the_device_is_still_the_same() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("A病院").await;
        let ctx = t.user(&at, "sasaki", &[Role::Operator]).await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let vpn = device(&ctx, "保守用VPN装置").await.resource;
        let wanted = [cell(vpn.id, "location", "本館3階")];
        let done = grid::save(&ctx, &wanted, vpn.revision).await.unwrap().unwrap().unwrap();
        assert_eq!(done.changes.len(), 1);
        let later = [cell(vpn.id, "location", "新館")];
        assert!(matches!(grid::save(&ctx, &later, vpn.revision).await, Err(AppError::Conflict(_))));

        let form = grid::form(&ctx, Some(vpn.id)).await.unwrap();
        let field = form.fields.iter().find(|field| field.column.key() == "location").unwrap();
        assert_eq!(field.values, ["本館3階"]);
        assert_eq!(field.grade, Some(tomomori_domain::resource::Grade::ConfirmedByHospital));

        // A new device by hand, of a kind no list of devices tells of.
        let texts = |name: &str| vec![("name".to_owned(), name.to_owned()), ("kind".to_owned(), "cloud".to_owned())];
        assert!(grid::create(&ctx, &texts(" ")).await.unwrap().is_err(), "a device needs a name");
        let (new, _) = grid::create(&ctx, &texts("画像クラウド")).await.unwrap().unwrap();
        let row = device(&ctx, "画像クラウド").await.resource;
        assert_eq!((row.id, row.kind, row.declared), (new, ResourceKind::Cloud, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_edits_without_the_right_or_in_another_hospital() {
    for_both_apps_without_catalogue(async |t| {
        let at = t.hospital("A病院").await;
        let ctx = t.user(&at, "sasaki", &[Role::Operator]).await.ctx;
        t.imported(&ctx, &[FILE]).await;
        let cells = [cell(id(&ctx, "保守用VPN装置").await, "location", "本館")];
        let reader = t.user(&at, "incho", &[Role::Management]).await.ctx;
        assert!(matches!(grid::preview(&reader, &cells).await, Err(AppError::Denied(_))));
        assert!(matches!(grid::write(&reader, &cells, 0).await, Err(AppError::Denied(_))));
        assert!(matches!(grid::create(&reader, &[]).await, Err(AppError::Denied(_))));
        let elsewhere = t.hospital("B病院").await;
        let other = t.user(&elsewhere, "tanaka", &[Role::Operator]).await.ctx;
        assert!(matches!(grid::preview(&other, &cells).await, Err(AppError::NotFound)));
        assert!(matches!(grid::form(&other, Some(cells[0].resource)).await, Err(AppError::NotFound)));
    })
    .await;
}
