//! The role matrix (役割): who does what for which system, and where nobody or two do. Computed when asked; the rules are
//! those of [`tomomori_domain::roles`].

use crate::diagram::Translate;
use crate::{AppError, Ctx, editions};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::ReadAgreements;
use tomomori_domain::agreement::{Party, System, Terms};
use tomomori_domain::completeness::Measure;
use tomomori_domain::confirmation::Session;
use tomomori_domain::document::Content;
use tomomori_domain::edition::{EditionKind, Known};
use tomomori_domain::ids::{ContractId, LineId};
use tomomori_domain::kinds::Layer;
use tomomori_domain::resource::{Ledger, LineEnd};
use tomomori_domain::roles::{Facts, Joint, cells, gaps::find};
use tomomori_sheet::export::SheetOut;
use tomomori_store::ReadTx;
use uuid::Uuid;

pub use tomomori_domain::confirmation::Duty;
pub use tomomori_domain::edition::{Edition, Item};
pub use tomomori_domain::roles::gaps::{Gap, On, Rule, Why};

/// The facts of one moment, owned. What belongs to a plan is left out: it is not live.
struct Loaded {
    ledger: Ledger,
    edition: Edition,
    systems: BTreeMap<Uuid, System>,
    terms: BTreeMap<ContractId, Terms>,
    sessions: Vec<Session>,
    joints: BTreeMap<LineId, Joint>,
}

impl Loaded {
    async fn of(tx: &ReadTx, edition: Option<&str>) -> Result<Self, AppError> {
        let edition = editions::get(tx, edition.unwrap_or(editions::DEFAULT)).await?;
        if edition.kind != EditionKind::Roles {
            return Err(AppError::NotFound);
        }
        let sessions = by_id::<Session>(tx).await?;
        let joints = by_id::<Joint>(tx).await?;
        Ok(Loaded {
            ledger: tx.ledger().await?,
            systems: by_id(tx).await?.into_iter().collect(),
            terms: by_id(tx).await?.into_iter().map(|(id, terms)| (ContractId(id), terms)).collect(),
            sessions: sessions.into_iter().map(|(_, one)| one).filter(|one| one.plan.is_none()).collect(),
            joints: joints
                .into_iter()
                .filter(|(_, one)| one.plan.is_none())
                .map(|(id, one)| (LineId(id), one))
                .collect(),
            edition,
        })
    }

    fn facts(&self, ctx: &Ctx) -> Facts<'_> {
        Facts {
            today: ctx.today(),
            ledger: &self.ledger,
            edition: &self.edition,
            systems: &self.systems,
            terms: &self.terms,
            sessions: &self.sessions,
            joints: &self.joints,
        }
    }

    fn has(&self, system: Option<Uuid>) -> Result<(), AppError> {
        let there = system.is_none_or(|id| self.systems.contains_key(&id));
        there.then_some(()).ok_or(AppError::NotFound)
    }

    fn system(&self, id: Uuid) -> String {
        self.systems.get(&id).map(|system| system.name.clone()).unwrap_or_default()
    }

    /// Name of a vendor; `None` = the hospital. One that is gone from the ledger has no name any more.
    fn party(&self, party: Party) -> Option<String> {
        match party {
            Party::Hospital => None,
            Party::Vendor(id) => {
                let vendor = self.ledger.vendors.iter().find(|vendor| vendor.id == id);
                Some(vendor.map_or_else(|| "?".to_owned(), |vendor| vendor.name.clone()))
            }
        }
    }

    fn device(&self, end: &LineEnd) -> String {
        match end {
            LineEnd::Resource(id) => {
                let device = self.ledger.resources.iter().find(|device| device.id == *id);
                device.map_or_else(|| "?".to_owned(), |device| device.name.clone())
            }
            LineEnd::Outside(name) => name.clone(),
            LineEnd::Unknown => "?".to_owned(),
        }
    }

    /// What a finding is about, in words; empty for the hospital as a whole.
    fn subject(&self, on: On) -> String {
        match on {
            On::Hospital => String::new(),
            On::System(id) => self.system(id),
            On::Contract(id) => {
                let contract = self.ledger.contracts.iter().find(|contract| contract.id == id);
                contract.map(|contract| format!("{} {}", contract.number, contract.title)).unwrap_or_default()
            }
            On::Resource(id) | On::Layer(id, _) => self.device(&LineEnd::Resource(id)),
            On::Line(id) => {
                let line = self.ledger.lines.iter().find(|line| line.id == id);
                line.map(|line| format!("{} ⇔ {}", self.device(&line.from), self.device(&line.to))).unwrap_or_default()
            }
        }
    }

    fn told(&self, gap: Gap) -> Told {
        let item = gap.item.map(|at| &self.edition.items[at]);
        Told {
            item: item.map(|item| item.key.clone()),
            number: item.map(|item| item.number.clone()),
            words: item.and_then(Item::words).map(str::to_owned),
            words_en: item.and_then(Item::words_en).map(str::to_owned),
            subject: self.subject(gap.on),
            parties: gap.parties.iter().map(|party| self.party(*party)).collect(),
            gap,
        }
    }
}

