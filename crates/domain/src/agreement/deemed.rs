//! みなし遵守 (deemed compliance, guideline 7.0, 概説編 and 保守委託機関編 as told by secondary texts; the official text has to be read):
//! if for **all** servers the vendor bears the duty of security updates, and this is written down, following those two volumes
//! counts as following all. What is not written or not clear stays with the hospital.
//!
//! Only what stands in the way is computed; that nothing was found never means that a hospital is eligible.

use super::standing::{Standing, standing};
use super::{System, Terms, check::same_number};
use crate::ids::{ContractId, ResourceId, VendorId};
use crate::kinds::{Layer, ResourceKind, ResourceState, keyed};
use crate::resource::{Contract, Ledger, Resource, Vendor};
use jiff::civil::Date;
use std::collections::BTreeMap;
use uuid::Uuid;

keyed! {
    /// What stands in the way for one layer of a server.
    Obstacle {
        /// 更新する人が決まっていない
        Nobody = "nobody",
        /// 病院自身が更新する
        Hospital = "hospital",
        /// 契約がない
        NoContract = "no_contract",
        /// 契約が終わっている
        Ended = "ended",
        /// 契約が始まっていない
        NotBegun = "not_begun",
        /// 条文が書かれていない
        NoClause = "no_clause",
        /// 条文が契約の条文の一覧にない
        NotInContract = "not_in_contract",
    }
}

/// Who updates one layer of a server, and where that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerDuty {
    /// The layer.
    pub layer: Layer,
    /// Who.
    pub by: Option<VendorId>,
    /// The contract looked at.
    pub contract: Option<ContractId>,
    /// The clause, as written.
    pub clause: Option<String>,
    /// What stands in the way; `None` = nothing found.
    pub obstacle: Option<Obstacle>,
}

/// A server with all its layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerDuty {
    /// The server.
    pub server: ResourceId,
    /// All layers in order: one nobody speaks of is nobody's.
    pub layers: Vec<LayerDuty>,
}

impl ServerDuty {
    /// Whether something stands in the way.
    #[must_use]
    pub fn stands_in_the_way(&self) -> bool {
        self.layers.iter().any(|duty| duty.obstacle.is_some())
    }
}

/// Whether terms cover a device: by itself or by a system in use.
#[must_use]
pub fn covers(terms: &Terms, systems: &BTreeMap<Uuid, System>, device: ResourceId) -> bool {
    let of_system =
        |id: &Uuid| systems.get(id).is_some_and(|system| !system.retired && system.resources.contains(&device));
    terms.resources.contains(&device) || terms.systems.iter().any(of_system)
}

/// Every server of the ledger that is not disposed of, in its order, with who updates which layer.
#[must_use]
pub fn examine(
    ledger: &Ledger,
    systems: &BTreeMap<Uuid, System>,
    terms: &BTreeMap<ContractId, Terms>,
    today: Date,
) -> Vec<ServerDuty> {
    let servers = ledger.resources.iter().filter(|row| row.kind == ResourceKind::Server);
    let servers = servers.filter(|row| row.state != Some(ResourceState::Retired));
    let facts = Facts { ledger, systems, terms, today };
    servers
        .map(|row| ServerDuty {
            server: row.id,
            layers: Layer::ALL.iter().map(|layer| facts.duty(row, *layer)).collect(),
        })
        .collect()
}

struct Facts<'a> {
    ledger: &'a Ledger,
    systems: &'a BTreeMap<Uuid, System>,
    terms: &'a BTreeMap<ContractId, Terms>,
    today: Date,
}

