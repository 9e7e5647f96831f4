//! Words of the field with a fixed set of values: kinds, grades, layers, states. Each has a stable key for database, API
//! and files, and its texts are in the language files.

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

impl ResourceKind {
    /// Layers somebody must keep up to date on a thing of this kind. A device of an unknown kind may have any; rooms have none.
    #[must_use]
    pub fn layers(self) -> &'static [Layer] {
        match self {
            ResourceKind::Server | ResourceKind::Client | ResourceKind::MedicalDevice | ResourceKind::Unknown => {
                Layer::ALL
            }
            ResourceKind::Network | ResourceKind::Other => &[Layer::Firmware],
            ResourceKind::Cloud => &[Layer::Application],
            ResourceKind::Visitor => &[Layer::Os, Layer::Application],
            ResourceKind::Facility => &[],
        }
    }
}
