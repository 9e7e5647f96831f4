//! Takes a big JSON document apart without holding it: the elements of its arrays of records, and its other top-level
//! members, each as its own bytes in a window that is reused.
//!
//! Each record is then parsed alone, so memory does not grow with the file, strings can be borrowed, and one broken
//! record costs only itself. Only brackets and strings are looked at here; whether a record is sound JSON is for its
//! parser to say. A record whose brackets do not close takes what follows with it and ends in an error.

use crate::feed::Problem;
use memchr::memchr2;
use std::io::Read;

/// Size of the window to begin with; most records are far smaller.
const WINDOW: usize = 256 * 1024;
/// Largest single record kept in memory, in bytes. The largest real NVD record is about 1 MB.
pub const MAX_RECORD: usize = 16 * 1024 * 1024;
/// Deepest nesting a record may have before its parser is asked; real records stay under 16.
pub const MAX_DEPTH: u32 = 64;

/// A piece of the document.
#[derive(Debug)]
pub enum Piece<'w> {
    /// A top-level member that is not one of the arrays asked for.
    Member {
        /// Its key, escapes kept.
        key: &'w str,
        /// Its value as JSON.
        value: &'w [u8],
    },
    /// An array asked for begins; its elements follow.
    Array {
        /// Its key.
        key: &'static str,
    },
    /// An element of the array that began last.
    Element {
        /// Position in the array, from 0.
        index: u64,
        /// Position in the file.
        byte: u64,
        /// Nesting inside the element; over [`MAX_DEPTH`] a recursive parser must not be let at it.
        depth: u32,
        /// The element as JSON.
        value: &'w [u8],
    },
}

/// Pulls the pieces of one document out of a reader.
pub struct Elements<'r> {
    input: &'r mut dyn Read,
    arrays: &'static [&'static str],
    window: Vec<u8>,
    /// Next byte to look at.
    at: usize,
    /// End of what was read.
    filled: usize,
    /// Bytes of the file before the window.
    dropped: u64,
    ended: bool,
    state: State,
    key: String,
    index: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    FirstMember,
    NextMember,
    FirstElement,
    NextElement,
    Done,
}

impl<'r> Elements<'r> {
    /// `arrays` are the keys of the top-level arrays whose elements are wanted one by one.
    pub fn new(input: &'r mut dyn Read, arrays: &'static [&'static str]) -> Self {
        Self {
            input,
            arrays,
            window: vec![0; WINDOW],
            at: 0,
            filled: 0,
            dropped: 0,
            ended: false,
            state: State::Start,
            key: String::new(),
            index: 0,
        }
    }

    /// The next piece, or `None` at the end of a complete document.
    ///
    /// # Errors
    /// [`Problem`] of the document as a whole: empty, cut off, not a JSON object, one record over [`MAX_RECORD`].
    pub fn next_piece(&mut self) -> Result<Option<Piece<'_>>, Problem> {
        loop {
            match self.state {
                State::Start => self.begin()?,
                State::FirstMember | State::NextMember => {
                    if !self.enter(b'}', self.state == State::FirstMember)? {
                        self.finish()?;
                        continue;
                    }
                    self.read_key()?;
                    let byte = self.peek()?;
                    let array = self.arrays.iter().find(|array| **array == self.key);
                    if let (b'[', Some(key)) = (byte, array) {
                        self.at += 1;
                        self.index = 0;
                        self.state = State::FirstElement;
                        return Ok(Some(Piece::Array { key }));
                    }
                    self.state = State::NextMember;
                    let (length, _) = self.value()?;
                    let value = &self.window[self.at - length..self.at];
                    return Ok(Some(Piece::Member { key: &self.key, value }));
                }
                State::FirstElement | State::NextElement => {
                    if !self.enter(b']', self.state == State::FirstElement)? {
                        self.state = State::NextMember;
                        continue;
                    }
                    self.state = State::NextElement;
                    let byte = self.position();
                    let (length, depth) = self.value()?;
                    let index = self.index;
                    self.index += 1;
                    let value = &self.window[self.at - length..self.at];
                    return Ok(Some(Piece::Element { index, byte, depth, value }));
                }
                State::Done => return Ok(None),
            }
        }
    }

