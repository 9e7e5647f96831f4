//! CPE 2.3 names: formatted strings (NISTIR 7695), the older 2.2 URIs, and how two names relate (NISTIR 7696).
//!
//! Attribute values are kept in the form of the formatted string: punctuation quoted by `\`, unquoted `*` and `?` at
//! the ends as wildcards. Feeds are lenient about quoting (`\$` and `$`, `8.0` and `8\.0`), so values are compared with
//! the quoting undone and letters in lower case. Lone `*` is [`Attr::Any`], lone `-` is [`Attr::Na`]; `\-` is a value.
//!
//! [`split`] is the allocation-free way for hot loops; [`Cpe`] owns its text and is for names that are kept.

mod relation;
mod uri;

pub use relation::{Relation, attribute_relation, matches, name_relation};

/// Number of attributes of a name.
pub const ATTRIBUTES: usize = 11;

/// Position of an attribute in the formatted string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Field {
    /// `a` application, `o` operating system, `h` hardware.
    Part = 0,
    /// Vendor.
    Vendor = 1,
    /// Product.
    Product = 2,
    /// Version.
    Version = 3,
    /// Update, service pack.
    Update = 4,
    /// Edition; deprecated, kept for names converted from 2.2.
    Edition = 5,
    /// Language tag.
    Language = 6,
    /// Software edition.
    SwEdition = 7,
    /// Software it runs on.
    TargetSw = 8,
    /// Hardware it runs on.
    TargetHw = 9,
    /// Anything else.
    Other = 10,
}

/// A value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attr<T> {
    /// `*`: any value, or not known.
    Any,
    /// `-`: the attribute does not apply.
    Na,
    /// A value, quoted as in a formatted string.
    Value(T),
}

impl<'a> Attr<&'a str> {
    /// Reads one field of a formatted string. An empty field, which NVD's older names have, is any value.
    #[must_use]
    pub fn from_field(field: &'a str) -> Self {
        match field {
            "*" | "" => Attr::Any,
            "-" => Attr::Na,
            value => Attr::Value(value),
        }
    }

    /// The field as written in a formatted string.
    #[must_use]
    pub fn as_field(self) -> &'a str {
        match self {
            Attr::Any => "*",
            Attr::Na => "-",
            Attr::Value(value) => value,
        }
    }
}

/// The fields of a name, borrowed from its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields<'a>([&'a str; ATTRIBUTES]);

impl<'a> Fields<'a> {
    /// One field as written, quoting kept.
    #[must_use]
    pub fn raw(&self, field: Field) -> &'a str {
        self.0[field as usize]
    }

    /// One field as an attribute.
    #[must_use]
    pub fn get(&self, field: Field) -> Attr<&'a str> {
        Attr::from_field(self.raw(field))
    }

    /// All attributes in the order of [`Field`].
    pub fn iter(&self) -> impl Iterator<Item = Attr<&'a str>> + '_ {
        self.0.iter().map(|field| Attr::from_field(field))
    }
}

/// Why a text is not a CPE name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CpeError {
    /// Neither `cpe:2.3:` nor `cpe:/`.
    #[error("a CPE name begins with cpe:2.3: or cpe:/")]
    NoPrefix,
    /// Too few or too many fields.
    #[error("wrong number of fields")]
    FieldCount,
    /// The part is not `a`, `o`, `h`, `*` or `-`.
    #[error("the part is not a, o or h")]
    Part,
    /// A wildcard inside a value: 2.3 allows `*` and `?` only at its ends.
    #[error("a wildcard stands inside a value")]
    Wildcard,
    /// `%xx` that 2.2 does not know, or a character it does not allow.
    #[error("an escape or character that a CPE 2.2 URI does not have")]
    Escape,
    /// A lone `\` at the end, a blank or a control character.
    #[error("a character that a CPE name cannot have")]
    Character,
}

const FS_PREFIX: &str = "cpe:2.3:";

