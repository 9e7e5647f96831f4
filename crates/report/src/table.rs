//! A [`Paper`] to PDF: counted, cleaned, fitted to its columns and handed to the template as data.

use crate::fonts::{Fonts, fonts};
use crate::paper::{Align, Cell, Column, Mark, Paper, Section};
use crate::text::{clean, wrap};
use crate::{MAX_BYTES, MAX_ROWS, ReportError, world};
use serde_json::{Value, json};

const TEMPLATE: &str = include_str!("../templates/paper.typ");

/// Millimetres in a typographic point.
const MM_PER_PT: f64 = 25.4 / 72.0;
/// Size of the text in cells, points.
const TEXT_PT: f64 = 9.0;
/// Size of a section's heading, points; the largest text outside the title.
const HEADING_PT: f64 = 10.5;
/// From line to line in a cell, points.
const LINE_PT: f64 = 14.0;
/// Left and right margin of the page, millimetres.
const MARGIN_MM: f64 = 18.0;
/// Space left and right of a cell's text, millimetres.
const INSET_MM: f64 = 1.4;
/// A row estimated to be higher than this share of a page may be split; the estimate may be wrong by the rest.
const TALLEST_WHOLE_ROW: f64 = 0.6;

/// The paper as PDF on A4: heads of tables repeated on every page, rows kept whole unless they are higher than about half
/// a page, page n/N. Texts are data: nothing in them is ever read as code. The same input gives the same bytes.
///
/// # Errors
/// [`ReportError::TooLong`] beyond [`MAX_ROWS`] or [`MAX_BYTES`], [`ReportError::Setting`] if a row does not have one cell
/// per column, [`ReportError::NoFonts`].
pub fn table_pdf(paper: &Paper) -> Result<Vec<u8>, ReportError> {
    check(paper)?;
    let fonts = fonts()?;
    let (width, height) = if paper.landscape { (297.0, 210.0) } else { (210.0, 297.0) };
    let room =
        Room { width: width - 2.0 * MARGIN_MM, lines: height * TALLEST_WHOLE_ROW / (LINE_PT * MM_PER_PT), fonts };
    let data = json!({
        "meta": paper.meta.json(fonts),
        "landscape": paper.landscape,
        "margin": MARGIN_MM,
        "size": TEXT_PT,
        "heading": HEADING_PT,
        "line": LINE_PT,
        "inset": [INSET_MM, if paper.writing { 2.6 } else { 1.5 }],
        "lines": paper.lines.iter().map(|line| room.across(line)).collect::<Vec<_>>(),
        "sections": paper.sections.iter().map(|section| room.section(section)).collect::<Vec<_>>(),
        "signatures": paper.signatures.iter().map(|(label, end)| [clean(label, fonts), clean(end, fonts)]).collect::<Vec<_>>(),
    });
    world::pdf(fonts, TEMPLATE, vec![("/data.json", data.to_string().into_bytes())])
}

/// Counts before anything is set: typst takes several kilobytes of memory per cell.
fn check(paper: &Paper) -> Result<(), ReportError> {
    let (mut rows, mut bytes) = (0, paper.lines.iter().map(String::len).sum());
    for section in &paper.sections {
        rows += section.rows.len();
        bytes += section.heading.len() + section.note.len();
        for (number, row) in section.rows.iter().enumerate() {
            if row.len() != section.columns.len() {
                let (cells, columns) = (row.len(), section.columns.len());
                let detail = format!("{}, row {}: {cells} cells, {columns} columns", section.heading, number + 1);
                return Err(ReportError::Setting { detail });
            }
            bytes += row.iter().map(|cell| cell.text.len()).sum::<usize>();
        }
    }
    if rows > MAX_ROWS || bytes > MAX_BYTES { Err(ReportError::TooLong { rows, bytes }) } else { Ok(()) }
}

/// The space between the margins.
struct Room {
    /// Millimetres.
    width: f64,
    /// How many lines a row may have and still be kept whole.
    lines: f64,
    fonts: &'static Fonts,
}

impl Room {
    /// A text outside tables, over the whole width.
    fn across(&self, text: &str) -> String {
        wrap(&clean(text, self.fonts), self.width / MM_PER_PT / HEADING_PT, self.fonts).text
    }

    fn section(&self, section: &Section) -> Value {
        let sum: f64 = section.columns.iter().map(|column| f64::from(column.weight)).sum();
        let limits: Vec<f64> = section
            .columns
            .iter()
            .map(|column| {
                let width = self.width * f64::from(column.weight) / sum - 2.0 * INSET_MM;
                width / MM_PER_PT / TEXT_PT
            })
            .collect();
        json!({
            "heading": self.across(&section.heading),
            "note": self.across(&section.note),
            "columns": section.columns.iter().zip(&limits).map(|(column, &em)| self.column(column, em)).collect::<Vec<_>>(),
            "rows": section.rows.iter().map(|row| self.row(row, &limits)).collect::<Vec<_>>(),
        })
    }

    fn column(&self, column: &Column, limit: f64) -> Value {
        let align = match column.align {
            Align::Left => "left",
            Align::Centre => "center",
            Align::Right => "right",
        };
        json!({ "title": wrap(&clean(&column.title, self.fonts), limit, self.fonts).text, "weight": column.weight, "align": align })
    }

    fn row(&self, row: &[Cell], limits: &[f64]) -> Value {
        let mut lines = 0;
        let cells: Vec<Value> = row
            .iter()
            .zip(limits)
            .map(|(cell, limit)| {
                let wrapped = wrap(&clean(&cell.text, self.fonts), *limit, self.fonts);
                lines = lines.max(wrapped.lines);
                let mark = match cell.mark {
                    Mark::None => "",
                    Mark::Open => "open",
                    Mark::Done => "done",
                    Mark::Unknown => "unknown",
                };
                json!([mark, wrapped.text])
            })
            .collect();
        json!({ "split": lines as f64 > self.lines, "cells": cells })
    }
}
