//! Software on resources.

use crate::entity::component as row;
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ComponentId, ResourceId};
use tomomori_domain::resource::{ChoiceBy, Component, Layer, ProductChoice};
use tomomori_domain::text;

impl TenantTx {
    /// Inserts components, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a resource does not exist.
    pub async fn put_components<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        components: &[Component],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        self.stale.extend(components.iter().map(|component| component.resource.0));
        let rows = components.iter().map(|component| row::Model {
            tenant_id: self.tenant(),
            id: component.id.0,
            resource_id: component.resource.0,
            layer: component.layer.key().to_owned(),
            text: component.text.clone(),
            text_fold: text::fold(&component.text),
            version: component.version.clone(),
            purl: component.purl.clone(),
            product_key: component.product.as_ref().map(|product| product.key.clone()),
            product_by: component.product.as_ref().map(|product| product.by.key().to_owned()),
            product_score: component.product.as_ref().map(|product| i32::from(product.score)),
        });
        self.put::<row::Entity>(rows.collect()).await
    }
}

impl ReadTx {
    /// Components of one resource, by layer and text.
    ///
    /// # Errors
    /// Database errors.
    pub async fn components_of(&self, resource: ResourceId) -> Result<Vec<Component>, StoreError> {
        let rows = self
            .find::<row::Entity>()
            .filter(row::Column::ResourceId.eq(resource.0))
            .order_by_asc(row::Column::TextFold)
            .order_by_asc(row::Column::Id)
            .all(&self.conn)
            .await?;
        let mut components = rows.into_iter().map(component).collect::<Result<Vec<_>, _>>()?;
        components.sort_by_key(|component| component.layer);
        Ok(components)
    }

    /// All components of the tenant.
    ///
    /// # Errors
    /// Database errors.
    pub async fn components(&self) -> Result<Vec<Component>, StoreError> {
        let query = self.find::<row::Entity>().order_by_asc(row::Column::Id);
        query.all(&self.conn).await?.into_iter().map(component).collect()
    }
}

fn component(row: row::Model) -> Result<Component, StoreError> {
    let product = match (row.product_key, row.product_by, row.product_score) {
        (Some(key), Some(by), Some(score)) => Some(ProductChoice {
            key,
            by: codec::key("choice", &by, ChoiceBy::from_key)?,
            score: codec::percent(score),
        }),
        _ => None,
    };
    Ok(Component {
        id: ComponentId(row.id),
        resource: ResourceId(row.resource_id),
        layer: codec::key("layer", &row.layer, Layer::from_key)?,
        text: row.text,
        version: row.version,
        purl: row.purl,
        product,
    })
}
