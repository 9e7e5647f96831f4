//! What a vendor sees: examples, and the property that nothing else is in the part.

use super::*;
use proptest::prelude::*;
use tomomori_domain::ids::{LineId, ZoneId};
use tomomori_domain::kinds::{Layer, ResourceKind, ZoneKind};
use tomomori_domain::resource::{Contract, Update, Vendor, Zone};

fn vendor(name: &str) -> Vendor {
    Vendor { id: VendorId::generate(), name: name.to_owned(), field: None, contact: Some(format!("{name}-contact")) }
}

fn contract(vendor: &Vendor) -> Contract {
    Contract {
        id: ContractId::generate(),
        number: format!("{}-number", vendor.name),
        title: format!("{}-title", vendor.name),
        vendor: vendor.id,
        starts_on: None,
        ends_on: None,
        update_clause: Some(format!("{}-clause", vendor.name)),
    }
}

/// A device of which every text bears its mark.
fn device(mark: &str) -> Resource {
    let text = |what: &str| Some(format!("{mark}-{what}"));
    Resource {
        asset_number: text("asset"),
        aliases: vec![format!("{mark}-alias")],
        kind: ResourceKind::Server,
        maker: text("maker"),
        product: text("product"),
        version: text("version"),
        os: text("os"),
        serial: text("serial"),
        addresses: vec![format!("{mark}-address")],
        macs: vec![format!("{mark}-mac")],
        hostname: text("host"),
        location: text("location"),
        department: text("department"),
        owner: text("owner"),
        note: text("note"),
        custom: BTreeMap::from([("価格".to_owned(), format!("{mark}-price"))]),
        port: text("port"),
        ..Resource::named(ResourceId::generate(), format!("{mark}-name"))
    }
}

fn line(from: LineEnd, to: LineEnd) -> Line {
    Line {
        id: LineId::generate(),
        from,
        to,
        purpose: None,
        protocol: None,
        vendor: None,
        circuit: Some("circuit".to_owned()),
        via: None,
        via_resource: None,
        sources: Some("sources".to_owned()),
        contract: None,
        billed_on: None,
        always_on: None,
        source_limited: None,
        remote_maintenance: true,
    }
}

#[test]
fn own_devices_are_those_a_vendor_answers_for() {
    let (a, b) = (vendor("A"), vendor("B"));
    let paper = contract(&a);
    let by = |vendor: &Vendor| Update { by: Some(vendor.id), clause: None };
    for (what, resource, want) in [
        ("nobody's", device("x"), false),
        ("maintained", Resource { maintained_by: Some(a.id), ..device("x") }, true),
        ("installed", Resource { installed_by: Some(a.id), ..device("x") }, true),
        ("updates a layer", Resource { updates: BTreeMap::from([(Layer::Os, by(&a))]), ..device("x") }, true),
        ("under its contract", Resource { contract: Some(paper.id), ..device("x") }, true),
        ("another's", Resource { maintained_by: Some(b.id), ..device("x") }, false),
        ("retired", Resource { maintained_by: Some(a.id), state: Some(ResourceState::Retired), ..device("x") }, false),
    ] {
        let ledger = Ledger { resources: vec![resource], contracts: vec![paper.clone()], ..Ledger::default() };
        assert_eq!(visible(&ledger, a.id, &[]).nodes.len(), usize::from(want), "{what}");
    }
}

#[test]
fn a_neighbour_shows_what_was_granted_and_an_own_device_its_allowed_fields() {
    let a = vendor("A");
    let zone = Zone { id: ZoneId::generate(), name: "境界".to_owned(), kind: ZoneKind::Boundary, ranges: Vec::new() };
    let switch = device("switch");
    let own = Resource { maintained_by: Some(a.id), zone: Some(zone.id), uplink: Some(switch.id), ..device("own") };
    let ledger = Ledger {
        resources: vec![own.clone(), switch.clone()],
        zones: vec![zone],
        vendors: vec![a.clone()],
        ..Ledger::default()
    };
    assert_eq!(neighbours(&ledger, a.id), BTreeSet::from([switch.id]));
    let seen = |shared: Option<(ResourceId, Shared)>| {
        let grants: Vec<ShareGrant> =
            shared.map(|(resource, shared)| ShareGrant { vendor: a.id, resource, shared }).into_iter().collect();
        visible(&ledger, a.id, &grants)
    };
    let part = seen(None);
    assert_eq!((part.nodes.len(), part.nodes[0].uplink), (1, None));
    let fields: Vec<Field> = part.nodes[0].values.keys().copied().collect();
    assert!(fields.iter().all(|field| NODE_FIELDS.contains(field)), "{fields:?}");
    assert_eq!(part.nodes[0].values[&Field::Zone], ["境界"]);
    for (shared, want) in [
        (Shared::Name, vec![Field::Name]),
        (Shared::Kind, vec![Field::Name, Field::Kind]),
        (Shared::Address, vec![Field::Name, Field::Kind, Field::Address]),
    ] {
        let part = seen(Some((switch.id, shared)));
        assert_eq!(part.nodes[0].uplink, Some(switch.id));
        assert_eq!(part.nodes[1].values.keys().copied().collect::<Vec<_>>(), want, "{shared:?}");
        assert!(!part.nodes[1].own);
    }
    assert!(seen(Some((own.id, Shared::Hidden))).nodes.is_empty());
}

