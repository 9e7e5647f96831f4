//! The lists people keep: ledger, ME ledger, delivery list, zones, lines, contracts, bill.

use super::spell::{self, MacStyle};
use super::table::{Cell, Column, Data, Doc, Header, Mark, Shape, Subject, Table, columns};
use super::world::{File, Unit, World};

const UPDATERS: [(&str, &str, &str, &str); 4] = [
    ("firmware_updated_by", "ファームウェアの更新担当", "firmware_clause", "ファームウェア更新の条文"),
    ("os_updated_by", "OSの更新担当", "os_clause", "OS更新の条文"),
    ("middleware_updated_by", "ミドルウェアの更新担当", "middleware_clause", "ミドルウェア更新の条文"),
    ("application_updated_by", "アプリケーションの更新担当", "application_clause", "アプリケーション更新の条文"),
];

/// All lists.
pub(super) fn docs(world: &mut World) -> Vec<Doc> {
    let utf8 = Shape::Csv { cp932: false, quoted: false };
    let cp932 = Shape::Csv { cp932: true, quoted: false };
    let deliverer = world.truth.vendors[world.deliverer].name.clone();
    vec![
        Doc { name: LEDGER.to_owned(), shape: Shape::Xlsx, list: true, tables: vec![ledger(world), lines(world)] },
        doc("ネットワーク区画.csv", utf8, zones(world)),
        doc("契約一覧.xlsx", Shape::Xlsx, contracts(world)),
        doc(&format!("納品一覧_{deliverer}.csv"), cp932, delivery(world, &deliverer)),
        doc("ME機器台帳.xlsx", Shape::Xlsx, medical(world)),
        doc("回線請求一覧.csv", cp932, bill(world)),
    ]
}

/// Name of the ledger.
pub(super) const LEDGER: &str = "機器台帳_2026年度.xlsx";

fn doc(name: &str, shape: Shape, table: Table) -> Doc {
    Doc { name: name.to_owned(), shape, list: true, tables: vec![table] }
}

fn title(lines: &[&str]) -> Vec<Vec<String>> {
    lines.iter().map(|line| if line.is_empty() { Vec::new() } else { vec![(*line).to_owned()] }).collect()
}

/// The ledger (機器台帳).
pub(super) fn ledger(world: &mut World) -> Table {
    let mut of = columns(&[
        ("asset_number", "", "管理番号"),
        ("name", "機器", "機器名"),
        ("kind", "機器", "種別"),
        ("maker", "機器", "メーカー"),
        ("product", "機器", "型番"),
        ("version", "版・ソフトウェア", "ファーム/版"),
        ("os", "版・ソフトウェア", "ＯＳ"),
        ("software", "版・ソフトウェア", "ソフトウェア"),
        ("serial", "識別", "製造番号"),
        ("address", "識別", "IPアドレス"),
        ("mac", "識別", "MACアドレス"),
        ("hostname", "識別", "ホスト名"),
        ("zone", "設置", "区画"),
        ("location", "設置", "設置場所"),
        ("department", "設置", "部署"),
        ("vendor", "保守", "保守業者"),
        ("contract_number", "保守", "契約番号"),
        ("purchase", "保守", "購入形態"),
        ("starts_on", "保守", "導入日"),
        ("ends_on", "保守", "保守終了"),
    ]);
    if world.truth.layers_stated {
        for (by, by_header, clause, clause_header) in UPDATERS {
            of.push(Column { field: by, group: "更新", header: by_header });
            of.push(Column { field: clause, group: "更新", header: clause_header });
        }
    }
    of.push(Column { field: "note", group: "", header: "備考" });
    let above = [
        format!("{}　情報機器台帳（2026年度）", world.truth.hospital),
        "作成：医療情報室　　更新日：令和8年11月2日　※空欄は未確認".to_owned(),
        String::new(),
    ];
    let mut table = Table::simple("機器一覧", title(&above.each_ref().map(String::as_str)), Header::TwoRows, of);
    (table.sections, table.ditto, table.total) = (true, true, true);
    fill(world, File::Ledger, &mut table);
    table
}

