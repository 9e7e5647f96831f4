//! When the support of what is in use ends.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::pages::lifetimes::LifeQuery;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Query;
use serde::Serialize;
use tomomori_app::lifetimes::{self, LifeRow, SaidBy};
use tomomori_domain::lifetime::End;
use tomomori_i18n::{Lang, tr};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One thing whose support ends. Ends are a day (`2026-11-24`), `ended` (day not known), `not_ended` (none announced) or
/// `unknown`; what is unknown is never safe.
#[derive(Serialize, ToSchema)]
struct LifetimeItem {
    resource: Uuid,
    name: String,
    /// `firmware` (the device itself), `os`, `middleware`, `application`.
    layer: &'static str,
    /// Up to three names; empty = the device itself.
    what: Vec<String>,
    /// How many more stand in this row.
    more: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// `ended`, `within_12`, `within_24`, `unknown`, `limited`, `later`, `no_end`.
    class: &'static str,
    /// Why it is unknown and what to do, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Full support (EOL); where editions differ the earliest.
    end_of_life: String,
    /// All support (EOS); where editions differ the earliest.
    end_of_support: String,
    /// The latest EOS, where editions differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_of_support_latest: Option<String>,
    /// Extended support, which costs extra.
    extended_support: String,
    /// Sale or production.
    discontinued: String,
    /// Past EOL, not past EOS.
    limited: bool,
    /// Days to the end that counts; negative after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<i64>,
    /// On whose word: `ledger`, `endoflife.date`, `nobody`.
    source: &'static str,
    /// The public record about it, with its release cycle.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// The ledger's day and the record's are more than a month apart.
    contradicted: bool,
    /// Who is bound to update it; absent = nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    updater: Option<String>,
}

fn end(end: End) -> String {
    match end {
        End::Unknown => "unknown".to_owned(),
        End::NotEnded => "not_ended".to_owned(),
        End::Ended => "ended".to_owned(),
        End::On(day) => day.to_string(),
    }
}

fn item(row: LifeRow, lang: Lang) -> LifetimeItem {
    let life = row.life;
    LifetimeItem {
        resource: row.resource.0,
        name: row.device,
        layer: row.layer.key(),
        what: row.what,
        more: row.more,
        version: row.version,
        class: life.class.key(),
        why: life.why.map(|why| tr(lang, &lifetimes::why(why))),
        end_of_life: end(life.ends.full),
        end_of_support: end(life.ends.security),
        end_of_support_latest: (life.latest.security != life.ends.security).then(|| end(life.latest.security)),
        extended_support: end(life.ends.extended),
        discontinued: end(life.ends.discontinued),
        limited: row.limited,
        days_left: row.days,
        source: match life.from {
            SaidBy::Ledger => "ledger",
            SaidBy::Record => "endoflife.date",
            SaidBy::Nobody => "nobody",
        },
        record: life.record.map(|record| format!("{} {}", record.product, record.cycle)),
        contradicted: life.contradicted,
        updater: row.updater.map(|updater| updater.name),
    }
}

/// Ends of support, the most urgent first.
#[utoipa::path(get, path = "/lifetimes", tag = "lifetimes", params(
    ("q" = Option<String>, Query, description = "Words that must all occur"),
    ("class" = Option<String>, Query, description = "ended, within_12, within_24, unknown, limited, later, no_end"),
    ("department" = Option<String>, Query, description = "Name; `none`: not known"),
    ("vendor" = Option<String>, Query, description = "Id of the vendor that maintains the device; `none`: nobody"),
    ("resource" = Option<String>, Query, description = "Id of a device"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "Rows per page, 1–500, default 50"),
), responses(
    (status = 200, body = List<LifetimeItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list(program: Program, Query(query): Query<LifeQuery>) -> Result<Json<List<LifetimeItem>>, Failure> {
    let found = lifetimes::list(&program.ctx, &query.filter()?, query.after(), query.limit()).await?;
    let items = found.rows.into_iter().map(|row| item(row, program.lang)).collect();
    Ok(Json(List { items, total: found.matching, next: found.next }))
}
