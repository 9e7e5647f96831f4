//! One module per page. Handlers read, call a use case, draw.

use crate::state::WebState;
use axum::Router;

pub(crate) mod advice;
pub(crate) mod catalogue;
pub(crate) mod checklists;
pub(crate) mod checks;
pub(crate) mod completeness;
pub(crate) mod confirmations;
pub(crate) mod contracts;
pub(crate) mod custom_fields;
pub(crate) mod deemed;
pub(crate) mod device;
pub(crate) mod device_fields;
pub(crate) mod diagram;
pub(crate) mod edit;
pub(crate) mod editions;
pub(crate) mod fields;
pub(crate) mod findings;
pub(crate) mod grid;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod imports;
pub(crate) mod inbox;
pub(crate) mod inquiries;
pub(crate) mod joints;
pub(crate) mod ledger_list;
pub(crate) mod lifetimes;
pub(crate) mod lists;
pub(crate) mod login;
pub(crate) mod roles;
pub(crate) mod safeguards;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod stocktake_walk;
pub(crate) mod stocktakes;
pub(crate) mod systems;
pub(crate) mod terms_form;
pub(crate) mod vendors;

/// All pages.
pub(crate) fn routes(max_upload: usize) -> Router<WebState> {
    Router::new()
        .merge(advice::routes())
        .merge(catalogue::routes())
        .merge(checklists::routes())
        .merge(checks::routes())
        .merge(completeness::routes())
        .merge(confirmations::routes())
        .merge(contracts::routes())
        .merge(custom_fields::routes())
        .merge(deemed::routes())
        .merge(device::routes())
        .merge(diagram::routes())
        .merge(edit::routes())
        .merge(editions::routes())
        .merge(findings::routes())
        .merge(grid::routes())
        .merge(history::routes())
        .merge(home::routes())
        .merge(imports::routes(max_upload))
        .merge(inbox::routes())
        .merge(inquiries::routes())
        .merge(joints::routes())
        .merge(ledger_list::routes())
        .merge(login::routes())
        .merge(lifetimes::routes())
        .merge(roles::routes())
        .merge(safeguards::routes())
        .merge(search::routes())
        .merge(settings::routes())
        .merge(stocktake_walk::routes())
        .merge(stocktakes::routes())
        .merge(systems::routes())
        .merge(vendors::routes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_pages_claim_one_address() {
        // axum panics on overlapping routes, at start instead of at build.
        let _ = super::routes(0);
    }
}
