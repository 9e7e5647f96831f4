//! What is true of a generated hospital, and what was hidden in its files. Plain data: a test compares it with what the
//! program concluded.

/// Everything that is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Name of the hospital.
    pub hospital: String,
    /// The ledger has columns for who updates each layer.
    pub layers_stated: bool,
    /// Every real box, exactly once; their number is the number of resources a correct import ends with.
    pub devices: Vec<Device>,
    /// Network zones.
    pub zones: Vec<Zone>,
    /// Vendors.
    pub vendors: Vec<Vendor>,
    /// Lines and remote maintenance, also those that only the bill knows.
    pub lines: Vec<Line>,
    /// Contracts.
    pub contracts: Vec<Contract>,
    /// Look-alikes of traps that are in order. A detector that reports one is wrong.
    pub innocents: Vec<Innocent>,
}

impl Truth {
    /// The device with this key.
    #[must_use]
    pub fn device(&self, key: &str) -> Option<&Device> {
        self.devices.iter().find(|device| device.key == key)
    }

    /// Devices that were seen on the wire and stand in no list: what 台帳にない機器 has to show.
    pub fn unlisted(&self) -> impl Iterator<Item = &Device> {
        self.devices.iter().filter(|device| !device.listed())
    }
}

/// A real box. Values are in plain form: half width, MAC `aa:bb:cc:dd:ee:ff`, short host name in lower case, ISO dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Key within the truth; the same in every variant and mutation of the hospital. Stands in no file.
    pub key: String,
    /// `server`, `client`, `network`, `medical_device` or `other`.
    pub kind: &'static str,
    /// Every name it has in a file, in file order.
    pub names: Vec<String>,
    /// Maker.
    pub maker: String,
    /// Product; `None` when lists of equal grade contradict each other.
    pub product: Option<String>,
    /// Serial number; `None` when no file states it rightly.
    pub serial: Option<String>,
    /// Its MAC addresses.
    pub macs: Vec<String>,
    /// Host name, as the first list that has it.
    pub hostname: Option<String>,
    /// Addresses it has now.
    pub addresses: Vec<String>,
    /// Zone it is in now (what was seen counts); `None` when no file says, or lists contradict each other.
    pub zone: Option<String>,
    /// Vendor that maintains it.
    pub vendor: Option<String>,
    /// Number of the contract it stands under.
    pub contract: Option<String>,
    /// Who updates firmware, OS, middleware and application, in this order, as the ledger states it.
    pub updaters: [Option<Updater>; 4],
    /// Where it stands.
    pub appears: Vec<Appearance>,
}

impl Device {
    /// A list names it, not only the wire.
    #[must_use]
    pub fn listed(&self) -> bool {
        self.appears.iter().any(|appearance| appearance.list)
    }
}

/// Who updates one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updater {
    /// A vendor, or `当院`.
    pub by: String,
    /// Clause of the contract, if the ledger names one.
    pub clause: Option<String>,
}

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// File name.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Row of the sheet or line of the file, from 1.
    pub line: u32,
    /// How the row calls it, exactly as written: name, else host name, address, circuit or number.
    pub key: String,
    /// The file is a list somebody keeps (declared), not something seen on the wire (observed).
    pub list: bool,
}

/// A network zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Name.
    pub name: String,
    /// 種類 as written: 境界, サーバ室, 部門, 病棟.
    pub kind: &'static str,
    /// Range, CIDR.
    pub range: String,
    /// Every device in it that is switched on was seen on the wire (ARP); in other zones silence means nothing.
    pub observed: bool,
    /// Where it stands.
    pub appears: Vec<Appearance>,
}

/// A vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// Its name without 株式会社; files also write `株式会社…`, `(株)…` and `㈱…`.
    pub name: String,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// 回線番号.
    pub circuit: Option<String>,
    /// Where it comes from.
    pub from: String,
    /// Name of what it ends at, as written; empty when only the bill knows the line.
    pub to: String,
    /// Device it ends at.
    pub to_device: Option<String>,
    /// Name of the device it passes, as written.
    pub via: Option<String>,
    /// Device it passes; `None` with a `via` = that box is in no list.
    pub via_device: Option<String>,
    /// Vendor.
    pub vendor: Option<String>,
    /// Number of its contract.
    pub contract: Option<String>,
    /// Used for remote maintenance.
    pub remote: bool,
    /// It stands in the list of lines.
    pub in_list: bool,
    /// It is paid for.
    pub on_bill: bool,
    /// Where it stands.
    pub appears: Vec<Appearance>,
}

