//! Ends of support: from a ledger and the public records to a list with words for everything that is not known.

use crate::story::entries;
use jiff::civil::date;
use tomomori_app::edit::{Edit, edit};
use tomomori_app::lifetimes::{self, LifeFilter, LifePage, LifeRow, Lookup, SaidBy, Why};
use tomomori_app::{AppError, Ctx};
use tomomori_catalogue::{Catalogue, Trust};
use tomomori_domain::Msg;
use tomomori_domain::ids::{ComponentId, ResourceId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::lifetime::{End, LifeClass};
use tomomori_domain::resource::{ChoiceBy, Component, Grade, Layer, Ledger, ProductChoice, Resource};
use tomomori_i18n::{Lang, tr};
use tomomori_testkit::app::demo_catalogue;
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

const LEDGER: &str = "\
管理番号,機器名,種別,メーカー,型番,バージョン,OS,ソフトウェア,部署,状態,保守業者,OS更新担当,サポート終了日\r\n\
K-001,保守用VPN装置,ネットワーク機器,Fortinet,FortiGate 60E,FortiOS 6.0.10,,,情報室,稼働中,網屋ネットワーク,,2030-03-31\r\n\
K-002,電子カルテDB,サーバ,,PowerEdge R740,,Windows Server 2016,PostgreSQL 10.4,医療情報室,稼働中,みどりシステム,みどりシステム,2028-12-31\r\n\
K-003,本館ファイアウォール,ネットワーク機器,Fortinet,FortiGate 100E,FortiOS 6.0.4,,,情報室,稼働中,,,\r\n\
K-004,予約サーバ,サーバ,,,,Windows Server 2012 R2,SQL Server 2016,,稼働中,みどりシステム,,\r\n\
K-005,旧サーバ,サーバ,,,,Windows Server 2008,,,廃棄,,,2015-01-01\r\n\
K-006,輸液ポンプ,医療機器,,TE-171,,,,看護部,稼働中,,,\r\n";
const FILE: (&str, &[u8]) = ("台帳.csv", LEDGER.as_bytes());

async fn all(ctx: &Ctx) -> LifePage {
    lifetimes::list(ctx, &LifeFilter::default(), None, 500).await.unwrap()
}

fn row<'p>(page: &'p LifePage, device: &str, layer: Layer) -> &'p LifeRow {
    let found = page.rows.iter().find(|row| row.device == device && row.layer == layer);
    found.unwrap_or_else(|| panic!("{device} {layer:?} is not listed"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_layer_of_every_device_in_use_has_its_end_or_the_reason_why_not() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let page = all(&sasaki).await;
        assert!(page.records.0 > 10, "{:?}", page.records);

        // The ledger's word stands, the record is told beside it.
        let vpn = row(&page, "保守用VPN装置", Layer::Firmware);
        assert_eq!((vpn.life.class, vpn.life.from), (LifeClass::Later, SaidBy::Ledger));
        assert!(vpn.life.contradicted && vpn.updater.is_none());
        assert_eq!(vpn.life.record.as_ref().unwrap().earliest.security, End::On(date(2022, 9, 29)));
        assert_eq!(vpn.maintainer.as_deref(), Some("網屋ネットワーク"));
        let [stated] = vpn.stated.as_slice() else { panic!("{:?}", vpn.stated) };
        assert_eq!((stated.field, stated.grade, stated.by.as_ref()), (Field::EndsOn, Grade::Declared, None));
        assert_eq!(stated.place.file, "台帳.csv");

        // No word of the ledger: the record alone, EOL and EOS apart.
        let firewall = row(&page, "本館ファイアウォール", Layer::Firmware);
        assert_eq!((firewall.life.class, firewall.life.from), (LifeClass::Ended, SaidBy::Record));
        assert_eq!(firewall.life.ends.full, End::On(date(2021, 3, 29)));
        assert_eq!(firewall.life.ends.security, End::On(date(2022, 9, 29)));
        assert!(firewall.days.unwrap() < 0 && firewall.maintainer.is_none());

        // A server's date is about the machine; its system and its software have ends of their own.
        let machine = row(&page, "電子カルテDB", Layer::Firmware);
        assert_eq!((machine.life.class, machine.life.from), (LifeClass::Later, SaidBy::Ledger));
        let system = row(&page, "電子カルテDB", Layer::Os);
        assert_eq!((system.life.class, system.limited), (LifeClass::Within12, true));
        assert_eq!(system.life.ends.extended, End::On(date(2030, 1, 12)));
        assert_eq!(system.updater.as_ref().map(|updater| updater.name.as_str()), Some("みどりシステム"));
        assert_eq!(row(&page, "電子カルテDB", Layer::Middleware).life.class, LifeClass::Ended);
        assert_eq!(row(&page, "予約サーバ", Layer::Os).life.record.as_ref().unwrap().cycle, "2012-r2");

        // Nobody says: unknown, with the reason, and counted.
        let pump = row(&page, "輸液ポンプ", Layer::Firmware);
        assert_eq!((pump.life.class, pump.life.why, pump.days), (LifeClass::Unknown, Some(Why::NotStated), None));
        assert!(page.rows.iter().all(|row| row.device != "旧サーバ"), "what was disposed of is not in use");
        assert_eq!(page.counts.values().sum::<u64>(), page.matching);
        assert!(page.counts[&LifeClass::Unknown] >= 2, "{:?}", page.counts);

        // The most urgent first.
        let order: Vec<_> = page.rows.iter().map(|row| row.life.class).collect();
        assert!(order.is_sorted(), "{order:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_pages_and_a_persons_word() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let whole = all(&sasaki).await;
        let list = async |filter: LifeFilter| lifetimes::list(&sasaki, &filter, None, 500).await.unwrap();

        let unknown = list(LifeFilter { class: Some(LifeClass::Unknown), ..LifeFilter::default() }).await;
        assert_eq!(unknown.matching, whole.counts[&LifeClass::Unknown]);
        assert_eq!(unknown.counts, whole.counts, "chips count without their own filter");
        let room = list(LifeFilter { department: Some(Some("情報室".into())), ..LifeFilter::default() }).await;
        assert_eq!(room.matching, 2);
        let none = list(LifeFilter { department: Some(None), ..LifeFilter::default() }).await;
        assert!(none.rows.iter().all(|row| row.device == "予約サーバ") && none.matching > 0);
        let nobody = list(LifeFilter { vendor: Some(None), ..LifeFilter::default() }).await;
        assert!(nobody.rows.iter().all(|row| row.maintainer.is_none()) && nobody.matching >= 2);
        assert_eq!(
            list(LifeFilter { text: Some("ｆｏｒｔｉｇａｔｅ 100".into()), ..LifeFilter::default() }).await.matching,
            1
        );

        // Pages follow each other without a gap.
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = lifetimes::list(&sasaki, &LifeFilter::default(), after.as_deref(), 2).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (row.device.clone(), row.layer, row.what.clone())));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let wanted: Vec<_> = whole.rows.iter().map(|row| (row.device.clone(), row.layer, row.what.clone())).collect();
        assert_eq!(seen, wanted);
        let damaged = lifetimes::list(&sasaki, &LifeFilter::default(), Some("x"), 2).await;
        assert!(matches!(damaged, Err(AppError::Invalid(_))));

        // A person enters both days: EOL past, EOS far away is limited support, on that person's word.
        let firewall = row(&whole, "本館ファイアウォール", Layer::Firmware).resource;
        let say = |field, day: &str| Edit {
            resource: firewall,
            field,
            label: None,
            values: vec![day.to_owned()],
            place: Place::default(),
        };
        edit(&sasaki, vec![say(Field::EndOfLife, "2024-01-01"), say(Field::EndsOn, "2031-01-01")]).await.unwrap();
        let rows = lifetimes::of_resource(&sasaki, firewall).await.unwrap();
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!((row.life.class, row.limited, row.life.contradicted), (LifeClass::Limited, true, true));
        let fields: Vec<_> = row.stated.iter().map(|stated| (stated.field, stated.by.is_some())).collect();
        assert_eq!(fields, [(Field::EndOfLife, true), (Field::EndsOn, true)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_records_nothing_is_said_to_go_on() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let page = all(&sasaki).await;
        assert_eq!(page.records.0, 0);
        for row in &page.rows {
            let stated = row.life.from == SaidBy::Ledger;
            assert!(stated || row.life.class == LifeClass::Unknown, "{row:?}");
        }
        let stranger = t.hospital("隣の病院").await;
        assert_eq!(all(&stranger).await.matching, 0, "another hospital sees nothing of it");
    })
    .await;
}

