//! Identifiers. Every row a tenant owns has the key `(TenantId, id)`; ids are UUID v7, so they sort by age.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id (UUID v7: ordered by creation time).
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A hospital or a vendor: the owner of a set of rows nobody else may see.
    TenantId,
    /// A person who can log in; may belong to several tenants.
    UserId,
    /// A device, a piece of equipment or a service in the ledger.
    ResourceId,
    /// A piece of software (or firmware) on a resource.
    ComponentId,
    /// A network zone (区画).
    ZoneId,
    /// A connection between two resources, or from outside to one.
    LineId,
    /// A vendor as one hospital knows it (事業者).
    VendorId,
    /// A contract with a vendor.
    ContractId,
    /// A service of care or business that depends on resources (業務).
    ServiceId,
    /// One import: files uploaded together, previewed, then confirmed or dropped.
    ImportId,
    /// A (resource, vulnerability) pair with a verdict, or a question about a missing fact.
    FindingId,
    /// A background job.
    JobId,
    /// A personal API token.
    TokenId,
    /// A file a user uploaded.
    FileId,
    /// One version of one row of one source.
    RecordId,
    /// One step that changed the ledger: an import, an edit, a decision.
    ChangeId,
    /// A round of stocktaking.
    StocktakeId,
    /// A device of the ledger that a round of stocktaking looks for.
    StocktakeItemId,
    /// What a person said about an item, or about a thing no ledger knows; made by the phone, so that it may arrive twice.
    AnswerId,
    /// A statement about a safeguard.
    SafeguardId,
    /// A request for a vendor's advice; both sides' copies have the same.
    AdviceId,
    /// One item of a vendor's answer.
    AdviceItemId,
}