async fn by_id<T: Content>(tx: &ReadTx) -> Result<Vec<(Uuid, T)>, AppError> {
    let all = tx.documents::<T>().await?;
    Ok(all.into_iter().map(|document| (document.id, document.content)).collect())
}

/// A finding with its words.
#[derive(Clone, Debug)]
pub struct Told {
    /// The finding.
    pub gap: Gap,
    /// Key of its item.
    pub item: Option<String>,
    /// Number of its item as printed.
    pub number: Option<String>,
    /// What the item is called in Japanese.
    pub words: Option<String>,
    /// In English, where there is English.
    pub words_en: Option<String>,
    /// Name of the system, device, contract or line; empty = the hospital as a whole.
    pub subject: String,
    /// Names of the sides; `None` = the hospital.
    pub parties: Vec<Option<String>>,
}

/// Which part of the matrix is wanted.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Key of the edition; `None` = [`editions::DEFAULT`].
    pub edition: Option<String>,
    /// Only this system.
    pub system: Option<Uuid>,
    /// Only findings of this rule.
    pub rule: Option<Rule>,
}

/// A column: one side, for one system or for the hospital as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name of the vendor; `None` = the hospital.
    pub vendor: Option<String>,
    /// Name of the system; `None` = all of the hospital.
    pub system: Option<String>,
}

/// One cell.
#[derive(Clone, Debug, Default)]
pub struct CellView {
    /// What is done, each with the clause it stands on and, in the hospital's column, the system it is said for.
    pub said: Vec<(Duty, Option<String>, Option<String>)>,
    /// Nobody does it here, and why: all said no, or nobody was asked yet, which is unknown and not the same.
    pub gap: Option<Why>,
    /// More than one do it here.
    pub overlap: bool,
}

/// Findings about one item that read alike.
#[derive(Clone, Debug)]
pub struct Note {
    /// The rule.
    pub rule: Rule,
    /// Why.
    pub why: Why,
    /// Systems concerned, by name; empty = the hospital as a whole.
    pub systems: Vec<String>,
    /// They are all there are.
    pub all: bool,
    /// Sides concerned; `None` = the hospital.
    pub parties: Vec<Option<String>>,
}

/// One row.
#[derive(Clone, Debug)]
pub struct RowView {
    /// The item.
    pub item: Item,
    /// A cell per column.
    pub cells: Vec<CellView>,
    /// What is wrong.
    pub notes: Vec<Note>,
}

/// Devices without somebody who updates a layer.
#[derive(Clone, Debug)]
pub struct WithoutUpdater {
    /// The layer.
    pub layer: Layer,
    /// The fact that is missing, as the ledger's filters call it.
    pub measure: Measure,
    /// How many.
    pub devices: u64,
}

