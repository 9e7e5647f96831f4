//! National holidays of Japan (国民の祝日に関する法律, 祝日法) and the days on which a business works.
//!
//! Computed, not looked up: fixed days, Happy Mondays, equinoxes by the usual approximation (valid 1980–2099), substitute
//! holidays (振替休日, art. 3-2) and the citizens' holiday between two (国民の休日, art. 3-3). The rules are those in force since
//! 2019; the special laws for 2019, 2020 and 2021 are in it. For earlier years nothing is promised.

use jiff::civil::{Date, Weekday};

/// Whether the office of a hospital works on a day: not on Saturdays, Sundays and holidays, and not from 29 December to 3
/// January (年末年始, as 行政機関の休日に関する法律 art. 1 has it for public offices).
#[must_use]
pub fn is_business_day(day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let year_end = matches!((day.month(), day.day()), (12, 29..) | (1, ..=3));
    !(weekend || year_end || is_holiday(day))
}

/// Whether a day is a holiday of the law: one with a name, a substitute, or one between two.
#[must_use]
pub fn is_holiday(day: Date) -> bool {
    if named(day).is_some() {
        return true;
    }
    // A named holiday on a Sunday moves to the next day that has no name of its own.
    let mut before = day.yesterday().ok();
    while let Some(other) = before.filter(|other| named(*other).is_some()) {
        if other.weekday() == Weekday::Sunday {
            return true;
        }
        before = other.yesterday().ok();
    }
    let named_around = |other: Result<Date, jiff::Error>| other.is_ok_and(|other| named(other).is_some());
    named_around(day.yesterday()) && named_around(day.tomorrow())
}

/// The name of a day the law itself names (art. 2, and the special laws of 2019–2021).
#[must_use]
pub fn named(day: Date) -> Option<&'static str> {
    let (year, month, of_month) = (day.year(), day.month(), day.day());
    let monday = |nth: i8| day.weekday() == Weekday::Monday && (of_month - 1) / 7 + 1 == nth;
    let name = match (month, of_month) {
        (1, 1) => "元日",
        (1, _) if monday(2) => "成人の日",
        (2, 11) => "建国記念の日",
        (2, 23) if year >= 2020 => "天皇誕生日",
        (3, _) if i32::from(of_month) == equinox(year, 208_431) => "春分の日",
        (4, 29) => "昭和の日",
        (5, 1) if year == 2019 => "天皇の即位の日",
        (5, 3) => "憲法記念日",
        (5, 4) => "みどりの日",
        (5, 5) => "こどもの日",
        (7, 23) if year == 2020 => "海の日",
        (7, 24) if year == 2020 => "スポーツの日",
        (7, 22) if year == 2021 => "海の日",
        (7, 23) if year == 2021 => "スポーツの日",
        (7, _) if !matches!(year, 2020 | 2021) && monday(3) => "海の日",
        (8, 10) if year == 2020 => "山の日",
        (8, 8) if year == 2021 => "山の日",
        (8, 11) if !matches!(year, 2020 | 2021) => "山の日",
        (9, _) if monday(3) => "敬老の日",
        (9, _) if i32::from(of_month) == equinox(year, 232_488) => "秋分の日",
        (10, 22) if year == 2019 => "即位礼正殿の儀の行われる日",
        (10, _) if !matches!(year, 2020 | 2021) && monday(2) => "スポーツの日",
        (11, 3) => "文化の日",
        (11, 23) => "勤労感謝の日",
        _ => return None,
    };
    Some(name)
}

/// Day of the month of an equinox, from its day in 1980 in ten-thousandths (20.8431 in March, 23.2488 in September).
fn equinox(year: i16, in_1980: i32) -> i32 {
    let since = i32::from(year) - 1980;
    (in_1980 + 2_422 * since).div_euclid(10_000) - since.div_euclid(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All holidays of these years, as month and day, computed by an independent program (the Python package jpholiday).
    /// The Cabinet Office's own list was not at hand.
    const KNOWN: [(i16, &str); 12] = [
        (
            2019,
            "0101 0114 0211 0321 0429 0430 0501 0502 0503 0504 0505 0506 0715 0811 0812 0916 0923 1014 1022 1103 1104 1123",
        ),
        (2020, "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0723 0724 0810 0921 0922 1103 1123"),
        (2021, "0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809 0920 0923 1103 1123"),
        (2022, "0101 0110 0211 0223 0321 0429 0503 0504 0505 0718 0811 0919 0923 1010 1103 1123"),
        (2023, "0101 0102 0109 0211 0223 0321 0429 0503 0504 0505 0717 0811 0918 0923 1009 1103 1123"),
        (
            2024,
            "0101 0108 0211 0212 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0922 0923 1014 1103 1104 1123",
        ),
        (2025, "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0721 0811 0915 0923 1013 1103 1123 1124"),
        (2026, "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123"),
        (2027, "0101 0111 0211 0223 0321 0322 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123"),
        (2028, "0101 0110 0211 0223 0320 0429 0503 0504 0505 0717 0811 0918 0922 1009 1103 1123"),
        (2029, "0101 0108 0211 0212 0223 0320 0429 0430 0503 0504 0505 0716 0811 0917 0923 0924 1008 1103 1123"),
        (2030, "0101 0114 0211 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0923 1014 1103 1104 1123"),
    ];

    #[test]
    fn the_holidays_of_twelve_years() {
        for (year, known) in KNOWN {
            let first = Date::new(year, 1, 1).unwrap();
            let days = first.series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
            let found: Vec<String> =
                days.filter(|day| is_holiday(*day)).map(|d| d.strftime("%m%d").to_string()).collect();
            assert_eq!(found.join(" "), known, "{year}");
        }
    }

    #[test]
    fn business_days() {
        for (day, works) in [
            ("2026-12-01", true),
            ("2026-11-28", false),
            ("2026-11-23", false),
            ("2026-12-28", true),
            ("2026-12-29", false),
            ("2027-01-01", false),
            ("2029-01-03", false),
            ("2027-01-04", true),
        ] {
            assert_eq!(is_business_day(day.parse().unwrap()), works, "{day}");
        }
    }
}