#[test]
fn lines_tell_no_name_of_what_is_not_shared() {
    let (a, b) = (vendor("A"), vendor("B"));
    let (own, other) = (Resource { maintained_by: Some(a.id), ..device("own") }, device("other"));
    let used = |line: Line| Line { vendor: Some(a.id), ..line };
    let (here, there) = (LineEnd::Resource(own.id), LineEnd::Resource(other.id));
    let outside = |text: &str| LineEnd::Outside(text.to_owned());
    let cases = [
        (
            used(line(outside("A センター"), here.clone())),
            Some((PartEnd::Outside("A センター".into()), PartEnd::Node(own.id))),
        ),
        (used(line(there.clone(), here.clone())), Some((PartEnd::NotShared, PartEnd::Node(own.id)))),
        // A name that several devices bear was not resolved; it still names one.
        (used(line(outside("OTHER-NAME"), here.clone())), Some((PartEnd::NotShared, PartEnd::Node(own.id)))),
        (used(line(LineEnd::Unknown, here.clone())), Some((PartEnd::Unknown, PartEnd::Node(own.id)))),
        (Line { vendor: Some(b.id), ..line(there.clone(), here.clone()) }, None),
        (line(there, here), None),
    ];
    for (line, want) in cases {
        let via = Line { via: Some("経由は other-host です".into()), purpose: Some("保守".into()), ..line };
        let ledger = Ledger { resources: vec![own.clone(), other.clone()], lines: vec![via], ..Ledger::default() };
        let part = visible(&ledger, a.id, &[]);
        assert_eq!(part.lines.first().map(|line| (line.from.clone(), line.to.clone())), want);
        if let Some(line) = part.lines.first() {
            assert_eq!(line.values.get(&Field::Via), None);
            assert_eq!(line.values[&Field::Purpose], ["保守"]);
        }
    }
}

/// Numbers to build a ledger from: per device who it belongs to in which way and what is granted; per line its ends.
type Plan = (Vec<(u8, u8, u8, usize)>, Vec<(usize, usize, u8, u8)>);

fn plan() -> impl Strategy<Value = Plan> {
    (
        proptest::collection::vec((0u8..4, 0u8..5, 0u8..6, 0usize..12), 1..12),
        proptest::collection::vec((0usize..12, 0usize..12, 0u8..4, 0u8..4), 0..12),
    )
}

proptest! {
    #[test]
    fn whatever_the_ledger_nothing_unshared_is_in_the_part((devices, wires) in plan()) {
        let vendors = [vendor("甲社"), vendor("乙社"), vendor("丙社")];
        let papers: Vec<Contract> = vendors.iter().map(contract).collect();
        let mut resources: Vec<Resource> = (0..devices.len()).map(|at| device(&format!("dev{at:02}"))).collect();
        let ids: Vec<ResourceId> = resources.iter().map(|resource| resource.id).collect();
        let mut grants = Vec::new();
        for (at, &(whose, how, granted, plug)) in devices.iter().enumerate() {
            let resource = &mut resources[at];
            resource.uplink = ids.get(plug).copied();
            if let Some(vendor) = vendors.get(usize::from(whose)) {
                match how {
                    0 => resource.maintained_by = Some(vendor.id),
                    1 => resource.installed_by = Some(vendor.id),
                    2 => resource.contract = Some(papers[usize::from(whose)].id),
                    3 => drop(resource.updates.insert(Layer::Os, Update { by: Some(vendor.id), clause: None })),
                    _ => {}
                }
            }
            if let Some(&shared) = Shared::ALL.get(usize::from(granted)) {
                // Grants of another vendor must not help this one.
                let vendor = vendors[usize::from(granted % 2)].id;
                grants.push(ShareGrant { vendor, resource: resource.id, shared });
            }
        }
        let lines = wires.iter().map(|&(from, to, whose, how)| {
            let end = |at: usize| match (ids.get(at), how) {
                (Some(_), 1) => LineEnd::Outside(format!("DEV{at:02}-NAME の隣")),
                (Some(id), _) => LineEnd::Resource(*id),
                (None, _) => LineEnd::Outside("外".to_owned()),
            };
            Line {
                vendor: vendors.get(usize::from(whose)).map(|vendor| vendor.id),
                via: Some(format!("dev{to:02}-host")),
                via_resource: ids.get(to).copied().filter(|_| how == 2),
                purpose: Some(format!("dev{from:02}-name の保守")),
                contract: papers.get(usize::from(how)).map(|paper| paper.id).filter(|_| how == 3),
                ..line(end(from), end(to))
            }
        });
        let ledger = Ledger {
            lines: lines.collect(),
            resources,
            vendors: vendors.to_vec(),
            contracts: papers,
            ..Ledger::default()
        };
        let asking = vendors[0].id;
        let part = visible(&ledger, asking, &grants);
        let text = format!("{part:?}").to_lowercase();
        for (at, resource) in ledger.resources.iter().enumerate() {
            let granted = grants.iter().find(|grant| grant.vendor == asking && grant.resource == resource.id);
            let is_own = own(&ledger, asking).contains(&resource.id);
            let shown = granted.map_or(is_own, |grant| grant.shared != Shared::Hidden);
            if !shown {
                prop_assert!(!text.contains(&resource.id.to_string()), "id of {at}");
                prop_assert!(!text.contains(&format!("dev{at:02}-")), "a text of {at}: {text}");
            }
            for kept in ["note", "price", "owner", "port", "department", "asset", "mac\"", "alias"] {
                prop_assert!(!text.contains(&format!("dev{at:02}-{kept}")), "{kept} of {at}");
            }
            if !is_own {
                for kept in ["serial", "version", "location", "product"] {
                    prop_assert!(!text.contains(&format!("dev{at:02}-{kept}")), "{kept} of neighbour {at}");
                }
            }
        }
        for word in ["乙社", "丙社", "甲社-", "circuit", "sources"] {
            prop_assert!(!text.contains(word), "{word}");
        }
    }
}
