//! Who may do what. A use case asks for its permission in its first line and receives a [`Granted`] value,
//! which it must hand to every write of `store`: a write without the right cannot be expressed.
//!
//! Roles follow the actors of the ministry's guideline: in a small hospital one person holds all of them, so roles combine.

use crate::ids::{TenantId, UserId};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// A role of a person within one tenant. Roles combine; rights are the union.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 経営層: reads everything, decides, changes nothing in the ledger.
    Management,
    /// 医療情報システム安全管理責任者: responsible for the whole; manages users.
    SafetyManager,
    /// 企画管理者: ledger, contracts, imports.
    Planner,
    /// システム運用担当者: ledger, imports, findings.
    Operator,
    /// 事業者の保守担当: works in the vendor's own tenant.
    VendorStaff,
    /// 支援者 (a consultant, the group's IT): reads the ledger until a day the hospital sets.
    Supporter,
}

impl Role {
    /// All roles, in the order shown to people.
    pub const ALL: [Role; 6] =
        [Role::Management, Role::SafetyManager, Role::Planner, Role::Operator, Role::VendorStaff, Role::Supporter];

    /// Stable key used in the database, the API and the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Management => "management",
            Role::SafetyManager => "safety_manager",
            Role::Planner => "planner",
            Role::Operator => "operator",
            Role::VendorStaff => "vendor_staff",
            Role::Supporter => "supporter",
        }
    }

    /// Reads a [`Role::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }

    fn allows(self, permission: PermissionKind) -> bool {
        use PermissionKind as P;
        match self {
            Role::Management => {
                matches!(
                    permission,
                    P::ReadLedger
                        | P::ReadFindings
                        | P::ReadAudit
                        | P::ManageOwnTokens
                        | P::ReadAdvice
                        | P::ReadAgreements
                )
            }
            Role::SafetyManager => !matches!(permission, P::AnswerAdvice),
            Role::Planner | Role::Operator => !matches!(permission, P::ManageUsers | P::AnswerAdvice),
            Role::VendorStaff => {
                matches!(permission, P::ReadLedger | P::ReadFindings | P::ManageOwnTokens | P::AnswerAdvice)
            }
            // No tokens of its own: a token is easily left behind.
            Role::Supporter => {
                matches!(permission, P::ReadLedger | P::ReadFindings | P::ReadAdvice | P::ReadAgreements)
            }
        }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Every permission, as a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PermissionKind { $($(#[$doc])* $name),* }

        /// Permissions as types, for [`Granted`].
        pub mod permission {
            $($(#[$doc])* #[derive(Clone, Copy, Debug)] pub struct $name;
            impl super::Permission for $name { const KIND: super::PermissionKind = super::PermissionKind::$name; })*
        }
    };
}

permissions! {
    /// See resources, zones, lines, contracts, the diagram.
    ReadLedger,
    /// Change the ledger by hand.
    WriteLedger,
    /// Upload, preview and confirm imports.
    RunImport,
    /// See findings and questions.
    ReadFindings,
    /// Run the matching again, change what was concluded.
    WriteFindings,
    /// Read and verify the audit chain.
    ReadAudit,
    /// Create users, change memberships.
    ManageUsers,
    /// Create and revoke one's own API tokens.
    ManageOwnTokens,
    /// See contracts' terms, the role matrix, confirmation sessions, checklists.
    ReadAgreements,
    /// Change them, agree for the hospital.
    WriteAgreements,
    /// See what vendors were asked and what they answered.
    ReadAdvice,
    /// Show a vendor its part, ask it, accept what it says.
    AskAdvice,
    /// At a vendor: read and answer what hospitals asked.
    AnswerAdvice,
}

/// A permission as a type.
pub trait Permission {
    /// The same permission as a value.
    const KIND: PermissionKind;
}

/// The person (or the system itself) on whose behalf something is done, inside one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The tenant whose rows may be touched.
    pub tenant: TenantId,
    /// The person; `None` for the installation's own work (demo set-up, workers, command line).
    pub user: Option<UserId>,
    /// Name as written in the audit trail.
    pub name: String,
    roles: Vec<Role>,
    system: bool,
}

/// The actor lacks the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("permission {0:?} is missing")]
pub struct Denied(pub PermissionKind);

impl Actor {
    /// A logged-in person with the roles of their membership in `tenant`.
    #[must_use]
    pub fn person(tenant: TenantId, user: UserId, name: String, roles: Vec<Role>) -> Self {
        Self { tenant, user: Some(user), name, roles, system: false }
    }

    /// The installation itself: command line on the server, workers, demo set-up. `name` says which.
    #[must_use]
    pub fn system(tenant: TenantId, name: &str) -> Self {
        Self { tenant, user: None, name: name.to_owned(), roles: Vec::new(), system: true }
    }

    /// Roles held in this tenant.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Whether the actor holds the permission; pages use it to leave out buttons that would be refused.
    #[must_use]
    pub fn may(&self, permission: PermissionKind) -> bool {
        self.system || self.roles.iter().any(|role| role.allows(permission))
    }

    /// Asks for a permission; the returned proof is what `store` writes demand.
    ///
    /// # Errors
    /// [`Denied`] when no role of the actor carries it.
    pub fn require<P: Permission>(&self) -> Result<Granted<P>, Denied> {
        if self.may(P::KIND) {
            Ok(Granted { tenant: self.tenant, permission: PhantomData })
        } else {
            Err(Denied(P::KIND))
        }
    }
}

/// Proof that the actor of `tenant` holds `P`. Only [`Actor::require`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Granted<P> {
    tenant: TenantId,
    permission: PhantomData<P>,
}

impl<P> Granted<P> {
    /// The tenant the proof is for; `store` refuses it in another tenant's transaction.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }
}

#[cfg(test)]
mod tests {
    use super::permission::{ManageUsers, WriteLedger};
    use super::*;

    #[test]
    fn management_reads_but_does_not_write() {
        let actor = Actor::person(TenantId::generate(), UserId::generate(), "院長".into(), vec![Role::Management]);
        assert!(actor.may(PermissionKind::ReadLedger));
        assert_eq!(actor.require::<WriteLedger>().err(), Some(Denied(PermissionKind::WriteLedger)));
    }

    #[test]
    fn a_supporter_reads_the_ledger_and_nothing_of_people_and_files() {
        use PermissionKind as P;
        let actor = Actor::person(TenantId::generate(), UserId::generate(), "支援者".into(), vec![Role::Supporter]);
        for (permission, may) in [
            (P::ReadLedger, true),
            (P::ReadFindings, true),
            (P::ReadAdvice, true),
            (P::ReadAgreements, true),
            (P::WriteAgreements, false),
            (P::WriteLedger, false),
            (P::RunImport, false),
            (P::ReadAudit, false),
            (P::ManageUsers, false),
            (P::ManageOwnTokens, false),
            (P::AskAdvice, false),
            (P::AnswerAdvice, false),
        ] {
            assert_eq!(actor.may(permission), may, "{permission:?}");
        }
    }

    #[test]
    fn roles_combine() {
        let actor = Actor::person(
            TenantId::generate(),
            UserId::generate(),
            "佐々木".into(),
            vec![Role::Management, Role::SafetyManager],
        );
        assert!(actor.require::<ManageUsers>().is_ok());
    }
}
