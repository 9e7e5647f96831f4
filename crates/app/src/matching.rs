//! Matching: catalogue × ledger → findings. A projection; running it twice changes nothing.

use crate::findings::Undecided;
use crate::{AppError, Ctx, worker};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use tomomori_catalogue::{Catalogue, CatalogueError, Device, Known};
use tomomori_domain::access::Granted;
use tomomori_domain::access::permission::WriteFindings;
use tomomori_domain::finding::{Finding, MissingFact, Verdict};
use tomomori_domain::ids::{ComponentId, FindingId, ResourceId};
use tomomori_domain::resource::Component;
use tomomori_formats::cpe::Field as CpeField;
use tomomori_formats::record::Lang;
use tomomori_store::{FindingChanges, Ledger, NewJob, TenantTx};

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

/// Computes the tenant's findings from the active catalogue. Without a catalogue nothing is known, so nothing is
/// changed: old findings stay, and every page says that there is no catalogue.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Conflict`] when the ledger changed meanwhile (match again).
pub async fn rematch(ctx: &Ctx) -> Result<MatchSummary, AppError> {
    let grant = ctx.actor.require::<WriteFindings>()?;
    let Some(catalogue) = ctx.catalogue() else { return Ok(MatchSummary::default()) };
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

fn signature(component: &Component) -> (&str, &str) {
    let product = component.product.as_ref().map_or("", |product| product.key.as_str());
    (product, component.version.as_deref().unwrap_or_default())
}

fn device_of<'a>(components: &[&'a Component]) -> Device<'a> {
    let parts = components.iter().enumerate().map(|(key, component)| {
        let (product, _) = signature(component);
        let key = u32::try_from(key).unwrap_or(u32::MAX);
        // A service pack is the CPE's update, not part of its version (`2012 sp3`).
        match component.version.as_deref().and_then(|version| version.rsplit_once(" sp")) {
            Some((version, pack)) => tomomori_catalogue::Component::new(key, product, Some(version))
                .with(CpeField::Update, Known::Is(format!("sp{pack}").into())),
            None => tomomori_catalogue::Component::new(key, product, component.version.as_deref()),
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
        let title = vulnerability.map(|vulnerability| vulnerability.title(Lang::Ja).to_owned()).unwrap_or_default();
        // The stored reason is the evidence a decision will stand on; the next catalogue may no longer hold it.
        let reason = catalogue.explain(&device, &found)?;
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
            title: vulnerability.map(|vulnerability| vulnerability.title(Lang::Ja).to_owned()).unwrap_or_default(),
            cvss_tenths: found.score_tenths,
            exploited: found.exploited,
        });
    }
    Ok(rows)
}
