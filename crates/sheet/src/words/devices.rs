//! What the columns of a ledger are called.

use super::tables::Headers;
use tomomori_domain::import::Field;

pub(super) const RESOURCES: Headers = &[
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
        "メーカー メーカ メーカー名 メーカ名 製造元 製造業者 製造会社 製造者 メーカー・製造販売業者 \
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
        osビルド osビルド番号 ビルド番号 osビルドバージョン operatingsystem operatingsystemversion osbuild",
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
        clientname dnshostname",
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
        deliverydate startdate",
    ),
    (
        Field::EndsOn,
        "保守終了 保守終了日 サポート期限 サポート終了日 サポート終了 保守期限 保守満了日 保守期間終了 eos \
        eosl eosd 保証期限 保証終了 保証終了日 保証期間 supportend endofsupport supportuntil \
        enddate",
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
    (Field::ResourceId, "資源id resourceid"),
    (Field::Owner, "所有者 所有 所有元 所有先 資産所有者 所有区分 owner ownedby"),
    (Field::Criticality, "重要度 重要性 重要度区分 重要度ランク criticality importance"),
    (
        Field::State,
        "状態 稼働状況 稼働状態 使用状況 使用状態 利用状況 ステータス 機器状態 資産状態 state status lifecyclestate",
    ),
    (
        Field::InstalledBy,
        "導入業者 導入事業者 導入会社 導入ベンダー 設置業者 設置事業者 導入・設置事業者 納入業者 納入会社 納入事業者 \
        納入元 installedby installer",
    ),
    (
        Field::EndOfLife,
        "製品寿命(eol) 製品寿命 販売終了 販売終了日 製造終了 製造終了日 生産終了 生産終了日 耐用期間 耐用年数満了日 \
        耐用期限 eol eol日 eoldate endoflife endoflife(eol) endofsale endofproduction",
    ),
    (
        Field::StocktakenOn,
        "最終棚卸日 最終棚卸 棚卸日 棚卸年月日 棚卸実施日 棚卸 現物確認日 現物確認 laststocktake stocktaken \
        stocktakedate inventorydate",
    ),
    (
        Field::Medical,
        "医療機器に該当 医療機器 医療機器該当 医療機器該当性 医療機器区分 医療機器クラス 医療機器のクラス分類 クラス分類 \
        薬機法 薬機法該当 薬機法区分 medicaldevice medical medicaldeviceclass",
    ),
    (
        Field::MarketingHolder,
        "製造販売業者 製造販売業者名 製造販売元 製造販売会社 選任製造販売業者 marketingauthorisationholder \
        marketingauthorizationholder marketingholder",
    ),
    (
        Field::Seller,
        "販売業者 販売業者名 販売会社 販売代理店 代理店 ディーラー 販売元 販売店 購入先 seller dealer distributor",
    ),
    (
        Field::Lessor,
        "貸与業者・リース会社 リース会社 リース会社名 リース業者 リース元 リース先 貸与業者 貸与元 レンタル会社 \
        レンタル元 lessor leasingcompany",
    ),
    (Field::Repairer, "修理業者 修理業者名 修理会社 修理先 修理依頼先 修理担当 repairer repaircompany"),
    (
        Field::Kb,
        "適用済みの更新(kb) kb kb番号 kb一覧 適用済みkb 適用kb 更新プログラム 適用済み更新プログラム \
        適用済みの更新プログラム 適用済みパッチ 適用パッチ インストール済み更新 インストール済み更新プログラム 修正プログラム \
        installedupdates(kb) installedupdates installedkb installedkbs kbs hotfix hotfixes hotfixid",
    ),
    (
        Field::Port,
        "スイッチのポート ポート ポート番号 接続ポート 収容ポート スイッチポート swポート swポート番号 port switchport \
        portnumber",
    ),
    (
        Field::SeenOn,
        "最終検出日 最終検出日時 最終検出 最終接続日 最終接続日時 最終起動日時 最終起動日 最終ログオン日時 最終ログオン日 \
        最終ログイン日時 最終通信日時 最終通信日 最終通信 最終確認日時 最終状態レポート 最終状態レポート日時 \
        前回の状態レポート 前回の状態レポート日時 最終接触日時 最終取得日時 最終収集日時 資産情報取得日時 \
        インベントリ取得日時 インベントリ収集日時 lastseen lastseenon lastcontact laststatusreport lastreported \
        lastlogon lastlogondate lastlogontime lastboot lastboottime",
    ),
];
