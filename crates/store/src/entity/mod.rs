//! Rows as SeaORM sees them. Instants are unix milliseconds, civil dates ISO text, enums their keys, lists JSON text.
//!
//! [`TenantEntity`] marks what belongs to a tenant; such rows are only reached through the methods in `tx.rs`, which put
//! the tenant into every query.

#![expect(unreachable_pub, reason = "SeaORM's derive macros write `pub` items")]

mod access;
mod advice;
mod custom_fields;
mod diagram;
mod documents;
mod ledger;
mod lists;
mod records;
mod rounds;
mod work;

pub use access::*;
pub use advice::*;
pub use custom_fields::*;
pub use diagram::*;
pub use documents::*;
pub use ledger::*;
pub use lists::*;
pub use records::*;
pub use rounds::*;
pub use work::*;

use sea_orm::EntityTrait;

/// An entity whose rows belong to a tenant.
pub trait TenantEntity: EntityTrait {
    /// The column that says whose.
    const TENANT: Self::Column;
}

/// An entity of the whole installation.
macro_rules! entity {
    ($module:ident, $table:literal { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$meta])* pub $field: $type),* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

/// An entity of a tenant: its key is `(tenant_id, first field)`, or what carries `#[sea_orm(primary_key)]` beside it.
macro_rules! tenant_entity {
    ($module:ident, $table:literal { $($fields:tt)* }) => {
        entity!($module, $table { #[sea_orm(primary_key, auto_increment = false)] tenant_id: Uuid, $($fields)* });

        impl crate::entity::TenantEntity for $module::Entity {
            const TENANT: $module::Column = $module::Column::TenantId;
        }
    };
}

use {entity, tenant_entity};
