//! CycloneDX on real and official documents, and on damaged input.

use crate::kat;
use tomomori_domain::import::{Field, TableKind};
use tomomori_formats::{Problem, cyclonedx, tables};

const SMALL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
 "metadata": {"timestamp": "2026-11-01T00:00:00Z", "component": {"type": "device", "bom-ref": "dev", "name": "PACS サーバ",
   "properties": [{"name": "maker:host-name", "value": "PACS01"}, {"name": "serialNumber", "value": "A-77"}],
   "components": [{"type": "firmware", "name": "bios", "version": "1.2"}]}},
 "components": [
  {"type": "operating-system", "name": "Windows Server 2019", "cpe": "cpe:2.3:o:microsoft:windows_server_2019:-:*:*:*:*:*:*:*", "supplier": {"name": "Microsoft"}},
  {"type": "library", "group": "org.apache.logging.log4j", "name": "log4j-core", "version": "2.14.1", "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "bom-ref": "dev",
   "components": [{"type": "library", "name": "inner", "version": 3}]},
  {"type": "library", "version": "1"}, "nonsense"],
 "dependencies": [{"ref": "dev", "dependsOn": ["gone"]}, {"ref": "gone"}]}"#;

fn read(bytes: &[u8]) -> Result<cyclonedx::Sbom, tomomori_formats::FormatError> {
    cyclonedx::read("small.cdx.json", &mut &*bytes)
}

#[test]
fn components_are_laid_flat_and_the_rest_is_said() {
    let sbom = read(SMALL.as_bytes()).unwrap();
    let names: Vec<_> = sbom.components.iter().map(|c| (c.path.as_str(), c.name.as_str())).collect();
    assert_eq!(
        names,
        [
            ("/metadata/component/components/0", "bios"),
            ("/components/0", "Windows Server 2019"),
            ("/components/1", "log4j-core"),
            ("/components/1/components/0", "inner")
        ]
    );
    let details: Vec<_> = sbom.notes.iter().map(|note| note.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            "/components/1/bom-ref: dev",
            "/components/1/components/0/version",
            "/components/2/name",
            "/components/3/name"
        ]
    );

    let (table, subject) = tables::sbom_table(&sbom, "small.cdx.json");
    let subject = subject.unwrap();
    assert_eq!(
        (subject.name.as_str(), subject.hostname.as_deref(), subject.serial.as_deref()),
        ("PACS サーバ", Some("pacs01"), Some("A-77"))
    );
    assert_eq!((table.kind, table.rows.len(), table.problems.len()), (TableKind::Components, 5, 4));
    assert_eq!((table.rows[0].get(Field::Hostname), table.rows[0].get(Field::Name)), (Some("pacs01"), None));
    let log4j = &table.rows[3];
    assert_eq!(log4j.place.cell.as_deref(), Some("/components/1"));
    assert_eq!(
        (log4j.get(Field::Version), log4j.get(Field::Maker)),
        (Some("2.14.1"), Some("org.apache.logging.log4j"))
    );
    assert_eq!(log4j.get(Field::Purl), Some("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"));
    assert_eq!(table.rows[2].get(Field::Maker), Some("Microsoft"));
}

#[test]
fn official_and_real_documents() {
    let name = "official_and_real_documents";
    let archives = [
        "sbom/cyclonedx-bom-examples.tar.zst",
        "sbom/cyclonedx-spec-1.4-1.5-valid-invalid.tar.zst",
        "sbom/trustify-test-data.tar.zst",
    ];
    let (mut documents, mut components, mut noted, mut refused) = (0, 0, 0, 0);
    for archive in archives {
        let Some(files) = kat::archive(name, archive) else { return };
        for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".json")) {
            let text = String::from_utf8_lossy(bytes);
            let last = file.rsplit('/').next().unwrap();
            match cyclonedx::read(file, &mut bytes.as_slice()) {
                Ok(sbom) => {
                    documents += 1;
                    components += sbom.components.len();
                    noted += usize::from(!sbom.notes.is_empty());
                    assert!(text.contains("CycloneDX"), "{file}");
                    assert_ne!(last.trim_end_matches("-1.4.json").trim_end_matches("-1.5.json"), "invalid-bomformat");
                    if last.starts_with("valid-") {
                        let odd: Vec<_> =
                            sbom.notes.iter().filter(|note| note.reason != "services are not imported").collect();
                        assert!(odd.is_empty(), "{file}: {odd:?}");
                    }
                    let (table, _) = tables::sbom_table(&sbom, last);
                    assert!(table.rows.len() >= sbom.components.len());
                }
                Err(error) => {
                    refused += 1;
                    let cyclonedx =
                        text.contains("\"bomFormat\": \"CycloneDX\"") || text.contains("\"bomFormat\":\"CycloneDX\"");
                    assert!(!cyclonedx || last.starts_with("invalid-"), "{error}");
                }
            }
        }
    }
    println!(
        "CycloneDX JSON: {documents} read with {components} components, {noted} with notes; {refused} other files refused"
    );
    // Counted outside of this program: JSON documents with bomFormat CycloneDX.
    assert_eq!(documents, 201);
}

#[test]
fn damaged_input_is_refused_with_the_reason() {
    for sixteenth in 0..16 {
        let cut = &SMALL.as_bytes()[..SMALL.floor_char_boundary(SMALL.len() * sixteenth / 16)];
        let problem = read(cut).err().unwrap().problem;
        assert!(matches!(problem, Problem::Truncated { .. } | Problem::Empty), "{sixteenth}: {problem}");
    }
    let deep = "{\"components\":[".repeat(200) + &"]}".repeat(200);
    let deep = SMALL.replacen("\"components\": [\n", &format!("\"x\": {deep}, \"components\": [\n"), 1);
    assert!(read(deep.as_bytes()).err().unwrap().to_string().contains("recursion limit"));
    for (bytes, says) in [
        (&b"\0\0\0\0"[..], "broken"),
        (b"{}", "other JSON"),
        (b"{\"spdxVersion\":\"SPDX-2.3\"}", "SPDX"),
        (b"<bom/>", "as JSON"),
        (b"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"9.9\"}", "9.9"),
        (b"[]", "other JSON"),
        (b" ", "empty"),
    ] {
        let error = read(bytes).err().unwrap().to_string();
        assert!(error.starts_with("small.cdx.json: ") && error.contains(says), "{error}");
    }
}
