//! Order of versions as far as it can be known without knowing the product's scheme.
//!
//! NVD gives ranges (`versionEndExcluding: 7.0.14`) and does not say how to order versions. The rule here is the one in
//! use for NVD (nvdtools' smart comparison: fields from left to right, numbers as numbers), corrected where that rule
//! orders release candidates after the release, and silent ([`None`]) where an order would be a guess.
//!
//! A version is read as numbers and words; everything else only separates. `\` before a character is dropped (CPE
//! quotes punctuation). The first difference decides:
//!
//! | rule | example |
//! |---|---|
//! | numbers by value, any length, leading zeros ignored | `1.0.14` > `1.0.4`, `1.02` = `1.2` |
//! | zeros at the end of the number part say nothing | `1.0` = `1.0.0`, `1.0-rc1` = `1.0.0-rc1` |
//! | `alpha` < `beta` < `rc` < the release < anything else added | `1.0-rc1` < `1.0` < `1.0:sp1` < `1.0.1` |
//! | a word at a number's place is lower | `5-appl_1` < `5-1` |
//! | one or two letters at a number are its patch letters | `0.9.8` < `0.9.8z` < `0.9.8za`, `5.1` < `5a` |
//! | `v` before the first number, `final` and `ga` say nothing | `v2.1` = `2.1` |
//!
//! Not ordered: two different words otherwise (Cisco trains `15.1(2)T4` and `15.1(2)S4`, `-gke.1` and `-aws.1`), two
//! versions that begin with different words (`b.11.11`, `c.10`) or one with a word and one with a number, `x` or a
//! wildcard against anything else, a version without any number (`unknown`). What is ordered is transitive.

use std::cmp::Ordering;

/// Compares two versions; `None` when their order is not known. Case does not matter. Allocates nothing; linear.
#[must_use]
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    if a.eq_ignore_ascii_case(b) {
        return if has_wildcard(a) { None } else { Some(Ordering::Equal) };
    }
    if !is_orderable(a) || !is_orderable(b) {
        return None;
    }
    let (mut left, mut right) = (Tokens::new(a), Tokens::new(b));
    let mut first = true;
    loop {
        let (l, r) = (left.next_token(), right.next_token());
        match compare_tokens(l, r, first)? {
            Ordering::Equal if l == Token::End => return Some(Ordering::Equal),
            Ordering::Equal => first = false,
            unequal => return Some(unequal),
        }
    }
}

/// A wildcard stands for many versions, so it has no place in an order; quoted it is a character like others.
fn has_wildcard(version: &str) -> bool {
    let mut quoted = false;
    version.bytes().any(|b| {
        let wildcard = !quoted && matches!(b, b'*' | b'?');
        quoted = !quoted && b == b'\\';
        wildcard
    })
}

fn is_orderable(version: &str) -> bool {
    version.bytes().any(|b| b.is_ascii_digit()) && !has_wildcard(version)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// Nothing more.
    End,
    /// Digits without leading zeros; empty is zero.
    Number(&'a [u8]),
    /// A word saying "before the release".
    Before(&'a [u8]),
    /// Any other word.
    Word { text: &'a [u8], place: Place },
}

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A separator, or nothing.
    Apart,
    /// `)`: Cisco writes the train there.
    Train,
    /// A digit.
    Attached,
}

/// Kinds in their order at one place of the version.
fn rank(token: Token<'_>) -> u8 {
    match token {
        Token::Before(_) => 0,
        Token::End => 1,
        Token::Word { place: Place::Apart | Place::Train, .. } => 2,
        Token::Number(_) => 3,
        Token::Word { place: Place::Attached, .. } => 4,
    }
}

/// A partial order: kinds by [`rank`], inside a kind as below; `None` between what has no order.
fn compare_tokens(a: Token<'_>, b: Token<'_>, first: bool) -> Option<Ordering> {
    match (a, b) {
        (Token::Number(a), Token::Number(b)) => return Some(a.len().cmp(&b.len()).then_with(|| a.cmp(b))),
        (Token::Before(a), Token::Before(b)) => {
            return if a.eq_ignore_ascii_case(b) { Some(Ordering::Equal) } else { Some(stage(a)?.cmp(&stage(b)?)) };
        }
        (Token::Word { text: a, place }, Token::Word { text: b, place: other })
            if (place == Place::Attached) == (other == Place::Attached) =>
        {
            if a.eq_ignore_ascii_case(b) {
                return Some(Ordering::Equal);
            }
            let letters = place == Place::Attached && a.len() <= 2 && b.len() <= 2;
            return if letters { Some(lower(a).cmp(lower(b))) } else { None };
        }
        _ => {}
    }
    if first || is_any(a) || is_any(b) { None } else { Some(rank(a).cmp(&rank(b))) }
}

fn lower(text: &[u8]) -> impl Iterator<Item = u8> + '_ {
    text.iter().map(u8::to_ascii_lowercase)
}

/// `8.x` names a line of versions, not one.
fn is_any(token: Token<'_>) -> bool {
    matches!(token, Token::Word { text: b"x" | b"X", place: Place::Apart })
}

/// Words that stand before the release. Only the first group has an order among itself.
const STAGES: [(&[u8], u8); 6] =
    [(b"alpha", 0), (b"beta", 1), (b"rc", 2), (b"cr", 2), (b"candidate", 2), (b"releasecandidate", 2)];
const UNSTAGED: [&[u8]; 8] =
    [b"pre", b"preview", b"prerelease", b"dev", b"snapshot", b"nightly", b"milestone", b"canary"];

fn stage(word: &[u8]) -> Option<u8> {
    STAGES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, stage)| *stage)
}

