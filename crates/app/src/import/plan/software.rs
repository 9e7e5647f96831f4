//! Software on devices: from the columns of a list, from scans, from SBOMs.

use super::{NamedProduct, NewFact, Planner};
use crate::import::{Action, FieldChange};
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

impl Planner<'_> {
    /// Software named by a row about a device: its own product, its operating system, a list of programs.
    pub(super) fn software_of_row(&mut self, id: ResourceId, row: &Row, grade: Grade) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        let maker = row.get(Field::Maker);
        let own_cpe = row.all(Field::Cpe).next();
        if let Some(product) = row.all(Field::Product).next().filter(|_| own_cpe.is_none()) {
            changes.extend(self.install(id, Stated {
                layer: Layer::Firmware,
                maker,
                text: product.text.clone(),
                version: row.get(Field::Version).map(str::to_owned),
                cpe: None,
                purl: None,
                grade,
                place: &product.place,
                single: grade != Grade::Observed,
            }));
        } else if own_cpe.is_none()
            && let (Some(version), Some(product)) = (row.all(Field::Version).next(), self.resources[&id].product.clone())
        {
            changes.extend(self.install(id, Stated {
                layer: Layer::Firmware,
                maker: None,
                text: product,
                version: Some(version.text.clone()),
                cpe: None,
                purl: None,
                grade,
                place: &version.place,
                single: true,
            }));
        }
        if let Some(os) = row.all(Field::Os).next() {
            changes.extend(self.install(id, Stated {
                layer: Layer::Os,
                maker: None,
                text: os.text.clone(),
                version: None,
                cpe: None,
                purl: None,
                grade,
                place: &os.place,
                single: true,
            }));
        }
        for list in row.all(Field::Software) {
            for text in list.text.split([';', '、', '\n', '；']).map(str::trim).filter(|text| !text.is_empty()) {
                changes.extend(self.install(id, Stated {
                    layer: Layer::Middleware,
                    maker: None,
                    text: text.to_owned(),
                    version: None,
                    cpe: None,
                    purl: None,
                    grade,
                    place: &list.place,
                    single: false,
                }));
            }
        }
        for value in row.all(Field::Cpe) {
            let (product, version) = split_cpe(&value.text);
            let Some(product) = product else { continue };
            changes.extend(self.install(id, Stated {
                layer: layer_of(&product, self.resources[&id].kind),
                maker: None,
                text: product.split(':').skip(1).collect::<Vec<_>>().join(" ").replace('_', " "),
                version,
                cpe: Some(&value.text),
                purl: None,
                grade,
                place: &value.place,
                single: false,
            }));
        }
        changes
    }

    /// An SBOM: every row is a component of one subject, named in the first row that carries its name.
    pub(super) fn sbom(&mut self, table: &Table) {
        let subject = table.rows.iter().find_map(|row| row.get(Field::Hostname).map(|name| (name.to_owned(), row.place.clone())));
        let Some((name, place)) = subject else { return };
        let Some(id) = self.resource_named(&name) else {
            return self.warn(&place, Msg::new("import-sbom-subject-unknown").arg("value", name));
        };
        let before = self.components.get(&id).map_or(0, Vec::len);
        let mut changes = Vec::new();
        for row in &table.rows {
            let Some(text) = row.get(Field::Name) else { continue };
            changes.extend(self.install(id, Stated {
                layer: Layer::Application,
                maker: row.get(Field::Maker),
                text: text.to_owned(),
                version: row.get(Field::Version).map(str::to_owned),
                cpe: row.get(Field::Cpe),
                purl: row.get(Field::Purl),
                grade: table.grade,
                place: &row.place,
                single: false,
            }));
        }
        let added = self.components.get(&id).map_or(0, Vec::len) - before;
        let action = if added > 0 { Action::Create } else if changes.is_empty() { Action::Leave } else { Action::Change };
        changes.truncate(50);
        self.other(TableKind::Components, &name, action, changes, &place);
    }

    /// Puts one piece of software on a device: finds it there by product or text, or adds it.
    fn install(&mut self, id: ResourceId, stated: Stated<'_>) -> Option<FieldChange> {
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
        let same = |component: &Component| {
            let product = choice.as_ref().zip(component.product.as_ref()).is_some_and(|(a, b)| a.key == b.key);
            let purl = stated.purl.is_some() && stated.purl == component.purl.as_deref();
            let text = fold(&component.text) == fold(&stated.text) || fold(&component.text) == fold(&plain);
            // Two versions of one library side by side are two components; of everything else there is one.
            let beside = stated.purl.is_some() && !purl && component.version != version;
            (product || purl || text) && !beside
        };
        let replaced = |component: &Component| {
            stated.single
                && component.layer == stated.layer
                && component.product.as_ref().is_none_or(|product| !product.key.starts_with("h:"))
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
                    text: stated.text.clone(),
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
                let old_grade = self.stated.get(&(id, Some(key), Field::Version)).map(|old| old.1);
                let wins = old_grade.is_none_or(|old| super::devices::replaces(Field::Version, stated.grade, old));
                let person = component.product.as_ref().is_some_and(|product| product.by == ChoiceBy::Person);
                let other_product = choice.is_some() && component.product.as_ref().map(|p| &p.key) != choice.as_ref().map(|p| &p.key);
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
