//! Sample papers. Names are fictional.

use tomomori_diagram::{
    Badge, Diagram, Facts, Legend, Line, LineKind, Node, NodeKind, Options, Owner, Zone, layout, svg,
};
use tomomori_domain::resource::{ResourceKind, ZoneKind};
use tomomori_report::{Cell, Column, Lang, Meta, Paper, Section};

pub(crate) fn meta(title: &str) -> Meta {
    Meta {
        title: title.into(),
        tenant: "みどり川総合病院".into(),
        date: "2026年11月24日（令和8年11月24日）".into(),
        footer: "台帳 第214版".into(),
        lang: Lang::Ja,
    }
}

/// A stocktake sheet (棚卸票) with `count` rows in three rooms.
pub(crate) fn stocktake(count: usize) -> Paper {
    let columns = [
        Column::new("番号", 7).right(),
        Column::new("機器の名前", 22),
        Column::new("製品", 30),
        Column::new("設置場所", 20),
        Column::new("あり", 8).centred(),
        Column::new("なし", 8).centred(),
        Column::new("移設・気付いたこと", 32),
    ];
    let products = [
        "PRIMERGY RX2540 M5",
        "Windows Server 2019（電子カルテ データベース用、予備機を含む2台構成）",
        "FortiGate 60E",
        "FCR PRIMA T2",
    ];
    let mut paper = Paper::new(meta("棚卸票"))
        .for_writing()
        .line("範囲: サーバ室、外来、病棟　　締切: 2026年12月18日（金）")
        .line("機器の前で名前を確かめ、「あり」か「なし」に ✓ を付けてください。場所が違うときは、右の欄に今の場所を書いてください。");
    for (room, rooms) in ["サーバ室", "外来", "病棟"].iter().enumerate() {
        let mut section = Section::new(*rooms, columns.clone());
        for i in (0..count).filter(|i| i * 3 / count == room) {
            let product = if i % 7 == 3 { Cell::unknown("不明") } else { products[i % 4].into() };
            section = section.row([
                (i + 1).to_string().into(),
                format!("EHR-PC{:03}", i + 1).into(),
                product,
                format!("{}階 {rooms}", i % 5 + 1).into(),
                Cell::open(),
                Cell::open(),
                Cell::blank(),
            ]);
        }
        paper = paper.section(section);
    }
    paper.signature("実施者", "　　　　年　　月　　日").signature("確認者", "　　　　年　　月　　日")
}

/// A stocktake result paper (棚卸結果報告書).
pub(crate) fn result() -> Paper {
    let counts = [
        Column::new("区画", 30),
        Column::new("台帳", 12).right(),
        Column::new("あり", 12).right(),
        Column::new("なし", 12).right(),
        Column::new("未確認", 12).right(),
    ];
    let missing = [
        Column::new("機器の名前", 20),
        Column::new("製品", 26),
        Column::new("台帳の場所", 20),
        Column::new("担当", 14),
        Column::new("次にすること", 34),
    ];
    let check = [
        Column::new("済", 6).centred(),
        Column::new("確かめること", 60),
        Column::new("担当", 18),
        Column::new("期限", 18),
    ];
    Paper::new(meta("棚卸結果報告書"))
        .line("対象: 2026年度 定期棚卸（全区画）　　実施: 2026年11月16日〜11月24日")
        .section(
            Section::new("1. 数の一致", counts)
                .row(["サーバ室".into(), "28".into(), "27".into(), "1".into(), "0".into()])
                .row(["外来".into(), "164".into(), "160".into(), "1".into(), "3".into()])
                .row(["病棟".into(), "220".into(), "214".into(), "0".into(), "6".into()])
                .row(["合計".into(), "412".into(), "401".into(), "2".into(), "9".into()]),
        )
        .section(
            Section::new("2. 見つからなかった機器", missing)
                .row([
                    "BKUP-01".into(),
                    "QNAP TS-453D".into(),
                    "サーバ室 ラック2".into(),
                    "A社".into(),
                    "A社に12月4日までに所在を問い合わせます。".into(),
                ])
                .row([
                    "XR-PORT2".into(),
                    Cell::unknown("不明"),
                    "外来 X線室".into(),
                    Cell::unknown("不明"),
                    "放射線科に返却の記録を確かめます。記録がなければ、紛失として安全管理責任者に報告します。".into(),
                ]),
        )
        .section(Section::new("3. 台帳にない機器", [Column::new("機器", 1)]).note("台帳にない機器はありません。"))
        .section(
            Section::new("4. 確かめること", check)
                .row([Cell::done(), "FortiGate 60E の設置場所を台帳に直す".into(), "鈴木".into(), "2026-11-24".into()])
                .row([Cell::open(), "未確認の9台をもう一度見る".into(), "各部署".into(), "2026-12-11".into()])
                .row([
                    Cell::open().with("再"),
                    "病棟4階の持ち込み端末の持ち主を確かめる".into(),
                    "看護部".into(),
                    "2026-12-18".into(),
                ]),
        )
        .signature("作成", "印")
        .signature("医療情報システム安全管理責任者", "印")
}

