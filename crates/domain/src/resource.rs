//! What a hospital has: resources (資源), the software on them, zones, lines, vendors, contracts, services.

use crate::custom::CustomField;
use crate::ids::{ComponentId, ContractId, LineId, ResourceId, ServiceId, VendorId, ZoneId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::kinds::keyed;
pub use crate::kinds::{Criticality, Grade, Layer, PurchaseForm, ResourceKind, ResourceState, ZoneKind};

/// Who updates one layer, and where that is agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Who; `None` = nobody says.
    pub by: Option<VendorId>,
    /// The clause, as written.
    pub clause: Option<String>,
}

/// Those who stand behind a medical device, as written (薬機法の流通).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// 製造販売業者
    pub holder: Option<String>,
    /// 販売業者
    pub seller: Option<String>,
    /// 貸与業者・リース会社
    pub lessor: Option<String>,
    /// 修理業者
    pub repairer: Option<String>,
}

/// A device or a piece of equipment in the ledger (台帳). `None` means *not known*, never *no*.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Key within the tenant.
    pub id: ResourceId,
    /// The hospital's own number (管理番号).
    pub asset_number: Option<String>,
    /// Name used in the hospital.
    pub name: String,
    /// Other names under which lists tell of it.
    pub aliases: Vec<String>,
    /// Kind.
    pub kind: ResourceKind,
    /// Maker of the product, as written (メーカー).
    pub maker: Option<String>,
    /// Product or model, as written (製品・型番).
    pub product: Option<String>,
    /// Version of the product or its firmware, as written.
    pub version: Option<String>,
    /// Operating system, as written, with its version if given.
    pub os: Option<String>,
    /// Updates installed on it (KB numbers).
    pub kbs: Vec<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// IP addresses, canonical text form, the most reliable first.
    pub addresses: Vec<String>,
    /// MAC addresses, `aa:bb:cc:dd:ee:ff`.
    pub macs: Vec<String>,
    /// Host name, lower case.
    pub hostname: Option<String>,
    /// Network zone.
    pub zone: Option<ZoneId>,
    /// Place: building, floor, room.
    pub location: Option<String>,
    /// Department that uses it.
    pub department: Option<String>,
    /// Who owns the thing.
    pub owner: Option<String>,
    /// How much care depends on it.
    pub criticality: Option<Criticality>,
    /// Where it stands in its life.
    pub state: Option<ResourceState>,
    /// Vendor that maintains it (保守事業者).
    pub maintained_by: Option<VendorId>,
    /// Vendor that installed it (導入・設置).
    pub installed_by: Option<VendorId>,
    /// Contract that covers the maintenance.
    pub contract: Option<ContractId>,
    /// Who updates which layer; a layer nobody speaks of is missing.
    pub updates: BTreeMap<Layer, Update>,
    /// How it was obtained.
    pub purchase: Option<PurchaseForm>,
    /// In use since.
    pub installed_on: Option<Date>,
    /// End of life (EOL): sale or full support ends, limited support may go on.
    pub end_of_life: Option<Date>,
    /// End of support (EOS): from then on the risk is the hospital's.
    pub support_end: Option<Date>,
    /// Can it be reached for remote maintenance?
    pub remote: Option<bool>,
    /// Is it a medical device in the sense of the law?
    pub medical: Option<bool>,
    /// Those behind a medical device.
    pub chain: Chain,
    /// Resource it is plugged into (接続先).
    pub uplink: Option<ResourceId>,
    /// Port of the switch it was seen at.
    pub port: Option<String>,
    /// Free remark.
    pub note: Option<String>,
    /// The hospital's own columns.
    pub custom: BTreeMap<String, String>,
    /// Last stocktake.
    pub stocktaken_on: Option<Date>,
    /// Last seen on the wire or by a tool; `None` = never.
    pub last_seen: Option<Date>,
    /// A list or a person names it; `false` = only seen on the wire, no ledger knows it (台帳にない機器).
    pub declared: bool,
    /// Row version; every write adds one (optimistic locking).
    pub revision: i64,
}

impl Resource {
    /// A resource of which nothing but its name is known.
    #[must_use]
    pub fn named(id: ResourceId, name: String) -> Self {
        Self {
            id,
            asset_number: None,
            name,
            aliases: Vec::new(),
            kind: ResourceKind::Unknown,
            maker: None,
            product: None,
            version: None,
            os: None,
            kbs: Vec::new(),
            serial: None,
            addresses: Vec::new(),
            macs: Vec::new(),
            hostname: None,
            zone: None,
            location: None,
            department: None,
            owner: None,
            criticality: None,
            state: None,
            maintained_by: None,
            installed_by: None,
            contract: None,
            updates: BTreeMap::new(),
            purchase: None,
            installed_on: None,
            end_of_life: None,
            support_end: None,
            remote: None,
            medical: None,
            chain: Chain::default(),
            uplink: None,
            port: None,
            note: None,
            custom: BTreeMap::new(),
            stocktaken_on: None,
            last_seen: None,
            declared: false,
            revision: 0,
        }
    }
}

/// A piece of software, firmware or operating system on a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Key within the tenant.
    pub id: ComponentId,
    /// The resource it is on.
    pub resource: ResourceId,
    /// Layer.
    pub layer: Layer,
    /// As the source wrote it without a version glued to it, e.g. `FortiGate 60E` or `Win2016Std`.
    pub text: String,
    /// Version, if the source gave one.
    pub version: Option<String>,
    /// Package URL, if the source gave one.
    pub purl: Option<String>,
    /// CPE 2.3 name without version that this stands for; `None` = no product found (unknown).
    pub product: Option<ProductChoice>,
}

