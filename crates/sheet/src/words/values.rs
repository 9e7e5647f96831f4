//! Words that stand in cells of a fixed vocabulary.

use super::look_up;
use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState, ZoneKind};

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
    (
        ResourceKind::Facility,
        "設備 施設 サーバ室 サーバルーム 電算室 機械室 電源 電源設備 ups電源設備 無停電電源設備 受電設備 非常用電源 \
        非常用発電機 自家発電機 分電盤 空調 空調設備 空調機 ラック サーバラック 入退室管理 配線 lan配線 facility room power \
        airconditioning",
    ),
    (
        ResourceKind::Cloud,
        "クラウド・saas クラウド クラウドサービス saas paas iaas asp asp・saas 外部サービス 外部クラウド cloud \
        cloud,saas cloudservice",
    ),
    (
        ResourceKind::Visitor,
        "持込機器・媒体 持込機器 持込pc 持込端末 持込 持ち込み 持ち込みpc 持ち込み機器 保守用pc 保守pc 保守端末 保守用端末 \
        作業用pc 媒体 外部媒体 可搬媒体 可搬型媒体 usbメモリ usb 外付けhdd brought-inequipment visitor servicepc \
        usbmemory media",
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
    (ZoneKind::Care, "病棟 外来 病棟・外来 病棟外来 端末 診療 care ward clients wardsandclinics"),
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
const ALWAYS_ON: &[(bool, &str)] = &[
    (true, "常時 常時接続 24時間 24時間365日"),
    (false, "都度 都度接続 随時 必要時 必要時のみ 要求時 要求時のみ 申請時 申請時のみ 保守時 保守時のみ オンデマンド"),
];

/// 常時接続.
pub(crate) fn always_on(key: &str) -> Option<bool> {
    look_up(ALWAYS_ON, key).or_else(|| truth(key))
}

const SOURCE_LIMITED: &[(bool, &str)] =
    &[(true, "制限あり ip制限あり ip制限 限定 固定ipのみ"), (false, "制限なし ip制限なし 無制限")];

/// 接続元制限.
pub(crate) fn source_limited(key: &str) -> Option<bool> {
    look_up(SOURCE_LIMITED, key).or_else(|| truth(key))
}

/// Classes and kinds of the act on pharmaceuticals and medical devices (薬機法) are medical devices, all of them.
const MEDICAL: &[(bool, &str)] = &[
    (
        true,
        "該当 該当する 医療機器 対象 高度管理医療機器 管理医療機器 一般医療機器 特定保守管理医療機器 設置管理医療機器 \
        クラスi クラスii クラスiii クラスiv クラス1 クラス2 クラス3 クラス4 i ii iii iv classi classii classiii classiv",
    ),
    (false, "非該当 該当しない 該当なし 対象外 非医療機器 医療機器ではない 医療機器でない 医療機器以外"),
];

/// 医療機器に該当.
pub(crate) fn medical(key: &str) -> Option<bool> {
    look_up(MEDICAL, key).or_else(|| truth(key))
}

const STATES: &[(ResourceState, &str)] = &[
    (ResourceState::Planned, "導入予定 予定 設置予定 導入前 稼働前 発注済 発注済み 準備中 計画中 planned"),
    (
        ResourceState::InUse,
        "稼働中 稼働 稼動中 稼動 使用中 使用 運用中 運用 利用中 現用 本稼働 inuse in_use inoperation active running",
    ),
    (ResourceState::Spare, "予備 予備機 予備品 待機 待機中 保管 保管中 未使用 在庫 spare standby instock"),
    (ResourceState::Repair, "修理中 修理 修理依頼中 故障 故障中 点検中 inrepair repair underrepair broken"),
    (
        ResourceState::Retired,
        "廃棄・返却済み 廃棄 廃棄済 廃棄済み 返却 返却済 返却済み 撤去 撤去済 撤去済み 除却 除却済 除却済み 廃止 退役 \
        retired disposed returned decommissioned",
    ),
];

/// 状態.
pub(crate) fn state(key: &str) -> Option<ResourceState> {
    look_up(STATES, key)
}

const CRITICALITIES: &[(Criticality, &str)] = &[
    (Criticality::High, "高 高い 大 最重要 最高 重要 a s high critical"),
    (Criticality::Middle, "中 中程度 普通 b middle medium"),
    (Criticality::Low, "低 低い 小 c low"),
];

/// 重要度.
pub(crate) fn criticality(key: &str) -> Option<Criticality> {
    look_up(CRITICALITIES, key)
}