fn delivery(world: &mut World, deliverer: &str) -> Table {
    let of = columns(&[
        ("", "", "No."),
        ("kind", "", "種別"),
        ("name", "", "製品名"),
        ("maker", "", "メーカー"),
        ("product", "", "型番"),
        ("hostname", "", "ホスト名"),
        ("serial", "", "シリアルNo."),
        ("os", "", "ＯＳ"),
        ("software", "", "ミドルウェア"),
        ("address", "", "IPアドレス"),
        ("mac", "", "MACアドレス"),
        ("starts_on", "", "納入日"),
        ("vendor", "", "保守業者"),
    ]);
    let above = [format!("株式会社{deliverer}　納品機器一覧"), format!("納入先：{}　様", world.truth.hospital)];
    let above = title(&[&above[0], &above[1], ""]);
    let mut table = Table::simple("", above, Header::OneRow, of);
    fill(world, File::Delivery, &mut table);
    for (number, row) in (1..).zip(&mut table.rows) {
        row.cells[0] = Cell::shown_as("", format!("{number}"));
    }
    table
}

fn medical(world: &mut World) -> Table {
    let of = columns(&[
        ("asset_number", "", "ME管理番号"),
        ("name", "機器", "機器名称"),
        ("product", "機器", "型式"),
        ("serial", "機器", "製造番号"),
        ("marketing_holder", "業者", "製造販売業者"),
        ("seller", "業者", "販売業者"),
        ("lessor", "業者", "リース会社"),
        ("repairer", "業者", "修理業者"),
        ("department", "設置", "使用部署"),
        ("zone", "設置", "接続セグメント"),
        ("address", "設置", "IPアドレス"),
        ("mac", "設置", "MACアドレス"),
        ("starts_on", "", "購入日"),
    ]);
    let above = [format!("{}　ＭＥ機器台帳", world.truth.hospital), "臨床工学室　令和8年10月".to_owned()];
    let above = title(&[&above[0], &above[1], ""]);
    let mut table = Table::simple("ME機器", above, Header::TwoRows, of);
    fill(world, File::Me, &mut table);
    table
}

/// Rows of the devices that stand in a file.
fn fill(world: &mut World, file: File, table: &mut Table) {
    for (row, at) in order(world, file).into_iter().enumerate() {
        let cells = table.columns.iter().map(|column| cell(world, at, row, file, column.field)).collect();
        table.rows.push(told(&world.units[at], at, file, cells, table));
    }
}

/// The devices that stand in a file, in an order that says nothing about the order they were made in.
pub(super) fn order(world: &mut World, file: File) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..world.units.len()).filter(|unit| world.units[*unit].files.contains(&file)).collect();
    world.dice.shuffle(&mut order);
    order.sort_by_key(|unit| section_rank(world.units[*unit].section));
    order
}

fn section_rank(section: &str) -> usize {
    ["サーバ", "ネットワーク機器", "端末PC", "医療機器"].iter().position(|it| *it == section).unwrap_or(4)
}

/// A row with what this file says otherwise.
pub(super) fn told(unit: &Unit, at: usize, file: File, cells: Vec<Cell>, table: &Table) -> Data {
    let mut row = Data { subject: Subject::Device(at), section: unit.section, cells, marks: Vec::new() };
    for say in unit.says.iter().filter(|say| say.file == file) {
        if let Some(cell) = &say.cell
            && let Some(column) = table.column(say.field)
        {
            row.cells[column] = cell.clone();
        }
        if let Some(owner) = say.owner {
            row.marks.push(Mark { owner, field: say.field });
        }
    }
    row
}

