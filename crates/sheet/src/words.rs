//! Words of the field: what headers are called, and what stands in cells of a fixed vocabulary.
//!
//! All words are written as [`key`] leaves them.

use tomomori_domain::import::{Field, TableKind};
use tomomori_domain::resource::{PurchaseForm, ResourceKind, ZoneKind};
use tomomori_domain::text;

/// Text for comparing with words: tidy, lower case, without spaces, all dashes alike. Unlike
/// [`tomomori_domain::text::fold`] it leaves hiragana as they are, so that the words here can be read.
pub(crate) fn key(text: &str) -> String {
    key_of_tidy(&text::tidy(text))
}

/// [`key`] of a text that is tidy already.
pub(crate) fn key_of_tidy(tidied: &str) -> String {
    let dash = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    tidied.to_lowercase().chars().filter(|c| !c.is_whitespace()).map(dash).collect()
}

/// A field and what its column is called.
type Headers = &'static [(Field, &'static str)];

/// Columns that mean the same in every table.
const COMMON: Headers = &[
    (
        Field::Vendor,
        "保守事業者 保守業者 保守会社 保守ベンダー 保守委託先 保守先 事業者 事業者名 業者 業者名 会社名 委託先 \
        ベンダー ベンダー名 契約先 納入業者 販売店 vendor supplier maintainedby maintenancevendor company",
    ),
    (
        Field::ContractNumber,
        "契約番号 契約no 契約no. 契約書番号 契約書no 契約書no. 保守契約番号 contractnumber contractno contractno. \
        contract",
    ),
    (Field::Note, "備考 備考欄 摘要 メモ 特記事項 コメント note notes remark remarks comment comments"),
];

const RESOURCES: Headers = &[
    (
        Field::AssetNumber,
        "管理番号 資産番号 資産管理番号 管理no 管理no. 機器番号 備品番号 台帳番号 資産no 資産no. assetnumber \
        assetno assetno. assettag assetid",
    ),
    (
        Field::Name,
        "機器名 機器名称 名称 装置名 装置名称 品名 資産名 設備名 サーバ名 端末名 名前 システム名 name devicename \
        assetname equipment",
    ),
    (Field::Kind, "種別 区分 機器種別 機器区分 分類 種類 資産区分 機器分類 カテゴリ kind type category devicetype"),
    (
        Field::Maker,
        "メーカー メーカ メーカー名 メーカ名 製造元 製造販売業者 製造業者 製造会社 製造者 メーカー・製造販売業者 \
        maker manufacturer make brand",
    ),
    (
        Field::Product,
        "型番 型式 機種 機種名 製品名 製品 型名 モデル モデル名 製品型番 製品・型番 品番 販売名 型式番号 product \
        productname model modelnumber modelname partnumber productormodel",
    ),
    (
        Field::Version,
        "版 版数 バージョン ファームウェア ファームウェア版数 ファームウェアバージョン ファーム ファーム版数 f/w \
        fw f/w版数 f/wバージョン ver ver. version firmware firmwareversion ソフトウェアバージョン softwareversion",
    ),
    (
        Field::Os,
        "os 基本ソフト 基本ソフトウェア オペレーティングシステム os名 os種別 osバージョン os・バージョン osversion \
        operatingsystem",
    ),
    (
        Field::Software,
        "ソフトウェア ソフトウエア ソフト ミドルウェア 導入ソフト 導入ソフトウェア インストールソフト \
        搭載ソフトウェア アプリケーション software middleware applications installedsoftware",
    ),
    (
        Field::Serial,
        "製造番号 シリアル シリアル番号 シリアルno シリアルno. s/n sn 機番 製造no 製造no. serial serialnumber \
        serialno serialno.",
    ),
    (
        Field::Address,
        "ipアドレス ip ipアドレス1 ipaddress ipaddr ipv4アドレス ipv4 ipv6 ipv6アドレス アドレス 固定ip \
        inetaddress",
    ),
    (
        Field::Mac,
        "macアドレス mac 物理アドレス macaddress macaddr hwaddress hwaddr ethernetaddress hardwareaddress \
        physicaladdress",
    ),
    (
        Field::Hostname,
        "ホスト名 コンピュータ名 コンピューター名 pc名 マシン名 ノード名 hostname host computername fqdn \
        clientname",
    ),
    (
        Field::Zone,
        "セグメント セグメント名 区画 区画名 ネットワーク区分 ネットワーク vlan vlan名 vlanid 所属セグメント \
        接続セグメント zone segment networksegment",
    ),
    (
        Field::Location,
        "設置場所 場所 設置先 設置 設置箇所 所在 建物 棟 階 部屋 location place room site building floor",
    ),
    (
        Field::Department,
        "部署 部門 使用部署 使用部門 管理部署 管理部門 所属 診療科 主管部署 利用部門 利用部署 担当部署 department \
        dept section ward",
    ),
    (
        Field::Purchase,
        "購入形態 取得形態 調達形態 導入形態 契約形態 所有形態 調達区分 取得区分 リース区分 購入区分 purchase \
        acquisition ownership formofpurchase",
    ),
    (
        Field::StartsOn,
        "導入日 購入日 設置年月 設置日 設置年月日 導入年月 導入年月日 購入年月 購入年月日 取得日 取得年月日 納入日 \
        納品日 納入年月日 稼働日 稼働開始日 使用開始日 installed installedon installdate purchasedate purchasedon \
        deliverydate",
    ),
    (
        Field::EndsOn,
        "保守終了 保守終了日 サポート期限 サポート終了日 サポート終了 保守期限 保守満了日 保守期間終了 eos eol \
        eosl eosd 耐用年数満了日 保証期限 supportend endofsupport supportuntil endoflife",
    ),
    (
        Field::Uplink,
        "接続先 接続先機器 接続先スイッチ 収容スイッチ 上位機器 接続スイッチ 上位スイッチ uplink connectedto \
        pluggedinto switch",
    ),
    (Field::Quantity, "台数 数量 個数 数 quantity qty count"),
    (Field::Cpe, "cpe cpe名 cpe2.3 cpename"),
    (
        Field::RemoteMaintenance,
        "リモート保守 リモートメンテナンス 遠隔保守 リモート保守有無 リモート保守の有無 リモートメンテナンスの有無 \
        remotemaintenance",
    ),
];

