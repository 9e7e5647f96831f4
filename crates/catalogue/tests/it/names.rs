//! From a ledger's wording to a product: a table of hospital wordings, and CISA's advisories against NVD.

use crate::support::{build, known_answers, nvd};
use std::collections::BTreeSet;
use tomomori_catalogue::{Catalogue, Component, Device, split_version};
use tomomori_domain::finding::Verdict;
use tomomori_domain::resource::ProductChoice;

fn rank(catalogue: &Catalogue, maker: Option<&str>, product: &str, truth: &BTreeSet<String>) -> Option<usize> {
    let found = catalogue.suggest(maker, product).unwrap();
    found.iter().position(|candidate| truth.contains(&candidate.product_key))
}

#[test]
fn advisory_names_against_nvd() {
    let Some(data) = known_answers("advisory_names_against_nvd") else { return };
    let catalogue = nvd(&data);
    let lines = std::fs::read_to_string(data.join("kat/name-to-cpe.jsonl")).unwrap();
    let (mut asked, mut first, mut five, mut sure, mut sure_right) = (0, 0, 0, 0, 0);
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let (names, products) = (line["csaf"].as_array().unwrap(), line["cpe_products"].as_array().unwrap());
        if names.len() != 1 || products.len() != 1 {
            continue;
        }
        let truth: BTreeSet<String> = products.iter().map(|key| key.as_str().unwrap().to_owned()).collect();
        if !truth.iter().any(|key| catalogue.has_product(key).unwrap()) {
            continue;
        }
        let (maker, product) = (names[0]["vendor"].as_str(), names[0]["product"].as_str().unwrap_or_default());
        asked += 1;
        let place = rank(catalogue, maker, product, &truth);
        first += usize::from(place == Some(0));
        five += usize::from(place.is_some_and(|place| place < 5));
        let found = catalogue.suggest(maker, product).unwrap();
        if let Some(best) = found.first().filter(|best| best.score >= ProductChoice::APPLY_FROM) {
            sure += 1;
            sure_right += usize::from(truth.contains(&best.product_key));
            if !truth.contains(&best.product_key) {
                println!("SURE-WRONG {maker:?} {product:?} {truth:?} got {} {}", best.product_key, best.score);
            }
        }
        if place.is_none_or(|place| place > 0) {
            let best: Vec<_> = found.iter().take(3).map(|c| format!("{} {}", c.product_key, c.score)).collect();
            println!("MISS {maker:?} {product:?} {truth:?} at {place:?} got {best:?}");
        }
    }
    println!(
        "{asked} lines with the true product in the catalogue: @1 {first}, @5 {five}; at 80 and above {sure}, right {sure_right}"
    );
    // Of the sure ones counted wrong, nearly all are twins: NVD has the very name under another product, or the CVE
    // sits in an embedded component. The bars stand just below what was reached when this was written.
    assert!(first * 100 >= asked * 78 && five * 100 >= asked * 86 && sure_right * 100 >= sure * 88);
}

#[test]
fn hospital_wordings() {
    let Some(data) = known_answers("hospital_wordings") else { return };
    let catalogue = nvd(&data);
    for (maker, product, want) in [
        (None, "FortiGate 60E", "o:fortinet:fortios"),
        (Some("フォーティネット"), "ＦｏｒｔｉＧａｔｅ　１００Ｆ", "o:fortinet:fortios"),
        (None, "フォーティネット FortiGate-60E", "o:fortinet:fortios"),
        (None, "Windows Server 2016", "o:microsoft:windows_server_2016"),
        (None, "Win2016Std", "o:microsoft:windows_server_2016"),
        (
            Some("マイクロソフト"),
            "Ｗｉｎｄｏｗｓ　Ｓｅｒｖｅｒ　２０１２ Ｒ２ Standard",
            "o:microsoft:windows_server_2012",
        ),
        (None, "Win10Pro", "o:microsoft:windows_10"),
        (None, "Windows 7 Professional SP1", "o:microsoft:windows_7"),
        (None, "Apache Tomcat 8.5.32", "a:apache:tomcat"),
        (None, "Tomcat8.5.32", "a:apache:tomcat"),
        (None, "PostgreSQL 9.6", "a:postgresql:postgresql"),
        (None, "Oracle Database 12c", "a:oracle:database_server"),
        (Some("VMware"), "ESXi 6.7", "o:vmware:esxi"),
        (None, "OpenSSL 1.0.2k", "a:openssl:openssl"),
        (Some("Cisco Systems"), "IOS XE 16.9", "o:cisco:ios_xe"),
        (None, "RHEL 7.4", "o:redhat:enterprise_linux"),
        (Some("サイボウズ"), "Garoon 4.0", "a:cybozu:garoon"),
    ] {
        let found = catalogue.suggest(maker, product).unwrap();
        let best = found.first().expect(product);
        assert_eq!(best.product_key, want, "{maker:?} {product}: {found:?}");
        assert!(best.score >= ProductChoice::APPLY_FROM, "{product}: {}", best.score);
    }
    // Not certain, so never applied without a person.
    for (maker, product) in [
        (None, "電子カルテ"),
        (None, "サーバ"),
        (None, "viewer"),
        (None, "server"),
        (Some("富士通"), "HOPE EGMAIN-GX"),
        (None, ""),
        (None, "Windows Media Player"),
        (None, "Tomcat Connectors"),
    ] {
        let found = catalogue.suggest(maker, product).unwrap();
        let sure: Vec<_> = found.iter().filter(|one| one.score >= ProductChoice::APPLY_FROM).collect();
        assert!(sure.is_empty(), "{product}: {sure:?}");
    }
    assert_eq!(split_version("Tomcat8.5.32").1.as_deref(), Some("8.5.32"));
}

