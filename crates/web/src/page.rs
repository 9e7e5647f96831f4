//! What every page needs to be drawn: language, who reads, the rail, how fresh the information is, and how numbers and
//! dates are written.

use crate::assets;
use crate::session::Person;
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use tomomori_app::catalogue::Freshness;
use tomomori_app::home::{Tag, Tone};
use tomomori_domain::access::PermissionKind;
use tomomori_domain::import::Field;
use tomomori_domain::resource::{Criticality, PurchaseForm, ResourceKind, ResourceState};
use tomomori_domain::{Msg, date};
use tomomori_i18n::{Label, Lang, text, tr};

/// A message by value or by reference: templates hand over both.
pub(crate) trait AsMsg {
    fn as_msg(&self) -> &Msg;
}

impl AsMsg for Msg {
    fn as_msg(&self) -> &Msg {
        self
    }
}

impl<T: AsMsg> AsMsg for &T {
    fn as_msg(&self) -> &Msg {
        (*self).as_msg()
    }
}

/// A count by value or by reference.
pub(crate) struct Count(u64);

impl From<u64> for Count {
    fn from(count: u64) -> Self {
        Self(count)
    }
}

impl<T: Copy + Into<Count>> From<&T> for Count {
    fn from(count: &T) -> Self {
        (*count).into()
    }
}

/// An entry of the rail. Entries of pages that do not exist yet are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Home,
    Ledger,
    Lifetimes,
    Checks,
    Diagram,
    Findings,
    Roles,
    Confirmations,
    Contracts,
    Checklists,
    Advice,
    Imports,
    Stocktakes,
    Safeguards,
    History,
    Inbox,
    Settings,
}

impl Entry {
    const ALL: [(Entry, &'static str, PermissionKind); 17] = [
        (Entry::Home, "/", PermissionKind::ReadLedger),
        (Entry::Ledger, "/ledger", PermissionKind::ReadLedger),
        (Entry::Lifetimes, "/lifetimes", PermissionKind::ReadLedger),
        (Entry::Checks, "/checks", PermissionKind::ReadLedger),
        (Entry::Diagram, "/diagram", PermissionKind::ReadLedger),
        (Entry::Findings, "/findings", PermissionKind::ReadFindings),
        (Entry::Roles, "/roles", PermissionKind::ReadAgreements),
        (Entry::Confirmations, "/confirmations", PermissionKind::ReadAgreements),
        (Entry::Contracts, "/contracts", PermissionKind::ReadAgreements),
        (Entry::Checklists, "/checklists", PermissionKind::ReadAgreements),
        (Entry::Advice, "/advice", PermissionKind::ReadAdvice),
        (Entry::Imports, "/imports", PermissionKind::RunImport),
        (Entry::Stocktakes, "/stocktakes", PermissionKind::ReadLedger),
        (Entry::Safeguards, "/safeguards", PermissionKind::ReadLedger),
        (Entry::History, "/history", PermissionKind::ReadLedger),
        (Entry::Inbox, "/inbox", PermissionKind::AnswerAdvice),
        (Entry::Settings, "/settings", PermissionKind::ManageOwnTokens),
    ];

    fn msg(self) -> Msg {
        match self {
            Entry::Home => Msg::new("nav-home"),
            Entry::Ledger => Msg::new("nav-ledger"),
            Entry::Lifetimes => Msg::new("nav-lifetimes"),
            Entry::Checks => Msg::new("nav-checks"),
            Entry::Diagram => Msg::new("nav-diagram"),
            Entry::Findings => Msg::new("nav-findings"),
            Entry::Roles => Msg::new("nav-roles"),
            Entry::Confirmations => Msg::new("nav-confirmations"),
            Entry::Contracts => Msg::new("nav-contracts"),
            Entry::Checklists => Msg::new("checklists-title"),
            Entry::Advice => Msg::new("nav-advice"),
            Entry::Imports => Msg::new("nav-imports"),
            Entry::Stocktakes => Msg::new("nav-stocktakes"),
            Entry::Safeguards => Msg::new("nav-safeguards"),
            Entry::History => Msg::new("nav-history"),
            Entry::Inbox => Msg::new("nav-inbox"),
            Entry::Settings => Msg::new("nav-settings"),
        }
    }
}

/// One line of the rail as drawn.
pub(crate) struct RailEntry {
    pub(crate) text: String,
    pub(crate) href: &'static str,
    pub(crate) on: bool,
    /// What waits behind it; `None` = nothing does.
    pub(crate) count: Option<u64>,
}

/// Who reads, where, and which tenant's things.
pub(crate) struct Reader {
    pub(crate) name: String,
    pub(crate) tenant: String,
    pub(crate) csrf: String,
    pub(crate) rail: Vec<RailEntry>,
    pub(crate) fresh: Fresh,
    may_import: bool,
    may_edit: bool,
}

/// The freshness badge.
pub(crate) struct Fresh {
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

/// Context of every template.
pub(crate) struct Page {
    pub(crate) lang: Lang,
    pub(crate) reader: Option<Reader>,
}

impl Page {
    /// A page for nobody in particular: login, errors.
    pub(crate) fn bare(lang: Lang) -> Self {
        Self { lang, reader: None }
    }