const COMPONENTS: Headers = &[
    (
        Field::Name,
        "ソフトウェア名 ソフトウェア コンポーネント コンポーネント名 パッケージ パッケージ名 ソフト名 \
        アプリケーション名 名称 name component componentname package packagename softwarename",
    ),
    (Field::Maker, "開発元 提供元 供給者 メーカー 発行元 製造元 publisher supplier suppliername manufacturer"),
    (Field::Version, "バージョン 版 版数 ver ver. version componentversion"),
    (Field::Purl, "purl packageurl パッケージurl"),
    (Field::Cpe, "cpe cpe名 cpe2.3 cpename"),
    (Field::Hostname, "ホスト名 コンピュータ名 コンピューター名 hostname host computername"),
    (Field::AssetNumber, "管理番号 資産番号 assetnumber"),
    (Field::Serial, "シリアル番号 製造番号 serial serialnumber"),
    (Field::EndsOn, "サポート終了日 サポート期限 eos eol endofsupport"),
];

const ZONES: Headers = &[
    (
        Field::Name,
        "区画 区画名 区画名称 セグメント セグメント名 名称 ネットワーク名 vlan名 zone zonename segment segmentname \
        name",
    ),
    (Field::Kind, "種別 種類 区分 区画種別 区画の種類 役割 分類 kind type role"),
    (
        Field::Range,
        "アドレス範囲 ipアドレス範囲 ネットワークアドレス ipアドレス帯 アドレス帯 サブネット ipレンジ 範囲 range \
        subnet cidr networkaddress iprange",
    ),
    (Field::Purpose, "用途 目的 purpose"),
    (Field::Location, "設置場所 場所 location"),
];

