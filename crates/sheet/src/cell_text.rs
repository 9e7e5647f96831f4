//! The text of an Excel cell, as a person sees it.

use calamine::{DataRef, ExcelDateTime};
use tomomori_domain::date::from_excel_serial;

/// Days between the two calendars Excel counts from (1900 and, on old Macs, 1904).
const MAC_DAYS: f64 = 1462.0;

pub(crate) enum CellText {
    Empty,
    Text(String),
    /// A bare number.
    Number(String),
    /// `#N/A` and its kin.
    Error(String),
}

pub(crate) fn cell_text(value: &DataRef<'_>, mac_calendar: bool) -> CellText {
    match value {
        DataRef::Empty => CellText::Empty,
        DataRef::String(text) => text_or_empty(text),
        DataRef::SharedString(text) => text_or_empty(text),
        DataRef::Int(number) => CellText::Number(number.to_string()),
        DataRef::Float(number) => CellText::Number(number_text(*number)),
        DataRef::Bool(value) => CellText::Text(value.to_string()),
        DataRef::DateTime(value) => CellText::Text(date_text(value, mac_calendar)),
        DataRef::DateTimeIso(text) => text_or_empty(text.strip_suffix("T00:00:00").unwrap_or(text)),
        DataRef::DurationIso(text) => text_or_empty(text),
        DataRef::Error(code) => CellText::Error(code.to_string()),
    }
}

fn text_or_empty(text: &str) -> CellText {
    if text.trim().is_empty() { CellText::Empty } else { CellText::Text(text.to_owned()) }
}

/// Excel keeps 15 significant digits; more would show the binary remainder (0.30000000000000004).
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn date_text(value: &ExcelDateTime, mac_calendar: bool) -> String {
    let serial = value.as_f64();
    let minutes = (serial.fract().abs() * 1440.0).round() as u32;
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if value.is_duration() {
        return format!("{}:{:02}", (serial * 24.0).floor(), minutes % 60);
    }
    match from_excel_serial(if mac_calendar { serial + MAC_DAYS } else { serial }) {
        _ if (0.0..1.0).contains(&serial) => time,
        Some(date) if minutes == 0 || minutes == 1440 => date.to_string(),
        Some(date) => format!("{date} {time}"),
        // Outside the calendar Excel shows ####; the number is at least honest.
        None => number_text(serial),
    }
}
