//! Twenty generated hospitals for measuring, from 30 to 5,000 boxes. A seed gives the same hospital for ever: the figures
//! recorded in the tests hang on that. Names are fictional, products are real.

use tomomori_diagram::{Badge, Diagram, Facts, Legend, Line, LineKind, Node, NodeKind, Owner, State, Zone};
use tomomori_domain::resource::ResourceKind::{self, Client, MedicalDevice, Network, Other, Server, Unknown};
use tomomori_domain::resource::ZoneKind;

pub(crate) fn node(key: &str, zone: &str, name: &str, detail: &str, kind: ResourceKind, owner: &str) -> Node {
    Node {
        key: key.into(),
        zone: zone.into(),
        name: name.into(),
        detail: detail.into(),
        kind: NodeKind::Resource(kind),
        owner: (!owner.is_empty() && owner != "!" && owner != "?").then(|| owner.into()),
        count: 1,
        members: Vec::new(),
        badge: None,
        nobody: owner == "!",
        unknown: owner == "?",
        facts: Facts::default(),
        change: None,
        fold: None,
        href: Some(format!("/ledger/{key}")),
    }
}

pub(crate) fn party(key: &str, name: &str, detail: &str, owner: &str) -> Node {
    Node { kind: NodeKind::Party, ..node(key, "out", name, detail, Unknown, owner) }
}

pub(crate) fn line(from: &str, to: &str, label: &str, kind: LineKind) -> Line {
    let (from, to, label) = (from.into(), to.into(), label.into());
    Line { from, to, label, kind, always_on: false, unowned: false, count: 1, change: None, href: None }
}

pub(crate) fn zone(key: &str, name: &str, note: &str, kind: ZoneKind) -> Zone {
    Zone { key: key.into(), name: name.into(), note: note.into(), kind }
}

const STATES: [&str; 16] = [
    "緊急",
    "高",
    "中",
    "低",
    "照合できない",
    "見つかっていない",
    "サポート終了",
    "12か月以内に終了",
    "24か月以内に終了",
    "終了日不明",
    "24か月より先",
    "根拠不明",
    "申告のみ",
    "観測",
    "病院が確認",
    "事業者が確認",
];

fn kind_word(kind: ResourceKind) -> &'static str {
    match kind {
        Server => "サーバ",
        Client => "端末",
        Network => "ネットワーク",
        MedicalDevice => "医療機器",
        _ => "その他",
    }
}

/// Owners and words of every sample.
pub(crate) fn frame() -> Diagram {
    let owners = [
        ("H", "病院", true),
        ("A", "A社 レセプト", false),
        ("B", "B社 電子カルテ", false),
        ("P", "PACS社", false),
        ("N", "網屋(回線)", false),
        ("K", "給食会社", false),
        ("L", "検査社", false),
    ];
    Diagram {
        title: vec!["構成図 みどり川総合病院".into(), "2026-11-24 台帳から作成　412台".into()],
        description: "院外、境界、院内の区画と、その間の回線を示す図です。".into(),
        owners: owners
            .map(|(key, name, hospital)| Owner { key: key.into(), name: name.into(), letter: key.into(), hospital })
            .into(),
        legend: Legend {
            nobody: "担当なし".into(),
            unknown: "不明".into(),
            findings: "脆弱性の件数".into(),
            exploited: "悪用が確認された脆弱性を含む".into(),
            remote: "リモート保守".into(),
            always_on: "常時接続".into(),
            unowned: "担当または接続元の制限が決まっていない".into(),
            added: "追加".into(),
            removed: "撤去".into(),
            changed: "変更".into(),
            states: State::ALL.into_iter().zip(STATES.map(str::to_owned)).collect(),
            kinds: ResourceKind::ALL
                .iter()
                .map(|&kind| (NodeKind::Resource(kind), kind_word(kind).to_owned()))
                .collect(),
            notes: vec!["同じ端末はまとめて ×台数 で示します。".into()],
        },
        ..Diagram::default()
    }
}

/// Marsaglia's xorshift; small, and the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 24) % n.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const OWNERS: [&str; 12] = ["H", "H", "H", "A", "B", "P", "N", "K", "L", "H", "!", "?"];
const DEPARTMENTS: [&str; 8] = ["放射線", "検査", "薬剤", "手術・透析", "リハビリ", "給食", "医事・事務", "内視鏡"];
const SERVERS: [&str; 8] = [
    "電子カルテ",
    "医事会計",
    "PACS 画像保管",
    "部門連携ゲートウェイ",
    "バックアップ",
    "認証 ドメインコントローラ",
    "給食管理システム アプリケーションサーバ(旧)",
    "オンライン資格確認 連携",
];
const SYSTEMS: [&str; 5] = ["Windows Server 2016", "Windows Server 2022", "RHEL 8.6", "VMware ESXi 7.0 U3", ""];
const DEVICES: [&str; 8] = [
    "MRI",
    "CT",
    "自動分析装置",
    "超音波診断装置",
    "透析監視装置",
    "生体情報モニタ セントラル",
    "内視鏡ファイリング",
    "輸液ポンプ管理",
];
const PARTIES: [&str; 6] =
    ["保守拠点", "リモート監視センター", "地域連携サーバ", "検査センター", "クラウド保管", "給食会社"];

