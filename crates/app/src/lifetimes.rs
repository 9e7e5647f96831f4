//! When the support of what is in use ends (サポートの終わり): EOL and EOS apart, from whom the day is, who has to act.

mod rule;
mod words;

use crate::diagram::Translate;
use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use tomomori_catalogue::LIFETIMES;
use tomomori_domain::access::permission::ReadLedger;
use tomomori_domain::ids::{ContractId, ResourceId, VendorId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::lifetime::{End, LifeClass};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{Contract, Grade, Layer, Ledger, ResourceKind, Vendor};
use tomomori_domain::{Msg, text};
use tomomori_ledger::project::{self, Standing};
use tomomori_sheet::export::SheetOut;
use tomomori_store::ReadTx;

pub use rule::{Life, Lookup, Part, SaidBy, Whole, Why, by_device, of_ledger};
pub use words::{span, why};

/// Which rows are wanted; all conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifeFilter {
    /// Where they stand.
    pub class: Option<LifeClass>,
    /// Department that uses the device; `Some(None)` = not known.
    pub department: Option<Option<String>>,
    /// Vendor that maintains the device; `Some(None)` = nobody.
    pub vendor: Option<Option<VendorId>>,
    /// Words that must all occur in the device's name or what is on it.
    pub text: Option<String>,
    /// One device.
    pub resource: Option<ResourceId>,
}

/// One thing whose support ends.
#[derive(Clone, Debug)]
pub struct LifeRow {
    /// The device.
    pub resource: ResourceId,
    /// Its name.
    pub device: String,
    /// Its kind.
    pub kind: ResourceKind,
    /// Department that uses it.
    pub department: Option<String>,
    /// The layer meant.
    pub layer: Layer,
    /// What it is, up to three names; the device's own product first.
    pub what: Vec<String>,
    /// How many more stand in this row.
    pub more: usize,
    /// Version, where the row is about one thing.
    pub version: Option<String>,
    /// When it ends and where it stands.
    pub life: Life,
    /// Support is limited today.
    pub limited: bool,
    /// Days from today to the end that counts; negative after it.
    pub days: Option<i64>,
    /// Who stated the ledger's days.
    pub stated: Vec<Stated>,
    /// Who is bound to update this layer; `None` = nobody.
    pub updater: Option<Updater>,
    /// Who maintains the device.
    pub maintainer: Option<String>,
}

/// A statement the ledger's day follows from.
#[derive(Clone, Debug)]
pub struct Stated {
    /// [`Field::EndOfLife`] or [`Field::EndsOn`].
    pub field: Field,
    /// How good it is.
    pub grade: Grade,
    /// Who entered it; `None` for rows of lists.
    pub by: Option<String>,
    /// Where it stood.
    pub place: Place,
    /// Its day.
    pub seen: Date,
}

/// Who updates a layer, and where that is agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updater {
    /// The vendor, or the hospital itself.
    pub name: String,
    /// Clause or contract.
    pub agreed: Option<String>,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct LifePage {
    /// Rows, the most urgent first, then by day and by device.
    pub rows: Vec<LifeRow>,
    /// Rows of the filter without its class, by class; all classes are there.
    pub counts: BTreeMap<LifeClass, u64>,
    /// Rows of the filter.
    pub matching: u64,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Departments with rows, by name.
    pub departments: BTreeMap<Option<String>, u64>,
    /// Vendors with rows, by name; `None` = nobody.
    pub vendors: Vec<(Option<VendorId>, String, u64)>,
    /// Products of which public records are loaded, and the newest day they carry; 0 = none are loaded.
    pub records: (u64, Option<String>),
}

/// Most rows of one page.
const MAX_LIMIT: u32 = 500;

/// A page of what ends.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a damaged page link.
pub async fn list(ctx: &Ctx, filter: &LifeFilter, after: Option<&str>, limit: u32) -> Result<LifePage, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let from = after.map_or(Ok(0), str::parse::<usize>).map_err(|_| AppError::Invalid(Msg::new("error-bad-cursor")))?;
    let limit = limit.clamp(1, MAX_LIMIT) as usize;
    let tx = ctx.read().await?;
    let mut page = found(ctx, tx.ledger().await?, filter, (from, limit)).await?;
    say_who(&tx, &mut page.rows).await?;
    Ok(page)
}

