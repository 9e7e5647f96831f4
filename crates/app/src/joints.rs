//! Joints (接続点): what two sides settle about the line where their responsibilities meet.

use crate::{AppError, Ctx};
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::access::permission::{ReadAgreements, WriteAgreements};
use tomomori_domain::agreement::Party;
use tomomori_domain::ids::LineId;
use tomomori_domain::resource::{Line, LineEnd};
use tomomori_domain::roles::gaps::open;
use tomomori_domain::roles::{responsible, sides};
use tomomori_store::{AuditEvent, Ledger, TenantTx};

pub use tomomori_domain::roles::{Joint, JointProposal, JointTopic, Settled};

/// Longest text about one topic, in characters.
const MAX_TEXT: usize = 2_000;

/// One topic.
#[derive(Clone, Debug)]
pub struct TopicView {
    /// Which.
    pub topic: JointTopic,
    /// What was written down.
    pub settled: Option<Settled>,
    /// Both sides agreed.
    pub done: bool,
    /// Proposals with the side's name (`None` = the hospital), newest first.
    pub proposals: Vec<(Option<String>, JointProposal)>,
}

/// A joint.
#[derive(Clone, Debug)]
pub struct JointView {
    /// The line.
    pub line: Line,
    /// Its ends in words, as the ledger has them.
    pub ends: [String; 2],
    /// Names of both sides (`None` = the hospital); nothing where one end is nobody's or both are one side's.
    pub sides: Option<[Option<String>; 2]>,
    /// Revision of the document, 0 = nothing was written yet.
    pub revision: i64,
    /// Opened to both vendors.
    pub opened: bool,
    /// Both sides are vendors, so that it can be opened to them.
    pub two_vendors: bool,
    /// Topics in their order.
    pub topics: Vec<TopicView>,
    /// How many are left.
    pub left: usize,
}

/// What a line is called before one of its sides: its purpose, else that side's own device. The other side's devices are
/// the other vendor's business.
pub(crate) fn line_name(ledger: &Ledger, line: &Line, own: Party) -> String {
    let device = |end: &LineEnd| match end {
        LineEnd::Resource(id) => ledger.resources.iter().find(|device| device.id == *id),
        LineEnd::Outside(_) | LineEnd::Unknown => None,
    };
    let ends = [&line.from, &line.to].into_iter().filter_map(device);
    let own = ends.filter(|device| responsible(ledger, device) == Some(own)).map(|device| device.name.clone()).next();
    line.purpose.clone().or(own).or_else(|| line.protocol.clone()).unwrap_or_default()
}

/// Name of a vendor; `None` for the hospital.
pub(crate) fn party_name(ledger: &Ledger, party: Party) -> Option<String> {
    match party {
        Party::Hospital => None,
        Party::Vendor(id) => Some(
            ledger.vendors.iter().find(|vendor| vendor.id == id).map(|vendor| vendor.name.clone()).unwrap_or_default(),
        ),
    }
}

/// One joint.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] for a line the ledger does not have.
pub async fn view(ctx: &Ctx, id: LineId) -> Result<JointView, AppError> {
    ctx.actor.require::<ReadAgreements>()?;
    let tx = ctx.read().await?;
    let ledger = tx.ledger().await?;
    let line = ledger.lines.iter().find(|line| line.id == id).cloned().ok_or(AppError::NotFound)?;
    let known = tx.document_if_any::<Joint>(id.0).await?;
    let (revision, joint) = known.map(|known| (known.revision, known.content)).unwrap_or_default();
    let both = sides(&ledger, &line);
    let left = both.map(|both| open(Some(&joint), both)).unwrap_or_default();
    let name = |party: Party| party_name(&ledger, party);
    let topics = JointTopic::ALL.iter().map(|topic| TopicView {
        topic: *topic,
        settled: joint.settled.get(topic).cloned(),
        done: both.is_some() && !left.contains(topic),
        proposals: joint
            .proposals
            .iter()
            .rev()
            .filter(|said| said.topic == *topic)
            .map(|said| (name(said.party), said.clone()))
            .collect(),
    });
    let end = |end: &LineEnd| match end {
        LineEnd::Resource(id) => ledger
            .resources
            .iter()
            .find(|device| device.id == *id)
            .map(|device| device.name.clone())
            .unwrap_or_default(),
        LineEnd::Outside(name) => name.clone(),
        LineEnd::Unknown => String::new(),
    };
    Ok(JointView {
        ends: [end(&line.from), end(&line.to)],
        sides: both.map(|both| both.map(name)),
        revision,
        opened: joint.opened,
        two_vendors: both.is_some_and(|both| !both.contains(&Party::Hospital)),
        topics: topics.collect(),
        left: left.len(),
        line,
    })
}

/// Writes down what both sides agreed to, topic by topic; a blank text takes it back. The person who writes it is named.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] where the two sides are not known or a text is too long; [`AppError::Conflict`].
pub async fn settle(ctx: &Ctx, id: LineId, from: i64, texts: &BTreeMap<JointTopic, String>) -> Result<(), AppError> {
    if texts.values().any(|text| text.chars().count() > MAX_TEXT) {
        return Err(AppError::Invalid(Msg::new("confirm-too-long").arg("limit", MAX_TEXT)));
    }
    let by = ctx.actor.name.clone();
    change(ctx, id, from, "joint.settle", |joint, both| {
        for (topic, text) in texts {
            let text = text.trim();
            let same = joint.settled.get(topic).is_some_and(|known| known.text == text);
            if text.is_empty() {
                joint.settled.remove(topic);
            } else if !same {
                let settled = Settled { text: text.to_owned(), agreed: both.to_vec(), entered_by: by.clone() };
                joint.settled.insert(*topic, settled);
            }
        }
        Ok(())
    })
    .await
}

/// Opens a joint to both vendors, or closes it: their next question sheets carry it, with the other's name and proposals only.
///
/// # Errors
/// As [`settle`]; [`AppError::Invalid`] where the hospital itself is one of the sides: then there is no other vendor.
pub async fn set_open(ctx: &Ctx, id: LineId, from: i64, opened: bool) -> Result<(), AppError> {
    change(ctx, id, from, "joint.open", |joint, both| {
        if both.contains(&Party::Hospital) {
            return Err(AppError::Invalid(Msg::new("joint-open-needs-two")));
        }
        joint.opened = opened;
        Ok(())
    })
    .await
}

async fn change(
    ctx: &Ctx,
    id: LineId,
    from: i64,
    action: &'static str,
    by: impl FnOnce(&mut Joint, [Party; 2]) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteAgreements>()?;
    let mut tx: TenantTx = ctx.write().await?;
    let ledger = tx.ledger().await?;
    let line = ledger.lines.iter().find(|line| line.id == id).ok_or(AppError::NotFound)?;
    let both = sides(&ledger, line).ok_or_else(|| AppError::Invalid(Msg::new("joint-sides-unknown")))?;
    let known = tx.document_if_any::<Joint>(id.0).await?;
    let (revision, mut joint) = known.map(|known| (known.revision, known.content)).unwrap_or_default();
    if revision != from {
        return Err(AppError::Conflict(Msg::new("error-stale")));
    }
    by(&mut joint, both)?;
    tx.put_document(&grant, id.0, from, &joint).await?;
    let topics: Vec<&str> = joint.settled.keys().map(|topic| topic.key()).collect();
    let details = serde_json::json!({ "settled": topics, "opened": joint.opened });
    tx.audit(AuditEvent::new(action, format!("line:{id}")).details(details)).await?;
    Ok(tx.commit().await?)
}
