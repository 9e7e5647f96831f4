//! A table of the rule, and what holds for every ledger.

use super::*;
use crate::ids::{ComponentId, ContractId, VendorId, ZoneId};
use crate::resource::{ChoiceBy, ProductChoice, Update};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn device(kind: ResourceKind) -> Resource {
    Resource { kind, ..Resource::named(ResourceId::generate(), "x".to_owned()) }
}

fn part(layer: Layer, version: Option<&str>, linked: bool) -> Component {
    Component {
        id: ComponentId::generate(),
        resource: ResourceId::generate(),
        layer,
        text: "x".to_owned(),
        version: version.map(str::to_owned),
        purl: None,
        product: linked.then(|| ProductChoice { key: "o:m:p".to_owned(), by: ChoiceBy::Name, score: 90 }),
    }
}

fn unknown(device: &Resource, software: &[&Component]) -> Vec<&'static str> {
    let asked = |measure: &&Measure| measure.of(device, software) == Standing::Unknown;
    Measure::ALL.iter().filter(asked).map(|measure| measure.key()).collect()
}

#[test]
fn what_is_asked_of_which_device() {
    let everybody = ["contract", "department", "owner"];
    let table: [(ResourceKind, &[&str]); 6] = [
        (
            ResourceKind::Server,
            &[
                "location",
                "updater_firmware",
                "updater_os",
                "updater_middleware",
                "updater_application",
                "product",
                "linked",
                "os_version",
                "zone",
                "serial",
                "support_end",
            ],
        ),
        (
            ResourceKind::Network,
            &["version", "location", "updater_firmware", "product", "linked", "zone", "serial", "support_end"],
        ),
        (ResourceKind::Facility, &["location"]),
        (ResourceKind::Cloud, &["updater_application", "product", "linked", "support_end"]),
        (
            ResourceKind::Visitor,
            &["updater_os", "updater_application", "product", "linked", "os_version", "serial", "support_end"],
        ),
        (
            ResourceKind::Unknown,
            &[
                "version",
                "location",
                "updater_firmware",
                "updater_os",
                "updater_middleware",
                "updater_application",
                "product",
                "linked",
                "os_version",
                "zone",
                "serial",
                "support_end",
            ],
        ),
    ];
    for (kind, own) in table {
        let want: BTreeSet<&str> = own.iter().chain(&everybody).copied().collect();
        assert_eq!(unknown(&device(kind), &[]).into_iter().collect::<BTreeSet<_>>(), want, "{kind:?}");
    }
}

#[test]
fn a_layer_that_is_there_needs_an_updater() {
    let switch = device(ResourceKind::Network);
    let parts = [part(Layer::Os, None, false), part(Layer::Middleware, Some("1"), true)];
    let asked = unknown(&switch, &parts.iter().collect::<Vec<_>>());
    assert!(asked.contains(&"updater_os") && asked.contains(&"os_version"), "{asked:?}");
    assert!(asked.contains(&"updater_middleware") && !asked.contains(&"updater_application"), "{asked:?}");
    assert!(!asked.contains(&"linked") && asked.contains(&"version"), "{asked:?}");
    let named = Resource { os: Some("IOS".to_owned()), ..switch };
    assert!(unknown(&named, &[]).contains(&"updater_os"));
    // Its own name does not give a service from the cloud a firmware.
    let cloud = Resource { product: Some("予約".to_owned()), ..device(ResourceKind::Cloud) };
    assert!(!unknown(&cloud, &[&part(Layer::Firmware, None, false)]).contains(&"updater_firmware"));
}

#[test]
fn what_is_disposed_of_does_not_count_and_what_only_the_wire_knows_does() {
    let gone =
        Resource { state: Some(ResourceState::Retired), product: Some("X".to_owned()), ..device(ResourceKind::Server) };
    let stranger = device(ResourceKind::Unknown);
    let ledger = Ledger { resources: vec![gone, stranger], ..Ledger::default() };
    for share in shares(&ledger, |_| true) {
        assert_eq!((share.applies, share.known), (1, 0), "{share:?}");
    }
    assert!(shares(&ledger, |_| false).iter().all(|share| share.percent().is_none()));
}

#[test]
fn percent_is_rounded_down() {
    for (known, applies, want) in [
        (0, 0, None),
        (0, 3, Some(0)),
        (371, 412, Some(90)),
        (999, 1000, Some(99)),
        (7, 7, Some(100)),
        (1, 412, Some(0)),
    ] {
        assert_eq!(Share { measure: Measure::Product, applies, known }.percent(), want, "{known} of {applies}");
    }
}

