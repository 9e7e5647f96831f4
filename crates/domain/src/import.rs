//! From a file a hospital has to rows of the ledger: what a column means, where a value stood, what would change.
//!
//! Nothing here reads files. `sheet` and `formats` produce [`Row`]s, `app` compares them with the ledger.

use crate::kinds::{Grade, keyed};
use crate::message::Msg;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::fmt;

keyed! {
    /// What the rows of a table describe.
    TableKind {
        /// Devices (台帳, 納品一覧, DHCP/ARP, nmap).
        Resources = "resources",
        /// Software on one device (SBOM).
        Components = "components",
        /// Network zones (区画).
        Zones = "zones",
        /// Connections and remote-maintenance lines (回線・保守接続).
        Lines = "lines",
        /// Contracts and their vendors.
        Contracts = "contracts",
        /// Services of care and what they depend on (業務と依存).
        Services = "services",
    }
}

keyed! {
    /// What a column can be mapped to. The same word means the same thing in every table that has it.
    Field {
        /// 管理番号
        AssetNumber = "asset_number",
        /// 名称 (device, zone, service)
        Name = "name",
        /// 種別
        Kind = "kind",
        /// メーカー
        Maker = "maker",
        /// 製品・型番
        Product = "product",
        /// 版・ファームウェア
        Version = "version",
        /// OS, with or without its version
        Os = "os",
        /// ミドルウェア・ソフトウェア (several, separated by `;` `、` or a line break)
        Software = "software",
        /// 製造番号
        Serial = "serial",
        /// IPアドレス
        Address = "address",
        /// MACアドレス
        Mac = "mac",
        /// ホスト名
        Hostname = "hostname",
        /// 区画・セグメント
        Zone = "zone",
        /// 設置場所
        Location = "location",
        /// 部署
        Department = "department",
        /// 保守事業者・事業者
        Vendor = "vendor",
        /// 契約番号
        ContractNumber = "contract_number",
        /// 購入形態
        Purchase = "purchase",
        /// 導入日・開始日
        StartsOn = "starts_on",
        /// サポート終了日・契約終了日
        EndsOn = "ends_on",
        /// 接続先 (uplink of a device)
        Uplink = "uplink",
        /// 備考
        Note = "note",
        /// 台数 (one row stands for several equal devices)
        Quantity = "quantity",
        /// CPE stated by the source
        Cpe = "cpe",
        /// Package URL stated by the source
        Purl = "purl",
        /// アドレス範囲 (zone)
        Range = "range",
        /// 接続元 (line)
        From = "from",
        /// 接続先 (line)
        To = "to",
        /// 用途・目的
        Purpose = "purpose",
        /// 方式・プロトコル
        Protocol = "protocol",
        /// 常時接続
        AlwaysOn = "always_on",
        /// 接続元制限
        SourceLimited = "source_limited",
        /// リモート保守
        RemoteMaintenance = "remote_maintenance",
        /// 契約名
        Title = "title",
        /// 担当分野
        VendorField = "vendor_field",
        /// 緊急連絡先
        Contact = "contact",
        /// 更新・報告の条文
        UpdateClause = "update_clause",
        /// 必要な機器 (service; several)
        Needs = "needs",
        /// 診療時間・利用時間
        Hours = "hours",
        /// 資源ID: the key of a resource in a file this program exported
        ResourceId = "resource_id",
        /// 所有者 (who owns the thing, e.g. 病院, リース会社)
        Owner = "owner",
        /// 重要度
        Criticality = "criticality",
        /// 状態 (稼働中, 予備, 修理中, 廃棄 …)
        State = "state",
        /// 導入・設置事業者
        InstalledBy = "installed_by",
        /// ファームウェアの更新担当
        FirmwareUpdatedBy = "firmware_updated_by",
        /// ファームウェア更新の条文
        FirmwareClause = "firmware_clause",
        /// OSの更新担当
        OsUpdatedBy = "os_updated_by",
        /// OS更新の条文
        OsClause = "os_clause",
        /// ミドルウェアの更新担当
        MiddlewareUpdatedBy = "middleware_updated_by",
        /// ミドルウェア更新の条文
        MiddlewareClause = "middleware_clause",
        /// アプリケーションの更新担当
        ApplicationUpdatedBy = "application_updated_by",
        /// アプリケーション更新の条文
        ApplicationClause = "application_clause",
        /// 製品寿命 (EOL): end of sale or production; the end of support is [`Field::EndsOn`]
        EndOfLife = "end_of_life",
        /// 最終棚卸日
        StocktakenOn = "stocktaken_on",
        /// 医療機器に該当
        Medical = "medical",
        /// 製造販売業者 (of a medical device)
        MarketingHolder = "marketing_holder",
        /// 販売業者 (of a medical device)
        Seller = "seller",
        /// 貸与業者・リース会社
        Lessor = "lessor",
        /// 修理業者
        Repairer = "repairer",
        /// 適用済みの更新プログラム (KB numbers; several)
        Kb = "kb",
        /// スイッチのポート
        Port = "port",
        /// 最終検出日
        SeenOn = "seen_on",
        /// 回線番号・お客様番号
        Circuit = "circuit",
        /// 経由する装置 (line)
        Via = "via",
        /// 許可している接続元 (line)
        Sources = "sources",
        /// 請求年月
        BilledOn = "billed_on",
        /// 自由項目: a column of the hospital's own; its name is [`Value::label`]
        Custom = "custom",
    }
}

