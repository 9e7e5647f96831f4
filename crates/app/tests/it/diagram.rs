//! The diagram of a hospital: layers, earlier days, parts, places that stay, files.

use crate::demo::files;
use crate::story::{device, entries};
use jiff::SignedDuration;
use jiff::civil::date;
use tomomori_app::diagram::{
    self, DiagramQuery, Drawn, EndOfLife, Evidence, FileKind, LAYERS, LineKind, Names, NodeKind, PaperLang, Severity,
    To, Zones,
};
use tomomori_app::edit::{Edit, edit};
use tomomori_app::{AppError, Ctx};
use tomomori_domain::Msg;
use tomomori_domain::ids::ResourceId;
use tomomori_domain::import::{Field, Place};
use tomomori_i18n::{Lang, tr};
use tomomori_testkit::{for_both_apps, for_both_apps_without_catalogue};

const LEDGER: &str = "\
管理番号,機器名,種別,メーカー,型番,バージョン,OS,ソフトウェア,IPアドレス,区画,保守業者,接続先,サポート終了日\r\n\
K-001,保守用VPN装置,ネットワーク機器,Fortinet,FortiGate 60E,FortiOS 5.6.5,,,10.0.0.1,境界,網屋ネットワーク,,2020-01-01\r\n\
K-002,電子カルテDB,サーバ,,,,Windows Server 2016,PostgreSQL 10.4,10.0.0.2,サーバ室,みどりシステム,保守用VPN装置,2027-01-12\r\n\
K-003,検査サーバ,サーバ,,,,Windows Server 2019,,10.0.0.3,サーバ室,みどりシステム,保守用VPN装置,\r\n\
K-004,受付PC,端末,,,,Windows 10,,10.0.0.4,外来,,保守用VPN装置,\r\n";
const FILE: (&str, &[u8]) = ("台帳.csv", LEDGER.as_bytes());

fn ja(msg: &Msg) -> String {
    tr(Lang::Ja, msg)
}

async fn view(ctx: &Ctx, query: &DiagramQuery) -> Drawn {
    diagram::view(ctx, query, &ja).await.unwrap()
}

fn changed(resource: ResourceId, field: Field, value: &str) -> Edit {
    Edit { resource, field, label: None, values: vec![value.to_owned()], place: Place::default() }
}

fn key<'a>(drawn: &'a Drawn, name: &str) -> &'a str {
    let node = drawn.diagram.nodes.iter().find(|node| node.name == name);
    &node.unwrap_or_else(|| panic!("{name} is not drawn")).key
}

