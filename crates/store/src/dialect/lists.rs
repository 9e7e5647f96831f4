//! Writing `resource_lists`: one row per device, computed from the device, its software, findings and contract by one
//! statement for any number of devices.

use crate::entity::resource_list as row;
use crate::facets::{self, Slot};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, ExprTrait, Statement};
use tomomori_domain::completeness::Measure;
use tomomori_domain::resource::{Criticality, Layer, PurchaseForm, ResourceKind, ResourceState};
use uuid::Uuid;

/// Computes the rows of these devices of a tenant anew; `None` = of all.
pub(crate) async fn refresh(tx: &DatabaseTransaction, tenant: Uuid, ids: Option<&[Uuid]>) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let count = ids.map(<[Uuid]>::len);
    let values = [tenant].iter().chain(ids.unwrap_or_default()).map(|id| (*id).into()).collect::<Vec<_>>();
    tx.execute_raw(Statement::from_sql_and_values(backend, statement(backend, count), values)).await?;
    if ids.is_none() && backend == DatabaseBackend::Sqlite {
        // Without figures it takes any index for one that leaves ten rows. PostgreSQL counts by itself.
        tx.execute_unprepared("PRAGMA analysis_limit = 1000; ANALYZE resource_lists").await?;
    }
    Ok(())
}

/// Whether the texts of a device hold a word, taken literally. Both sides are folded. Several times faster than `LIKE`,
/// which steps through characters; both engines compare bytes here.
pub(crate) fn holds(backend: DatabaseBackend, word: &str) -> Expr {
    let function = if backend == DatabaseBackend::Postgres { "strpos" } else { "instr" };
    let search = Expr::col((row::Entity, row::Column::Search));
    Expr::expr(Func::cust(function).arg(search).arg(word)).gt(0)
}

/// Computes the rows of all tenants, in a migration. Row-level security holds the owner of the tables as well, so it goes
/// through the doors.
pub(crate) async fn fill(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = conn.get_database_backend();
    let enter = async |name: &str, value: String| match backend {
        DatabaseBackend::Postgres => {
            let sql = "SELECT set_config($1, $2, true)";
            conn.execute_raw(Statement::from_sql_and_values(backend, sql, [name.into(), value.into()]))
                .await
                .map(|_| ())
        }
        _ => Ok(()),
    };
    enter("app.door", "system".to_owned()).await?;
    let tenants = conn.query_all_raw(Statement::from_string(backend, "SELECT id FROM tenants")).await?;
    for row in tenants {
        let tenant: Uuid = row.try_get("", "id")?;
        enter("app.tenant", tenant.to_string()).await?;
        conn.execute_raw(Statement::from_sql_and_values(backend, statement(backend, None), [tenant.into()])).await?;
    }
    enter("app.door", String::new()).await?;
    enter("app.tenant", String::new()).await
}

const COLUMNS: [&str; 15] = [
    "tenant_id",
    "id",
    "name_sort",
    "asset_sort",
    "support_sort",
    "seen_sort",
    "findings_sort",
    "facets",
    "missing",
    "zone_id",
    "vendor_id",
    "stock_sort",
    "affected",
    "possibly",
    "search",
];

/// `$1` is the tenant, then come `ids` ids.
fn statement(backend: DatabaseBackend, ids: Option<usize>) -> String {
    let postgres = backend == DatabaseBackend::Postgres;
    let (newline, join) = if postgres { ("chr(10)", "string_agg") } else { ("char(10)", "group_concat") };
    let nil = if postgres { "'00000000-0000-0000-0000-000000000000'::uuid" } else { "zeroblob(16)" };
    let among = |column: &str| match ids {
        Some(count) => {
            let places: Vec<String> = (2..count + 2).map(|n| format!("${n}")).collect();
            format!(" AND {column} IN ({})", places.join(", "))
        }
        None => String::new(),
    };
    let columns = COLUMNS.join(", ");
    let set: Vec<String> = COLUMNS.iter().skip(2).map(|column| format!("{column} = excluded.{column}")).collect();
    format!(
        "INSERT INTO resource_lists ({columns})
         SELECT r.tenant_id, r.id, r.name_fold, r.asset_sort, r.support_sort, r.seen_sort,
           -(coalesce(f.affected, 0) + coalesce(f.possibly, 0)), {facets}, {missing}, coalesce(r.zone_id, {nil}), coalesce(r.vendor_id, {nil}),
           coalesce(r.stocktaken_on, ''), coalesce(f.affected, 0), coalesce(f.possibly, 0),
           r.search_fold || {newline} || coalesce(c.texts, '')
         FROM resources r
         LEFT JOIN (SELECT resource_id, sum(CASE WHEN verdict = 'affected' THEN 1 ELSE 0 END) AS affected,
             sum(CASE WHEN verdict = 'affected' THEN 0 ELSE 1 END) AS possibly,
             max(CASE WHEN exploited THEN 1 ELSE 0 END) AS exploited
           FROM findings WHERE tenant_id = $1{of_findings} GROUP BY resource_id) f ON f.resource_id = r.id
         LEFT JOIN (SELECT resource_id, {join}(text_fold, {newline}) AS texts, count(product_key) AS products{layers}
           FROM components WHERE tenant_id = $1{of_components} GROUP BY resource_id) c ON c.resource_id = r.id
         LEFT JOIN contracts k ON k.tenant_id = r.tenant_id AND k.id = r.contract_id
         WHERE r.tenant_id = $1{of_resources}
         ON CONFLICT (tenant_id, id) DO UPDATE SET {set}",
        facets = packed(),
        missing = missing(),
        layers = layers(),
        of_findings = among("resource_id"),
        of_components = among("resource_id"),
        of_resources = among("r.id"),
        set = set.join(", "),
    )
}