fn is_before(word: &[u8]) -> bool {
    stage(word).is_some() || UNSTAGED.iter().any(|name| name.eq_ignore_ascii_case(word))
}

struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Zeros before this place are known to count; saves looking ahead again, which keeps the cost linear.
    zeros_count_until: usize,
}

impl<'a> Tokens<'a> {
    fn new(version: &'a str) -> Self {
        let bytes = version.as_bytes();
        let at = match bytes {
            [b'v' | b'V', digit, ..] if digit.is_ascii_digit() => 1,
            _ => 0,
        };
        Self { bytes, at, zeros_count_until: 0 }
    }

    fn next_token(&mut self) -> Token<'a> {
        loop {
            let token = self.next_raw();
            if token != Token::Number(b"") || self.at <= self.zeros_count_until {
                return token;
            }
            if self.zeros_count() {
                return token;
            }
        }
    }

    /// Whether the zero just read counts: it does when a number other than zero, or a patch letter, follows the zeros.
    fn zeros_count(&mut self) -> bool {
        let mut ahead = Self { bytes: self.bytes, at: self.at, zeros_count_until: 0 };
        loop {
            let before = ahead.at;
            match ahead.next_raw() {
                Token::Number(b"") => {}
                Token::Number(_) | Token::Word { place: Place::Attached, .. } => {
                    self.zeros_count_until = ahead.at;
                    return true;
                }
                _ => {
                    self.at = before;
                    return false;
                }
            }
        }
    }

    fn next_raw(&mut self) -> Token<'a> {
        loop {
            let gap = self.at;
            while self.at < self.bytes.len() && !is_digit_or_word(self.bytes[self.at]) {
                self.at += 1;
            }
            let start = self.at;
            let Some(&byte) = self.bytes.get(start) else { return Token::End };
            let same_kind = if byte.is_ascii_digit() { u8::is_ascii_digit } else { is_word };
            while self.at < self.bytes.len() && same_kind(&self.bytes[self.at]) {
                self.at += 1;
            }
            let text = &self.bytes[start..self.at];
            if byte.is_ascii_digit() {
                let zeros = text.iter().take_while(|b| **b == b'0').count();
                return Token::Number(&text[zeros..]);
            }
            if start > 0 && (text.eq_ignore_ascii_case(b"final") || text.eq_ignore_ascii_case(b"ga")) {
                continue;
            }
            if is_before(text) {
                return Token::Before(text);
            }
            let place = if start == 0 {
                Place::Apart
            } else if gap == start {
                Place::Attached
            } else if self.bytes[start - 1] == b')' {
                Place::Train
            } else {
                Place::Apart
            };
            return Token::Word { text, place };
        }
    }
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

fn is_digit_or_word(byte: u8) -> bool {
    byte.is_ascii_digit() || is_word(&byte)
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn known_orders() {
        for (a, b, want) in [
            ("0.9.8ze", "0.9.8z", Some(Greater)),
            ("0.9.8", "0.9.8a", Some(Less)),
            ("1.0", "1.0.0", Some(Equal)),
            ("1.0", "1.0.0.1", Some(Less)),
            ("1.0-rc1", "1.0.0", Some(Less)),
            ("1.0rc1", "1.0", Some(Less)),
            ("1.0_rc1", "1.0.0-rc1", Some(Equal)),
            ("1.0-alpha2", "1.0-beta1", Some(Less)),
            ("1.0-beta9", "1.0-rc1", Some(Less)),
            ("2.6.31-rc10", "2.6.31-rc9", Some(Greater)),
            ("1.0:sp1", "1.0", Some(Greater)),
            ("1.0:sp2", "1.0:sp10", Some(Less)),
            ("1.0:-", "1.0", Some(Equal)),
            ("1.0:*", "1.0", None),
            ("12.1x46:d10", "12.1x46:d25", Some(Less)),
            ("12.1x46:d10", "12.1x46", Some(Greater)),
            ("15.1\\(2\\)T4", "15.1(2)t4", Some(Equal)),
            ("15.1\\(2\\)T4", "15.1\\(2\\)T10", Some(Less)),
            ("15.1\\(2\\)T4", "15.1\\(2\\)S4", None),
            ("15.1\\(2\\)T4", "15.1\\(3\\)S4", Some(Less)),
            ("1.99999999999999999999999999", "1.100000000000000000000000000", Some(Less)),
            ("v2.1", "2.1", Some(Equal)),
            ("V200R001C00", "v200r002c00", Some(Less)),
            ("1.0.final", "1.0", Some(Equal)),
            ("1.0.0.GA", "1.0.0.CR3", Some(Greater)),
            ("8.x", "8.1", None),
            ("7.x-1.3", "7.x-1.10", Some(Less)),
            ("unknown", "1.0", None),
            ("unknown", "UNKNOWN", Some(Equal)),
            ("b.11.11", "c.10", None),
            ("b.11.11", "b.11.23", Some(Less)),
            ("r80", "80", None),
            ("1.0-gke.1", "1.0-aws.1", None),
            ("", "1", None),
            ("-", "1", None),
        ] {
            assert_eq!(compare(a, b), want, "{a} against {b}");
            assert_eq!(compare(b, a), want.map(std::cmp::Ordering::reverse), "{b} against {a}");
        }
    }
}
