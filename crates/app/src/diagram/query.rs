//! What somebody wants to see of the diagram, and how an address says it.

use crate::AppError;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use tomomori_diagram::Layer;
use tomomori_domain::Msg;
use tomomori_domain::ids::{ResourceId, ServiceId, VendorId};

/// Farthest surroundings: beyond it a hospital's picture is whole again.
pub const MAX_HOPS: u8 = 5;

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiagramQuery {
    /// What the tabs of the boxes say.
    pub layer: Layer,
    /// Which zones are open.
    pub zones: Zones,
    /// Only what stands around this device, within so many lines.
    pub around: Option<(ResourceId, u8)>,
    /// A device that must be in sight: its zone is opened.
    pub find: Option<ResourceId>,
    /// Only what this vendor looks after.
    pub vendor: Option<VendorId>,
    /// Only what this service needs and what lies between.
    pub system: Option<ServiceId>,
    /// As it was at the end of this day in Japan.
    pub at: Option<Date>,
    /// What changed between the ends of two days.
    pub compare: Option<(Date, Date)>,
}

/// Which zones are open; the others are one box each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zones {
    /// All, unless that would be more boxes than a person can look at.
    #[default]
    Auto,
    /// All.
    All,
    /// Those with these keys.
    Open(BTreeSet<String>),
}

/// Layers in the order of the page.
pub const LAYERS: [Layer; 5] =
    [Layer::Responsibility, Layer::Findings, Layer::EndOfLife, Layer::Remote, Layer::Evidence];

/// Key of a layer in addresses.
#[must_use]
pub fn layer_key(layer: Layer) -> &'static str {
    match layer {
        Layer::Responsibility => "responsibility",
        Layer::Findings => "findings",
        Layer::EndOfLife => "end_of_life",
        Layer::Remote => "remote",
        Layer::Evidence => "evidence",
    }
}

impl DiagramQuery {
    /// Reads the parameters of an address. Empty ones count as missing, and names it does not know are left to others.
    /// Two days in the wrong order are turned round; a second day that is missing is `today`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a value that cannot be read: a picture of something else would mislead.
    pub fn read(pairs: &[(String, String)], today: Date) -> Result<Self, AppError> {
        let value = |name: &str| {
            pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
        };
        let layer = value("layer")
            .map(|text| LAYERS.into_iter().find(|layer| layer_key(*layer) == text).ok_or_else(|| bad("layer", text)));
        let zones = match value("open") {
            None => Zones::Auto,
            Some("all") => Zones::All,
            Some("none") => Zones::Open(BTreeSet::new()),
            Some(keys) => Zones::Open(keys.split(',').map(str::to_owned).collect()),
        };
        let hops = parsed::<u8>("hops", value("hops"))?.unwrap_or(1).clamp(1, MAX_HOPS);
        let day = |name| parsed::<Date>(name, value(name));
        let compare = match (day("from")?, day("to")?) {
            (None, None) => None,
            (Some(from), to) => Some((from.min(to.unwrap_or(today)), from.max(to.unwrap_or(today)))),
            (None, Some(_)) => return Err(AppError::Invalid(Msg::new("diagram-one-day-missing"))),
        };
        Ok(Self {
            layer: layer.transpose()?.unwrap_or_default(),
            zones,
            around: parsed("around", value("around"))?.map(|id| (id, hops)),
            // Findings and ledger rows say `focus`.
            find: parsed("focus", value("focus"))?,
            vendor: parsed("vendor", value("vendor"))?,
            system: parsed("system", value("system"))?,
            at: if compare.is_some() { None } else { day("at")? },
            compare,
        })
    }

