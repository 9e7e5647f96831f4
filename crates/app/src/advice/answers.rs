//! What a vendor answered, held three-way against what it was shown and what the ledger says now; and taking it over.

use super::files;
use super::form::{self, FileAnswer};
use crate::edit::{self, Edit, MAX_EDITS, Said};
use crate::{AppError, Ctx};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{AskAdvice, ReadAdvice, WriteLedger};
use tomomori_domain::advice::{
    AdviceItem, AdviceRequest, Confirmation, Item, ItemFault, ItemState, Part, PartNode, Subject, Values, several,
};
use tomomori_domain::ids::{AdviceId, AdviceItemId, ResourceId};
use tomomori_domain::import::{Field, Place};
use tomomori_domain::record::ChangeKind;
use tomomori_domain::resource::{Grade, ResourceState};
use tomomori_ledger::edits::LineEdit;
use tomomori_ledger::share::visible;
use tomomori_ledger::words::Words;
use tomomori_store::{AuditEvent, Ledger};

/// Largest answer file.
pub const MAX_FILE_BYTES: usize = 4 << 20;

/// One corrected field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Three {
    /// Which.
    pub field: Field,
    /// When the form was made.
    pub then: String,
    /// Now.
    pub now: String,
    /// What the vendor says.
    pub theirs: String,
}

impl Three {
    /// The hospital changed it since, to something else than the vendor says.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.then != self.now && self.now != self.theirs
    }
}

/// An item with what it would change.
#[derive(Clone, Debug)]
pub struct ItemView {
    /// The item.
    pub item: AdviceItem,
    /// Why it cannot be accepted.
    pub fault: Option<Msg>,
    /// Corrected fields, or those of something new.
    pub changes: Vec<Three>,
    /// What it speaks of looks different now than when the form was made.
    pub moved: bool,
}

/// A request with its answer.
#[derive(Clone, Debug)]
pub struct RequestView {
    /// The request.
    pub request: AdviceRequest,
    /// Items, in the order they were said.
    pub items: Vec<ItemView>,
    /// A newer request to the same vendor.
    pub newer: Option<AdviceId>,
}

/// One request with its answer.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`].
pub async fn request(ctx: &Ctx, id: AdviceId) -> Result<RequestView, AppError> {
    ctx.actor.require::<ReadAdvice>()?;
    let tx = ctx.read().await?;
    let request = tx.advice_request(id).await?;
    let (ledger, grants, items) = (tx.ledger().await?, tx.share_grants().await?, tx.advice_items(id).await?);
    let newest = tx.advice_requests().await?.into_iter().find(|other| other.vendor == request.vendor);
    drop(tx);
    let now = visible(&ledger, request.vendor, &grants);
    let items = items.into_iter().map(|item| view(item, &request.part, &now)).collect();
    Ok(RequestView { items, newer: newest.map(|newest| newest.id).filter(|newest| *newest != id), request })
}

fn values_of(part: &Part, subject: Subject) -> Option<&Values> {
    match subject {
        Subject::Node(id) => part.nodes.iter().find(|node| node.id == id).map(|node| &node.values),
        Subject::Line(id) => part.lines.iter().find(|line| line.id == id).map(|line| &line.values),
    }
}

fn view(item: AdviceItem, then: &Part, now: &Part) -> ItemView {
    let none = Values::new();
    let (before, after) = match item.item.subject() {
        Some(subject) => (values_of(then, subject).unwrap_or(&none), values_of(now, subject).unwrap_or(&none)),
        None => (&none, &none),
    };
    let stated: BTreeMap<Field, String> = match &item.item {
        Item::Correct { values, .. } | Item::NewNode { values, .. } => values.clone(),
        Item::NewLine { from, to, values } => {
            let ends = [(Field::From, from.clone()), (Field::To, to.clone())];
            ends.into_iter().chain(values.clone()).collect()
        }
        _ => BTreeMap::new(),
    };
    let changes = stated.into_iter().map(|(field, theirs)| Three {
        then: form::shown(before, field),
        now: form::shown(after, field),
        field,
        theirs,
    });
    ItemView {
        fault: ItemFault::check(&item.item, then).err().map(form::fault).or_else(|| bad_value(&item.item)),
        changes: changes.collect(),
        moved: before != after,
        item,
    }
}

/// Values that the ledger cannot hold are told before somebody tries to accept them.
fn bad_value(item: &Item) -> Option<Msg> {
    let (Item::Correct { subject: Subject::Node(_), values } | Item::NewNode { values, .. }) = item else {
        return None;
    };
    values.iter().find_map(|(field, text)| match edit::valid(&field_edit(ResourceId::generate(), *field, text)) {
        Err(AppError::Invalid(msg)) => Some(msg),
        _ => None,
    })
}

