//! CPE 2.3 formatted strings, cut into what the catalogue stores: the product key and the values after it.
//!
//! Values are kept unquoted and in lower case, because ledgers and SBOMs write `15.1(2)T4`, not `15.1\(2\)t4`.

use std::borrow::Cow;
use tomomori_formats::cpe::{self, Attr, Field};

/// A name cut at its colons; parts as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    /// `part:vendor:product`.
    pub(crate) product: &'a str,
    /// Version.
    pub(crate) version: &'a str,
    /// Update, edition, language, sw_edition, target_sw, target_hw, other: seven parts with their colons.
    pub(crate) rest: &'a str,
}

/// Attributes in [`Name::rest`].
pub(crate) const ATTRIBUTES: usize = 7;

/// Names of the attributes in [`Name::rest`].
pub(crate) const FIELDS: [Field; ATTRIBUTES] =
    [Field::Update, Field::Edition, Field::Language, Field::SwEdition, Field::TargetSw, Field::TargetHw, Field::Other];

/// Cuts a formatted string; `None` when it is none, or when a part of the product is not one exact value (the index
/// goes by product; NVD has a handful of such criteria, they are counted as rejects).
pub(crate) fn cut(name: &str) -> Option<Name<'_>> {
    let fields = cpe::split(name).ok()?;
    let product_fields = [Field::Part, Field::Vendor, Field::Product];
    for field in product_fields {
        match fields.get(field) {
            Attr::Value(value) if !has_wildcard(value) => {}
            _ => return None,
        }
    }
    if !matches!(fields.raw(Field::Part), "a" | "o" | "h") {
        return None;
    }
    let body = &name[PREFIX..];
    let product = product_fields.iter().map(|field| fields.raw(*field).len()).sum::<usize>() + 2;
    let version = product + 1 + fields.raw(Field::Version).len();
    Some(Name { product: &body[..product], version: fields.raw(Field::Version), rest: &body[version + 1..] })
}

const PREFIX: usize = "cpe:2.3:".len();

/// Splits [`Name::rest`] at its colons.
pub(crate) fn attributes(rest: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    rest.split(move |c: char| {
        let colon = c == ':' && !quoted;
        quoted = c == '\\' && !quoted;
        colon
    })
}

/// Whether an unquoted `*` or `?` stands in the value.
pub(crate) fn has_wildcard(value: &str) -> bool {
    let mut quoted = false;
    value.bytes().any(|b| {
        let wildcard = !quoted && (b == b'*' || b == b'?');
        quoted = b == b'\\' && !quoted;
        wildcard
    })
}

/// The value without quoting backslashes, in lower case.
pub(crate) fn plain(value: &str) -> Cow<'_, str> {
    if !value.bytes().any(|b| b == b'\\' || b.is_ascii_uppercase()) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut quoted = false;
    for c in value.chars() {
        if c == '\\' && !quoted {
            quoted = true;
        } else {
            quoted = false;
            out.push(c.to_ascii_lowercase());
        }
    }
    Cow::Owned(out)
}

/// A product key in the form the catalogue holds: lower case, quoting kept.
pub(crate) fn product_key(key: &str) -> Cow<'_, str> {
    if key.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(key.to_ascii_lowercase()) } else { Cow::Borrowed(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_names() {
        let name = cut(r"cpe:2.3:o:cisco:ios:15.1\(2\)t4:*:*:*:*:*:*:*").unwrap();
        assert_eq!((name.product, name.version, name.rest), ("o:cisco:ios", r"15.1\(2\)t4", "*:*:*:*:*:*:*"));
        assert_eq!(plain(name.version), "15.1(2)t4");
        let name = cut(r"cpe:2.3:a:a\:b:c:1:sp1:-:ja:*:*:x64:*").unwrap();
        assert_eq!(name.product, r"a:a\:b:c");
        assert_eq!(attributes(name.rest).collect::<Vec<_>>(), ["sp1", "-", "ja", "*", "*", "x64", "*"]);
        for bad in
            ["cpe:/a:b:c", "cpe:2.3:a:b:c:1", "cpe:2.3:a:*:c:1:*:*:*:*:*:*:*", "cpe:2.3:x:b:c:1:*:*:*:*:*:*:*", ""]
        {
            assert_eq!(cut(bad), None, "{bad}");
        }
    }
}
