//! LDIF (RFC 2849): `name: value`, `name:: base64`, long lines continued with a blank in front, entries between blank
//! lines.

use super::Entry;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A `dn:` near the start.
pub(super) fn begins(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).take(3);
    lines.any(|line| line.starts_with("dn:") && line.contains(['=', ':'])) && text.contains("objectClass")
}

/// The entries, each with the first of its values that could not be read, as line and detail.
pub(super) fn entries(text: &str) -> Vec<(Entry, Option<(u32, String)>)> {
    let mut found = Vec::new();
    let mut entry = Entry::default();
    let mut problem = None;
    for (line, content) in unfolded(text) {
        if content.trim().is_empty() {
            close(&mut entry, &mut problem, &mut found);
            continue;
        }
        if content.starts_with('#') {
            continue;
        }
        let Some((name, value)) = content.split_once(':') else { continue };
        let name = name.split(';').next().unwrap_or_default().trim().to_lowercase();
        if name == "dn" {
            close(&mut entry, &mut problem, &mut found);
            entry.line = line;
        }
        // Before the first entry stands `version: 1`.
        if entry.line == 0 {
            continue;
        }
        let value = match value.strip_prefix(':') {
            Some(encoded) => match STANDARD.decode(encoded.trim()).map(String::from_utf8) {
                Ok(Ok(value)) => value,
                // Most attributes of an account are binary (objectGUID, objectSid); only those that are read matter.
                _ if TEXTS.contains(&name.as_str()) => {
                    problem.get_or_insert((line, content.chars().take(100).collect()));
                    continue;
                }
                _ => continue,
            },
            None => value.trim().to_owned(),
        };
        entry.attributes.push((name, value, line));
    }
    close(&mut entry, &mut problem, &mut found);
    found
}

const TEXTS: [&str; 7] =
    ["dn", "cn", "name", "description", "dnshostname", "operatingsystem", "operatingsystemversion"];

type Problem = Option<(u32, String)>;

fn close(entry: &mut Entry, problem: &mut Problem, found: &mut Vec<(Entry, Problem)>) {
    let entry = std::mem::take(entry);
    let problem = problem.take();
    // What follows a `changetype:` of a deleted entry has no attributes; it is no computer either.
    if entry.line > 0 {
        found.push((entry, problem));
    }
}

/// Lines with their continuations, each with the number of its first line.
fn unfolded(text: &str) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix(' '), out.last_mut()) {
            (Some(rest), Some((_, last))) if !last.is_empty() => last.push_str(rest),
            _ => out.push((number, line.to_owned())),
        }
    }
    out
}