    fn begin(&mut self) -> Result<(), Problem> {
        while self.filled < 4 && self.fill()? {}
        let head = &self.window[..self.filled];
        if head.is_empty() {
            return Err(Problem::Empty);
        }
        if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.at = 3;
        } else if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
            return Err(Problem::WrongFormat { expected: "JSON in UTF-8", found: "text in UTF-16".to_owned() });
        }
        match self.peek() {
            Err(Problem::Truncated { .. }) => return Err(Problem::Empty),
            other => match other? {
                b'{' => {}
                b'<' => return Err(not_json("it begins with <, like XML or a web page")),
                b'[' => return Err(not_json("a JSON list without the envelope of a feed")),
                _ => return Err(not_json("it does not begin with {")),
            },
        }
        self.at += 1;
        self.state = State::FirstMember;
        Ok(())
    }

    /// Only blanks may follow the document.
    fn finish(&mut self) -> Result<(), Problem> {
        self.state = State::Done;
        match self.peek() {
            Err(Problem::Truncated { .. }) => Ok(()),
            Err(other) => Err(other),
            Ok(_) => Err(self.broken("content after the end of the document")),
        }
    }

    /// Steps to the next member or element; `false` when the container closes.
    fn enter(&mut self, close: u8, first: bool) -> Result<bool, Problem> {
        let mut byte = self.peek()?;
        if byte == close {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            if byte != b',' {
                return Err(self.broken("a comma is missing between two values"));
            }
            self.at += 1;
            byte = self.peek()?;
            if byte == close {
                return Err(self.broken("a value is missing after a comma"));
            }
        }
        Ok(true)
    }

    fn read_key(&mut self) -> Result<(), Problem> {
        if self.peek()? != b'"' {
            return Err(self.broken("a key is missing"));
        }
        let (length, _) = self.value()?;
        let key = std::str::from_utf8(&self.window[self.at - length + 1..self.at - 1]);
        self.key = key
            .map_err(|_| Problem::Broken {
                byte: self.dropped + (self.at - length) as u64,
                detail: "a key is not UTF-8".to_owned(),
            })?
            .to_owned();
        if self.peek()? != b':' {
            return Err(self.broken("a colon is missing after a key"));
        }
        self.at += 1;
        Ok(())
    }

    /// Moves over one value; its bytes end at `self.at`. Gives its length and nesting.
    fn value(&mut self) -> Result<(usize, u32), Problem> {
        self.peek()?;
        let mut scan = Scan::default();
        let mut length = 0;
        loop {
            let (used, complete) = scan.step(&self.window[self.at + length..self.filled]);
            length += used;
            if complete || (scan.bare && self.ended) {
                break;
            }
            if length >= MAX_RECORD {
                return Err(Problem::Limit { what: "bytes in one record", limit: MAX_RECORD as u64 });
            }
            if !self.fill()? {
                if scan.bare {
                    break;
                }
                return Err(self.truncated());
            }
        }
        if length == 0 {
            return Err(self.broken("a value is missing"));
        }
        self.at += length;
        Ok((length, scan.deepest))
    }

    /// The next byte that is not a blank, left in place.
    fn peek(&mut self) -> Result<u8, Problem> {
        loop {
            match self.window[self.at..self.filled].iter().position(|b| !b.is_ascii_whitespace()) {
                Some(blanks) => {
                    self.at += blanks;
                    return Ok(self.window[self.at]);
                }
                None => {
                    self.at = self.filled;
                    if !self.fill()? {
                        return Err(self.truncated());
                    }
                }
            }
        }
    }

    /// Reads more behind what is there; `false` at the end of the file. What is before `at` is given up. The window
    /// grows by doubling, so that moving the rest of a long record to the front stays linear in all.
    fn fill(&mut self) -> Result<bool, Problem> {
        if self.ended {
            return Ok(false);
        }
        if self.filled == self.window.len() {
            let kept = self.filled - self.at;
            if kept * 2 > self.window.len() {
                self.window.resize(self.window.len() * 2, 0);
            }
            self.window.copy_within(self.at..self.filled, 0);
            self.dropped += self.at as u64;
            self.at = 0;
            self.filled = kept;
        }
        loop {
            match self.input.read(&mut self.window[self.filled..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.filled += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // A packed stream that stops early says so by this kind.
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(self.truncated()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn position(&self) -> u64 {
        self.dropped + self.at as u64
    }

    fn truncated(&self) -> Problem {
        Problem::Truncated { byte: self.dropped + self.filled as u64 }
    }

    fn broken(&self, detail: &str) -> Problem {
        Problem::Broken { byte: self.position(), detail: detail.to_owned() }
    }
}

fn not_json(found: &str) -> Problem {
    Problem::WrongFormat { expected: "a JSON document", found: found.to_owned() }
}

/// Where a value ends, over any number of pieces of it.
#[derive(Default)]
struct Scan {
    depth: u32,
    deepest: u32,
    in_string: bool,
    /// The last byte seen was a backslash inside a string.
    escaped: bool,
    /// A number or a literal: ends before the first byte that cannot belong to it.
    bare: bool,
}

impl Scan {
    /// Gives how many bytes of `bytes` belong to the value, and whether it is complete.
    fn step(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                let Some(found) = memchr2(b'"', b'\\', &bytes[at..]) else { return (bytes.len(), false) };
                at += found + 1;
                if bytes[at - 1] == b'\\' {
                    self.escaped = true;
                    continue;
                }
                self.in_string = false;
                if self.depth == 0 {
                    return (at, true);
                }
                continue;
            }
            match bytes[at] {
                b'"' if !self.bare => self.in_string = true,
                b'{' | b'[' if !self.bare => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                byte if self.depth == 0 => {
                    if matches!(byte, b',' | b'}' | b']' | b':' | b'"' | b'{' | b'[') || byte.is_ascii_whitespace() {
                        return (at, true);
                    }
                    self.bare = true;
                }
                _ => {}
            }
            at += 1;
        }
        (at, false)
    }
}

/// Nesting of a complete value.
pub(crate) fn depth(value: &[u8]) -> u32 {
    let mut scan = Scan::default();
    scan.step(value);
    scan.deepest
}
