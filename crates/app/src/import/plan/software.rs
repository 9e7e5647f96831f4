//! Software on devices: from the columns of a list, from scans, from SBOMs.

use super::{NamedProduct, NewFact, Planner};
use crate::import::{Action, FieldChange};
use crate::naming::firmware_in_version;
use tomomori_domain::Msg;
use tomomori_domain::ids::{ComponentId, ResourceId};
use tomomori_domain::import::{Field, Place, Row, Table, TableKind};
use tomomori_domain::resource::{ChoiceBy, Component, Grade, Layer, ProductChoice, ResourceKind};
use tomomori_domain::text::fold;

/// A piece of software as one row states it.
struct Stated<'a> {
    layer: Layer,
    maker: Option<&'a str>,
    text: String,
    version: Option<String>,
    cpe: Option<&'a str>,
    purl: Option<&'a str>,
    grade: Grade,
    place: &'a Place,
    /// The device has one of it (its firmware, its operating system), so a new one replaces the old.
    single: bool,
}

impl<'a> Stated<'a> {
    fn new(layer: Layer, text: String, grade: Grade, place: &'a Place) -> Self {
        Self { layer, maker: None, text, version: None, cpe: None, purl: None, grade, place, single: false }
    }
}

impl Planner<'_> {
    fn kind(&self, id: ResourceId) -> ResourceKind {
        self.resources.get(&id).map_or(ResourceKind::Unknown, |resource| resource.kind)
    }

    /// The device itself: its model with its firmware's version. A version column that names the firmware
    /// (`DSM 6.1.5`, `QTS 4.3.6`) says which software it is; the model is then only the hardware.
    fn own_product(&mut self, id: ResourceId, row: &Row, grade: Grade) -> Vec<FieldChange> {
        let maker = row.get(Field::Maker);
        let version = row.all(Field::Version).next();
        let mut changes = Vec::new();
        if let Some(value) = version
            && let Some((_, own, name)) = firmware_in_version(self.names, maker, &value.text)
        {
            let stated = Stated::new(Layer::Firmware, name, grade, &value.place);
            changes.extend(self.install(id, &Stated { maker, version: Some(own), single: true, ..stated }));
            let model = row.get(Field::Product).and_then(|model| self.names.product(maker, model));
            if let Some(hardware) =
                model.and_then(|named| named.hardware.or(Some(named.choice))).filter(|c| c.key.starts_with("h:"))
            {
                self.hardware(id, row.get(Field::Product).unwrap_or_default(), hardware);
            }
            return changes;
        }
        let model = row.get(Field::Product).map(str::to_owned).or_else(|| self.resources.get(&id)?.product.clone());
        let Some(place) = row.all(Field::Product).next().or(version).map(|value| &value.place) else { return changes };
        let Some(model) = model else { return changes };
        // Where the row of a switch names its operating system, the version is that system's.
        let of_system = row.get(Field::Os).is_some() && self.kind(id) == ResourceKind::Network;
        let version = version.filter(|_| !of_system).map(|value| value.text.clone());
        let stated = Stated::new(Layer::Firmware, model, grade, place);
        changes.extend(self.install(id, &Stated { maker, version, single: grade != Grade::Observed, ..stated }));
        changes
    }

    /// Software named by a row about a device: its own product, its operating system, a list of programs.
    pub(super) fn software_of_row(&mut self, id: ResourceId, row: &Row, grade: Grade) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        if row.get(Field::Cpe).is_none() {
            changes.extend(self.own_product(id, row, grade));
        }
        if let Some(os) = row.all(Field::Os).next() {
            // On a switch the version column speaks of its system; on a computer or a CT of the machine.
            let appliance = self.kind(id) == ResourceKind::Network;
            let version = row.get(Field::Version).filter(|_| appliance).map(str::to_owned);
            let maker = row.get(Field::Maker).filter(|_| appliance);
            let stated = Stated::new(Layer::Os, os.text.clone(), grade, &os.place);
            changes.extend(self.install(id, &Stated { maker, version, single: true, ..stated }));
        }
        for list in row.all(Field::Software) {
            for text in list.text.split([';', '、', '\n', '；']).map(str::trim).filter(|text| !text.is_empty()) {
                changes.extend(self.install(id, &Stated::new(Layer::Middleware, text.to_owned(), grade, &list.place)));
            }
        }
        for value in row.all(Field::Cpe) {
            let (product, version) = split_cpe(&value.text);
            let Some(product) = product else { continue };
            let text = product.split(':').skip(1).collect::<Vec<_>>().join(" ").replace('_', " ");
            let stated = Stated::new(layer_of(&product, self.kind(id)), text, grade, &value.place);
            changes.extend(self.install(id, &Stated { version, cpe: Some(&value.text), ..stated }));
        }
        changes
    }

    /// An SBOM: every row is a component of one subject, named in the first row that carries its name.
    pub(super) fn sbom(&mut self, table: &Table) {
        let subject =
            table.rows.iter().find_map(|row| row.get(Field::Hostname).map(|name| (name.to_owned(), row.place.clone())));
        let Some((name, place)) = subject else { return };
        let Some(id) = self.resource_named(&name) else {
            return self.warn(&place, Msg::new("import-sbom-subject-unknown").arg("value", name));
        };
        let before = self.components.get(&id).map_or(0, Vec::len);
        let mut changes = Vec::new();
        for row in &table.rows {
            let Some(text) = row.get(Field::Name) else { continue };
            changes.extend(self.install(
                id,
                &Stated {
                    maker: row.get(Field::Maker),
                    version: row.get(Field::Version).map(str::to_owned),
                    cpe: row.get(Field::Cpe),
                    purl: row.get(Field::Purl),
                    ..Stated::new(Layer::Application, text.to_owned(), table.grade, &row.place)
                },
            ));
        }
        let added = self.components.get(&id).map_or(0, Vec::len) - before;
        let action = if added > 0 {
            Action::Create
        } else if changes.is_empty() {
            Action::Leave
        } else {
            Action::Change
        };
        changes.truncate(50);
        self.other(TableKind::Components, &name, action, changes, &place);
    }

    /// Puts one piece of software on a device: finds it there by product or text, or adds it.
    fn install(&mut self, id: ResourceId, stated: &Stated<'_>) -> Option<FieldChange> {
        let from_source = stated.cpe.and_then(|cpe| split_cpe(cpe).0);
        let named = self.names.product(stated.maker, &stated.text);
        let (plain, glued) = self.names.split_version(&stated.text);
        let version = stated.version.clone().or(named.as_ref().and_then(|named| named.version.clone())).or(glued);
        let choice = match from_source {
            Some(key) => Some(ProductChoice { key, by: ChoiceBy::Source, score: 100 }),
            None => named.as_ref().map(|named| named.choice.clone()),
        };
        if let Some(NamedProduct { hardware: Some(hardware), .. }) = named.filter(|_| stated.cpe.is_none()) {
            self.hardware(id, &stated.text, hardware);
        }
        let all = self.components.entry(id).or_default();
        let is_hardware = |choice: Option<&ProductChoice>| choice.is_some_and(|choice| choice.key.starts_with("h:"));
        let same = |component: &Component| {
            // Model and firmware carry the same text and stay two components.
            if is_hardware(component.product.as_ref()) && !is_hardware(choice.as_ref()) {
                return false;
            }
            let product = choice.as_ref().zip(component.product.as_ref()).is_some_and(|(a, b)| a.key == b.key);
            let purl = stated.purl.is_some() && stated.purl == component.purl.as_deref();
            let text = fold(&component.text) == fold(&stated.text) || fold(&component.text) == fold(&plain);
            // Two versions of one library side by side are two components; of everything else there is one.
            let beside = stated.purl.is_some() && !purl && component.version != version;
            (product || purl || text) && !beside
        };
        let replaced = |component: &Component| {
            stated.single && component.layer == stated.layer && !is_hardware(component.product.as_ref())
        };
        let at = all.iter().position(same).or_else(|| all.iter().position(replaced));
        let field = match stated.layer {
            Layer::Firmware => Field::Version,
            Layer::Os => Field::Os,
            _ => Field::Software,
        };
        let shown = |text: &str, version: Option<&String>| match version {
            Some(version) if !fold(text).contains(&fold(version)) => format!("{text} {version}"),
            _ => text.to_owned(),
        };
        let (component, change) = match at {
            None => {
                let component = Component {
                    id: ComponentId::generate(),
                    resource: id,
                    layer: stated.layer,
                    text: if version.is_some() && stated.version.is_none() { plain } else { stated.text.clone() },
                    version: version.clone(),
                    purl: stated.purl.map(str::to_owned),
                    product: choice,
                };
                let new = shown(&component.text, component.version.as_ref());
                let key = component.id;
                all.push(component);
                self.touched.components.insert(key);
                (key, Some(FieldChange { field, old: None, new }))
            }
            Some(at) => {
                let component = &mut all[at];
                let key = component.id;
                let before = component.clone();
                let old_grade = self.stated.get(&(id, Some(key), Field::Version)).map(|old| old.grade);
                let wins = old_grade.is_none_or(|old| super::devices::replaces(Field::Version, stated.grade, old));
                let person = component.product.as_ref().is_some_and(|product| product.by == ChoiceBy::Person);
                let other_product =
                    choice.is_some() && component.product.as_ref().map(|p| &p.key) != choice.as_ref().map(|p| &p.key);
                if other_product && !person && (wins || component.product.is_none()) {
                    component.product = choice;
                    component.version = None;
                    component.text.clone_from(&stated.text);
                }
                if version.is_some() && (wins || component.version.is_none()) {
                    component.version.clone_from(&version);
                }
                if component.purl.is_none() {
                    component.purl = stated.purl.map(str::to_owned);
                }
                let change = (before != *component).then(|| FieldChange {
                    field,
                    old: Some(shown(&before.text, before.version.as_ref())),
                    new: shown(&component.text, component.version.as_ref()),
                });
                if change.is_some() {
                    self.touched.components.insert(key);
                }
                (key, change)
            }
        };
        if let Some(version) = version {
            self.state(NewFact {
                resource: id,
                component: Some(component),
                field: Field::Version,
                value: version,
                grade: stated.grade,
                place: stated.place.clone(),
            });
        }
        change
    }

    /// The hardware model behind a firmware: needed where a vulnerability asks for both.
    fn hardware(&mut self, id: ResourceId, text: &str, choice: ProductChoice) {
        let all = self.components.entry(id).or_default();
        if all.iter().any(|component| component.product.as_ref().is_some_and(|product| product.key == choice.key)) {
            return;
        }
        let component = Component {
            id: ComponentId::generate(),
            resource: id,
            layer: Layer::Firmware,
            text: text.to_owned(),
            version: None,
            purl: None,
            product: Some(choice),
        };
        self.touched.components.insert(component.id);
        all.push(component);
    }
}

/// `part:vendor:product` and version of a CPE in either binding.
fn split_cpe(text: &str) -> (Option<String>, Option<String>) {
    use tomomori_formats::cpe::{Attr, Cpe, Field};
    let Ok(cpe) = Cpe::parse(text) else { return (None, None) };
    let value = |field| match cpe.get(field) {
        Attr::Value(value) => Some(value.to_owned()),
        Attr::Any | Attr::Na => None,
    };
    let key = value(Field::Part).zip(value(Field::Vendor)).zip(value(Field::Product));
    (key.map(|((part, vendor), product)| format!("{part}:{vendor}:{product}")), value(Field::Version))
}

fn layer_of(product: &str, kind: ResourceKind) -> Layer {
    match product.split(':').next() {
        Some("o") if matches!(kind, ResourceKind::Server | ResourceKind::Client) => Layer::Os,
        Some("o" | "h") => Layer::Firmware,
        _ => Layer::Middleware,
    }
}