/// The ledger of the demo hospital as it is written, on the demo's own feeds (committed, so this always runs).
#[test]
fn demo_ledger_wordings() {
    let demo = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/feeds");
    let (_folder, catalogue) = build(|builder| builder.add_path(&demo).unwrap());
    for (maker, product, want) in [
        ("APC", "Smart-UPS SRT 5kVA", "o:schneider-electric:smart-ups_srt_5kva_firmware"),
        ("HPE", "iLO 4", "o:hp:integrated_lights-out_4_firmware"),
        ("HP", "iLO4", "o:hp:integrated_lights-out_4_firmware"),
        ("", "HPE iLO 4", "o:hp:integrated_lights-out_4_firmware"),
        ("Aruba", "ArubaInstant 6.5.4.8", "a:arubanetworks:aruba_instant"),
        ("Aruba", "Aruba Instant", "a:arubanetworks:aruba_instant"),
        ("Synology", "DSM 6.1.5-15254", "a:synology:diskstation_manager"),
        ("QNAP", "QTS 4.3.6.0805", "o:qnap:qts"),
        ("", "VMware ESXi 6.5", "o:vmware:esxi"),
        ("ＤＥＬＬ", "ESXi", "o:vmware:esxi"),
        ("VMware", "vCenter", "a:vmware:vcenter_server"),
        ("", "vCenter Server 6.5", "a:vmware:vcenter_server"),
        ("", "Win2012R2 Std", "o:microsoft:windows_server_2012"),
        ("", "WS2019", "o:microsoft:windows_server_2019"),
        ("", "SQL Server 2012 SP3", "a:microsoft:sql_server"),
        ("", "SQLServer2014", "a:microsoft:sql_server"),
        ("", "Oracle 12c", "a:oracle:database_server"),
        ("Oracle", "Database 12.1.0.2", "a:oracle:database_server"),
        ("", "Apache 2.4.29", "a:apache:http_server"),
        ("", "nginx", "a:nginx:nginx"),
        ("Cisco", "IOS", "o:cisco:ios"),
        ("Cisco", "IOS XE", "o:cisco:ios_xe"),
        ("ヤマハ", "RTX810", "o:yamaha:rtx810_firmware"),
        ("GE", "Optima CT540", "o:gehealthcare:optima_ct540_firmware"),
        ("Carestream", "Vue RIS", "a:carestream:carestream_vue_ris"),
        ("ドレーゲル", "Infinity Delta", "o:draeger:infinity_delta_firmware"),
        ("Hospira", "LifeCare PCA3", "h:hospira:lifecare_pca3"),
        ("Philips", "Brilliance 64", "h:philips:brilliance_64"),
    ] {
        let found = catalogue.suggest(Some(maker).filter(|maker| !maker.is_empty()), product).unwrap();
        let best = found.first().expect(product);
        if maker == "ＤＥＬＬ" {
            // The hypervisor of a Dell is not Dell's: offered, not applied.
            assert!(best.product_key == want && best.score < ProductChoice::APPLY_FROM, "{found:?}");
            continue;
        }
        assert_eq!(best.product_key, want, "{maker} {product}: {found:?}");
        assert!(best.score >= ProductChoice::APPLY_FROM, "{maker} {product}: {found:?}");
    }
    for (maker, product) in [("HP", "iLO"), ("アライドテレシス", "AT-x510-28GTX"), ("", "IOS"), ("", "DSM")] {
        let found = catalogue.suggest(Some(maker).filter(|maker| !maker.is_empty()), product).unwrap();
        let sure: Vec<_> = found.iter().filter(|one| one.score >= ProductChoice::APPLY_FROM).collect();
        assert!(sure.is_empty(), "{maker} {product}: {sure:?}");
    }
}

