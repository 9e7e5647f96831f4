//! Systems, contracts and their terms, vendors and their cards, and what stands in the way of deemed compliance. A write
//! names the revision it started from; 0 = there was none. Another newest revision answers 409.

use crate::api::views::{List, ProblemView};
use crate::failure::Failure;
use crate::session::Program;
use crate::state::WebState;
use axum::Json;
use axum::extract::Path;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tomomori_app::AppError;
use tomomori_app::agreements::vendors::VendorRow;
use tomomori_app::agreements::{self, ContractRow, deemed, systems, vendors};
use tomomori_domain::Msg;
use tomomori_domain::agreement::System;
use tomomori_domain::document::Document;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list_systems))
        .routes(routes!(one_system, put_system))
        .routes(routes!(list_contracts))
        .routes(routes!(one_contract))
        .routes(routes!(put_terms))
        .routes(routes!(list_vendors))
        .routes(routes!(one_vendor))
        .routes(routes!(put_card))
        .routes(routes!(get_deemed))
}

/// A system: devices that do one job together.
#[derive(Serialize, ToSchema)]
struct SystemView {
    id: Uuid,
    name: String,
    /// Ids of devices; one that left the ledger stays.
    resources: Vec<Uuid>,
    /// No longer used.
    retired: bool,
    /// Contracts whose terms cover it.
    contracts: Vec<Uuid>,
}

/// A document as it is kept, and the revision to name when it is written.
#[derive(Serialize, ToSchema)]
struct DocumentView {
    revision: i64,
    #[schema(value_type = Object)]
    content: serde_json::Value,
}

/// A document to write.
#[derive(Deserialize, ToSchema)]
struct PutDocument {
    /// The revision the writer saw; 0 = none.
    revision: i64,
    #[schema(value_type = Object)]
    content: serde_json::Value,
}

impl PutDocument {
    fn read<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let unreadable =
            |error: serde_json::Error| AppError::Invalid(Msg::new("agree-api-content").arg("detail", error));
        Ok(serde_json::from_value(self.content).map_err(unreadable)?)
    }
}

/// The revision that was written.
#[derive(Serialize, ToSchema)]
struct Written {
    revision: i64,
}

/// A contract of the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = Contract)]
struct ContractItem {
    id: Uuid,
    number: String,
    title: String,
    vendor: Uuid,
    vendor_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<String>,
    /// `not_begun`, `in_force`, `ends_soon`, `ended`, `no_end`.
    standing: &'static str,
    /// Negative after its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<i32>,
    /// What is to be looked at: `ended`, `ends_soon`, `notice_near`, `no_terms`, `no_clauses`, `no_update_clause`,
    /// `clause_not_listed`, `subcontractor_unknown`.
    look: Vec<&'static str>,
}

impl From<ContractRow> for ContractItem {
    fn from(row: ContractRow) -> Self {
        Self {
            id: row.contract.id.0,
            vendor: row.contract.vendor.0,
            vendor_name: row.vendor,
            starts_on: row.contract.starts_on.map(|day| day.to_string()),
            ends_on: row.contract.ends_on.map(|day| day.to_string()),
            standing: row.standing.key(),
            days_left: row.days_left,
            look: row.troubles.iter().map(|trouble| trouble.key()).collect(),
            number: row.contract.number,
            title: row.contract.title,
        }
    }
}

/// A contract with its terms; without terms nobody has entered any.
#[derive(Serialize, ToSchema)]
struct ContractWithTerms {
    #[serde(flatten)]
    contract: ContractItem,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<DocumentView>,
}

/// A vendor of the ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = Vendor)]
struct VendorItem {
    id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    contracts: usize,
    devices: usize,
    people: usize,
    /// Somebody to call in an emergency is known.
    emergency: bool,
}

impl From<VendorRow> for VendorItem {
    fn from(row: VendorRow) -> Self {
        let VendorRow { vendor, contracts, devices, people, emergency } = row;
        Self { id: vendor.id.0, name: vendor.name, field: vendor.field, contracts, devices, people, emergency }
    }
}