/// Equal products and versions are asked once, so the list is one pass over the ledger.
#[test]
fn fifty_thousand_devices_in_one_pass() {
    let catalogue = Catalogue::open(demo_catalogue(), Trust::Unsigned).unwrap();
    let mut ledger = Ledger::default();
    for i in 0..50_000_u32 {
        let resource = Resource::named(ResourceId::generate(), format!("端末{i}"));
        for (layer, text, version, key) in [
            (Layer::Firmware, "FortiOS", format!("7.0.{}", i % 20), "o:fortinet:fortios"),
            (Layer::Os, "Windows Server 2016", "10.0.14393.1".to_owned(), "o:microsoft:windows_server_2016"),
            (Layer::Middleware, "PostgreSQL", format!("9.6.{}", i % 25), "a:postgresql:postgresql"),
            (Layer::Application, "部門システム", "1".to_owned(), "a:example:department"),
        ] {
            ledger.components.push(Component {
                id: ComponentId::generate(),
                resource: resource.id,
                layer,
                text: text.to_owned(),
                version: Some(version),
                purl: None,
                product: Some(ProductChoice { key: key.to_owned(), by: ChoiceBy::Name, score: 95 }),
            });
        }
        ledger.resources.push(resource);
    }
    let start = std::time::Instant::now();
    let parts = lifetimes::of_ledger(&ledger, &mut Lookup::new(Some(&catalogue)), date(2026, 11, 25)).unwrap();
    println!("50,000 devices with 4 components each: {} ms", start.elapsed().as_millis());
    assert_eq!(parts.len(), 200_000);
    assert_eq!(parts.iter().filter(|part| part.life.class == LifeClass::Ended).count(), 100_000);
    assert_eq!(parts.iter().filter(|part| part.life.class == LifeClass::Unknown).count(), 50_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workbook_holds_every_row_and_leaves_a_trace() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let rows = all(&sasaki).await.matching;
        let bytes = lifetimes::xlsx(&sasaki, &LifeFilter::default(), &|msg: &Msg| tr(Lang::Ja, msg)).await.unwrap();
        assert!(bytes.starts_with(b"PK"));
        let entry = entries(&sasaki).await.into_iter().find(|entry| entry.action == "lifetimes.export").unwrap();
        assert!(entry.details.to_string().contains(&format!("\"rows\":{rows}")), "{:?}", entry.details);
    })
    .await;
}
