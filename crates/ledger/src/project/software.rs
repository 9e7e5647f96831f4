//! Software on devices: from the columns of a list, from scans, from SBOMs and package lists.
//!
//! The statements about one device are taken from the weakest to the strongest, so that the strongest has the last word.

use super::winner::{Lists, rank};
use super::{Facts, content_id};
use crate::names::{NamedProduct, Names, firmware_in_version};
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::ids::{ComponentId, ResourceId};
use tomomori_domain::import::{Field, Place, TableKind};
use tomomori_domain::record::Record;
use tomomori_domain::resource::{ChoiceBy, Component, Grade, Layer, ProductChoice, Resource, ResourceKind};
use tomomori_domain::text::fold;

/// Who said which version of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The version, as stated.
    pub version: String,
    /// How good the statement is.
    pub grade: Grade,
    /// Day of the statement.
    pub seen: Date,
    /// Where it stood.
    pub place: Place,
}

/// All components of all devices, with the ids of stored ones that stay.
pub(super) fn components(
    resources: &BTreeMap<ResourceId, Resource>,
    stated: &BTreeMap<ResourceId, Vec<&Record>>,
    sboms: &BTreeMap<ResourceId, Vec<&Record>>,
    lists: &Lists<'_>,
    facts: &Facts<'_>,
) -> Vec<Component> {
    let mut stored: HashMap<ResourceId, Vec<&Component>> = HashMap::new();
    for component in &facts.stored.components {
        stored.entry(component.resource).or_default().push(component);
    }
    let mut all = Vec::new();
    for (id, resource) in resources {
        let rows = stated.get(id).into_iter().chain(sboms.get(id)).flatten().copied();
        let device = Device::read(resource, rows, lists, facts.names);
        let known = stored.remove(id).unwrap_or_default();
        all.extend(with_ids(device.components, &known, facts.names.can_tell()));
    }
    all
}

/// Who said which version of the component that is `wanted` on a device. For the page of a finding.
#[must_use]
pub fn versions_said<'a>(
    resource: &Resource,
    records: impl Iterator<Item = &'a Record>,
    names: &dyn Names,
    wanted: &Component,
) -> Vec<Said> {
    let device = Device::read(resource, records, &Lists::new(), names);
    let found = with_ids(device.components, &[wanted], names.can_tell()).iter().position(|c| c.id == wanted.id);
    let mut said: Vec<Said> =
        device.said.into_iter().filter(|(at, _)| Some(*at) == found).map(|(_, said)| said).collect();
    said.reverse();
    said
}

/// Ids of new components follow from what they are: a box taken apart and put together again has its components, and
/// everything that hangs on them, back.
fn name_by_content(components: &mut [Component]) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for component in components {
        let what = format!(
            "{}|{}|{}|{}|{}",
            component.resource,
            component.layer.key(),
            fold(&component.text),
            component.purl.as_deref().unwrap_or_default(),
            component.product.as_ref().is_some_and(|product| product.key.starts_with("h:")),
        );
        let n = seen.entry(what.clone()).and_modify(|n| *n += 1).or_insert(0);
        component.id = ComponentId(content_id(&format!("{what}|{n}")));
    }
}

/// Whether two components are one.
type Alike<'a> = &'a dyn Fn(&Component, &Component) -> bool;

/// Gives components the ids of the stored ones they continue.
fn with_ids(mut components: Vec<Component>, known: &[&Component], can_tell: bool) -> Vec<Component> {
    let hardware = |component: &Component| component.product.as_ref().is_some_and(|p| p.key.starts_with("h:"));
    let product = |component: &Component| component.product.as_ref().map(|p| p.key.clone());
    let text: fn(&Component, &Component) -> bool = |a, b| fold(&a.text) == fold(&b.text);
    let passes: [Alike<'_>; 5] = [
        &|a, b| a.id == b.id,
        &|a, b| product(a).is_some() && product(a) == product(b) && a.purl == b.purl && a.version == b.version,
        &|a, b| text(a, b) && a.purl == b.purl && hardware(a) == hardware(b),
        &|a, b| product(a).is_some() && product(a) == product(b) && a.version.is_some() == b.version.is_some(),
        &|a, b| matches!(a.layer, Layer::Os | Layer::Firmware) && hardware(a) == hardware(b),
    ];
    name_by_content(&mut components);
    let mut left: Vec<&Component> = known.to_vec();
    let mut done = vec![false; components.len()];
    for same in passes {
        for (component, done) in components.iter_mut().zip(&mut done).filter(|(_, done)| !**done) {
            let Some(at) = left.iter().position(|old| old.layer == component.layer && same(component, old)) else {
                continue;
            };
            let old = left.remove(at);
            component.id = old.id;
            *done = true;
            let chosen = old.product.as_ref().is_some_and(|product| product.by == ChoiceBy::Person);
            // Without a catalogue nobody can be asked again: what was found with one stays.
            let found_once = !can_tell && component.product.is_none() && old.product.is_some();
            let stays = found_once && text(component, old);
            if chosen && text(component, old) || stays {
                component.product.clone_from(&old.product);
                if stays && component.version.is_none() {
                    component.version.clone_from(&old.version);
                }
            }
        }
    }
    components
}

