//! Documents: versions stay, the newest is in force, and two writers of one version do not overwrite each other.

use tomomori_domain::access::permission::WriteAgreements;
use tomomori_domain::agreement::{System, VendorCard};
use tomomori_store::StoreError;
use tomomori_testkit::for_both_databases;
use uuid::Uuid;

fn system(name: &str) -> System {
    System { name: name.to_owned(), resources: Vec::new(), retired: false }
}

#[tokio::test]
async fn every_version_stays_and_a_stale_writer_is_refused() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        let grant = a.require::<WriteAgreements>().unwrap();
        let id = Uuid::now_v7();
        let write = async |from: i64, name: &str| {
            let mut tx = test.db.tenant(&a).await.unwrap();
            let done = tx.put_document(&grant, id, from, &system(name)).await?;
            tx.commit().await.map(|()| done)
        };
        assert_eq!(write(0, "レセプト").await.unwrap(), 1);
        assert_eq!(write(1, "レセコン").await.unwrap(), 2);
        for stale in [0, 1, 3] {
            let told = write(stale, "遅れた人").await.unwrap_err();
            assert!(matches!(told, StoreError::Stale("document")), "{stale}: {told:?}");
        }
        let tx = test.db.read(&a).await.unwrap();
        let newest = tx.document::<System>(id).await.unwrap();
        assert_eq!((newest.revision, newest.content.name.as_str()), (2, "レセコン"));
        assert_eq!(tx.documents::<System>().await.unwrap(), [newest]);
        let names = tx.document_versions::<System>(id).await.unwrap();
        assert_eq!(names.iter().map(|old| old.content.name.as_str()).collect::<Vec<_>>(), ["レセプト", "レセコン"]);
        assert_eq!(tx.document_at::<System>(id, 1).await.unwrap().content.name, "レセプト");
        // The same id as another kind is another document, and another tenant has neither.
        assert!(tx.document_if_any::<VendorCard>(id).await.unwrap().is_none());
        let tx = test.db.read(&b).await.unwrap();
        assert!(matches!(tx.document::<System>(id).await, Err(StoreError::NotFound(_))));
        assert!(tx.documents::<System>().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_document_has_a_largest_size_and_another_tenants_right_is_no_right() {
    for_both_databases(async |test| {
        let (a, b) = (test.tenant("A病院").await, test.tenant("B病院").await);
        let mut tx = test.db.tenant(&a).await.unwrap();
        let huge = system(&"あ".repeat(2 << 20));
        let told = tx.put_document(&a.require::<WriteAgreements>().unwrap(), Uuid::now_v7(), 0, &huge).await;
        assert!(matches!(told, Err(StoreError::TooLarge { .. })), "{told:?}");
        let told = tx.put_document(&b.require::<WriteAgreements>().unwrap(), Uuid::now_v7(), 0, &system("x")).await;
        assert!(matches!(told, Err(StoreError::WrongTenant)), "{told:?}");
    })
    .await;
}
