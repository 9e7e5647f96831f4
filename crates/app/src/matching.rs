//! Matching: catalogue × ledger → findings. A projection; running it twice changes nothing.

use crate::findings::Undecided;
use crate::{App, AppError, Ctx, worker};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use tomomori_catalogue::{Catalogue, CatalogueError, Device, Known, Reason};
use tomomori_domain::access::permission::{WriteFindings, WriteLedger};
use tomomori_domain::access::{Actor, Granted};
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{ComponentId, FindingId, ResourceId};
use tomomori_domain::resource::Component;
use tomomori_formats::cpe::Field as CpeField;
use tomomori_formats::record::Lang;
use tomomori_store::{FindingChanges, Ledger, NewJob, ReadTx, TenantTx};

/// What one run concluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchSummary {
    /// Devices looked at.
    pub devices: u64,
    /// Affected findings.
    pub affected: u64,
    /// Questions: possibly affected, grouped by device, component and missing fact.
    pub questions: u64,
    /// What changed in the database.
    pub changes: FindingChanges,
}

/// Has the tenant matched again in the background; part of the transaction that made it necessary.
pub(crate) async fn later<P>(tx: &mut TenantTx, grant: &Granted<P>) -> Result<(), AppError> {
    let job = NewJob { kind: worker::MATCH, payload: serde_json::Value::Null, max_attempts: 5 };
    tx.enqueue(grant, &job).await?;
    Ok(())
}

/// Whether the findings were computed from the active catalogue and the ledger as it is. Until then pages say that the
/// matching is still going on: an empty list of findings would look safe.
pub(crate) async fn is_current(tx: &ReadTx) -> Result<bool, AppError> {
    let (Some(active), Some(state)) = (tx.catalogue().await?, tx.match_state().await?) else { return Ok(false) };
    Ok(state.catalogue == active.hash && state.ledger_revision == tx.ledger_revision().await?)
}

/// Has every tenant matched whose findings are not current. Run at start and after a switch of the catalogue, so that a
/// crash between the switch and the queue loses nothing.
///
/// # Errors
/// Those of the database.
pub async fn catch_up(app: &App) -> Result<(), AppError> {
    if app.catalogue.get().is_none() {
        return Ok(());
    }
    for tenant in app.db.system_read("match").await?.tenants().await? {
        let actor = Actor::system(tenant.id, "catalogue");
        if is_current(&app.db.read(&actor).await?).await? {
            continue;
        }
        let grant = actor.require::<WriteFindings>()?;
        let mut tx = app.db.tenant(&actor).await?;
        later(&mut tx, &grant).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Computes the tenant's findings from the active catalogue. Without a catalogue nothing is known, so nothing is
/// changed: old findings stay, and every page says that there is no catalogue.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Conflict`] when the ledger changed meanwhile (match again).
pub async fn rematch(ctx: &Ctx) -> Result<MatchSummary, AppError> {
    let grant = ctx.actor.require::<WriteFindings>()?;
    // Another process may have switched the catalogue a moment ago: never compute from the old file.
    crate::catalogue::refresh(&ctx.app).await?;
    let Some(catalogue) = ctx.catalogue() else { return Ok(MatchSummary::default()) };
    let known = ctx.read().await?.match_state().await?.map(|state| state.catalogue);
    if known.as_ref() != Some(&catalogue.info().content) {
        crate::step::recompute(ctx, &ctx.actor.require::<WriteLedger>()?).await?;
    }
    let ledger = ctx.read().await?.ledger().await?;
    let (revision, devices) = (ledger.revision, ledger.resources.len() as u64);
    let hash = catalogue.info().content;
    let generation = hash.clone();
    let work = tokio::task::spawn_blocking(move || findings(&catalogue, &ledger, &generation));
    let findings = work.await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    let mut tx = ctx.write().await?;
    let changes = tx.replace_findings(&grant, &findings, &hash, revision).await?;
    tx.commit().await?;
    let affected = findings.iter().filter(|finding| finding.verdict == Verdict::Affected).count() as u64;
    Ok(MatchSummary { devices, affected, questions: findings.len() as u64 - affected, changes })
}

/// Components of each device that a product was found for, in a stable order.
fn by_device(ledger: &Ledger) -> BTreeMap<ResourceId, Vec<&Component>> {
    let mut devices: BTreeMap<ResourceId, Vec<&Component>> = BTreeMap::new();
    for component in ledger.components.iter().filter(|component| component.product.is_some()) {
        devices.entry(component.resource).or_default().push(component);
    }
    for components in devices.values_mut() {
        components.sort_by(|a, b| (signature(a), a.id).cmp(&(signature(b), b.id)));
    }
    devices
}

/// Product and version; an empty version is an unknown one.
fn signature(component: &Component) -> (&str, &str) {
    let product = component.product.as_ref().map_or("", |product| product.key.as_str());
    (product, component.version.as_deref().filter(|version| is_one_version(version)).unwrap_or_default())
}

/// `7系`, `8.x`, `5.6以上` name many versions: which one it is is not known, and unknown is what is matched.
fn is_one_version(version: &str) -> bool {
    let lower = version.to_ascii_lowercase();
    let open = lower.contains('*') || lower.split(['.', '-', ' ']).any(|part| part == "x");
    version.is_ascii() && !open
}

fn device_of<'a>(components: &[&'a Component]) -> Device<'a> {
    let parts = components.iter().enumerate().map(|(key, component)| {
        let (product, version) = signature(component);
        let key = u32::try_from(key).unwrap_or(u32::MAX);
        // A service pack is the CPE's update, not part of its version (`2012 sp3`).
        match version.rsplit_once(" sp") {
            Some((version, pack)) => tomomori_catalogue::Component::new(key, product, Some(version))
                .with(CpeField::Update, Known::Is(format!("sp{pack}").into())),
            None => {
                tomomori_catalogue::Component::new(key, product, Some(version).filter(|version| !version.is_empty()))
            }
        }
    });
    Device { components: parts.collect() }
}

