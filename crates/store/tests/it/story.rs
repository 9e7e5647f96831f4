//! What most tests need: a small ledger, raw statements.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use tomomori_domain::access::{Actor, permission};
use tomomori_domain::finding::{Finding, Verdict};
use tomomori_domain::ids::{ComponentId, ContractId, FindingId, LineId, ResourceId, ServiceId, VendorId, ZoneId};
use tomomori_domain::resource::{
    ChoiceBy, Component, Contract, Layer, Line, LineEnd, ProductChoice, Resource, ResourceKind, Service, Vendor, Zone,
    ZoneKind,
};
use tomomori_store::Db;

/// A device with nothing but a name.
pub(crate) fn device(name: &str) -> Resource {
    Resource {
        kind: ResourceKind::Server,
        declared: true,
        revision: 1,
        ..Resource::named(ResourceId::generate(), name.to_owned())
    }
}

/// Software of a known product on a device.
pub(crate) fn software(resource: ResourceId, text: &str) -> Component {
    Component {
        id: ComponentId::generate(),
        resource,
        layer: Layer::Application,
        text: text.to_owned(),
        version: Some("1.0".to_owned()),
        purl: None,
        product: Some(ProductChoice { key: format!("a:maker:{text}"), by: ChoiceBy::Name, score: 90 }),
    }
}

/// One of everything.
pub(crate) struct Small {
    pub(crate) zone: Zone,
    pub(crate) vendor: Vendor,
    pub(crate) contract: Contract,
    pub(crate) gateway: Resource,
    pub(crate) server: Resource,
    pub(crate) component: Component,
    pub(crate) line: Line,
    pub(crate) service: Service,
}

impl Small {
    pub(crate) fn new() -> Self {
        let zone = Zone {
            id: ZoneId::generate(),
            name: "サーバ室".to_owned(),
            kind: ZoneKind::Servers,
            ranges: vec!["10.20.1.0/24".to_owned()],
        };
        let vendor =
            Vendor { id: VendorId::generate(), name: "共守システム".to_owned(), field: None, contact: None };
        let contract = Contract {
            id: ContractId::generate(),
            number: "K-1".to_owned(),
            title: "保守契約".to_owned(),
            vendor: vendor.id,
            starts_on: Some("2026-04-01".parse().unwrap()),
            ends_on: None,
            update_clause: None,
        };
        let gateway = Resource { addresses: vec!["10.20.1.1".to_owned()], ..device("保守用VPN装置") };
        let server = Resource {
            zone: Some(zone.id),
            maintained_by: Some(vendor.id),
            contract: Some(contract.id),
            uplink: Some(gateway.id),
            support_end: Some("2027-01-12".parse().unwrap()),
            asset_number: Some("S-001".to_owned()),
            ..device("レセプトサーバ")
        };
        let component = software(server.id, "orca");
        let line = Line {
            id: LineId::generate(),
            from: LineEnd::Outside("共守システム".to_owned()),
            to: LineEnd::Resource(gateway.id),
            purpose: None,
            protocol: Some("IPsec VPN".to_owned()),
            vendor: Some(vendor.id),
            circuit: None,
            via: None,
            via_resource: None,
            sources: None,
            contract: None,
            billed_on: None,
            always_on: None,
            source_limited: Some(false),
            remote_maintenance: true,
        };
        let service =
            Service { id: ServiceId::generate(), name: "会計".to_owned(), hours: None, needs: vec![server.id] };
        Self { zone, vendor, contract, gateway, server, component, line, service }
    }

    /// Writes it as an import would.
    pub(crate) async fn write(&self, db: &Db, actor: &Actor) {
        let grant = actor.require::<permission::RunImport>().unwrap();
        let mut tx = db.tenant(actor).await.unwrap();
        tx.put_zones(&grant, std::slice::from_ref(&self.zone)).await.unwrap();
        tx.put_vendors(&grant, std::slice::from_ref(&self.vendor)).await.unwrap();
        tx.put_contracts(&grant, std::slice::from_ref(&self.contract)).await.unwrap();
        // The server comes before what it is plugged into.
        tx.put_resources(&grant, &[self.server.clone(), self.gateway.clone()]).await.unwrap();
        tx.put_components(&grant, std::slice::from_ref(&self.component)).await.unwrap();
        tx.put_lines(&grant, std::slice::from_ref(&self.line)).await.unwrap();
        tx.put_services(&grant, std::slice::from_ref(&self.service)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A connection that goes past the store.
pub(crate) async fn raw(url: &str) -> DatabaseConnection {
    let url = url.strip_prefix("sqlite:").map_or_else(|| url.to_owned(), |path| format!("sqlite://{path}"));
    // One connection, so that what one statement sets (the tenant, a dropped trigger) holds for the next.
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// Runs statements past the store; returns how many rows the last one touched.
pub(crate) async fn sql(url: &str, statements: &[&str]) -> Result<u64, String> {
    let conn = raw(url).await;
    let mut touched = Ok(0);
    for statement in statements {
        touched = conn.execute_unprepared(statement).await.map(|done| done.rows_affected()).map_err(|e| e.to_string());
        if touched.is_err() {
            break;
        }
    }
    conn.close().await.unwrap();
    touched
}

/// An *affected* row.
pub(crate) fn finding(resource: ResourceId, component: ComponentId, vulnerability: &str) -> Finding {
    Finding {
        id: FindingId::generate(),
        resource,
        component,
        verdict: Verdict::Affected,
        missing: None,
        vulnerability: vulnerability.to_owned(),
        count: 1,
        cvss_tenths: Some(98),
        exploited: false,
        title: "認証の不備".to_owned(),
        reason: "{}".to_owned(),
        catalogue: "cat-1".to_owned(),
    }
}
