//! Texts of people made fit for paper: only what can be printed, with places where a long word may be cut.

use crate::fonts::Fonts;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Invisible: allows a line to end here.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Printers' sign for a character that the font lacks (下駄).
const GETA: char = '〓';

/// More marks than this on one letter are no writing but an attack; typst's time grows with their square.
const MARKS: usize = 4;

/// A text that prints as it reads: composed (が, not か and ゛), every kind of line break `\n`, other white space a space,
/// control and invisible characters left out (bidirectional overrides could make a name read as another one), and `〓`
/// for a character that the font lacks.
pub(crate) fn clean(text: &str, fonts: &Fonts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.nfc().peekable();
    let mut marks = 0;
    while let Some(c) = chars.next() {
        marks = if canonical_combining_class(c) == 0 { 0 } else { marks + 1 };
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\u{3000}' => out.push(c),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() || is_invisible(c) || marks > MARKS => {}
            c if fonts.has(c) => out.push(c),
            _ => out.push(GETA),
        }
    }
    out
}

/// Characters that Unicode lets a program leave out of what it shows (Default_Ignorable_Code_Point).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A text in a column: what to print, and how many lines it will about take.
pub(crate) struct Wrapped {
    pub(crate) text: String,
    pub(crate) lines: usize,
}

/// Fits a cleaned text into a column of `limit` em. Words without a place to break (serial numbers, addresses of pages)
/// that are wider than the column get one, otherwise they would run over the next column.
pub(crate) fn wrap(text: &str, limit: f64, fonts: &Fonts) -> Wrapped {
    let mut out = String::with_capacity(text.len());
    let mut lines = 0;
    for line in text.split('\n') {
        if lines > 0 {
            out.push('\n');
        }
        lines += 1;
        let mut filled = 0.0;
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let end = if is_word(c) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
            let (word, tail) = rest.split_at(end);
            rest = tail;
            let width: f64 = word.chars().map(|c| fonts.width(c)).sum();
            if filled + width <= limit {
                filled += width;
                out.push_str(word);
                continue;
            }
            if filled > 0.0 {
                lines += 1;
                filled = 0.0;
            }
            for c in word.chars() {
                let width = fonts.width(c);
                if filled + width > limit && filled > 0.0 {
                    out.push(ZERO_WIDTH_SPACE);
                    lines += 1;
                    filled = 0.0;
                }
                filled += width;
                out.push(c);
            }
        }
    }
    Wrapped { text: out, lines }
}

/// Characters beside which a line may not end: all but spaces, and in the scripts written without spaces the ones that may
/// not begin or end a line (punctuation, ー, small kana).
fn is_word(c: char) -> bool {
    const STICKY: &str = "ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶｰｧｨｩｪｫｬｭｮｯ";
    !c.is_whitespace() && ((c as u32) < 0x2e80 || !c.is_alphanumeric() || STICKY.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::fonts;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_goes_and_what_cannot_be_printed_shows() {
        for (raw, want) in [
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("a\tb\u{0}c\u{7}", "a bc"),
            ("税\u{202e}fdp.exe", "税fdp.exe"),
            ("か\u{3099}ﾊﾟ\u{fe0f}㈱髙\u{e0100}", "がﾊﾟ㈱髙"),
            ("😀한𠮷\u{e000}", "〓〓〓〓"),
            ("\u{a0}\u{2003}　", "  　"),
            ("\u{3099}\u{3099}\u{3099}\u{3099}\u{3099}", "\u{3099}\u{3099}\u{3099}\u{3099}"),
            ("\u{feff}#import \"x\" $a$ \\ *b*", "#import \"x\" $a$ \\ *b*"),
        ] {
            assert_eq!(clean(raw, fonts().unwrap()), want);
        }
    }

    #[test]
    fn long_words_are_cut_where_the_column_ends_and_sentences_are_not() {
        let fonts = fonts().unwrap();
        let cut = wrap("SN-0123456789-ABCDEFGHIJ", 10.0, fonts);
        assert!(cut.text.contains(ZERO_WIDTH_SPACE));
        assert_eq!(cut.text.replace(ZERO_WIDTH_SPACE, ""), "SN-0123456789-ABCDEFGHIJ");
        assert_eq!(cut.lines, cut.text.matches(ZERO_WIDTH_SPACE).count() + 1);
        let sentence = wrap("電子カルテサーバは二階のサーバ室にあります。", 10.0, fonts);
        assert!(!sentence.text.contains(ZERO_WIDTH_SPACE));
        assert_eq!(sentence.lines, 3);
        assert_eq!(wrap("a\n\nb", 10.0, fonts).lines, 3);
    }

    #[test]
    fn runs_that_may_not_be_broken_are_broken_when_they_must() {
        for c in ["ー", "。", "「", "─", "…", "A"] {
            let fonts = fonts().unwrap();
            assert!(!wrap(&format!("電子{c}カルテ"), 4.0, fonts).text.contains(ZERO_WIDTH_SPACE), "{c}");
            assert!(wrap(&c.repeat(100), 4.0, fonts).lines >= 10, "{c}");
        }
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing(text in any::<String>(), limit in 0.1f64..40.0) {
            let text = clean(&text, fonts().unwrap());
            let wrapped = wrap(&text, limit, fonts().unwrap());
            prop_assert_eq!(wrapped.text.replace(ZERO_WIDTH_SPACE, ""), text);
        }
    }
}
