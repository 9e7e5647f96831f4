//! Tables as short lines, to compare them with.

use tomomori_domain::import::{Place, Table};

/// One line per row: `line: line field=value; …`; where a place has a cell (JSON pointer), that instead of the line.
pub(crate) fn shown(table: &Table) -> Vec<String> {
    let at = |place: &Place| {
        place
            .cell
            .as_ref()
            .map(ToString::to_string)
            .or(place.line.map(|line| line.to_string()))
            .unwrap_or_else(|| "?".to_owned())
    };
    let row = |row: &tomomori_domain::import::Row| {
        let values: Vec<_> =
            row.values.iter().map(|v| format!("{} {}={}", at(&v.place), v.field.key(), v.text)).collect();
        format!("{}: {}", at(&row.place), values.join("; "))
    };
    table.rows.iter().map(row).collect()
}