/// Splits a formatted string at its unquoted colons without allocating. Checks only the prefix and the count of fields,
/// which is what a matcher over millions of names read from an own catalogue needs; [`Cpe::parse`] checks everything.
///
/// # Errors
/// [`CpeError::NoPrefix`], [`CpeError::FieldCount`].
pub fn split(name: &str) -> Result<Fields<'_>, CpeError> {
    let rest = match name.get(..FS_PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(FS_PREFIX) => &name[FS_PREFIX.len()..],
        _ => return Err(CpeError::NoPrefix),
    };
    let bytes = rest.as_bytes();
    let mut fields = [""; ATTRIBUTES];
    let (mut count, mut start, mut at) = (0, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b':' => {
                *fields.get_mut(count).ok_or(CpeError::FieldCount)? = &rest[start..at];
                count += 1;
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    *fields.get_mut(count).ok_or(CpeError::FieldCount)? = &rest[start..];
    if count + 1 == ATTRIBUTES { Ok(Fields(fields)) } else { Err(CpeError::FieldCount) }
}

/// A name that owns its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cpe {
    attributes: [Attr<String>; ATTRIBUTES],
}

impl Cpe {
    /// Reads a formatted string or a 2.2 URI.
    ///
    /// # Errors
    /// [`CpeError`]: a name whose meaning would be ambiguous is refused, one that is only sloppily quoted is read.
    pub fn parse(name: &str) -> Result<Self, CpeError> {
        let name = name.trim();
        let cpe = if name.get(..5).is_some_and(|prefix| prefix.eq_ignore_ascii_case("cpe:/")) {
            Self { attributes: uri::parse(&name[5..])? }
        } else {
            let fields = split(name)?;
            let mut attributes = [const { Attr::Any }; ATTRIBUTES];
            for (slot, field) in attributes.iter_mut().zip(fields.iter()) {
                *slot = match field {
                    Attr::Any => Attr::Any,
                    Attr::Na => Attr::Na,
                    Attr::Value(value) => Attr::Value(checked(value)?),
                };
            }
            Self { attributes }
        };
        match cpe.get(Field::Part) {
            Attr::Value("a" | "o" | "h") | Attr::Any | Attr::Na if !part_is_empty(name) => Ok(cpe),
            _ => Err(CpeError::Part),
        }
    }

    /// A name from its attributes in the order of [`Field`], each written as in a formatted string.
    ///
    /// # Errors
    /// [`CpeError`] as for [`Cpe::parse`].
    pub fn from_fields(fields: [&str; ATTRIBUTES]) -> Result<Self, CpeError> {
        Self::parse(&format!("{FS_PREFIX}{}", fields.join(":")))
    }

    /// One attribute.
    #[must_use]
    pub fn get(&self, field: Field) -> Attr<&str> {
        match &self.attributes[field as usize] {
            Attr::Any => Attr::Any,
            Attr::Na => Attr::Na,
            Attr::Value(value) => Attr::Value(value),
        }
    }

    /// All attributes in the order of [`Field`].
    pub fn iter(&self) -> impl Iterator<Item = Attr<&str>> + '_ {
        self.attributes.iter().map(|attribute| match attribute {
            Attr::Any => Attr::Any,
            Attr::Na => Attr::Na,
            Attr::Value(value) => Attr::Value(value.as_str()),
        })
    }
}

impl std::fmt::Display for Cpe {
    /// The formatted string.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("cpe:2.3")?;
        self.iter().try_for_each(|attribute| write!(out, ":{}", attribute.as_field()))
    }
}

impl std::str::FromStr for Cpe {
    type Err = CpeError;

    fn from_str(name: &str) -> Result<Self, CpeError> {
        Self::parse(name)
    }
}

/// `cpe:2.3::vendor` and `cpe:/:vendor`: elsewhere an empty field is any value, but a name without part is a mistake.
fn part_is_empty(name: &str) -> bool {
    name.get(..FS_PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(FS_PREFIX))
        && name[FS_PREFIX.len()..].starts_with(':')
        || name[5..].starts_with(':')
}