/// A vendor with its card and contracts.
#[derive(Serialize, ToSchema)]
struct VendorWithCard {
    #[serde(flatten)]
    vendor: VendorItem,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<DocumentView>,
    /// All its contracts, ended ones too.
    #[serde(rename = "contract_list")]
    contracts: Vec<ContractItem>,
}

/// What stands in the way of deemed compliance. Never a statement that a hospital is eligible: the official text is not loaded.
#[derive(Serialize, ToSchema)]
struct DeemedView {
    /// Always true until the official text has been loaded.
    check_official_text: bool,
    servers: usize,
    in_the_way: Vec<ServerInTheWay>,
}

/// A server that stands in the way.
#[derive(Serialize, ToSchema)]
struct ServerInTheWay {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    layers: Vec<LayerInTheWay>,
}

/// A layer something stands in the way of.
#[derive(Serialize, ToSchema)]
struct LayerInTheWay {
    /// `firmware`, `os`, `middleware`, `application`.
    layer: &'static str,
    /// `nobody`, `hospital`, `no_contract`, `ended`, `not_begun`, `no_clause`, `not_in_contract`.
    obstacle: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
}

fn list<T: ToSchema>(items: Vec<T>) -> Json<List<T>> {
    Json(List { total: items.len() as u64, items, next: None })
}

fn parse<T: std::str::FromStr>(id: &str) -> Result<T, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

fn document<T: Serialize>(document: &Document<T>) -> Result<DocumentView, Failure> {
    let content = serde_json::to_value(&document.content).map_err(AppError::internal)?;
    Ok(DocumentView { revision: document.revision, content })
}

fn system(id: Uuid, system: System, contracts: impl Iterator<Item = Uuid>) -> SystemView {
    SystemView {
        id,
        name: system.name,
        resources: system.resources.into_iter().map(|id| id.0).collect(),
        retired: system.retired,
        contracts: contracts.collect(),
    }
}