/// A match without its device, so that equal devices share it.
#[derive(Clone)]
struct Found {
    id: String,
    component: usize,
    missing: Option<MissingFact>,
    cvss_tenths: Option<u16>,
    exploited: bool,
    title: String,
    reason: String,
}

fn found(catalogue: &Catalogue, components: &[&Component]) -> Result<Vec<Found>, CatalogueError> {
    let device = device_of(components);
    let mut all = Vec::new();
    for found in catalogue.match_device(&device)? {
        let vulnerability = catalogue.vulnerability(found.id)?;
        let title = vulnerability.map(|vulnerability| vulnerability.title(Lang::Ja)).unwrap_or_default();
        // The stored reason is the evidence a decision will stand on; the next catalogue may no longer hold it.
        // The generation stands in the finding's own column; here it would make every row differ with every catalogue.
        let reason = Reason { catalogue: String::new(), ..catalogue.explain(&device, &found)? };
        all.push(Found {
            id: found.id.to_owned(),
            component: found.component as usize,
            missing: found.missing.filter(|_| found.verdict == Verdict::Possibly),
            cvss_tenths: found.score_tenths,
            exploited: found.exploited,
            title: if title.is_empty() { found.id.to_owned() } else { title },
            reason: serde_json::to_string(&reason).unwrap_or_default(),
        });
    }
    Ok(all)
}

/// All findings of a ledger. Devices with the same products and versions are matched once: a hospital has hundreds of
/// equal clients.
fn findings(catalogue: &Catalogue, ledger: &Ledger, hash: &str) -> Result<Vec<Finding>, CatalogueError> {
    let mut matched: HashMap<Vec<(&str, &str)>, Vec<Found>> = HashMap::new();
    let mut findings = Vec::new();
    let devices = by_device(ledger);
    for (resource, components) in &devices {
        let key: Vec<_> = components.iter().map(|component| signature(component)).collect();
        let all = match matched.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(found(catalogue, components)?),
        };
        let mut questions: BTreeMap<(ComponentId, MissingFact), Finding> = BTreeMap::new();
        for found in all.iter() {
            let Some(component) = components.get(found.component) else { continue };
            let finding = finding(*resource, component.id, found, hash);
            let Some(missing) = found.missing else {
                findings.push(finding);
                continue;
            };
            match questions.get_mut(&(component.id, missing)) {
                None => {
                    questions.insert((component.id, missing), finding);
                }
                Some(question) => {
                    let count = question.count + 1;
                    if urgency(&finding) > urgency(question) {
                        *question = finding;
                    }
                    question.count = count;
                }
            }
        }
        findings.extend(questions.into_values());
    }
    Ok(findings)
}

/// Exploited before not, then by score, then the newer id.
fn urgency(finding: &Finding) -> (bool, Option<u16>, &str) {
    (finding.exploited, finding.cvss_tenths, &finding.vulnerability)
}

fn finding(resource: ResourceId, component: ComponentId, found: &Found, hash: &str) -> Finding {
    Finding {
        id: FindingId::generate(),
        resource,
        component,
        verdict: if found.missing.is_some() { Verdict::Possibly } else { Verdict::Affected },
        missing: found.missing,
        vulnerability: found.id.clone(),
        count: 1,
        cvss_tenths: found.cvss_tenths,
        exploited: found.exploited,
        title: found.title.clone(),
        reason: found.reason.clone(),
        catalogue: hash.to_owned(),
    }
}

/// The vulnerabilities behind a question, most urgent first, at most 100.
pub(crate) fn undecided(
    catalogue: &Catalogue,
    ledger: &Ledger,
    question: &Finding,
) -> Result<Vec<Undecided>, CatalogueError> {
    let devices = by_device(ledger);
    let Some(components) = devices.get(&question.resource) else { return Ok(Vec::new()) };
    let device = device_of(components);
    let mut matches = catalogue.match_device(&device)?;
    matches.retain(|found| {
        let component = components.get(found.component as usize).map(|component| component.id);
        component == Some(question.component) && found.verdict == Verdict::Possibly && found.missing == question.missing
    });
    matches.sort_by(|a, b| (b.exploited, b.score_tenths, b.id).cmp(&(a.exploited, a.score_tenths, a.id)));
    matches.truncate(100);
    let mut rows = Vec::new();
    for found in matches {
        let vulnerability = catalogue.vulnerability(found.id)?;
        rows.push(Undecided {
            id: found.id.to_owned(),
            title: vulnerability.map(|vulnerability| vulnerability.title(Lang::Ja)).unwrap_or_default(),
            cvss_tenths: found.score_tenths,
            exploited: found.exploited,
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::is_one_version;

    #[test]
    fn what_names_many_versions_is_no_version() {
        for version in ["7.0.94", "V5.6.5", "15.2(2)E4", "Rev.11.01.31", "2012 sp3", "B.05.34"] {
            assert!(is_one_version(version), "{version}");
        }
        for version in ["7系", "5.6以上", "8.x", "8.5.X", "10.*", "最新"] {
            assert!(!is_one_version(version), "{version}");
        }
    }
}
