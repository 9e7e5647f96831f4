//! Lists as Excel files (一覧の書き出し): every row of a list's filter, all pages of it.
//!
//! The ledger's file is written so that the import takes it back: headers in words the import knows, several values of a
//! cell as it splits them, and last the id of each device, by which edited cells are known. Software of SBOMs is not in it: a
//! cell cannot hold hundreds of components. Cells are text, but for own columns of numbers and days; nothing a person typed
//! is ever a formula.

use crate::diagram::Translate;
use crate::{AppError, Ctx, check_words, custom_fields};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadFindings, ReadLedger};
use tomomori_domain::check::Remedy;
use tomomori_domain::custom::FieldType;
use tomomori_domain::import::Field;
use tomomori_ledger::words::{DEVICE_FIELDS, Words};
use tomomori_sheet::export::{CellType, SheetOut, Typed, WriteError, custom_header, write_typed};
use tomomori_store::{
    AuditEvent, CheckFilter, CheckRow, FindingFilter, FindingRow, FindingSort, PageRequest, ResourceFilter,
    ResourceRow, ResourceSort,
};

/// Rows of one file: what is written within the time of a request. More is refused, never cut.
pub const MAX_ROWS: u64 = 50_000;

/// Rows asked of the store at a time; its own limit.
const PAGE: u32 = 500;

/// The ledger as a workbook: all devices of `filter`, in the order of `sort`.
///
/// # Errors
/// [`AppError::Denied`] without the right to read the ledger; [`AppError::Invalid`] beyond [`MAX_ROWS`] or where a cell
/// passes what Excel holds.
pub async fn ledger_xlsx(
    ctx: &Ctx,
    filter: &ResourceFilter,
    sort: ResourceSort,
    tr: Translate<'_>,
) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    fits(tx.count_resources(filter).await?.matching)?;
    let ledger = tx.ledger().await?;
    let words = Words::of(&ledger);
    let own = custom_fields::names(&ledger, true);
    let mut rows = Vec::new();
    let mut page = PageRequest { after: None, limit: PAGE };
    loop {
        let found = tx.list_resources(filter, sort, &page).await?;
        rows.extend(found.rows.iter().map(|row| device_row(row, &words, &own, tr)));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    drop(tx);
    let mark = tr(&header(Field::Custom));
    let header = DEVICE_FIELDS
        .into_iter()
        .map(|field| tr(&header(field)))
        .chain(own.iter().map(|label| custom_header(&mark, label)));
    let header = header.chain([tr(&Msg::new("nav-findings")), tr(&header_of_id())]).collect();
    let sheet = SheetOut { name: tr(&Msg::new("nav-ledger")), header, rows };
    let cells = |name: &String| match words.own(name).map(|field| field.kind) {
        Some(FieldType::Number) => Some(CellType::Number),
        Some(FieldType::Date) => Some(CellType::Day),
        _ => None,
    };
    let columns = (DEVICE_FIELDS.len()..).zip(&own);
    let typed =
        columns.filter_map(|(column, name)| cells(name).map(|cells| Typed { sheet: 0, column, cells })).collect();
    written_typed(ctx, "ledger.export", "ledger", (vec![sheet], typed)).await
}

/// The findings as a workbook: all rows of `filter`, in the order of `sort`.
///
/// # Errors
/// [`AppError::Denied`] without the right to see findings; [`AppError::Invalid`] as for [`ledger_xlsx`].
pub async fn findings_xlsx(
    ctx: &Ctx,
    filter: &FindingFilter,
    sort: FindingSort,
    tr: Translate<'_>,
) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadFindings>()?;
    let tx = ctx.read().await?;
    fits(tx.count_findings(filter).await?.matching)?;
    let mut rows = Vec::new();
    let mut page = PageRequest { after: None, limit: PAGE };
    loop {
        let found = tx.list_findings(filter, sort, &page).await?;
        rows.extend(found.rows.iter().map(|row| finding_row(row, tr)));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    drop(tx);
    let header = [
        Msg::new("finding-column-what"),
        Msg::new("export-vulnerability"),
        Msg::new("finding-column-state"),
        Msg::new("finding-exploited"),
        Msg::new("finding-column-device"),
        header(Field::Kind),
        header(Field::Product),
        header(Field::Version),
        header(Field::Zone),
        header(Field::Vendor),
        Msg::new("export-score"),
        Msg::new("finding-column-since"),
    ];
    let header = header.iter().map(tr).collect();
    let sheet = SheetOut { name: tr(&Msg::new("nav-findings")), header, rows };
    written(ctx, "findings.export", "findings", sheet).await
}

