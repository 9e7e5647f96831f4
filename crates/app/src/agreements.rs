//! Contracts, vendors and systems beyond their lines in the ledger: documents whose every version stays (docs/adr/0016).

mod changes;
pub mod deemed;
pub mod systems;
pub mod vendors;

use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::agreement::check::MAX_DEVICES;
use tomomori_domain::agreement::deemed::covers;
use tomomori_domain::agreement::standing::{Standing, Trouble, standing, troubles};
use tomomori_domain::agreement::{System, Terms};
use tomomori_domain::document::Document;
use tomomori_domain::ids::{ContractId, LineId, ResourceId};
use tomomori_domain::resource::{Contract, Ledger, Line, LineEnd, Resource, ResourceState, Vendor};
use tomomori_domain::{Msg, text};
use tomomori_store::{AuditEvent, ReadTx};
use uuid::Uuid;

pub use changes::{Change, Said, changed};

/// Devices shown at a time to choose from.
pub const MAX_FOUND: usize = 50;

/// A thing of the ledger or a system by name; `None` = it is no longer there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    /// Which.
    pub id: T,
    /// Its name.
    pub name: Option<String>,
}

/// One version of a document: when, by whom, and what changed against the one before.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number.
    pub revision: i64,
    /// When.
    pub written: jiff::Timestamp,
    /// By whom.
    pub by: String,
    /// What changed.
    pub changes: Vec<Change>,
}

/// A contract in the list.
#[derive(Clone, Debug)]
pub struct ContractRow {
    /// What the ledger says.
    pub contract: Contract,
    /// Its vendor's name.
    pub vendor: String,
    /// Where it stands today.
    pub standing: Standing,
    /// Days until its end, negative after it.
    pub days_left: Option<i32>,
    /// The last day of notice.
    pub notice_by: Option<Date>,
    /// Systems it covers.
    pub systems: Vec<Named<Uuid>>,
    /// Clauses entered; `None` = no terms yet.
    pub clauses: Option<usize>,
    /// Whether it is said who does the work: `None` = unknown, else how many stand in the first rank.
    pub subcontractors: Option<usize>,
    /// What is to be looked at.
    pub troubles: Vec<Trouble>,
}

/// All contracts, with what no contract covers.
#[derive(Clone, Debug)]
pub struct ContractList {
    /// The contracts, by number.
    pub rows: Vec<ContractRow>,
    /// Devices in use that no contract of the ledger and no terms cover, servers first; at most [`MAX_FOUND`].
    pub uncovered: Vec<Named<ResourceId>>,
    /// How many of those there are.
    pub uncovered_count: usize,
}

/// One contract with everything about it.
#[derive(Clone, Debug)]
pub struct ContractView {
    /// As in the list.
    pub row: ContractRow,
    /// Its terms; `None` = nobody has entered any.
    pub terms: Option<Document<Terms>>,
    /// Every field of its terms, empty where nothing was said.
    pub said: Vec<(Msg, Vec<Said>)>,
    /// Devices covered beside its systems.
    pub resources: Vec<Named<ResourceId>>,
    /// Lines covered.
    pub lines: Vec<Named<LineId>>,
    /// Devices whose line in the ledger names this contract.
    pub in_ledger: Vec<Named<ResourceId>>,
    /// Systems to choose from: those in use and those chosen.
    pub all_systems: Vec<Named<Uuid>>,
    /// Lines to choose from.
    pub all_lines: Vec<Named<LineId>>,
    /// All versions, the newest first.
    pub history: Vec<Version>,
}

/// Everything the use cases here look at, read in one transaction.
struct Held {
    ledger: Ledger,
    systems: BTreeMap<Uuid, System>,
    terms: BTreeMap<ContractId, Document<Terms>>,
}

impl Held {
    async fn load(tx: &ReadTx) -> Result<Self, AppError> {
        let systems: Vec<Document<System>> = tx.documents().await?;
        let terms: Vec<Document<Terms>> = tx.documents().await?;
        Ok(Self {
            ledger: tx.ledger().await?,
            systems: systems.into_iter().map(|document| (document.id, document.content)).collect(),
            terms: terms.into_iter().map(|document| (ContractId(document.id), document)).collect(),
        })
    }

    fn vendor(&self, contract: &Contract) -> String {
        let vendor = self.ledger.vendors.iter().find(|vendor| vendor.id == contract.vendor);
        vendor.map(|vendor| vendor.name.clone()).unwrap_or_default()
    }