/// A contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Vendor.
    pub vendor: String,
    /// Clause on updates and reports.
    pub clause: Option<String>,
    /// First day, ISO.
    pub starts: String,
    /// Last day, ISO; `None` = open.
    pub ends: Option<String>,
    /// Devices the ledger puts under it.
    pub devices: Vec<String>,
    /// Lines under it, as positions in [`Truth::lines`].
    pub lines: Vec<usize>,
    /// Where it stands.
    pub appears: Vec<Appearance>,
}

/// What can be hidden in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrapKind {
    /// A VPN box that only the ARP table knows.
    HiddenVpn,
    /// One server under two names and host names in two lists; serial number or MAC address is the same.
    TwoNames,
    /// A leased MRI that nobody updates, on any layer.
    LeasedMri,
    /// The ledger has it in one zone, the wire has the same MAC address in another. `zones` = ledger, wire.
    Moved,
    /// A paid line that stands in no list and ends at no device.
    OrphanBill,
    /// Two boxes of one list with the same serial number.
    DuplicateSerial,
    /// Forty rows with the same MAC address.
    OneMac,
    /// An IP address in a column for something else.
    WrongColumn,
    /// An installation date that has not come yet.
    FutureDate,
    /// An installation date in 昭和.
    ShowaDate,
    /// A date that no calendar has.
    ImpossibleDate,
    /// Two lists of equal grade contradict each other about one box. `values` = first and second list, in turn.
    Contradiction,
    /// A ledger row nobody has seen, although its whole zone was observed.
    NeverSeen,
    /// A contract without any device or line under it.
    EmptyContract,
    /// A remote-maintenance line through a VPN device that no list of devices has.
    LineWithoutBox,
}

impl TrapKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::HiddenVpn,
        Self::TwoNames,
        Self::LeasedMri,
        Self::Moved,
        Self::OrphanBill,
        Self::DuplicateSerial,
        Self::OneMac,
        Self::WrongColumn,
        Self::FutureDate,
        Self::ShowaDate,
        Self::ImpossibleDate,
        Self::Contradiction,
        Self::NeverSeen,
        Self::EmptyContract,
        Self::LineWithoutBox,
    ];
}

/// Which traps to plant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traps(pub Vec<TrapKind>);

impl Traps {
    /// One of each kind.
    #[must_use]
    pub fn all() -> Self {
        Self(TrapKind::ALL.to_vec())
    }

    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }
}

/// Something planted, with all that is needed to see whether it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// What it is.
    pub kind: TrapKind,
    /// The facts.
    pub facts: Facts,
}

/// What looks like a trap and is in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InnocentKind {
    /// Two equal PCs with consecutive serial numbers: two devices.
    TwinPcs,
    /// A lease of one PC whose address another PC has by now (seen by ARP): two devices, none moved.
    ReusedLease,
    /// A server with two network cards in two zones: one device, not moved.
    TwoCards,
    /// Three switches of one model, with serial numbers that differ in one digit: three devices.
    SameModel,
    /// A spare PC in the store without network: not missing.
    SpareInStore,
    /// A contract that only a line stands under: not empty.
    ContractOfLine,
    /// A paid line that stands in the list of lines and ends at a device.
    BilledLine,
    /// A leased CT whose layers are all cared for (where the ledger has columns for it).
    LeasedCt,
}

/// A look-alike of a trap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Innocent {
    /// What it is.
    pub kind: InnocentKind,
    /// The facts.
    pub facts: Facts,
}

/// Facts about a trap or a look-alike; lists that do not matter to it are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Keys of the devices, see [`Device::key`].
    pub devices: Vec<String>,
    /// Names.
    pub names: Vec<String>,
    /// Serial numbers.
    pub serials: Vec<String>,
    /// Addresses.
    pub addresses: Vec<String>,
    /// MAC addresses.
    pub macs: Vec<String>,
    /// Zones.
    pub zones: Vec<String>,
    /// 回線番号.
    pub circuits: Vec<String>,
    /// Contract numbers.
    pub contracts: Vec<String>,
    /// The doubtful values, as written.
    pub values: Vec<String>,
    /// The rows and cells.
    pub places: Vec<Place>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// File name.
    pub file: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Row or line, from 1.
    pub line: u32,
    /// Cell of a workbook, `C14`.
    pub cell: Option<String>,
    /// What the column means: a word like `serial`, `mac`, `starts_on`.
    pub field: &'static str,
}

/// A cell that a [`super::Mutation`] changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Device, see [`Device::key`].
    pub device: String,
    /// Where.
    pub place: Place,
    /// What the column means.
    pub field: &'static str,
    /// Meaning before (half width, ISO date); empty = the cell was blank.
    pub old: String,
    /// Meaning after.
    pub new: String,
}
