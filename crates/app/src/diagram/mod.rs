//! The system diagram (構成図), drawn from the ledger.
//!
//! ```text
//! ledger of a day (past) ─ model, facts ─► whole ─ days ─► compared ─ views ─► part ─ layout, from the kept arrangement (keep)
//!                                                                               ├─► page (view)
//!                                                                               └─► files (files)
//! ```

mod days;
mod facts;
mod files;
mod keep;
mod model;
mod past;
mod query;
mod views;

use crate::lifetimes::{self, Lookup};
use crate::{AppError, Ctx};
use facts::Known;
use jiff::civil::Date;
use past::Past;
use tomomori_diagram::{Arrangement, Comparison, Options, layout_from, svg};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadFindings, ReadLedger};
use tomomori_domain::ids::{ResourceId, ServiceId, VendorId};
use tomomori_domain::text::fold;
use tomomori_store::Ledger;
use views::Shown;

pub use days::Difference;
pub use files::{DiagramFile, FileKind, file};
pub use keep::{To, pin, rearrange};
pub use query::{DiagramQuery, LAYERS, MAX_HOPS, Zones, layer_key};
pub use tomomori_diagram::{
    Change, Changes, Diagram, EndOfLife, Evidence, Layer, Layout, LineKind, NodeKind, Severity,
};
pub use tomomori_report::Lang as PaperLang;
pub use views::ZoneState;

/// Key of the drawn zone that holds parties outside.
const OUTSIDE: &str = "outside";
/// Key of the drawn zone for devices whose zone is not known.
const NO_ZONE: &str = "no-zone";

/// Turns messages into the reader's language.
pub type Translate<'a> = &'a (dyn Fn(&Msg) -> String + Send + Sync);

/// A picture for a page.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The picture; boxes link to their devices.
    pub svg: String,
    /// What is in it.
    pub diagram: Diagram,
    /// Where all of it stands.
    pub layout: Layout,
    /// Its zones, folded or open.
    pub zones: Vec<ZoneState>,
    /// The hospital's vendors, for choosing a part.
    pub vendors: Vec<(VendorId, String)>,
    /// The hospital's services, for choosing a part.
    pub systems: Vec<(ServiceId, String)>,
    /// Lines that are not in the picture; pages list them, so that nothing is lost.
    pub not_drawn: Vec<String>,
    /// Plugs that are not in it, because an end is folded away or left out.
    pub plugs_not_drawn: usize,
    /// For two days: devices and lines that differ, and which.
    pub compared: Option<(Changes, Changes, Vec<Difference>)>,
    /// On that day no ledger was there yet.
    pub before_the_first: bool,
}

/// Draws what was asked for. When the actor may change the ledger, the places are remembered for the next picture.
///
/// # Errors
/// [`AppError::Denied`] without the right to read ledger and findings; [`AppError::NotFound`] for a device, vendor or
/// service that is not there.
pub async fn view(ctx: &Ctx, query: &DiagramQuery, tr: Translate<'_>) -> Result<Drawn, AppError> {
    let scene = scene(ctx, query, tr).await?;
    let work = tokio::task::spawn_blocking(move || {
        let layout = scene.layout();
        let svg = svg(&layout, &Options::default());
        (scene, layout, svg)
    });
    let (scene, layout, svg) = work.await.map_err(AppError::internal)?;
    keep::remember(ctx, &scene, &layout.arrangement).await;
    let Shown { diagram, zones, cut, .. } = scene.shown;
    let undrawn = layout.undrawn.iter().filter_map(|&at| diagram.lines.get(at));
    let (not_drawn, plugs_not_drawn) = views::not_drawn(&scene.whole, cut.iter().chain(undrawn));
    Ok(Drawn {
        svg,
        layout,
        zones,
        not_drawn,
        plugs_not_drawn,
        diagram,
        vendors: scene.ledger.vendors.iter().map(|vendor| (vendor.id, vendor.name.clone())).collect(),
        systems: scene.ledger.services.iter().map(|service| (service.id, service.name.clone())).collect(),
        compared: scene.compared,
        before_the_first: scene.before_the_first,
    })
}

/// Everything a picture is drawn from.
struct Scene {
    tenant: String,
    /// The ledger as it is now: for choices, whatever day is drawn.
    ledger: Ledger,
    whole: Diagram,
    shown: Shown,
    compared: Option<(Changes, Changes, Vec<Difference>)>,
    before_the_first: bool,
    /// Whether it is about today alone: only then places are remembered.
    today: bool,
    /// Which arrangement is meant, and what it is.
    kept: Option<String>,
    before: Arrangement,
}

impl Scene {
    fn layout(&self) -> Layout {
        layout_from(&self.shown.diagram, &keep::about(&self.before, &self.shown.diagram))
    }
}

