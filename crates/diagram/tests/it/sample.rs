//! Sample hospitals. Names are fictional, products are real.

pub(crate) use crate::hospitals::{frame, line, node, party, zone};

use proptest::prelude::*;
use tomomori_diagram::{Badge, Diagram, Line, LineKind, Node, NodeKind};
use tomomori_domain::resource::ResourceKind::{self, Client, MedicalDevice, Network, Other, Server, Unknown};
use tomomori_domain::resource::ZoneKind;

fn badge(count: u32, exploited: bool) -> Option<Badge> {
    Some(Badge { count, exploited })
}

/// The hospital of the hand-drawn mock page.
pub(crate) fn mock() -> Diagram {
    let many = |count, node: Node| Node { count, ..node };
    let found = |badge, node: Node| Node { badge, ..node };
    let mut d = frame();
    d.zones = vec![
        zone("out", "院外", "", ZoneKind::Outside),
        zone("edge", "境界", "", ZoneKind::Boundary),
        zone("srv", "サーバ室", "10.20.1.0/24", ZoneKind::Servers),
        zone("dep", "部門", "10.20.4.0/24", ZoneKind::Department),
        zone("care", "病棟・外来", "10.20.8.0/22", ZoneKind::Care),
    ];
    d.nodes = vec![
        party("o1", "網屋 保守拠点", "VPN 常時接続", "N"),
        party("o2", "B社 保守拠点", "申請時のみ", "B"),
        party("o3", "インターネット", "オンライン資格確認", "H"),
        party("o4", "給食会社", "RDP 常時接続", "K"),
        found(badge(3, true), node("vpn", "edge", "保守用VPN", "FortiGate 60E 5.4.8", Network, "!")),
        node("bvpn", "edge", "B社 VPN", "YAMAHA RTX830", Network, "B"),
        node("fw", "edge", "ファイアウォール", "更新: 網屋 第4条", Network, "N"),
        node("core", "srv", "基幹スイッチ", "更新: 重なり", Network, "N"),
        found(badge(2, false), node("rece", "srv", "レセプト", "Win Server 2016", Server, "A")),
        node("ehr", "srv", "電子カルテ(新)", "PostgreSQL 13", Server, "B"),
        node("link", "srv", "連携サーバ", "担当なし", Server, "!"),
        many(2, node("db", "srv", "電子カルテ DB", "2台 冗長", Server, "B")),
        node("dsw", "dep", "部門スイッチ", "", Network, "N"),
        found(badge(1, false), node("food", "dep", "給食サーバ", "更新: 給食会社", Server, "K")),
        Node { unknown: true, ..node("lis", "dep", "検査(LIS)", "更新: 不明", Server, "L") },
        found(badge(4, false), node("pacs", "dep", "PACS", "EOS 2027-03", Server, "P")),
        node("mri", "dep", "MRI 1号機", "リース 製造元経由", MedicalDevice, "P"),
        node("x", "dep", "10.20.4.61", "台帳にない", Unknown, "?"),
        many(14, node("fsw", "care", "フロアスイッチ", "", Network, "N")),
        many(38, node("ap", "care", "無線AP", "", Network, "N")),
        many(212, node("pc1", "care", "端末PC 病棟", "Win11 23H2", Client, "H")),
        found(badge(1, false), many(61, node("pc2", "care", "端末PC 外来", "Win10 22H2", Client, "H"))),
        found(badge(2, false), many(24, node("mon", "care", "患者モニタ", "IntelliVue", MedicalDevice, "P"))),
    ];
    let up = |a: &str, b: &str| line(a, b, "", LineKind::Uplink);
    d.lines = vec![
        Line { unowned: true, ..line("o1", "vpn", "保守 IPsec", LineKind::Remote) },
        line("o2", "bvpn", "保守 IPsec", LineKind::Remote),
        line("o3", "fw", "", LineKind::Link),
        Line { unowned: true, always_on: true, ..line("o4", "fw", "RDP", LineKind::Remote) },
        line("vpn", "core", "", LineKind::Link),
        line("bvpn", "core", "", LineKind::Link),
        line("fw", "core", "", LineKind::Link),
        Line { unowned: true, always_on: true, ..line("fw", "food", "RDP", LineKind::Remote) },
        Line { unowned: true, ..line("rece", "ehr", "HL7", LineKind::Link) },
        up("rece", "core"),
        up("ehr", "core"),
        up("link", "core"),
        up("db", "core"),
        up("dsw", "core"),
        up("fsw", "core"),
        up("food", "dsw"),
        up("lis", "dsw"),
        up("pacs", "dsw"),
        up("mri", "dsw"),
        up("ap", "fsw"),
        up("pc1", "fsw"),
        up("pc2", "fsw"),
        up("mon", "ap"),
    ];
    d
}

