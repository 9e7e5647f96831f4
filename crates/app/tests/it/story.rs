//! What the stories share: a small ledger as a hospital would write it, and a look at what is in the database.

use tomomori_app::Ctx;
use tomomori_app::findings::{self, FindingFilter, FindingRow, FindingSort};
use tomomori_app::ledger::{self, LedgerPage, PageRequest, ResourceFilter, ResourceRow, ResourceSort};

/// One boundary device that is really vulnerable, one server with half of what must be known, one PC with a slip.
pub(crate) const LEDGER: &str = "\
管理番号,機器名,種別,メーカー,型番,バージョン,OS,ソフトウェア,IPアドレス,保守業者\r\n\
K-001,保守用VPN装置,ネットワーク機器,Fortinet,FortiGate 60E,FortiOS 5.6.5,,,10.0.0.1,網屋ネットワーク\r\n\
K-002,電子カルテDB,サーバ,,,,Windows Server 2016,PostgreSQL 10.4,10.0.0.2,\r\n\
K-003,受付PC,クライアント,,,,Windows 10,,10.0.0.300,\r\n";

/// The same ledger as a file to upload.
pub(crate) const FILE: (&str, &[u8]) = ("台帳.csv", LEDGER.as_bytes());

/// The first page of the ledger.
pub(crate) async fn ledger_of(ctx: &Ctx) -> LedgerPage {
    let page = PageRequest { after: None, limit: 500 };
    ledger::list(ctx, &ResourceFilter::default(), ResourceSort::default(), &page).await.unwrap()
}

/// The device of this name.
pub(crate) async fn device(ctx: &Ctx, name: &str) -> ResourceRow {
    let rows = ledger_of(ctx).await.page.rows;
    rows.into_iter().find(|row| row.resource.name == name).unwrap_or_else(|| panic!("{name} is not in the ledger"))
}

/// All findings, most urgent first.
pub(crate) async fn findings_of(ctx: &Ctx) -> Vec<FindingRow> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { after, limit: 500 };
        let found = findings::list(ctx, &FindingFilter::default(), FindingSort::default(), &page).await.unwrap();
        all.extend(found.page.rows);
        after = found.page.next;
        if after.is_none() {
            return all;
        }
    }
}

/// The audit chain, newest first.
pub(crate) async fn entries(ctx: &Ctx) -> Vec<tomomori_store::AuditEntry> {
    ctx.app.db.read(&ctx.actor).await.unwrap().audit_entries(None, 100).await.unwrap()
}
