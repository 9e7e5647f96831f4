//! Layers: one question at a time, shown in the tabs of the boxes. Never by colour alone: every state has a sign of its
//! own, unknown is always the gray hatch, and green is kept for what is proven.

use crate::model::Node;

/// What the tabs show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Who must update it; red: nobody.
    #[default]
    Responsibility,
    /// The worst open finding.
    Findings,
    /// How long it is still supported.
    EndOfLife,
    /// Remote-maintenance lines and their ends; all else is gray.
    Remote,
    /// How well what is known of it is founded.
    Evidence,
}

/// What the layers know of a node. Nothing said is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    /// For [`Layer::Findings`].
    pub findings: Severity,
    /// For [`Layer::EndOfLife`].
    pub end_of_life: EndOfLife,
    /// Something on it is left out of `end_of_life`, because nobody knows when it ends.
    pub ends_open: bool,
    /// For [`Layer::Evidence`].
    pub evidence: Evidence,
}

/// Worst open finding. The order is from good to bad: of several devices the worst counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Matched against a current catalogue, nothing found. Not the same as safe.
    NoneKnown,
    /// Not matched, or without product or version.
    #[default]
    Unknown,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical, or known to be exploited.
    Critical,
}

/// End of support, from good to bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndOfLife {
    /// More than 24 months away.
    Later,
    /// Not known.
    #[default]
    Unknown,
    /// Within 24 months.
    Within24Months,
    /// Within 12 months.
    Within12Months,
    /// Support has ended.
    Ended,
}

/// How well a node is founded, from good to bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The vendor confirmed it.
    Vendor,
    /// The hospital confirmed it.
    Hospital,
    /// Seen on the network or in an export.
    Observed,
    /// Only stated.
    Declared,
    /// Not known where it comes from.
    #[default]
    Unknown,
}

/// A state that a tab can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// In [`Layer::Findings`].
    Findings(Severity),
    /// In [`Layer::EndOfLife`].
    EndOfLife(EndOfLife),
    /// In [`Layer::Evidence`].
    Evidence(Evidence),
}

/// How a state is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Ground of the tab.
    pub fill: &'static str,
    /// Sign on it (contrast at least 4.5).
    pub ink: &'static str,
    /// The sign.
    pub sign: &'static str,
}

const fn look(fill: &'static str, ink: &'static str, sign: &'static str) -> Option<Look> {
    Some(Look { fill, ink, sign })
}

impl State {
    /// Every state of every layer, worst first within its layer; for giving words to all of them.
    pub const ALL: [Self; 16] = [
        Self::Findings(Severity::Critical),
        Self::Findings(Severity::High),
        Self::Findings(Severity::Medium),
        Self::Findings(Severity::Low),
        Self::Findings(Severity::Unknown),
        Self::Findings(Severity::NoneKnown),
        Self::EndOfLife(EndOfLife::Ended),
        Self::EndOfLife(EndOfLife::Within12Months),
        Self::EndOfLife(EndOfLife::Within24Months),
        Self::EndOfLife(EndOfLife::Unknown),
        Self::EndOfLife(EndOfLife::Later),
        Self::Evidence(Evidence::Unknown),
        Self::Evidence(Evidence::Declared),
        Self::Evidence(Evidence::Observed),
        Self::Evidence(Evidence::Hospital),
        Self::Evidence(Evidence::Vendor),
    ];

    /// What a layer says of a node; the layers of owners and of lines say it otherwise.
    pub(crate) fn of(node: &Node, layer: Layer) -> Option<Self> {
        match layer {
            Layer::Responsibility | Layer::Remote => None,
            Layer::Findings => Some(Self::Findings(node.facts.findings)),
            Layer::EndOfLife => Some(Self::EndOfLife(node.facts.end_of_life)),
            Layer::Evidence => Some(Self::Evidence(node.facts.evidence)),
        }
    }

    pub(crate) fn layer(self) -> Layer {
        match self {
            Self::Findings(_) => Layer::Findings,
            Self::EndOfLife(_) => Layer::EndOfLife,
            Self::Evidence(_) => Layer::Evidence,
        }
    }

    /// `None` = unknown: the hatch.
    pub(crate) fn look(self) -> Option<Look> {
        match self {
            Self::Findings(Severity::Critical) => look("#ce0000", "#ffffff", "‼"),
            Self::Findings(Severity::High) => look("#c74700", "#ffffff", "！"),
            Self::Findings(Severity::Medium) => look("#ffc800", "#1a1a1a", "▲"),
            Self::Findings(Severity::Low) => look("#fff3c4", "#1a1a1a", "△"),
            Self::Findings(Severity::NoneKnown) | Self::Evidence(Evidence::Declared) => look("#ffffff", "#1a1a1a", "−"),
            Self::EndOfLife(EndOfLife::Ended) => look("#ce0000", "#ffffff", "×"),
            Self::EndOfLife(EndOfLife::Within12Months) => look("#c74700", "#ffffff", "◆"),
            Self::EndOfLife(EndOfLife::Within24Months) => look("#ffc800", "#1a1a1a", "◇"),
            Self::EndOfLife(EndOfLife::Later) => look("#d9e6ff", "#1a1a1a", "○"),
            Self::Evidence(Evidence::Vendor) => look("#197a4b", "#ffffff", "◎"),
            Self::Evidence(Evidence::Hospital) => look("#3460fb", "#ffffff", "○"),
            Self::Evidence(Evidence::Observed) => look("#d9e6ff", "#1a1a1a", "●"),
            Self::Findings(Severity::Unknown)
            | Self::EndOfLife(EndOfLife::Unknown)
            | Self::Evidence(Evidence::Unknown) => None,
        }
    }

    /// Somebody must act now.
    pub(crate) fn is_worst(self) -> bool {
        matches!(self, Self::Findings(Severity::Critical) | Self::EndOfLife(EndOfLife::Ended))
    }
}