/// A hospital with about `devices` devices, most of them different enough not to be grouped away.
pub(crate) fn hospital(devices: usize) -> Diagram {
    let mut d = frame();
    d.zones = mock().zones;
    d.zones.extend([
        zone("lab", "検体検査", "10.20.5.0/24", ZoneKind::Department),
        zone("rad", "放射線", "10.20.6.0/24", ZoneKind::Department),
        zone("none", "区画不明", "", ZoneKind::Unknown),
    ]);
    let keep = ["out", "edge"];
    d.nodes = mock().nodes.into_iter().filter(|node| keep.contains(&node.zone.as_str())).collect();
    let owners = ["H", "A", "B", "P", "N", "K", "L", "!", "?"];
    let servers = [
        "電子カルテAP",
        "医事会計",
        "オーダリング",
        "部門連携",
        "文書管理",
        "バックアップ",
        "認証(AD)",
        "ウイルス対策管理",
    ];
    let systems = ["Windows Server 2016", "Windows Server 2019", "RHEL 8.6", "PostgreSQL 13", "Oracle Database 19c"];
    let equipment = ["自動分析装置", "CT", "MRI", "超音波診断", "輸液ポンプ管理", "心電計", "内視鏡", "ラベルプリンタ"];
    for zone in ["srv", "dep", "care", "lab", "rad"] {
        for i in 0..(if zone == "care" { 6 } else { 2 }) {
            let key = format!("{zone}-sw{i}");
            d.nodes.push(node(&key, zone, &format!("スイッチ {zone}-{i}"), "Catalyst 2960-X", Network, "N"));
            if key != "srv-sw0" {
                d.lines.push(line(&key, "srv-sw0", "", LineKind::Uplink));
            }
        }
    }
    let fixed = d.nodes.len();
    for i in fixed..devices {
        // A fixed, uneven mixture; no randomness, so that the figures in the test stay comparable.
        let mix = i.wrapping_mul(2_654_435_761) >> 7;
        let owner = owners[mix % 53 % 9];
        let n = (mix / 7) % 5;
        let key = format!("n{i}");
        let mut new = match i % 20 {
            0..=1 => {
                node(&key, "srv", &format!("{}{}", servers[mix % 8], n + 1), systems[(mix / 11) % 5], Server, owner)
            }
            2..=3 => node(
                &key,
                ["dep", "lab", "rad"][mix % 3],
                &format!("{} {}号機", equipment[mix % 8], n + 1),
                &format!("型番 {}", 100 + mix % 70),
                MedicalDevice,
                owner,
            ),
            4 => node(&key, "lab", &format!("検査端末{i:03}"), "Windows 10 LTSC 2019", Client, "L"),
            5 => node(&key, "none", &format!("10.20.4.{}", i % 250), ["", "台帳にない"][mix % 2], Unknown, "?"),
            6 => node(&key, "dep", &format!("複合機 {i}"), "iR-ADV C5535", Other, "H"),
            7..=8 => node(
                &key,
                "care",
                &format!("患者モニタ{i:03}"),
                ["IntelliVue MX550", "IntelliVue MX450"][mix % 2],
                MedicalDevice,
                "P",
            ),
            9 => node(&key, "care", &format!("輸液ポンプ{i:03}"), "TE-LM800", MedicalDevice, "!"),
            _ => node(
                &key,
                ["care", "care", "dep", "rad"][mix % 4],
                &format!("端末PC-{i:03}"),
                ["Windows 11 23H2", "Windows 10 22H2", "Windows 11 24H2"][n % 3],
                Client,
                "H",
            ),
        };
        // Findings go by product and version, so equal devices have equal findings.
        let product: usize = new.detail.bytes().map(usize::from).sum();
        if product.is_multiple_of(4) && !new.detail.is_empty() {
            new.badge = badge((product % 5 + 1) as u32, product.is_multiple_of(16));
        }
        let zone = new.zone.clone();
        if zone != "none" {
            let switches = if zone == "care" { 6 } else { 2 };
            d.lines.push(line(&key, &format!("{zone}-sw{}", mix % switches), "", LineKind::Uplink));
        }
        d.nodes.push(new);
    }
    d.lines.extend(mock().lines.into_iter().filter(|l| l.from.starts_with('o')));
    for (from, to, label) in
        [("vpn", "srv-sw0", ""), ("bvpn", "srv-sw0", ""), ("fw", "srv-sw0", ""), ("fw", "lab-sw0", "検査 VPN")]
    {
        d.lines.push(line(from, to, label, LineKind::Link));
    }
    let servers: Vec<String> = d
        .nodes
        .iter()
        .filter(|n| n.zone == "srv" && n.kind == NodeKind::Resource(Server))
        .map(|n| n.key.clone())
        .collect();
    for pair in servers.windows(2).step_by(5) {
        d.lines.push(Line { unowned: pair[0].len() % 2 == 0, ..line(&pair[0], &pair[1], "HL7", LineKind::Link) });
    }
    d
}

prop_compose! {
    pub(crate) fn any_diagram()(
        zones in prop::collection::vec(0..6_usize, 0..9),
        nodes in prop::collection::vec((0..12_usize, 0..6_usize, "[a-zア-ン漢字<&\u{7} ]{0,24}", 0..4_usize), 0..70),
        lines in prop::collection::vec((0..80_usize, 0..80_usize, 0..3_usize, "[a-z漢]{0,9}", any::<(bool, bool)>()), 0..60),
    ) -> Diagram {
        let mut d = mock();
        d.zones = zones.iter().enumerate().map(|(i, &kind)| {
            zone(&format!("z{i}"), &format!("区画{i}"), "10.0.0.0/24", ZoneKind::ALL[kind])
        }).collect();
        d.nodes = nodes.iter().enumerate().map(|(i, (zone, kind, name, owner))| {
            let kind = ResourceKind::ALL[*kind];
            node(&format!("n{i}"), &format!("z{zone}"), name, name, kind, ["H", "A", "!", "?"][*owner])
        }).collect();
        d.lines = lines.into_iter().map(|(from, to, kind, label, (always_on, unowned))| {
            let kind = [LineKind::Uplink, LineKind::Link, LineKind::Remote][kind];
            Line { always_on, unowned, ..line(&format!("n{from}"), &format!("n{to}"), &label, kind) }
        }).collect();
        d
    }
}
