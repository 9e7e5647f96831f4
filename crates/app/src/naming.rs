//! Asks the catalogue again for products it did not know when a list was imported.
//!
//! A ledger may be older than the first catalogue, and every catalogue knows more names. What a source or a person said
//! stays; only components without a product are asked for.

use crate::import::plan::Names;
use crate::{AppError, CatalogueNames, Ctx};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tomomori_catalogue::Catalogue;
use tomomori_domain::access::permission::WriteLedger;
use tomomori_domain::ids::{ComponentId, ResourceId};
use tomomori_domain::resource::{Component, Layer, ProductChoice, Resource};
use tomomori_store::{AuditEvent, Ledger};

/// Names the components that `catalogue` knows and earlier ones did not. Part of matching a new catalogue.
pub(crate) async fn name_again(ctx: &Ctx, catalogue: &Arc<Catalogue>) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    let ledger = tx.ledger().await?;
    let names = CatalogueNames::new(Some(Arc::clone(catalogue)));
    let named = tokio::task::spawn_blocking(move || newly_named(&ledger, &names)).await.map_err(AppError::internal)?;
    if named.is_empty() {
        return Ok(());
    }
    tx.put_components(&grant, &named).await?;
    let details = serde_json::json!({ "components": named.len() });
    let event = AuditEvent { action: "ledger.name", subject: "ledger".to_owned(), details, personal: Vec::new() };
    tx.audit(event).await?;
    Ok(tx.commit().await?)
}

/// Components that get a product now, and the hardware that a firmware's name tells.
fn newly_named(ledger: &Ledger, names: &dyn Names) -> Vec<Component> {
    let devices: HashMap<ResourceId, &Resource> = ledger.resources.iter().map(|row| (row.id, row)).collect();
    let key = |component: &Component| Some((component.resource, component.product.as_ref()?.key.clone()));
    let mut known: HashSet<(ResourceId, String)> = ledger.components.iter().filter_map(key).collect();
    let mut named = Vec::new();
    for component in ledger.components.iter().filter(|component| component.product.is_none()) {
        let maker = devices.get(&component.resource).filter(|_| component.layer == Layer::Firmware);
        let maker = maker.and_then(|device| device.maker.as_deref());
        let model = names.product(maker, &component.text);
        // A version that names the firmware (`FortiOS 5.6.5`) says which software it is; the model is then the hardware.
        let firmware = component.version.as_deref().and_then(|version| firmware_in_version(names, maker, version));
        let hardware = match &model {
            Some(model) => {
                model.hardware.clone().or_else(|| Some(model.choice.clone()).filter(|c| c.key.starts_with("h:")))
            }
            None => None,
        };
        let (choice, version, text) = match (firmware, model) {
            (Some((choice, version, text)), _) => (choice, Some(version), text),
            (None, Some(model)) => (model.choice, component.version.clone().or(model.version), component.text.clone()),
            (None, None) => continue,
        };
        known.insert((component.resource, choice.key.clone()));
        named.push(Component { product: Some(choice), version, text, ..component.clone() });
        if let Some(hardware) = hardware
            && known.insert((component.resource, hardware.key.clone()))
        {
            let id = ComponentId::generate();
            named.push(Component { id, product: Some(hardware), version: None, purl: None, ..component.clone() });
        }
    }
    named
}

/// Product, version and name of the firmware that a version column names.
pub(crate) fn firmware_in_version(
    names: &dyn Names,
    maker: Option<&str>,
    version: &str,
) -> Option<(ProductChoice, String, String)> {
    let (name, own) = names.split_version(version);
    let named = names.product(maker, &name).filter(|_| name.chars().filter(|c| c.is_alphabetic()).count() >= 3)?;
    own.filter(|_| !named.choice.key.starts_with("h:")).map(|own| (named.choice, own, name))
}
