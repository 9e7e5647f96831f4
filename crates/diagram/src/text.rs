//! Widths of text without a font file: good enough to keep words inside their boxes on any of the fonts in the list.

/// Width in pixels, rounded up. Full-width characters are one em; the rest by a table that errs to the wide side, because
/// the reader's font is not known.
pub(crate) fn width(text: &str, size: i32) -> i32 {
    let units: i32 = text.chars().map(per_mille).sum();
    (units * size + 999) / 1000
}

/// Shortened with `…` so that it is no wider than `limit`. Returns the text and whether anything was cut.
pub(crate) fn fit(text: &str, size: i32, limit: i32) -> (String, bool) {
    let text = clean(text);
    if width(&text, size) <= limit {
        return (text, false);
    }
    let room = limit * 1000 - 1000 * size;
    let mut used = 0;
    let mut out = String::new();
    for c in text.chars() {
        used += per_mille(c) * size;
        if used > room {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    (out, true)
}

/// Like [`fit`], but cuts before the last word: versions (`… 2016`) and numbers (`… 4号機`) stand there.
pub(crate) fn fit_before_last_word(text: &str, size: i32, limit: i32) -> String {
    let (short, cut) = fit(text, size, limit);
    let text = clean(text);
    let tail =
        text.trim_end().rsplit_once(' ').filter(|(_, tail)| cut && *tail != "…" && width(tail, size) * 2 <= limit);
    tail.map_or(short, |(head, tail)| fit(&format!("{head} "), size, limit - width(tail, size)).0 + tail)
}

/// Without control characters (XML 1.0 forbids most of them), bidirectional overrides (they could make a name read as
/// another one) and non-characters; line breaks and tabs become spaces.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\t' | '\n' | '\r' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// Appends `text` cleaned and escaped for element content and double-quoted attributes.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// Widths of the printable ASCII characters in BIZ UDPGothic, the font of papers and files, in thousandths of the size:
/// of regular and bold the wider one. It is wider than most fonts a browser may take instead.
const ASCII: [i32; 95] = [
    334, 371, 521, 940, 800, 1000, 911, 320, 505, 510, 500, 840, 331, 480, 331, 500, // space to /
    760, 630, 760, 760, 760, 760, 760, 760, 760, 760, 340, 340, 840, 840, 840, 800, // 0 to ?
    980, 780, 771, 811, 851, 701, 670, 860, 840, 440, 561, 760, 610, 1000, 840, 880, // @ to O
    760, 900, 760, 730, 701, 860, 760, 1000, 820, 741, 750, 550, 500, 550, 500, 306, // P to _
    500, 661, 730, 641, 730, 690, 510, 670, 721, 320, 400, 661, 360, 960, 721, 701, // ` to o
    730, 730, 491, 590, 491, 721, 601, 900, 621, 641, 581, 541, 440, 541, 500, // p to ~
];

fn per_mille(c: char) -> i32 {
    if let Some(width) = (c as usize).checked_sub(0x20).and_then(|at| ASCII.get(at)) {
        return *width;
    }
    match c {
        // Half-width katakana.
        '\u{ff61}'..='\u{ff9f}' => 550,
        // Combining marks and joiners take no room of their own.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{3099}' | '\u{309a}' => 0,
        '\u{a0}'..='\u{2af}' => 860,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_cuts() {
        assert_eq!(width("電子カルテ", 12), 60);
        assert_eq!(width("ｶﾙﾃ", 10), 17);
        assert!(width("FortiGate 60E", 12) < 13 * 12);
        assert_eq!((width("10.0", 100), width("W", 100), width("~", 100)), (249, 100, 50));
        assert_eq!(fit("電子カルテ", 10, 50), ("電子カルテ".into(), false));
        assert_eq!(fit("電子カルテ", 10, 40), ("電子カ…".into(), true));
        assert_eq!(fit("電子", 10, 0).0, "…");
        assert_eq!(fit_before_last_word("自動分析装置 4号機", 10, 80), "自動分析…4号機");
        assert_eq!(fit_before_last_word("自動分析装置 …", 10, 60), "自動分析装…");
        for limit in 10..200 {
            assert!(width(&fit_before_last_word("電子カルテ Server 2016", 10, limit), 10) <= limit, "{limit}");
            assert!(width(&fit("電子カルテ Server 2016 (旧)", 10, limit).0, 10) <= limit, "{limit}");
        }
    }

    #[test]
    fn nothing_breaks_out() {
        let mut out = String::new();
        escape("<a \"b\" & 'c'>\u{0}\u{1b}\u{202e}\nd\u{ffff}", &mut out);
        assert_eq!(out, "&lt;a &quot;b&quot; &amp; &#39;c&#39;&gt; d");
    }
}
