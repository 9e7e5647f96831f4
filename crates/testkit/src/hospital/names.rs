//! Tables of names. Hospitals, vendors and makers of medical devices are fictional; makers and models of computers are
//! real, so that they look like those of a real list.

/// Hospitals and their domain under `.example`.
pub(super) const HOSPITALS: &[(&str, &str)] = &[
    ("あおぞら中央病院", "aozora"),
    ("かえで記念病院", "kaede"),
    ("しらかば総合病院", "shirakaba"),
    ("なぎさ市民病院", "nagisa"),
    ("ひいらぎ医療センター", "hiiragi"),
    ("やまびこ病院", "yamabiko"),
];

/// Vendors and what they look after.
pub(super) const VENDORS: &[(&str, &str)] = &[
    ("若葉電子カルテ", "電子カルテ"),
    ("銀河メディカルシステム", "レセプト"),
    ("千鳥イメージング", "PACS"),
    ("白峰ラボシステム", "検査"),
    ("綾瀬ネットワーク", "ネットワーク"),
    ("桔梗ファーマソフト", "薬剤"),
    ("松風フードサービス", "給食"),
    ("琥珀データセンター", "バックアップ"),
    ("朝霧リハビリテック", "リハビリ"),
    ("東雲メディカルサービス", "医療機器"),
];

/// Who lends medical devices.
pub(super) const LESSORS: &[&str] = &["みさきリース", "つばめ総合リース", "こだま医療リース"];
/// Who sells medical devices.
pub(super) const SELLERS: &[&str] = &["たちばな医科器械", "くすのき医療器", "さざなみメディカル"];
pub(super) const DEPARTMENTS: &[&str] =
    &["医療情報室", "医事課", "看護部", "薬剤科", "検査科", "放射線科", "総務課", "栄養科", "手術室", "透析室"];
pub(super) const PLACES: &[&str] = &[
    "本館1F 外来",
    "本館2F サーバ室",
    "本館3F 病棟",
    "本館4F 病棟",
    "本館5F 病棟",
    "別館1F 検査室",
    "別館1F 読影室",
    "別館2F 手術室",
    "管理棟1F",
    "管理棟2F",
];
pub(super) const NOTES: &[&str] = &["更新予算なし", "予備あり", "夜間も利用", "担当者に要確認", "来年度更新の予定"];
pub(super) const CLAUSES: &[&str] = &["第4条", "第5条2項", "第7条", "第9条1項", "別紙2 3項"];

/// Where a sort of device lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Boundary,
    Servers,
    Radiology,
    Laboratory,
    Bedside,
    Office,
    Ward,
}

/// A sort of device.
#[derive(Debug)]
pub(super) struct Sort {
    pub(super) kind: &'static str,
    /// 種別 as lists write it, and the section it stands in.
    pub(super) section: &'static str,
    /// Name in the ledger; a number follows.
    pub(super) short: &'static str,
    /// Name in other lists; a number and 号機 follow.
    pub(super) long: &'static str,
    /// Beginning of the host name; empty = it has none.
    pub(super) host: &'static str,
    pub(super) role: Role,
    /// Maker and model.
    pub(super) models: &'static [(&'static str, &'static str)],
    pub(super) os: &'static [&'static str],
    pub(super) software: &'static [&'static str],
    /// It has a network connection, in percent of cases.
    pub(super) networked: usize,
}

const SERVER_MODELS: &[(&str, &str)] = &[
    ("HPE", "ProLiant DL360 Gen10"),
    ("Dell", "PowerEdge R640"),
    ("NEC", "Express5800/R120h-1M"),
    ("富士通", "PRIMERGY RX2530 M5"),
];
const SERVER_OS: &[&str] = &["Windows Server 2012 R2", "Windows Server 2016", "Windows Server 2019", "CentOS 7.9"];
const PC_MODELS: &[(&str, &str)] =
    &[("NEC", "Mate MKM28/B-5"), ("富士通", "ESPRIMO D588/C"), ("Dell", "OptiPlex 3070"), ("HP", "ProDesk 400 G6")];
const PC_OS: &[&str] = &["Windows 10 Pro", "Windows 11 Pro", "Windows 10 IoT Enterprise LTSC 2019"];

const fn server(
    short: &'static str,
    long: &'static str,
    host: &'static str,
    role: Role,
    software: &'static [&'static str],
) -> Sort {
    Sort {
        kind: "server",
        section: "サーバ",
        short,
        long,
        host,
        role,
        models: SERVER_MODELS,
        os: SERVER_OS,
        software,
        networked: 100,
    }
}

const fn client(short: &'static str, long: &'static str, host: &'static str, role: Role) -> Sort {
    Sort {
        kind: "client",
        section: "端末PC",
        short,
        long,
        host,
        role,
        models: PC_MODELS,
        os: PC_OS,
        software: &[],
        networked: 100,
    }
}

const fn medical(
    short: &'static str,
    long: &'static str,
    role: Role,
    models: &'static [(&'static str, &'static str)],
    networked: usize,
) -> Sort {
    let os: &[&str] = if networked == 100 { &["Windows 7 Professional", "Windows 10 IoT Enterprise"] } else { &[] };
    Sort {
        kind: "medical_device",
        section: "医療機器",
        short,
        long,
        host: "",
        role,
        models,
        os,
        software: &[],
        networked,
    }
}