/// Where a value stood, precise enough to find it with the file open.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// File name as uploaded, without folders. Shared: every value of a file has it.
    pub file: EcoString,
    /// Sheet of a workbook.
    pub sheet: Option<EcoString>,
    /// Cell in A1 form (`C14`).
    pub cell: Option<EcoString>,
    /// Line of a text file, from 1.
    pub line: Option<u32>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, " › {sheet}")?;
        }
        if let Some(cell) = &self.cell {
            write!(f, " › {cell}")?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        Ok(())
    }
}

/// One value of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// What it is.
    pub field: Field,
    /// The text, tidied ([`crate::text::tidy`]); dates as ISO `YYYY-MM-DD`.
    pub text: String,
    /// Where it stood.
    pub place: Place,
    /// Name of the hospital's own column, for [`Field::Custom`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// One row of a table, whatever file it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Where the row starts.
    pub place: Place,
    /// Its values; a field without value is left out. A field may occur more than once ([`Field::Address`]).
    pub values: Vec<Value>,
}

impl Row {
    /// First value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|value| value.field == field).map(|value| value.text.as_str())
    }

    /// All values of a field.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &Value> {
        self.values.iter().filter(move |value| value.field == field)
    }
}

/// A table found in a file: rows that describe one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What the rows describe.
    pub kind: TableKind,
    /// How good the facts are.
    pub grade: Grade,
    /// How columns were understood; empty for formats with fixed meaning (nmap, SBOM).
    pub mapping: Option<Mapping>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What could not be used, or was used with a doubt.
    pub problems: Vec<Problem>,
}

/// How the columns of a sheet are understood. Guessed, shown, corrected by a person, saved per shape of header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Sheet name; `None` for CSV.
    pub sheet: Option<String>,
    /// What the rows describe; `None` = the sheet is left out.
    pub table: Option<TableKind>,
    /// Last row of the header, from 1; data starts below. Merged two-row headers are joined with `/`.
    pub header_row: u32,
    /// One entry per used column.
    pub columns: Vec<ColumnMapping>,
}

/// How one column is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// Column letter(s), as Excel shows them.
    pub column: String,
    /// Header text, tidied.
    pub header: String,
    /// What it means; `None` = not imported.
    pub field: Option<Field>,
    /// 0–100: how sure the guess is; 100 after a person chose.
    pub score: u8,
    /// A few values from the column, so that a person can judge.
    pub samples: Vec<String>,
}

keyed! {
    /// How bad a problem is.
    Severity {
        /// The import cannot be confirmed until this is mended or the row is left out.
        Error = "error",
        /// The row is used; this value is left out or doubtful.
        Warning = "warning",
    }
}

/// One thing that is wrong, with its place and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What, and the remedy.
    pub msg: Msg,
}
