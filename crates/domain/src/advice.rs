//! Vendors' advice (助言): what a vendor is shown of a hospital, and what it answers. These are the objects that travel, as a
//! file or between two tenants; the hospital keeps its own copy of what it sent, so an answer can be held against it.
//!
//! Which part a vendor may see is computed by `tomomori_ledger::share`; nothing here reads a ledger.

mod item;

pub use item::{Answer, Item, ItemFault, Subject};

use crate::ids::{AdviceId, AdviceItemId, LineId, ResourceId, TenantId, VendorId};
use crate::import::Field;
use crate::kinds::keyed;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fields of its own devices that a vendor is shown. Everything else (notes, contracts, owners, the hospital's own
/// columns, findings) stays with the hospital.
pub const NODE_FIELDS: [Field; 13] = [
    Field::Name,
    Field::Kind,
    Field::Maker,
    Field::Product,
    Field::Version,
    Field::Os,
    Field::Serial,
    Field::Address,
    Field::Hostname,
    Field::Zone,
    Field::Location,
    Field::EndOfLife,
    Field::EndsOn,
];

/// Fields of its own lines that a vendor is shown.
pub const LINE_FIELDS: [Field; 6] =
    [Field::Purpose, Field::Protocol, Field::Via, Field::AlwaysOn, Field::SourceLimited, Field::RemoteMaintenance];

/// Fields of a line that an answer can correct. Its ends and protocol say which line it is: another one is a new line.
pub const LINE_CORRECTABLE: [Field; 5] =
    [Field::Purpose, Field::Via, Field::AlwaysOn, Field::SourceLimited, Field::RemoteMaintenance];

/// Items of one answer; a vendor of a large hospital has hundreds of devices, not thousands.
pub const MAX_ITEMS: usize = 5_000;
/// Characters of one value or remark.
pub const MAX_CHARS: usize = 500;

keyed! {
    /// What one vendor is shown of one device, as the hospital set it.
    Shared {
        /// Of a neighbour, its name.
        Name = "name",
        /// Of a neighbour, its name and kind.
        Kind = "kind",
        /// Of a neighbour, its name, kind and addresses.
        Address = "address",
        /// Nothing, although it is the vendor's own.
        Hidden = "hidden",
    }
}

/// One vendor and one device: what the hospital decided to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShareGrant {
    /// The vendor.
    pub vendor: VendorId,
    /// The device.
    pub resource: ResourceId,
    /// What is shown.
    pub shared: Shared,
}

/// What a vendor is shown: the only view of a ledger that leaves the hospital.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Devices, by name.
    pub nodes: Vec<PartNode>,
    /// Lines the vendor uses, and what joins the devices shown.
    pub lines: Vec<PartLine>,
}

/// Values by field; a field without an entry is not known, or not shown.
pub type Values = BTreeMap<Field, Vec<String>>;

/// A device as the vendor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartNode {
    /// Its key at the hospital.
    pub id: ResourceId,
    /// The vendor's own: it is asked about it. Otherwise a neighbour, shown so that the picture can be read.
    pub own: bool,
    /// What is shown of it.
    pub values: Values,
    /// The shown device it is plugged into.
    pub uplink: Option<ResourceId>,
}

impl PartNode {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.values.get(&Field::Name).and_then(|names| names.first()).map_or("", String::as_str)
    }
}

/// End of a line as the vendor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartEnd {
    /// A device of the part.
    Node(ResourceId),
    /// A party outside.
    Outside(String),
    /// A device that is not shared.
    NotShared,
    /// Nobody says.
    Unknown,
}

/// A line as the vendor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    /// Its key at the hospital.
    pub id: LineId,
    /// From where.
    pub from: PartEnd,
    /// To where.
    pub to: PartEnd,
    /// What is shown of it.
    pub values: Values,
}

/// A request as its owner keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdviceRequest {
    /// Key; the vendor's copy has the same.
    pub id: AdviceId,
    /// Whom.
    pub vendor: VendorId,
    /// Its name then.
    pub vendor_name: String,
    /// The vendor's own tenant, if the hospital linked it: then the request went there as well.
    pub vendor_tenant: Option<TenantId>,
    /// Code in the forms.
    pub code: String,
    /// What was shown.
    pub part: Part,
    /// What the hospital wrote to it.
    pub note: String,
    /// Answer wanted by.
    pub due: Date,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked: Timestamp,
    /// When the newest answer came.
    pub answered: Option<Timestamp>,
}

/// A request as the vendor's tenant keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Key; the hospital's request has the same.
    pub id: AdviceId,
    /// The hospital.
    pub hospital: TenantId,
    /// Its name.
    pub hospital_name: String,
    /// Code that an answer carries.
    pub code: String,
    /// What is shown.
    pub part: Part,
    /// What the hospital wrote.
    pub note: String,
    /// Answer wanted by.
    pub due: Date,
    /// When it came.
    pub asked: Timestamp,
    /// The vendor's newest answer.
    pub answer: Option<Answer>,
    /// When it was sent.
    pub answered: Option<Timestamp>,
}

