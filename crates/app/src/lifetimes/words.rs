//! What a row says, the same on pages and in Excel.

use super::{End, LifeRow, Why};
use crate::diagram::Translate;
use crate::export::{header as field_header, label};
use tomomori_catalogue::NoLifetime;
use tomomori_domain::Msg;
use tomomori_domain::import::Field;

/// An end, or the span from the earlier to the later one where editions differ.
#[must_use]
pub fn span(first: End, last: End, tr: Translate<'_>) -> String {
    let one = |end: End| match end {
        End::Unknown => tr(&Msg::new("unknown")),
        End::NotEnded => tr(&Msg::new("life-not-announced")),
        End::Ended => tr(&Msg::new("life-ended-some-day")),
        End::On(day) => day.to_string(),
    };
    if first == last { one(first) } else { tr(&Msg::new("life-span").arg("from", one(first)).arg("to", one(last))) }
}

/// Why an end is not known, and what to do about it.
#[must_use]
pub fn why(why: Why) -> Msg {
    match why {
        Why::NotStated => Msg::new("life-why-not-stated"),
        Why::Silent => Msg::new("life-why-silent"),
        Why::EditionsDiffer => Msg::new("life-why-editions"),
        Why::Record(NoLifetime::NoRecords) => Msg::new("life-why-no-records"),
        Why::Record(NoLifetime::NoProduct) => Msg::new("life-why-no-product"),
        Why::Record(NoLifetime::OfDistribution) => Msg::new("life-why-distribution"),
        Why::Record(NoLifetime::NotListed) => Msg::new("life-why-not-listed"),
        Why::Record(NoLifetime::NoVersion) => Msg::new("life-why-no-version"),
        Why::Record(NoLifetime::VersionTooShort) => Msg::new("life-why-too-short"),
        Why::Record(NoLifetime::NoCycle) => Msg::new("life-why-no-cycle"),
    }
}

pub(super) fn header() -> Vec<Msg> {
    vec![
        Msg::new("finding-column-device"),
        field_header(Field::Kind),
        field_header(Field::Department),
        Msg::new("resource-layer"),
        Msg::new("life-what"),
        field_header(Field::Version),
        Msg::new("finding-column-state"),
        Msg::new("life-eol"),
        Msg::new("life-eos"),
        Msg::new("life-extended"),
        Msg::new("life-days"),
        Msg::new("life-source"),
        Msg::new("life-record"),
        Msg::new("life-updater"),
        Msg::new("life-agreed"),
        field_header(Field::Vendor),
    ]
}

pub(super) fn cells(row: &LifeRow, tr: Translate<'_>) -> Vec<String> {
    let (ends, latest) = (&row.life.ends, &row.life.latest);
    let mut what = row.what.join("、");
    if row.more > 0 {
        what += &tr(&Msg::new("life-more").arg("count", row.more));
    }
    let state = tr(&label("life-class", row.life.class.key()));
    let state = row.life.why.map_or(state.clone(), |reason| format!("{state}: {}", tr(&why(reason))));
    let stated = row.stated.iter().map(|stated| {
        let from = stated.by.clone().filter(|_| stated.place.file.is_empty());
        let from = from.unwrap_or_else(|| stated.place.to_string());
        format!(
            "{} {} {from} {}",
            tr(&label("field", stated.field.key())),
            tr(&label("grade", stated.grade.key())),
            stated.seen
        )
    });
    let stated: Vec<String> = stated.collect();
    let record = row.life.record.as_ref().map(|record| {
        let eos = span(record.earliest.security, record.latest.security, tr);
        let said = Msg::new("life-record-says").arg("product", &record.product).arg("cycle", &record.cycle);
        tr(&said.arg("end", eos))
    });
    vec![
        row.device.clone(),
        tr(&label("kind", row.kind.key())),
        row.department.clone().unwrap_or_default(),
        tr(&label("layer", row.layer.key())),
        what,
        row.version.clone().unwrap_or_default(),
        state,
        span(ends.full, latest.full, tr),
        span(ends.security, latest.security, tr),
        span(ends.extended, latest.extended, tr),
        row.days.map(|days| days.to_string()).unwrap_or_default(),
        stated.join("\n"),
        record.unwrap_or_default(),
        row.updater.as_ref().map_or_else(|| tr(&Msg::new("device-nobody-updates")), |updater| updater.name.clone()),
        row.updater.as_ref().and_then(|updater| updater.agreed.clone()).unwrap_or_default(),
        row.maintainer.clone().unwrap_or_else(|| tr(&Msg::new("tag-nobody"))),
    ]
}