/// Quotes and lower-cases a value as NISTIR 7695 writes it, and refuses what it does not allow.
fn checked(value: &str) -> Result<String, CpeError> {
    let mut out = String::with_capacity(value.len());
    let inner_start = value.len() - value.trim_start_matches('?').len();
    let inner_start = if inner_start == 0 && value.starts_with('*') { 1 } else { inner_start };
    let mut chars = value.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, quoted)) if is_allowed(quoted) => push_quoted(&mut out, quoted),
                _ => return Err(CpeError::Character),
            },
            '*' | '?' if at < inner_start || is_trailing_wildcard(&value[at..]) => out.push(c),
            '*' | '?' => return Err(CpeError::Wildcard),
            c if is_allowed(c) => push_quoted(&mut out, c),
            _ => return Err(CpeError::Character),
        }
    }
    // A lone `-` would say "not applicable".
    if out == "-" {
        out.insert(0, '\\');
    }
    Ok(out)
}

/// One `*`, or any number of `?`, up to the end.
fn is_trailing_wildcard(rest: &str) -> bool {
    rest == "*" || rest.bytes().all(|b| b == b'?')
}

/// Feeds carry letters beyond ASCII in a few names; they are kept.
fn is_allowed(c: char) -> bool {
    !c.is_whitespace() && !c.is_control()
}

/// The formatted string leaves `.`, `-` and `_` bare and quotes other punctuation.
fn push_quoted(out: &mut String, c: char) {
    if c.is_ascii_punctuation() && !matches!(c, '.' | '-' | '_') {
        out.push('\\');
    }
    out.push(c.to_ascii_lowercase());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_unquoted_colons() {
        let fields = split(r"cpe:2.3:a:foo\:bar:in\\:1.0:-:*:*:*:*:*:*").expect("a name");
        assert_eq!(fields.raw(Field::Vendor), r"foo\:bar");
        assert_eq!(fields.raw(Field::Product), r"in\\");
        assert_eq!(fields.get(Field::Update), Attr::Na);
        assert_eq!(fields.get(Field::Other), Attr::Any);
    }

    #[test]
    fn refuses_what_is_not_a_name() {
        for (name, want) in [
            ("", CpeError::NoPrefix),
            ("cpe:2.4:a:b:c:1:*:*:*:*:*:*:*", CpeError::NoPrefix),
            ("cpe:2.3:a:b:c:1", CpeError::FieldCount),
            ("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*:*", CpeError::FieldCount),
            ("cpe:2.3:x:b:c:1:*:*:*:*:*:*:*", CpeError::Part),
            ("cpe:2.3:a:b*b:c:1:*:*:*:*:*:*:*", CpeError::Wildcard),
            ("cpe:2.3:a:b b:c:1:*:*:*:*:*:*:*", CpeError::Character),
            ("cpe:2.3:a:b:c:1:*:*:*:*:*:*:\\", CpeError::Character),
            ("cpe:2.3:a:b\0:c:1:*:*:*:*:*:*:*", CpeError::Character),
            ("cpe:/a:b:c:1:2:3:4:5", CpeError::FieldCount),
        ] {
            assert_eq!(Cpe::parse(name), Err(want), "{name}");
        }
    }

    #[test]
    fn writes_one_form() {
        for (name, want) in [
            ("cpe:2.3:a:Foo$Bar:insight:7.4:-:*:*:*:*:*:*", r"cpe:2.3:a:foo\$bar:insight:7.4:-:*:*:*:*:*:*"),
            (r"cpe:2.3:a:foo\$bar:in\-sight:7\.4:-:*:*:*:*:*:*", r"cpe:2.3:a:foo\$bar:in-sight:7.4:-:*:*:*:*:*:*"),
            ("cpe:/o:fortinet:fortios:5.4.0", "cpe:2.3:o:fortinet:fortios:5.4.0:*:*:*:*:*:*:*"),
            ("cpe:2.3:h:a:b:\\-:*:*:*:*:*:*:*", "cpe:2.3:h:a:b:\\-:*:*:*:*:*:*:*"),
        ] {
            assert_eq!(Cpe::parse(name).expect(name).to_string(), want);
        }
    }
}