    /// The parameters, in order, without those that say nothing.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.layer != Layer::default() {
            pairs.push(("layer", layer_key(self.layer).to_owned()));
        }
        match &self.zones {
            Zones::Auto => {}
            Zones::All => pairs.push(("open", "all".to_owned())),
            Zones::Open(keys) if keys.is_empty() => pairs.push(("open", "none".to_owned())),
            Zones::Open(keys) => pairs.push(("open", keys.iter().cloned().collect::<Vec<_>>().join(","))),
        }
        if let Some((id, hops)) = self.around {
            pairs.push(("around", id.to_string()));
            pairs.push(("hops", hops.to_string()));
        }
        pairs.extend(self.find.map(|id| ("focus", id.to_string())));
        pairs.extend(self.vendor.map(|id| ("vendor", id.to_string())));
        pairs.extend(self.system.map(|id| ("system", id.to_string())));
        pairs.extend(self.at.map(|day| ("at", day.to_string())));
        if let Some((from, to)) = self.compare {
            pairs.extend([("from", from.to_string()), ("to", to.to_string())]);
        }
        pairs
    }

    /// The address of this picture under `path`. Keys of zones that are none of ours cannot be in it, so nothing needs
    /// encoding but what [`DiagramQuery::read`] took from an address as it was.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (at, (name, value)) in self.pairs().iter().enumerate() {
            // Writing into a String cannot fail.
            let _ = write!(address, "{}{name}=", if at == 0 { '?' } else { '&' });
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() || b"-_.,".contains(&byte) {
                    address.push(char::from(byte));
                } else {
                    let _ = write!(address, "%{byte:02X}");
                }
            }
        }
        address
    }

    /// Whether it is about today alone: only then places are remembered.
    #[must_use]
    pub fn is_today(&self) -> bool {
        self.at.is_none() && self.compare.is_none()
    }

    /// Whether it shows a part of the hospital only.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.around.is_some() || self.vendor.is_some() || self.system.is_some()
    }
}

fn parsed<T: std::str::FromStr>(name: &str, value: Option<&str>) -> Result<Option<T>, AppError> {
    value.map(|text| text.trim().parse().map_err(|_| bad(name, text))).transpose()
}

fn bad(name: &str, value: &str) -> AppError {
    AppError::Invalid(Msg::new("diagram-bad-query").arg("name", name).arg("value", value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<DiagramQuery, AppError> {
        let pairs: Vec<(String, String)> = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        DiagramQuery::read(&pairs, date(2026, 11, 25))
    }

    #[test]
    fn an_address_says_what_was_asked() {
        assert_eq!(read("").unwrap(), DiagramQuery::default());
        assert_eq!(read("layer=&vendor=&at=&from=&q=x").unwrap(), DiagramQuery::default());
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        for text in [
            "layer=evidence&open=none".to_owned(),
            format!("open=no-zone,outside&around={id}&hops=3"),
            format!("open=all&focus={id}&vendor={id}&system={id}&at=2026-11-01"),
            "layer=remote&from=2026-10-01&to=2026-11-01".to_owned(),
        ] {
            let query = read(&text).unwrap();
            assert_eq!(query.address("/diagram"), format!("/diagram?{text}"));
        }
        let evil = DiagramQuery { zones: Zones::Open(BTreeSet::from(["\"><&é".to_owned()])), ..Default::default() };
        assert_eq!(evil.address("/d"), "/d?open=%22%3E%3C%26%C3%A9");
    }

    #[test]
    fn days_are_put_in_order_and_what_cannot_be_read_is_said() {
        let days = Some((date(2026, 10, 1), date(2026, 11, 1)));
        assert_eq!(read("from=2026-11-01&to=2026-10-01").unwrap().compare, days);
        assert_eq!(read("from=2026-10-01").unwrap().compare, Some((date(2026, 10, 1), date(2026, 11, 25))));
        assert_eq!(read("around=01890a5d-ac96-774b-bcce-b302099a8057&hops=99").unwrap().around.unwrap().1, MAX_HOPS);
        for bad in ["layer=x", "vendor=x", "at=2026-13-01", "to=2026-10-01", "around=1", "hops=-1", "focus=%00"] {
            assert!(matches!(read(bad), Err(AppError::Invalid(_))), "{bad}");
        }
    }
}