/// The matrix as drawn.
#[derive(Clone, Debug)]
pub struct MatrixView {
    /// The edition.
    pub edition: Edition,
    /// Editions to choose from: key and title.
    pub editions: Vec<(String, String)>,
    /// Systems in use.
    pub systems: Vec<(Uuid, String)>,
    /// Columns; the hospital's is the first.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<RowView>,
    /// Findings by rule, within the system chosen.
    pub counts: BTreeMap<Rule, u64>,
    /// Of [`Rule::NobodyDoes`], those that nobody talked about yet.
    pub not_talked: u64,
    /// Items of which nobody knows what they ask (未取得).
    pub missing: usize,
    /// Findings that are not about items and not about updaters.
    pub others: Vec<Told>,
    /// Layers nobody updates.
    pub updaters: Vec<WithoutUpdater>,
}

/// All findings.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] for an edition that does not exist or is not about roles, or for a system
/// that does not exist.
pub async fn gaps(ctx: &Ctx, query: &Query) -> Result<(Edition, Vec<Told>), AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let loaded = Loaded::of(&ctx.read().await?, query.edition.as_deref()).await?;
    loaded.has(query.system)?;
    let found = found(ctx, &loaded, query);
    let found = found.into_iter().filter(|gap| query.rule.is_none_or(|rule| rule == gap.rule));
    Ok((loaded.edition.clone(), found.map(|gap| loaded.told(gap)).collect()))
}

/// Findings; with a system chosen, those about other systems are left out.
fn found(ctx: &Ctx, loaded: &Loaded, query: &Query) -> Vec<Gap> {
    let mut found = find(&loaded.facts(ctx));
    found.retain(|gap| match (query.system, gap.on) {
        (Some(wanted), On::System(system)) => wanted == system,
        _ => true,
    });
    found
}

