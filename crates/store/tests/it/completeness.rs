//! The list filtered by a missing fact holds exactly the devices of which the rule says unknown.

use crate::story::{device, software};
use std::collections::BTreeSet;
use tomomori_domain::access::permission;
use tomomori_domain::completeness::{Measure, Standing, shares};
use tomomori_domain::ids::{ContractId, ResourceId, VendorId, ZoneId};
use tomomori_domain::resource::{
    Component, Contract, Layer, Resource, ResourceKind, ResourceState, Update, Vendor, Zone, ZoneKind,
};
use tomomori_store::{PageRequest, ResourceFilter, ResourceSort};
use tomomori_testkit::for_both_databases;

/// Numbers that look like chance and are the same in every run (Knuth's generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }
}

fn random(dice: &mut Dice, zone: ZoneId, vendor: VendorId, contract: ContractId) -> (Resource, Vec<Component>) {
    let mut one = Resource { kind: ResourceKind::ALL[dice.below(ResourceKind::ALL.len())], ..device("機器") };
    one.state = [None, Some(ResourceState::InUse), Some(ResourceState::Retired)][dice.below(3)];
    one.declared = dice.below(4) > 0;
    let text = || "値".to_owned();
    (one.product, one.version, one.os) = (dice.maybe(text()), dice.maybe(text()), dice.maybe(text()));
    (one.location, one.department) = (dice.maybe(text()), dice.maybe(text()));
    (one.owner, one.serial) = (dice.maybe(text()), dice.maybe(text()));
    (one.zone, one.contract) = (dice.maybe(zone), dice.maybe(contract));
    one.support_end = dice.maybe(jiff::civil::date(2027, 3, 31));
    for layer in Layer::ALL {
        // A clause cannot play the part of a name, whatever is written in it.
        let clause = dice.maybe(format!(r#"{{"{}":{{"by":"x""#, layer.key()));
        let update = Update { by: dice.maybe(vendor), clause };
        one.updates.extend(dice.maybe((*layer, update)));
    }
    let mut parts = Vec::new();
    for layer in Layer::ALL {
        for n in 0..dice.below(3) {
            let mut part = Component { layer: *layer, ..software(one.id, &format!("{}-{n}", layer.key())) };
            part.version = dice.maybe(text());
            part.product = part.product.filter(|_| dice.below(3) == 0);
            parts.push(part);
        }
    }
    (one, parts)
}

#[tokio::test]
async fn the_list_of_a_missing_fact_is_what_the_rule_says() {
    for_both_databases(async |test| {
        let actor = test.tenant("A病院").await;
        let grant = actor.require::<permission::RunImport>().unwrap();
        let zone =
            Zone { id: ZoneId::generate(), name: "境界".to_owned(), kind: ZoneKind::Boundary, ranges: Vec::new() };
        let vendor = Vendor { id: VendorId::generate(), name: "共守".to_owned(), field: None, contact: None };
        let contract = Contract {
            id: ContractId::generate(),
            number: "K-1".to_owned(),
            title: "保守".to_owned(),
            vendor: vendor.id,
            starts_on: None,
            ends_on: None,
            update_clause: None,
        };
        let mut dice = Dice(3);
        let made: Vec<_> = (0..250).map(|_| random(&mut dice, zone.id, vendor.id, contract.id)).collect();
        let (devices, parts): (Vec<Resource>, Vec<Vec<Component>>) = made.into_iter().unzip();
        let mut tx = test.db.tenant(&actor).await.unwrap();
        tx.put_zones(&grant, std::slice::from_ref(&zone)).await.unwrap();
        tx.put_vendors(&grant, std::slice::from_ref(&vendor)).await.unwrap();
        tx.put_contracts(&grant, std::slice::from_ref(&contract)).await.unwrap();
        tx.put_resources(&grant, &devices).await.unwrap();
        tx.put_components(&grant, &parts.concat()).await.unwrap();
        tx.commit().await.unwrap();

        let tx = test.db.read(&actor).await.unwrap();
        let ledger = tx.ledger().await.unwrap();
        let most = PageRequest { after: None, limit: 500 };
        let mut shown = 0;
        for measure in Measure::ALL {
            let filter = ResourceFilter { missing: Some(*measure), ..ResourceFilter::default() };
            let rows = tx.list_resources(&filter, ResourceSort::Name, &most).await.unwrap().rows;
            let listed: BTreeSet<ResourceId> = rows.into_iter().map(|row| row.resource.id).collect();
            let asked = devices
                .iter()
                .zip(&parts)
                .filter(|(device, parts)| measure.of(device, &parts.iter().collect::<Vec<_>>()) == Standing::Unknown);
            assert_eq!(listed, asked.map(|(device, _)| device.id).collect(), "{measure:?}");
            let share = shares(&ledger, |_| true).into_iter().find(|share| share.measure == *measure).unwrap();
            assert_eq!(share.unknown(), listed.len() as u64, "{measure:?}");
            let part = ResourceFilter { kind: Some(ResourceKind::Server), zone: Some(None), ..filter };
            let within = |device: &Resource| device.kind == ResourceKind::Server && device.zone.is_none();
            let share = shares(&ledger, within).into_iter().find(|share| share.measure == *measure).unwrap();
            assert_eq!(share.unknown(), tx.count_resources(&part).await.unwrap().matching, "{measure:?}");
            shown += listed.len();
        }
        assert!(shown > 500, "almost nothing is unknown here: {shown}");
    })
    .await;
}
