//! What a hospital has: resources (資源), the software on them, zones, lines, vendors, contracts, services.

use crate::ids::{ComponentId, ContractId, LineId, ResourceId, ServiceId, VendorId, ZoneId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A plain enum with a stable key for database, API and files, and a list of all values in display order.
macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant),* }

        impl $name {
            /// All values, in the order shown to people.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Stable key.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),* }
            }

            /// Reads a stable key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some($name::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use keyed;

keyed! {
    /// Kind of a resource (ガイドライン・チェックリストの区分: サーバ、端末PC、ネットワーク機器、医療機器、その他).
    ResourceKind {
        /// サーバ
        Server = "server",
        /// 端末PC
        Client = "client",
        /// ネットワーク機器 (VPN, firewall, switch, wireless access point)
        Network = "network",
        /// 医療機器
        MedicalDevice = "medical_device",
        /// その他の機器 (printer, NAS, UPS …)
        Other = "other",
        /// 設備 (rooms, power, air conditioning)
        Facility = "facility",
        /// クラウド・SaaS
        Cloud = "cloud",
        /// 持込機器・媒体 (a vendor's service PC, USB media)
        Visitor = "visitor",
        /// 種別が分からない
        Unknown = "unknown",
    }
}

keyed! {
    /// How good a fact is.
    Grade {
        /// A list says so (台帳、納品書).
        Declared = "declared",
        /// Seen on the wire or read from the machine (ARP, nmap, SBOM).
        Observed = "observed",
        /// The responsible vendor said so.
        ConfirmedByVendor = "confirmed_by_vendor",
        /// A person of the hospital entered or confirmed it.
        ConfirmedByHospital = "confirmed_by_hospital",
    }
}

keyed! {
    /// Layer of a piece of software on a resource; update duties are settled per layer.
    Layer {
        /// 機器・ファームウェア
        Firmware = "firmware",
        /// OS
        Os = "os",
        /// ミドルウェア (database, web server, runtime)
        Middleware = "middleware",
        /// アプリケーション
        Application = "application",
    }
}

keyed! {
    /// Role of a zone; decides where the diagram places it.
    ZoneKind {
        /// 院外 (vendors' maintenance sites, the Internet)
        Outside = "outside",
        /// 境界 (VPN devices, firewalls)
        Boundary = "boundary",
        /// サーバ室
        Servers = "servers",
        /// 部門 (laboratory, radiology, catering)
        Department = "department",
        /// 病棟・外来
        Care = "care",
        /// 区画が分からない
        Unknown = "unknown",
    }
}

keyed! {
    /// How a resource was obtained; bought-outright equipment is the hospital's own duty.
    PurchaseForm {
        /// 買い切り
        Bought = "bought",
        /// リース
        Lease = "lease",
        /// レンタル
        Rental = "rental",
        /// サービス (cloud, SaaS)
        Service = "service",
    }
}

keyed! {
    /// Where a resource stands in its life (状態).
    ResourceState {
        /// 導入予定
        Planned = "planned",
        /// 稼働中
        InUse = "in_use",
        /// 予備
        Spare = "spare",
        /// 修理中
        Repair = "repair",
        /// 廃棄・返却済み
        Retired = "retired",
    }
}

keyed! {
    /// How much care depends on a resource (重要度).
    Criticality {
        /// 高: care stops without it
        High = "high",
        /// 中
        Middle = "middle",
        /// 低
        Low = "low",
    }
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
    /// Serial number.
    pub serial: Option<String>,
    /// IP addresses, canonical text form.
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
    /// Vendor that maintains it (保守事業者).
    pub maintained_by: Option<VendorId>,
    /// Contract that covers the maintenance.
    pub contract: Option<ContractId>,
    /// How it was obtained.
    pub purchase: Option<PurchaseForm>,
    /// In use since.
    pub installed_on: Option<Date>,
    /// End of support (EOS).
    pub support_end: Option<Date>,
    /// Resource it is plugged into (接続先).
    pub uplink: Option<ResourceId>,
    /// Free remark.
    pub note: Option<String>,
    /// A list or a person names it; `false` = only seen on the wire, no ledger knows it (台帳にない機器).
    pub declared: bool,
    /// Row version; every write adds one (optimistic locking).
    pub revision: i64,
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
