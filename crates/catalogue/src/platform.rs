//! What the device is, as far as the ledger names it: decides whether something not listed is absent or just not stated.

use crate::compare::Compared;
use crate::device::Device;
use crate::facts::Truth;
use tomomori_domain::finding::MissingFact;
use tomomori_formats::cpe::Field;

/// Parts the device's ledger entry names, and its operating systems as CPE `target_sw` values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Platforms {
    hardware: bool,
    operating_system: bool,
    families: Vec<&'static str>,
}

/// `target_sw` values that name an operating system, with the begin of the product keys that are it.
/// Source: values met in NVD; other values (wordpress, jenkins, node.js) name frameworks and stay open.
const FAMILIES: [(&str, &[&str]); 9] = [
    ("windows", &["o:microsoft:windows"]),
    (
        "linux",
        &["o:linux:", "o:redhat:", "o:debian:", "o:canonical:", "o:suse:", "o:centos:", "o:almalinux:", "o:rocky"],
    ),
    (
        "linux_kernel",
        &["o:linux:", "o:redhat:", "o:debian:", "o:canonical:", "o:suse:", "o:centos:", "o:almalinux:", "o:rocky"],
    ),
    ("macos", &["o:apple:mac"]),
    ("mac_os_x", &["o:apple:mac"]),
    ("mac_os", &["o:apple:mac"]),
    ("android", &["o:google:android"]),
    ("iphone_os", &["o:apple:iphone_os", "o:apple:ipados"]),
    ("ipados", &["o:apple:ipados"]),
];

impl Platforms {
    pub(crate) fn of(device: &Device<'_>) -> Self {
        let has = |part: u8| device.components.iter().any(|component| component.part() == part);
        let families = FAMILIES.iter().filter(|(_, products)| {
            device.components.iter().any(|component| products.iter().any(|begin| component.product.starts_with(begin)))
        });
        Self {
            hardware: has(b'h'),
            operating_system: has(b'o'),
            families: families.map(|(family, _)| *family).collect(),
        }
    }

    /// Whether the ledger could have named a product of this part for the device: if it names no hardware at all, the
    /// absence of one model says nothing. A list of applications is never complete either, but there the answer would
    /// be open for every application with every other.
    pub(crate) fn absent(&self, part: u8) -> Truth {
        let stated = match part {
            b'h' => self.hardware,
            b'o' => self.operating_system,
            _ => true,
        };
        if stated { Truth::False } else { Truth::Unknown }
    }

    /// Whether nothing of some part is stated, so that [`Platforms::absent`] can be unknown.
    pub(crate) fn has_gaps(&self) -> bool {
        !self.hardware || !self.operating_system
    }

    /// A criterion on the software below, when the component itself does not state it: the device's operating system
    /// decides, if it is of a known family.
    pub(crate) fn target_software(&self, want: &str) -> Compared {
        if self.families.contains(&want) {
            return Compared::FITS;
        }
        let names_system = FAMILIES.iter().any(|(family, _)| *family == want);
        if names_system && !self.families.is_empty() {
            return Compared::differs(Field::TargetSw);
        }
        Compared::missing(MissingFact::Platform, Field::TargetSw)
    }
}
