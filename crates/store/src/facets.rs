//! Everything with few values that the list of devices filters by, packed into one integer, so that one condition
//! (`facets & mask = value`) tests it all and one grouped query counts it all.
//!
//! Stored: another order of a list of values below needs a migration that fills `resource_lists` anew.

use tomomori_domain::completeness::Measure;
use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState};

/// A packed value: which bits, and where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    shift: u8,
    bits: u8,
}

pub(crate) const KIND: Slot = Slot { shift: 0, bits: 4 };
pub(crate) const STATE: Slot = Slot { shift: 4, bits: 3 };
pub(crate) const CRITICALITY: Slot = Slot { shift: 7, bits: 2 };
pub(crate) const PURCHASE: Slot = Slot { shift: 9, bits: 3 };
pub(crate) const MEDICAL: Slot = Slot { shift: 12, bits: 1 };
pub(crate) const DECLARED: Slot = Slot { shift: 13, bits: 1 };
pub(crate) const FINDINGS: Slot = Slot { shift: 14, bits: 1 };
pub(crate) const EXPLOITED: Slot = Slot { shift: 15, bits: 1 };
pub(crate) const UNKNOWN_PRODUCT: Slot = Slot { shift: 16, bits: 1 };
pub(crate) const NO_UPDATER: Slot = Slot { shift: 17, bits: 1 };

impl Slot {
    pub(crate) fn mask(self) -> i32 {
        ((1 << self.bits) - 1) << self.shift
    }

    pub(crate) fn put(self, code: i32) -> i32 {
        code << self.shift
    }

    pub(crate) fn get(self, facets: i32) -> i32 {
        (facets & self.mask()) >> self.shift
    }

    /// The packed values as a factor, for SQL.
    pub(crate) fn factor(self) -> i32 {
        1 << self.shift
    }
}

/// Codes of a list of values: 0 = none, then its values in this order.
pub(crate) fn code<T: PartialEq>(all: &[T], value: Option<&T>) -> i32 {
    let place = value.and_then(|value| all.iter().position(|one| one == value));
    place.and_then(|place| i32::try_from(place + 1).ok()).unwrap_or(0)
}

/// The value of a code.
pub(crate) fn decoded<T: Copy>(all: &[T], code: i32) -> Option<T> {
    usize::try_from(code).ok()?.checked_sub(1).and_then(|place| all.get(place)).copied()
}

pub(crate) const KINDS: &[ResourceKind] = &[
    ResourceKind::Server,
    ResourceKind::Client,
    ResourceKind::Network,
    ResourceKind::MedicalDevice,
    ResourceKind::Other,
    ResourceKind::Facility,
    ResourceKind::Cloud,
    ResourceKind::Visitor,
    ResourceKind::Unknown,
];

pub(crate) const STATES: &[ResourceState] = &[
    ResourceState::Planned,
    ResourceState::InUse,
    ResourceState::Spare,
    ResourceState::Repair,
    ResourceState::Retired,
];

pub(crate) const CRITICALITIES: &[Criticality] = &[Criticality::High, Criticality::Middle, Criticality::Low];

pub(crate) const PURCHASES: &[PurchaseForm] =
    &[PurchaseForm::Bought, PurchaseForm::Lease, PurchaseForm::Rental, PurchaseForm::Service];

/// The bit of a measure in `missing`.
pub(crate) fn missing_bit(measure: Measure) -> i32 {
    Measure::ALL.iter().position(|one| *one == measure).map_or(0, |place| 1 << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_code_of_its_own_that_fits_and_comes_back() {
        fn held<T: Copy + PartialEq + std::fmt::Debug>(slot: Slot, coded: &[T], all: &[T]) {
            for value in all {
                let code = code(coded, Some(value));
                assert!(code > 0, "{value:?} has no code: append it, and fill the lists anew in a migration");
                assert_eq!(decoded(coded, slot.get(slot.put(code) | !slot.mask())), Some(*value));
            }
            assert_eq!(decoded(coded, 0), None);
        }
        held(KIND, KINDS, ResourceKind::ALL);
        held(STATE, STATES, ResourceState::ALL);
        held(CRITICALITY, CRITICALITIES, Criticality::ALL);
        held(PURCHASE, PURCHASES, PurchaseForm::ALL);
    }

    #[test]
    fn no_two_slots_share_a_bit() {
        let slots = [KIND, STATE, CRITICALITY, PURCHASE, MEDICAL, DECLARED, FINDINGS, EXPLOITED, UNKNOWN_PRODUCT];
        let used = slots.into_iter().chain([NO_UPDATER]).fold(0, |used, slot| {
            assert_eq!(used & slot.mask(), 0, "{slot:?}");
            used | slot.mask()
        });
        assert!(used > 0);
        assert_eq!(
            Measure::ALL.iter().fold(0, |bits, measure| bits + missing_bit(*measure)),
            (1 << Measure::ALL.len()) - 1
        );
    }
}
