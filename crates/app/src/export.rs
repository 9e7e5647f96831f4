//! Lists as Excel files (一覧の書き出し): every row of a list's filter, all pages of it.
//!
//! The ledger's file is written so that the import takes it back: headers in words the import knows, several values of a
//! cell as it splits them, one last column (状態) that it leaves out. Software of SBOMs is not in it: a cell cannot hold
//! hundreds of components. Cells are text; nothing a person typed is ever a formula.

use crate::diagram::Translate;
use crate::{AppError, Ctx};
use std::collections::HashMap;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadFindings, ReadLedger};
use tomomori_domain::ids::{ContractId, ResourceId};
use tomomori_domain::import::Field;
use tomomori_domain::resource::{Layer, Resource, ResourceKind};
use tomomori_domain::text::fold;
use tomomori_sheet::export::{SheetOut, WriteError, write_xlsx};
use tomomori_store::{
    AuditEvent, FindingFilter, FindingRow, FindingSort, Ledger, PageRequest, ResourceFilter, ResourceRow, ResourceSort,
};

/// Rows of one file: what is written within the time of a request. More is refused, never cut.
pub const MAX_ROWS: u64 = 50_000;

/// Rows asked of the store at a time; its own limit.
const PAGE: u32 = 500;

/// Columns of the ledger, in the order of the paper ledger.
const LEDGER: [Field; 22] = [
    Field::AssetNumber,
    Field::Name,
    Field::Kind,
    Field::Maker,
    Field::Product,
    Field::Version,
    Field::Os,
    Field::Software,
    Field::Serial,
    Field::Address,
    Field::Mac,
    Field::Hostname,
    Field::Zone,
    Field::Location,
    Field::Department,
    Field::Vendor,
    Field::ContractNumber,
    Field::Purchase,
    Field::StartsOn,
    Field::EndsOn,
    Field::Uplink,
    Field::Note,
];

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
    let behind = Behind::of(&tx.ledger().await?);
    let mut rows = Vec::new();
    let mut page = PageRequest { after: None, limit: PAGE };
    loop {
        let found = tx.list_resources(filter, sort, &page).await?;
        rows.extend(found.rows.iter().map(|row| device_row(row, &behind, tr)));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    drop(tx);
    let header = LEDGER.into_iter().map(header).chain([Msg::new("finding-column-state")]).map(|msg| tr(&msg)).collect();
    let sheet = SheetOut { name: tr(&Msg::new("nav-ledger")), header, rows };
    written(ctx, "ledger.export", "ledger", sheet).await
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

fn fits(matching: u64) -> Result<(), AppError> {
    if matching <= MAX_ROWS {
        return Ok(());
    }
    Err(AppError::Invalid(Msg::new("export-too-many-rows").arg("count", matching).arg("limit", MAX_ROWS)))
}

/// Writes the file, and that it was written: how much left the installation stays known, what it was is in the ledger.
async fn written(ctx: &Ctx, action: &'static str, subject: &str, sheet: SheetOut) -> Result<Vec<u8>, AppError> {
    let details = serde_json::json!({ "rows": sheet.rows.len() });
    let now = ctx.now();
    let work = tokio::task::spawn_blocking(move || write_xlsx(&[sheet], now));
    let bytes = work
        .await
        .map_err(AppError::internal)?
        .map_err(|WriteError::Excel(error)| AppError::Invalid(Msg::new("export-not-possible").arg("detail", error)))?;
    let mut tx = ctx.write().await?;
    tx.audit(AuditEvent::new(action, subject.to_owned()).details(details)).await?;
    tx.commit().await?;
    Ok(bytes)
}

/// What the rows of the list point to.
struct Behind {
    /// Text by which a device is found again, for those other devices are plugged into.
    called: HashMap<ResourceId, String>,
    /// Numbers of the contracts.
    contracts: HashMap<ContractId, String>,
    /// What is installed, as its column writes it.
    software: HashMap<ResourceId, Vec<String>>,
}

impl Behind {
    fn of(ledger: &Ledger) -> Self {
        let mut named: HashMap<String, u32> = HashMap::new();
        for resource in &ledger.resources {
            *named.entry(fold(&resource.name)).or_default() += 1;
        }
        // A name that several bear would not lead back to this one.
        let called = |resource: &Resource| match named.get(&fold(&resource.name)) {
            Some(1) => resource.name.clone(),
            _ => resource.hostname.clone().or(resource.asset_number.clone()).unwrap_or_else(|| resource.name.clone()),
        };
        let mut software: HashMap<ResourceId, Vec<String>> = HashMap::new();
        for component in ledger.components.iter().filter(|component| component.layer == Layer::Middleware) {
            let text = match &component.version {
                Some(version) if !fold(&component.text).contains(&fold(version)) => {
                    format!("{} {version}", component.text)
                }
                _ => component.text.clone(),
            };
            software.entry(component.resource).or_default().push(text);
        }
        Self {
            called: ledger.resources.iter().map(|resource| (resource.id, called(resource))).collect(),
            contracts: ledger.contracts.iter().map(|contract| (contract.id, contract.number.clone())).collect(),
            software,
        }
    }
}

fn device_row(row: &ResourceRow, behind: &Behind, tr: Translate<'_>) -> Vec<String> {
    LEDGER.into_iter().map(|field| device_cell(row, field, behind, tr)).chain([device_state(row, tr)]).collect()
}

/// One value of a device; blank where nothing is known, because the import takes a blank for "not stated".
fn device_cell(row: &ResourceRow, field: Field, behind: &Behind, tr: Translate<'_>) -> String {
    let device = &row.resource;
    let value = match field {
        Field::AssetNumber => device.asset_number.clone(),
        Field::Name => Some(device.name.clone()),
        Field::Kind => (device.kind != ResourceKind::Unknown).then(|| tr(&label("kind", device.kind.key()))),
        Field::Maker => device.maker.clone(),
        Field::Product => device.product.clone(),
        Field::Version => device.version.clone(),
        Field::Os => device.os.clone(),
        Field::Software => behind.software.get(&device.id).map(|all| all.join("; ")),
        Field::Serial => device.serial.clone(),
        Field::Address => Some(device.addresses.join(" ")),
        Field::Mac => Some(device.macs.join(" ")),
        Field::Hostname => device.hostname.clone(),
        Field::Zone => row.zone_name.clone(),
        Field::Location => device.location.clone(),
        Field::Department => device.department.clone(),
        Field::Vendor => row.vendor_name.clone(),
        Field::ContractNumber => device.contract.and_then(|id| behind.contracts.get(&id)).cloned(),
        Field::Purchase => device.purchase.map(|form| tr(&label("purchase", form.key()))),
        Field::StartsOn => device.installed_on.map(|day| day.to_string()),
        Field::EndsOn => device.support_end.map(|day| day.to_string()),
        Field::Uplink => device.uplink.and_then(|id| behind.called.get(&id)).cloned(),
        Field::Note => device.note.clone(),
        _ => None,
    };
    value.unwrap_or_default()
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

/// Header of a column, in a word the import knows again.
fn header(field: Field) -> Msg {
    match field {
        // Where devices and contracts share a field, its name speaks of both; a ledger speaks of the device.
        Field::StartsOn => Msg::new("export-installed-on"),
        Field::EndsOn => Msg::new("support-end"),
        field => label("field", field.key()),
    }
}

/// Name of a value of the domain; the build checks these keys from the lists of values.
fn label(prefix: &str, key: &str) -> Msg {
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