#[tokio::test(flavor = "multi_thread")]
async fn every_layer_says_what_is_known_and_no_more() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let drawn = view(&sasaki, &DiagramQuery::default()).await;
        let facts = |name: &str| drawn.diagram.nodes.iter().find(|node| node.name == name).unwrap().facts;
        assert_eq!(facts("保守用VPN装置").findings, Severity::Critical);
        assert_eq!(facts("保守用VPN装置").end_of_life, EndOfLife::Ended);
        // The machine is supported until January, its PostgreSQL 10 no longer: the worst counts.
        assert_eq!(facts("電子カルテDB").end_of_life, EndOfLife::Ended);
        assert_eq!(facts("受付PC").end_of_life, EndOfLife::Unknown);
        assert_eq!(facts("受付PC").evidence, Evidence::Declared);
        for layer in LAYERS {
            let drawn = view(&sasaki, &DiagramQuery { layer, ..DiagramQuery::default() }).await;
            assert!(drawn.svg.contains("保守用VPN装置") && drawn.not_drawn.is_empty(), "{layer:?}");
        }
        let pc = device(&sasaki, "受付PC").await.resource;
        edit(&sasaki, vec![changed(pc.id, Field::Location, "本館1階")]).await.unwrap();
        let drawn = view(&sasaki, &DiagramQuery::default()).await;
        let node = drawn.diagram.nodes.iter().find(|node| node.name == "受付PC").unwrap();
        assert_eq!(node.facts.evidence, Evidence::Hospital);
        // The ledger has changed and was not matched yet: nothing is known.
        assert!(drawn.diagram.nodes.iter().all(|node| node.facts.findings != Severity::NoneKnown));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_day_is_drawn_as_it_was_and_two_days_are_compared() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let first = sasaki.today();
        t.clock.advance(SignedDuration::from_hours(48));
        let db = device(&sasaki, "電子カルテDB").await.resource;
        let new = ResourceId::generate();
        let edits = vec![
            changed(db.id, Field::Zone, "外来"),
            changed(db.id, Field::Vendor, "網屋ネットワーク"),
            changed(new, Field::Name, "新しいNAS"),
            changed(new, Field::Zone, "新館"),
        ];
        edit(&sasaki, edits).await.unwrap();
        let today = sasaki.today();

        let then = view(&sasaki, &DiagramQuery { at: Some(first), ..DiagramQuery::default() }).await;
        let now = view(&sasaki, &DiagramQuery::default()).await;
        assert_eq!(key(&then, "電子カルテDB"), db.id.to_string(), "ids are kept");
        let zone = |drawn: &Drawn, name: &str| {
            let node = drawn.diagram.nodes.iter().find(|node| node.name == name).unwrap();
            drawn.diagram.zones.iter().find(|zone| zone.key == node.zone).unwrap().name.clone()
        };
        assert_eq!((zone(&then, "電子カルテDB").as_str(), zone(&now, "電子カルテDB").as_str()), ("サーバ室", "外来"));
        assert!(!then.svg.contains("新しいNAS") && now.svg.contains("新しいNAS"));
        assert!(then.diagram.nodes.iter().all(|node| node.badge.is_none()), "findings are of today");

        let query = DiagramQuery { compare: Some((first, today)), ..DiagramQuery::default() };
        let both = view(&sasaki, &query).await;
        let (nodes, _, list) = both.compared.clone().unwrap();
        assert_eq!((nodes.added, nodes.removed, nodes.changed, nodes.zone, nodes.owner), (1, 0, 1, 1, 1), "{list:?}");
        let moved = list.iter().find(|row| row.name == "電子カルテDB").unwrap();
        let what: Vec<String> = moved.what.iter().map(ja).collect();
        assert!(what[0].contains("サーバ室") && what[0].contains("外来"), "{what:?}");
        assert!(what[1].contains("みどりシステム") && what[1].contains("網屋ネットワーク"), "{what:?}");
        assert!(both.svg.contains("△") && both.svg.contains("＋"));
        // The same ledger twice: nothing differs, also where zones and vendors are gone today.
        let same = DiagramQuery { compare: Some((first, first.tomorrow().unwrap())), ..DiagramQuery::default() };
        assert_eq!(view(&sasaki, &same).await.compared.unwrap().2, []);

        let before = DiagramQuery { at: Some(date(2020, 1, 1)), ..DiagramQuery::default() };
        assert!(view(&sasaki, &before).await.before_the_first);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_s_part_says_nothing_of_others_in_any_format() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let mut query = DiagramQuery::default();
        let names = Names { vendor: Some("みどりシステム".to_owned()), ..Names::default() };
        diagram::named(&sasaki, &names, &mut query).await.unwrap();
        for kind in [FileKind::Svg, FileKind::Drawio] {
            let file = diagram::file(&sasaki, &query, kind, PaperLang::Ja, &ja).await.unwrap();
            let text = String::from_utf8(file.bytes).unwrap();
            assert!(text.contains("電子カルテDB") && text.contains("検査サーバ"), "{kind:?}");
            for other in ["網屋ネットワーク", "保守用VPN装置", "受付PC", "境界", "外来", "機器 4台"]
            {
                assert!(!text.contains(other), "{other} in {kind:?}");
            }
        }
        let entry = entries(&sasaki).await.into_iter().find(|entry| entry.action == "diagram.export").unwrap();
        assert_eq!(entry.details["format"], "drawio");
        for (names, wanted) in [
            (Names { vendor: Some("いない社".to_owned()), ..Names::default() }, "diagram-no-such-name"),
            (Names { device: Some("無い機器".to_owned()), ..Names::default() }, "diagram-no-such-name"),
        ] {
            let told = diagram::named(&sasaki, &names, &mut DiagramQuery::default()).await;
            assert!(matches!(told, Err(AppError::Invalid(msg)) if msg.key == wanted));
        }
        let gone = DiagramQuery { around: Some((ResourceId::generate(), 1)), ..DiagramQuery::default() };
        assert!(matches!(diagram::view(&sasaki, &gone, &ja).await, Err(AppError::NotFound)));
        // Around the PC: the VPN device, and the rest folded or left out.
        let mut query = DiagramQuery::default();
        let names = Names { device: Some("受付PC".to_owned()), ..Names::default() };
        diagram::named(&sasaki, &names, &mut query).await.unwrap();
        let around = view(&sasaki, &query).await;
        assert!(around.svg.contains("保守用VPN装置") && !around.svg.contains("検査サーバ"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_kept_and_pins_survive_changes_of_the_ledger() {
    for_both_apps_without_catalogue(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        let director = t.management(&hospital, "incho").await.ctx;
        t.imported(&sasaki, &[FILE]).await;
        let query = DiagramQuery::default();
        let kept = async || sasaki.app.db.read(&sasaki.actor).await.unwrap().diagram_view("whole").await.unwrap();
        view(&director, &query).await;
        assert_eq!(kept().await, None, "a reader writes nothing");
        let drawn = view(&sasaki, &query).await;
        assert!(kept().await.is_some());
        let node = key(&drawn, "電子カルテDB").to_owned();
        let cell = |drawn: &Drawn| {
            drawn.layout.arrangement.zones.values().find_map(|zone| zone.cells.get(&node)).copied().unwrap()
        };
        let was = cell(&drawn);
        let step = To::Step { right: 2, down: 1 };
        assert!(matches!(diagram::pin(&director, &query, &node, step, &ja).await, Err(AppError::Denied(_))));
        diagram::pin(&sasaki, &query, &node, step, &ja).await.unwrap();
        let pinned = cell(&view(&director, &query).await);
        assert_eq!((pinned.row, pinned.col, pinned.pinned), (was.row + 1, was.col + 2, true));

        // New devices move it as little as drawing anew does.
        let new: Vec<ResourceId> = (0..6).map(|_| ResourceId::generate()).collect();
        let edits = new.iter().enumerate().flat_map(|(at, id)| {
            [changed(*id, Field::Name, &format!("増設{at}")), changed(*id, Field::Zone, "サーバ室")]
        });
        edit(&sasaki, edits.collect()).await.unwrap();
        assert_eq!(cell(&view(&sasaki, &query).await), pinned);
        diagram::rearrange(&sasaki, &query, &ja).await.unwrap();
        let drawn = view(&director, &query).await;
        assert_eq!(cell(&drawn), pinned);

        // Dropping on a point: within its zone it stays, in another zone it is refused.
        let at = |name: &str| {
            let found = drawn.layout.nodes.iter().find(|drawn| drawn.node.name == name).unwrap();
            To::Point { x: found.rect.x + 5, y: found.rect.y + 5 }
        };
        let told = diagram::pin(&sasaki, &query, &node, at("保守用VPN装置"), &ja).await;
        assert!(matches!(told, Err(AppError::Invalid(msg)) if msg.key == "diagram-pin-zone"));
        diagram::pin(&sasaki, &query, &node, at("増設3"), &ja).await.unwrap();
        assert_ne!(cell(&view(&sasaki, &query).await), pinned);
        assert!(cell(&view(&sasaki, &query).await).pinned);
        diagram::pin(&sasaki, &query, &node, To::Free, &ja).await.unwrap();
        assert!(!cell(&view(&sasaki, &query).await).pinned, "let go, it moves with the others again");
        let other = DiagramQuery { at: Some(date(2026, 11, 1)), ..query.clone() };
        assert!(diagram::pin(&sasaki, &other, &node, step, &ja).await.is_err(), "not in a picture of another day");
        let actions: Vec<String> = entries(&sasaki).await.into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions.iter().filter(|action| action.starts_with("diagram.")).count(), 4, "{actions:?}");

        // Another hospital has places of its own.
        let stranger = t.operator(&t.hospital("別の病院").await, "abe").await.ctx;
        assert!(matches!(diagram::pin(&stranger, &query, &node, step, &ja).await, Err(AppError::NotFound)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_hospital_as_files() {
    for_both_apps(async |t| {
        let hospital = t.hospital("みどり川病院").await;
        let sasaki = t.operator(&hospital, "sasaki").await.ctx;
        let files = files();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        t.imported(&sasaki, &files).await;
        let query = DiagramQuery { zones: Zones::All, ..DiagramQuery::default() };
        let drawn = view(&sasaki, &query).await;
        assert!(drawn.diagram.lines.iter().any(|line| line.kind == LineKind::Remote));
        let made = async |kind| diagram::file(&sasaki, &query, kind, PaperLang::Ja, &ja).await.unwrap().bytes;
        let text = String::from_utf8(made(FileKind::Drawio).await).unwrap();
        assert_eq!(text.matches("edge=\"1\"").count(), drawn.diagram.lines.len(), "every line is an edge");
        for node in &drawn.diagram.nodes {
            let name = node.name.replace('&', "&amp;").replace('<', "&lt;");
            assert!(text.contains(&name) || node.kind == NodeKind::Party, "{} is missing", node.name);
        }
        for (kind, magic) in [
            (FileKind::Svg, &b"<?xml"[..]),
            (FileKind::Png, &b"\x89PNG"[..]),
            (FileKind::PdfA3, &b"%PDF"[..]),
            (FileKind::PdfA4, &b"%PDF"[..]),
        ] {
            let bytes = made(kind).await;
            assert!(bytes.starts_with(magic) && bytes.len() > 10_000, "{kind:?}: {}", bytes.len());
            if let Some(folder) = std::env::var_os("TOMOMORI_ARTEFACTS") {
                std::fs::write(std::path::Path::new(&folder).join(format!("{kind:?}.{}", kind.ending())), bytes)
                    .unwrap();
            }
        }
    })
    .await;
}