impl Facts<'_> {
    fn duty(&self, server: &Resource, layer: Layer) -> LayerDuty {
        let said = server.updates.get(&layer);
        let by = said.and_then(|update| update.by);
        let own_clause = said.and_then(|update| update.clause.clone()).filter(|clause| !clause.trim().is_empty());
        let mut duty = LayerDuty { layer, by, contract: None, clause: own_clause, obstacle: None };
        let Some(vendor) = by else {
            duty.obstacle = Some(Obstacle::Nobody);
            return duty;
        };
        if self.ledger.vendors.iter().any(|row| row.id == vendor && Vendor::means_hospital(&row.name)) {
            duty.obstacle = Some(Obstacle::Hospital);
            return duty;
        }
        // Several contracts may cover a server; the one nothing stands in the way of counts, else the first.
        let tried = self.contracts(server, vendor).map(|contract| self.under(contract, &duty));
        let mut first = None;
        for tried in tried {
            if tried.obstacle.is_none() {
                return tried;
            }
            first.get_or_insert(tried);
        }
        first.unwrap_or(LayerDuty { obstacle: Some(Obstacle::NoContract), ..duty })
    }

    /// Contracts with the vendor that cover the server by the ledger or by their terms.
    fn contracts(&self, server: &Resource, vendor: VendorId) -> impl Iterator<Item = &Contract> {
        let device = (server.id, server.contract);
        self.ledger.contracts.iter().filter(move |contract| {
            let terms = self.terms.get(&contract.id);
            contract.vendor == vendor
                && (device.1 == Some(contract.id) || terms.is_some_and(|terms| covers(terms, self.systems, device.0)))
        })
    }

    fn under(&self, contract: &Contract, duty: &LayerDuty) -> LayerDuty {
        let clause = duty.clause.clone().or_else(|| contract.update_clause.clone());
        let listed = |clause: &String| {
            let clauses = self.terms.get(&contract.id).map(|terms| terms.clauses.as_slice()).unwrap_or_default();
            clauses.iter().any(|row| same_number(&row.number, clause))
        };
        let obstacle = match standing(contract, self.today) {
            Standing::Ended => Some(Obstacle::Ended),
            Standing::NotBegun => Some(Obstacle::NotBegun),
            _ => match &clause {
                None => Some(Obstacle::NoClause),
                Some(clause) if !listed(clause) => Some(Obstacle::NotInContract),
                Some(_) => None,
            },
        };
        LayerDuty { contract: Some(contract.id), clause, obstacle, ..duty.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Clause;
    use super::*;
    use crate::resource::Update;

    struct World {
        ledger: Ledger,
        systems: BTreeMap<Uuid, System>,
        terms: BTreeMap<ContractId, Terms>,
    }

    /// One server whose four layers the vendor updates by a clause of a contract in force: nothing stands in the way.
    fn world() -> World {
        let vendor = |name: &str| Vendor { id: VendorId::generate(), name: name.into(), field: None, contact: None };
        let (own, other) = (vendor(Vendor::OWN), vendor("青葉メディカルシステム"));
        let contract = Contract {
            id: ContractId::generate(),
            number: "K-1".into(),
            title: String::new(),
            vendor: other.id,
            starts_on: Some("2026-04-01".parse().unwrap()),
            ends_on: None,
            update_clause: None,
        };
        let mut server = Resource::named(ResourceId::generate(), "レセプトサーバ".into());
        server.kind = ResourceKind::Server;
        server.contract = Some(contract.id);
        let update = Update { by: Some(other.id), clause: Some("第５条".into()) };
        server.updates = Layer::ALL.iter().map(|layer| (*layer, update.clone())).collect();
        let clause = Clause { number: "第5条".into(), text: "更新する".into() };
        let terms = Terms { clauses: vec![clause], ..Terms::default() };
        World {
            terms: BTreeMap::from([(contract.id, terms)]),
            systems: BTreeMap::new(),
            ledger: Ledger {
                resources: vec![server],
                vendors: vec![own, other],
                contracts: vec![contract],
                ..Ledger::default()
            },
        }
    }

    fn found(world: &World) -> Vec<Option<Obstacle>> {
        let all = examine(&world.ledger, &world.systems, &world.terms, "2026-12-01".parse().unwrap());
        all.iter().flat_map(|server| server.layers.iter().map(|duty| duty.obstacle)).collect()
    }

    /// Dossier §8, rule 9: all servers, all layers.
    #[test]
    fn what_stands_in_the_way() {
        type Change = fn(&mut World);
        let change: [(Option<Obstacle>, Change); 9] = [
            (None, |_| {}),
            (Some(Obstacle::Nobody), |w| {
                w.ledger.resources[0].updates.remove(&Layer::Os);
            }),
            (Some(Obstacle::Nobody), |w| os(w).by = None),
            (Some(Obstacle::Hospital), |w| os(w).by = Some(w.ledger.vendors[0].id)),
            (Some(Obstacle::NoContract), |w| w.ledger.resources[0].contract = None),
            (Some(Obstacle::Ended), |w| w.ledger.contracts[0].ends_on = Some("2026-11-30".parse().unwrap())),
            (Some(Obstacle::NotBegun), |w| w.ledger.contracts[0].starts_on = Some("2026-12-02".parse().unwrap())),
            (Some(Obstacle::NoClause), |w| os(w).clause = None),
            (Some(Obstacle::NotInContract), |w| os(w).clause = Some("第6条".into())),
        ];
        for (expected, change) in change {
            let mut world = world();
            change(&mut world);
            // Layer::ALL: firmware, OS, …
            assert_eq!(found(&world)[1], expected);
        }
    }

    fn os(world: &mut World) -> &mut Update {
        let Some(update) = world.ledger.resources[0].updates.get_mut(&Layer::Os) else {
            panic!("the world has a layer OS");
        };
        update
    }

    #[test]
    fn a_clause_of_the_contract_stands_for_a_layer_without_its_own() {
        let mut world = world();
        os(&mut world).clause = None;
        world.ledger.contracts[0].update_clause = Some("第5条（自社ソフトのみ）".into());
        assert_eq!(found(&world)[1], None);
    }

    #[test]
    fn terms_cover_by_system() {
        let mut world = world();
        let device = world.ledger.resources[0].id;
        world.ledger.resources[0].contract = None;
        let (id, mut system) =
            (Uuid::now_v7(), System { name: "レセプト".into(), resources: vec![device], retired: false });
        world.systems.insert(id, system.clone());
        let contract = world.ledger.contracts[0].id;
        world.terms.get_mut(&contract).unwrap().systems.push(id);
        assert_eq!(found(&world), [None; 4]);
        system.retired = true;
        world.systems.insert(id, system);
        assert_eq!(found(&world), [Some(Obstacle::NoContract); 4]);
    }

    #[test]
    fn only_servers_in_use_are_looked_at() {
        let mut world = world();
        world.ledger.resources[0].state = Some(ResourceState::Retired);
        assert!(found(&world).is_empty());
        world.ledger.resources[0].state = None;
        world.ledger.resources[0].kind = ResourceKind::Client;
        assert!(found(&world).is_empty());
    }
}
