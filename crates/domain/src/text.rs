//! Japanese text as hospitals type it: 全角 and 半角 mixed, spaces of several widths, kana of two scripts.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// One line of tidy text for display: NFKC (全角英数 → 半角, 半角カナ → 全角), control characters removed, runs of
/// white space collapsed, ends trimmed. Nothing that carries meaning is lost; case is kept.
#[must_use]
pub fn tidy(text: &str) -> String {
    // Most cells are normal already, and looking is much cheaper than normalising.
    if text.chars().all(is_plain) || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        collapse(text.chars(), text.len())
    } else {
        collapse(text.nfkc(), text.len())
    }
}

/// ASCII, kana and kanji: NFKC leaves them as they are (no mapping, nothing that joins with the character before).
fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='\x7f' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '一'..='鿿')
}

fn collapse(chars: impl Iterator<Item = char>, length: usize) -> String {
    let mut out = String::with_capacity(length);
    for c in chars {
        if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    let end = out.trim_end().len();
    out.truncate(end);
    let start = out.len() - out.trim_start().len();
    out.drain(..start);
    out
}

/// Key for comparing and searching: [`tidy`], lower case, hiragana folded to katakana, the several dashes and long
/// vowel marks of Japanese typing folded to `-` when they stand between ASCII characters.
#[must_use]
pub fn fold(text: &str) -> String {
    // Numbers, addresses and most product names: asked for hundreds of thousands of times in one import.
    if text.is_ascii() {
        let mut plain = collapse(text.chars(), text.len());
        plain.make_ascii_lowercase();
        return plain;
    }
    let tidied = tidy(text);
    let mut out = String::with_capacity(tidied.len());
    let mut before: Option<char> = None;
    let mut chars = tidied.chars().peekable();
    while let Some(c) = chars.next() {
        let in_latin = before.is_some_and(|c| c.is_ascii()) && chars.peek().is_none_or(char::is_ascii);
        match c {
            'ぁ'..='ゖ' => out.push(char::from_u32(c as u32 + 0x60).unwrap_or(c)),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
            'ー' if in_latin => out.push('-'),
            plain if is_plain(plain) => out.push(plain.to_ascii_lowercase()),
            other => out.extend(other.to_lowercase()),
        }
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_what_excel_users_type() {
        for (raw, want) in [
            ("  ＦｏｒｔｉＧａｔｅ　６０Ｅ ", "FortiGate 60E"),
            ("ｻｰﾊﾞ室", "サーバ室"),
            ("１０．２０．１．５", "10.20.1.5"),
            ("改行\nあり", "改行 あり"),
            ("\u{0}NUL", "NUL"),
            ("㈱網屋", "(株)網屋"),
        ] {
            assert_eq!(tidy(raw), want);
        }
    }

    #[test]
    fn plain_characters_need_no_normalising() {
        let plain = ('\0'..=char::MAX).filter(|&c| is_plain(c));
        assert_eq!(plain.filter(|&c| is_nfkc_quick(std::iter::once(c)) != IsNormalized::Yes).count(), 0);
    }

    #[test]
    fn folds_for_search() {
        assert_eq!(fold("さーば"), fold("サーバ"));
        assert_eq!(fold("ＦＯＲＴＩ−ＯＳ"), "forti-os");
        assert_eq!(fold("サーバー"), "サーバー");
        assert_eq!(fold("Aー1ー"), "a-1-");
        assert_eq!(fold("ΑΣ é Ａ"), "ασ é a");
        // What is ASCII goes a shorter way to the same end.
        for ascii in ["  DELL  PowerEdge\tR740 ", "A-1", "\u{0}x\n", ""] {
            assert_eq!(format!("サ {}", fold(ascii)).trim_end(), fold(&format!("サ {ascii}")));
        }
    }
}