/// The matrix.
///
/// # Errors
/// Those of [`gaps`].
pub async fn matrix(ctx: &Ctx, query: &Query) -> Result<MatrixView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let loaded = Loaded::of(&tx, query.edition.as_deref()).await?;
    let editions = editions::all_in(&tx).await?;
    drop(tx);
    loaded.has(query.system)?;
    let wanted = |system: Option<Uuid>| query.system.is_none() || system.is_none() || system == query.system;
    let said: Vec<_> = cells(&loaded.facts(ctx)).into_iter().filter(|cell| wanted(cell.system)).collect();
    let found = found(ctx, &loaded, query);

    let mut columns: BTreeSet<(Party, Option<Uuid>)> = said.iter().map(|cell| (cell.party, cell.system)).collect();
    for contract in &loaded.ledger.contracts {
        let party = tomomori_domain::roles::party(&loaded.ledger, contract.vendor);
        let systems = loaded.terms.get(&contract.id).map(|terms| terms.systems.as_slice()).unwrap_or_default();
        let used = systems.iter().filter(|id| loaded.systems.get(id).is_some_and(|system| !system.retired));
        columns.extend(used.map(|id| (party, Some(*id))).filter(|(_, system)| wanted(*system)));
    }
    columns.retain(|(party, _)| *party != Party::Hospital);
    let columns: Vec<(Party, Option<Uuid>)> = std::iter::once((Party::Hospital, None)).chain(columns).collect();

    let in_use = loaded.systems.iter().filter(|(id, one)| !one.retired && wanted(Some(**id)));
    let shown_systems = in_use.count();
    let untold = |gap: &&Gap| gap.rule == Rule::NobodyDoes && gap.why == Why::NotTalked;
    let not_talked = found.iter().filter(untold).count() as u64;
    let row = |(at, item): (usize, &Item)| {
        let here: Vec<&Gap> = found.iter().filter(|gap| gap.item == Some(at)).collect();
        let said = said.iter().filter(|cell| cell.item == at);
        let said: Vec<_> = said.collect();
        let cell = |(party, system): &(Party, Option<Uuid>)| {
            let own = *party == Party::Hospital;
            let mine = said.iter().filter(|cell| cell.party == *party && (own || cell.system == *system));
            let mut view = CellView::default();
            for one in mine {
                let clause = one.clause.as_ref().map(|clause| clause.number.clone()).filter(|_| !own);
                let system = one.system.filter(|_| own).map(|id| loaded.system(id));
                view.said.push((one.duty, clause, system));
            }
            // One word for all systems needs no names; one for some of them must not look like one for all.
            let words: BTreeSet<Duty> = view.said.iter().map(|(duty, ..)| *duty).collect();
            if own && words.len() == 1 && view.said.len() == shown_systems {
                view.said.truncate(1);
                view.said.iter_mut().for_each(|said| said.2 = None);
            }
            let place = system.map_or(On::Hospital, On::System);
            let at_place = |gap: &&&Gap| own || gap.on == place;
            let nobody = here.iter().filter(at_place).filter(|gap| gap.rule == Rule::NobodyDoes);
            view.gap = nobody.map(|gap| gap.why).max_by_key(|why| *why == Why::SaidNot);
            let two = |gap: &&Gap| gap.rule == Rule::TwoDo && gap.parties.contains(party);
            view.overlap = here.iter().filter(at_place).any(two);
            view
        };
        RowView {
            item: item.clone(),
            cells: columns.iter().map(cell).collect(),
            notes: notes(&loaded, &here, shown_systems),
        }
    };
    let rows = loaded.edition.items.iter().enumerate().map(|(at, item)| row((at, item)));
    let shown = |row: &RowView| query.rule.is_none_or(|rule| row.notes.iter().any(|note| note.rule == rule));
    let rows = rows.filter(shown).collect();
    let mut counts: BTreeMap<Rule, u64> = BTreeMap::new();
    for gap in &found {
        *counts.entry(gap.rule).or_default() += 1;
    }
    let listed = |gap: &&Gap| query.rule.is_none_or(|rule| rule == gap.rule);
    let others = found.iter().filter(listed).filter(|gap| gap.item.is_none() && gap.rule != Rule::NoUpdater);
    let others = others.map(|gap| loaded.told(gap.clone())).collect();
    Ok(MatrixView {
        columns: columns
            .iter()
            .map(|(party, system)| Column { vendor: loaded.party(*party), system: system.map(|id| loaded.system(id)) })
            .collect(),
        editions: editions
            .into_iter()
            .filter(|edition| edition.kind == EditionKind::Roles)
            .map(|edition| (edition.key, edition.title))
            .collect(),
        systems: loaded
            .systems
            .iter()
            .filter(|(_, one)| !one.retired)
            .map(|(id, one)| (*id, one.name.clone()))
            .collect(),
        missing: loaded.edition.items.iter().filter(|item| item.known == Known::Missing).count(),
        updaters: updaters(found.iter().filter(listed)),
        rows,
        counts,
        not_talked,
        others,
        edition: loaded.edition,
    })
}

/// Findings about an item, those alike but for the system as one.
fn notes(loaded: &Loaded, here: &[&Gap], shown: usize) -> Vec<Note> {
    let mut alike: BTreeMap<(Rule, Why, &Vec<Party>), Vec<String>> = BTreeMap::new();
    for gap in here {
        let systems = alike.entry((gap.rule, gap.why, &gap.parties)).or_default();
        if let On::System(id) = gap.on {
            systems.push(loaded.system(id));
        }
    }
    let note = |((rule, why, parties), systems): ((Rule, Why, &Vec<Party>), Vec<String>)| Note {
        rule,
        why,
        all: shown > 1 && systems.len() == shown,
        systems,
        parties: parties.iter().map(|party| loaded.party(*party)).collect(),
    };
    alike.into_iter().map(note).collect()
}