/// The SVG of a hospital with `count` devices behind switches, some of them owned by nobody or by nobody knows whom.
pub(crate) fn diagram(count: usize) -> String {
    let zone = |key: &str, name: &str, kind| Zone { key: key.into(), name: name.into(), note: String::new(), kind };
    let node = |key: String, zone: &str, name: String, kind, owner: Option<&str>| Node {
        key,
        zone: zone.into(),
        name,
        detail: "FortiGate 60E 5.4.8".into(),
        kind: NodeKind::Resource(kind),
        owner: owner.map(str::to_owned),
        count: 1,
        members: Vec::new(),
        badge: None,
        nobody: owner.is_none(),
        unknown: owner == Some("?"),
        href: Some("/ledger/1".into()),
        facts: Facts::default(),
        change: None,
        fold: None,
    };
    let line = |from: &str, to: &str, label: &str, kind| Line {
        from: from.into(),
        to: to.into(),
        label: label.into(),
        kind,
        always_on: false,
        unowned: kind == LineKind::Remote,
        href: None,
        count: 1,
        change: None,
    };
    let zones = [
        zone("out", "院外", ZoneKind::Outside),
        zone("edge", "境界", ZoneKind::Boundary),
        zone("srv", "サーバ室", ZoneKind::Servers),
        zone("dep", "部門", ZoneKind::Department),
        zone("care", "病棟・外来", ZoneKind::Care),
    ];
    let mut nodes = vec![
        Node {
            kind: NodeKind::Party,
            ..node("a".into(), "out", "網屋 保守拠点".into(), ResourceKind::Unknown, Some("N"))
        },
        node("fw".into(), "edge", "保守用VPN".into(), ResourceKind::Network, None),
        node("core".into(), "srv", "基幹スイッチ".into(), ResourceKind::Network, Some("N")),
    ];
    let mut lines = vec![line("a", "fw", "保守 IPsec", LineKind::Remote), line("fw", "core", "", LineKind::Link)];
    for i in 0..count {
        let (key, inside) = (format!("d{i}"), ["srv", "dep", "care"][i % 3]);
        let owner = [Some("N"), Some("B"), Some("?"), Some("B"), None][i % 5];
        let found = (i % 6 == 0).then_some(Badge { count: 3, exploited: i % 12 == 0 });
        nodes.push(Node {
            badge: found,
            ..node(key.clone(), inside, format!("検査装置 {i:03}"), ResourceKind::MedicalDevice, owner)
        });
        lines.push(line(&key, "core", "", LineKind::Uplink));
    }
    let owner =
        |key: &str, name: &str| Owner { key: key.into(), name: name.into(), letter: key.into(), hospital: false };
    let diagram = Diagram {
        title: vec!["構成図 みどり川総合病院".into(), "2026-11-24 台帳から作成".into()],
        description: "区画と回線".into(),
        zones: zones.into(),
        nodes,
        lines,
        owners: vec![owner("N", "網屋(回線)"), owner("B", "B社 電子カルテ")],
        legend: Legend {
            nobody: "担当なし".into(),
            unknown: "不明".into(),
            findings: "脆弱性の件数".into(),
            exploited: "悪用が確認された脆弱性を含む".into(),
            remote: "リモート保守".into(),
            always_on: "常時接続".into(),
            unowned: "担当または接続元の制限が決まっていない".into(),
            ..Legend::default()
        },
        ..Diagram::default()
    };
    svg(&layout(&diagram), &Options::default())
}
