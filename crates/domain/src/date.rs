//! Dates as hospitals write them: 和暦, slashes, dots, 年月日, Excel serial numbers.
//!
//! All civil dates are JST. Fiscal years run April–March.

use crate::text;
use jiff::civil::Date;

/// An era: its name, the letter of its short form, what to add to its years, its first day.
struct Era {
    name: &'static str,
    letter: char,
    offset: i16,
    first: Date,
}

/// The eras still met in ledgers, newest first (source: era change proclamations of 1926, 1989 and 2019).
const ERAS: [Era; 3] = [
    Era { name: "令和", letter: 'r', offset: 2018, first: Date::constant(2019, 5, 1) },
    Era { name: "平成", letter: 'h', offset: 1988, first: Date::constant(1989, 1, 8) },
    Era { name: "昭和", letter: 's', offset: 1925, first: Date::constant(1926, 12, 25) },
];

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not shaped like a date at all.
    #[error("not a date")]
    NotADate,
    /// Shaped like a date, but that day does not exist (for example 平成31年6月1日 or 2月30日).
    #[error("no such day")]
    NoSuchDay,
}

/// Reads a date. Accepts `2026-11-24`, `2026/11/24`, `2026.11.24`, `20261124`, `2026年11月24日`, `令和8年11月24日`,
/// `R8.11.24`, `H元.5.1`, `令和元年5月1日`, `令和 8年 4月 1日`; 全角 digits; a weekday in parentheses and a time after it
/// are ignored. A month without a day (`2026/11`, `令和8年11月`) is read as its first day.
///
/// # Errors
/// [`DateError`] says whether the text is no date or an impossible one.
pub fn parse(raw: &str) -> Result<Date, DateError> {
    let tidied = text::tidy(raw);
    let head = head(&tidied).to_lowercase();
    let (era, rest) = split_era(&head);
    let rest = rest.replace('元', "1");
    if era.is_none() && rest.len() == 8 && rest.bytes().all(|b| b.is_ascii_digit()) {
        return make(number(&rest[..4])?, number(&rest[4..6])?, number(&rest[6..])?);
    }
    let parts: Vec<&str> = rest.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [y, m] => (number(y)?, number(m)?, 1),
        [y, m, d] => (number(y)?, number(m)?, number(d)?),
        _ => return Err(DateError::NotADate),
    };
    let Some(era) = era else {
        return if parts[0].len() == 4 { make(year, month, day) } else { Err(DateError::NotADate) };
    };
    if year < 1 {
        return Err(DateError::NoSuchDay);
    }
    let date = make(year + era.offset, month, day)?;
    let next = ERAS.iter().map(|other| other.first).filter(|first| *first > era.first).min();
    // A month without a day may start before its era does (令和元年5月 is fine, 平成元年1月 means from the 8th).
    let starts = if parts.len() == 2 { era.first.first_of_month() } else { era.first };
    if date < starts || next.is_some_and(|next| date >= next) {
        return Err(DateError::NoSuchDay);
    }
    Ok(date)
}

/// The part of a text that can be a date: before a weekday, a time or a remark. Where 年月日 mark the parts, spaces
/// between them only line up the columns of a printed list.
fn head(tidied: &str) -> String {
    if tidied.contains('年')
        && let Some(end) = tidied.find('日').or_else(|| tidied.find('月'))
    {
        let (date, after) = tidied.split_at(end + '日'.len_utf8());
        if after.chars().next().is_none_or(|c| matches!(c, ' ' | '(') || c.is_ascii_digit()) {
            return date.replace(' ', "");
        }
    }
    tidied.split(['(', ' ', 'T']).next().unwrap_or_default().to_owned()
}

/// Reads a month as bills write it, as its first day: `2026年10月分`, `令和8年10月度`, `2026/10`, `202610`; a day within
/// it is accepted and dropped.
///
/// # Errors
/// As [`parse`].
pub fn parse_month(raw: &str) -> Result<Date, DateError> {
    let tidied = text::tidy(raw).replace(' ', "");
    let month = ["分", "度"].iter().fold(tidied.as_str(), |rest, end| rest.trim_end_matches(end));
    if month.len() == 6 && month.bytes().all(|b| b.is_ascii_digit()) {
        return make(number(&month[..4])?, number(&month[4..])?, 1);
    }
    parse(month).map(Date::first_of_month)
}

