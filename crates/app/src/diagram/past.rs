//! The ledger as it was: the same computation over the records in force then. Findings are not in it; they are known for
//! today only.

use crate::{AppError, CatalogueNames, Ctx};
use jiff::civil::Date;
use std::collections::HashMap;
use tomomori_domain::Msg;
use tomomori_domain::ids::{RecordId, ResourceId};
use tomomori_domain::record::{Record, Sameness};
use tomomori_domain::resource::{Grade, Ledger};
use tomomori_ledger::{Facts, project};
use tomomori_store::ReadTx;

/// The ledger at the end of a day.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub(super) day: Date,
    pub(super) ledger: Ledger,
    pub(super) grades: Vec<(ResourceId, Grade)>,
    records: Vec<Record>,
    decisions: Vec<Sameness>,
}

/// Reads what was in force at the end of each day; `None` for today and later, of which the stored ledger tells.
pub(super) async fn load(tx: &ReadTx, days: &[Date], today: Date) -> Result<Vec<Option<Past>>, AppError> {
    let mut found = Vec::new();
    for &day in days {
        found.push(if day >= today {
            None
        } else {
            let (records, decisions) = tx.records_at(end_of(day)?).await?;
            Some(Past { day, records, decisions, ledger: Ledger::default(), grades: Vec::new() })
        });
    }
    Ok(found)
}

/// The last millisecond of a day in Japan; instants are stored in milliseconds.
fn end_of(day: Date) -> Result<jiff::Timestamp, AppError> {
    let end =
        || day.tomorrow()?.to_zoned(crate::ctx::japan())?.timestamp().checked_sub(jiff::Span::new().milliseconds(1));
    end().map_err(|_| AppError::Invalid(Msg::new("diagram-bad-query").arg("name", "at").arg("value", day)))
}

/// Computes the ledgers, the newest first. Ids are kept: of devices by their records, of zones, vendors and the like by
/// their names in the ledger as it is and in the days computed before.
pub(super) async fn compute(ctx: &Ctx, stored: &Ledger, days: &mut Vec<Option<Past>>) -> Result<(), AppError> {
    if days.iter().all(Option::is_none) {
        return Ok(());
    }
    let names = CatalogueNames::new(ctx.catalogue());
    let (mut stored, mut work) = (stored.clone(), std::mem::take(days));
    let work = tokio::task::spawn_blocking(move || {
        for past in work.iter_mut().flatten() {
            let facts = Facts {
                records: &past.records,
                decisions: &past.decisions,
                stored: &stored,
                names: &names,
                today: past.day,
            };
            let projected = project(&facts);
            let homes: HashMap<RecordId, ResourceId> =
                projected.homes.into_iter().map(|home| (home.record, home.home)).collect();
            let home = |record: &Record| Some((homes.get(&record.id).copied().or(record.home)?, record.grade));
            past.grades = past.records.iter().filter_map(home).collect();
            past.ledger = projected.ledger;
            remember(&mut stored, &past.ledger);
        }
        work
    });
    *days = work.await.map_err(AppError::internal)?;
    Ok(())
}

/// Adds what is no longer there, so that the next ledger gives it the same id.
fn remember(stored: &mut Ledger, past: &Ledger) {
    macro_rules! add {
        ($($rows:ident),*) => {$(
            let new = past.$rows.iter().filter(|row| stored.$rows.iter().all(|other| other.id != row.id));
            let new: Vec<_> = new.cloned().collect();
            stored.$rows.extend(new);
        )*};
    }
    add!(zones, vendors, contracts, services, lines);
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_ends_at_midnight_in_japan() {
        assert_eq!(end_of(date(2026, 11, 24)).unwrap().to_string(), "2026-11-24T14:59:59.999Z");
        assert!(matches!(end_of(Date::MAX), Err(AppError::Invalid(_))));
    }
}
