//! The audit chain: per tenant, each entry holds the hash of the one before. See docs/adr/0004-audit-chain.md.

use crate::entity::{audit_checkpoint, audit_entry as row, audit_head, audit_personal};
use crate::{ReadTx, StoreError, TenantTx, codec};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tomomori_domain::ids::{TenantId, UserId};
use uuid::Uuid;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Stable key of the action, e.g. `resource.update`.
    pub action: &'static str,
    /// What it was done to, e.g. `resource:0192…`. No personal data.
    pub subject: String,
    /// What is worth keeping. No personal data: that goes to `personal`.
    pub details: Value,
    /// Named personal data (log-in names, names): only a salted hash enters the chain, so that it can be erased.
    pub personal: Vec<(&'static str, String)>,
}

/// An entry as read back.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Place in the chain, from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub time: Timestamp,
    /// The person; `None` = the installation itself.
    pub user: Option<UserId>,
    /// Name of the actor; `None` = erased.
    pub actor: Option<String>,
    /// Stable key of the action.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Details; personal values stand there as `sha256:…`.
    pub details: Value,
    /// Hash of the entry (hex).
    pub hash: String,
}

/// A signed statement of how long the chain was and where it ended. Kept outside the database it is the anchor
/// against which a cut tail shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The chain.
    pub tenant: TenantId,
    /// Entries so far.
    pub count: i64,
    /// Hash of the last entry (hex; 64 zeros for an empty chain).
    pub head: String,
    /// When it was made.
    pub time: Timestamp,
    /// Public key of the installation (hex).
    pub key: String,
    /// Ed25519 signature over the fields above (hex).
    pub signature: String,
}

impl Checkpoint {
    /// Whether the signature is right and by this key.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let signature = hex::decode(&self.signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
        self.key == hex::encode(key.as_bytes())
            && signature.is_some_and(|signature| key.verify_strict(&signed_bytes(self), &signature).is_ok())
    }
}

impl TenantTx {
    /// Appends an entry. The head of the chain stays locked until the transaction ends.
    ///
    /// # Errors
    /// Database errors.
    pub async fn audit(&mut self, event: AuditEvent) -> Result<(), StoreError> {
        append(&self.conn, self.tenant(), self.actor.user, &self.actor.name, self.now, event).await
    }

    /// Signs and stores a checkpoint of the chain as it is now.
    ///
    /// # Errors
    /// Database errors.
    pub async fn checkpoint(&mut self, key: &SigningKey) -> Result<Checkpoint, StoreError> {
        let head = self.find::<audit_head::Entity>().lock_exclusive().one(&self.conn).await?;
        let (count, head) = head.map_or((0, GENESIS.to_owned()), |head| (head.sequence, head.hash));
        let mut made = Checkpoint {
            tenant: self.actor.tenant,
            count,
            head,
            time: self.now,
            key: hex::encode(key.verifying_key().as_bytes()),
            signature: String::new(),
        };
        made.signature = hex::encode(key.sign(&signed_bytes(&made)).to_bytes());
        let row = audit_checkpoint::Model {
            tenant_id: self.tenant(),
            time_at: codec::ms(made.time),
            entries: made.count,
            head: made.head.clone(),
            key: made.key.clone(),
            signature: made.signature.clone(),
        };
        self.insert::<audit_checkpoint::Entity>(vec![row]).await?;
        Ok(made)
    }
}

impl ReadTx {
    /// Entries with a lower sequence than `before`, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn audit_entries(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = self.find::<row::Entity>().order_by_desc(row::Column::Sequence).limit(u64::from(limit));
        if let Some(before) = before {
            query = query.filter(row::Column::Sequence.lt(before));
        }
        let rows = query.all(&self.conn).await?;
        let names = self
            .find::<audit_personal::Entity>()
            .filter(audit_personal::Column::Field.eq(ACTOR))
            .filter(audit_personal::Column::Sequence.is_in(rows.iter().map(|row| row.sequence)))
            .all(&self.conn)
            .await?;
        let mut names: std::collections::HashMap<i64, String> =
            names.into_iter().map(|row| (row.sequence, row.value)).collect();
        rows.into_iter()
            .map(|row| {
                Ok(AuditEntry {
                    sequence: row.sequence,
                    time: codec::time(row.time_at)?,
                    user: row.user_id.map(UserId),
                    actor: names.remove(&row.sequence),
                    action: row.action,
                    subject: row.subject,
                    details: codec::from_json(&row.details)?,
                    hash: row.hash,
                })
            })
            .collect()
    }

    /// Stored checkpoints, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn checkpoints(&self, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
        let rows = self
            .find::<audit_checkpoint::Entity>()
            .order_by_desc(audit_checkpoint::Column::TimeAt)
            .limit(u64::from(limit))
            .all(&self.conn)
            .await?;
        rows.into_iter().map(checkpoint).collect()
    }
}

