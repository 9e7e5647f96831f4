//! What columns are called in all other tables, and what tells one kind of table from another.

use super::devices::RESOURCES;
use tomomori_domain::import::{Field, TableKind};

/// A field and what its column is called.
pub(super) type Headers = &'static [(Field, &'static str)];

/// Columns that mean the same in every table.
const COMMON: Headers = &[
    (
        Field::Vendor,
        "保守事業者 保守業者 保守会社 保守ベンダー 保守委託先 保守先 事業者 事業者名 業者 業者名 会社名 委託先 \
        ベンダー ベンダー名 契約先 vendor supplier maintainedby maintenancevendor company",
    ),
    (
        Field::ContractNumber,
        "契約番号 契約no 契約no. 契約書番号 契約書no 契約書no. 保守契約番号 contractnumber contractno contractno. \
        contract",
    ),
    (Field::Note, "備考 備考欄 摘要 メモ 特記事項 コメント note notes remark remarks comment comments"),
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
    (Field::EndsOn, "サポート終了日 サポート期限 eos eol endofsupport enddate"),
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
    (Field::Purpose, "用途 目的 接続目的 利用目的 作業目的 purpose usage"),
    (
        Field::Circuit,
        "回線番号 お客様番号 お客さま番号 お客様id お客さまid 契約者番号 契約者id 回線id 契約回線番号 ご利用番号 \
        ご請求番号 ご契約電話番号 ご利用電話番号 caf番号 cop番号 circuit circuitnumber circuitid customernumber lineid \
        linenumber",
    ),
    (
        Field::Via,
        "経由する装置 経由装置 経由機器 経由 経由するvpn装置 vpn装置 vpn機器 終端装置 中継装置 中継機器 \
        接続装置 ゲートウェイ viadevice via vpndevice gateway",
    ),
    (
        Field::Sources,
        "許可している接続元 許可ip 許可ipアドレス 接続許可ip 許可接続元 許可元 接続元ip 接続元ipアドレス 送信元ip \
        送信元ipアドレス 接続元アドレス allowedsources allowedsource allowedips sourceip sourceaddress",
    ),
    (
        Field::BilledOn,
        "請求年月 請求月 請求対象月 ご請求月 ご利用年月 ご利用月 利用年月 利用月 対象月 billedmonth billingmonth \
        billmonth",
    ),
    (
        Field::Protocol,
        "方式 プロトコル 接続方式 回線種別 回線 通信方式 接続形態 vpn方式 \
        サービス名 サービス サービス種別 サービス品目 ご利用サービス 回線サービス 品目 protocol method connectiontype",
    ),
    (
        Field::AlwaysOn,
        "常時接続 常時 常時/都度 常時・都度 常時都度 常時接続の有無 接続時間 alwayson alwaysconnected permanent",
    ),
    (
        Field::SourceLimited,
        "接続元制限 接続元ip制限 送信元制限 ip制限 接続元制限の有無 sourcelimited sourcerestriction",
    ),
    (Field::RemoteMaintenance, "リモート保守 リモートメンテナンス 遠隔保守 リモート保守の有無 remotemaintenance"),
    (Field::Contact, "連絡先 緊急連絡先 contact"),
    (Field::StartsOn, "開始日 開通日 利用開始日 start startdate"),
    (Field::EndsOn, "終了日 利用終了日 解約日 end enddate"),
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
            Field::SeenOn,
            Field::Kb,
            Field::MarketingHolder,
            Field::Repairer,
        ],
        TableKind::Components => &[Field::Purl],
        TableKind::Zones => &[Field::Range],
        TableKind::Lines => &[
            Field::From,
            Field::To,
            Field::AlwaysOn,
            Field::SourceLimited,
            Field::Circuit,
            Field::Via,
            Field::Sources,
            Field::BilledOn,
        ],
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
        // A bill names the circuit and neither end.
        TableKind::Lines => &[&[Field::From, Field::Circuit], &[Field::To, Field::Circuit]],
        TableKind::Contracts => &[&[Field::ContractNumber, Field::Title], &[Field::Vendor, Field::Title]],
        TableKind::Services => &[&[Field::Name], &[Field::Needs]],
    }
}

/// Words in the name of a sheet that speak for a kind of table.
pub(crate) fn sheet_names(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Resources => {
            &["台帳", "機器", "資産", "納品", "端末", "サーバ", "dhcp", "arp", "wsus", "asset", "device"]
        }
        TableKind::Components => &["ソフトウェア一覧", "sbom", "ソフト一覧", "component", "software"],
        TableKind::Zones => &["区画", "セグメント", "vlan", "zone", "segment"],
        TableKind::Lines => &["回線", "接続", "リモート", "請求", "line", "connection"],
        TableKind::Contracts => &["契約", "contract"],
        TableKind::Services => &["業務", "依存", "service"],
    }
}
