//! Which release cycle a version belongs to.

use super::{Cycle, Product};

/// The cycle of a version: the one whose name is the longest beginning of it, part by part (`9.18` of `9.18.24-1`; `9.1`
/// is none). Parts end at `.`, `-`, `_`, `+`, `~` and blanks, case does not count, `v` in front and a Debian epoch are
/// left out, and one letter may follow the last number (`1.0.2` of `1.0.2k`).
///
/// `None` when no cycle fits, or two do equally well: then the end is unknown, and unknown is never safe. The text must
/// be a version, not a product's name with a version in it.
#[must_use]
pub fn end_of<'a>(product: &'a Product, version: &str) -> Option<&'a Cycle> {
    let version = parts(version);
    if version.is_empty() {
        return None;
    }
    let length = |cycle: &Cycle| {
        let name = parts(&cycle.name);
        (!name.is_empty() && begins(&version, &name)).then_some(name.len())
    };
    let fitting: Vec<(usize, &Cycle)> =
        product.cycles.iter().filter_map(|cycle| Some((length(cycle)?, cycle))).collect();
    let longest = fitting.iter().map(|(length, _)| *length).max()?;
    let mut best = fitting.into_iter().filter(|(length, _)| *length == longest);
    let (_, cycle) = best.next()?;
    best.next().is_none().then_some(cycle)
}

fn parts(text: &str) -> Vec<String> {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(&text);
    let text = match text.split_once(':') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => text,
    };
    let ends = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '_' | '+' | '~');
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
    fn the_longest_beginning_wins() {
        let named = |names: &[&str]| Product {
            cycles: names.iter().map(|name| Cycle { name: (*name).to_owned(), ..Cycle::default() }).collect(),
            ..Product::default()
        };
        let server = named(&["2025", "23h2-ac", "2019", "2012-r2", "2012", "2008-r2-sp1"]);
        let bind = named(&["9.20", "9.18", "9.1"]);
        let openssl = named(&["3.0", "1.1.1", "1.0.2"]);
        let twice = named(&["10", "v10", "9"]);
        let build = named(&["11-24h2-e", "11-24h2-w", "10-22h2"]);
        for (product, version, want) in [
            (&server, "2012 R2", Some("2012-r2")),
            (&server, "2012", Some("2012")),
            (&server, "2008 R2", None),
            (&server, "23H2 AC", Some("23h2-ac")),
            (&server, "2016", None),
            (&server, "20", None),
            (&bind, "9.18.24", Some("9.18")),
            (&bind, "1:9.18.24-1ubuntu1", Some("9.18")),
            (&bind, "v9.20", Some("9.20")),
            (&bind, "9.16.1", None),
            (&bind, "9", None),
            (&bind, "", None),
            (&bind, "-", None),
            (&openssl, "1.0.2k", Some("1.0.2")),
            (&openssl, "1.0.20", None),
            (&openssl, "1.0.2kk", None),
            (&twice, "10.1", None),
            (&twice, "9.1", Some("9")),
            (&build, "11 24H2", None),
            (&build, "10 22H2", Some("10-22h2")),
        ] {
            assert_eq!(end_of(product, version).map(|cycle| cycle.name.as_str()), want, "{version}");
        }
    }
}