/// Takes an answer file in. Nothing of the ledger changes; its items wait for a person. Returns how many there are.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for a file that is no answer, or the answer to another request.
pub async fn enter(ctx: &Ctx, id: AdviceId, name: &str, bytes: &[u8], tr: files::Tr<'_>) -> Result<usize, AppError> {
    let grant = ctx.actor.require::<AskAdvice>()?;
    let tx = ctx.read().await?;
    let request = tx.advice_request(id).await?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(AppError::Invalid(Msg::new("advice-file-large").arg("megabytes", MAX_FILE_BYTES >> 20)));
    }
    let answer = files::read(name, bytes, &request.part, tr)?;
    if answer.code != request.code {
        return Err(AppError::Invalid(match tx.advice_request_of_code(&answer.code).await? {
            Some(other) => Msg::new("advice-code-other")
                .arg("vendor", other.vendor_name)
                .arg("date", crate::ctx::japan().to_datetime(other.asked).date()),
            None => Msg::new("advice-code-unknown"),
        }));
    }
    drop(tx);
    let FileAnswer { by, on, fields, .. } = answer;
    let by = by.trim().to_owned();
    if by.is_empty() || by.chars().count() > 100 {
        return Err(AppError::Invalid(Msg::new("advice-by-missing")));
    }
    let on = tomomori_domain::date::parse(&on).map_err(|_| AppError::Invalid(Msg::new("advice-date-bad")))?;
    if on > ctx.today() {
        return Err(AppError::Invalid(Msg::new("advice-date-future").arg("date", on)));
    }
    let said = form::items(&fields, &request.part)?;
    if said.is_empty() {
        return Err(AppError::Invalid(Msg::new("advice-file-blank")));
    }
    let items = said.into_iter().map(|item| AdviceItem {
        id: AdviceItemId::generate(),
        request: id,
        item,
        by: by.clone(),
        on,
        file: Some(name.chars().take(200).collect()),
        entered_by: ctx.actor.name.clone(),
        state: ItemState::Open,
        reason: None,
        decided_by: None,
    });
    let items: Vec<AdviceItem> = items.collect();
    let mut tx = ctx.write().await?;
    tx.put_advice_answer(&grant, id, &items).await?;
    let details = serde_json::json!({ "items": items.len(), "by": "file" });
    let event = AuditEvent::new("advice.answered", format!("request:{id}")).details(details);
    tx.audit(AuditEvent { personal: vec![("answered_by", by)], ..event }).await?;
    tx.commit().await?;
    Ok(items.len())
}

/// What a person of the hospital decides on an item.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Which.
    pub item: AdviceItemId,
    /// Why it is refused; `None` = accepted.
    pub refused: Option<String>,
}

/// Decides on items. What is accepted becomes one step of the ledger; what is refused keeps the reason. Returns how many
/// were accepted.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for a refusal without reason or an item that cannot be accepted;
/// [`AppError::Conflict`] when somebody decided meanwhile. Then nothing was written.
pub async fn decide(ctx: &Ctx, id: AdviceId, decisions: &[Decision]) -> Result<usize, AppError> {
    let grant = ctx.actor.require::<AskAdvice>()?;
    ctx.actor.require::<WriteLedger>()?;
    let mut tx = ctx.write().await?;
    let request = tx.advice_request(id).await?;
    let (ledger, grants, items) = (tx.ledger().await?, tx.share_grants().await?, tx.advice_items(id).await?);
    let now = visible(&ledger, request.vendor, &grants);
    let mut accepted = Vec::new();
    for decision in decisions {
        let item = items.iter().find(|item| item.id == decision.item).cloned().ok_or(AppError::NotFound)?;
        let state = match decision.refused.as_deref().map(str::trim) {
            Some("") => return Err(AppError::Invalid(Msg::new("advice-reason-missing"))),
            Some(_) => ItemState::Refused,
            None => {
                if let Some(fault) = view(item.clone(), &request.part, &now).fault {
                    return Err(AppError::Invalid(fault));
                }
                accepted.push(item);
                ItemState::Accepted
            }
        };
        tx.decide_advice_item(&grant, decision.item, state, decision.refused.as_deref().map(str::trim)).await?;
    }
    let plan = Plan::of(&accepted, &request, &ledger);
    if plan.edits.len() > MAX_EDITS {
        return Err(AppError::Invalid(Msg::new("edit-too-many").arg("limit", MAX_EDITS)));
    }
    let mut step = None;
    if let Some(first) = accepted.first().filter(|_| !plan.edits.is_empty() || !plan.lines.is_empty()) {
        let by = format!("{} {}", request.vendor_name, first.by);
        let graded = [(Grade::ConfirmedByVendor, plan.edits)];
        let said = Said { graded: &graded, lines: &plan.lines, by: &by };
        step = Some(edit::write_said(ctx, &mut tx, &said, ChangeKind::Advice, None).await?.step);
    }
    let after = visible(&tx.ledger().await?, request.vendor, &grants);
    let confirmations: Vec<Confirmation> =
        plan.confirmed.iter().filter_map(|(node, item)| confirmation(*node, item, &request, &after)).collect();
    tx.put_confirmations(&grant, &confirmations).await?;
    let details = serde_json::json!({
        "accepted": accepted.len(), "refused": decisions.len() - accepted.len(), "step": step,
        "confirmed": confirmations.len(),
    });
    tx.audit(AuditEvent::new("advice.accept", format!("request:{id}")).details(details)).await?;
    tx.commit().await?;
    Ok(accepted.len())
}