/// What ends on one device, for its page.
///
/// # Errors
/// [`AppError::Denied`]; nothing is found for a device that is not there or was disposed of.
pub async fn of_resource(ctx: &Ctx, id: ResourceId) -> Result<Vec<LifeRow>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let filter = LifeFilter { resource: Some(id), ..LifeFilter::default() };
    let tx = ctx.read().await?;
    let ledger = Ledger {
        resources: vec![tx.resource(id).await?],
        components: tx.components_of(id).await?,
        vendors: tx.vendors().await?,
        contracts: tx.contracts().await?,
        ..Ledger::default()
    };
    let mut rows = found(ctx, ledger, &filter, (0, MAX_LIMIT as usize)).await?.rows;
    say_who(&tx, &mut rows).await?;
    Ok(rows)
}

/// The list as a workbook: all rows of the filter.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] beyond [`crate::export::MAX_ROWS`].
pub async fn xlsx(ctx: &Ctx, filter: &LifeFilter, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let mut page = found(ctx, tx.ledger().await?, filter, (0, usize::MAX)).await?;
    crate::export::fits(page.matching)?;
    say_who(&tx, &mut page.rows).await?;
    drop(tx);
    let header = words::header().iter().map(tr).collect();
    let rows = page.rows.iter().map(|row| words::cells(row, tr)).collect();
    let sheet = SheetOut { name: tr(&Msg::new("lifetimes-title")), header, rows };
    crate::export::written(ctx, "lifetimes.export", "lifetimes", sheet).await
}

async fn found(
    ctx: &Ctx,
    ledger: Ledger,
    filter: &LifeFilter,
    (from, limit): (usize, usize),
) -> Result<LifePage, AppError> {
    let (catalogue, today, filter) = (ctx.catalogue(), ctx.today(), filter.clone());
    let records = catalogue.as_ref().and_then(|catalogue| {
        let source = catalogue.info().sources.into_iter().find(|source| source.source == LIFETIMES)?;
        Some((source.records, source.newest_record))
    });
    let work = tokio::task::spawn_blocking(move || {
        let parts = of_ledger(&ledger, &mut Lookup::new(catalogue.as_deref()), today)?;
        Ok::<_, tomomori_catalogue::CatalogueError>(page(&ledger, parts, &filter, today, (from, limit)))
    });
    let page = work.await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    Ok(LifePage { records: records.unwrap_or_default(), ..page })
}

fn page(
    ledger: &Ledger,
    mut parts: Vec<Part<'_>>,
    filter: &LifeFilter,
    today: Date,
    (from, limit): (usize, usize),
) -> LifePage {
    let names = Names::of(ledger);
    let mut vendors: HashMap<Option<VendorId>, u64> = HashMap::new();
    let mut departments: BTreeMap<Option<String>, u64> = BTreeMap::new();
    for part in &parts {
        *vendors.entry(part.resource.maintained_by).or_default() += 1;
        match departments.get_mut(&part.resource.department) {
            Some(count) => *count += 1,
            None => drop(departments.insert(part.resource.department.clone(), 1)),
        }
    }
    let words: Vec<String> = filter.text.as_deref().unwrap_or_default().split_whitespace().map(text::fold).collect();
    parts.retain(|part| wanted(part, filter, &words));
    let mut counts: BTreeMap<LifeClass, u64> = LifeClass::ALL.iter().map(|class| (*class, 0)).collect();
    for part in &parts {
        *counts.entry(part.life.class).or_default() += 1;
    }
    parts.retain(|part| filter.class.is_none_or(|class| class == part.life.class));
    // The sort is stable: equal ones stay in the order of the ledger, by name.
    parts.sort_by_key(|part| (part.life.class, part.life.ends.decisive().day().unwrap_or(Date::MAX)));
    let rows: Vec<LifeRow> = parts.iter().skip(from).take(limit).map(|part| row(part, &names, today)).collect();
    let end = from.saturating_add(rows.len());
    let mut vendors: Vec<_> = vendors
        .into_iter()
        .map(|(id, count)| {
            (id, id.and_then(|id| names.vendors.get(&id)).map_or_else(String::new, |row| row.name.clone()), count)
        })
        .collect();
    // Nobody comes last.
    vendors.sort_by_cached_key(|(id, name, _)| (id.is_none(), text::fold(name), *id));
    LifePage {
        rows,
        counts,
        matching: parts.len() as u64,
        next: (end < parts.len()).then(|| end.to_string()),
        departments,
        vendors,
        records: (0, None),
    }
}