/// `facets` as SQL. Keys are words of this program, never of a person.
fn packed() -> String {
    let of = |column: &str, slot: Slot, keys: Vec<&'static str>| {
        let cases: String = (1..).zip(keys).map(|(code, key)| format!(" WHEN '{key}' THEN {code}")).collect();
        format!("(CASE r.{column}{cases} ELSE 0 END) * {}", slot.factor())
    };
    let flag = |slot: Slot, condition: &str| format!("(CASE WHEN {condition} THEN 1 ELSE 0 END) * {}", slot.factor());
    [
        of("kind", facets::KIND, facets::KINDS.iter().map(|value: &ResourceKind| value.key()).collect()),
        of("state", facets::STATE, facets::STATES.iter().map(|value: &ResourceState| value.key()).collect()),
        of(
            "criticality",
            facets::CRITICALITY,
            facets::CRITICALITIES.iter().map(|value: &Criticality| value.key()).collect(),
        ),
        of("purchase", facets::PURCHASE, facets::PURCHASES.iter().map(|value: &PurchaseForm| value.key()).collect()),
        flag(facets::MEDICAL, "r.medical"),
        flag(facets::DECLARED, "r.declared"),
        flag(facets::FINDINGS, "f.resource_id IS NOT NULL"),
        flag(facets::EXPLOITED, "f.exploited = 1"),
        flag(facets::UNKNOWN_PRODUCT, "coalesce(c.products, 0) = 0"),
        flag(facets::NO_UPDATER, "r.updates NOT LIKE '%\"by\":\"%' AND k.update_clause IS NULL"),
    ]
    .join(" + ")
}

/// What there is of each layer on a device: how much, and how much of it with a version.
fn layers() -> String {
    let of = |layer: &Layer| {
        let key = layer.key();
        let case = |value: &str| format!("count(CASE WHEN layer = '{key}' THEN {value} END)");
        format!(", {} AS {key}_parts, {} AS {key}_versions", case("1"), case("version"))
    };
    Layer::ALL.iter().map(of).collect()
}

/// `missing` as SQL: the rule of [`Measure::of`], which the tests hold it against.
fn missing() -> String {
    let terms: Vec<String> = Measure::ALL
        .iter()
        .map(|measure| {
            let (needed, unknown, bit) = (needed(*measure), unknown(*measure), facets::missing_bit(*measure));
            format!("(CASE WHEN ({needed}) AND {unknown} THEN {bit} ELSE 0 END)")
        })
        .collect();
    let retired = ResourceState::Retired.key();
    format!("CASE WHEN r.state = '{retired}' THEN 0 ELSE {} END", terms.join(" + "))
}

fn needed(measure: Measure) -> String {
    let kinds = facets::KINDS.iter().filter(|kind| measure.needed_by(**kind));
    let kinds: Vec<String> = kinds.map(|kind| format!("'{}'", kind.key())).collect();
    let kinds = format!("r.kind IN ({})", kinds.join(", "));
    match measure.needed_with() {
        Some(Layer::Os) => format!("{kinds} OR c.os_parts > 0 OR r.os IS NOT NULL"),
        Some(layer) => format!("{kinds} OR c.{}_parts > 0", layer.key()),
        None => kinds,
    }
}

fn unknown(measure: Measure) -> String {
    match measure {
        Measure::Version => "r.version IS NULL AND coalesce(c.firmware_versions, 0) = 0".to_owned(),
        Measure::OsVersion => "coalesce(c.os_versions, 0) = 0".to_owned(),
        Measure::Linked => "coalesce(c.products, 0) = 0".to_owned(),
        Measure::Contract => "r.contract_id IS NULL".to_owned(),
        Measure::Location => "r.location IS NULL".to_owned(),
        Measure::Product => "r.product IS NULL".to_owned(),
        Measure::Zone => "r.zone_id IS NULL".to_owned(),
        Measure::Department => "r.department IS NULL".to_owned(),
        Measure::Owner => "r.owner IS NULL".to_owned(),
        Measure::Serial => "r.serial IS NULL".to_owned(),
        Measure::SupportEnd => "r.support_end IS NULL".to_owned(),
        Measure::UpdaterFirmware => without_updater(Layer::Firmware),
        Measure::UpdaterOs => without_updater(Layer::Os),
        Measure::UpdaterMiddleware => without_updater(Layer::Middleware),
        Measure::UpdaterApplication => without_updater(Layer::Application),
    }
}

/// Texts inside the JSON of `updates` have their quotation marks escaped, so the pattern is found only as a key.
fn without_updater(layer: Layer) -> String {
    format!("r.updates NOT LIKE '%\"{}\":{{\"by\":\"%'", layer.key())
}
