//! What the program knows about items of the checklist: offered as evidence beside the item, never as an answer.

use crate::editions::Item;
use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::access::PermissionKind;
use tomomori_domain::agreement::Party;
use tomomori_domain::ids::VendorId;
use tomomori_domain::resource::{Ledger, ResourceState};
use tomomori_domain::roles::responsible;
use tomomori_domain::safeguard::{Safeguard, SafeguardKind, Statement, Subject, TwoFactor, standing};
use tomomori_domain::stocktake::Stocktake;
use tomomori_store::ReadTx;

/// Rounds of stocktaking looked at for the last one that was closed.
const ROUNDS: u32 = 50;

/// What offers are made of; nothing for somebody who may not read the ledger.
pub(super) struct Facts {
    vendor: Option<VendorId>,
    ledger: Ledger,
    rounds: Vec<Stocktake>,
    said: BTreeMap<Subject, Vec<Safeguard>>,
    allowed: bool,
}

impl Facts {
    pub(super) async fn load(ctx: &Ctx, tx: &ReadTx, vendor: Option<VendorId>) -> Result<Self, AppError> {
        let allowed = ctx.actor.may(PermissionKind::ReadLedger);
        let mut said: BTreeMap<Subject, Vec<Safeguard>> = BTreeMap::new();
        for row in tx.safeguards(None).await? {
            said.entry(row.subject).or_default().push(row);
        }
        Ok(Self { vendor, ledger: tx.ledger().await?, rounds: tx.stocktakes(ROUNDS).await?, said, allowed })
    }

    pub(super) fn vendor_name(&self) -> Option<String> {
        let vendor = self.ledger.vendors.iter().find(|vendor| Some(vendor.id) == self.vendor)?;
        Some(vendor.name.clone())
    }

    /// Offers for an item, known by the word its title is about: numbers of items change from edition to edition.
    pub(super) fn of(&self, item: &Item) -> Vec<Msg> {
        let title = item.words().unwrap_or_default();
        let about = |word: &str| title.contains(word);
        if !self.allowed {
            Vec::new()
        } else if about("台帳") {
            self.devices()
        } else if about("リモート") {
            self.lines()
        } else if self.vendor.is_some() {
            // What is said about safeguards speaks of systems of the hospital, not of one vendor's part.
            Vec::new()
        } else if about("バックアップ") {
            self.backup()
        } else if about("二要素") {
            self.two_factor()
        } else if about("アカウント") {
            self.accounts()
        } else if about("ログの管理") {
            self.logs()
        } else {
            Vec::new()
        }
    }

    fn devices(&self) -> Vec<Msg> {
        let gone = |state: Option<ResourceState>| state == Some(ResourceState::Retired);
        let devices = self.ledger.resources.iter().filter(|device| !gone(device.state));
        let own = |party| self.vendor.is_none_or(|id| party == Some(Party::Vendor(id)));
        let count = devices.filter(|device| own(responsible(&self.ledger, device))).count();
        if self.vendor.is_some() {
            return vec![Msg::new("checklist-offer-devices-vendor").arg("count", count)];
        }
        let closed = self.rounds.iter().filter_map(|round| round.closed_at).max();
        let closed = closed.map(|at| crate::ctx::japan().to_datetime(at).date());
        vec![
            Msg::new("checklist-offer-devices").arg("count", count),
            match closed {
                Some(day) => Msg::new("checklist-offer-stocktake").arg("date", day),
                None => Msg::new("checklist-offer-no-stocktake"),
            },
        ]
    }

    fn lines(&self) -> Vec<Msg> {
        let lines = self.ledger.lines.iter().filter(|line| line.remote_maintenance);
        let lines: Vec<_> = lines.filter(|line| self.vendor.is_none() || line.vendor == self.vendor).collect();
        let unowned = lines.iter().filter(|line| line.vendor.is_none()).count();
        let mut offers = vec![Msg::new("checklist-offer-remote").arg("count", lines.len())];
        if unowned > 0 {
            offers.push(Msg::new("checklist-offer-remote-unowned").arg("count", unowned));
        }
        offers
    }

    /// What stands of a kind for each system; `None` = nobody said anything.
    fn systems(&self, kind: SafeguardKind) -> Vec<Option<&Statement>> {
        let of = |id| self.said.get(&Subject::Service(id)).and_then(|said| standing(kind, said));
        self.ledger.services.iter().map(|service| of(service.id).map(|said| &said.statement)).collect()
    }

    fn backup(&self) -> Vec<Msg> {
        let systems = self.systems(SafeguardKind::Backup);
        let (mut made, mut apart, mut restored) = (0, 0, Vec::new());
        for statement in systems.iter().flatten() {
            let Statement::Backup { generations, offline, restored_on, .. } = statement else { continue };
            made += u64::from(generations.is_some_and(|count| count > 0));
            apart += u64::from(*offline == Some(true));
            restored.extend(*restored_on);
        }
        vec![
            Msg::new("checklist-offer-backup").arg("all", systems.len()).arg("made", made).arg("apart", apart),
            match restored.iter().max() {
                Some(day) => Msg::new("checklist-offer-restored").arg("count", restored.len()).arg("date", day),
                None => Msg::new("checklist-offer-not-restored"),
            },
        ]
    }

    fn two_factor(&self) -> Vec<Msg> {
        let systems = self.systems(SafeguardKind::TwoFactor);
        let count = |wanted: TwoFactor| {
            let is =
                |said: &&Statement| matches!(said, Statement::TwoFactor { state: Some(state), .. } if *state == wanted);
            systems.iter().flatten().filter(|said| is(said)).count()
        };
        let (yes, planned, no) = (count(TwoFactor::Yes), count(TwoFactor::Planned), count(TwoFactor::No));
        let unknown = systems.len() - yes - planned - no;
        let offer = Msg::new("checklist-offer-two-factor").arg("yes", yes).arg("planned", planned);
        vec![offer.arg("no", no).arg("unknown", unknown)]
    }

    fn accounts(&self) -> Vec<Msg> {
        let reviewed = self.systems(SafeguardKind::Accounts).into_iter().flatten().filter_map(|said| match said {
            Statement::Accounts { reviewed_on } => *reviewed_on,
            _ => None,
        });
        vec![looked_at(
            &reviewed.collect::<Vec<_>>(),
            Msg::new("checklist-offer-accounts"),
            Msg::new("checklist-offer-no-accounts"),
        )]
    }

    fn logs(&self) -> Vec<Msg> {
        let systems = self.systems(SafeguardKind::Logs);
        let kept = |said: &&&Statement| matches!(said, Statement::Logs { kept: Some(true), .. });
        let kept = systems.iter().flatten().filter(kept).count();
        let reviewed = systems.iter().flatten().filter_map(|said| match said {
            Statement::Logs { reviewed_on, .. } => *reviewed_on,
            _ => None,
        });
        vec![
            Msg::new("checklist-offer-logs").arg("all", systems.len()).arg("kept", kept),
            looked_at(
                &reviewed.collect::<Vec<_>>(),
                Msg::new("checklist-offer-log-review"),
                Msg::new("checklist-offer-no-log-review"),
            ),
        ]
    }
}

fn looked_at(days: &[Date], some: Msg, none: Msg) -> Msg {
    match days.iter().max() {
        Some(day) => some.arg("count", days.len()).arg("date", day),
        None => none,
    }
}