    /// A page for a logged-in person. `on` is the rail entry it belongs to.
    pub(crate) fn of(person: &Person, on: Entry) -> Self {
        let actor = &person.ctx.actor;
        let rail = Entry::ALL
            .into_iter()
            .filter(|(_, _, needs)| actor.may(*needs))
            .map(|(entry, href, _)| RailEntry {
                text: tr(person.lang, &entry.msg()),
                href,
                on: entry == on,
                count: Some(person.open_checks).filter(|count| entry == Entry::Checks && *count > 0),
            })
            .collect();
        let page = Self { lang: person.lang, reader: None };
        let fresh = page.fresh(&tomomori_app::catalogue::freshness(&person.ctx));
        let reader = Reader {
            name: actor.name.clone(),
            tenant: person.tenant.clone(),
            csrf: person.csrf.clone(),
            rail,
            fresh,
            may_import: actor.may(PermissionKind::RunImport),
            may_edit: actor.may(PermissionKind::WriteLedger),
        };
        Self { reader: Some(reader), ..page }
    }

    fn fresh(&self, freshness: &Freshness) -> Fresh {
        let Some(weakest) = freshness.weakest() else {
            return Fresh { class: "none", text: self.t("fresh-none") };
        };
        match (weakest.newest, weakest.age_days) {
            (Some(newest), Some(days)) if weakest.records > 0 => {
                let msg = Msg::new("fresh-until").arg("date", self.short_day(newest, days)).arg("days", days);
                Fresh { class: if weakest.stale { "old" } else { "ok" }, text: tr(self.lang, &msg) }
            }
            _ => Fresh {
                class: "none",
                text: tr(self.lang, &Msg::new("fresh-empty").arg("source", self.source(&weakest.source))),
            },
        }
    }

    /// Text by key.
    pub(crate) fn t(&self, key: &str) -> String {
        text(self.lang, key)
    }

    /// A message.
    pub(crate) fn m(&self, msg: impl AsMsg) -> String {
        tr(self.lang, msg.as_msg())
    }

    /// Name of a value of the domain.
    pub(crate) fn label(&self, value: impl Label) -> String {
        value.label(self.lang)
    }

    /// A value of the ledger in the reader's words: what was kept as a key of the domain gets its name back.
    pub(crate) fn value(&self, field: &Field, value: &str) -> String {
        let name = match field {
            Field::Kind => ResourceKind::from_key(value).map(|kind| self.label(kind)),
            Field::Purchase => PurchaseForm::from_key(value).map(|form| self.label(form)),
            Field::State => ResourceState::from_key(value).map(|state| self.label(state)),
            Field::Criticality => Criticality::from_key(value).map(|criticality| self.label(criticality)),
            Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance | Field::Medical => match value {
                "true" => Some(self.t("value-yes")),
                "false" => Some(self.t("value-no")),
                _ => None,
            },
            _ => None,
        };
        name.unwrap_or_else(|| value.to_owned())
    }

