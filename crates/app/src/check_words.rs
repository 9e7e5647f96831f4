//! What a check and its answers say, the same on pages, in the API and in Excel.

use crate::diagram::Translate;
use crate::export::named;
use tomomori_domain::Msg;
use tomomori_domain::check::{Check, CheckKind, Remedy};
use tomomori_domain::import::Field;

/// What was found. Values of the ledger that are kept as keys get their names.
#[must_use]
pub fn text(check: &Check, tr: Translate<'_>) -> String {
    let mut msg = check.msg.clone();
    if let Some(field) = msg.args.get("field").and_then(|key| Field::from_key(key)) {
        for name in ["value", "other"] {
            if let Some(value) = msg.args.get_mut(name) {
                *value = named(std::mem::take(value), field, tr);
            }
        }
    }
    tr(&msg)
}

/// An answer as its button says it: a verb, so that one sees what pressing it does.
#[must_use]
pub fn answer(kind: CheckKind, answer: &Remedy, tr: Translate<'_>) -> String {
    let two = kind == CheckKind::TwoNames;
    tr(&match answer {
        // Rows under two names were taken for one box already.
        Remedy::Join { .. } if two => Msg::new("answer-stay-one"),
        Remedy::Join { .. } => Msg::new("answer-join"),
        Remedy::KeepApart { .. } if two => Msg::new("answer-part"),
        Remedy::KeepApart { .. } => Msg::new("answer-stay-two"),
        Remedy::Set { value, .. } if kind == CheckKind::Moved => Msg::new("answer-zone").arg("value", value),
        Remedy::Set { .. } if kind == CheckKind::Stranger => Msg::new("answer-enter"),
        Remedy::Set { field, value, .. } => {
            Msg::new("answer-set").arg("field", field.key()).arg("value", named(value.clone(), *field, tr))
        }
        Remedy::Leave => Msg::new("answer-leave"),
    })
}
