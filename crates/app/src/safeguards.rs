//! State of safeguards (安全対策の状態): what is stated about systems and devices, by whom, and what it means today.

use crate::diagram::Translate;
use crate::{AppError, Ctx};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use tomomori_domain::access::permission::{ReadLedger, WriteLedger};
use tomomori_domain::ids::SafeguardId;
use tomomori_domain::safeguard::{Safeguard, SafeguardKind, State, Statement, Subject, standing, state};
use tomomori_domain::{Msg, text};
use tomomori_sheet::export::SheetOut;
use tomomori_store::{AuditEvent, ReadTx};

/// A statement to enter.
#[derive(Clone, Debug)]
pub struct Say {
    /// What it is about.
    pub subject: Subject,
    /// What is said.
    pub statement: Statement,
    /// Who says so.
    pub stated_by: String,
    /// For which vendor; empty = the hospital itself.
    pub vendor: Option<String>,
    /// On which day.
    pub stated_on: Option<Date>,
}

/// One kind of safeguard of a subject.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The kind.
    pub kind: SafeguardKind,
    /// What it means today.
    pub state: State,
    /// The statement it follows from; `None` = nobody said anything.
    pub standing: Option<Safeguard>,
}

/// A system or device with all five kinds.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// What it is.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// All kinds in order, those without a statement too.
    pub kinds: Vec<Kept>,
    /// Everything ever said, the newest first.
    pub history: Vec<Safeguard>,
}

/// All systems (業務), and the devices of which something was said.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn list(ctx: &Ctx) -> Result<Vec<Guarded>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let mut said: BTreeMap<Subject, Vec<Safeguard>> = BTreeMap::new();
    for row in tx.safeguards(None).await? {
        said.entry(row.subject).or_default().push(row);
    }
    let today = ctx.today();
    let services = tx.services().await?.into_iter().map(|service| (Subject::Service(service.id), service.name));
    let mut rows: Vec<Guarded> = services
        .map(|(subject, name)| guarded(subject, name, said.remove(&subject).unwrap_or_default(), today))
        .collect();
    // What was said about something that left the ledger stays stored, but there is nothing here to show it under.
    let devices: HashMap<_, _> = tx.resources().await?.into_iter().map(|row| (row.id, row.name)).collect();
    let mut others: Vec<Guarded> = said
        .into_iter()
        .filter_map(|(subject, history)| match subject {
            Subject::Device(id) => Some(guarded(subject, devices.get(&id)?.clone(), history, today)),
            Subject::Service(_) => None,
        })
        .collect();
    others.sort_by_cached_key(|row| (text::fold(&row.name), row.subject));
    rows.extend(others);
    Ok(rows)
}

/// The safeguards of one system or device, for its page.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn of(ctx: &Ctx, subject: Subject) -> Result<Guarded, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let tx = ctx.read().await?;
    let name = name_of(&tx, subject).await?;
    Ok(guarded(subject, name, tx.safeguards(Some(subject)).await?, ctx.today()))
}

/// The name of a system or device; those the ledger does not hold are not found.
async fn name_of(tx: &ReadTx, subject: Subject) -> Result<String, AppError> {
    match subject {
        Subject::Service(id) => {
            let services = tx.services().await?;
            services.into_iter().find(|row| row.id == id).map(|row| row.name).ok_or(AppError::NotFound)
        }
        Subject::Device(id) => Ok(tx.resource(id).await?.name),
    }
}

fn guarded(subject: Subject, name: String, history: Vec<Safeguard>, today: Date) -> Guarded {
    let kinds = SafeguardKind::ALL
        .iter()
        .map(|&kind| {
            let standing = standing(kind, &history).cloned();
            Kept { kind, state: state(standing.as_ref().map(|row| &row.statement), today), standing }
        })
        .collect();
    Guarded { subject, name, kinds, history }
}

/// Enters a statement. Nothing said before is changed.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] without a name, for a day in the future, or for a text that is too long.
pub async fn say(ctx: &Ctx, say: Say) -> Result<SafeguardId, AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    name_of(&tx, say.subject).await?;
    let stated_by = text::tidy(&say.stated_by);
    if stated_by.is_empty() {
        return Err(AppError::Invalid(Msg::new("safeguard-needs-name")));
    }
    let vendor = say.vendor.map(|vendor| text::tidy(&vendor)).filter(|vendor| !vendor.is_empty());
    let texts = texts(&say.statement).into_iter().chain([&stated_by]).chain(&vendor);
    if texts.into_iter().any(|text| text.chars().count() > 500) {
        return Err(AppError::Invalid(Msg::new("stocktake-too-long")));
    }
    let stated_on = say.stated_on.unwrap_or_else(|| ctx.today());
    if stated_on > ctx.today() {
        return Err(AppError::Invalid(Msg::new("safeguard-future").arg("date", stated_on)));
    }
    let said = Safeguard {
        id: SafeguardId::generate(),
        subject: say.subject,
        statement: say.statement,
        stated_by,
        vendor,
        stated_on,
        entered_by: ctx.actor.name.clone(),
        entered_at: ctx.now(),
    };
    tx.add_safeguard(&grant, &said).await?;
    let details = serde_json::json!({ "kind": said.statement.kind().key(), "subject": said.subject });
    tx.audit(AuditEvent::new("safeguard.state", format!("safeguard:{}", said.id)).details(details)).await?;
    tx.commit().await?;
    Ok(said.id)
}

fn texts(statement: &Statement) -> Vec<&String> {
    match statement {
        Statement::Logs { what, .. } => what.iter().collect(),
        Statement::SwitchedOff { what, reason, approved_by, .. } => {
            [what, reason, approved_by].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// The list as a workbook: a row per subject and kind, unknown ones too.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn xlsx(ctx: &Ctx, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    let header = [
        Msg::new("safeguard-subject"),
        Msg::new("safeguard-kind"),
        Msg::new("safeguard-verdict"),
        Msg::new("safeguard-facts"),
        Msg::new("safeguard-stated-by"),
        Msg::new("safeguard-vendor"),
        Msg::new("safeguard-stated-on"),
    ];
    let mut rows = Vec::new();
    for row in list(ctx).await? {
        for kept in &row.kinds {
            let facts: Vec<String> = kept.state.facts.iter().map(|(_, msg)| tr(msg)).collect();
            let by = kept.standing.as_ref();
            rows.push(vec![
                row.name.clone(),
                tr(&crate::export::label("safeguard-kind", kept.kind.key())),
                tr(&verdict(kept.state.verdict)),
                facts.join("\n"),
                by.map(|said| said.stated_by.clone()).unwrap_or_default(),
                by.map(|said| said.vendor.clone().unwrap_or_else(|| tr(&Msg::new("safeguard-hospital"))))
                    .unwrap_or_default(),
                by.map(|said| said.stated_on.to_string()).unwrap_or_default(),
            ]);
        }
    }
    let sheet = SheetOut { name: tr(&Msg::new("safeguards-title")), header: header.iter().map(tr).collect(), rows };
    crate::export::written(ctx, "safeguards.export", "safeguards", sheet).await
}

/// A verdict in words.
#[must_use]
pub fn verdict(verdict: tomomori_domain::safeguard::Verdict) -> Msg {
    use tomomori_domain::safeguard::Verdict as V;
    match verdict {
        V::Bad => Msg::new("safeguard-bad"),
        V::Due => Msg::new("safeguard-due"),
        V::Unknown => Msg::new("unknown"),
        V::Good => Msg::new("safeguard-good"),
    }
}