/// Which catalogue product a text was taken for, and on whose word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductChoice {
    /// `part:vendor:product`, escaped as in CPE 2.3, e.g. `o:fortinet:fortios`.
    pub key: String,
    /// How it was found.
    pub by: ChoiceBy,
    /// 0–100; below [`ProductChoice::APPLY_FROM`] a name is only suggested, never applied.
    pub score: u8,
}

impl ProductChoice {
    /// Stated confidence from which a guessed product is applied without a person.
    pub const APPLY_FROM: u8 = 80;
}

keyed! {
    /// How a product was found for a text.
    ChoiceBy {
        /// The source itself carried a CPE (nmap, SBOM).
        Source = "source",
        /// The name was compared with the catalogue's products.
        Name = "name",
        /// A person chose it.
        Person = "person",
    }
}

/// A network zone (区画).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Key within the tenant.
    pub id: ZoneId,
    /// Name.
    pub name: String,
    /// Role.
    pub kind: ZoneKind,
    /// Address ranges, CIDR.
    pub ranges: Vec<String>,
}

/// One end of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// A resource of the ledger.
    Resource(ResourceId),
    /// A party or network outside the hospital, by name.
    Outside(String),
    /// Nobody says where it ends.
    Unknown,
}

/// A connection: a remote-maintenance line, a data link, an Internet line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Key within the tenant.
    pub id: LineId,
    /// From where.
    pub from: LineEnd,
    /// To where.
    pub to: LineEnd,
    /// What it is for.
    pub purpose: Option<String>,
    /// Protocol or route, as written (`IPsec VPN`, `RDP`, `HL7`).
    pub protocol: Option<String>,
    /// Vendor that uses or runs it.
    pub vendor: Option<VendorId>,
    /// Number of the carrier's circuit (回線番号・お客様番号).
    pub circuit: Option<String>,
    /// Device it passes through (VPN装置), as written.
    pub via: Option<String>,
    /// That device in the ledger, if it was found there.
    pub via_resource: Option<ResourceId>,
    /// Which sources may use it, as written.
    pub sources: Option<String>,
    /// Contract it is used under.
    pub contract: Option<ContractId>,
    /// Month of the newest bill that names it (its first day).
    pub billed_on: Option<Date>,
    /// Always connected? `None` = not known.
    pub always_on: Option<bool>,
    /// Are sources limited (接続元制限)? `None` = not known.
    pub source_limited: Option<bool>,
    /// Remote maintenance (リモート保守)?
    pub remote_maintenance: bool,
}

/// A vendor as the hospital knows it (事業者).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vendor {
    /// Key within the tenant.
    pub id: VendorId,
    /// Name.
    pub name: String,
    /// What it does here (レセプト, 電子カルテ, PACS …).
    pub field: Option<String>,
    /// Emergency contact, as written.
    pub contact: Option<String>,
}

impl Vendor {
    /// Name under which the hospital itself stands among those who maintain: ledgers say 自院, 当院 or 院内.
    pub const OWN: &'static str = "自院";

    /// Whether a ledger's wording means the hospital itself (`自院（ME室）`).
    #[must_use]
    pub fn means_hospital(name: &str) -> bool {
        let folded = crate::text::fold(name);
        ["自院", "当院", "院内"].iter().any(|own| folded.starts_with(own))
    }
}

/// A contract with a vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Key within the tenant.
    pub id: ContractId,
    /// Number as written on the paper.
    pub number: String,
    /// Title.
    pub title: String,
    /// The vendor.
    pub vendor: VendorId,
    /// Starts on.
    pub starts_on: Option<Date>,
    /// Ends on.
    pub ends_on: Option<Date>,
    /// Clause that says who updates and reports, as written; `None` = no clause can be pointed to.
    pub update_clause: Option<String>,
}

/// A service of the hospital (業務: 外来受付, 処方, 給食 …) and what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Key within the tenant.
    pub id: ServiceId,
    /// Name.
    pub name: String,
    /// Hours of care, as written.
    pub hours: Option<String>,
    /// Resources it depends on.
    pub needs: Vec<ResourceId>,
}

/// Everything in a tenant's ledger at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Revision these rows are of.
    pub revision: i64,
    /// Devices, by folded name.
    pub resources: Vec<Resource>,
    /// Software on them.
    pub components: Vec<Component>,
    /// Zones, by folded name.
    pub zones: Vec<Zone>,
    /// Connections.
    pub lines: Vec<Line>,
    /// Vendors, by folded name.
    pub vendors: Vec<Vendor>,
    /// Contracts, by number.
    pub contracts: Vec<Contract>,
    /// Services, by folded name.
    pub services: Vec<Service>,
    /// Definitions of the hospital's own columns, in their order; the computation takes them as they are.
    pub fields: Vec<CustomField>,
}

#[cfg(test)]
mod tests {
    use super::Vendor;

    #[test]
    fn the_hospital_itself_among_the_maintainers() {
        for own in ["自院", "自院（ＭＥ室）", "当院 情報システム室", " 院内"] {
            assert!(Vendor::means_hospital(own), "{own}");
        }
        for other in ["網屋ネットワーク", "病院共済会", "株式会社自院サービス"] {
            assert!(!Vendor::means_hospital(other), "{other}");
        }
    }
}
