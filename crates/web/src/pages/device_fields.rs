//! The facts of a device in groups, each with whose word it stands on and all that was ever stated about it.

use super::history;
use crate::page::Page;
use jiff::civil::Date;
use tomomori_app::device::{Device, FieldHistory, Rule, Standing, Stated};
use tomomori_domain::Msg;
use tomomori_domain::ids::ChangeId;
use tomomori_domain::import::Field;
use tomomori_domain::record::ChangeKind;
use tomomori_domain::resource::{Layer, ResourceKind};

/// A group of facts.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) facts: Vec<Fact>,
}

/// One fact.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    /// What is said in place of a value nobody states, with its tone.
    pub(crate) missing: (&'static str, String),
    /// Grade and source of the value.
    pub(crate) source: Option<(String, String)>,
    pub(crate) said: Vec<Said>,
}

/// One statement as drawn.
pub(crate) struct Said {
    pub(crate) values: String,
    pub(crate) grade: String,
    pub(crate) source: String,
    pub(crate) tone: &'static str,
    pub(crate) standing: String,
    pub(crate) step: Option<(ChangeId, String)>,
}

const IDENTITY: [Field; 7] =
    [Field::AssetNumber, Field::Name, Field::Kind, Field::Serial, Field::Hostname, Field::Address, Field::Mac];
const PRODUCT: [Field; 6] = [Field::Maker, Field::Product, Field::Version, Field::Os, Field::Software, Field::Kb];
const PLACE: [Field; 10] = [
    Field::Zone,
    Field::Location,
    Field::Department,
    Field::Owner,
    Field::Criticality,
    Field::State,
    Field::StartsOn,
    Field::StocktakenOn,
    Field::Uplink,
    Field::Port,
];
const CARE: [Field; 5] =
    [Field::Vendor, Field::InstalledBy, Field::ContractNumber, Field::Purchase, Field::RemoteMaintenance];
const LAYERS: [(Layer, Field, Field); 4] = [
    (Layer::Firmware, Field::FirmwareUpdatedBy, Field::FirmwareClause),
    (Layer::Os, Field::OsUpdatedBy, Field::OsClause),
    (Layer::Middleware, Field::MiddlewareUpdatedBy, Field::MiddlewareClause),
    (Layer::Application, Field::ApplicationUpdatedBy, Field::ApplicationClause),
];
const ENDS: [Field; 2] = [Field::EndOfLife, Field::EndsOn];
const CHAIN: [Field; 4] = [Field::MarketingHolder, Field::Seller, Field::Lessor, Field::Repairer];

/// All groups. Those behind a medical device are asked of medical devices only, unless somebody stated them.
pub(crate) fn groups(p: &Page, device: &Device) -> Vec<Group> {
    let all = |fields: &[Field]| fields.iter().filter_map(|field| fact(p, device, *field)).collect::<Vec<_>>();
    let group = |title: Msg, facts: Vec<Fact>| Group { title: p.m(&title), facts };
    let resource = &device.detail.resource;
    let medical = resource.medical == Some(true) || resource.kind == ResourceKind::MedicalDevice;
    let mut chain = all(&[Field::Medical]);
    chain.extend(all(&CHAIN).into_iter().filter(|fact| medical || !fact.said.is_empty()));
    let own = device.fields.iter().filter(|history| history.field == Field::Custom);
    let mut custom = all(&[Field::Note]);
    custom.extend(own.map(|history| drawn(p, history)));
    vec![
        group(Msg::new("device-identity"), all(&IDENTITY)),
        group(Msg::new("device-product"), all(&PRODUCT)),
        group(Msg::new("device-place"), all(&PLACE)),
        group(Msg::new("device-care"), all(&CARE)),
        group(Msg::new("device-updates"), updates(p, device)),
        group(Msg::new("device-ends"), all(&ENDS)),
        group(Msg::new("device-medical"), chain),
        group(Msg::new("device-own-fields"), custom),
    ]
}

fn fact(p: &Page, device: &Device, field: Field) -> Option<Fact> {
    device.fields.iter().find(|history| history.field == field).map(|history| drawn(p, history))
}

