//! Which release cycle a version belongs to.

use super::Cycle;

/// What a version says about the cycle.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit<'a> {
    /// No cycle begins like it.
    None,
    /// It says too little: several cycles go on where it ends (`8` where there are `8.0` and `8.4`).
    TooShort,
    /// The cycle; or several that differ in something the version does not say (edition, service pack). At least one.
    These(Vec<&'a Cycle>),
}

/// The cycles a version may belong to.
///
/// Versions and names are cut into parts at `.`, `-`, `_`, `+`, `~`, brackets and blanks; case, `v` in front and a Debian
/// epoch do not count. A name's parts up to the first without a digit in front are its *number*, the rest its *edition*
/// (`13.0-sp3`: 13 0 · sp3; `10-1607-e-lts`: 10 1607 · e lts). A name for people (`2016 SP3`) is a name as well.
///
/// 1. A cycle fits when its number is a beginning of the version, part by part (`9.18` of `9.18.24`; `9.1` is not). One
///    letter may follow the last part (`1.0.2` of `1.0.2k`). A name without a number must be such a beginning as a whole.
/// 2. Of those that fit, the longest numbers count.
/// 3. Of these, the ones count whose edition agrees longest with the words after the version's numbers. The version says
///    no edition: all of them are meant, for `13.0.5026` is a build of one of the service packs, not of the first release.
///
/// The text must be a version, not a product's name with a version in it.
#[must_use]
pub fn fitting<'a>(cycles: &'a [Cycle], version: &str) -> Fit<'a> {
    let version = parts(version);
    if version.is_empty() {
        return Fit::None;
    }
    let score = |cycle: &Cycle| {
        let label = cycle.label.as_deref().map(parts).filter(|label| number(label) > 0);
        let by_label = label.and_then(|label| score(&version, &label));
        score(&version, &parts(&cycle.name)).max(by_label)
    };
    let scored: Vec<_> = cycles.iter().filter_map(|cycle| Some((score(cycle)?, cycle))).collect();
    let Some(best) = scored.iter().map(|(score, _)| *score).max() else {
        let goes_on = |cycle: &Cycle| begins(&parts(&cycle.name), &version);
        return if cycles.iter().any(goes_on) { Fit::TooShort } else { Fit::None };
    };
    Fit::These(scored.into_iter().filter(|(score, _)| *score == best).map(|(_, cycle)| cycle).collect())
}

/// The cycles whose newest release is a build of this number (`10.0.19045` of `10.0.19045.3803`).
#[must_use]
pub fn with_build<'a>(cycles: &'a [Cycle], build: &str) -> Fit<'a> {
    let build = parts(build);
    let found: Vec<&Cycle> = cycles
        .iter()
        .filter(|cycle| cycle.latest.as_deref().is_some_and(|latest| begins(&build, &parts(latest))))
        .collect();
    if found.is_empty() { Fit::None } else { Fit::These(found) }
}

/// Length of the number that fits, then of the edition that agrees.
fn score(version: &[String], name: &[String]) -> Option<(usize, usize)> {
    match number(name) {
        0 => begins(version, name).then_some((name.len(), 0)),
        length => begins(version, &name[..length]).then(|| {
            let said = version[length..].iter().skip_while(|part| is_number(part));
            (length, said.zip(&name[length..]).take_while(|(said, edition)| said == edition).count())
        }),
    }
}

fn is_number(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
}

/// How many parts the number of a name has.
fn number(name: &[String]) -> usize {
    name.iter().take_while(|part| is_number(part)).count()
}

