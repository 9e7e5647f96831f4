//! Vendors and the contracts with them.

use crate::entity::{contract, vendor};
use crate::{ReadTx, StoreError, TenantTx, WritesLedger, codec};
use sea_orm::QueryOrder;
use tomomori_domain::access::Granted;
use tomomori_domain::ids::{ContractId, VendorId};
use tomomori_domain::resource::{Contract, Vendor};
use tomomori_domain::text;

impl TenantTx {
    /// Inserts vendors, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when another vendor has the (folded) name.
    pub async fn put_vendors<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        vendors: &[Vendor],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let rows = vendors.iter().map(|vendor| vendor::Model {
            tenant_id: self.tenant(),
            id: vendor.id.0,
            name: vendor.name.clone(),
            name_fold: text::fold(&vendor.name),
            field: vendor.field.clone(),
            contact: vendor.contact.clone(),
        });
        self.put::<vendor::Entity>(rows.collect()).await
    }

    /// Inserts contracts, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a vendor does not exist.
    pub async fn put_contracts<P: WritesLedger>(
        &mut self,
        grant: &Granted<P>,
        contracts: &[Contract],
    ) -> Result<(), StoreError> {
        self.writes_ledger(grant).await?;
        let ids: Vec<_> = contracts.iter().map(|contract| contract.id.0).collect();
        self.lists_of_contracts(&ids).await?;
        let rows = contracts.iter().map(|contract| contract::Model {
            tenant_id: self.tenant(),
            id: contract.id.0,
            number: contract.number.clone(),
            title: contract.title.clone(),
            vendor_id: contract.vendor.0,
            starts_on: contract.starts_on.map(|date| date.to_string()),
            ends_on: contract.ends_on.map(|date| date.to_string()),
            update_clause: contract.update_clause.clone(),
        });
        self.put::<contract::Entity>(rows.collect()).await
    }
}

impl ReadTx {
    /// All vendors, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn vendors(&self) -> Result<Vec<Vendor>, StoreError> {
        let query =
            self.find::<vendor::Entity>().order_by_asc(vendor::Column::NameFold).order_by_asc(vendor::Column::Id);
        Ok(query.all(&self.conn).await?.into_iter().map(from_vendor).collect())
    }

    /// All contracts, by number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn contracts(&self) -> Result<Vec<Contract>, StoreError> {
        let query =
            self.find::<contract::Entity>().order_by_asc(contract::Column::Number).order_by_asc(contract::Column::Id);
        query.all(&self.conn).await?.into_iter().map(from_contract).collect()
    }
}

fn from_vendor(row: vendor::Model) -> Vendor {
    Vendor { id: VendorId(row.id), name: row.name, field: row.field, contact: row.contact }
}

fn from_contract(row: contract::Model) -> Result<Contract, StoreError> {
    Ok(Contract {
        id: ContractId(row.id),
        number: row.number,
        title: row.title,
        vendor: VendorId(row.vendor_id),
        starts_on: codec::opt_date(row.starts_on.as_deref())?,
        ends_on: codec::opt_date(row.ends_on.as_deref())?,
        update_clause: row.update_clause,
    })
}