/// A piece of software as one row states it.
struct Stated<'a> {
    layer: Layer,
    maker: Option<&'a str>,
    text: String,
    version: Option<String>,
    cpe: Option<&'a str>,
    purl: Option<&'a str>,
    record: &'a Record,
    place: &'a Place,
    /// The device has one of it (its firmware, its operating system), so a new one replaces the old.
    single: bool,
}

impl<'a> Stated<'a> {
    fn new(layer: Layer, text: String, record: &'a Record, place: &'a Place) -> Self {
        Self { layer, maker: None, text, version: None, cpe: None, purl: None, record, place, single: false }
    }
}

/// One device while its rows are read.
struct Device<'a> {
    resource: &'a Resource,
    names: &'a dyn Names,
    components: Vec<Component>,
    /// Folded texts of the components, in the same order.
    folded: Vec<String>,
    said: Vec<(usize, Said)>,
}

impl<'a> Device<'a> {
    fn read<'r>(
        resource: &'a Resource,
        records: impl Iterator<Item = &'r Record>,
        lists: &Lists<'_>,
        names: &'a dyn Names,
    ) -> Self {
        let mut rows: Vec<&Record> = records.collect();
        // A list names its rows in order; of two components of one SBOM the first comes first.
        rows.sort_by_cached_key(|row| {
            let own = lists.get(row.source.as_str()).copied().unwrap_or(0);
            let weight = (rank(Field::Version, row.grade), row.seen, own);
            (weight, Reverse(row.source.clone()), row.place.line, Reverse(row.key.clone()))
        });
        let mut device = Self { resource, names, components: Vec::new(), folded: Vec::new(), said: Vec::new() };
        for row in rows {
            match row.table {
                TableKind::Components => device.package(row),
                _ => device.row(row),
            }
        }
        device
    }

    /// The device itself: its model with its firmware's version. A version column that names the firmware
    /// (`DSM 6.1.5`, `QTS 4.3.6`) says which software it is; the model is then only the hardware.
    fn own_product(&mut self, row: &Record) {
        let stated = |field| row.all(field).find(|value| !value.text.is_empty());
        let (model, version) = (stated(Field::Product), stated(Field::Version));
        let maker = row.get(Field::Maker).or(self.resource.maker.as_deref().filter(|_| row.is_by_hand()));
        if let Some(value) = version
            && let Some((_, own, name)) = firmware_in_version(self.names, maker, &value.text)
        {
            let stated = Stated::new(Layer::Firmware, name, row, &value.place);
            self.install(&Stated { maker, version: Some(own), single: true, ..stated });
            let known = model.and_then(|model| self.names.product(maker, &model.text));
            let hardware = known.and_then(|known| known.hardware.or(Some(known.choice)));
            if let (Some(hardware), Some(model)) = (hardware.filter(|choice| choice.key.starts_with("h:")), model) {
                self.hardware(&model.text, hardware);
            }
            return;
        }
        let Some(place) = model.or(version).map(|value| &value.place) else { return };
        let text = model.map(|model| model.text.clone()).or_else(|| self.resource.product.clone());
        let Some(text) = text else { return };
        // Where the row of a switch names its operating system, the version is that system's.
        let of_system = row.get(Field::Os).is_some() && self.resource.kind == ResourceKind::Network;
        let version = version.filter(|_| !of_system).map(|value| value.text.clone());
        let single = row.grade != Grade::Observed;
        self.install(&Stated { maker, version, single, ..Stated::new(Layer::Firmware, text, row, place) });
    }

    /// Software named by a row about a device: its own product, its operating system, a list of programs.
    fn row(&mut self, row: &Record) {
        if row.get(Field::Cpe).is_none() {
            self.own_product(row);
        }
        if let Some(os) = row.all(Field::Os).find(|value| !value.text.is_empty()) {
            // On a switch the version column speaks of its system; on a computer or a CT of the machine.
            let appliance = self.resource.kind == ResourceKind::Network;
            let version = row.get(Field::Version).filter(|_| appliance).map(str::to_owned);
            let maker = row.get(Field::Maker).filter(|_| appliance);
            let stated = Stated::new(Layer::Os, os.text.clone(), row, &os.place);
            self.install(&Stated { maker, version, single: true, ..stated });
        }
        for list in row.all(Field::Software) {
            for text in list.text.split([';', '、', '\n', '；']).map(str::trim).filter(|text| !text.is_empty()) {
                self.install(&Stated::new(Layer::Middleware, text.to_owned(), row, &list.place));
            }
        }
        for value in row.all(Field::Cpe) {
            let (product, version) = self.names.cpe(&value.text);
            let Some(product) = product else { continue };
            let text = product.split(':').skip(1).collect::<Vec<_>>().join(" ").replace('_', " ");
            let stated = Stated::new(layer_of(&product, self.resource.kind), text, row, &value.place);
            self.install(&Stated { version, cpe: Some(&value.text), ..stated });
        }
    }

    /// One row of an SBOM or of a list of packages.
    fn package(&mut self, row: &Record) {
        let Some(name) = row.all(Field::Name).next() else { return };
        let stated = Stated::new(Layer::Application, name.text.clone(), row, &row.place);
        self.install(&Stated {
            maker: row.get(Field::Maker),
            version: row.get(Field::Version).map(str::to_owned),
            cpe: row.get(Field::Cpe),
            purl: row.get(Field::Purl),
            ..stated
        });
    }

    /// Puts one piece of software on the device: finds it there by product or text, or adds it.
    fn install(&mut self, stated: &Stated<'_>) {
        let from_source = stated.cpe.and_then(|cpe| self.names.cpe(cpe).0);
        let named = self.names.product(stated.maker, &stated.text);
        let (plain, glued) = self.names.split_version(&stated.text);
        let version = stated.version.clone().or(named.as_ref().and_then(|named| named.version.clone())).or(glued);
        let choice = match from_source {
            Some(key) => Some(ProductChoice { key, by: ChoiceBy::Source, score: 100 }),
            None => named.as_ref().map(|named| named.choice.clone()),
        };
        if let Some(NamedProduct { hardware: Some(hardware), .. }) = named.filter(|_| stated.cpe.is_none()) {
            self.hardware(&stated.text, hardware);
        }
        let is_hardware = |choice: Option<&ProductChoice>| choice.is_some_and(|choice| choice.key.starts_with("h:"));
        let (text, plain_text) = (fold(&stated.text), fold(&plain));
        let same = |(component, folded): (&Component, &String)| {
            let named_so = *folded == text || *folded == plain_text;
            // Model and firmware carry the same text and stay two components.
            if is_hardware(component.product.as_ref()) && !is_hardware(choice.as_ref()) {
                return false;
            }
            // Two versions of one library side by side are two components; of everything else there is one.
            if stated.purl.is_some() {
                return stated.purl == component.purl.as_deref() || component.version == version && named_so;
            }
            let product = choice.as_ref().zip(component.product.as_ref()).is_some_and(|(a, b)| a.key == b.key);
            product || named_so
        };
        let replaced = |component: &Component| {
            stated.single && component.layer == stated.layer && !is_hardware(component.product.as_ref())
        };
        let at = self.components.iter().zip(&self.folded).position(same);
        let at = at.or_else(|| self.components.iter().position(replaced));
        let at = match at {
            None => {
                let called = if version.is_some() && stated.version.is_none() { plain } else { stated.text.clone() };
                self.folded.push(fold(&called));
                self.components.push(Component {
                    id: ComponentId::generate(),
                    resource: self.resource.id,
                    layer: stated.layer,
                    text: called,
                    version: version.clone(),
                    purl: stated.purl.map(str::to_owned),
                    product: choice,
                });
                self.components.len() - 1
            }
            Some(at) => {
                let component = &mut self.components[at];
                let choice_is_unknown = choice.is_none();
                let other_product =
                    choice.is_some() && component.product.as_ref().map(|p| &p.key) != choice.as_ref().map(|p| &p.key);
                if other_product {
                    component.product = choice;
                    component.version = None;
                    component.text.clone_from(&stated.text);
                    self.folded[at].clone_from(&text);
                }
                // Of two names no catalogue knows, the stronger statement's stands.
                if stated.single && choice_is_unknown && component.product.is_none() && self.folded[at] != text {
                    component.text =
                        if version.is_some() && stated.version.is_none() { plain } else { stated.text.clone() };
                    self.folded[at] = fold(&component.text);
                }
                if version.is_some() {
                    component.version.clone_from(&version);
                }
                if component.purl.is_none() {
                    component.purl = stated.purl.map(str::to_owned);
                }
                at
            }
        };
        if let Some(version) = version {
            let (grade, seen) = (stated.record.grade, stated.record.seen);
            self.said.push((at, Said { version, grade, seen, place: stated.place.clone() }));
        }
    }

    /// The hardware model behind a firmware: needed where a vulnerability asks for both.
    fn hardware(&mut self, text: &str, choice: ProductChoice) {
        let known = |component: &Component| component.product.as_ref().is_some_and(|p| p.key == choice.key);
        if !self.components.iter().any(known) {
            self.folded.push(fold(text));
            self.components.push(Component {
                id: ComponentId::generate(),
                resource: self.resource.id,
                layer: Layer::Firmware,
                text: text.to_owned(),
                version: None,
                purl: None,
                product: Some(choice),
            });
        }
    }
}

fn layer_of(product: &str, kind: ResourceKind) -> Layer {
    match product.split(':').next() {
        Some("o") if matches!(kind, ResourceKind::Server | ResourceKind::Client) => Layer::Os,
        Some("o" | "h") => Layer::Firmware,
        _ => Layer::Middleware,
    }
}