struct Maker {
    d: Diagram,
    dice: Dice,
    /// Switches by zone.
    switches: Vec<(String, Vec<String>)>,
}

impl Maker {
    fn up(&mut self, from: &str, to: &str) {
        self.d.lines.push(line(from, to, "", LineKind::Uplink));
    }

    fn push(&mut self, mut node: Node) {
        if !node.detail.is_empty() && self.dice.one_in(9) {
            let exploited = self.dice.one_in(5);
            node.badge = Some(Badge { count: self.dice.below(6) as u32 + 1, exploited });
        }
        self.d.nodes.push(node);
    }

    fn zones(&mut self, size: usize) -> Vec<(String, usize)> {
        let departments = (size / 60 + 2).min(DEPARTMENTS.len());
        let wards = (size / 130 + 1).min(24);
        self.d.zones.push(zone("out", "院外", "", ZoneKind::Outside));
        self.d.zones.push(zone("edge", "境界", "", ZoneKind::Boundary));
        let mut inner = vec![("srv".to_owned(), size / 5)];
        self.d.zones.push(zone("srv", "サーバ室", "10.20.1.0/24", ZoneKind::Servers));
        for (i, name) in DEPARTMENTS.iter().enumerate().take(departments) {
            let key = format!("dep{i}");
            self.d.zones.push(zone(&key, name, &format!("10.20.{}.0/24", 4 + i), ZoneKind::Department));
            inner.push((key, size * 35 / 100 / departments));
        }
        for i in 0..wards {
            let key = format!("care{i}");
            self.d.zones.push(zone(
                &key,
                &format!("病棟 {}階", i + 2),
                &format!("10.20.{}.0/23", 40 + 2 * i),
                ZoneKind::Care,
            ));
            inner.push((key, size * 35 / 100 / wards));
        }
        if size > 45 {
            self.d.zones.push(zone("none", "区画不明", "", ZoneKind::Unknown));
            inner.push(("none".into(), size / 30));
        }
        // Uneven: real zones are.
        for at in 1..inner.len() {
            let moved = self.dice.below(inner[at].1 / 2 + 1);
            inner[at].1 -= moved;
            let other = 1 + self.dice.below(inner.len() - 1);
            inner[other].1 += moved;
        }
        inner
    }

    fn edge(&mut self, size: usize) {
        let parties = (3 + size / 50).min(40);
        let boxes = (2 + size / 90).min(24);
        for i in 0..boxes {
            let (name, owner) =
                (if i == 0 { "ファイアウォール".into() } else { format!("保守用VPN {i}") }, self.dice.of(&OWNERS));
            let detail = self.dice.of(&["FortiGate 60E 5.4.8", "YAMAHA RTX830", "Cisco ISR 1100", ""]);
            self.push(node(&format!("vpn{i}"), "edge", &name, detail, Network, owner));
        }
        for i in 0..parties {
            let name = format!("{}社 {}", (b'A' + (i % 26) as u8) as char, self.dice.of(&PARTIES));
            let owner = self.dice.of(&OWNERS);
            self.push(party(&format!("out{i}"), &name, "", owner));
            let label = self.dice.of(&["保守 IPsec", "RDP", "SSL-VPN", "オンライン資格確認", ""]);
            let (always_on, unowned) = (self.dice.one_in(4), self.dice.one_in(5));
            let to = format!("vpn{}", self.dice.below(boxes));
            self.d.lines.push(Line { always_on, unowned, ..line(&format!("out{i}"), &to, label, LineKind::Remote) });
        }
        for i in 0..boxes {
            self.d.lines.push(line(&format!("vpn{i}"), "srv-sw0", "", LineKind::Link));
        }
    }

