//! How long a product is supported (サポートの終わり).
//!
//! Two days count and stay apart: the end of *full* support (EOL) and the end of *all* support that everybody gets (EOS).
//! Between the two support is limited; after EOS the risk is the hospital's. Extended support costs extra and is neither.

use crate::kinds::keyed;
use jiff::ToSpan;
use jiff::civil::Date;

/// When something ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum End {
    /// Nobody says. Never to be taken as "not ended".
    #[default]
    Unknown,
    /// Has not ended, and no day is announced.
    NotEnded,
    /// Has ended; on which day is not recorded.
    Ended,
    /// Ends, or ended, with this day; the day itself still counts.
    On(Date),
}

impl End {
    /// Whether it has ended by `today`; `None` = not known.
    #[must_use]
    pub fn is_past(self, today: Date) -> Option<bool> {
        match self {
            End::Unknown => None,
            End::NotEnded => Some(false),
            End::Ended => Some(true),
            End::On(day) => Some(day < today),
        }
    }

    /// The day, if one is known.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        if let End::On(day) = self { Some(day) } else { None }
    }
}

impl From<Option<Date>> for End {
    /// A day that is not stated is not known.
    fn from(day: Option<Date>) -> Self {
        day.map_or(End::Unknown, End::On)
    }
}

/// The ends of one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ends {
    /// Full support (EOL).
    pub full: End,
    /// Security support for everyone (EOS).
    pub security: End,
    /// Extended support, which costs extra.
    pub extended: End,
    /// Sale or production.
    pub discontinued: End,
}

keyed! {
    /// Where a thing stands today, in the order of urgency.
    LifeClass {
        /// Past EOS: the risk is the hospital's.
        Ended = "ended",
        /// EOS within 12 months.
        Within12 = "within_12",
        /// EOS within 24 months.
        Within24 = "within_24",
        /// Nobody says, or it cannot be told. Never counted as safe: it stands before everything that is.
        Unknown = "unknown",
        /// Past EOL, EOS in more than 24 months or without a day: only limited support.
        Limited = "limited",
        /// EOS in more than 24 months.
        Later = "later",
        /// Supported, and no end is announced.
        NoEnd = "no_end",
    }
}

impl Ends {
    /// The end that counts: EOS, or EOL where that is all that is known.
    #[must_use]
    pub fn decisive(&self) -> End {
        if self.security == End::Unknown { self.full } else { self.security }
    }

    /// Whether support is limited today: past EOL and not known to be past EOS.
    #[must_use]
    pub fn is_limited(&self, today: Date) -> bool {
        self.full.is_past(today) == Some(true) && self.security.is_past(today) == Some(false)
    }

    /// Where it stands. [`Ends::decisive`] counts; months are calendar months, and the last day is still supported.
    #[must_use]
    pub fn class(&self, today: Date) -> LifeClass {
        match self.decisive() {
            End::Unknown => LifeClass::Unknown,
            End::Ended => LifeClass::Ended,
            End::On(day) if day < today => LifeClass::Ended,
            End::On(day) if day <= today.saturating_add(12.months()) => LifeClass::Within12,
            End::On(day) if day <= today.saturating_add(24.months()) => LifeClass::Within24,
            _ if self.is_limited(today) => LifeClass::Limited,
            End::On(_) => LifeClass::Later,
            End::NotEnded => LifeClass::NoEnd,
        }
    }
}

/// Whether two statements about one end differ by more than a month: then both are shown. What either does not know is no
/// contradiction.
#[must_use]
pub fn contradict(one: End, other: End, today: Date) -> bool {
    match (one, other) {
        (End::On(one), End::On(other)) => one.min(other).saturating_add(1.month()) < one.max(other),
        _ => one.is_past(today).zip(other.is_past(today)).is_some_and(|(one, other)| one != other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn where_a_thing_stands() {
        let today = date(2026, 11, 25);
        let on = |year, month, day| End::On(date(year, month, day));
        for (full, security, class, limited) in [
            (End::Unknown, End::Unknown, LifeClass::Unknown, false),
            (End::Unknown, on(2026, 11, 24), LifeClass::Ended, false),
            (End::Unknown, on(2026, 11, 25), LifeClass::Within12, false),
            (End::Unknown, on(2027, 11, 25), LifeClass::Within12, false),
            (End::Unknown, on(2027, 11, 26), LifeClass::Within24, false),
            (End::Unknown, on(2028, 11, 25), LifeClass::Within24, false),
            (End::Unknown, on(2028, 11, 26), LifeClass::Later, false),
            (on(2020, 1, 1), on(2028, 11, 26), LifeClass::Limited, true),
            (on(2020, 1, 1), on(2027, 1, 1), LifeClass::Within12, true),
            (on(2020, 1, 1), on(2021, 1, 1), LifeClass::Ended, false),
            (on(2020, 1, 1), End::NotEnded, LifeClass::Limited, true),
            (End::NotEnded, End::NotEnded, LifeClass::NoEnd, false),
            (on(2030, 1, 1), End::NotEnded, LifeClass::NoEnd, false),
            (on(2020, 1, 1), End::Unknown, LifeClass::Ended, false),
            (on(2027, 1, 1), End::Unknown, LifeClass::Within12, false),
            (End::Ended, End::Ended, LifeClass::Ended, false),
        ] {
            let ends = Ends { full, security, ..Ends::default() };
            assert_eq!((ends.class(today), ends.is_limited(today)), (class, limited), "{full:?} {security:?}");
        }
    }

    #[test]
    fn statements_a_month_apart_agree() {
        let today = date(2026, 11, 25);
        let on = |year, month, day| End::On(date(year, month, day));
        for (one, other, apart) in [
            (on(2027, 3, 31), on(2027, 3, 1), false),
            (on(2027, 3, 31), on(2027, 5, 1), true),
            (on(2027, 3, 31), End::Unknown, false),
            (on(2027, 3, 31), End::NotEnded, false),
            (on(2025, 3, 31), End::NotEnded, true),
            (End::Ended, on(2030, 1, 1), true),
        ] {
            assert_eq!(contradict(one, other, today), apart, "{one:?} {other:?}");
            assert_eq!(contradict(other, one, today), apart, "{other:?} {one:?}");
        }
    }
}
