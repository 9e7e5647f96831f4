//! From tables to the bytes of a file.

use super::table::{Cell, Column, Data, Doc, Header, Shape, Table, Written};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The bytes of a file.
///
/// # Errors
/// [`XlsxError`] when a workbook cannot be written, such as a table with more rows than Excel has.
pub(super) fn bytes(doc: &Doc) -> Result<Vec<u8>, XlsxError> {
    let table = &doc.tables[0];
    Ok(match doc.shape {
        Shape::Xlsx => workbook(doc)?,
        Shape::Csv { cp932, quoted } => {
            let text = csv(table, quoted, if cp932 || quoted { "\r\n" } else { "\n" });
            if cp932 { encoding_rs::SHIFT_JIS.encode(&text).0.into_owned() } else { text.into_bytes() }
        }
        Shape::Arp => arp(table).into_bytes(),
        Shape::Nmap => nmap(table).into_bytes(),
        Shape::Sbom => sbom(table).into_bytes(),
    })
}

/// Columns that tell boxes apart.
const IDENTITIES: &[&str] = &["asset_number", "name", "serial", "address", "mac", "hostname"];

fn workbook(doc: &Doc) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The writer would put the time of day in.
    let made = ExcelDateTime::from_ymd(2026, 11, 2)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for table in &doc.tables {
        let sheet = book.add_worksheet();
        sheet.set_name(table.sheet)?;
        write_sheet(sheet, table)?;
    }
    book.save_to_buffer()
}

fn write_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("yyyy/m/d");
    let bold = Format::new().set_bold();
    let last = table.columns.len().saturating_sub(1) as u16;
    let mut above: Option<&Data> = None;
    for (row, line) in (0..).zip(table.lines()) {
        match line {
            Written::Title(cells) => {
                for (column, text) in (0..).zip(cells) {
                    sheet.write_string(row, column, text)?;
                }
            }
            Written::Groups => groups(sheet, row, &table.columns, &bold)?,
            Written::Headers => {
                for (column, of) in (0..).zip(&table.columns) {
                    if table.header == Header::OneRow || !of.group.is_empty() {
                        sheet.write_string_with_format(row, column, of.header, &bold)?;
                    }
                }
            }
            Written::Section(section) => {
                sheet.merge_range(row, 0, row, last, &format!("■ {section}"), &bold)?;
                above = None;
            }
            Written::Data(data) => {
                for (column, cell) in (0..).zip(&data.cells) {
                    let at = usize::from(column);
                    // Nobody writes 〃 for what tells boxes apart.
                    let ditto = table.ditto && !IDENTITIES.contains(&table.columns[at].field);
                    let up = above.filter(|_| ditto).map(|data| &data.cells[at]);
                    write_cell(sheet, row, column, cell, up, &date)?;
                }
                above = Some(data);
            }
            Written::Total => {
                sheet.write_string(row, 0, "合計")?;
                sheet.write_string(row, 1, format!("{}台", table.rows.len()))?;
            }
        }
    }
    Ok(())
}

