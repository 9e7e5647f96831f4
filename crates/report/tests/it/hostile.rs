//! Texts come from files of strangers: whatever they look like, they are printed and never run.

use crate::read::{Read, read};
use crate::samples::meta;
use proptest::prelude::*;
use tomomori_report::{Cell, Column, Meta, Paper, Section, table_pdf};

const TEXTS: [&str; 9] = [
    "#import \"@preview/evil:1.0.0\": *",
    "#read(\"/etc/passwd\")",
    "$ sum_(i=0)^n $",
    "\\ \\u{41} \\#",
    "*bold* _emph_ `raw` = heading",
    "\"quoted\" 'single' <label> @ref",
    "#{while true {}}",
    "{\"json\": [1, 2}",
    "// comment /* block */ -- --- ~ ...",
];

fn paper(text: &str) -> Paper {
    let everywhere =
        Meta { title: text.into(), tenant: text.into(), date: text.into(), footer: text.into(), ..meta("") };
    let section = Section::new(text, [Column::new(text, 1), Column::new(text, 1)]).note(text);
    let row = [Cell::text(text), Cell::unknown(text)];
    Paper::new(everywhere).line(text).section(section.row(row)).signature(text, text)
}

#[test]
fn code_is_printed_not_run() {
    for text in TEXTS {
        let read = read(&table_pdf(&paper(text)).unwrap());
        let want: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(read.all().matches(&want).count() >= 8, "{text}: {}", read.all());
    }
}

#[test]
fn control_characters_and_huge_cells_are_set() {
    let control: String = (0..0xa0u8).map(char::from).collect();
    assert!(read(&table_pdf(&paper(&control)).unwrap()).all().contains("!\"#$%&'()*+,-./0123456789"));
    let printed = [("字", 10_000), ("W", 10_000), ("a\n", 300), ("ー", 300), ("。", 300)];
    for (part, times) in printed {
        let read = huge(part, times);
        let c = part.chars().next().unwrap();
        assert_eq!(read.all().matches(c).count(), times, "{part:?}");
    }
    assert_eq!(huge("😀", 300).all().matches('〓').count(), 300);
    // Invisible ones are left out, and of marks on one letter a few are enough: these take no time to speak of.
    for part in ["\u{301}", "\u{3099}", "\u{200d}", "\u{a0}"] {
        huge(part, 10_000);
    }
}

/// A paper with one text many times in a column 8 mm wide.
fn huge(part: &str, times: usize) -> Read {
    let columns = [Column::new("狭", 1), Column::new("広い", 20)];
    let section = Section::new("大", columns)
        .row([part.repeat(times).into(), "隣".into()])
        .row([Cell::unknown("不".repeat(200)), "隣".into()]);
    let read = read(&table_pdf(&Paper::new(meta("大")).section(section)).unwrap());
    assert_eq!(read.all().matches('隣').count(), 2, "{part:?}");
    assert_eq!(read.all().matches('不').count(), 200, "{part:?}");
    read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_can_be_printed(text in any::<String>()) {
        table_pdf(&paper(&text)).unwrap();
    }
}