/// Updater and clause of each layer. A layer with a product on it and nobody to update it is somebody's task today.
fn updates(p: &Page, device: &Device) -> Vec<Fact> {
    let parts = &device.detail.components;
    let mut facts = Vec::new();
    for (layer, by, clause) in LAYERS {
        let there = parts.iter().any(|part| part.layer == layer) || (parts.is_empty() && layer == Layer::Firmware);
        if let Some(fact) = fact(p, device, by) {
            let nobody = ("red", p.t("device-nobody-updates"));
            facts.push(Fact { missing: if there { nobody } else { fact.missing.clone() }, ..fact });
        }
        facts.extend(fact(p, device, clause));
    }
    facts
}

fn drawn(p: &Page, history: &FieldHistory) -> Fact {
    let (field, label) = (history.field, &history.label);
    let in_force = history.stated.iter().find(|stated| stated.standing == Standing::InForce);
    let source = match in_force {
        Some(stated) if !history.values.is_empty() => Some((p.label(stated.grade), source(p, stated))),
        None if !history.values.is_empty() => derived(p, field),
        _ => None,
    };
    Fact {
        name: p.field(&field, label),
        values: history.values.iter().map(|value| shown(p, field, value)).collect(),
        missing: ("unknown", p.t("unknown")),
        source,
        said: history.stated.iter().map(|stated| said(p, field, stated)).collect(),
    }
}

/// A value in the reader's words, days with their era.
fn shown(p: &Page, field: Field, value: &str) -> String {
    match value.parse::<Date>() {
        Ok(day) if matches!(field, Field::StartsOn | Field::EndsOn | Field::EndOfLife | Field::StocktakenOn) => {
            p.paper_day(&day)
        }
        _ => p.value(&field, value),
    }
}

/// What no row states but other facts lead to.
fn derived(p: &Page, field: Field) -> Option<(String, String)> {
    let from = match field {
        Field::Vendor => p.t("device-from-contract"),
        Field::Zone => p.t("device-from-address"),
        Field::RemoteMaintenance => p.t("device-from-line"),
        Field::Name => p.t("device-from-marks"),
        _ => return None,
    };
    Some((p.t("device-derived"), from))
}

/// File and cell with the day, or the person with the day.
fn source(p: &Page, stated: &Stated) -> String {
    match &stated.by {
        Some(by) if stated.place.file.is_empty() => {
            p.m(Msg::new("device-said-by").arg("name", by).arg("day", stated.seen))
        }
        _ => p.m(Msg::new("device-said-at").arg("place", &stated.place).arg("day", stated.seen)),
    }
}

fn said(p: &Page, field: Field, stated: &Stated) -> Said {
    let values: Vec<String> =
        stated.values.iter().filter(|value| !value.is_empty()).map(|value| shown(p, field, value)).collect();
    let values = if values.is_empty() { p.t("device-cleared") } else { values.join(" / ") };
    let ended = stated.standing == Standing::Ended;
    let step = if ended { stated.until.as_ref() } else { stated.since.as_ref() };
    let step = step.map(|step| {
        let msg = if ended { Msg::new("device-ended-by") } else { Msg::new("device-brought-by") };
        let msg = msg.arg("kind", p.label(step.kind)).arg("at", p.moment(&step.at)).arg("name", &step.by);
        (step.id, p.m(msg))
    });
    let undone = stated.until.as_ref().is_some_and(|step| step.kind == ChangeKind::Undo);
    let (tone, standing) = match stated.standing {
        Standing::InForce => ("green", p.t("standing-in-force")),
        Standing::Agrees => ("plain", p.t("standing-agrees")),
        Standing::Ended if undone => ("plain", p.t("standing-undone")),
        Standing::Ended => ("plain", p.t("standing-ended")),
        Standing::Lost(rule) => ("plain", lost(p, rule)),
    };
    Said { values, grade: p.label(stated.grade), source: source(p, stated), tone, standing, step }
}

fn lost(p: &Page, rule: Rule) -> String {
    p.m(&match rule {
        Rule::Hospital => Msg::new("lost-hospital"),
        Rule::Vendor => Msg::new("lost-vendor"),
        Rule::Machine => Msg::new("lost-machine"),
        Rule::Paper => Msg::new("lost-paper"),
        Rule::Newer => Msg::new("lost-newer"),
        Rule::LargerList => Msg::new("lost-larger-list"),
        Rule::ListName => Msg::new("lost-list-name"),
    })
}

/// Title of a step in the right column.
pub(crate) fn step_line(p: &Page, step: &tomomori_domain::record::ChangeStep) -> (ChangeId, String, String) {
    (step.id, history::title(p, step), format!("{} {} {}", p.label(step.kind), p.moment(&step.at), step.by))
}