const LINES: Headers = &[
    (Field::Name, "回線名 回線名称 接続名 名称 linename name"),
    (Field::From, "接続元 接続元機器 発信元 送信元 接続元拠点 from source"),
    (Field::To, "接続先 接続先機器 送信先 宛先 接続先システム to destination target"),
    (Field::Purpose, "用途 目的 接続目的 利用目的 purpose usage"),
    (
        Field::Protocol,
        "方式 プロトコル 接続方式 回線種別 回線 通信方式 接続形態 vpn方式 protocol method connectiontype",
    ),
    (Field::AlwaysOn, "常時接続 常時 常時接続の有無 接続時間 alwayson permanent"),
    (
        Field::SourceLimited,
        "接続元制限 接続元ip制限 送信元制限 ip制限 接続元制限の有無 sourcelimited sourcerestriction",
    ),
    (Field::RemoteMaintenance, "リモート保守 リモートメンテナンス 遠隔保守 リモート保守の有無 remotemaintenance"),
    (Field::Contact, "連絡先 緊急連絡先 contact"),
    (Field::StartsOn, "開始日 開通日 利用開始日 start startdate"),
    (Field::EndsOn, "終了日 利用終了日 end enddate"),
];

const CONTRACTS: Headers = &[
    (Field::ContractNumber, "番号 no no. number"),
    (Field::Title, "契約名 契約件名 件名 契約名称 契約内容 契約の名称 title contracttitle contractname subject"),
    (Field::VendorField, "担当分野 担当 分野 担当システム 対象システム 業務分野 field scope responsiblefor"),
    (Field::Contact, "連絡先 緊急連絡先 電話番号 電話 窓口 夜間連絡先 contact emergencycontact phone"),
    (
        Field::StartsOn,
        "開始 開始日 契約開始 契約開始日 契約期間開始 契約期間(自) 契約日 契約期間自 自 start startdate startson \
        from",
    ),
    (
        Field::EndsOn,
        "終了 終了日 契約終了 契約終了日 契約期間終了 契約期間至 満了日 契約満了日 至 end enddate endson expires \
        until",
    ),
    (
        Field::UpdateClause,
        "条文 更新条文 更新・報告の条文 報告条文 脆弱性条文 更新の条文 更新報告条項 根拠条文 条項 clause \
        updateclause",
    ),
];

const SERVICES: Headers = &[
    (Field::Name, "業務名 業務 業務名称 サービス名 サービス 部門業務 service servicename name"),
    (
        Field::Needs,
        "必要な機器 依存 依存機器 依存先 依存する機器 必要機器 使用機器 利用機器 必要なシステム 関連機器 needs \
        dependson dependencies requires",
    ),
    (Field::Hours, "診療時間 利用時間 稼働時間 業務時間 時間帯 運用時間 hours servicehours operatinghours"),
    (Field::Department, "部署 部門 主管部署 担当部署 department"),
    (Field::Purpose, "内容 業務内容 purpose description"),
];

/// Header words for a kind of table.
pub(crate) fn headers(kind: TableKind) -> impl Iterator<Item = &'static (Field, &'static str)> {
    let own = match kind {
        TableKind::Resources => RESOURCES,
        TableKind::Components => COMPONENTS,
        TableKind::Zones => ZONES,
        TableKind::Lines => LINES,
        TableKind::Contracts => CONTRACTS,
        TableKind::Services => SERVICES,
    };
    own.iter().chain(COMMON)
}

/// Fields that hardly occur in another kind of table.
pub(crate) fn signature(kind: TableKind) -> &'static [Field] {
    match kind {
        TableKind::Resources => &[
            Field::Product,
            Field::Mac,
            Field::Address,
            Field::Os,
            Field::Hostname,
            Field::Location,
            Field::Maker,
            Field::Quantity,
        ],
        TableKind::Components => &[Field::Purl],
        TableKind::Zones => &[Field::Range],
        TableKind::Lines => &[Field::From, Field::To, Field::AlwaysOn, Field::SourceLimited],
        TableKind::Contracts => &[Field::Title, Field::UpdateClause, Field::VendorField],
        TableKind::Services => &[Field::Needs, Field::Hours],
    }
}