async fn scene(ctx: &Ctx, query: &DiagramQuery, tr: Translate<'_>) -> Result<Scene, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    ctx.actor.require::<ReadFindings>()?;
    let (today, layer) = (ctx.today(), query.layer);
    let tx = ctx.read().await?;
    let (tenant, ledger) = (tx.tenant_row().await?.name, tx.ledger().await?);
    let (findings, grades) = (tx.findings().await?, tx.record_grades().await?);
    let current = crate::matching::is_current(&tx).await?;
    let days: Vec<Date> = match (query.compare, query.at) {
        (Some((from, to)), _) => vec![to, from],
        (None, day) => day.into_iter().collect(),
    };
    let mut past = past::load(&tx, &days, today).await?;
    drop(tx);
    past::compute(ctx, &ledger, &mut past).await?;
    let catalogue = ctx.catalogue();
    // Records of support periods are those of today: what was known of them on an earlier day is kept nowhere.
    let ends = |ledger: &Ledger, day: Date| {
        let parts = lifetimes::of_ledger(ledger, &mut Lookup::new(catalogue.as_deref()), day);
        parts.map(|parts| lifetimes::by_device(&parts)).map_err(AppError::internal)
    };
    let now = |ledger: &Ledger| {
        let known = Known::new(ends(ledger, today)?, ledger, Some((&findings, current)), &grades);
        Ok::<_, AppError>(model::model(ledger, &known, layer, tr))
    };
    // A day of which nothing was loaded is today.
    let on = |past: &Option<Past>| match past {
        Some(past) => {
            let known = Known::new(ends(&past.ledger, past.day)?, &past.ledger, None, &past.grades);
            Ok(model::model(&past.ledger, &known, layer, tr))
        }
        None => now(&ledger),
    };
    let (whole, compared) = match past.as_slice() {
        [] => (now(&ledger)?, None),
        [day] => (on(day)?, None),
        [to, from, ..] => {
            let (old, new) = (on(from)?, on(to)?);
            let Comparison { diagram, nodes, lines } = tomomori_diagram::compare(&old, &new);
            let differences = days::differences(&old, &diagram, tr);
            (diagram, Some((nodes, lines, differences)))
        }
    };
    let shown_ledger = past.first().and_then(Option::as_ref).map_or(&ledger, |past| &past.ledger);
    let mut shown = views::shown(&whole, shown_ledger, query).ok_or(AppError::NotFound)?;
    title(&mut shown.diagram, &Named { tenant: &tenant, ledger: shown_ledger, query, today }, tr);
    let before_the_first = past.iter().flatten().next().is_some_and(|past| past.ledger.resources.is_empty());
    let kept = keep::key(query, shown.open.is_some());
    let before = keep::load(ctx, kept.as_deref()).await?;
    Ok(Scene { tenant, ledger, whole, shown, compared, before_the_first, today: query.is_today(), kept, before })
}

struct Named<'a> {
    tenant: &'a str,
    ledger: &'a Ledger,
    query: &'a DiagramQuery,
    today: Date,
}

/// Heading, day and counts. They speak of what is drawn: a vendor's part says nothing of the rest.
fn title(diagram: &mut Diagram, named: &Named<'_>, tr: Translate<'_>) {
    let Named { tenant, ledger, query, today } = named;
    let vendor = query.vendor.and_then(|id| ledger.vendors.iter().find(|row| row.id == id)).map(|row| &row.name);
    let system = query.system.and_then(|id| ledger.services.iter().find(|row| row.id == id)).map(|row| &row.name);
    let device = query.around.and_then(|(id, _)| ledger.resources.iter().find(|row| row.id == id));
    let around = device.map(|row| tr(&Msg::new("diagram-title-around").arg("name", &row.name)));
    let mut heading = tr(&Msg::new("diagram-title").arg("tenant", tenant));
    for part in vendor.into_iter().chain(system).chain(around.as_ref()) {
        heading += "  ";
        heading += part;
    }
    let devices = diagram.nodes.iter().filter(|node| node.kind != NodeKind::Party || node.fold.is_some());
    let devices = devices.fold(0_u32, |sum, node| sum.saturating_add(node.count));
    let lines = diagram.lines.iter().filter(|line| line.kind != LineKind::Uplink);
    let lines = lines.fold(0_u32, |sum, line| sum.saturating_add(line.count));
    let zones = diagram.zones.iter().filter(|zone| zone.key != OUTSIDE && zone.key != NO_ZONE).count();
    let subtitle = match query.compare {
        Some((from, to)) => Msg::new("diagram-subtitle-compare").arg("from", from).arg("to", to),
        None => Msg::new("diagram-subtitle").arg("date", query.at.unwrap_or(*today)),
    };
    diagram.title = vec![heading, tr(&subtitle.arg("resources", devices).arg("zones", zones).arg("lines", lines))];
    diagram.description = tr(&Msg::new("diagram-description").arg("resources", devices));
}

/// Names of a vendor, a service and a device, as a person types them, to what a query wants.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Of a vendor.
    pub vendor: Option<String>,
    /// Of a service.
    pub system: Option<String>,
    /// Of a device.
    pub device: Option<String>,
}

/// Puts what the names mean into a query; surroundings are one line wide.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a name that nothing or more than one thing has.
pub async fn named(ctx: &Ctx, names: &Names, query: &mut DiagramQuery) -> Result<(), AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let ledger = ctx.read().await?.ledger().await?;
    let vendors = ledger.vendors.iter().map(|row| (row.id, row.name.as_str()));
    query.vendor = one(names.vendor.as_deref(), vendors)?;
    let services = ledger.services.iter().map(|row| (row.id, row.name.as_str()));
    query.system = one(names.system.as_deref(), services)?;
    let devices = ledger.resources.iter().map(|row| (row.id, row.name.as_str()));
    let device: Option<ResourceId> = one(names.device.as_deref(), devices)?;
    query.around = device.map(|id| (id, 1));
    Ok(())
}

fn one<'a, T>(name: Option<&str>, rows: impl Iterator<Item = (T, &'a str)>) -> Result<Option<T>, AppError> {
    let Some(name) = name else { return Ok(None) };
    let mut found: Vec<T> = rows.filter(|(_, other)| fold(other) == fold(name)).map(|(id, _)| id).collect();
    match (found.pop(), found.is_empty()) {
        (Some(id), true) => Ok(Some(id)),
        (Some(_), false) => Err(AppError::Invalid(Msg::new("diagram-name-twice").arg("name", name))),
        (None, _) => Err(AppError::Invalid(Msg::new("diagram-no-such-name").arg("name", name))),
    }
}
