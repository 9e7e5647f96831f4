//! Vendors and the contracts with them.

use crate::{ReadTx, StoreError, TenantTx, WritesLedger};
use tomomori_domain::access::Granted;
use tomomori_domain::resource::{Contract, Vendor};

impl TenantTx {
    /// Inserts vendors, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when another vendor has the (folded) name.
    pub async fn put_vendors<P: WritesLedger>(&mut self, grant: &Granted<P>, vendors: &[Vendor]) -> Result<(), StoreError> {
        todo!()
    }

    /// Inserts contracts, or overwrites those whose ids exist.
    ///
    /// # Errors
    /// [`StoreError::Reference`] when a vendor does not exist.
    pub async fn put_contracts<P: WritesLedger>(&mut self, grant: &Granted<P>, contracts: &[Contract]) -> Result<(), StoreError> {
        todo!()
    }
}

impl ReadTx {
    /// All vendors, by folded name.
    ///
    /// # Errors
    /// Database errors.
    pub async fn vendors(&self) -> Result<Vec<Vendor>, StoreError> {
        todo!()
    }

    /// All contracts, by number.
    ///
    /// # Errors
    /// Database errors.
    pub async fn contracts(&self) -> Result<Vec<Contract>, StoreError> {
        todo!()
    }
}
