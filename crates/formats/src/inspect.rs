//! What a file is and whether it is sound, decided by its content, never by its name.
//!
//! Every format that is read elsewhere in this crate is read here by the same reader, to its end: "sound" means that
//! an import would get everything the file promises.

mod check;
mod kind;
mod office;
mod recognise;

pub use kind::Kind;
pub use recognise::{HEAD, recognise};

use crate::container::{self, ContainerError, Limits};
use crate::feed;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use tomomori_domain::Msg;
use tomomori_domain::import::{Place, Problem, Severity};

/// Problems listed one by one; the rest is counted in a last one.
pub const MAX_LISTED: usize = 100;

/// What was found out about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// What it is.
    pub kind: Kind,
    /// Well-formed, complete and usable as what it is.
    pub sound: bool,
    /// Facts: label and value.
    pub facts: Vec<(Msg, String)>,
    /// What is wrong, and the remedy.
    pub problems: Vec<Problem>,
}

impl Inspection {
    fn of(kind: Kind) -> Self {
        Self { kind, sound: true, facts: Vec::new(), problems: Vec::new() }
    }

    fn fact(&mut self, label: Msg, value: &impl ToString) {
        self.facts.push((label, value.to_string()));
    }

    /// Something that makes the file unusable or incomplete.
    fn error(&mut self, file: &str, msg: Msg) {
        self.sound = false;
        self.problems.push(Problem { severity: Severity::Error, place: place(file), msg });
    }

    /// Something to know; the file is usable.
    fn warning(&mut self, file: &str, msg: Msg) {
        self.problems.push(Problem { severity: Severity::Warning, place: place(file), msg });
    }
}

fn place(file: &str) -> Place {
    Place { file: file.into(), ..Place::default() }
}

/// Looks at a file. `file` is the name to be used in problems; `input` gives its bytes as they lie on the disk.
/// Never fails: what goes wrong is the result.
#[must_use]
pub fn inspect(file: &str, input: &mut dyn Read) -> Inspection {
    let mut head = Vec::new();
    if let Err(error) = input.take(HEAD as u64).read_to_end(&mut head) {
        let mut found = Inspection::of(Kind::Unknown);
        found.error(file, problem_msg(&feed::Problem::from(error)));
        return found;
    }
    let kind = recognise(&head);
    let zip = head.starts_with(b"PK");
    let mut whole = Cursor::new(head).chain(input);
    match kind {
        Kind::Packed if zip => office::zip(file, &mut whole),
        Kind::Packed => packed(file, &mut whole),
        Kind::OldOffice => office::compound(file, &mut whole),
        kind => check::plain(kind, file, &mut whole),
    }
}

/// What stands inside a packed file: how many of each kind, and everything wrong with any of them.
fn packed(file: &str, input: &mut dyn Read) -> Inspection {
    let mut found = Inspection::of(Kind::Packed);
    let mut kinds: BTreeMap<Kind, u64> = BTreeMap::new();
    let mut more = 0_u64;
    let result = container::unpack::<ContainerError>(file, input, &Limits::default(), &mut |name, entry| {
        let inside = inspect(name, entry);
        *kinds.entry(inside.kind).or_default() += 1;
        // Papers beside the data (read-me files, licences) do not make an archive unsound.
        let beside = matches!(inside.kind, Kind::Text | Kind::Unknown | Kind::Pdf | Kind::Empty | Kind::Csv);
        found.sound &= inside.sound || beside;
        for problem in inside.problems {
            if found.problems.len() < MAX_LISTED {
                found.problems.push(problem);
            } else {
                more += 1;
            }
        }
        Ok(())
    });
    if more > 0 {
        found.warning(file, Msg::new("inspect-more").arg("count", more));
    }
    if let Err(error) = result {
        found.error(file, problem_msg(&feed::Problem::Container(error)));
    }
    found.fact(Msg::new("inspect-fact-files"), &kinds.values().sum::<u64>());
    for (kind, count) in kinds {
        found.fact(kind.msg(), &count);
    }
    found
}

/// A reader's error in words with a remedy.
#[must_use]
pub fn problem_msg(problem: &feed::Problem) -> Msg {
    use feed::Problem as P;
    match problem {
        P::Empty => Msg::new("inspect-empty"),
        P::Truncated { byte } => Msg::new("inspect-truncated").arg("byte", byte),
        P::WrongFormat { expected, found } => Msg::new("inspect-wrong").arg("expected", expected).arg("found", found),
        P::Broken { byte, detail } => Msg::new("inspect-broken").arg("byte", byte).arg("detail", detail),
        P::Limit { what, limit } => Msg::new("inspect-limit").arg("what", what).arg("limit", limit),
        P::Container(ContainerError::Limit { entry, what, limit }) => {
            Msg::new("inspect-limit-entry").arg("entry", entry).arg("what", what).arg("limit", limit)
        }
        P::Container(ContainerError::Damaged { entry, detail }) => {
            Msg::new("inspect-damaged").arg("entry", entry).arg("detail", detail)
        }
        P::Container(ContainerError::Locked { entry }) => Msg::new("inspect-locked").arg("entry", entry),
        P::Container(ContainerError::Io { error, .. }) | P::Io(error) => Msg::new("inspect-io").arg("detail", error),
    }
}