/// All systems, by name.
#[utoipa::path(get, path = "/systems", tag = "agreements", responses(
    (status = 200, body = List<SystemView>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list_systems(program: Program) -> Result<Json<List<SystemView>>, Failure> {
    let rows = systems::list(&program.ctx).await?.rows.into_iter();
    Ok(list(rows.map(|row| system(row.id, row.system, row.contracts.into_iter().map(|(id, _)| id.0))).collect()))
}

/// One system as it is kept: `name`, `resources`, `retired`.
#[utoipa::path(get, path = "/systems/{id}", tag = "agreements", params(("id" = String, Path)), responses(
    (status = 200, body = DocumentView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one_system(program: Program, Path(id): Path<String>) -> Result<Json<DocumentView>, Failure> {
    Ok(Json(document(&systems::system(&program.ctx, parse(&id)?).await?.document)?))
}

/// Writes a system, or makes one under an id of the caller's (revision 0).
#[utoipa::path(put, path = "/systems/{id}", tag = "agreements", params(("id" = String, Path)), request_body = PutDocument, responses(
    (status = 200, body = Written),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn put_system(
    program: Program,
    Path(id): Path<String>,
    Json(given): Json<PutDocument>,
) -> Result<Json<Written>, Failure> {
    let (id, from) = (parse(&id)?, given.revision);
    if from > 0 {
        systems::system(&program.ctx, id).await?;
    }
    let revision = systems::put(&program.ctx, id, from, given.read()?).await?;
    Ok(Json(Written { revision }))
}

/// All contracts of the ledger, by number.
#[utoipa::path(get, path = "/contracts", tag = "agreements", responses(
    (status = 200, body = List<ContractItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list_contracts(program: Program) -> Result<Json<List<ContractItem>>, Failure> {
    let rows = agreements::contracts(&program.ctx).await?.rows;
    Ok(list(rows.into_iter().map(ContractItem::from).collect()))
}

/// One contract with its terms.
#[utoipa::path(get, path = "/contracts/{id}", tag = "agreements", params(("id" = String, Path)), responses(
    (status = 200, body = ContractWithTerms),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one_contract(program: Program, Path(id): Path<String>) -> Result<Json<ContractWithTerms>, Failure> {
    let view = agreements::contract(&program.ctx, parse(&id)?).await?;
    let terms = view.terms.as_ref().map(document).transpose()?;
    Ok(Json(ContractWithTerms { contract: view.row.into(), terms }))
}

/// Writes the terms of a contract.
#[utoipa::path(put, path = "/contracts/{id}/terms", tag = "agreements", params(("id" = String, Path)), request_body = PutDocument, responses(
    (status = 200, body = Written),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn put_terms(
    program: Program,
    Path(id): Path<String>,
    Json(given): Json<PutDocument>,
) -> Result<Json<Written>, Failure> {
    let (id, from) = (parse(&id)?, given.revision);
    // Whether the contract is there is said before anything else about what was sent.
    agreements::contract(&program.ctx, id).await?;
    let revision = agreements::put_terms(&program.ctx, id, from, given.read()?).await?;
    Ok(Json(Written { revision }))
}

/// All vendors of the ledger, by name.
#[utoipa::path(get, path = "/vendors", tag = "agreements", responses(
    (status = 200, body = List<VendorItem>),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn list_vendors(program: Program) -> Result<Json<List<VendorItem>>, Failure> {
    Ok(list(vendors::list(&program.ctx).await?.into_iter().map(VendorItem::from).collect()))
}

/// One vendor with its card and its contracts.
#[utoipa::path(get, path = "/vendors/{id}", tag = "agreements", params(("id" = String, Path)), responses(
    (status = 200, body = VendorWithCard),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
async fn one_vendor(program: Program, Path(id): Path<String>) -> Result<Json<VendorWithCard>, Failure> {
    let view = vendors::vendor(&program.ctx, parse(&id)?).await?;
    let card = view.card.as_ref().map(document).transpose()?;
    let contracts = view.contracts.into_iter().map(ContractItem::from).collect();
    Ok(Json(VendorWithCard { vendor: view.row.into(), card, contracts }))
}

/// Writes a vendor's card: people and remark.
#[utoipa::path(put, path = "/vendors/{id}/card", tag = "agreements", params(("id" = String, Path)), request_body = PutDocument, responses(
    (status = 200, body = Written),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 422, body = ProblemView, content_type = "application/problem+json"),
))]
async fn put_card(
    program: Program,
    Path(id): Path<String>,
    Json(given): Json<PutDocument>,
) -> Result<Json<Written>, Failure> {
    let (id, from) = (parse(&id)?, given.revision);
    vendors::vendor(&program.ctx, id).await?;
    let revision = vendors::put_card(&program.ctx, id, from, given.read()?).await?;
    Ok(Json(Written { revision }))
}

/// Servers that stand in the way of deemed compliance (みなし遵守), and why.
#[utoipa::path(get, path = "/deemed", tag = "agreements", responses(
    (status = 200, body = DeemedView),
    (status = 401, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
async fn get_deemed(program: Program) -> Result<Json<DeemedView>, Failure> {
    let found = deemed::deemed(&program.ctx).await?;
    let layer = |row: deemed::Row| {
        Some(LayerInTheWay {
            layer: row.duty.layer.key(),
            obstacle: row.duty.obstacle?.key(),
            vendor: row.vendor,
            contract: row.contract,
            clause: row.duty.clause,
        })
    };
    let servers = found.servers.len();
    let in_the_way = found.servers.into_iter().filter(|server| server.in_the_way).map(|server| ServerInTheWay {
        id: server.server.id.0,
        name: server.server.name,
        layers: server.layers.into_iter().filter_map(layer).collect(),
    });
    Ok(Json(DeemedView { check_official_text: true, servers, in_the_way: in_the_way.collect() }))
}
