//! What the demo hospital has agreed: systems, terms of contracts and desks of vendors, from `demo/agreements.json`.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;
use tomomori_app::agreements::{self, systems, vendors};
use tomomori_app::{AppError, Ctx};
use tomomori_domain::agreement::{Terms, VendorCard};

#[derive(Deserialize)]
struct Agreed {
    /// Names of systems, of those the ledger suggests.
    systems: Vec<String>,
    terms: Vec<AgreedTerms>,
    vendors: Vec<Card>,
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
    let rows = vendors::list(ctx).await?;
    for Card { vendor, card } in agreed.vendors {
        let Some(row) = rows.iter().find(|row| row.vendor.name == vendor) else { continue };
        if vendors::vendor(ctx, row.vendor.id).await?.card.is_none() {
            vendors::put_card(ctx, row.vendor.id, 0, card).await?;
        }
    }
    Ok(())
}
