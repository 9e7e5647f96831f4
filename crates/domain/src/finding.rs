//! What matching concluded. Findings are a projection of catalogue and ledger, rebuilt on every refresh; the truth is
//! in those two. Unknown is a state of its own and is never counted as safe.

use crate::ids::{ComponentId, FindingId, ResourceId};
use crate::kinds::keyed;
use serde::{Deserialize, Serialize};

keyed! {
    /// Conclusion about one device and one vulnerability.
    Verdict {
        /// Product and version are inside what the source calls vulnerable.
        Affected = "affected",
        /// It depends on a fact nobody has stated yet.
        Possibly = "possibly",
    }
}

keyed! {
    /// The fact that would decide a *possibly*.
    MissingFact {
        /// The version of the product is not known.
        Version = "version",
        /// A Windows release is known, its build or installed updates are not.
        WindowsBuild = "windows_build",
        /// The version is known but cannot be ordered against the range.
        VersionOrder = "version_order",
        /// The vulnerability needs a second product beside it, and whether that is there is not known.
        Platform = "platform",
    }
}

/// One row on the findings page.
///
/// *Affected*: one per (resource, vulnerability). *Possibly*: one per (resource, component, missing fact) with the
/// number of vulnerabilities the answer would decide, because that is one question to one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Key within the tenant.
    pub id: FindingId,
    /// The device.
    pub resource: ResourceId,
    /// The component the reason hangs on.
    pub component: ComponentId,
    /// Conclusion.
    pub verdict: Verdict,
    /// For *possibly*: what is missing.
    pub missing: Option<MissingFact>,
    /// The vulnerability; for *possibly* the most urgent of `count`.
    pub vulnerability: String,
    /// How many vulnerabilities stand behind the row (1 for *affected*).
    pub count: u32,
    /// Highest CVSS base score times ten, if any source published one.
    pub cvss_tenths: Option<u16>,
    /// Known to be exploited (CISA KEV).
    pub exploited: bool,
    /// Title to show, Japanese if a source has one.
    pub title: String,
    /// The reason tree as JSON text (written by `catalogue::Reason`, not looked into here), kept because the next
    /// catalogue may no longer hold it.
    pub reason: String,
    /// Content hash of the catalogue the row was computed from.
    pub catalogue: String,
}
