//! What one tenant owns, no other sees, changes or points to.

use crate::story::{Small, raw, software};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use tomomori_domain::access::permission;
use tomomori_store::{Engine, ResourceFilter, ResourceSort, StoreError};
use tomomori_testkit::for_both_databases;

#[tokio::test]
async fn a_ledger_comes_back_as_written_and_only_to_its_owner() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        let small = Small::new();
        small.write(&test.db, &a).await;

        let ledger = test.db.read(&a).await.unwrap().ledger().await.unwrap();
        assert_eq!(ledger.revision, 1);
        assert_eq!(ledger.resources, [small.server.clone(), small.gateway.clone()]);
        assert_eq!(ledger.components, [small.component.clone()]);
        assert_eq!(ledger.zones, [small.zone.clone()]);
        assert_eq!(ledger.vendors, [small.vendor.clone()]);
        assert_eq!(ledger.contracts, [small.contract.clone()]);
        assert_eq!(ledger.lines, [small.line.clone()]);
        assert_eq!(ledger.services, [small.service.clone()]);

        let other = test.db.read(&b).await.unwrap();
        let ledger = other.ledger().await.unwrap();
        assert_eq!((ledger.revision, ledger.resources.len(), ledger.components.len()), (0, 0, 0));
        assert_eq!((ledger.zones.len(), ledger.vendors.len(), ledger.contracts.len()), (0, 0, 0));
        assert_eq!((ledger.lines.len(), ledger.services.len()), (0, 0));
        assert!(matches!(other.resource(small.server.id).await, Err(StoreError::NotFound(_))));
        assert!(matches!(other.resource_detail(small.server.id).await, Err(StoreError::NotFound(_))));
        let page = other.list_resources(&ResourceFilter::default(), ResourceSort::Name, &Default::default()).await;
        assert!(page.unwrap().rows.is_empty());
    })
    .await;
}
