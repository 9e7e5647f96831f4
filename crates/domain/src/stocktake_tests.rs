//! Tables for the rules of a round.

use super::*;
use jiff::civil::date;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn item(name: &str, zone: Option<&str>, location: Option<&str>) -> Item {
    Item {
        id: StocktakeItemId::generate(),
        resource: ResourceId::generate(),
        name: name.to_owned(),
        asset_number: None,
        product: None,
        serial: None,
        zone: zone.map(str::to_owned),
        location: location.map(str::to_owned),
        owner: None,
        due: None,
        settled: None,
    }
}

fn answer(item: Option<StocktakeItemId>, outcome: Outcome, second: i64) -> Answer {
    Answer {
        id: AnswerId::generate(),
        item,
        outcome,
        place: None,
        note: None,
        name: None,
        kind: None,
        label: None,
        at: at(second),
        by: "佐々木".to_owned(),
        means: Means::Phone,
    }
}

fn round(items: Vec<Item>, answers: Vec<Answer>) -> Round {
    let stocktake = Stocktake {
        id: StocktakeId::generate(),
        name: "2026年度 定期棚卸".to_owned(),
        year: 2026,
        started_at: at(0),
        started_by: "佐々木".to_owned(),
        scope: Scope::default(),
        due: None,
        closed_at: None,
        closed_by: None,
        step: None,
    };
    Round::new(stocktake, items, answers)
}

#[test]
fn the_latest_answer_by_time_stands_in_whatever_order_they_arrive() {
    let pc = item("受付PC", None, None);
    let early = answer(Some(pc.id), Outcome::Missing, 10);
    let late = answer(Some(pc.id), Outcome::Found, 20);
    let same_time = answer(Some(pc.id), Outcome::Missing, 20);
    for order in [[&early, &late, &late], [&late, &early, &late], [&late, &late, &early]] {
        let made = round(vec![pc.clone()], order.into_iter().cloned().collect());
        assert_eq!(made.lines[0].answer.as_ref(), Some(&late));
    }
    let one = round(vec![pc.clone()], vec![late.clone(), same_time.clone()]);
    let other = round(vec![pc], vec![same_time, late]);
    assert_eq!(one.lines, other.lines, "among equal times the order of arrival plays no part");
}

#[test]
fn a_walk_goes_by_place_and_ends_with_what_has_none() {
    let items = vec![
        item("d", None, None),
        item("c", Some("病棟"), None),
        item("b", Some("病棟"), Some("3階")),
        item("a", Some("サーバ室"), Some("ラック2")),
        item("ＢＢ", Some("病棟"), Some("3階")),
    ];
    let made = round(items, Vec::new());
    let names: Vec<Vec<&str>> =
        made.places().iter().map(|lines| lines.iter().map(|line| line.item.name.as_str()).collect()).collect();
    assert_eq!(names, [vec!["a"], vec!["b", "ＢＢ"], vec!["c"], vec!["d"]]);
}

#[test]
fn unanswered_is_counted_as_open_and_never_as_found() {
    let items: Vec<Item> = (0..5).map(|n| item(&n.to_string(), None, None)).collect();
    let outcomes = [Outcome::Found, Outcome::Elsewhere, Outcome::Missing];
    let answers = items.iter().zip(outcomes).map(|(item, outcome)| answer(Some(item.id), outcome, 1)).collect();
    let tally = round(items, answers).tally();
    assert_eq!(tally, Tally { all: 5, found: 1, elsewhere: 1, missing: 1 });
    assert_eq!((tally.done(), tally.open()), (3, 2));
}

#[test]
fn only_what_was_seen_reaches_the_ledger() {
    let items: Vec<Item> = (0..4).map(|n| item(&n.to_string(), None, None)).collect();
    let moved = Answer { place: Some("倉庫".to_owned()), ..answer(Some(items[1].id), Outcome::Elsewhere, 1) };
    let answers = vec![
        answer(Some(items[0].id), Outcome::Found, 1),
        moved,
        answer(Some(items[2].id), Outcome::Missing, 1),
        answer(None, Outcome::Extra, 1),
    ];
    let (found, elsewhere) = (items[0].resource, items[1].resource);
    let made = round(items, answers);
    let on = date(2026, 11, 24);
    let mut want = vec![
        Seen { resource: found, on, moved_to: None },
        Seen { resource: elsewhere, on, moved_to: Some("倉庫".to_owned()) },
    ];
    want.sort_by_key(|seen| seen.resource);
    assert_eq!(made.seen(|_| on), want);
    assert_eq!(made.extras.len(), 1);
}