/// Every fact of a device, given or not, by the bits of a number.
fn of_bits(id: u128, bits: u32, kind: ResourceKind, state: Option<ResourceState>) -> (Resource, Vec<Component>) {
    let on = |bit: u32| bits & (1 << bit) != 0;
    let text = |bit: u32| on(bit).then(|| "x".to_owned());
    let update = |bit: u32| Update { by: on(bit).then(|| VendorId(uuid::Uuid::nil())), clause: text(bit + 4) };
    let mut device = Resource::named(ResourceId(uuid::Uuid::from_u128(id)), "x".to_owned());
    (device.kind, device.state) = (kind, state);
    (device.product, device.version, device.os) = (text(0), text(1), text(2));
    (device.location, device.department, device.owner, device.serial) = (text(3), text(4), text(5), text(6));
    device.contract = on(7).then(|| ContractId(uuid::Uuid::nil()));
    device.zone = on(8).then(|| ZoneId(uuid::Uuid::nil()));
    device.support_end = on(9).then(|| jiff::civil::date(2027, 1, 1));
    for (layer, bit) in Layer::ALL.iter().zip(10..) {
        device.updates.insert(*layer, update(bit));
    }
    let mut parts = Vec::new();
    for (n, layer) in (0..).zip(Layer::ALL) {
        if on(18 + 3 * n) {
            let own = part(*layer, on(19 + 3 * n).then_some("1"), on(20 + 3 * n));
            parts.push(Component { resource: device.id, ..own });
        }
    }
    (device, parts)
}

fn kinds() -> impl Strategy<Value = ResourceKind> {
    proptest::sample::select(ResourceKind::ALL)
}

fn states() -> impl Strategy<Value = Option<ResourceState>> {
    proptest::option::of(proptest::sample::select(ResourceState::ALL))
}

fn ledger_of(devices: &[(u32, ResourceKind, Option<ResourceState>)]) -> Ledger {
    let mut ledger = Ledger::default();
    for (id, (bits, kind, state)) in (1..).zip(devices) {
        let (device, parts) = of_bits(id, *bits, *kind, *state);
        ledger.resources.push(device);
        ledger.components.extend(parts);
    }
    ledger
}

proptest! {
    #[test]
    fn shares_count_device_by_device(devices in proptest::collection::vec((0..1_u32 << 30, kinds(), states()), 0..30)) {
        let ledger = ledger_of(&devices);
        let found = shares(&ledger, |_| true);
        prop_assert_eq!(found.len(), Measure::ALL.len());
        for share in &found {
            let (mut applies, mut known) = (0, 0);
            for device in &ledger.resources {
                let mut own = Vec::new();
                for component in &ledger.components {
                    if component.resource == device.id {
                        own.push(component);
                    }
                }
                match share.measure.of(device, &own) {
                    Standing::Known => { applies += 1; known += 1; }
                    Standing::Unknown => applies += 1,
                    Standing::NotNeeded => {}
                }
            }
            prop_assert_eq!((share.applies, share.known), (applies, known));
            prop_assert!(share.known <= share.applies);
            prop_assert_eq!(share.percent() == Some(100), applies > 0 && known == applies);
        }
        for pair in found.windows(2) {
            prop_assert!(pair[1].applies == 0 || pair[0].known * pair[1].applies <= pair[1].known * pair[0].applies);
        }
    }

    #[test]
    fn filling_in_a_blank_never_lowers_a_share(
        devices in proptest::collection::vec((0..1_u32 << 30, kinds(), states()), 1..12), at: proptest::sample::Index, bit in 0..30_u32,
    ) {
        let before = shares(&ledger_of(&devices), |_| true);
        let mut filled = devices.clone();
        filled[at.index(devices.len())].0 |= 1 << bit;
        let after = shares(&ledger_of(&filled), |_| true);
        for old in before {
            let new = after.iter().find(|share| share.measure == old.measure).unwrap();
            prop_assert!(new.known >= old.known, "{:?} → {:?}", old, new);
            // A layer nobody knew of is one more that needs an updater.
            let learned = old.measure.needed_with().is_some_and(|layer| {
                let place = Layer::ALL.iter().position(|one| *one == layer).unwrap() as u32;
                bit == 18 + 3 * place || layer == Layer::Os && bit == 2
            });
            let no_lower = new.known * old.applies >= old.known * new.applies;
            prop_assert!(learned || no_lower, "{:?} → {:?}", old, new);
        }
    }

    #[test]
    fn learning_what_kind_a_device_is_never_lowers_a_share(bits in 0..1_u32 << 30, kind in kinds(), rest in 0..1_u32 << 30) {
        let before = shares(&ledger_of(&[(bits, ResourceKind::Unknown, None), (rest, ResourceKind::Server, None)]), |_| true);
        let after = shares(&ledger_of(&[(bits, kind, None), (rest, ResourceKind::Server, None)]), |_| true);
        for old in before {
            let new = after.iter().find(|share| share.measure == old.measure).unwrap();
            prop_assert!(new.known * old.applies >= old.known * new.applies, "{:?} → {:?}", old, new);
        }
    }
}
