//! XML as a stream of bounded parts, for JVN feeds and nmap scans.
//!
//! No DTD is interpreted and no entity is expanded but the five of XML itself, so nothing can grow beyond the bytes
//! that were read. Names are compared without namespace prefix: the formats read here do not reuse names.

use crate::feed::Problem;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

/// Deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// Largest record (one entry, one host) in bytes of XML.
pub const MAX_RECORD_BYTES: u64 = 16 << 20;
/// Most elements in one record. An nmap host with all 65,535 ports has about 200,000.
pub const MAX_RECORD_ELEMENTS: usize = 1_000_000;

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Name without prefix.
    pub(crate) name: String,
    /// Attributes, names without prefix.
    pub(crate) attributes: Vec<(String, String)>,
    /// Own text, without that of children, trimmed.
    pub(crate) text: String,
    /// Elements inside, in order.
    pub(crate) children: Vec<Element>,
    /// Byte at which the element's content starts.
    pub(crate) byte: u64,
}

impl Element {
    /// An attribute that is there and not empty.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Children of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// First child of a name.
    pub(crate) fn child<'a>(&'a self, name: &'a str) -> Option<&'a Element> {
        self.all(name).next()
    }

    /// Text of the first child of a name, if not empty.
    pub(crate) fn text_of<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }
}

/// Walks the file and hands out, in order: elements named in `records` with all their content, and every element
/// around them without content (so the first one is the root). Content of a record is not handed out again.
///
/// # Errors
/// Whatever ends the file: early end, broken markup, an internal DTD or entity, a limit; or what `visit` returns.
pub(crate) fn walk(
    input: &mut dyn Read,
    records: &[&str],
    visit: &mut dyn FnMut(Element) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut reader =
        Reader::from_reader(Meter { inner: BufReader::with_capacity(1 << 16, input), left: MAX_RECORD_BYTES });
    let mut buffer = Vec::new();
    // Open elements, innermost last; only those that belong to a record are kept, the skeleton is a depth.
    let mut open: Vec<Element> = Vec::new();
    let mut depth = 0_usize;
    let mut elements = 0_usize;
    let mut roots = 0_usize;
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => {
                let byte = reader.buffer_position();
                let over = reader.get_ref().left == 0;
                return Err(if over {
                    limit("bytes of one XML record", MAX_RECORD_BYTES)
                } else {
                    problem(error, byte)
                });
            }
        };
        let byte = reader.buffer_position();
        if open.is_empty() {
            reader.get_mut().left = MAX_RECORD_BYTES;
            elements = 0;
        }
        let broken = |detail: &str| Problem::Broken { byte, detail: detail.to_owned() };
        let closed = match event {
            Event::Start(start) => {
                let element = element(&start, byte)?;
                roots += usize::from(depth == 0);
                depth += 1;
                elements += 1;
                if depth > MAX_DEPTH {
                    return Err(limit("nesting of XML elements", MAX_DEPTH as u64));
                }
                if elements > MAX_RECORD_ELEMENTS {
                    return Err(limit("XML elements of one record", MAX_RECORD_ELEMENTS as u64));
                }
                if !open.is_empty() || records.contains(&element.name.as_str()) {
                    open.push(element);
                } else {
                    visit(element)?;
                }
                None
            }
            Event::Empty(start) => {
                roots += usize::from(depth == 0);
                elements += 1;
                if elements > MAX_RECORD_ELEMENTS {
                    return Err(limit("XML elements of one record", MAX_RECORD_ELEMENTS as u64));
                }
                Some(element(&start, byte)?)
            }
            Event::End(_) => {
                depth -= 1;
                open.pop()
            }
            Event::Text(text) => {
                if let Some(current) = open.last_mut() {
                    current.text.push_str(&text.xml10_content());
                } else if depth == 0 && !text.trim_ascii().is_empty() {
                    return Err(broken("text outside of the document element"));
                }
                None
            }
            Event::CData(text) => {
                if let Some(current) = open.last_mut() {
                    current.text.push_str(&text.xml10_content());
                }
                None
            }
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| broken("an entity beyond the five of XML itself: entities are not read"))?
                        .to_owned(),
                    Err(error) => return Err(broken(&error.to_string())),
                };
                if let Some(current) = open.last_mut() {
                    current.text.push_str(&text);
                }
                None
            }
            // `<!DOCTYPE nmaprun>` is harmless; one that declares anything is refused, one that points elsewhere is
            // not followed.
            Event::DocType(doctype) if doctype.contains('[') || doctype.contains("<!") => {
                return Err(broken("a document type with declarations (DTD): these are not read"));
            }
            Event::Eof if depth > 0 => return Err(Problem::Truncated { byte }),
            Event::Eof if roots == 0 => {
                return Err(Problem::WrongFormat { expected: "XML", found: "no element in it".to_owned() });
            }
            Event::Eof => return Ok(()),
            Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => None,
        };
        if let Some(mut element) = closed {
            let trimmed = element.text.trim();
            if trimmed.len() != element.text.len() {
                element.text = trimmed.to_owned();
            }
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => visit(element)?,
            }
        }
    }
}