/// What a table of this kind cannot do without: one field of each group.
pub(crate) fn required(kind: TableKind) -> &'static [&'static [Field]] {
    match kind {
        TableKind::Resources => {
            &[&[Field::Name, Field::Product, Field::Address, Field::Mac, Field::Hostname, Field::AssetNumber]]
        }
        TableKind::Components => &[&[Field::Name, Field::Purl, Field::Cpe], &[Field::Version, Field::Purl, Field::Cpe]],
        TableKind::Zones => &[&[Field::Name], &[Field::Range]],
        TableKind::Lines => &[&[Field::From], &[Field::To]],
        TableKind::Contracts => &[&[Field::ContractNumber, Field::Title], &[Field::Vendor, Field::Title]],
        TableKind::Services => &[&[Field::Name], &[Field::Needs]],
    }
}

/// Words in the name of a sheet that speak for a kind of table.
pub(crate) fn sheet_names(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Resources => &["台帳", "機器", "資産", "納品", "端末", "サーバ", "dhcp", "arp", "asset", "device"],
        TableKind::Components => &["ソフトウェア一覧", "sbom", "ソフト一覧", "component", "software"],
        TableKind::Zones => &["区画", "セグメント", "vlan", "zone", "segment"],
        TableKind::Lines => &["回線", "接続", "リモート", "line", "connection"],
        TableKind::Contracts => &["契約", "contract"],
        TableKind::Services => &["業務", "依存", "service"],
    }
}

const RESOURCE_KINDS: &[(ResourceKind, &str)] = &[
    (
        ResourceKind::Server,
        "サーバ 物理サーバ 仮想サーバ 仮想マシン dbサーバ apサーバ webサーバ ファイルサーバ server virtualserver \
        vm 仮想基盤 ホストサーバ",
    ),
    (
        ResourceKind::Client,
        "端末 pc 端末pc パソコン クライアント クライアントpc クライアント端末 ノートpc デスクトップpc デスクトップ \
        タブレット タブレット端末 シンクライアント ワークステーション client clientpc workstation laptop desktop tablet \
        業務端末 電子カルテ端末",
    ),
    (
        ResourceKind::Network,
        "ネットワーク機器 ネットワーク nw機器 nw ルータ スイッチ l2スイッチ l3スイッチ l2sw l3sw sw ハブ \
        スイッチングハブ hub 無線ap 無線lanアクセスポイント アクセスポイント ap 無線lan 無線lanコントローラ \
        vpn装置 vpn機器 vpn vpnルータ ファイアウォール fw utm ロードバランサ 負荷分散装置 router switch firewall \
        network networkdevice accesspoint wirelessap コアスイッチ フロアスイッチ",
    ),
    (
        ResourceKind::MedicalDevice,
        "医療機器 モダリティ 検査装置 検査機器 分析装置 生体情報モニタ 患者モニタ ベッドサイドモニタ 輸液ポンプ \
        シリンジポンプ 人工呼吸器 ct mri cr dr 超音波診断装置 超音波装置 エコ 内視鏡 心電計 x線装置 x線撮影装置 \
        透析装置 medicaldevice modality 医用機器 放射線機器",
    ),
    (
        ResourceKind::Other,
        "その他 その他機器 その他の機器 周辺機器 プリンタ 複合機 nas ストレージ ups 無停電電源装置 スキャナ カメラ \
        ネットワークカメラ バーコードリーダ ラベルプリンタ 電話 ip電話 other otherdevice printer storage",
    ),
];

/// 種別 of a resource.
pub(crate) fn resource_kind(key: &str) -> Option<ResourceKind> {
    look_up(RESOURCE_KINDS, key)
}

