//! What the demo hospital has agreed: systems, terms of contracts, who updates its servers, desks of vendors, and what was talked about with two of them, from
//! `demo/agreements.json`.

use anyhow::{Context, Result};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use tomomori_app::agreements::{self, systems, vendors};
use tomomori_app::confirmation::{self, Duty, Entry};
use tomomori_app::grid::{self, Cell};
use tomomori_app::ledger::{self, PageRequest, ResourceFilter, ResourceSort};
use tomomori_app::{AppError, Ctx, editions};
use tomomori_domain::agreement::{Terms, VendorCard};
use tomomori_domain::resource::{Layer, Resource};

#[derive(Deserialize)]
struct Agreed {
    /// Names of systems, of those the ledger suggests.
    systems: Vec<String>,
    terms: Vec<AgreedTerms>,
    updates: Vec<Updates>,
    vendors: Vec<Card>,
    sessions: Vec<Talk>,
}

/// A confirmation session in the core set.
#[derive(Deserialize)]
struct Talk {
    /// Number of the contract; none = the hospital about itself.
    contract: Option<String>,
    first_talk: Date,
    /// By item.
    rows: BTreeMap<String, TalkRow>,
}

#[derive(Deserialize)]
struct TalkRow {
    /// 初回確認
    first: bool,
    hospital: Duty,
    vendor: Option<Duty>,
    clause: Option<String>,
}

#[derive(Deserialize)]
struct AgreedTerms {
    /// Number of the contract.
    contract: String,
    /// Names of the systems it covers.
    systems: Vec<String>,
    terms: Terms,
}

#[derive(Deserialize)]
struct Updates {
    /// Numbers or names of devices.
    devices: Vec<String>,
    layers: Vec<AgreedLayer>,
}

#[derive(Deserialize)]
struct AgreedLayer {
    layer: Layer,
    by: String,
    clause: Option<String>,
}

#[derive(Deserialize)]
struct Card {
    /// The vendor's name as in the ledger.
    vendor: String,
    card: VendorCard,
}

/// Sets up what is not there yet; what somebody has changed stays as it is.
pub(crate) async fn set_up(ctx: &Ctx, file: &Path) -> Result<()> {
    // A folder of other files need not have one.
    if !file.exists() {
        return Ok(());
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let agreed: Agreed = serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))?;
    for name in &agreed.systems {
        match systems::accept(ctx, name).await {
            // Other files, or a system somebody renamed: its field is suggested no more.
            Ok(_) | Err(AppError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let known = systems::list(ctx).await?.rows;
    let rows = agreements::contracts(ctx).await?.rows;
    for AgreedTerms { contract, systems, mut terms } in agreed.terms {
        let Some(row) = rows.iter().find(|row| row.contract.number == contract && row.clauses.is_none()) else {
            continue;
        };
        let covered = known.iter().filter(|row| systems.contains(&row.system.name));
        terms.systems = covered.map(|row| row.id).collect();
        agreements::put_terms(ctx, row.contract.id, 0, terms).await?;
    }
    update_duties(ctx, &agreed.updates).await?;
    let rows = vendors::list(ctx).await?;
    for Card { vendor, card } in agreed.vendors {
        let Some(row) = rows.iter().find(|row| row.vendor.name == vendor) else { continue };
        if vendors::vendor(ctx, row.vendor.id).await?.card.is_none() {
            vendors::put_card(ctx, row.vendor.id, 0, card).await?;
        }
    }
    for talk in agreed.sessions {
        talked(ctx, &talk, &agreements::contracts(ctx).await?.rows).await?;
    }
    Ok(())
}

/// Enters a session that is not there yet.
async fn talked(ctx: &Ctx, talk: &Talk, contracts: &[agreements::ContractRow]) -> Result<()> {
    let contract = match &talk.contract {
        None => None,
        Some(number) => match contracts.iter().find(|row| row.contract.number == *number) {
            Some(row) => Some(row.contract.id),
            // Other files: no such contract.
            None => return Ok(()),
        },
    };
    // On a clock that is behind, the talk was today.
    let day = talk.first_talk.min(ctx.today());
    let id = confirmation::start(ctx, editions::DEFAULT, contract, day).await?;
    let mut revision = confirmation::view(ctx, id).await?.session.revision;
    if revision > 1 {
        return Ok(());
    }
    let first = talk.rows.iter().map(|(key, row)| (key.clone(), row.first)).collect();
    revision = confirmation::first(ctx, id, revision, &first).await?;
    for (key, row) in &talk.rows {
        let entry =
            Entry { hospital: Some(row.hospital), vendor: row.vendor, clause: row.clause.clone(), ..Entry::default() };
        revision = confirmation::save(ctx, id, revision, key, &entry).await?;
    }
    Ok(())
}

/// Writes as one step who updates which layer, on devices of which nobody has said it yet.
async fn update_duties(ctx: &Ctx, updates: &[Updates]) -> Result<()> {
    let page = PageRequest { after: None, limit: 500 };
    let devices = ledger::list(ctx, &ResourceFilter::default(), ResourceSort::Name, &page).await?.page.rows;
    let mut cells = Vec::new();
    for Updates { devices: named, layers } in updates {
        let meant = |device: &Resource| {
            named.contains(&device.name) || device.asset_number.as_ref().is_some_and(|n| named.contains(n))
        };
        for device in devices.iter().map(|row| &row.resource).filter(|row| row.updates.is_empty() && meant(row)) {
            for AgreedLayer { layer, by, clause } in layers {
                let cell = |column: &str, text: &str| Cell {
                    resource: device.id,
                    column: format!("{}_{column}", layer.key()),
                    text: text.to_owned(),
                };
                cells.push(cell("updated_by", by));
                cells.extend(clause.as_ref().map(|clause| cell("clause", clause)));
            }
        }
    }
    let revision = grid::preview(ctx, &cells).await?.revision;
    grid::write(ctx, &cells, revision).await?;
    Ok(())
}