impl AuditEvent {
    /// An event without details.
    #[must_use]
    pub fn new(action: &'static str, subject: String) -> Self {
        Self { action, subject, details: Value::Null, personal: Vec::new() }
    }

    /// Adds details.
    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// What stands before the first entry.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Name under which the actor's name is kept in `audit_personal`.
pub(crate) const ACTOR: &str = "actor";

/// Hash of an entry: over the one before and everything the entry says, as one JSON array (one spelling only, and no
/// value can run into the next).
pub(crate) fn entry_hash(row: &row::Model) -> Result<String, StoreError> {
    let content = codec::to_json(&(
        row.tenant_id,
        row.sequence,
        row.time_at,
        row.user_id,
        &row.actor,
        &row.action,
        &row.subject,
        &row.details,
    ))?;
    Ok(codec::sha256(&[row.prev_hash.as_bytes(), content.as_bytes()]))
}

/// What stands in the chain for a personal value. The salt keeps a short list of names from being tried.
pub(crate) fn personal_hash(salt: &str, value: &str) -> String {
    format!("sha256:{}", codec::sha256(&[salt.as_bytes(), &[0], value.as_bytes()]))
}

/// Appends to a tenant's chain inside any transaction that has entered the tenant.
pub(crate) async fn append(
    conn: &DatabaseTransaction,
    tenant: Uuid,
    user: Option<UserId>,
    actor: &str,
    now: Timestamp,
    event: AuditEvent,
) -> Result<(), StoreError> {
    let genesis = audit_head::Model { tenant_id: tenant, sequence: 0, hash: GENESIS.to_owned() };
    audit_head::Entity::insert(genesis.into_active_model().reset_all())
        .on_conflict(OnConflict::column(audit_head::Column::TenantId).do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    let head = audit_head::Entity::find_by_id(tenant).lock_exclusive().one(conn).await?;
    let head = head.ok_or(StoreError::NotFound("audit head"))?;
    let sequence = head.sequence + 1;
    let mut details = match event.details {
        Value::Object(map) => map,
        Value::Null => serde_json::Map::new(),
        other => serde_json::Map::from_iter([("value".to_owned(), other)]),
    };
    let mut personal = Vec::with_capacity(event.personal.len() + 1);
    let mut hide = |field: &str, value: String| {
        let salt = Uuid::new_v4().simple().to_string();
        let hash = personal_hash(&salt, &value);
        personal.push(audit_personal::Model { tenant_id: tenant, sequence, field: field.to_owned(), value, salt });
        hash
    };
    let actor = hide(ACTOR, actor.to_owned());
    for (field, value) in event.personal {
        details.insert(field.to_owned(), Value::String(hide(field, value)));
    }
    let mut row = row::Model {
        tenant_id: tenant,
        sequence,
        time_at: codec::ms(now),
        user_id: user.map(|user| user.0),
        actor,
        action: event.action.to_owned(),
        subject: event.subject,
        details: codec::to_json(&details)?,
        prev_hash: head.hash,
        hash: String::new(),
    };
    row.hash = entry_hash(&row)?;
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Sequence, Expr::val(sequence))
        .col_expr(audit_head::Column::Hash, Expr::val(row.hash.clone()))
        .filter(audit_head::Column::TenantId.eq(tenant))
        .exec(conn)
        .await?;
    row::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(conn).await?;
    let personal = personal.into_iter().map(|row| row.into_active_model().reset_all());
    audit_personal::Entity::insert_many(personal).exec_without_returning(conn).await?;
    Ok(())
}

/// The bytes a checkpoint's signature covers.
fn signed_bytes(checkpoint: &Checkpoint) -> Vec<u8> {
    let Checkpoint { tenant, count, head, time, key, .. } = checkpoint;
    format!("tomomori audit checkpoint 1\n{tenant}\n{count}\n{head}\n{}\n{key}\n", codec::ms(*time)).into_bytes()
}

fn checkpoint(row: audit_checkpoint::Model) -> Result<Checkpoint, StoreError> {
    Ok(Checkpoint {
        tenant: TenantId(row.tenant_id),
        count: row.entries,
        head: row.head,
        time: codec::time(row.time_at)?,
        key: row.key,
        signature: row.signature,
    })
}