    /// Name of a field; the hospital's own columns have their own.
    pub(crate) fn field(&self, field: &Field, label: &Option<String>) -> String {
        label.clone().unwrap_or_else(|| self.label(field))
    }

    /// Name of a public source.
    pub(crate) fn source(&self, key: &str) -> String {
        tomomori_app::findings::source_name(key).to_owned()
    }

    /// Address of a script or style.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// `11月24日(火)`, for headings and sentences.
    pub(crate) fn day(&self, day: &Date) -> String {
        let (month, of_month) = (day.month(), day.day());
        match self.lang {
            Lang::Ja => format!("{month}月{of_month}日({})", weekday_ja(day.weekday())),
            Lang::En => day.strftime("%a, %-d %b").to_string(),
        }
    }

    /// `2026-11-24 09:30` in Japan, for tables.
    pub(crate) fn moment(&self, at: &Timestamp) -> String {
        at.to_zoned(jst()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// `2026-11-24` in Japan, for tables.
    pub(crate) fn table_day(&self, at: &Timestamp) -> String {
        at.to_zoned(jst()).strftime("%Y-%m-%d").to_string()
    }

    /// The year is left out only where it cannot be mistaken.
    fn short_day(&self, day: Date, days_ago: i64) -> String {
        match (self.lang, days_ago < 180) {
            (Lang::Ja, true) => format!("{}月{}日", day.month(), day.day()),
            (Lang::Ja, false) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
            (Lang::En, true) => day.strftime("%-d %b").to_string(),
            (Lang::En, false) => day.strftime("%-d %b %Y").to_string(),
        }
    }

    /// A civil date with its Japanese era, for facts people compare with paper.
    pub(crate) fn paper_day(&self, day: &Date) -> String {
        match self.lang {
            Lang::Ja => format!("{day} ({})", date::wareki(*day)),
            Lang::En => day.to_string(),
        }
    }

    /// A count with thousands separators.
    pub(crate) fn n(&self, count: impl Into<Count>) -> String {
        let digits = count.into().0.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }

    /// A CVSS score from tenths.
    pub(crate) fn score(&self, tenths: &u16) -> String {
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    /// Class of a tag's tone.
    pub(crate) fn tone(&self, tag: &Tag) -> &'static str {
        match tag.tone {
            Tone::Red => "red",
            Tone::Orange => "orange",
            Tone::Green => "green",
            Tone::Unknown => "unknown",
            Tone::Plain => "plain",
        }
    }

    /// Whether the reader may import files; pages leave out what would be refused.
    pub(crate) fn may_import(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.may_import)
    }

    /// Whether the reader may change the ledger by hand.
    pub(crate) fn may_edit(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.may_edit)
    }

    /// Token for forms.
    pub(crate) fn csrf(&self) -> &str {
        self.reader.as_ref().map_or("", |reader| &reader.csrf)
    }

    /// The other language, for the switch.
    pub(crate) fn other_lang(&self) -> (&'static str, &'static str) {
        match self.lang {
            Lang::Ja => ("en", "English"),
            Lang::En => ("ja", "日本語"),
        }
    }
}

/// Japan has no summer time; a fixed offset is exact.
fn jst() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(9))
}

fn weekday_ja(day: Weekday) -> char {
    match day {
        Weekday::Monday => '月',
        Weekday::Tuesday => '火',
        Weekday::Wednesday => '水',
        Weekday::Thursday => '木',
        Weekday::Friday => '金',
        Weekday::Saturday => '土',
        Weekday::Sunday => '日',
    }
}

/// Draws a template.
pub(crate) fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
