//! みなし遵守: the servers that stand in the way. Never says that a hospital is eligible: the official text has not been loaded.

use super::{Held, Named};
use crate::diagram::Translate;
use crate::export::label;
use crate::{AppError, Ctx};
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::ReadAgreements;
use tomomori_domain::agreement::deemed::{LayerDuty, Obstacle, examine};
use tomomori_domain::ids::ResourceId;
use tomomori_sheet::export::SheetOut;

/// One layer of a server in words.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was found.
    pub duty: LayerDuty,
    /// The vendor's name.
    pub vendor: Option<String>,
    /// Number of the contract.
    pub contract: Option<String>,
}

/// A server with its layers.
#[derive(Clone, Debug)]
pub struct Server {
    /// The server.
    pub server: Named<ResourceId>,
    /// All its layers.
    pub layers: Vec<Row>,
    /// Something stands in the way.
    pub in_the_way: bool,
}

/// What was found about all servers.
#[derive(Clone, Debug)]
pub struct Deemed {
    /// All servers in use, those that stand in the way first.
    pub servers: Vec<Server>,
    /// How many of them stand in the way.
    pub in_the_way: usize,
    /// Servers per reason.
    pub reasons: BTreeMap<Obstacle, usize>,
}

/// Who bears the update duty of each layer of each server, and in which clause.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn deemed(ctx: &Ctx) -> Result<Deemed, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let held = Held::load(&ctx.read().await?).await?;
    let terms = held.terms.iter().map(|(id, document)| (*id, document.content.clone())).collect();
    let found = examine(&held.ledger, &held.systems, &terms, ctx.today());
    let vendor = |duty: &LayerDuty| held.ledger.vendors.iter().find(|row| Some(row.id) == duty.by);
    let contract = |duty: &LayerDuty| held.ledger.contracts.iter().find(|row| Some(row.id) == duty.contract);
    let mut reasons: BTreeMap<Obstacle, usize> = BTreeMap::new();
    let mut servers = Vec::new();
    for one in found {
        let own: std::collections::BTreeSet<Obstacle> = one.layers.iter().filter_map(|duty| duty.obstacle).collect();
        for reason in own {
            *reasons.entry(reason).or_default() += 1;
        }
        let in_the_way = one.stands_in_the_way();
        let row = |duty: LayerDuty| Row {
            vendor: vendor(&duty).map(|row| row.name.clone()),
            contract: contract(&duty).map(|row| row.number.clone()),
            duty,
        };
        let server = held.device_names(&[one.server]).remove(0);
        servers.push(Server { server, layers: one.layers.into_iter().map(row).collect(), in_the_way });
    }
    servers.sort_by_key(|server| !server.in_the_way);
    let in_the_way = servers.iter().filter(|server| server.in_the_way).count();
    Ok(Deemed { servers, in_the_way, reasons })
}

/// The same as a workbook: a row per server and layer.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn xlsx(ctx: &Ctx, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    let found = deemed(ctx).await?;
    let header = [
        Msg::new("deemed-server"),
        Msg::new("resource-layer"),
        Msg::new("deemed-by"),
        Msg::new("deemed-contract"),
        Msg::new("deemed-clause"),
        Msg::new("deemed-obstacle"),
        Msg::new("deemed-source"),
    ];
    let mut rows = Vec::new();
    for server in &found.servers {
        for row in &server.layers {
            let obstacle = row.duty.obstacle.map(|one| label("obstacle", one.key()));
            rows.push(vec![
                server.server.name.clone().unwrap_or_default(),
                tr(&label("layer", row.duty.layer.key())),
                row.vendor.clone().unwrap_or_default(),
                row.contract.clone().unwrap_or_default(),
                row.duty.clause.clone().unwrap_or_default(),
                tr(&obstacle.unwrap_or_else(|| Msg::new("deemed-nothing"))),
                tr(&Msg::new("deemed-check")),
            ]);
        }
    }
    let sheet = SheetOut { name: tr(&Msg::new("deemed-title")), header: header.iter().map(tr).collect(), rows };
    crate::export::written(ctx, "deemed.export", "deemed", sheet).await
}
