//! What the system diagram remembers.

use super::{entity, tenant_entity};

tenant_entity!(diagram_view, "diagram_views" {
    #[sea_orm(primary_key, auto_increment = false)]
    view: String,
    arrangement: String,
    revision: i64,
});