/// Upper header row: groups merged sideways, single headers merged downwards.
fn groups(sheet: &mut Worksheet, row: u32, columns: &[Column], bold: &Format) -> Result<(), XlsxError> {
    let mut first = 0;
    while let Some(column) = columns.get(first) {
        let same =
            columns[first..].iter().take_while(|it| !column.group.is_empty() && it.group == column.group).count();
        let (left, right) = (first as u16, (first + same.max(1) - 1) as u16);
        match same {
            0 => sheet.merge_range(row, left, row + 1, left, column.header, bold)?,
            1 => sheet.write_string_with_format(row, left, column.group, bold)?,
            _ => sheet.merge_range(row, left, row, right, column.group, bold)?,
        };
        first += same.max(1);
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    above: Option<&Cell>,
    date: &Format,
) -> Result<(), XlsxError> {
    // Every third row, so that 〃 stands for a text that is near. Short texts nobody abbreviates.
    let ditto = row.is_multiple_of(3) && cell.shown.chars().count() > 3 && above == Some(cell);
    if ditto {
        sheet.write_string(row, column, "〃")?;
    } else if cell.is_date
        && let Ok(day) = ExcelDateTime::parse_from_str(&cell.means)
    {
        sheet.write_datetime_with_format(row, column, &day, date)?;
    } else if !cell.shown.is_empty() {
        sheet.write_string(row, column, &cell.shown)?;
    }
    Ok(())
}

fn csv(table: &Table, quoted: bool, end: &str) -> String {
    let escape = |text: &str| {
        if quoted || text.contains([',', '"', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut out = String::new();
    for line in table.lines() {
        let cells: Vec<String> = match line {
            Written::Title(cells) => cells.iter().map(|text| escape(text)).collect(),
            Written::Headers => table.columns.iter().map(|column| escape(column.header)).collect(),
            Written::Data(data) => data.cells.iter().map(|cell| escape(&cell.shown)).collect(),
            Written::Groups | Written::Section(_) | Written::Total => Vec::new(),
        };
        // A blank line has its commas, as Excel writes it.
        let commas = table.columns.len().saturating_sub(cells.len().max(1));
        out.push_str(&cells.join(","));
        out.push_str(&",".repeat(if quoted { 0 } else { commas }));
        out.push_str(end);
    }
    out
}

fn shown<'a>(table: &Table, data: &'a Data, field: &str) -> &'a str {
    table.cell(data, field).map_or("", |cell| cell.shown.as_str())
}

fn arp(table: &Table) -> String {
    let line = |line| match line {
        Written::Title(cells) => format!("{}\n", cells.join("")),
        Written::Headers => "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n".to_owned(),
        Written::Data(data) => {
            let [address, age, mac, port] = [0, 1, 2, 3].map(|at| data.cells[at].shown.as_str());
            format!("Internet  {address:<16}{age:>9}   {mac}  ARPA   {port}\n")
        }
        Written::Groups | Written::Section(_) | Written::Total => String::new(),
    };
    table.lines().into_iter().map(line).collect()
}

fn nmap(table: &Table) -> String {
    let line = |line| match line {
        Written::Title(cells) => format!("{}\n", cells.join("")),
        Written::Data(data) => {
            let [address, mac, host, os] = ["address", "mac", "hostname", "os"].map(|field| shown(table, data, field));
            let system = if os.is_empty() {
                String::new()
            } else {
                let maker = if os.starts_with("Windows") { "Microsoft " } else { "" };
                format!(
                    "<os><osmatch name=\"{maker}{os}\" accuracy=\"100\" line=\"1\"><osclass type=\"general \
                     purpose\" accuracy=\"100\"/></osmatch></os>"
                )
            };
            // One line for each host: its line number is the place of all its facts.
            format!(
                "<host><status state=\"up\" reason=\"arp-response\"/><address addr=\"{address}\" addrtype=\"ipv4\"/>\
                 <address addr=\"{mac}\" addrtype=\"mac\"/><hostnames><hostname name=\"{host}\" type=\"PTR\"/>\
                 </hostnames><ports><port protocol=\"tcp\" portid=\"445\"><state state=\"open\" reason=\"syn-ack\"/>\
                 <service name=\"microsoft-ds\" method=\"probed\" conf=\"10\"/></port></ports>{system}</host>\n"
            )
        }
        Written::Headers | Written::Groups | Written::Section(_) | Written::Total => String::new(),
    };
    let hosts: String = table.lines().into_iter().map(line).collect();
    let up = table.rows.len();
    format!(
        "{hosts}<runstats><finished time=\"1795000600\" timestr=\"Wed Nov 18 20:16:40 2026\" exit=\"success\"/>\
         <hosts up=\"{up}\" down=\"0\" total=\"{up}\"/></runstats>\n</nmaprun>\n"
    )
}

fn sbom(table: &Table) -> String {
    let mut out = String::new();
    let mut components: Vec<String> = Vec::new();
    for line in table.lines() {
        match line {
            Written::Title(cells) => out.push_str(&format!("{}\n", cells.join(""))),
            Written::Data(data) if !shown(table, data, "hostname").is_empty() => {
                let host = shown(table, data, "hostname");
                out.push_str(&format!(
                    "\"metadata\": {{\"timestamp\": \"2026-10-15T10:00:00+09:00\", \"component\": {{\"type\": \
                     \"device\", \"bom-ref\": \"{host}\", \"name\": \"{host}\"}}}},\n\"components\": [\n"
                ));
            }
            Written::Data(data) => {
                let [name, version] = ["software", "version"].map(|field| shown(table, data, field));
                components.push(format!(
                    "{{\"type\": \"application\", \"bom-ref\": \"{name}@{version}\", \"name\": \"{name}\", \
                     \"version\": \"{version}\"}}"
                ));
            }
            Written::Headers | Written::Groups | Written::Section(_) | Written::Total => {}
        }
    }
    out.push_str(&components.join(",\n"));
    out.push_str("\n]}\n");
    out
}
