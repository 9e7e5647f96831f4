//! The generator keeps what it promises.

mod files;
mod truths;
mod variants;

use super::{Hospital, Size, TrapKind, Traps, generate, generate_with};

/// Seeds tried by every test; among them hospitals with and without columns per layer.
const SEEDS: std::ops::Range<u64> = 0..12;

/// Small hospitals with all traps.
fn small() -> impl Iterator<Item = Hospital> {
    SEEDS.map(|seed| generate(seed, Size::SMALL))
}

#[test]
fn sizes_fit() {
    for (size, traps) in [(40, Traps::none()), (120, Traps::all()), (400, Traps::all()), (5_000, Traps::all())] {
        let hospital = generate_with(3, Size(size), &traps);
        assert_eq!(hospital.truth.devices.len(), size);
    }
    assert!(generate(3, Size::SMALL).truth.devices.len() < 100);
    assert!(SEEDS.map(|seed| generate(seed, Size::SMALL)).any(|it| it.truth.layers_stated));
    assert!(SEEDS.map(|seed| generate(seed, Size::SMALL)).any(|it| !it.truth.layers_stated));
}

#[test]
fn traps_are_planted_as_asked() {
    let kinds = |hospital: &Hospital| -> Vec<TrapKind> { hospital.traps.iter().map(|trap| trap.kind).collect() };
    for hospital in small() {
        assert_eq!(kinds(&hospital), TrapKind::ALL);
        for trap in &hospital.traps {
            assert!(!trap.facts.places.is_empty(), "{trap:?}");
        }
    }
    for &kind in TrapKind::ALL {
        assert_eq!(kinds(&generate_with(5, Size::SMALL, &Traps(vec![kind]))), [kind]);
    }
    assert!(generate_with(5, Size::SMALL, &Traps::none()).traps.is_empty());
}

#[test]
fn a_seed_gives_the_same_bytes() {
    assert_eq!(generate(7, Size::SMALL).files, generate(7, Size::SMALL).files);
    assert_ne!(generate(7, Size::SMALL).files, generate(8, Size::SMALL).files);
}