/// What a file says in a column about a device that has nothing special.
fn cell(world: &mut World, at: usize, row: usize, file: File, field: &'static str) -> Cell {
    let World { units, dice, .. } = world;
    let unit = &units[at];
    let ledger = file == File::Ledger;
    if ledger && unit.hidden.contains(field) {
        return Cell::default();
    }
    let mut words = |text: Option<&String>| text.map_or_else(Cell::default, |text| spell::text(text, dice));
    match field {
        "asset_number" => Cell::plain(&format!("{}-{:05}", if ledger { "J" } else { "ME" }, row + 1)),
        "name" => words(Some(if ledger { &unit.short } else { &unit.long })),
        "kind" => Cell::shown_as(unit.facts.kind, unit.section.to_owned()),
        "maker" => words(Some(&unit.facts.maker)),
        "product" => Cell::plain(&unit.model),
        "version" => Cell::maybe(unit.version.as_ref()),
        "os" => words(unit.os.as_ref()),
        "software" => Cell::plain(&unit.software.join(if ledger { "、" } else { ";" })),
        "serial" => words(unit.facts.serial.as_ref()),
        "address" if ledger && unit.dynamic => Cell::shown_as("", "DHCP".to_owned()),
        "address" => words(Some(&unit.facts.addresses.join("、"))),
        "mac" => {
            let style = match file {
                File::Ledger => dice.pick(&[MacStyle::Colons, MacStyle::Hyphens, MacStyle::Bare]),
                File::Delivery => MacStyle::Hyphens,
                _ => MacStyle::Colons,
            };
            let shown: Vec<String> = unit.facts.macs.iter().map(|mac| spell::mac(mac, style)).collect();
            Cell::shown_as(&unit.facts.macs.join("、"), shown.join("、"))
        }
        "hostname" => unit.facts.hostname.as_ref().map_or_else(Cell::default, |host| {
            Cell::shown_as(host, if dice.chance(80) { host.to_uppercase() } else { host.clone() })
        }),
        "zone" => Cell::maybe(unit.facts.zone.as_ref()),
        "location" => Cell::maybe(unit.location.as_ref()),
        "department" => Cell::maybe(unit.department.as_ref()),
        "vendor" => match &unit.facts.vendor {
            Some(vendor) => spell::company(vendor, dice),
            None if ledger && dice.chance(20) => Cell::shown_as("", "不明".to_owned()),
            None => Cell::default(),
        },
        "contract_number" => Cell::maybe(unit.facts.contract.as_ref()),
        "purchase" => Cell::plain(unit.purchase),
        "starts_on" => unit.installed.map_or_else(Cell::default, |day| spell::date(day, dice)),
        "ends_on" => unit.ends.map_or_else(Cell::default, |day| spell::date(day, dice)),
        "note" => Cell::maybe(unit.note.as_ref()),
        "marketing_holder" => spell::company(&unit.facts.maker, dice),
        "seller" => spell::company(unit.seller, dice),
        "lessor" => unit.lessor.map_or_else(Cell::default, |lessor| spell::company(lessor, dice)),
        "repairer" => unit.repairer.as_ref().map_or_else(Cell::default, |name| spell::company(name, dice)),
        _ => updater_cell(unit, field, dice),
    }
}

fn updater_cell(unit: &Unit, field: &str, dice: &mut super::dice::Dice) -> Cell {
    let is = |it: &(&str, &str, &str, &str)| it.0 == field || it.2 == field;
    let Some(layer) = UPDATERS.iter().position(is) else { return Cell::default() };
    match &unit.facts.updaters[layer] {
        Some(updater) if UPDATERS[layer].0 == field => spell::company_or_own(&updater.by, dice),
        Some(updater) => Cell::maybe(updater.clause.as_ref()),
        None => Cell::default(),
    }
}

fn zones(world: &World) -> Table {
    let of = columns(&[("name", "", "名称"), ("kind", "", "種類"), ("range", "", "アドレス範囲")]);
    let mut table = Table::simple("", Vec::new(), Header::OneRow, of);
    for (at, zone) in world.truth.zones.iter().enumerate() {
        let cells = [zone.name.as_str(), zone.kind, zone.range.as_str()].map(Cell::plain).to_vec();
        table.rows.push(Data { subject: Subject::Zone(at), section: "", cells, marks: Vec::new() });
    }
    table
}

