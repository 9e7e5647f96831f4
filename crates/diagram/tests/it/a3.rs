//! Five pictures at A3, read by measure here and by eye as snapshots.

use crate::check::{check, well_formed};
use crate::hospitals::{Dice, hospital, line, node};
use std::collections::BTreeSet;
use tomomori_diagram::{
    Change, Diagram, EndOfLife, Evidence, Facts, Layer, Layout, LineKind, Options, Severity, collapse, compare, group,
    layout, svg,
};
use tomomori_domain::resource::ResourceKind::MedicalDevice;

/// A3 landscape in CSS px.
const A3: (f64, f64) = (1587.0, 1123.0);

/// Smallest text in points when the picture is fitted to the sheet.
fn smallest_text(picture: &str, layout: &Layout) -> f64 {
    let scale = (A3.0 / f64::from(layout.width)).min(A3.1 / f64::from(layout.height));
    let sizes = picture.split("font-size=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<f64>().ok());
    sizes.fold(f64::MAX, f64::min) * scale * 0.75
}

/// Checks one sheet; its figures stand in the snapshot's head.
fn sheet(name: &str, diagram: &Diagram, least: f64) {
    let layout = layout(diagram);
    let found = check(&layout);
    let picture = svg(&layout, &Options { self_contained: true, ..Options::default() });
    well_formed(&picture);
    let text = smallest_text(&picture, &layout);
    let devices: u32 = layout.nodes.iter().map(|node| node.node.count).sum();
    let figures = format!(
        "{devices} devices, {} boxes, {}×{} px, smallest text {text:.1} pt, {} crossings, {} bends",
        layout.nodes.len(),
        layout.width,
        layout.height,
        found.crossings,
        found.bends
    );
    assert!(text >= least, "{figures}");
    insta::with_settings!({ description => figures }, { insta::assert_snapshot!(name, picture) });
}

/// Facts for the layers, unevenly spread.
fn with_facts(mut d: Diagram) -> Diagram {
    let mut dice = Dice::new(99);
    for node in &mut d.nodes {
        let findings =
            [Severity::NoneKnown, Severity::NoneKnown, Severity::Unknown, Severity::High, Severity::Critical];
        let ends = [
            EndOfLife::Later,
            EndOfLife::Later,
            EndOfLife::Unknown,
            EndOfLife::Within24Months,
            EndOfLife::Within12Months,
            EndOfLife::Ended,
        ];
        let evidence =
            [Evidence::Vendor, Evidence::Hospital, Evidence::Observed, Evidence::Declared, Evidence::Unknown];
        // By product, as equal devices end together.
        let product = node.detail.bytes().map(usize::from).sum::<usize>();
        node.facts = Facts {
            findings: findings[product % findings.len()],
            end_of_life: ends[(product / 3) % ends.len()],
            ends_open: false,
            evidence: evidence[dice.below(evidence.len())],
        };
    }
    d
}

#[test]
fn one_hundred_devices_by_responsibility() {
    sheet("a3_100_by_responsibility", &group(&hospital(11, 100)), 8.0);
}

#[test]
fn three_hundred_devices_by_responsibility() {
    sheet("a3_300_by_responsibility", &group(&hospital(12, 310)), 6.5);
}

#[test]
fn two_hundred_devices_by_remote_lines() {
    let d = Diagram { layer: Layer::Remote, ..hospital(13, 200) };
    sheet("a3_200_by_remote_lines", &group(&d), 6.5);
}

#[test]
fn five_thousand_devices_folded_by_end_of_life() {
    let d = Diagram { layer: Layer::EndOfLife, ..with_facts(hospital(14, 5300)) };
    let folded = collapse(&d, &BTreeSet::new()).diagram;
    sheet("a3_5000_folded_by_end_of_life", &group(&folded), 5.0);
}

#[test]
fn eighty_devices_on_two_dates() {
    let old = hospital(15, 80);
    let mut new = old.clone();
    new.nodes.retain(|node| !["dep0-2", "care0-4"].contains(&node.key.as_str()));
    new.lines.retain(|line| !["dep0-2", "care0-4"].contains(&line.from.as_str()));
    for i in 0..3 {
        new.nodes.push(node(&format!("new{i}"), "dep1", &format!("新しい装置 {i}"), "X-1", MedicalDevice, "P"));
        new.lines.push(line(&format!("new{i}"), "dep1-sw0", "", LineKind::Uplink));
    }
    for node in new.nodes.iter_mut().filter(|node| node.detail == "RHEL 8.6") {
        node.detail = "RHEL 8.10".into();
    }
    let both = compare(&old, &new).diagram;
    assert!(both.nodes.iter().any(|node| matches!(node.change, Some(Change::Changed { version: true, .. }))));
    sheet("a3_80_on_two_dates", &group(&both), 6.5);
}