keyed! {
    /// What the hospital did with an item.
    ItemState {
        /// Nobody has decided yet.
        Open = "open",
        /// It went into the ledger, or was taken note of.
        Accepted = "accepted",
        /// It did not.
        Refused = "refused",
    }
}

/// One item of an answer as the hospital keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdviceItem {
    /// Key.
    pub id: AdviceItemId,
    /// Answer to which request.
    pub request: AdviceId,
    /// What was said.
    pub item: Item,
    /// Who at the vendor said it, as stated.
    pub by: String,
    /// The day, as stated.
    pub on: Date,
    /// Name of the file it came in; `None` = a log-in of the vendor's own tenant.
    pub file: Option<String>,
    /// Person of the hospital who entered the file, or of the vendor who logged in.
    pub entered_by: String,
    /// What the hospital did with it.
    pub state: ItemState,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
}

/// That a vendor confirmed a device, and what it confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The device.
    pub resource: ResourceId,
    /// By which vendor.
    pub vendor: VendorId,
    /// The vendor's name then.
    pub vendor_name: String,
    /// On which day.
    pub on: Date,
    /// Who at the vendor.
    pub by: String,
    /// Name of the file; `None` = by log-in.
    pub file: Option<String>,
    /// What it confirmed.
    pub values: Values,
}

/// Why a device is to be confirmed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueAgain {
    /// Never confirmed.
    Never,
    /// A shown field changed since.
    Changed,
    /// More than a year ago.
    Old,
}

/// Whether a vendor is to be asked about its device again: every year, and when a field it was shown changed.
#[must_use]
pub fn due_again(confirmation: Option<&Confirmation>, node: &PartNode, today: Date) -> Option<DueAgain> {
    let Some(confirmation) = confirmation else { return Some(DueAgain::Never) };
    if !same_values(&confirmation.values, &node.values) {
        return Some(DueAgain::Changed);
    }
    let year_later = confirmation.on.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
    (today >= year_later).then_some(DueAgain::Old)
}

/// The order of several values says nothing.
fn same_values(one: &Values, other: &Values) -> bool {
    let sorted = |values: &Values| -> Values {
        values
            .iter()
            .map(|(field, texts)| {
                let mut texts = texts.clone();
                texts.sort_unstable();
                (*field, texts)
            })
            .collect()
    };
    sorted(one) == sorted(other)
}

/// The values of a text with several, as people separate them.
#[must_use]
pub fn several(field: Field, text: &str) -> Vec<String> {
    let text = text.trim();
    match field {
        _ if text.is_empty() => Vec::new(),
        Field::Address => {
            let parts = text.split(['、', ',', ';', '\n', ' ']).map(str::trim);
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        _ => vec![text.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> PartNode {
        let values = Values::from([
            (Field::Name, vec!["PACS".to_owned()]),
            (Field::Address, vec!["10.0.0.1".to_owned(), "10.0.0.2".to_owned()]),
        ]);
        PartNode { id: ResourceId::generate(), own: true, values, uplink: None }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_confirmation_holds_for_a_year_and_for_what_was_confirmed() {
        let node = node();
        let confirmed = |on: &str| Confirmation {
            resource: node.id,
            vendor: VendorId::generate(),
            vendor_name: "北都".to_owned(),
            on: day(on),
            by: "田村".to_owned(),
            file: None,
            values: node.values.clone(),
        };
        let mut turned = node.clone();
        turned.values.get_mut(&Field::Address).unwrap().reverse();
        let mut moved = node.clone();
        moved.values.insert(Field::Zone, vec!["サーバ室".to_owned()]);
        for (confirmation, node, today, want) in [
            (None, &node, "2026-11-24", Some(DueAgain::Never)),
            (Some(confirmed("2026-11-24")), &node, "2027-11-23", None),
            (Some(confirmed("2026-11-24")), &node, "2027-11-24", Some(DueAgain::Old)),
            (Some(confirmed("2024-02-29")), &node, "2025-02-28", Some(DueAgain::Old)),
            (Some(confirmed("2026-11-24")), &turned, "2026-11-25", None),
            (Some(confirmed("2026-11-24")), &moved, "2026-11-25", Some(DueAgain::Changed)),
        ] {
            assert_eq!(due_again(confirmation.as_ref(), node, day(today)), want, "{confirmation:?} {today}");
        }
    }

    #[test]
    fn several_addresses_in_one_cell() {
        assert_eq!(several(Field::Address, " 10.0.0.1、10.0.0.2\n"), ["10.0.0.1", "10.0.0.2"]);
        assert_eq!(several(Field::Product, "A、B"), ["A、B"]);
        assert!(several(Field::Version, " ").is_empty());
    }
}