/// What a text may mean that [`parse`] refuses, for a person to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubtful {
    /// Day and month stand in another order than is usual here (`2026/24/11`, `24/11/2026`), and only one order gives a day.
    Order(Date),
    /// An Excel serial number, as a date becomes when its cell is formatted as a number.
    Serial(Date),
    /// Day, month and a year of four digits, of which either order gives a day (`05/04/2026`).
    EitherOrder(Date, Date),
    /// A year of two digits: this century by the Western calendar, 令和 or 平成.
    ShortYear,
}

/// Serial numbers taken for dates: 1954-10-03 to 2119-01-26, so that no year and no small count is meant.
const SERIALS: std::ops::Range<u32> = 20_000..80_000;

/// Looks at a text that is no date by [`parse`] for what it may mean.
#[must_use]
pub fn doubtful(raw: &str) -> Option<Doubtful> {
    let tidied = text::tidy(raw);
    if tidied.len() == 5 && tidied.bytes().all(|b| b.is_ascii_digit()) {
        let serial = tidied.parse().ok().filter(|serial| SERIALS.contains(serial))?;
        return from_excel_serial(f64::from(serial)).map(Doubtful::Serial);
    }
    let head = tidied.split(['(', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = head.split(['-', '/', '.']).collect();
    let [first, second, third] = parts[..] else { return None };
    let numbers = [first, second, third].map(|part| number(part).ok().filter(|_| part.len() <= 4));
    let [Some(one), Some(two), Some(three)] = numbers else { return None };
    match [first.len(), second.len(), third.len()] {
        [4, ..] => make(one, three, two).ok().map(Doubtful::Order),
        [.., 4] => match (make(three, one, two).ok(), make(three, two, one).ok()) {
            (Some(month_first), Some(day_first)) if month_first != day_first => {
                Some(Doubtful::EitherOrder(month_first, day_first))
            }
            (Some(date), _) | (None, Some(date)) => Some(Doubtful::Order(date)),
            (None, None) => None,
        },
        [1 | 2, 1 | 2, 1 | 2] => Some(Doubtful::ShortYear),
        _ => None,
    }
}

/// The day behind an Excel serial number (1900 system, whose phantom 1900-02-29 is serial 60).
#[must_use]
pub fn from_excel_serial(serial: f64) -> Option<Date> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i64;
    let base = Date::constant(1899, 12, if days < 60 { 31 } else { 30 });
    base.checked_add(jiff::Span::new().days(days)).ok()
}

/// `令和8年11月24日`; dates before 昭和 are written in the Western calendar.
#[must_use]
pub fn wareki(date: Date) -> String {
    if let Some(era) = ERAS.iter().find(|era| date >= era.first) {
        let year = date.year() - era.offset;
        let year = if year == 1 { "元".to_owned() } else { year.to_string() };
        return format!("{}{year}年{}月{}日", era.name, date.month(), date.day());
    }
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The fiscal year (年度) a day falls into: April 2026 to March 2027 is 2026.
#[must_use]
pub fn fiscal_year(date: Date) -> i16 {
    if date.month() >= 4 { date.year() } else { date.year() - 1 }
}

fn split_era(text: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        if let Some(rest) = text.strip_prefix(era.name).or_else(|| text.strip_prefix(era.letter)) {
            return (Some(era), rest.trim_start_matches(['.', ' ']));
        }
    }
    (None, text)
}

fn number(text: &str) -> Result<i16, DateError> {
    text.trim().parse().map_err(|_| DateError::NotADate)
}

fn make(year: i16, month: i16, day: i16) -> Result<Date, DateError> {
    let (month, day) = (i8::try_from(month), i8::try_from(day));
    match (month, day) {
        (Ok(month), Ok(day)) if year >= 1900 => Date::new(year, month, day).map_err(|_| DateError::NoSuchDay),
        _ => Err(DateError::NoSuchDay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn reads_the_ways_hospitals_write_dates() {
        for (raw, want) in [
            ("2026-11-24", date(2026, 11, 24)),
            ("２０２６／１１／２４", date(2026, 11, 24)),
            ("2026年11月24日(火)", date(2026, 11, 24)),
            ("20261124", date(2026, 11, 24)),
            ("R8.11.24", date(2026, 11, 24)),
            ("令和8年11月24日", date(2026, 11, 24)),
            ("令和元年5月1日", date(2019, 5, 1)),
            ("H31.4.30", date(2019, 4, 30)),
            ("平成元年1月", date(1989, 1, 1)),
            ("S63/12/31", date(1988, 12, 31)),
            ("2026/11", date(2026, 11, 1)),
            ("2026-11-24 10:30", date(2026, 11, 24)),
            ("令和 8年 4月 1日", date(2026, 4, 1)),
            ("2026年11月24日 10:30", date(2026, 11, 24)),
            ("2026年 4月 (予定)", date(2026, 4, 1)),
        ] {
            assert_eq!(parse(raw), Ok(want), "{raw}");
        }
    }

    #[test]
    fn refuses_days_that_never_were() {
        for raw in ["平成31年5月1日", "令和元年4月30日", "2026-02-30", "R0.1.1", "2026/13/01"] {
            assert_eq!(parse(raw), Err(DateError::NoSuchDay), "{raw}");
        }
        for raw in ["", "不明", "-", "未定", "5年前", "12/3", "2026", "2026年4月頃", "24/4/1"] {
            assert_eq!(parse(raw), Err(DateError::NotADate), "{raw}");
        }
    }

    #[test]
    fn reads_months_of_bills() {
        for raw in [
            "2026年10月分",
            "令和8年10月",
            "2026/10",
            "202610",
            "R8.10",
            "2026年10月度",
            "２０２６年１０月",
            "2026/10/31",
        ] {
            assert_eq!(parse_month(raw), Ok(date(2026, 10, 1)), "{raw}");
        }
        for raw in ["10月分", "", "分", "2026年"] {
            assert_eq!(parse_month(raw), Err(DateError::NotADate), "{raw}");
        }
        assert_eq!(parse_month("202613"), Err(DateError::NoSuchDay));
    }

    #[test]
    fn says_what_a_refused_text_may_mean() {
        for (raw, want) in [
            ("2026/24/11", Some(Doubtful::Order(date(2026, 11, 24)))),
            ("24/11/2026", Some(Doubtful::Order(date(2026, 11, 24)))),
            ("11/24/2026 8:31:05 AM", Some(Doubtful::Order(date(2026, 11, 24)))),
            ("04.04.2026", Some(Doubtful::Order(date(2026, 4, 4)))),
            ("05/04/2026", Some(Doubtful::EitherOrder(date(2026, 5, 4), date(2026, 4, 5)))),
            ("46350", Some(Doubtful::Serial(date(2026, 11, 24)))),
            ("24/4/1", Some(Doubtful::ShortYear)),
            ("2026", None),
            ("99999", None),
            ("5年前", None),
            ("2026/32/32", None),
            ("1.2.3.4", None),
            ("é/é/é", None),
        ] {
            assert_eq!(doubtful(raw), want, "{raw}");
        }
    }

    #[test]
    fn excel_serials_and_wareki() {
        assert_eq!(from_excel_serial(1.0), Some(date(1900, 1, 1)));
        assert_eq!(from_excel_serial(59.0), Some(date(1900, 2, 28)));
        assert_eq!(from_excel_serial(61.0), Some(date(1900, 3, 1)));
        assert_eq!(from_excel_serial(46350.0), Some(date(2026, 11, 24)));
        assert_eq!(wareki(date(2026, 11, 24)), "令和8年11月24日");
        assert_eq!(wareki(date(2019, 5, 1)), "令和元年5月1日");
        assert_eq!(fiscal_year(date(2027, 3, 31)), 2026);
    }
}
