//! Workbooks and text tables as hospitals send them, and as attackers would.

mod apply;
mod build;
mod csv_text;
mod export;
mod guess;
mod hostile;
mod known;
mod property;
mod workbook;
