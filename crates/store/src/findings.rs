//! Findings are a projection: a new result of matching is compared with the stored rows and only differences are written.

use crate::entity::{finding as row, match_state};
use crate::tx::CHUNK;
use crate::{StoreError, TenantTx, codec};
use sea_orm::{ColumnTrait, QueryFilter};
use std::collections::HashMap;
use tomomori_domain::access::{Granted, permission::WriteFindings};
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{ComponentId, FindingId, ResourceId};
use tomomori_domain::text;
use uuid::Uuid;

/// What a refresh changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingChanges {
    /// New rows.
    pub added: u64,
    /// Rows whose content changed.
    pub changed: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows left as they were.
    pub unchanged: u64,
}

impl TenantTx {
    /// Makes the tenant's findings these. A row is the same as a stored one when (device, vulnerability) agree for
    /// *affected*, (device, component, missing fact) for *possibly*: it then keeps its id and when it was first seen; the
    /// `id` of the given rows counts only for new ones. `ledger_revision` is that of the ledger the matching read.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the ledger has changed since: match again. [`StoreError::Duplicate`] when two rows are the same.
    pub async fn replace_findings(
        &mut self,
        grant: &Granted<WriteFindings>,
        findings: &[Finding],
        catalogue: &str,
        ledger_revision: i64,
    ) -> Result<FindingChanges, StoreError> {
        self.check(grant)?;
        self.lock_tenant().await?;
        if self.ledger_revision().await? != ledger_revision {
            return Err(StoreError::Stale("ledger"));
        }
        let mut stored: HashMap<(Uuid, String), row::Model> = HashMap::new();
        for row in self.find::<row::Entity>().all(&self.conn).await? {
            stored.insert((row.resource_id, row.identity.clone()), row);
        }
        let mut changes = FindingChanges::default();
        let (mut added, mut changed) = (Vec::new(), Vec::new());
        for finding in findings {
            let mut row = to_row(self.tenant(), finding, codec::ms(self.now));
            match stored.remove(&(row.resource_id, row.identity.clone())) {
                None => added.push(row),
                Some(old) => {
                    row.id = old.id;
                    row.first_seen_at = old.first_seen_at;
                    // A new catalogue with the same conclusion for the same reason is no difference.
                    row.catalogue.clone_from(&old.catalogue);
                    if row == old {
                        changes.unchanged += 1;
                    } else {
                        row.catalogue.clone_from(&finding.catalogue);
                        changed.push(row);
                    }
                }
            }
        }
        self.stale.extend(stored.values().chain(&added).chain(&changed).map(|row| row.resource_id));
        let gone: Vec<Uuid> = stored.into_values().map(|row| row.id).collect();
        for chunk in gone.chunks(CHUNK) {
            let ids = chunk.iter().copied();
            self.delete::<row::Entity>().filter(row::Column::Id.is_in(ids)).exec(&self.conn).await?;
        }
        changes.added = added.len() as u64;
        changes.changed = changed.len() as u64;
        changes.removed = gone.len() as u64;
        self.insert::<row::Entity>(added).await?;
        self.put::<row::Entity>(changed).await?;
        let state = match_state::Model {
            tenant_id: self.tenant(),
            catalogue: catalogue.to_owned(),
            ledger_revision,
            computed_at: codec::ms(self.now),
        };
        self.put::<match_state::Entity>(vec![state]).await?;
        Ok(changes)
    }
}

/// Exploited before not, affected before possibly, then by score from high to low; an unknown score is put where a
/// high one (7.0) stands, because it may be one.
fn urgency(finding: &Finding) -> i32 {
    const UNKNOWN_SCORE: u16 = 70;
    let score = i32::from(finding.cvss_tenths.unwrap_or(UNKNOWN_SCORE).min(100));
    let verdict = if finding.verdict == Verdict::Affected { 0 } else { 1_000 };
    let exploited = if finding.exploited { 0 } else { 10_000 };
    exploited + verdict + 100 - score
}

fn identity(finding: &Finding) -> String {
    match finding.verdict {
        Verdict::Affected => format!("affected|{}", finding.vulnerability),
        Verdict::Possibly => {
            format!("possibly|{}|{}", finding.component, finding.missing.map_or("", MissingFact::key))
        }
    }
}

fn to_row(tenant: Uuid, finding: &Finding, first_seen_at: i64) -> row::Model {
    row::Model {
        tenant_id: tenant,
        id: finding.id.0,
        resource_id: finding.resource.0,
        component_id: finding.component.0,
        verdict: finding.verdict.key().to_owned(),
        missing: finding.missing.map(|missing| missing.key().to_owned()),
        vulnerability: finding.vulnerability.clone(),
        count: codec::int(finding.count),
        cvss_tenths: finding.cvss_tenths.map(i32::from),
        exploited: finding.exploited,
        title: finding.title.clone(),
        title_fold: text::fold(&finding.title),
        reason: finding.reason.clone(),
        catalogue: finding.catalogue.clone(),
        identity: identity(finding),
        urgency: urgency(finding),
        first_seen_at,
    }
}

pub(crate) fn from_row(row: row::Model) -> Result<Finding, StoreError> {
    Ok(Finding {
        id: FindingId(row.id),
        resource: ResourceId(row.resource_id),
        component: ComponentId(row.component_id),
        verdict: codec::key("verdict", &row.verdict, Verdict::from_key)?,
        missing: codec::opt_key("missing fact", row.missing.as_deref(), MissingFact::from_key)?,
        vulnerability: row.vulnerability,
        count: codec::unsigned(row.count),
        cvss_tenths: row.cvss_tenths.and_then(|score| u16::try_from(score).ok()),
        exploited: row.exploited,
        title: row.title,
        reason: row.reason,
        catalogue: row.catalogue,
    })
}