fn element(start: &BytesStart<'_>, byte: u64) -> Result<Element, Problem> {
    let mut attributes = Vec::new();
    // Doubled attribute names are quadratic to check and harmless: the first one counts.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| Problem::Broken { byte, detail: error.to_string() })?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| problem(error, byte))?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    let name = start.local_name().as_ref().to_owned();
    Ok(Element { name, attributes, text: String::new(), children: Vec::new(), byte })
}

fn limit(what: &'static str, limit: u64) -> Problem {
    Problem::Limit { what, limit }
}

fn problem(error: quick_xml::Error, byte: u64) -> Problem {
    use quick_xml::Error;
    use quick_xml::encoding::EncodingError;
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match error {
        Error::Io(error) => match Arc::try_unwrap(error) {
            Ok(error) => Problem::from(error),
            Err(shared) => Problem::Io(io::Error::new(shared.kind(), shared.to_string())),
        },
        // All other syntax errors are markup that the end of the file left open.
        Error::Syntax(SyntaxError::InvalidBangMarkup) => Problem::Broken { byte, detail: "unknown markup".to_owned() },
        Error::Syntax(_) | Error::IllFormed(IllFormedError::UnclosedReference) => Problem::Truncated { byte },
        // Half a character: only the end of the file can cut one.
        Error::Encoding(EncodingError::Utf8(error)) if error.error_len().is_none() => Problem::Truncated { byte },
        other => Problem::Broken { byte, detail: other.to_string() },
    }
}

/// Stops a record that never ends before it fills the memory.
struct Meter<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Meter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("record over the limit"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}

/// Lines of bytes asked for in ascending order: one pass over the text for all of them.
pub(crate) struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    /// At the start of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, byte: 0, line: 1 }
    }

    /// Number of the line, from 1, in which a byte stands.
    pub(crate) fn at(&mut self, byte: u64) -> u32 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        if byte > self.byte {
            let passed = self.text.as_bytes()[self.byte..byte].iter().filter(|b| **b == b'\n').count();
            self.line += u32::try_from(passed).unwrap_or(u32::MAX);
            self.byte = byte;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(xml: &str, records: &[&str]) -> Result<Vec<Element>, Problem> {
        let mut out = Vec::new();
        walk(&mut xml.as_bytes(), records, &mut |element| {
            out.push(element);
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn hands_out_root_and_records() {
        let got = all(
            "<?xml version='1.0'?><!DOCTYPE r><r a='1&amp;2'><x:rec><b> q&#x3042;&lt;<c/></b></x:rec><s/></r>",
            &["rec"],
        )
        .unwrap();
        assert_eq!(got.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["r", "rec", "s"]);
        assert_eq!(got[0].attribute("a"), Some("1&2"));
        assert_eq!(got[1].text_of("b"), Some("qあ<"));
    }

    #[test]
    fn refuses_entities_depth_and_halves() {
        let bomb = "<!DOCTYPE l [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><l>&c;</l>";
        assert!(matches!(all(bomb, &["l"]), Err(Problem::Broken { detail, .. }) if detail.contains("DTD")));
        assert!(matches!(all("<l>&c;</l>", &["l"]), Err(Problem::Broken { detail, .. }) if detail.contains("entity")));
        assert!(matches!(all("<l a='&c;'/>", &["l"]), Err(Problem::Broken { .. })));
        let deep = "<a>".repeat(200) + &"</a>".repeat(200);
        assert!(matches!(all(&deep, &["a"]), Err(Problem::Limit { limit: 64, .. })));
        let whole = "<r><rec a='b'>text<c>d</c><!-- e --></rec></r>";
        for end in 1..whole.len() {
            assert!(all(&whole[..end], &["rec"]).is_err(), "cut at {end}");
        }
        assert!(matches!(all("  ", &[]), Err(Problem::WrongFormat { .. })));
        assert!(matches!(all("<r/>tail", &[]), Err(Problem::Broken { .. })));
        let long = format!("<r><rec>{}</rec></r>", "x".repeat(MAX_RECORD_BYTES as usize));
        assert!(matches!(all(&long, &["rec"]), Err(Problem::Limit { limit: MAX_RECORD_BYTES, .. })));
    }
}
