//! A ledger as a hospital keeps it: titles above, merged headings, full-width letters, years of eras, an impossible
//! date, and a heading that only its writer understands.

use rust_xlsxwriter::{Format, Workbook};
use std::path::{Path, PathBuf};

/// Column of the heading nobody can guess; what stands below it are departments.
pub(crate) const RIDDLE: &str = "F";
/// Cell of the impossible date.
pub(crate) const BAD_CELL: &str = "G7";
pub(crate) const SHEET: &str = "検査室の機器";

/// Writes the ledger for one story; `mark` keeps the devices of two stories apart.
pub(crate) fn ledger(folder: &Path, mark: &str) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(SHEET).unwrap();
    let bold = Format::new().set_bold();
    sheet.merge_range(0, 0, 0, 6, "みどり川総合病院　機器一覧表(検査室)", &bold).unwrap();
    sheet.write(1, 0, "令和８年１１月　検査室作成").unwrap();
    sheet.merge_range(2, 0, 2, 2, "機器", &bold).unwrap();
    sheet.merge_range(2, 3, 2, 4, "ネットワーク", &bold).unwrap();
    sheet.write(2, 5, "").unwrap();
    let heads = ["管理番号", "機器名称", "メーカー・型番", "ＩＰアドレス", "ホスト名", "例のところ", "導入年月日"];
    for (column, head) in (0..).zip(heads) {
        sheet.write_with_format(3, column, head, &bold).unwrap();
    }
    let rows = [
        [
            "１",
            "遠心分離機の端末",
            "ＮＥＣ　ＭＡＴＥ",
            "１０．２０．９．１１",
            "KENSA-11",
            "検体検査係",
            "平成29年4月1日",
        ],
        ["２", "顕微鏡の端末", "NEC Mate", "10.20.9.12", "KENSA-12", "病理係", "R3.6.15"],
        ["３", "血液ガスの端末", "", "10.20.9.13", "KENSA-13", "検体検査係", "令和５年２月３０日"],
        ["４", "心電図取込の端末", "NEC Mate", "10.20.9.14", "KENSA-14", "生理検査係", "2023/4/1"],
    ];
    for (line, mut row) in (4..).zip(rows.map(|row| row.map(str::to_owned))) {
        row[0] = format!("{mark}－{}", row[0]);
        row[1] = format!("{}{mark}", row[1]);
        row[4] = format!("{}-{mark}", row[4]);
        for (column, text) in (0..).zip(row) {
            sheet.write(line, column, text).unwrap();
        }
    }
    let file = folder.join(format!("検査室台帳_{mark}.xlsx"));
    book.save(&file).unwrap();
    file
}
