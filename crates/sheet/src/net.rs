//! Addresses as ledgers write them, in their canonical form.

use std::net::{IpAddr, Ipv4Addr};

/// An IP address: leading zeros of an octet are dropped (they are typed for looks), a zone id (`%eth0`) as well.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches(['[', ']']);
    let text = text.split('%').next().unwrap_or_default();
    let parsed = if text.contains(':') { text.parse().ok() } else { ipv4(text).map(IpAddr::V4) };
    parsed.filter(|ip: &IpAddr| !ip.is_unspecified() && !ip.is_multicast() && *ip != IpAddr::V4(Ipv4Addr::BROADCAST))
}

fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?.trim();
        if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// All addresses of a cell, or the first piece that is none. `10.20.1.5/24` is the address of a device in its network,
/// `10.20.1.5/10.20.1.6` are two addresses.
pub(crate) fn addresses(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        let mut parts = piece.split('/');
        let first = parts.next().unwrap_or_default();
        found.push(address(first).ok_or_else(|| piece.to_owned())?.to_string());
        for part in parts {
            match address(part) {
                Some(ip) if !is_mask(part) => found.push(ip.to_string()),
                Some(_) => {}
                None if part.parse::<u8>().is_ok_and(|bits| bits <= 128) => {}
                None => return Err(piece.to_owned()),
            }
        }
    }
    Ok(found)
}

/// All MAC addresses of a cell as `aa:bb:cc:dd:ee:ff`, or the first piece that is none.
pub(crate) fn macs(text: &str) -> Result<Vec<String>, String> {
    if let Some(mac) = mac(text) {
        return Ok(vec![mac]);
    }
    let found = pieces(text).flat_map(|piece| piece.split('/')).filter(|piece| !piece.is_empty());
    found.map(|piece| mac(piece).ok_or_else(|| piece.to_owned())).collect()
}

/// One MAC address, however it is punctuated.
pub(crate) fn mac(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.' | ' ')).collect();
    let hex = digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let real = hex && digits.bytes().any(|b| b != b'0') && digits.bytes().any(|b| !b.eq_ignore_ascii_case(&b'f'));
    let digits = digits.to_ascii_lowercase();
    real.then(|| (0..6).map(|i| &digits[i * 2..i * 2 + 2]).collect::<Vec<_>>().join(":"))
}

/// Written as a MAC address is, so that no serial or asset number of twelve digits is taken for one.
pub(crate) fn is_mac_shaped(text: &str) -> bool {
    let text = text.trim();
    if !(12..=17).contains(&text.len()) {
        return false;
    }
    let groups: Vec<usize> = text.split([':', '-', '.']).map(str::len).collect();
    let letters = text.bytes().any(|b| matches!(b.to_ascii_lowercase(), b'a'..=b'f'));
    match groups[..] {
        [2, 2, 2, 2, 2, 2] => mac(text).is_some(),
        [4, 4, 4] | [6, 6] | [12] => letters && mac(text).is_some(),
        _ => false,
    }
}

/// All ranges of a cell as CIDR with the host bits cleared, or the first piece that is none. A mask may follow its
/// network after a space or a slash.
pub(crate) fn ranges(text: &str) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    let all: Vec<&str> = pieces(text).collect();
    let mut at = 0;
    while let Some(&piece) = all.get(at) {
        at += 1;
        let (network, bits) = match piece.split_once('/') {
            Some((network, bits)) => (network, Some(bits)),
            None => match all.get(at).filter(|next| is_mask(next)) {
                Some(mask) => {
                    at += 1;
                    (piece, Some(*mask))
                }
                None => (piece, None),
            },
        };
        found.push(range(network, bits).ok_or_else(|| piece.to_owned())?);
    }
    Ok(found)
}

fn range(network: &str, bits: Option<&str>) -> Option<String> {
    let ip: IpAddr = match network.contains(':') {
        true => network.parse().ok()?,
        false => IpAddr::V4(ipv4(network)?),
    };
    let longest = if ip.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => longest,
        Some(mask) if mask.contains('.') => mask_bits(mask)?,
        Some(bits) => bits.parse().ok().filter(|bits| *bits <= longest)?,
    };
    Some(match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            format!("{}/{bits}", Ipv4Addr::from(u32::from(ip) & mask))
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            format!("{}/{bits}", std::net::Ipv6Addr::from(u128::from(ip) & mask))
        }
    })
}