fn updaters<'a>(found: impl Iterator<Item = &'a Gap>) -> Vec<WithoutUpdater> {
    let mut devices: BTreeMap<Layer, u64> = BTreeMap::new();
    for gap in found {
        if let On::Layer(_, layer) = gap.on {
            *devices.entry(layer).or_default() += 1;
        }
    }
    let measure = |layer| match layer {
        Layer::Firmware => Measure::UpdaterFirmware,
        Layer::Os => Measure::UpdaterOs,
        Layer::Middleware => Measure::UpdaterMiddleware,
        Layer::Application => Measure::UpdaterApplication,
    };
    devices.into_iter().map(|(layer, devices)| WithoutUpdater { layer, measure: measure(layer), devices }).collect()
}

/// The matrix and its findings as a workbook of two sheets.
///
/// # Errors
/// Those of [`matrix`].
pub async fn xlsx(ctx: &Ctx, query: &Query, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    let view = matrix(ctx, query).await?;
    let (_, found) = gaps(ctx, query).await?;
    let label = |prefix, key: &str| tr(&crate::export::label(prefix, key));
    let hospital = tr(&Msg::new("roles-hospital"));
    let side = |name: &Option<String>| name.clone().unwrap_or_else(|| hospital.clone());
    let head = |column: &Column| match &column.system {
        Some(system) => format!("{} {system}", side(&column.vendor)),
        None => side(&column.vendor),
    };
    let cell = |cell: &CellView| {
        let words = cell.said.iter().map(|(duty, clause, system)| {
            let parts = [Some(label("duty", duty.key())), clause.clone(), system.clone()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        });
        words.collect::<Vec<_>>().join("\n")
    };
    let wrong = |note: &Note| {
        let what = format!("{} {}", label("gap", note.rule.key()), note.systems.join("・"));
        format!("{} {}", what.trim(), label("gap-why", note.why.key()))
    };
    let words = |item: &Item| match item.known {
        Known::Missing => label("known", Known::Missing.key()),
        _ => item.words().unwrap_or_default().to_owned(),
    };
    let header = [tr(&Msg::new("roles-number")), tr(&Msg::new("roles-item"))];
    let matrix = SheetOut {
        name: tr(&Msg::new("roles-sheet-matrix")),
        header: header
            .iter()
            .cloned()
            .chain(view.columns.iter().map(head))
            .chain([tr(&Msg::new("roles-wrong"))])
            .collect(),
        rows: view
            .rows
            .iter()
            .map(|row| {
                let notes = row.notes.iter().map(wrong).collect::<Vec<_>>().join("\n");
                let front = [row.item.number.clone(), words(&row.item)].into_iter();
                front.chain(row.cells.iter().map(cell)).chain([notes]).collect()
            })
            .collect(),
    };
    let header = [
        Msg::new("roles-wrong"),
        Msg::new("roles-number"),
        Msg::new("roles-item"),
        Msg::new("roles-about"),
        Msg::new("roles-sides"),
        Msg::new("roles-why"),
    ];
    let row = |told: Told| {
        let layer = match told.gap.on {
            On::Layer(_, layer) => format!(" {}", label("layer", layer.key())),
            _ => String::new(),
        };
        let open: Vec<String> = told.gap.open.iter().map(|topic| label("joint", topic.key())).collect();
        vec![
            label("gap", told.gap.rule.key()),
            told.number.unwrap_or_default(),
            told.words.unwrap_or_default(),
            format!("{}{layer}", told.subject),
            told.parties.iter().map(side).collect::<Vec<_>>().join("・"),
            std::iter::once(label("gap-why", told.gap.why.key())).chain(open).collect::<Vec<_>>().join("\n"),
        ]
    };
    let gaps = SheetOut {
        name: tr(&Msg::new("roles-sheet-gaps")),
        header: header.iter().map(tr).collect(),
        rows: found.into_iter().map(row).collect(),
    };
    crate::export::written_sheets(ctx, "roles.export", &format!("edition:{}", view.edition.key), vec![matrix, gaps])
        .await
}
