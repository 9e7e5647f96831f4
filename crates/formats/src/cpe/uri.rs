//! CPE 2.2 URIs (NISTIR 7695 §6.1): `cpe:/a:vendor:product:version:update:edition:language`, an edition packed as
//! `~edition~sw_edition~target_sw~target_hw~other`, `%01` for `?`, `%02` for `*`.

use super::{ATTRIBUTES, Attr, CpeError, Field, checked};

/// Reads what follows `cpe:/`.
pub(super) fn parse(rest: &str) -> Result<[Attr<String>; ATTRIBUTES], CpeError> {
    let mut attributes = [const { Attr::Any }; ATTRIBUTES];
    for (position, component) in rest.split(':').enumerate() {
        match position {
            5 if component.starts_with('~') => {
                for (slot, packed) in packed_edition(component)? {
                    attributes[slot as usize] = attribute(packed)?;
                }
            }
            0..=6 => attributes[position] = attribute(component)?,
            _ => return Err(CpeError::FieldCount),
        }
    }
    Ok(attributes)
}

/// The five attributes of a packed edition. What follows the fifth belongs to it, as some feeds forget to quote `~`.
fn packed_edition(component: &str) -> Result<[(Field, &str); 5], CpeError> {
    let mut parts = component[1..].splitn(5, '~');
    let mut next = || parts.next().ok_or(CpeError::FieldCount);
    Ok([
        (Field::Edition, next()?),
        (Field::SwEdition, next()?),
        (Field::TargetSw, next()?),
        (Field::TargetHw, next()?),
        (Field::Other, next()?),
    ])
}

fn attribute(component: &str) -> Result<Attr<String>, CpeError> {
    match component {
        "" => return Ok(Attr::Any),
        "-" => return Ok(Attr::Na),
        _ => {}
    }
    let mut value = String::with_capacity(component.len());
    let mut chars = component.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => {
                let code =
                    chars.as_str().get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).ok_or(CpeError::Escape)?;
                chars.nth(1);
                match code {
                    0x01 => value.push('?'),
                    0x02 => value.push('*'),
                    0x21..=0x7e if code.is_ascii_punctuation() => value.extend(['\\', char::from(code)]),
                    _ => return Err(CpeError::Escape),
                }
            }
            '*' => return Err(CpeError::Escape),
            // A question mark that is the whole value is met in old names, where it can only be the wildcard.
            '?' if component == "?" => value.push('?'),
            '?' => return Err(CpeError::Escape),
            c if c.is_ascii_punctuation() && c != '\\' => value.extend(['\\', c]),
            c => value.push(c),
        }
    }
    checked(&value).map(Attr::Value)
}