fn parts(text: &str) -> Vec<String> {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix('v').filter(|rest| is_number(rest)).unwrap_or(&text);
    let text = match text.split_once(':') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => text,
    };
    let ends = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '_' | '+' | '~' | '(' | ')');
    text.split(ends).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn begins(version: &[String], name: &[String]) -> bool {
    let Some((last, before)) = name.split_last() else { return false };
    let Some(theirs) = version.get(before.len()) else { return false };
    let with_letter = || {
        let number = last.bytes().all(|byte| byte.is_ascii_digit());
        let rest = theirs.strip_prefix(last.as_str()).unwrap_or_default();
        number && rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    version.starts_with(before) && (theirs == last || with_letter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_number_wins_and_editions_stay_open() {
        let named = |names: &[&str]| -> Vec<Cycle> {
            names.iter().map(|name| Cycle { name: (*name).to_owned(), ..Cycle::default() }).collect()
        };
        let server = named(&["2025", "23h2-ac", "2019", "2012-r2", "2012", "2008-r2-sp1", "2008-sp2"]);
        let bind = named(&["9.20", "9.18", "9.1"]);
        let openssl = named(&["3.0", "1.1.1", "1.0.2"]);
        let twice = named(&["10", "v10", "9"]);
        let build = named(&["11-24h2-e", "11-24h2-w", "10-1809-e-lts", "10-1809-e", "10-1809-w", "10-22h2"]);
        let sql = named(&["13.0-sp3-acp", "13.0-sp3", "13.0", "12.0"]);
        let embedded = named(&["posready-7", "compact-7"]);
        let none: &[&str] = &[];
        for (cycles, version, want) in [
            (&server, "2012 R2", &["2012-r2"][..]),
            (&server, "2012", &["2012-r2", "2012"]),
            (&server, "2008 R2", &["2008-r2-sp1"]),
            (&server, "2008 R2 SP1", &["2008-r2-sp1"]),
            (&server, "2008", &["2008-r2-sp1", "2008-sp2"]),
            (&server, "23H2 AC", &["23h2-ac"]),
            (&server, "2016", none),
            (&server, "20", none),
            (&bind, "9.18.24", &["9.18"]),
            (&bind, "1:9.18.24-1ubuntu1", &["9.18"]),
            (&bind, "v9.20", &["9.20"]),
            (&bind, "9.16.1", none),
            (&bind, "", none),
            (&bind, "-", none),
            (&openssl, "1.0.2k", &["1.0.2"]),
            (&openssl, "1.0.20", none),
            (&openssl, "1.0.2kk", none),
            (&twice, "10.1", &["10", "v10"]),
            (&twice, "9.1", &["9"]),
            (&build, "11 24H2", &["11-24h2-e", "11-24h2-w"]),
            (&build, "11 24H2 W", &["11-24h2-w"]),
            (&build, "10 1809", &["10-1809-e-lts", "10-1809-e", "10-1809-w"]),
            (&build, "10 22H2", &["10-22h2"]),
            (&sql, "13.0.5026.0", &["13.0-sp3-acp", "13.0-sp3", "13.0"]),
            (&sql, "13.0.6300.2 SP3", &["13.0-sp3-acp", "13.0-sp3"]),
            (&sql, "12.0.2000", &["12.0"]),
            (&embedded, "POSReady 7", &["posready-7"]),
            (&embedded, "7", none),
        ] {
            let found = match fitting(cycles, version) {
                Fit::These(cycles) => cycles.iter().map(|cycle| cycle.name.as_str()).collect(),
                _ => Vec::new(),
            };
            assert_eq!(found, want, "{version}");
        }
        assert_eq!(fitting(&bind, "9"), Fit::TooShort);
        assert_eq!(fitting(&bind, "8"), Fit::None);
    }

    #[test]
    fn names_for_people_are_names_and_builds_are_found() {
        let cycle = |name: &str, label: &str, latest: &str| Cycle {
            name: name.to_owned(),
            label: Some(label.to_owned()),
            latest: Some(latest.to_owned()),
            ..Cycle::default()
        };
        let cycles = [
            cycle("13.0-sp2", "2016 SP2", "13.0.5108.50"),
            cycle("13.0", "2016", "13.0.1745.2"),
            cycle("10.50-sp3", "2008 R2 SP3", "10.50.6560.0"),
            cycle("10-22h2", "10 22H2", "10.0.19045"),
        ];
        let names = |fit| match fit {
            Fit::These(cycles) => cycles.iter().map(|cycle: &&Cycle| cycle.name.clone()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(names(fitting(&cycles, "2016 SP2")), ["13.0-sp2"]);
        assert_eq!(names(fitting(&cycles, "2016")), ["13.0-sp2", "13.0"]);
        assert_eq!(names(fitting(&cycles, "2008 R2")), ["10.50-sp3"]);
        assert_eq!(names(with_build(&cycles, "10.0.19045.3803")), ["10-22h2"]);
        assert!(names(with_build(&cycles, "10.0.1904")).is_empty());
    }
}
