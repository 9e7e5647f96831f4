//! The draw.io file, read back.

use crate::hospitals::hospital;
use crate::sample::{any_diagram, mock};
use proptest::prelude::*;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use tomomori_diagram::{Diagram, LineKind, drawio, layout};

fn ok<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error:?}"))
}

type Attributes = BTreeMap<String, String>;

fn attributes(tag: &BytesStart) -> Attributes {
    let pair = |a: quick_xml::events::attributes::Attribute| {
        let value = ok(quick_xml::escape::unescape(&a.value)).into_owned();
        (a.key.as_ref().to_owned(), value)
    };
    tag.attributes().map(|attribute| pair(ok(attribute))).collect()
}

/// Every cell with the object around it: (object, cell, geometry).
fn cells(text: &str) -> Vec<(Attributes, Attributes, Attributes)> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut out: Vec<(Attributes, Attributes, Attributes)> = Vec::new();
    loop {
        match ok(reader.read_event()) {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "object" => out.push((attributes(&tag), Attributes::new(), Attributes::new())),
                "mxCell" => {
                    if let Some(last) = out.last_mut() {
                        last.1 = attributes(&tag);
                    }
                }
                "mxGeometry" => {
                    if let Some(last) = out.last_mut() {
                        last.2 = attributes(&tag);
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    out
}

fn everything_once(d: &Diagram) {
    let picture = layout(d);
    let cells = cells(&drawio(&picture));
    let ids: BTreeMap<&str, usize> = cells.iter().enumerate().map(|(i, cell)| (cell.0["id"].as_str(), i)).collect();
    assert_eq!(ids.len(), cells.len(), "ids are unique");
    let of = |kind: &str| cells.iter().filter(|cell| cell.0["id"].starts_with(kind)).count();
    assert_eq!((of("n"), of("e"), of("z")), (d.nodes.len(), d.lines.len(), picture.zones.len()));
    for (i, node) in d.nodes.iter().enumerate() {
        let (object, cell, geometry) = &cells[ids[format!("n{i}").as_str()]];
        assert_eq!((object["key"].as_str(), cell["vertex"].as_str()), (node.key.as_str(), "1"));
        let zone = &cells[ids[cell["parent"].as_str()]];
        assert!(zone.1["style"].contains("container=1"));
        let number = |a: &Attributes, name: &str| ok(a[name].parse::<i32>());
        assert!(
            number(geometry, "x") >= 0 && number(geometry, "x") + number(geometry, "width") <= number(&zone.2, "width")
        );
        assert!(
            number(geometry, "y") >= 0
                && number(geometry, "y") + number(geometry, "height") <= number(&zone.2, "height")
        );
    }
    for (i, line) in d.lines.iter().enumerate() {
        let (_, cell, _) = &cells[ids[format!("e{i}").as_str()]];
        assert_eq!(cell["edge"], "1");
        for (end, key) in [("source", &line.from), ("target", &line.to)] {
            let hangs_on = cell.get(end).map(|id| cells[ids[id.as_str()]].0["key"].as_str());
            let known = d.nodes.iter().any(|node| node.key == *key);
            assert_eq!(hangs_on, known.then_some(key.as_str()));
        }
    }
}

#[test]
fn the_file_holds_every_node_and_every_line_once() {
    everything_once(&hospital(4, 300));
    let mut d = mock();
    d.lines.push(crate::hospitals::line("core", "nowhere", "行方不明", LineKind::Link));
    d.lines.push(crate::hospitals::line("core", "core", "", LineKind::Link));
    d.nodes[0].name = "\"><mxCell id='0'/>\u{0}\u{1b}&amp;".into();
    everything_once(&d);
    let text = drawio(&layout(&d));
    assert!(text.contains("行方不明") && !text.contains('\u{1b}'));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn so_does_the_file_of_any_diagram(d in any_diagram()) {
        everything_once(&d);
    }
}