#[test]
fn what_an_answer_needs() {
    let id = Some(StocktakeItemId::generate());
    let some = |text: &str| Some(text.to_owned());
    for (given, want) in [
        (answer(id, Outcome::Found, 0), Ok(())),
        (answer(id, Outcome::Missing, 0), Ok(())),
        (answer(None, Outcome::Found, 0), Err(AnswerFault::Item)),
        (answer(id, Outcome::Extra, 0), Err(AnswerFault::Item)),
        (answer(id, Outcome::Elsewhere, 0), Err(AnswerFault::NoPlace)),
        (Answer { place: some("　"), ..answer(id, Outcome::Elsewhere, 0) }, Err(AnswerFault::NoPlace)),
        (Answer { place: some("倉庫"), ..answer(id, Outcome::Elsewhere, 0) }, Ok(())),
        (answer(None, Outcome::Extra, 0), Err(AnswerFault::NoName)),
        (Answer { name: some("無線ルータ"), ..answer(None, Outcome::Extra, 0) }, Ok(())),
        (Answer { note: some(&"あ".repeat(501)), ..answer(id, Outcome::Found, 0) }, Err(AnswerFault::TooLong)),
    ] {
        let shown = format!("{given:?}");
        assert_eq!(given.checked().map(|_| ()), want, "{shown}");
    }
    // A place typed before the button was changed says nothing about a device that stands where it should.
    let found = Answer { place: some("倉庫"), name: some("x"), ..answer(id, Outcome::Found, 0) };
    assert_eq!(found.checked().map(|a| (a.place, a.name)), Ok((None, None)));
}

#[test]
fn times_of_phones_are_bounded_by_round_and_now() {
    for (ago, want) in
        [(0, 100), (40_000, 60), (-5_000, 100), (i64::MAX, 0), (i64::MIN, 100), (100_000, 0), (200_000, 0)]
    {
        assert_eq!(given_at(at(100), ago, at(0)), at(want), "{ago}");
    }
}

#[test]
fn the_scope_says_what_is_looked_for() {
    let zone = ZoneId::generate();
    let vendor = VendorId::generate();
    let mut pc = Resource::named(ResourceId::generate(), "受付PC".to_owned());
    pc.kind = ResourceKind::Client;
    pc.zone = Some(zone);
    pc.location = Some("1階 受付".to_owned());
    let in_state = |state| Resource { state: Some(state), ..pc.clone() };
    let cloud = Resource { kind: ResourceKind::Cloud, ..pc.clone() };
    let all = Scope::default();
    let of = |kinds: Vec<ResourceKind>| Scope { kinds, ..Scope::default() };
    for (scope, device, want) in [
        (&all, &pc, true),
        (&all, &in_state(ResourceState::Retired), false),
        (&all, &in_state(ResourceState::Planned), false),
        (&all, &in_state(ResourceState::Repair), true),
        (&all, &cloud, false),
        (&of(vec![ResourceKind::Cloud]), &cloud, true),
        (&of(vec![ResourceKind::Server]), &pc, false),
        (&Scope { zones: vec![zone], ..Scope::default() }, &pc, true),
        (&Scope { zones: vec![ZoneId::generate()], ..Scope::default() }, &pc, false),
        (&Scope { locations: vec!["1階 受付".to_owned()], ..Scope::default() }, &pc, true),
        (&Scope { locations: vec!["1階".to_owned()], ..Scope::default() }, &pc, false),
        (&Scope { vendor: Some(vendor), ..Scope::default() }, &pc, false),
        (
            &Scope { vendor: Some(vendor), ..Scope::default() },
            &Resource { maintained_by: Some(vendor), ..pc.clone() },
            true,
        ),
    ] {
        assert_eq!(scope.holds(device), want, "{scope:?} {device:?}");
    }
}