const ZONE_KINDS: &[(ZoneKind, &str)] = &[
    (ZoneKind::Outside, "院外 外部 インターネット 事業者 保守拠点 データセンタ クラウド outside internet external"),
    (ZoneKind::Boundary, "境界 dmz vpn 対外接続 外部接続 boundary perimeter"),
    (ZoneKind::Servers, "サーバ サーバ室 サーバセグメント サーバルーム servers server serverroom"),
    (ZoneKind::Department, "部門 部門系 部門システム 検査 放射線 給食 薬剤 department"),
    (ZoneKind::Care, "病棟 外来 病棟・外来 病棟外来 端末 診療 care ward clients"),
];

/// 種別 of a zone.
pub(crate) fn zone_kind(key: &str) -> Option<ZoneKind> {
    look_up(ZONE_KINDS, key)
}

const PURCHASE_FORMS: &[(PurchaseForm, &str)] = &[
    (
        PurchaseForm::Bought,
        "買取 買い取り 買取り 買い切り 買切り 買切 購入 自己所有 自院所有 自己資産 bought purchase purchased owned",
    ),
    (PurchaseForm::Lease, "リース ファイナンスリース オペレーティングリース 再リース リース契約 lease leased"),
    (PurchaseForm::Rental, "レンタル 借用 貸与 貸出 rental rented"),
    (PurchaseForm::Service, "サービス クラウド saas サービス利用 月額利用 サブスクリプション service cloud"),
];

/// 購入形態.
pub(crate) fn purchase(key: &str) -> Option<PurchaseForm> {
    look_up(PURCHASE_FORMS, key)
}

const TRUTH: &[(bool, &str)] = &[
    (true, "有 有り あり アリ ○ 〇 ◯ ● ◎ レ ✓ ✔ ☑ はい 可 済 実施 する yes y true 1 on"),
    (false, "無 無し なし ナシ × ✕ ✗ x いいえ 不可 未実施 しない no n false 0 off"),
];

/// Yes or no.
pub(crate) fn truth(key: &str) -> Option<bool> {
    look_up(TRUTH, key)
}

/// Words that answer only 常時接続: 都度 under リモート保守 would mean that there is one.
const ALWAYS_ON: &[(bool, &str)] =
    &[(true, "常時 常時接続 24時間"), (false, "都度 都度接続 随時 必要時 必要時のみ 要求時 オンデマンド")];

/// 常時接続.
pub(crate) fn always_on(key: &str) -> Option<bool> {
    look_up(ALWAYS_ON, key).or_else(|| truth(key))
}

/// Words that state nothing: the cell counts as blank.
pub(crate) fn is_unstated(key: &str) -> bool {
    listed("- -- --- ー ― — / 不明 未定 未確認 調査中 確認中 ? ?? n/a na n.a. unknown tbd 未記入 空欄 不詳", key)
}

/// Words that say there is none. They are blank for everything but a yes-or-no.
pub(crate) fn is_none(key: &str) -> bool {
    listed("なし ナシ 無し 無 対象外 none 該当なし 該当ナシ", key)
}

/// The address comes and goes; no address is stated.
pub(crate) fn is_dynamic(key: &str) -> bool {
    listed("dhcp 自動 自動取得 動的 自動割当 dynamic auto", key)
}

/// "The same as above".
pub(crate) fn is_ditto(text: &str) -> bool {
    // Asked for every cell: long ones are told apart without tidying them.
    text.len() <= 16 && listed("〃 同上 \" ″ 々 ditto '' ′′ 仝", &key(text))
}

/// First cell of a row that adds up.
pub(crate) fn is_total(key: &str) -> bool {
    listed("合計 小計 総計 計 総合計 total subtotal grandtotal", key)
        || key.ends_with("合計") && key.chars().count() <= 8
}

/// The key is one of the words.
fn listed(words: &str, key: &str) -> bool {
    words.split(' ').any(|word| word == key)
}

/// The meaning of a word; a long vowel at its end is written or not (サーバ, サーバー).
fn look_up<T: Copy>(table: &[(T, &str)], key: &str) -> Option<T> {
    let short = key.strip_suffix('ー').unwrap_or(key);
    table.iter().find(|(_, words)| listed(words, key) || listed(words, short)).map(|(meaning, _)| *meaning)
}
