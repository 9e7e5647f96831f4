//! The only crate that knows SQL. Rows of a tenant are reached through one door, [`Db::tenant`] (or its read-only
//! form [`Db::read`]); work that needs no tenant or has none yet (log-in, jobs, the list of tenants) goes through [`Db::system`].
//!
//! Invariants:
//! - No connection, pool, entity or query leaves this crate; methods take and return domain types.
//! - A method that writes on a person's behalf (ledger, imports, findings, tokens, people) takes a
//!   [`tomomori_domain::access::Granted`] and refuses one of another tenant. Audit entries, sessions and the progress of jobs
//!   are written by the program itself and take none. Reads take none: asking is the use case's duty.
//! - Nothing is written before `commit`; dropping a transaction rolls it back.
//! - Raw SQL, and every difference between SQLite and PostgreSQL, is in `dialect.rs`.

mod advice;
mod audit;
mod audit_verify;
mod catalogue;
mod checks;
mod codec;
mod components;
mod contracts;
mod custom_fields;
mod db;
mod diagram;
mod dialect;
mod documents;
mod entity;
mod envelopes;
mod error;
mod facets;
mod files;
mod finding_list;
mod findings;
mod imports;
mod inquiries;
mod jobs;
mod ledger;
mod lines;
mod lists;
mod migration;
mod page;
mod records;
mod resource_counts;
mod resource_list;
mod resource_row;
mod resources;
mod safeguards;
mod services;
mod sessions;
mod steps;
mod stocktakes;
mod tenants;
mod throttle;
mod tokens;
mod tx;
mod users;
mod views;
mod zones;

pub use audit::{AuditEntry, AuditEvent, Checkpoint};
pub use audit_verify::{AuditProblem, VerifyReport};
pub use catalogue::{CatalogueState, MatchState};
pub use checks::{CheckFilter, CheckRow, CheckState};
pub use db::{Clock, Db, DbConfig, Engine};
pub use documents::WritesDocuments;
pub use error::StoreError;
pub use files::FileInfo;
pub use finding_list::{FindingCounts, FindingFilter, FindingRow, FindingSort};
pub use findings::FindingChanges;
pub use imports::{Import, ImportState};
pub use jobs::{ClaimedJob, JobInfo, JobState, NewJob};
pub use ledger::WritesLedger;
pub use page::{Page, PageRequest};
pub use resource_counts::ResourceCounts;
pub use resource_list::{ResourceFilter, ResourceRow, ResourceSort, SupportFilter};
pub use resources::ResourceDetail;
pub use sessions::{NewSession, Session};
pub use steps::{GoneRows, StepRow};
pub use tenants::{Tenant, TenantKind};
pub use throttle::{FailureCount, FailureKind};
pub use tokens::ApiToken;
pub use tomomori_domain::resource::Ledger;
pub use tx::{ReadTx, SystemReadTx, SystemTx, TenantTx};
pub use users::{Credentials, Member, Membership, NewUser, User};
pub use views::LedgerView;
