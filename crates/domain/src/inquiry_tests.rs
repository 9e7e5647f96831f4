//! Answers held three-way, and taken over.

use super::*;
use crate::confirmation::{First, Standing};
use crate::ids::ContractId;
use jiff::civil::date;
use proptest::prelude::*;

fn answer(duty: Option<Duty>) -> Answer {
    Answer { duty, ..Answer::default() }
}

fn asked(hospital: Option<Duty>, vendor: Option<Duty>) -> AskedItem {
    AskedItem {
        key: "T01".into(),
        number: "1".into(),
        group: "G".into(),
        title: "台帳".into(),
        text: None,
        response: None,
        hospital,
        vendor: answer(vendor),
        hospital_note: None,
    }
}

fn inquiry(item: AskedItem) -> Inquiry {
    Inquiry {
        session: Uuid::nil(),
        code: "c".into(),
        hospital: "病院".into(),
        vendor: VendorId::generate(),
        vendor_name: "北都".into(),
        vendor_tenant: None,
        hospital_tenant: None,
        contract: "K-1 保守".into(),
        contract_from: None,
        edition: "e".into(),
        edition_title: "E".into(),
        first_talk: date(2026, 11, 1),
        items: vec![item],
        joints: Vec::new(),
        note: String::new(),
        due: date(2026, 12, 1),
        by: "佐々木".into(),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn session(hospital: Option<Duty>, vendor: Option<Duty>) -> Session {
    let row = Row { roles: Roles { hospital, vendor, clause: None }, ..Row::default() };
    Session {
        edition: "e".into(),
        contract: Some(ContractId::generate()),
        vendor: None,
        plan: None,
        first_talk: date(2026, 11, 1),
        rows: [("T01".to_owned(), row)].into(),
    }
}

fn reply(vendor: Option<Duty>, agrees: bool) -> Reply {
    let said = ReplyItem { answer: answer(vendor), agrees };
    Reply {
        by: "田村".into(),
        on: date(2026, 11, 20),
        means: Means::File,
        file: Some("回答.xlsx".into()),
        hash: None,
        entered_by: Some("佐々木".into()),
        items: [("T01".to_owned(), said)].into(),
        joints: Vec::new(),
        note: None,
        faults: Vec::new(),
        decided: BTreeMap::new(),
    }
}

#[test]
fn three_way() {
    use Duty::{Does, Helps, Informed, Not};
    for (then, now, theirs, hospital_now, wanted) in [
        (None, None, Some(Does), Some(Informed), Merge::Theirs),
        (Some(Does), Some(Does), Some(Does), Some(Informed), Merge::Same),
        (None, Some(Does), Some(Does), Some(Informed), Merge::Same),
        (None, Some(Helps), Some(Does), Some(Informed), Merge::Conflict),
        (Some(Does), Some(Helps), Some(Not), Some(Informed), Merge::Conflict),
        (Some(Does), Some(Does), Some(Not), Some(Does), Merge::Moved),
        (Some(Does), Some(Does), Some(Does), Some(Does), Merge::Moved),
    ] {
        let merged = merge(&inquiry(asked(Some(Informed), then)), &session(hospital_now, now), &reply(theirs, false));
        assert_eq!(merged[0].merge, wanted, "{then:?} {now:?} {theirs:?} {hospital_now:?}");
    }
}

#[test]
fn an_agreement_is_to_what_was_shown() {
    let shown = asked(Some(Duty::Informed), None);
    for (hospital_now, agreed) in [(Some(Duty::Informed), true), (Some(Duty::Does), false), (None, false)] {
        let session = session(hospital_now, None);
        let mut row = session.rows["T01"].clone();
        let reply = reply(Some(Duty::Does), true);
        take(&mut row, &shown, &reply.items["T01"], &reply, &session, Timestamp::UNIX_EPOCH);
        assert_eq!(row.roles.vendor, Some(Duty::Does));
        assert_eq!(row.roles.hospital, hospital_now, "the hospital's part is the hospital's");
        assert_eq!(row.vendor_agreed.is_some(), agreed, "{hospital_now:?}");
        assert!(row.vendor_agreed.iter().all(|agreed| agreed.entered_by.as_deref() == Some("佐々木")));
        assert_eq!(row.proposals.len(), 1);
    }
}

#[test]
fn an_answer_never_touches_the_first_confirmation() {
    let session = session(Some(Duty::Informed), None);
    let first = First { yes: false, on: date(2026, 11, 1), by: "佐々木".into() };
    let mut row = Row { first: Some(first.clone()), ..session.rows["T01"].clone() };
    let reply = reply(Some(Duty::Does), true);
    take(&mut row, &asked(Some(Duty::Informed), None), &reply.items["T01"], &reply, &session, Timestamp::UNIX_EPOCH);
    assert_eq!((row.first.as_ref(), row.standing()), (Some(&first), Standing::Open));
}

fn duties() -> impl Strategy<Value = Option<Duty>> {
    prop::option::of(prop::sample::select(Duty::ALL))
}

proptest! {
    /// Taking an answer over and holding it against the session again finds nothing left to do.
    #[test]
    fn what_was_taken_over_is_the_same(then in duties(), now in duties(), theirs in duties(), hospital in duties()) {
        let (inquiry, mut session, reply) =
            (inquiry(asked(hospital, then)), session(hospital, now), reply(theirs, true));
        let mut row = session.rows["T01"].clone();
        take(&mut row, &inquiry.items[0], &reply.items["T01"], &reply, &session, Timestamp::UNIX_EPOCH);
        prop_assert_eq!(row.vendor_agreed.is_some(), hospital.is_some() && theirs.is_some());
        session.rows.insert("T01".into(), row);
        prop_assert_eq!(merge(&inquiry, &session, &reply)[0].merge, Merge::Same);
    }
}
