//! Dates as machines write them, as days of Japan (`YYYY-MM-DD`).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// Day in Japan of a moment. Japan has had no summer time since 1951, so the offset is fixed.
pub(crate) fn of_timestamp(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(Offset::constant(9))).date().to_string()
}

/// Day of a Windows FILETIME (100 ns since 1601-01-01 UTC). 0 and the largest value mean "never".
pub(crate) fn of_filetime(text: &str) -> Option<String> {
    let ticks: i64 = text.trim().parse().ok()?;
    let seconds = (ticks > 0 && ticks != i64::MAX).then_some(ticks / 10_000_000)? - 11_644_473_600;
    Timestamp::from_second(seconds).ok().map(of_timestamp)
}

/// Day of `2026/11/20 9:12:33`, `2026-11-20T00:00:00Z`, `20261120`, `11/20/2026 9:12:33 AM`. Of two numbers that may
/// both be the month, the first is the month only where AM or PM says that the machine speaks American; else `None`.
pub(crate) fn of_text(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(of_timestamp(at));
    }
    let day = text.split([' ', ',', 'T']).next().unwrap_or_default();
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return date(&day[..4], &day[4..6], &day[6..]);
    }
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    if a.len() == 4 {
        return date(a, b, c);
    }
    let (first, second) = (a.parse::<u8>().ok()?, b.parse::<u8>().ok()?);
    let american = text.ends_with("AM") || text.ends_with("PM");
    match (first, second) {
        (first, 13..) if first <= 12 => date(c, a, b),
        _ if american => date(c, a, b),
        (13.., _) => date(c, b, a),
        _ => None,
    }
}

/// Day on which a lease was last renewed: its end less its length, both in seconds.
pub(crate) fn of_lease(expires: &str, length: &str) -> Option<String> {
    let (end, length): (i64, i64) = (expires.trim().parse().ok()?, length.trim().parse().ok()?);
    Timestamp::from_second(end.checked_sub(length)?).ok().map(of_timestamp)
}

fn date(year: &str, month: &str, day: &str) -> Option<String> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (date.year() >= 1980).then(|| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (text, want) in [
            ("2026/11/20 9:12:33", Some("2026-11-20")),
            ("2026/1/2", Some("2026-01-02")),
            ("2014/05/15, 14:44:59", Some("2014-05-15")),
            ("2024-01-11T20:02:03Z", Some("2024-01-12")),
            ("20231012", Some("2023-10-12")),
            ("5/4/2021, 2:44:59 PM", Some("2021-05-04")),
            ("15/4/2021, 14:44:59", Some("2021-04-15")),
            ("4/15/2021", Some("2021-04-15")),
            ("4/5/2021, 14:44:59", None),
            ("2021/13/45", None),
            ("端末", None),
            ("", None),
        ] {
            assert_eq!(of_text(text).as_deref(), want, "{text}");
        }
        assert_eq!(of_filetime("133770000000000000").as_deref(), Some("2024-11-25"));
        assert_eq!((of_filetime("0"), of_filetime("9223372036854775807"), of_filetime("x")), (None, None, None));
        assert_eq!(of_lease("1700003600", "3600").as_deref(), Some("2023-11-15"));
        assert_eq!(of_lease("1700003600", "9223372036854775807"), None);
    }
}