    fn inner(&mut self, zone: &str, size: usize) {
        let switches = size.div_ceil(22);
        let names: Vec<String> = (0..switches).map(|i| format!("{zone}-sw{i}")).collect();
        for (i, key) in names.iter().enumerate().filter(|_| zone != "none") {
            let name =
                if key == "srv-sw0" { "基幹スイッチ".into() } else { format!("フロアスイッチ {i}") };
            let product = self.dice.of(&["AT-x530L", "Catalyst 9200", ""]);
            self.push(node(key, zone, &name, product, Network, "N"));
            if i > 0 && !self.dice.one_in(3) {
                self.up(key, &names[0]);
            } else if key != "srv-sw0" {
                self.up(key, "srv-sw0");
            }
        }
        for i in 0..size.saturating_sub(if zone == "none" { 0 } else { switches }) {
            let key = format!("{zone}-{i}");
            let owner = self.dice.of(&OWNERS);
            let n = self.dice.below(90) + 1;
            let made = match (zone, self.dice.below(10)) {
                ("none", _) => {
                    node(&key, zone, &format!("10.20.9.{n}"), self.dice.of(&["", "台帳にない"]), Unknown, "?")
                }
                ("srv", 0..8) => {
                    node(&key, zone, &format!("{} {n}", self.dice.of(&SERVERS)), self.dice.of(&SYSTEMS), Server, owner)
                }
                (_, 8) => node(&key, zone, &format!("複合機 {n}"), "iR-ADV C5535", Other, "H"),
                (dep, 0..5) if dep.starts_with("dep") => node(
                    &key,
                    zone,
                    &format!("{} {n}号機", self.dice.of(&DEVICES)),
                    &format!("型番 {}", 100 + n),
                    MedicalDevice,
                    owner,
                ),
                (_, 0..2) => node(&key, zone, &format!("患者モニタ {n:03}"), "IntelliVue MX550", MedicalDevice, "P"),
                _ => node(
                    &key,
                    zone,
                    &format!("端末PC-{n:03}"),
                    self.dice.of(&["Windows 11 23H2", "Windows 10 22H2"]),
                    Client,
                    "H",
                ),
            };
            self.push(made);
            match self.dice.below(20) {
                _ if zone == "none" => {}
                0 => {}
                1 => {
                    let other = self.dice.below(self.switches.len());
                    let to = self.switches.get(other).map_or("srv-sw0".to_owned(), |(_, names)| names[0].clone());
                    self.up(&key, &to);
                }
                _ => {
                    let to = names[self.dice.below(names.len())].clone();
                    self.up(&key, &to);
                }
            }
        }
        if zone != "none" {
            self.switches.push((zone.to_owned(), names));
        }
    }

    fn data_lines(&mut self, size: usize) {
        let keys = |d: &Diagram, kind: ResourceKind| -> Vec<String> {
            d.nodes.iter().filter(|n| n.kind == NodeKind::Resource(kind)).map(|n| n.key.clone()).collect()
        };
        let (servers, devices) = (keys(&self.d, Server), keys(&self.d, MedicalDevice));
        for _ in 0..(size / 25).min(60) {
            let (a, b) = (self.dice.below(servers.len()), self.dice.below(servers.len()));
            let label = self.dice.of(&["HL7", "SS-MIX2", "", "バックアップ"]);
            if let (Some(a), Some(b), true) = (servers.get(a), servers.get(b), a != b) {
                self.d.lines.push(line(a, b, label, LineKind::Link));
            }
        }
        for i in 0..(size / 25).min(60) {
            let (a, b) = (self.dice.below(devices.len()), self.dice.below(servers.len()));
            if let (Some(a), Some(b)) = (devices.get(a), servers.get(b)) {
                self.d.lines.push(line(a, b, self.dice.of(&["DICOM", "HL7", ""]), LineKind::Link));
                if i % 4 == 0 {
                    // A maker's line that comes in past the firewall: what the diagram is there to show.
                    let from = format!("out{}", self.dice.below(3));
                    self.d.lines.push(Line {
                        unowned: true,
                        always_on: true,
                        ..line(&from, a, "LTE", LineKind::Remote)
                    });
                }
            }
            if let Some(b) = servers.get(self.dice.below(servers.len())) {
                let from = format!("vpn{}", self.dice.below(2));
                self.d.lines.push(line(&from, b, "保守", LineKind::Remote));
            }
        }
    }
}

/// A hospital of about `size` boxes.
pub(crate) fn hospital(seed: u64, size: usize) -> Diagram {
    let mut maker = Maker { d: frame(), dice: Dice::new(seed), switches: Vec::new() };
    let zones = maker.zones(size);
    maker.edge(size);
    for (zone, size) in zones {
        maker.inner(&zone, size.max(2));
    }
    maker.data_lines(size);
    // The ledger's order is not the drawing's order.
    let count = maker.d.nodes.len();
    for at in 1..count {
        let other = maker.dice.below(at + 1);
        maker.d.nodes.swap(at, other);
    }
    maker.d
}
