//! Windows releases: what counts is the build with its revision (`10.0.14393.5921`). NVD names releases (`1607`, `r2`,
//! `sp1`) or builds, ledgers name releases; between the two nothing can be concluded, and without a rule every server
//! would show thousands of CVEs for ever. So a criterion on a release is at most "possibly, build missing".

use crate::compare::{Compared, range};
use crate::device::{Known, Policy};
use crate::tree::{Criterion, Value};
use std::borrow::Cow;
use tomomori_domain::finding::MissingFact;
use tomomori_formats::cpe::Field;

/// Whether the product is a Windows release (`o:microsoft:windows_server_2016`).
pub(crate) fn is_release(product: &str) -> bool {
    product.starts_with("o:microsoft:windows_")
}

/// The full build: four numbers. `14393.5921`, as some tools write it, is completed.
pub(crate) fn build(version: &str) -> Option<Cow<'_, str>> {
    let numbers: Vec<u64> = version.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match numbers[..] {
        [6 | 10, _, build, _] if build >= 6000 => Some(Cow::Borrowed(version)),
        [build, _] if (10_000..100_000).contains(&build) => Some(Cow::Owned(format!("10.0.{version}"))),
        _ => None,
    }
}

/// Version part of comparing a criterion on a Windows release.
pub(crate) fn version(criterion: &Criterion<'_>, known: &Known<'_>) -> Compared {
    let open = Compared::missing(MissingFact::WindowsBuild, Field::Version);
    let ends = [&criterion.start, &criterion.end];
    let ends_are_builds = ends.iter().copied().flatten().all(|end| end.version == "0" || build(end.version).is_some());
    let has_range = ends.iter().any(|end| end.is_some());
    match (known.value().map(|have| (have, build(have))), criterion.version) {
        (Some((_, Some(have))), Value::Any) if has_range && ends_are_builds => {
            range(criterion, &have, Policy::Hospital)
        }
        (Some((_, Some(have))), Value::Exact(want)) if build(want).is_some() => {
            if *want == *have {
                Compared::FITS
            } else {
                Compared::differs(Field::Version)
            }
        }
        // Two release names can be told apart (1607 is not 1809), a name and a build cannot.
        (Some((have, None)), Value::Exact(want)) if build(want).is_none() && !have.eq_ignore_ascii_case(want) => {
            Compared::differs(Field::Version)
        }
        _ => open,
    }
}

#[cfg(test)]
mod tests {
    use super::build;

    #[test]
    fn builds() {
        for (version, want) in [
            ("10.0.14393.5921", Some("10.0.14393.5921")),
            ("14393.5921", Some("10.0.14393.5921")),
            ("6.1.7601.24", Some("6.1.7601.24")),
            ("10.0.14393", None),
            ("1607", None),
            ("r2", None),
            ("2016", None),
            ("10.0", None),
        ] {
            assert_eq!(build(version).as_deref(), want, "{version}");
        }
    }
}
