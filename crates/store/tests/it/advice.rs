//! Requests, answers and envelopes come back as written.

use crate::story::Small;
use tomomori_domain::access::{Actor, permission};
use tomomori_domain::advice::{AdviceItem, AdviceRequest, Answer, Confirmation, Item, ItemState, Part, Shared, Values};
use tomomori_domain::ids::{AdviceId, AdviceItemId};
use tomomori_store::AuditEvent;
use tomomori_testkit::TestDb;

/// A request a tenant sends to itself: the tables of both sides.
pub(crate) async fn fill(test: &TestDb, actor: &Actor, small: &Small) {
    let (ask, answer) =
        (actor.require::<permission::AskAdvice>().unwrap(), actor.require::<permission::AnswerAdvice>().unwrap());
    let (vendor, day) = (small.vendor.id, "2026-11-24".parse().unwrap());
    let request = AdviceRequest {
        id: AdviceId::generate(),
        vendor,
        vendor_name: small.vendor.name.clone(),
        vendor_tenant: Some(actor.tenant),
        code: format!("code-{}", actor.tenant),
        part: Part::default(),
        note: String::new(),
        due: day,
        asked_by: "佐々木".to_owned(),
        asked: test.clock.now(),
        answered: None,
    };
    let item = AdviceItem {
        id: AdviceItemId::generate(),
        request: request.id,
        item: Item::Remark { subject: None, text: "x".to_owned() },
        by: "田村".to_owned(),
        on: day,
        file: None,
        entered_by: "田村".to_owned(),
        state: ItemState::Open,
        reason: None,
        decided_by: None,
    };
    let said = Answer { code: request.code.clone(), by: "田村".to_owned(), on: day, items: vec![item.item.clone()] };
    let mut tx = test.db.tenant(actor).await.unwrap();
    tx.set_share_grants(&ask, vendor, &[(small.server.id, Some(Shared::Name))]).await.unwrap();
    tx.link_vendor(&ask, vendor, Some(actor.tenant)).await.unwrap();
    let confirmation = Confirmation {
        resource: small.server.id,
        vendor,
        vendor_name: small.vendor.name.clone(),
        on: day,
        by: "田村".to_owned(),
        file: None,
        values: Values::new(),
    };
    tx.put_confirmations(&ask, std::slice::from_ref(&confirmation)).await.unwrap();
    tx.commit().await.unwrap();
    let mut system = test.db.system("test").await.unwrap();
    let event = AuditEvent::new("advice.ask", "request".to_owned());
    system.send_advice_request(actor, &ask, &request, "A病院", event).await.unwrap();
    system.send_advice_answer(actor, &answer, request.id, &said, std::slice::from_ref(&item)).await.unwrap();
    system.commit().await.unwrap();
    let read = test.db.read(actor).await.unwrap();
    let back = read.advice_request(request.id).await.unwrap();
    assert_eq!(back, AdviceRequest { answered: Some(test.clock.now()), ..request });
    assert_eq!(read.advice_items(back.id).await.unwrap(), [item]);
    assert_eq!(read.confirmations().await.unwrap(), [confirmation]);
    assert_eq!(read.envelope(back.id).await.unwrap().answer, Some(said));
}
