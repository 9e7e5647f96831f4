//! What every paper says of itself.

use crate::fonts::Fonts;
use crate::text::clean;
use serde_json::{Value, json};

/// Language of a paper: decides where lines may end and what the file says of itself. All texts come from the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// 日本語.
    Ja,
    /// English.
    En,
}

/// What stands on every page, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Name of the paper, e.g. 棚卸票.
    pub title: String,
    /// Whose paper: the hospital or vendor.
    pub tenant: String,
    /// Date of the paper as text, e.g. `2026年11月24日（令和8年11月24日）`.
    pub date: String,
    /// Edition, source or mark of the audit trail; printed small at the foot of every page, so keep it
    /// to one short line. May be empty.
    pub footer: String,
    /// Language of the texts.
    pub lang: Lang,
}

impl Meta {
    pub(crate) fn json(&self, fonts: &Fonts) -> Value {
        json!({
            "title": clean(&self.title, fonts),
            "tenant": clean(&self.tenant, fonts),
            "date": clean(&self.date, fonts),
            "footer": clean(&self.footer, fonts),
            "lang": match self.lang { Lang::Ja => "ja", Lang::En => "en" },
        })
    }
}
