//! The gaps of a big hospital beside their bound, in processor time: `cargo bench -p tomomori-domain`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use jiff::civil::date;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};
use tomomori_domain::agreement::{Clause, ClauseRef, Subcontracting, System, Terms};
use tomomori_domain::confirmation::{Duty, Roles, Row, Session};
use tomomori_domain::edition::{Edition, EditionKind, Item, ItemScope, Known, Lead};
use tomomori_domain::ids::{ContractId, ResourceId, VendorId};
use tomomori_domain::resource::{Contract, Ledger, Resource, ResourceKind, Vendor};
use tomomori_domain::roles::Facts;
use tomomori_domain::roles::gaps::find;
use uuid::Uuid;

const ITEMS: usize = 60;
const SYSTEMS: usize = 40;
const VENDORS: usize = 15;
const DEVICES: usize = 400;
const BOUND: Duration = Duration::from_millis(5);

fn main() {
    let edition = edition();
    let systems: BTreeMap<Uuid, System> = (0..SYSTEMS).map(|n| (id(3, n), system(n))).collect();
    let (mut ledger, mut terms, mut sessions) = (Ledger::default(), BTreeMap::new(), Vec::new());
    ledger.resources = (0..DEVICES).map(device).collect();
    for n in 0..VENDORS {
        let (vendor, contract) = (VendorId(id(1, n)), ContractId(id(2, n)));
        ledger.vendors.push(Vendor { id: vendor, name: format!("{n}社"), field: None, contact: None });
        let (number, title) = (format!("C-{n}"), "保守".to_owned());
        let (starts_on, ends_on) = (Some(date(2026, 4, 1)), Some(date(2027, 3, 31)));
        ledger.contracts.push(Contract {
            id: contract,
            number,
            title,
            vendor,
            starts_on,
            ends_on,
            update_clause: None,
        });
        terms.insert(contract, covering_everything());
        sessions.push(session(n, Some(contract), vendor));
    }
    sessions.push(Session { vendor: None, ..session(VENDORS, None, VendorId(id(1, 0))) });
    let facts = Facts {
        today: date(2026, 11, 24),
        ledger: &ledger,
        edition: &edition,
        systems: &systems,
        terms: &terms,
        sessions: &sessions,
        joints: &BTreeMap::new(),
    };
    let found = find(&facts).len();
    println!(
        "gaps of {ITEMS} items x {SYSTEMS} systems x {VENDORS} vendors, {DEVICES} devices: {:.2} ms (bound {} ms), {found} found",
        best(|| find(&facts)).as_secs_f64() * 1e3,
        BOUND.as_millis(),
    );
}

fn id(of: u128, number: usize) -> Uuid {
    Uuid::from_u128(of << 64 | number as u128)
}

fn system(number: usize) -> System {
    let resources = (0..DEVICES).filter(|device| device % SYSTEMS == number).map(|n| ResourceId(id(4, n))).collect();
    System { name: format!("システム{number}"), resources, retired: false }
}

fn device(number: usize) -> Resource {
    let kind = if number.is_multiple_of(4) { ResourceKind::Server } else { ResourceKind::Client };
    let named = Resource::named(ResourceId(id(4, number)), format!("機器{number}"));
    Resource { kind, declared: true, maintained_by: Some(VendorId(id(1, number % VENDORS))), ..named }
}

/// Every contract covers every system: every cell of the matrix is filled.
fn covering_everything() -> Terms {
    Terms {
        systems: (0..SYSTEMS).map(|n| id(3, n)).collect(),
        clauses: (1..=30).map(|n| Clause { number: format!("第{n}条"), text: String::new() }).collect(),
        subcontracting: Subcontracting::None,
        ..Terms::default()
    }
}

/// A third of the items is done by nobody, a third jointly, a third by two alone; every tenth row lacks its clause.
fn session(number: usize, contract: Option<ContractId>, vendor: VendorId) -> Session {
    let row = |item: usize| {
        let duty = match item % 3 {
            0 => Duty::Helps,
            1 => Duty::Shares,
            _ if number < 2 => Duty::Does,
            _ => Duty::Informed,
        };
        let printed = |contract| ClauseRef { contract, number: format!("第{}条", item % 30 + 1) };
        let clause = contract.filter(|_| !(item + number).is_multiple_of(10)).map(printed);
        let roles = Roles { hospital: Some(Duty::Informed), vendor: Some(duty), clause };
        (format!("T{item:02}"), Row { roles, ..Row::default() })
    };
    Session {
        edition: "core".to_owned(),
        contract,
        vendor: Some(vendor),
        plan: None,
        first_talk: date(2026, 11, 2),
        rows: (0..ITEMS).map(row).collect(),
    }
}

fn edition() -> Edition {
    let item = |number: usize| Item {
        key: format!("T{number:02}"),
        number: format!("T{number:02}"),
        group: "管理・運用".to_owned(),
        known: Known::Full,
        title: Some("台帳".to_owned()),
        title_en: None,
        text: None,
        text_en: None,
        response: None,
        risk: None,
        lead: Lead::Both,
        scope: ItemScope::System,
        sheets: Vec::new(),
        challenges: Vec::new(),
        refs: Vec::new(),
        maps: BTreeMap::new(),
        inferred: Vec::new(),
        source: None,
    };
    Edition {
        key: "core".to_owned(),
        kind: EditionKind::Roles,
        title: "項目".to_owned(),
        title_en: "Items".to_owned(),
        published: "2026-11".to_owned(),
        replaces: None,
        note: None,
        official: false,
        items: (0..ITEMS).map(item).collect(),
    }
}

/// The least of several runs: the rules run on one thread without waiting, so that this is its processor time.
fn best<T>(run: impl Fn() -> T) -> Duration {
    let once = || {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..25).map(|_| once()).min().unwrap_or_default()
}
