//! Small changes move little, and what a person pinned stays.

use crate::check::check;
use crate::hospitals::{self, Dice};
use crate::quality::all;
use crate::sample::any_diagram;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tomomori_diagram::{Arrangement, Cell, Diagram, Layout, LineKind, Point, ZonePlace, layout, layout_from};

/// What differs between two pictures, of nodes and zones that both have.
#[derive(Debug, Default)]
struct Moved {
    nodes: usize,
    /// Other row or column.
    cells: usize,
    /// Further than a track's height from where they stood in their zone.
    far: usize,
    zones: usize,
}

impl Moved {
    fn add(&mut self, a: &Layout, b: &Layout) {
        let zones = |l: &Layout| -> BTreeMap<String, (i32, i32)> {
            l.zones.iter().map(|zone| (zone.key.clone(), (zone.rect.x, zone.rect.y))).collect()
        };
        let places = |l: &Layout| -> BTreeMap<String, (String, (i32, i32))> {
            let zones = zones(l);
            let place = |node: &tomomori_diagram::NodeBox| {
                let zone = zones.get(&node.node.zone).copied().unwrap_or_default();
                (node.node.key.clone(), (node.node.zone.clone(), (node.rect.x - zone.0, node.rect.y - zone.1)))
            };
            l.nodes.iter().map(place).collect()
        };
        let cell = |l: &Layout, zone: &str, key: &str| l.arrangement.zones[zone].cells.get(key).copied();
        let (old, new) = (places(a), places(b));
        for (key, (zone, at)) in &old {
            let Some((now_in, now)) = new.get(key).filter(|(now_in, _)| now_in == zone) else { continue };
            self.nodes += 1;
            self.cells += usize::from(cell(a, zone, key) != cell(b, now_in, key));
            self.far += usize::from((at.0 - now.0).abs() > 8 || (at.1 - now.1).abs() > 8);
        }
        for (key, place) in &a.arrangement.zones {
            let now = b.arrangement.zones.get(key);
            self.zones += usize::from(now.is_some_and(|now| (now.stack, now.pos) != (place.stack, place.pos)));
        }
    }
}

fn add_one(d: &Diagram, dice: &mut Dice) -> Diagram {
    let mut d = d.clone();
    let (at, key) = (dice.below(d.nodes.len()), format!("new{}", d.nodes.len()));
    let mut node = d.nodes[at].clone();
    let up = d.lines.iter().find(|line| line.kind == LineKind::Uplink && line.from == node.key).map(|l| l.to.clone());
    (node.key, node.name) = (key.clone(), "新しい装置".into());
    d.nodes.push(node);
    d.lines.extend(up.map(|up| hospitals::line(&key, &up, "", LineKind::Uplink)));
    d
}

fn remove_one(d: &Diagram, dice: &mut Dice) -> Diagram {
    let mut d = d.clone();
    let gone = d.nodes.remove(dice.below(d.nodes.len())).key;
    d.lines.retain(|line| line.from != gone && line.to != gone);
    d
}

fn rename_one(d: &Diagram, dice: &mut Dice) -> Diagram {
    let mut d = d.clone();
    let at = dice.below(d.nodes.len());
    d.nodes[at].name = format!("あ {at}");
    d
}

#[test]
fn one_node_more_or_less_moves_little() {
    type Change = fn(&Diagram, &mut Dice) -> Diagram;
    let changes: [(&str, Change, usize); 3] =
        [("added", add_one, 4), ("removed", remove_one, 4), ("renamed", rename_one, 0)];
    for (name, change, far) in changes {
        let (mut fresh, mut kept) = (Moved::default(), Moved::default());
        for (i, d) in all().enumerate().take(16) {
            let mut dice = Dice::new(100 + i as u64);
            let before = layout(&d);
            for _ in 0..3 {
                let changed = change(&d, &mut dice);
                fresh.add(&before, &layout(&changed));
                let after = layout_from(&changed, &before.arrangement);
                check(&after);
                kept.add(&before, &after);
            }
        }
        println!("one node {name}: anew {fresh:?}; from the arrangement {kept:?}");
        assert_eq!((kept.cells, kept.zones), (0, 0), "{name}");
        assert!(kept.far * 100 <= kept.nodes * far, "{name}: {kept:?}");
    }
}

#[test]
fn growing_past_a_spacing_redraws_nothing() {
    let d = hospitals::hospital(7, 55);
    let mut dice = Dice::new(1);
    let first = layout(&d);
    let (mut d, mut before) = (d, first.clone());
    for _ in 0..12 {
        d = add_one(&d, &mut dice);
        before = layout_from(&d, &before.arrangement);
    }
    assert!(d.nodes.len() > 60);
    let mut moved = Moved::default();
    moved.add(&first, &before);
    assert_eq!((moved.cells, moved.zones, before.arrangement.spacing), (0, 0, first.arrangement.spacing), "{moved:?}");
}