fn wanted(part: &Part<'_>, filter: &LifeFilter, words: &[String]) -> bool {
    let device = part.resource;
    let contains = |word: &String| {
        let texts = [Some(&device.name), device.asset_number.as_ref(), device.product.as_ref()];
        let texts = texts.into_iter().flatten().chain(part.components.iter().map(|component| &component.text));
        texts.into_iter().any(|text| text::fold(text).contains(word.as_str()))
    };
    filter.resource.is_none_or(|id| id == device.id)
        && filter.department.as_ref().is_none_or(|department| *department == device.department)
        && filter.vendor.is_none_or(|vendor| vendor == device.maintained_by)
        && words.iter().all(contains)
}

/// Names a row needs.
struct Names<'l> {
    vendors: HashMap<VendorId, &'l Vendor>,
    contracts: HashMap<ContractId, &'l Contract>,
}

impl<'l> Names<'l> {
    fn of(ledger: &'l Ledger) -> Self {
        Self {
            vendors: ledger.vendors.iter().map(|row| (row.id, row)).collect(),
            contracts: ledger.contracts.iter().map(|row| (row.id, row)).collect(),
        }
    }

    fn vendor(&self, id: VendorId) -> Option<String> {
        self.vendors.get(&id).map(|row| row.name.clone())
    }
}

/// Names shown of what stands together in one row.
const SHOWN: usize = 3;

fn row(part: &Part<'_>, names: &Names<'_>, today: Date) -> LifeRow {
    let device = part.resource;
    let own = part.components.is_empty() || part.life.from == SaidBy::Ledger;
    let what: Vec<String> = match part.components.as_slice() {
        _ if own => device.product.iter().cloned().collect(),
        several => several.iter().take(SHOWN).map(|component| component.text.clone()).collect(),
    };
    let version = match part.components.as_slice() {
        [one] => one.version.clone(),
        [] => device.version.clone(),
        _ => None,
    };
    // `SQL Server 2014 SP2` says its version itself.
    let version = version.filter(|version| !what.iter().any(|name| text::fold(name).contains(&text::fold(version))));
    let days = part.life.ends.decisive().day().filter(|_| part.life.class != LifeClass::Unknown);
    LifeRow {
        resource: device.id,
        device: device.name.clone(),
        kind: device.kind,
        department: device.department.clone(),
        layer: part.layer,
        more: part.components.len().saturating_sub(SHOWN),
        what,
        version,
        limited: part.life.ends.is_limited(today) && part.life.class != LifeClass::Unknown,
        days: days.and_then(|day| today.until(day).ok()).map(|span| i64::from(span.get_days())),
        stated: Vec::new(),
        updater: updater(part, names),
        maintainer: device.maintained_by.and_then(|id| names.vendor(id)),
        life: part.life.clone(),
    }
}

/// Who is named for the layer; else the party of the contract, if it has a clause about updates.
fn updater(part: &Part<'_>, names: &Names<'_>) -> Option<Updater> {
    let named = part.resource.updates.get(&part.layer);
    let by = named.and_then(|update| Some((names.vendor(update.by?)?, update.clause.clone())));
    let contract = || {
        let contract = names.contracts.get(&part.resource.contract?)?;
        let clause = contract.update_clause.as_ref()?;
        Some((names.vendor(contract.vendor)?, Some(format!("{} {clause}", contract.number))))
    };
    by.or_else(contract).map(|(name, agreed)| Updater { name, agreed })
}

/// Whose words the ledger's days are.
async fn say_who(tx: &ReadTx, rows: &mut [LifeRow]) -> Result<(), AppError> {
    let ids: Vec<ResourceId> =
        rows.iter().filter(|row| row.life.from == SaidBy::Ledger).map(|row| row.resource).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let sizes = tx.list_sizes().await?;
    let mut told: HashMap<ResourceId, Vec<Record>> = HashMap::new();
    for record in tx.records_about(&ids).await? {
        if let Some(home) = record.home {
            told.entry(home).or_default().push(record);
        }
    }
    for row in rows.iter_mut().filter(|row| row.life.from == SaidBy::Ledger) {
        let Some(records) = told.get(&row.resource) else { continue };
        for field in [Field::EndOfLife, Field::EndsOn] {
            let said = project::history(field, None, records, &sizes);
            let in_force = said.into_iter().find(|said| said.standing == Standing::InForce);
            row.stated.extend(in_force.map(|said| Stated {
                field,
                grade: said.record.grade,
                by: said.record.by.clone(),
                place: said.values.first().map_or(&said.record.place, |value| &value.place).clone(),
                seen: said.record.seen,
            }));
        }
    }
    Ok(())
}