fn mask_bits(text: &str) -> Option<u32> {
    let mask = u32::from(ipv4(text)?);
    (mask.leading_ones() + mask.trailing_zeros().min(32) >= 32 && mask.leading_ones() > 0).then(|| mask.leading_ones())
}

fn is_mask(text: &str) -> bool {
    text.starts_with("255.") && mask_bits(text).is_some()
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    // A slash between spaces parts two addresses; within a piece it may also belong to a network.
    text.split([',', ';', '、', '・', '|']).flat_map(str::split_whitespace).filter(|piece| *piece != "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macs_however_punctuated() {
        for raw in [
            "00-1A-2B-3C-4D-5E",
            "00:1a:2b:3c:4d:5e",
            "001A.2B3C.4D5E",
            "001a2b-3c4d5e",
            "001A2B3C4D5E",
            "00 1a 2b 3c 4d 5e",
        ] {
            assert_eq!(mac(raw).as_deref(), Some("00:1a:2b:3c:4d:5e"), "{raw}");
            assert_eq!(is_mac_shaped(raw), !raw.contains(' '), "{raw}");
        }
        for number in ["001234567890", "2024-0001-0012", "123456-789012", "1A2B", ""] {
            assert!(!is_mac_shaped(number), "{number}");
        }
    }

    #[test]
    fn addresses_of_a_cell() {
        for (raw, want) in [
            ("10.20.1.5", vec!["10.20.1.5"]),
            ("10.20.1.5/24", vec!["10.20.1.5"]),
            ("010.020.001.005", vec!["10.20.1.5"]),
            ("10.20.1.5、10.20.1.6", vec!["10.20.1.5", "10.20.1.6"]),
            ("10.20.1.5/10.20.1.6", vec!["10.20.1.5", "10.20.1.6"]),
            ("10.20.1.5 / 10.20.1.6", vec!["10.20.1.5", "10.20.1.6"]),
            ("10.20.1.5 10.20.1.6", vec!["10.20.1.5", "10.20.1.6"]),
            ("10.20.1.5/255.255.255.0", vec!["10.20.1.5"]),
            ("FE80::1%eth0", vec!["fe80::1"]),
        ] {
            assert_eq!(addresses(raw), Ok(want.iter().map(|&ip| ip.to_owned()).collect()), "{raw}");
        }
        for wrong in ["10.20.1.256", "10.20.1", "10.20.1.x", "10.20.1.5/99.1", "0.0.0.0", "10.20.1.5~9", "1.2.3.4.5"] {
            assert!(addresses(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn macs_of_a_cell() {
        for raw in ["00:1A:2b:3c:4D:5e", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e", "001A2B3C4D5E", "00 1a 2b 3c 4d 5e"] {
            assert_eq!(macs(raw), Ok(vec!["00:1a:2b:3c:4d:5e".to_owned()]), "{raw}");
        }
        assert_eq!(macs("001A2B3C4D5E / 001A2B3C4D5F").map(|macs| macs.len()), Ok(2));
        for wrong in ["00:1a:2b:3c:4d", "zz:1a:2b:3c:4d:5e", "000000000000", "ff:ff:ff:ff:ff:ff"] {
            assert!(macs(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_of_a_cell() {
        for (raw, want) in [
            ("10.20.1.0/24", vec!["10.20.1.0/24"]),
            ("10.20.1.5/24", vec!["10.20.1.0/24"]),
            ("10.20.1.0 255.255.255.0", vec!["10.20.1.0/24"]),
            ("10.20.0.0/255.255.0.0、10.30.0.0/16", vec!["10.20.0.0/16", "10.30.0.0/16"]),
            ("0.0.0.0/0", vec!["0.0.0.0/0"]),
            ("fd00::1/64", vec!["fd00::/64"]),
        ] {
            assert_eq!(ranges(raw), Ok(want.iter().map(|&r| r.to_owned()).collect()), "{raw}");
        }
        for wrong in ["10.20.1.0/33", "10.20.1.0-10.20.1.9", "VLAN10", "10.20.1.0/255.0.255.0"] {
            assert!(ranges(wrong).is_err(), "{wrong}");
        }
    }
}