    fn row(&self, contract: &Contract, today: Date) -> ContractRow {
        let terms = self.terms.get(&contract.id).map(|document| &document.content);
        ContractRow {
            vendor: self.vendor(contract),
            standing: standing(contract, today),
            days_left: contract.ends_on.and_then(|end| today.until(end).ok()).map(|span| span.get_days()),
            notice_by: terms.and_then(|terms| terms.notice_by),
            systems: terms.map(|terms| self.system_names(&terms.systems)).unwrap_or_default(),
            clauses: terms.map(|terms| terms.clauses.len()),
            subcontractors: terms.and_then(|terms| {
                use tomomori_domain::agreement::Subcontracting as S;
                match &terms.subcontracting {
                    unknown if unknown.is_unknown() => None,
                    S::By(all) => Some(all.len()),
                    S::Unknown | S::None => Some(0),
                }
            }),
            troubles: troubles(contract, terms, today),
            contract: contract.clone(),
        }
    }

    fn system_names(&self, ids: &[Uuid]) -> Vec<Named<Uuid>> {
        let named = |id: &Uuid| Named { id: *id, name: self.systems.get(id).map(|system| system.name.clone()) };
        ids.iter().map(named).collect()
    }

    fn device_names(&self, ids: &[ResourceId]) -> Vec<Named<ResourceId>> {
        let names: HashMap<ResourceId, &String> = self.ledger.resources.iter().map(|row| (row.id, &row.name)).collect();
        ids.iter().map(|id| Named { id: *id, name: names.get(id).map(|name| (*name).clone()) }).collect()
    }

    fn line_names(&self, ids: &[LineId]) -> Vec<Named<LineId>> {
        let find = |id: &LineId| self.ledger.lines.iter().find(|line| line.id == *id);
        ids.iter().map(|id| Named { id: *id, name: find(id).map(|line| self.line_name(line)) }).collect()
    }

    /// `from → to (what for)`, as people know a line.
    fn line_name(&self, line: &Line) -> String {
        let end = |end: &LineEnd| match end {
            LineEnd::Resource(id) => {
                let device = self.ledger.resources.iter().find(|row| row.id == *id);
                device.map_or_else(|| "?".to_owned(), |row| row.name.clone())
            }
            LineEnd::Outside(name) => name.clone(),
            LineEnd::Unknown => "?".to_owned(),
        };
        let purpose = line.purpose.as_ref().map(|purpose| format!(" ({purpose})")).unwrap_or_default();
        format!("{} → {}{purpose}", end(&line.from), end(&line.to))
    }

    fn uncovered(&self, today: Date) -> Vec<&Resource> {
        let binding = |id: ContractId| {
            let contract = self.ledger.contracts.iter().find(|contract| contract.id == id);
            contract.is_some_and(|contract| standing(contract, today).binds())
        };
        let scopes: Vec<&Terms> =
            self.terms.iter().filter(|(id, _)| binding(**id)).map(|(_, document)| &document.content).collect();
        let mut rows: Vec<&Resource> = in_use(&self.ledger)
            .filter(|row| row.contract.is_none_or(|id| !binding(id)))
            .filter(|row| !scopes.iter().any(|terms| covers(terms, &self.systems, row.id)))
            .collect();
        rows.sort_by_key(|row| row.kind);
        rows
    }
}

fn in_use(ledger: &Ledger) -> impl Iterator<Item = &Resource> {
    ledger.resources.iter().filter(|row| row.state != Some(ResourceState::Retired))
}

/// All contracts of the ledger, by number.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn contracts(ctx: &Ctx) -> Result<ContractList, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let held = Held::load(&ctx.read().await?).await?;
    let today = ctx.today();
    let uncovered = held.uncovered(today);
    let named = |row: &&Resource| Named { id: row.id, name: Some(row.name.clone()) };
    Ok(ContractList {
        uncovered_count: uncovered.len(),
        uncovered: uncovered.iter().take(MAX_FOUND).map(named).collect(),
        rows: held.ledger.contracts.iter().map(|contract| held.row(contract, today)).collect(),
    })
}

/// One contract.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn contract(ctx: &Ctx, id: ContractId) -> Result<ContractView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let held = Held::load(&tx).await?;
    let contract = held.ledger.contracts.iter().find(|contract| contract.id == id).ok_or(AppError::NotFound)?;
    let terms = held.terms.get(&id).cloned();
    let content = terms.as_ref().map(|document| &document.content);
    let chosen = |system: &Uuid| content.is_some_and(|terms| terms.systems.contains(system));
    let mut all_systems: Vec<Uuid> =
        held.systems.iter().filter(|(id, system)| !system.retired || chosen(id)).map(|(id, _)| *id).collect();
    all_systems.extend(content.iter().flat_map(|terms| &terms.systems).filter(|id| !held.systems.contains_key(id)));
    let mut all_lines: Vec<LineId> = held.ledger.lines.iter().map(|line| line.id).collect();
    let lines = content.map(|terms| terms.lines.clone()).unwrap_or_default();
    all_lines.extend(
        lines.iter().filter(|id| !held.ledger.lines.iter().any(|line| line.id == **id)).copied().collect::<Vec<_>>(),
    );
    let in_ledger: Vec<ResourceId> =
        held.ledger.resources.iter().filter(|row| row.contract == Some(id)).map(|row| row.id).collect();
    let versions: Vec<Document<Terms>> = tx.document_versions(id.0).await?;
    Ok(ContractView {
        row: held.row(contract, ctx.today()),
        said: fields(&held, content.unwrap_or(&Terms::default())),
        resources: held.device_names(content.map(|terms| terms.resources.as_slice()).unwrap_or_default()),
        lines: held.line_names(&lines),
        in_ledger: held.device_names(&in_ledger),
        all_systems: held.system_names(&all_systems),
        all_lines: held.line_names(&all_lines),
        history: versions_of(&held, versions),
        terms,
    })
}