/// Versions as ledgers write them decide the same as in NVD's writing, in real ranges.
#[test]
fn ledger_versions_are_compared() {
    let demo = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/feeds");
    let (_folder, catalogue) = build(|builder| builder.add_path(&demo).unwrap());
    let affected = Some(Verdict::Affected);
    for (product, hardware, version, id, want) in [
        ("o:fortinet:fortios", "", "5.6.5", "CVE-2018-13379", affected),
        ("o:fortinet:fortios", "", "V5.6.5", "CVE-2018-13379", affected),
        ("o:fortinet:fortios", "", "Ver.5.6.5", "CVE-2018-13379", affected),
        ("o:fortinet:fortios", "", "Ｖ５．６．５", "CVE-2018-13379", affected),
        ("o:fortinet:fortios", "", "5.6.5)", "CVE-2018-13379", affected),
        ("o:fortinet:fortios", "", "Ver.5.6.8", "CVE-2018-13379", None),
        ("o:yamaha:rtx810_firmware", "h:yamaha:rtx810", "Rev.11.01.31", "CVE-2018-0665", affected),
        ("o:yamaha:rtx810_firmware", "h:yamaha:rtx810", "11.01.31", "CVE-2018-0665", affected),
        ("o:yamaha:rtx810_firmware", "h:yamaha:rtx810", "11.01.34", "CVE-2018-0665", None),
        ("o:philips:intellivue_mx40_firmware", "h:philips:intellivue_mx40", "B.05.34", "CVE-2017-9657", affected),
        ("o:philips:intellivue_mx40_firmware", "h:philips:intellivue_mx40", "B.06.18", "CVE-2017-9657", None),
        ("o:cisco:ios", "h:cisco:catalyst_2960x-24ts-l", "15.2(2)E4", "CVE-2018-0156", affected),
        ("a:synology:diskstation_manager", "", "6.1.5-15254", "CVE-2018-8920", affected),
    ] {
        let mut components = vec![Component::new(1, product, Some(version))];
        if !hardware.is_empty() {
            components.push(Component::new(2, hardware, None));
        }
        let device = Device { components };
        let found = catalogue.match_device(&device).unwrap();
        let got = found.iter().find(|one| one.id == id).map(|one| one.verdict);
        assert_eq!(got, want, "{product} {version} {id}");
    }
}

/// What the demo's feeds say belongs together, also where no rule about names would find it.
#[test]
fn firmware_and_hardware_belong_together() {
    let demo = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/feeds");
    let (_folder, catalogue) = build(|builder| builder.add_path(&demo).unwrap());
    let firmware =
        |key: &str| -> Vec<&str> { catalogue.firmware_for(key).unwrap().iter().map(|one| one.key).collect() };
    let hardware =
        |key: &str| -> Vec<&str> { catalogue.hardware_for(key).unwrap().iter().map(|one| one.key).collect() };
    assert_eq!(firmware("h:hospira:lifecare_pca3"), ["o:hospira:lifecare_pcainfusion_firmware"]);
    assert_eq!(firmware("h:philips:brilliance_64"), ["o:philips:brilliance_firmware_64"]);
    assert_eq!(firmware("h:yamaha:rtx810"), ["o:yamaha:rtx810_firmware"]);
    assert_eq!(firmware("h:cisco:catalyst_2960x-24ts-l"), ["o:cisco:ios", "o:cisco:ios_xe"]);
    assert_eq!(hardware("o:philips:brilliance_firmware_64"), ["h:philips:brilliance_64"]);
    let shared = hardware("o:hospira:lifecare_pcainfusion_firmware");
    assert_eq!(shared, ["h:hospira:lifecare_pca3", "h:hospira:lifecare_pca5"]);
    // Asked the wrong way round, unknown, or software that needs no model.
    for nothing in ["o:yamaha:rtx810_firmware", "h:nobody:nothing", "a:apache:tomcat"] {
        assert!(firmware(nothing).is_empty(), "{nothing}");
    }
    for nothing in ["h:yamaha:rtx810", "o:fortinet:fortios"] {
        assert!(hardware(nothing).is_empty(), "{nothing}");
    }
}
