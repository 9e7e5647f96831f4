//! Documents: typed papers beside the ledger, of which every version stays (docs/adr/0016). The newest is in force.

use crate::kinds::keyed;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

keyed! {
    /// What a document is.
    DocumentKind {
        /// システム (電子カルテ, レセプト …): which devices belong to it
        System = "system",
        /// 事業者の窓口と連絡先
        VendorCard = "vendor_card",
        /// 契約の中身: 範囲、条文、SLA、再委託
        Terms = "terms",
        /// 項目表の版
        Edition = "edition",
        /// 確認表の記入
        Session = "session",
        /// 接続点の取り決め
        Joint = "joint",
        /// 導入の計画
        Plan = "plan",
        /// 年度のチェックリスト
        Checklist = "checklist",
        /// 質問票
        Inquiry = "inquiry",
        /// 質問票への回答
        Reply = "reply",
    }
}

/// Bytes of one document as JSON.
pub const MAX_DOCUMENT: usize = 4 << 20;

/// What can be kept as a document. Fields added later need `#[serde(default)]`: old versions are read as they are.
pub trait Content: Serialize + DeserializeOwned + Send + Sync {
    /// Its kind.
    const KIND: DocumentKind;
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<T> {
    /// Key within tenant and kind.
    pub id: Uuid,
    /// 1 for the first version.
    pub revision: i64,
    /// What it says.
    pub content: T,
    /// When it was written.
    pub written: Timestamp,
    /// By whom.
    pub by: String,
}