fn versions_of(held: &Held, versions: Vec<Document<Terms>>) -> Vec<Version> {
    let mut before = Terms::default();
    let mut history: Vec<Version> = Vec::new();
    for Document { revision, content, written, by, .. } in versions {
        history.push(Version {
            revision,
            written,
            by,
            changes: changed(&fields(held, &before), &fields(held, &content)),
        });
        before = content;
    }
    history.reverse();
    history
}

fn fields(held: &Held, terms: &Terms) -> Vec<(Msg, Vec<Said>)> {
    fn names<T>(named: Vec<Named<T>>) -> Vec<String> {
        named.into_iter().map(|one| one.name.unwrap_or_else(|| "?".to_owned())).collect()
    }
    changes::fields(
        terms,
        names(held.system_names(&terms.systems)),
        names(held.device_names(&terms.resources)),
        names(held.line_names(&terms.lines)),
    )
}

/// What somebody typed against what is kept now, field by field: shown when both were changed at once.
///
/// # Errors
/// [`AppError::Denied`]; database errors.
pub async fn compare(ctx: &Ctx, id: ContractId, typed: &Terms) -> Result<Vec<Change>, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let held = Held::load(&ctx.read().await?).await?;
    let now = held.terms.get(&id).map(|document| document.content.clone()).unwrap_or_default();
    Ok(changed(&fields(&held, &now), &fields(&held, typed)))
}

/// Keeps terms of a contract as a new version. `from` is the revision the writer saw, 0 = none. Returns the new one.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Invalid`] as [`Terms::tidied`]; [`AppError::Conflict`] when somebody
/// else wrote meanwhile.
pub async fn put_terms(ctx: &Ctx, id: ContractId, from: i64, terms: Terms) -> Result<i64, AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx = ctx.write().await?;
    let held = Held::load(&tx).await?;
    if !held.ledger.contracts.iter().any(|contract| contract.id == id) {
        return Err(AppError::NotFound);
    }
    let before = held.terms.get(&id);
    let nothing = Terms::default();
    let known: BTreeSet<Uuid> = held.systems.keys().copied().collect();
    let now = before.map_or(&nothing, |document| &document.content);
    let terms = terms.tidied(&held.ledger, &known, now).map_err(AppError::Invalid)?;
    if let Some(document) = before.filter(|document| document.revision == from && document.content == terms) {
        return Ok(document.revision);
    }
    let revision = tx.put_document(&grant, id.0, from, &terms).await?;
    let changed: Vec<String> = changed(&fields(&held, now), &fields(&held, &terms))
        .iter()
        .map(|change| change.field.key.to_string())
        .collect();
    let details = serde_json::json!({ "revision": revision, "changed": changed });
    tx.audit(AuditEvent::new("agreement.terms", format!("contract:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(revision)
}

/// Devices whose name, number, place or address holds the words, at most [`MAX_FOUND`], and how many there are.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn find_devices(ctx: &Ctx, words: &str) -> Result<(Vec<Named<ResourceId>>, usize), AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let words = text::fold(words);
    if words.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let ledger = ctx.read().await?.ledger().await?;
    let mut found: Vec<Named<ResourceId>> = in_use(&ledger)
        .filter(|row| {
            let texts = [&row.asset_number, &row.location, &row.product, &row.hostname].into_iter().flatten();
            texts
                .chain([&row.name])
                .chain(&row.aliases)
                .chain(&row.addresses)
                .any(|text| text::fold(text).contains(&words))
        })
        .map(|row| Named { id: row.id, name: Some(row.name.clone()) })
        .collect();
    let count = found.len();
    found.truncate(MAX_FOUND);
    Ok((found, count))
}

/// Names of devices by id, for a form that is shown again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for more than a scope holds.
pub async fn names_of(ctx: &Ctx, ids: &[ResourceId]) -> Result<Vec<Named<ResourceId>>, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    if ids.len() > MAX_DEVICES {
        return Err(AppError::Invalid(Msg::new("agree-too-many").arg("limit", MAX_DEVICES)));
    }
    let names = ctx.read().await?.resource_names(ids).await?;
    Ok(ids.iter().map(|id| Named { id: *id, name: names.get(id).cloned() }).collect())
}

/// Whether a vendor of the ledger is the hospital itself.
fn is_hospital(vendor: &Vendor) -> bool {
    Vendor::means_hospital(&vendor.name)
}
