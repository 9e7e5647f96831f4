//! CSV as machines write it: quoted cells may hold line breaks; a record knows the line on which it starts.

use csv::{ReaderBuilder, StringRecord};

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Line on which it starts, from 1.
    pub(crate) line: u32,
    /// Its cells.
    pub(crate) cells: Vec<String>,
}

/// All records, blank lines left out. Records may differ in length.
pub(crate) fn records(text: &str, separator: u8) -> Vec<Record> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut found = Vec::new();
    // The input is UTF-8 and in memory, and lengths may vary: reading cannot fail.
    while let Ok(true) = reader.read_record(&mut record) {
        let (line, byte) = record.position().map_or((1, 0), |at| (at.line(), at.byte()));
        // The position is where the reader began to look: blank lines above the record count.
        let rest = text.get(usize::try_from(byte).unwrap_or(usize::MAX)..).unwrap_or_default();
        let blank = rest.bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| *byte == b'\n').count();
        let line = line.saturating_add(blank as u64);
        let cells = record.iter().map(str::to_owned).collect();
        found.push(Record { line: u32::try_from(line).unwrap_or(u32::MAX), cells });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_know_their_lines() {
        let found = records("a,b\r\n\r\n\"x\r\ny\",1\r\nz\r\n\r\n\r\nq,\"r\"\"s\",t", b',');
        let lines: Vec<_> = found.iter().map(|record| (record.line, record.cells.join("|"))).collect();
        let want = [(1, "a|b"), (3, "x\r\ny|1"), (5, "z"), (8, "q|r\"s|t")];
        assert_eq!(lines, want.map(|(line, cells)| (line, cells.to_owned())));
        let open = records("a,\"b\nc", b',');
        assert_eq!((open.len(), open[0].line), (1, 1));
    }
}