fn lines(world: &mut World) -> Table {
    let of = columns(&[
        ("from", "", "接続元"),
        ("to", "", "接続先"),
        ("via", "", "経由装置"),
        ("protocol", "", "方式"),
        ("always_on", "", "常時接続"),
        ("source_limited", "", "接続元制限"),
        ("purpose", "", "用途"),
        ("vendor", "", "事業者"),
        ("contract_number", "", "契約番号"),
        ("circuit", "", "回線番号"),
        ("remote_maintenance", "", "リモート保守"),
    ]);
    let mut table = Table::simple("回線・リモート保守一覧", title(&["回線・リモート保守一覧", ""]), Header::OneRow, of);
    let World { truth, dice, line_marks, .. } = world;
    let mut order: Vec<usize> = (0..truth.lines.len()).filter(|at| truth.lines[*at].in_list).collect();
    dice.shuffle(&mut order);
    for at in order {
        let line = &truth.lines[at];
        let cells = vec![
            Cell::plain(&line.from),
            spell::text(&line.to, dice),
            Cell::maybe(line.via.as_ref()),
            Cell::plain(if line.remote { dice.pick(&["IPsec VPN", "SSL-VPN", "RDP"]) } else { "光回線" }),
            Cell::plain(dice.pick(&["○", "×", ""])),
            Cell::plain(dice.pick(&["あり", "なし", "不明"])),
            Cell::plain(if line.remote { "保守" } else { "通信" }),
            line.vendor.as_ref().map_or_else(Cell::default, |vendor| spell::company(vendor, dice)),
            Cell::maybe(line.contract.as_ref()),
            Cell::maybe(line.circuit.as_ref()),
            Cell::plain(if line.remote { "○" } else { "×" }),
        ];
        table.rows.push(Data { subject: Subject::Line(at), section: "", cells, marks: marks_of(at, line_marks) });
    }
    table
}

fn marks_of(at: usize, marks: &[(usize, Mark)]) -> Vec<Mark> {
    marks.iter().filter(|(of, _)| *of == at).map(|(_, mark)| *mark).collect()
}

fn contracts(world: &mut World) -> Table {
    let of = columns(&[
        ("contract_number", "", "契約番号"),
        ("title", "", "契約名"),
        ("vendor", "", "事業者"),
        ("starts_on", "契約期間", "開始"),
        ("ends_on", "契約期間", "終了"),
        ("update_clause", "", "更新・報告の条文"),
        ("contact", "", "緊急連絡先"),
    ]);
    let above = title(&["情報システム関係 契約一覧", "令和8年10月1日現在　総務課", ""]);
    let mut table = Table::simple("契約一覧", above, Header::TwoRows, of);
    let World { truth, dice, contract_marks, .. } = world;
    for (at, contract) in truth.contracts.iter().enumerate() {
        let cells = vec![
            Cell::plain(&contract.number),
            Cell::plain(&contract.title),
            spell::company(&contract.vendor, dice),
            spell::iso_date(&contract.starts, dice),
            contract.ends.as_ref().map_or_else(Cell::default, |day| spell::iso_date(day, dice)),
            Cell::maybe(contract.clause.as_ref()),
            Cell::plain(&format!("03-0000-{:04}", 9000 + at)),
        ];
        let marks = marks_of(at, contract_marks);
        table.rows.push(Data { subject: Subject::Contract(at), section: "", cells, marks });
    }
    table
}

fn bill(world: &mut World) -> Table {
    let of = columns(&[
        ("billed_on", "", "請求年月"),
        ("circuit", "", "回線番号"),
        ("protocol", "", "回線種別"),
        ("location", "", "設置場所"),
        ("", "", "ご利用金額"),
    ]);
    let mut table = Table::simple("", title(&["回線ご利用料金　請求内訳", ""]), Header::OneRow, of);
    let World { truth, dice, line_marks, .. } = world;
    let mut order: Vec<usize> = (0..truth.lines.len()).filter(|at| truth.lines[*at].on_bill).collect();
    dice.shuffle(&mut order);
    for at in order {
        let line = &truth.lines[at];
        let cells = vec![
            Cell::shown_as("2026-10", "2026年10月".to_owned()),
            Cell::maybe(line.circuit.as_ref()),
            Cell::plain(dice.pick(&["光回線", "アナログ回線", "ISDN"])),
            Cell::plain(&truth.hospital),
            Cell::shown_as("", format!("{}", 2000 + dice.below(80) * 100)),
        ];
        table.rows.push(Data { subject: Subject::Line(at), section: "", cells, marks: marks_of(at, line_marks) });
    }
    table
}
