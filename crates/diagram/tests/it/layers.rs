//! Layers: every state has a sign, unknown is the hatch, and the legend shows what is used.

use crate::check::{check, well_formed};
use crate::sample::mock;
use tomomori_diagram::{EndOfLife, Evidence, Facts, Layer, Mark, Options, Severity, State, Swatch, layout, svg};

fn facts(i: usize) -> Facts {
    let severities = [Severity::Critical, Severity::High, Severity::NoneKnown, Severity::Unknown];
    let ends =
        [EndOfLife::Ended, EndOfLife::Within12Months, EndOfLife::Within24Months, EndOfLife::Later, EndOfLife::Unknown];
    let evidence = [Evidence::Vendor, Evidence::Hospital, Evidence::Observed, Evidence::Declared, Evidence::Unknown];
    Facts {
        findings: severities[i % 4],
        end_of_life: ends[i % 5],
        ends_open: i.is_multiple_of(7),
        evidence: evidence[i % 5],
    }
}

#[test]
fn the_legend_explains_exactly_what_is_used() {
    for layer in [Layer::Responsibility, Layer::Findings, Layer::EndOfLife, Layer::Remote, Layer::Evidence] {
        let mut d = mock();
        d.layer = layer;
        for (i, node) in d.nodes.iter_mut().enumerate() {
            node.facts = facts(i);
        }
        let picture = layout(&d);
        check(&picture);
        let text = svg(&picture, &Options::default());
        well_formed(&text);
        let explained: Vec<&Swatch> = picture
            .legend
            .iter()
            .filter_map(|item| if let Mark::Swatch(swatch) = &item.mark { Some(swatch) } else { None })
            .collect();
        for swatch in picture.nodes.iter().map(|node| &node.swatch).filter(|swatch| **swatch != Swatch::Empty) {
            assert!(explained.contains(&swatch), "{layer:?}: {swatch:?}");
        }
        for swatch in explained {
            let strip = matches!(layer, Layer::Responsibility | Layer::EndOfLife) && *swatch == Swatch::Unknown;
            assert!(strip || picture.nodes.iter().any(|node| node.swatch == *swatch), "{layer:?}: {swatch:?}");
        }
        if layer == Layer::Remote {
            assert!(picture.nodes.iter().any(|node| node.dim) && picture.wires.iter().any(|wire| !wire.dim));
            assert!(picture.nodes.iter().filter(|node| !node.dim).all(|node| {
                d.lines.iter().any(|l| {
                    l.kind == tomomori_diagram::LineKind::Remote && (l.from == node.node.key || l.to == node.node.key)
                })
            }));
        }
    }
}

#[test]
fn unknown_is_the_hatch_and_green_is_for_the_proven() {
    let mut d = mock();
    for node in &mut d.nodes {
        node.facts = Facts::default();
    }
    for layer in [Layer::Findings, Layer::EndOfLife, Layer::Evidence] {
        d.layer = layer;
        let picture = layout(&d);
        assert!(picture.nodes.iter().all(|node| node.swatch == Swatch::Unknown), "nothing said is unknown");
    }
    let green = "#197a4b";
    for layer in [Layer::Findings, Layer::EndOfLife, Layer::Evidence] {
        for i in 0..20 {
            d.layer = layer;
            d.nodes.iter_mut().for_each(|node| node.facts = facts(i));
            let proven = layer == Layer::Evidence && facts(i).evidence == Evidence::Vendor;
            assert_eq!(svg(&layout(&d), &Options::default()).contains(green), proven, "{layer:?} {i}");
        }
    }
    assert_eq!(State::ALL.len(), 6 + 5 + 5);
}