/// What accepted items come down to.
#[derive(Default)]
struct Plan<'a> {
    edits: Vec<Edit>,
    lines: Vec<LineEdit>,
    /// Devices the vendor stands for now.
    confirmed: Vec<(ResourceId, &'a AdviceItem)>,
}

fn field_edit(resource: ResourceId, field: Field, text: &str) -> Edit {
    Edit { resource, field, label: None, values: several(field, text), place: Place::default() }
}

impl<'a> Plan<'a> {
    fn of(accepted: &'a [AdviceItem], request: &AdviceRequest, ledger: &Ledger) -> Self {
        let words = Words::of(ledger);
        let known: BTreeSet<ResourceId> = ledger.resources.iter().map(|resource| resource.id).collect();
        let mut plan = Self::default();
        let pairs = |values: &BTreeMap<Field, String>| -> Vec<(Field, String)> {
            values.iter().map(|(field, text)| (*field, text.trim().to_owned())).collect()
        };
        for item in accepted {
            match &item.item {
                // Of a device that went meanwhile there is nothing to say any more.
                Item::Confirm { subject: Subject::Node(id) } if known.contains(id) => plan.confirmed.push((*id, item)),
                Item::Correct { subject: Subject::Node(id), values } if known.contains(id) => {
                    plan.edits.extend(values.iter().map(|(field, text)| field_edit(*id, *field, text)));
                    plan.confirmed.push((*id, item));
                }
                Item::Remove { subject: Subject::Node(id) } if known.contains(id) => {
                    plan.edits.push(field_edit(*id, Field::State, ResourceState::Retired.key()));
                }
                Item::Correct { subject: Subject::Line(line), values } => {
                    plan.lines.push(LineEdit::Set { line: *line, values: pairs(values) });
                }
                Item::Remove { subject: Subject::Line(line) } => plan.lines.push(LineEdit::Gone { line: *line }),
                Item::NewNode { values, uplink } => {
                    let id = ResourceId::generate();
                    plan.edits.extend(values.iter().map(|(field, text)| field_edit(id, *field, text)));
                    plan.edits.push(field_edit(id, Field::Vendor, &request.vendor_name));
                    if let Some(name) = uplink.and_then(|uplink| words.called(uplink)) {
                        plan.edits.push(field_edit(id, Field::Uplink, &name));
                    }
                    plan.confirmed.push((id, item));
                }
                Item::NewLine { from, to, values } => {
                    let vendor = [(Field::Vendor, request.vendor_name.clone())];
                    let values = pairs(values).into_iter().chain(vendor).collect();
                    plan.lines.push(LineEdit::New { from: from.clone(), to: to.clone(), values });
                }
                Item::Confirm { .. } | Item::Correct { .. } | Item::Remove { .. } | Item::Remark { .. } => {}
            }
        }
        plan
    }
}

/// What a vendor stands for: what it was shown, with its own corrections as the ledger holds them now.
fn confirmation(id: ResourceId, item: &AdviceItem, request: &AdviceRequest, after: &Part) -> Option<Confirmation> {
    let find = |part: &'_ Part| -> Option<PartNode> { part.nodes.iter().find(|node| node.id == id).cloned() };
    let now = find(after)?;
    let corrected: Vec<Field> = match &item.item {
        Item::Correct { values, .. } => values.keys().copied().collect(),
        Item::NewNode { .. } => now.values.keys().copied().collect(),
        _ => Vec::new(),
    };
    let mut values = find(&request.part).map(|node| node.values).unwrap_or_default();
    for field in corrected {
        match now.values.get(&field) {
            Some(texts) => values.insert(field, texts.clone()),
            None => values.remove(&field),
        };
    }
    Some(Confirmation {
        resource: id,
        vendor: request.vendor,
        vendor_name: request.vendor_name.clone(),
        on: item.on,
        by: item.by.clone(),
        file: item.file.clone(),
        values,
    })
}
