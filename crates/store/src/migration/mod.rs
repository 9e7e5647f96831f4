//! Migrations, oldest first. A published one is never changed.

mod m0001_foundation;
mod m0002_records;
mod m0003_lists;
mod m0004_stocktake;
mod m0005_advice;
mod m0006_diagram;
mod m0007_custom_fields;
mod m0008_documents;
mod table;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_records::Migration),
            Box::new(m0003_lists::Migration),
            Box::new(m0004_stocktake::Migration),
            Box::new(m0005_advice::Migration),
            Box::new(m0006_diagram::Migration),
            Box::new(m0007_custom_fields::Migration),
            Box::new(m0008_documents::Migration),
        ]
    }
}
