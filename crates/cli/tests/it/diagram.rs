//! `tomomori diagram` and `tomomori export`.

use crate::program::Installation;

const LEDGER: &str = "管理番号,機器名,種別,IPアドレス,区画,保守業者\r\n\
    K-1,受付PC,端末,10.0.0.1,外来,みどりシステム\r\nK-2,検査サーバ,サーバ,10.0.0.2,検査,北ネット\r\n";

#[test]
fn the_diagram_is_drawn_into_files() {
    let it = Installation::new();
    let told = it.run(&[&"diagram", &"--out", &"x.svg"]);
    assert!(told.code == 1 && told.err.contains("tomomori import"), "{told:?}");
    let file = it.file("台帳.csv", LEDGER.as_bytes());
    it.ok(&[&"import", &"--commit", &file]);
    let read = |name: &str| std::fs::read(it.folder.path().join(name)).unwrap();
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    it.ok(&[&"diagram", &"--out", &"all.svg", &"--layer", &"end_of_life"]);
    assert!(text("all.svg").contains("受付PC") && text("all.svg").contains("期限が不明"));
    it.ok(&[&"--lang", &"en", &"diagram", &"--out", &"part.drawio", &"--vendor", &"みどりシステム"]);
    assert!(text("part.drawio").contains("受付PC") && !text("part.drawio").contains("検査サーバ"));
    it.ok(&[&"diagram", &"--out", &"a4.pdf", &"--page", &"a4", &"--focus", &"検査サーバ"]);
    assert!(read("a4.pdf").starts_with(b"%PDF"));
    let told =
        it.ok(&[&"diagram", &"--out", &"days.png", &"--compare", &"2020-01-01", &"2099-01-01", &"--json"]).json();
    assert_eq!((&told["format"], &told["file"]), (&"png".into(), &"days.png".into()));
    assert!(read("days.png").starts_with(b"\x89PNG"));
    let told = it.run(&[&"diagram", &"--out", &"x.svg", &"--vendor", &"いない社"]);
    assert!(told.code == 1 && told.err.contains("いない社"), "{told:?}");
    for wrong in [["--out", "x.doc"], ["--layer", "colours"], ["--at", "yesterday"]] {
        assert_eq!(it.run(&[&"diagram", &"--out", &"x.svg", &wrong[0], &wrong[1]]).code, 2, "{wrong:?}");
    }
}

#[test]
fn an_exported_ledger_comes_back_unchanged() {
    let it = Installation::new();
    let file = it.file("台帳.csv", LEDGER.as_bytes());
    it.ok(&[&"import", &"--commit", &file]);
    it.ok(&[&"export", &"--out", &"ledger.xlsx"]);
    let again = it.ok(&[&"import", &"--json", &"ledger.xlsx"]).json();
    assert_eq!((&again["counts"]["created"], &again["counts"]["changed"]), (&0.into(), &0.into()), "{again}");
    let all = std::fs::metadata(it.folder.path().join("ledger.xlsx")).unwrap().len();
    let told = it.ok(&[&"export", &"--out", &"one.xlsx", &"--kind", &"server", &"--json"]).json();
    assert!(told["bytes"].as_u64().unwrap() < all);
    assert_eq!(it.run(&[&"export", &"--out", &"ledger.csv"]).code, 2);
}