/// The things to check as a workbook: all of `filter`, in the order of the list.
///
/// # Errors
/// As for [`ledger_xlsx`].
pub async fn checks_xlsx(ctx: &Ctx, filter: &CheckFilter, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    fits(tx.count_checks_matching(filter).await?)?;
    let mut rows = Vec::new();
    let mut page = PageRequest { after: None, limit: PAGE };
    loop {
        let found = tx.list_checks(filter, &page).await?;
        let about: Vec<_> = found.rows.iter().filter_map(|row| row.check.resource).collect();
        let names = tx.resource_names(&about).await?;
        let name = |row: &CheckRow| row.check.resource.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        rows.extend(found.rows.iter().map(|row| check_row(row, name(row), tr)));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    drop(tx);
    let header = [
        Msg::new("check-column-kind"),
        Msg::new("check-column-what"),
        Msg::new("finding-column-device"),
        Msg::new("resource-place"),
        Msg::new("check-best"),
        Msg::new("check-owner"),
        Msg::new("check-due"),
        Msg::new("check-answer"),
        Msg::new("check-answered-by"),
        Msg::new("check-answered-on"),
        Msg::new("finding-column-since"),
    ];
    let header = header.iter().map(tr).collect();
    let sheet = SheetOut { name: tr(&Msg::new("nav-checks")), header, rows };
    written(ctx, "checks.export", "checks", sheet).await
}

fn check_row(row: &CheckRow, device: String, tr: Translate<'_>) -> Vec<String> {
    let kind = row.check.kind;
    let day = |at| crate::ctx::japan().to_datetime(at).date().to_string();
    let said = |answer: &Remedy| check_words::answer(kind, answer, tr);
    vec![
        tr(&label("check-kind", kind.key())),
        check_words::text(&row.check, tr),
        device,
        row.check.place.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.check.answers.first().map(said).unwrap_or_default(),
        row.owner.clone().unwrap_or_default(),
        row.due.map(|due| due.to_string()).unwrap_or_default(),
        row.answer.as_ref().map(said).unwrap_or_default(),
        row.answered_by.clone().unwrap_or_default(),
        row.answered_at.map(day).unwrap_or_default(),
        day(row.first_seen),
    ]
}

pub(crate) fn fits(matching: u64) -> Result<(), AppError> {
    if matching <= MAX_ROWS {
        return Ok(());
    }
    Err(AppError::Invalid(Msg::new("export-too-many-rows").arg("count", matching).arg("limit", MAX_ROWS)))
}

/// Writes the file, and that it was written: how much left the installation stays known, what it was is in the ledger.
pub(crate) async fn written(
    ctx: &Ctx,
    action: &'static str,
    subject: &str,
    sheet: SheetOut,
) -> Result<Vec<u8>, AppError> {
    written_sheets(ctx, action, subject, vec![sheet]).await
}

/// As [`written`], for several sheets in one workbook.
pub(crate) async fn written_sheets(
    ctx: &Ctx,
    action: &'static str,
    subject: &str,
    sheets: Vec<SheetOut>,
) -> Result<Vec<u8>, AppError> {
    written_typed(ctx, action, subject, (sheets, Vec::new())).await
}

async fn written_typed(
    ctx: &Ctx,
    action: &'static str,
    subject: &str,
    (sheets, typed): (Vec<SheetOut>, Vec<Typed>),
) -> Result<Vec<u8>, AppError> {
    let details = serde_json::json!({ "rows": sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>() });
    let now = ctx.now();
    let work = tokio::task::spawn_blocking(move || write_typed(&sheets, &typed, now));
    let bytes = work
        .await
        .map_err(AppError::internal)?
        .map_err(|WriteError::Excel(error)| AppError::Invalid(Msg::new("export-not-possible").arg("detail", error)))?;
    let mut tx = ctx.write().await?;
    tx.audit(AuditEvent::new(action, subject.to_owned()).details(details)).await?;
    tx.commit().await?;
    Ok(bytes)
}

/// A device's values, the hospital's own columns, what is known of its vulnerabilities, and its id: a row that comes
/// back with its id is an edit of just the cells that differ.
fn device_row(row: &ResourceRow, words: &Words<'_>, own: &[String], tr: Translate<'_>) -> Vec<String> {
    let device = &row.resource;
    let values = DEVICE_FIELDS.into_iter().map(|field| cell(words.values(device, field), field, tr));
    let custom = own.iter().map(|label| device.custom.get(label).cloned().unwrap_or_default());
    values.chain(custom).chain([device_state(row, tr), device.id.to_string()]).collect()
}

/// The values of a field in one cell, in words the import knows; blank where nothing is known.
pub(crate) fn cell(values: Vec<String>, field: Field, tr: Translate<'_>) -> String {
    let named = |value: String| named(value, field, tr);
    let between = if field == Field::Software { "; " } else { " " };
    values.into_iter().map(named).collect::<Vec<_>>().join(between)
}

/// A value of a field in people's words.
pub(crate) fn named(value: String, field: Field, tr: Translate<'_>) -> String {
    match field {
        Field::Kind => tr(&label("kind", &value)),
        Field::Purchase => tr(&label("purchase", &value)),
        Field::State => tr(&label("state", &value)),
        Field::Criticality => tr(&label("criticality", &value)),
        Field::RemoteMaintenance | Field::Medical | Field::AlwaysOn | Field::SourceLimited => {
            tr(&if value == "true" { Msg::new("value-yes") } else { Msg::new("value-no") })
        }
        _ => value,
    }
}

/// What the list's tags say. Nothing found about an unknown product is said to be unknown, not left blank.
fn device_state(row: &ResourceRow, tr: Translate<'_>) -> String {
    let tags = [
        (!row.resource.declared).then(|| Msg::new("chip-not-declared")),
        row.unknown_product.then(|| Msg::new("tag-unknown-product")),
        (row.affected > 0).then(|| Msg::new("tag-affected-count").arg("count", row.affected)),
        row.exploited.then(|| Msg::new("tag-exploited-short")),
        (row.possibly > 0).then(|| Msg::new("count-questions").arg("count", row.possibly)),
    ];
    let tags: Vec<String> = tags.iter().flatten().map(tr).collect();
    if tags.is_empty() { tr(&Msg::new("none-known")) } else { tags.join("; ") }
}

fn finding_row(row: &FindingRow, tr: Translate<'_>) -> Vec<String> {
    let finding = &row.finding;
    let unknown = || tr(&Msg::new("unknown"));
    let what = match finding.missing {
        Some(missing) => {
            let fact = tr(&label("missing", missing.key()));
            tr(&Msg::new("finding-question-title").arg("fact", fact).arg("count", finding.count))
        }
        None if finding.title.is_empty() => finding.vulnerability.clone(),
        None => finding.title.clone(),
    };
    vec![
        what,
        finding.vulnerability.clone(),
        tr(&label("verdict", finding.verdict.key())),
        if finding.exploited { tr(&Msg::new("tag-exploited-short")) } else { String::new() },
        row.resource_name.clone(),
        tr(&label("kind", row.resource_kind.key())),
        row.component_text.clone(),
        row.component_version.clone().unwrap_or_else(unknown),
        row.zone_name.clone().unwrap_or_else(unknown),
        row.vendor_name.clone().unwrap_or_else(|| tr(&Msg::new("tag-nobody"))),
        finding.cvss_tenths.map_or_else(|| "–".to_owned(), |tenths| format!("{}.{}", tenths / 10, tenths % 10)),
        crate::ctx::japan().to_datetime(row.first_seen).date().to_string(),
    ]
}

fn header_of_id() -> Msg {
    header(Field::ResourceId)
}

/// Header of a column, in a word the import knows again.
pub(crate) fn header(field: Field) -> Msg {
    match field {
        // Where devices and contracts share a field, its name speaks of both; a ledger speaks of the device.
        Field::StartsOn => Msg::new("export-installed-on"),
        Field::EndsOn => Msg::new("support-end"),
        field => label("field", field.key()),
    }
}

/// Name of a value of the domain; the build checks these keys from the lists of values.
pub(crate) fn label(prefix: &str, key: &str) -> Msg {
    Msg { key: format!("{prefix}-{}", key.replace('_', "-")), args: std::collections::BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_the_limit_are_refused_with_both_numbers() {
        assert!(fits(MAX_ROWS).is_ok());
        let Err(AppError::Invalid(msg)) = fits(MAX_ROWS + 1) else { panic!("not refused") };
        assert_eq!(msg.key, "export-too-many-rows");
        assert_eq!((msg.args["count"].as_str(), msg.args["limit"].as_str()), ("50001", "50000"));
    }
}