pub(super) const SERVERS: &[Sort] = &[
    server("電カルAP", "電子カルテAPサーバ", "emr-ap", Role::Servers, &["Apache Tomcat 8.5.32"]),
    server("電カルDB", "電子カルテDBサーバ", "emr-db", Role::Servers, &["PostgreSQL 10.4"]),
    server("レセプトサーバ", "医事会計サーバ", "rec-sv", Role::Servers, &["Oracle Database 12.1.0.2"]),
    server("PACSサーバ", "医用画像管理サーバ", "pacs-sv", Role::Radiology, &["SQL Server 2014 SP2"]),
    server("検査サーバ", "臨床検査システムサーバ", "lis-sv", Role::Laboratory, &["SQL Server 2012 SP3"]),
    server("薬剤サーバ", "薬剤部門システムサーバ", "pharm-sv", Role::Servers, &["SQL Server 2014 SP2"]),
    server("ADサーバ", "ドメインコントローラ", "dc", Role::Servers, &[]),
    server("予約Web", "Web予約サーバ", "yoyaku-web", Role::Boundary, &["Apache HTTP Server 2.4.29", "OpenSSL 1.0.2k"]),
];

pub(super) const CLIENTS: &[Sort] = &[
    client("病棟PC", "病棟端末", "ward-pc", Role::Ward),
    client("外来PC", "外来診察端末", "opd-pc", Role::Ward),
    client("事務PC", "事務端末", "off-pc", Role::Office),
];

const SWITCH: &[(&str, &str)] = &[("Cisco", "Catalyst 2960X-24TS-L"), ("アライドテレシス", "AT-x510-28GTX")];

const fn network(
    short: &'static str,
    long: &'static str,
    host: &'static str,
    role: Role,
    models: &'static [(&'static str, &'static str)],
) -> Sort {
    Sort {
        kind: "network",
        section: "ネットワーク機器",
        short,
        long,
        host,
        role,
        models,
        os: &[],
        software: &[],
        networked: 100,
    }
}

pub(super) const NETWORK: &[Sort] = &[
    network("フロアスイッチ", "フロアL2スイッチ", "fl-sw", Role::Servers, SWITCH),
    network("基幹スイッチ", "コアスイッチ", "core-sw", Role::Servers, &[("Cisco", "Catalyst 3850-24T")]),
    network("無線AP", "無線アクセスポイント", "ap", Role::Office, &[("Aruba", "AP-305"), ("Cisco", "AIR-AP1832I")]),
    FIREWALL,
    VPN,
];

pub(super) const FIREWALL: Sort =
    network("ファイアウォール", "境界ファイアウォール", "fw", Role::Boundary, &[("Fortinet", "FortiGate 100E")]);
pub(super) const VPN: Sort = network(
    "保守用VPN装置",
    "リモート保守VPNルータ",
    "vpn",
    Role::Boundary,
    &[("ヤマハ", "RTX830"), ("Fortinet", "FortiGate 60E")],
);

pub(super) const MEDICAL: &[Sort] = &[
    MRI,
    CT,
    medical("超音波", "超音波診断装置", Role::Radiology, &[("虹彩メディカル", "Echo-Wave 5")], 100),
    medical(
        "血球計数",
        "血球計数装置",
        Role::Laboratory,
        &[("清流ダイアグ", "HC-3000"), ("清流ダイアグ", "HC-5000")],
        100,
    ),
    medical("生化学", "生化学自動分析装置", Role::Laboratory, &[("清流ダイアグ", "BioLine 8")], 100),
    medical("輸液ポンプ", "輸液ポンプ", Role::Bedside, &[("高嶺医用電機", "IP-70"), ("高嶺医用電機", "IP-90")], 0),
    medical("シリンジポンプ", "シリンジポンプ", Role::Bedside, &[("高嶺医用電機", "SP-12")], 0),
    medical("ベッドサイドモニタ", "生体情報モニタ", Role::Bedside, &[("高嶺医用電機", "VitalView 3")], 60),
];
pub(super) const MRI: Sort =
    medical("MRI", "磁気共鳴画像診断装置", Role::Radiology, &[("虹彩メディカル", "Magna 1.5T")], 100);
pub(super) const CT: Sort =
    medical("CT", "X線コンピュータ断層撮影装置", Role::Radiology, &[("虹彩メディカル", "Spiral 64")], 100);

const fn other(short: &'static str, long: &'static str, models: &'static [(&'static str, &'static str)]) -> Sort {
    Sort {
        kind: "other",
        section: "その他",
        short,
        long,
        host: "",
        role: Role::Office,
        models,
        os: &[],
        software: &[],
        networked: 90,
    }
}

pub(super) const OTHER: &[Sort] = &[
    other("複合機", "デジタル複合機", &[("リコー", "IM C3000"), ("キヤノン", "iR-ADV C5535")]),
    other("ラベルプリンタ", "検体ラベルプリンタ", &[("サトー", "CL4NX-J")]),
    other("UPS", "無停電電源装置", &[("APC", "Smart-UPS 1500")]),
];
