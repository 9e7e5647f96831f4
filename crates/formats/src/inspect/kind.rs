//! The kinds of files that are told apart, with their names for people.

use tomomori_domain::Msg;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $message:expr;)*) => {
        /// What a file is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name),* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// Stable key, for `--json`.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Kind::$name => $key),* }
            }

            /// Name for people.
            #[must_use]
            pub fn msg(self) -> Msg {
                match self { $(Kind::$name => $message),* }
            }
        }
    };
}

kinds! {
    /// Nothing in it.
    Empty = "empty", Msg::new("inspect-kind-empty");
    /// NVD JSON, feed 1.1.
    Nvd11 = "nvd_1_1", Msg::new("inspect-kind-nvd-1-1");
    /// NVD JSON 2.0, feed or API answer.
    Nvd20 = "nvd_2_0", Msg::new("inspect-kind-nvd-2-0");
    /// CISA KEV as JSON.
    KevJson = "kev_json", Msg::new("inspect-kind-kev-json");
    /// CISA KEV as CSV.
    KevCsv = "kev_csv", Msg::new("inspect-kind-kev-csv");
    /// CSAF 2.0 advisory.
    Csaf = "csaf", Msg::new("inspect-kind-csaf");
    /// JVN VULDEF.
    JvnVuldef = "jvn_vuldef", Msg::new("inspect-kind-jvn-vuldef");
    /// JVNRSS.
    JvnRss = "jvn_rss", Msg::new("inspect-kind-jvn-rss");
    /// CycloneDX JSON.
    CycloneDx = "cyclonedx", Msg::new("inspect-kind-cyclonedx");
    /// CycloneDX XML.
    CycloneDxXml = "cyclonedx_xml", Msg::new("inspect-kind-cyclonedx-xml");
    /// SPDX; read are 2.x as JSON and tag-value.
    Spdx = "spdx", Msg::new("inspect-kind-spdx");
    /// OSV: recognised, not read yet.
    Osv = "osv", Msg::new("inspect-kind-osv");
    /// OpenVEX: recognised, not read yet.
    OpenVex = "openvex", Msg::new("inspect-kind-openvex");
    /// CVE record 5.x: recognised, not read yet.
    Cve5 = "cve_5", Msg::new("inspect-kind-cve-5");
    /// EPSS scores: recognised, not read yet.
    EpssCsv = "epss_csv", Msg::new("inspect-kind-epss-csv");
    /// Excel workbook.
    Xlsx = "xlsx", Msg::new("inspect-kind-xlsx");
    /// Excel workbook with macros.
    Xlsm = "xlsm", Msg::new("inspect-kind-xlsm");
    /// MDS2 worksheet (ANSI/NEMA HN 1).
    Mds2 = "mds2", Msg::new("inspect-kind-mds2");
    /// Old Excel or another old Office file.
    OldOffice = "old_office", Msg::new("inspect-kind-old-office");
    /// Office file with a password.
    LockedOffice = "locked_office", Msg::new("inspect-kind-locked-office");
    /// Another Office file (Word, PowerPoint, OpenDocument, xlsb).
    OtherOffice = "other_office", Msg::new("inspect-kind-other-office");
    /// CSV or tab-separated table.
    Csv = "csv", Msg::new("inspect-kind-csv");
    /// nmap scan as XML.
    Nmap = "nmap", Msg::new("inspect-kind-nmap");
    /// DHCP leases.
    Dhcp = "dhcp", Msg::new("inspect-kind-dhcp");
    /// ARP table, MAC table of a switch, or another log of a terminal with addresses.
    Arp = "arp", Msg::new("inspect-kind-arp");
    /// `systeminfo` of Windows.
    SystemInfo = "systeminfo", Msg::new("inspect-kind-systeminfo");
    /// Installed updates of Windows.
    HotFixes = "hotfixes", Msg::new("inspect-kind-hotfixes");
    /// Installed packages of Linux.
    Packages = "packages", Msg::new("inspect-kind-packages");
    /// Computers of an Active Directory.
    Directory = "directory", Msg::new("inspect-kind-directory");
    /// Product records of endoflife.date.
    Eol = "eol", Msg::new("inspect-kind-eol");
    /// gz, zst, tar or zip with files in it.
    Packed = "packed", Msg::new("inspect-kind-packed");
    /// A catalogue of this software.
    Catalogue = "catalogue", Msg::new("inspect-kind-catalogue");
    /// PDF.
    Pdf = "pdf", Msg::new("inspect-kind-pdf");
    /// Other JSON.
    Json = "json", Msg::new("inspect-kind-json");
    /// Other XML.
    Xml = "xml", Msg::new("inspect-kind-xml");
    /// Other text.
    Text = "text", Msg::new("inspect-kind-text");
    /// Not recognised.
    Unknown = "unknown", Msg::new("inspect-kind-unknown");
}