#[test]
fn pins_survive() {
    let d = hospitals::hospital(3, 120);
    let mut arrangement = layout(&d).arrangement;
    let zone = arrangement.zones.get_mut("srv").unwrap();
    let keys: Vec<String> = zone.cells.keys().cloned().collect();
    let (pinned, other) = (keys[3].clone(), keys[9].clone());
    let target = Cell { pinned: true, ..zone.cells[&other] };
    zone.cells.insert(pinned.clone(), target);
    zone.cells.insert("vanished".into(), Cell { row: 0, col: 0, pinned: true });
    let stood = arrangement.zones.get_mut("dep0").unwrap();
    (stood.stack, stood.pos, stood.pinned) = (0, 0, true);
    let after = layout_from(&d, &arrangement);
    check(&after);
    let cells = &after.arrangement.zones["srv"].cells;
    assert_eq!(cells[&pinned], target);
    assert_ne!((cells[&other].row, cells[&other].col), (target.row, target.col), "the unpinned one gives way");
    assert!(!cells.contains_key("vanished"));
    let dep = &after.arrangement.zones["dep0"];
    assert_eq!((dep.stack, dep.pos, dep.pinned), (0, 0, true));
    // Through JSON, another device, and a wholly fresh picture: the pins hold.
    let text = serde_json::to_string(&after.arrangement).unwrap();
    let read: Arrangement = serde_json::from_str(&text).unwrap();
    assert_eq!(read, after.arrangement);
    for before in [read.clone(), read.pins()] {
        let later = layout_from(&add_one(&d, &mut Dice::new(5)), &before).arrangement;
        assert_eq!(later.zones["srv"].cells[&pinned], target);
        assert_eq!((later.zones["dep0"].stack, later.zones["dep0"].pos), (0, 0));
    }
}

#[test]
fn a_dropped_node_stays_where_it_was_dropped() {
    let d = hospitals::hospital(6, 60);
    let before = layout(&d);
    for node in &before.nodes {
        let middle = Point { x: node.rect.x + node.rect.w / 2, y: node.rect.y + node.rect.h / 2 };
        let (zone, cell) = before.cell_at(middle).unwrap();
        let stands = before.arrangement.zones[zone].cells[&node.node.key];
        assert_eq!((zone, cell.row, cell.col), (node.node.zone.as_str(), stands.row, stands.col));
    }
    let (a, b) =
        (&before.nodes[0], before.nodes.iter().rev().find(|b| b.node.zone == before.nodes[0].node.zone).unwrap());
    let (zone, cell) = before.cell_at(Point { x: b.rect.x + 4, y: b.rect.y + 4 }).unwrap();
    let mut arrangement = before.arrangement.clone();
    arrangement.pin(zone, &a.node.key, cell);
    let after = layout_from(&d, &arrangement);
    check(&after);
    assert_eq!(after.arrangement.zones[zone].cells[&a.node.key], cell);
    assert_eq!(before.cell_at(Point { x: -1, y: 0 }), None);
}

prop_compose! {
    /// Also nonsense: far cells, unknown zones, cells taken twice.
    fn any_arrangement()(
        spacing in 0..9_u8,
        zones in prop::collection::vec((0..9_u16, 0..9_u16, 0..90_u16, any::<bool>()), 0..9),
        cells in prop::collection::vec((0..9_usize, 0..90_usize, 0..70_u16, 0..9_u16, any::<bool>()), 0..60),
    ) -> Arrangement {
        let mut arrangement = Arrangement { spacing, zones: BTreeMap::new() };
        for (i, (stack, pos, cols, pinned)) in zones.into_iter().enumerate() {
            arrangement.zones.insert(format!("z{i}"), ZonePlace { stack, pos, cols, pinned, cells: BTreeMap::new() });
        }
        for (zone, node, row, col, pinned) in cells {
            if let Some(zone) = arrangement.zones.get_mut(&format!("z{zone}")) {
                zone.cells.insert(format!("n{node}"), Cell { row, col, pinned });
            }
        }
        arrangement
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_diagram_from_its_arrangement_is_the_same_picture(d in any_diagram()) {
        let first = layout(&d);
        let again = layout_from(&d, &first.arrangement);
        prop_assert_eq!(&again, &first);
    }

    #[test]
    fn any_arrangement_does_no_harm(d in any_diagram(), before in any_arrangement()) {
        let first = layout_from(&d, &before);
        check(&first);
        prop_assert_eq!(&layout_from(&d, &before), &first);
        let again = layout_from(&d, &first.arrangement);
        prop_assert_eq!(&again.arrangement, &first.arrangement);
        prop_assert_eq!(&again, &first);
    }
}
