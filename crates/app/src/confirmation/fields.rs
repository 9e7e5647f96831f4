//! A filled-in question sheet as plain named fields. The page, the offline form and the workbook all come down to these.
//!
//! Names: `i-KEY` the vendor's duty, `c-KEY` the clause, `r-KEY` a remark, `a-KEY` (`yes`) its agreement; `j-LINE-TOPIC` a
//! proposal for a joint; `remark` a remark on the whole. KEY is the item's key in the edition.

use crate::AppError;
use std::collections::BTreeMap;
use tomomori_domain::Msg;
use tomomori_domain::confirmation::{Duty, Means};
use tomomori_domain::inquiry::{Answer, Inquiry, MAX_TEXT, Reply, ReplyItem, ReplyTopic};

pub use crate::advice::form::{Fields, FileAnswer};

/// What the fields say. An item that was left as it was shown, without agreement, says nothing. The answer's origin is filled in by
/// the caller.
///
/// # Errors
/// [`AppError::Invalid`] for a field this sheet does not have, a word that is no duty, or a text that is too long.
pub fn read(fields: &Fields, inquiry: &Inquiry) -> Result<Reply, AppError> {
    let mut used: Vec<String> = vec!["remark".to_owned()];
    let mut text = |name: String| -> Result<Option<String>, AppError> {
        let text = fields.get(&name).map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        used.push(name);
        match text {
            Some(text) if text.chars().count() > MAX_TEXT => {
                Err(AppError::Invalid(Msg::new("confirm-too-long").arg("limit", MAX_TEXT)))
            }
            text => Ok(text),
        }
    };
    let mut items = BTreeMap::new();
    for asked in &inquiry.items {
        let key = &asked.key;
        let duty = text(format!("i-{key}"))?;
        let duty = duty.map(|word| Duty::from_key(&word).ok_or_else(|| unknown(&word))).transpose()?;
        let answer = Answer { duty, clause: text(format!("c-{key}"))?, note: text(format!("r-{key}"))? };
        let agrees = text(format!("a-{key}"))?.is_some();
        if agrees || answer != asked.vendor {
            items.insert(key.clone(), ReplyItem { answer, agrees });
        }
    }
    let mut joints = Vec::new();
    for (joint, asked) in inquiry.joints.iter().flat_map(|joint| joint.topics.iter().map(move |topic| (joint, topic))) {
        let said = text(format!("j-{}-{}", joint.line, asked.topic.key()))?;
        if let Some(said) = said.filter(|said| Some(said) != asked.own.as_ref()) {
            joints.push(ReplyTopic { line: joint.line, topic: asked.topic, text: said });
        }
    }
    let note = text("remark".to_owned())?;
    if let Some((name, _)) = fields.iter().find(|(name, text)| !text.trim().is_empty() && !used.contains(*name)) {
        return Err(unknown(name));
    }
    Ok(Reply {
        by: String::new(),
        on: inquiry.first_talk,
        means: Means::File,
        file: None,
        hash: None,
        entered_by: None,
        items,
        joints,
        note,
        faults: Vec::new(),
        decided: BTreeMap::new(),
    })
}

fn unknown(name: &str) -> AppError {
    let name: String = name.chars().take(80).collect();
    AppError::Invalid(Msg::new("advice-field-unknown").arg("name", name))
}
