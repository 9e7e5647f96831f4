//! Home: at most five things to do, each with its button, and the state in numbers that lead to their rows.

use crate::catalogue::Freshness;
use crate::{AppError, Ctx};
use tomomori_domain::Msg;

/// The first page a person sees.
#[derive(Clone, Debug)]
pub struct Home {
    /// Today in JST.
    pub today: jiff::civil::Date,
    /// At most five things to do, most urgent first.
    pub todo: Vec<Todo>,
    /// Resources in the ledger.
    pub resources: u64,
    /// Resources whose product or version is not known.
    pub unknown: u64,
    /// Resources whose product and version are known, percent, rounded down; `None` with an empty ledger.
    pub known_percent: Option<u8>,
    /// Resources nobody maintains.
    pub nobody: u64,
    /// Devices seen on the wire that no list names.
    pub not_declared: u64,
    /// Affected findings.
    pub affected: u64,
    /// Exploited ones among them.
    pub exploited: u64,
    /// Questions.
    pub questions: u64,
    /// How fresh the vulnerability information is, per source.
    pub freshness: Freshness,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Todo {
    /// Title.
    pub title: Msg,
    /// One or two sentences: what it means here.
    pub text: Msg,
    /// Tags, most important first.
    pub tags: Vec<Tag>,
    /// Text of the button (a verb).
    pub button: Msg,
    /// Where the button leads, a path of the site, e.g. `/findings/…`.
    pub href: String,
}

/// A tag with a tone; the text always says what the colour means.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Text.
    pub text: Msg,
    /// Tone.
    pub tone: Tone,
}

/// Tone of a tag (LOOK: red = act today or nobody owns it, orange = due soon, green = proven good, gray hatch = unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Somebody must act today, or nobody owns it.
    Red,
    /// Due soon.
    Orange,
    /// Proven good.
    Green,
    /// Unknown.
    Unknown,
    /// Neutral.
    Plain,
}

/// The home page of the actor's tenant.
///
/// # Errors
/// [`AppError::Denied`] without the right to read ledger and findings.
pub async fn home(ctx: &Ctx) -> Result<Home, AppError> {
    let _ = ctx;
    Err(AppError::NotFound)
}
