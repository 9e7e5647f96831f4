//! CycloneDX and SPDX on real and official documents, and on damaged input.

use crate::kat;
use crate::shown::shown;
use tomomori_domain::import::{Field, TableKind};
use tomomori_formats::{Problem, cyclonedx, sbom, tables};

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

fn read(bytes: &[u8]) -> Result<sbom::Sbom, tomomori_formats::FormatError> {
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
        (b"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"9.9\"}", "9.9"),
        (b"[]", "other JSON"),
        (b" ", "empty"),
    ] {
        let error = read(bytes).err().unwrap().to_string();
        assert!(error.starts_with("small.cdx.json: ") && error.contains(says), "{error}");
    }
}

const XML: &str = include_str!("../../../../fixtures/sbom/small.cdx.xml");

#[test]
fn cyclonedx_xml_says_the_same_as_json() {
    let sbom = sbom::read("small.cdx.xml", &mut XML.as_bytes()).unwrap();
    assert_eq!((sbom.format, sbom.spec_version.as_str(), sbom.timestamp.is_some()), ("CycloneDX", "1.5", true));
    let (table, subject) = tables::sbom_table(&sbom, "small.cdx.xml");
    let subject = subject.unwrap();
    assert_eq!((subject.hostname.as_deref(), subject.serial.as_deref()), (Some("pacs01"), Some("A-77")));
    assert_eq!(
        shown(&table),
        [
            "5: 5 hostname=pacs01; 5 serial=A-77",
            "6: 6 name=bios; 6 kind=firmware; 6 version=1.2",
            "11: 11 name=Windows Server 2019; 11 kind=operating-system; 11 maker=Microsoft; \
             11 cpe=cpe:2.3:o:microsoft:windows_server_2019:-:*:*:*:*:*:*:*",
            "13: 13 name=log; 13 kind=library; 13 version=2.14.1; 13 maker=org.example; \
             13 purl=pkg:maven/org.example/log@2.14.1",
            "16: 16 name=inner; 16 kind=library",
        ]
    );
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.line, p.msg.key.as_str())).collect();
    assert_eq!(problems, [(Some(13), "tables-ref-twice"), (Some(17), "tables-missing"), (None, "tables-services")]);
    for sixteenth in 1..16 {
        let cut = &XML[..XML.floor_char_boundary(XML.len() * sixteenth / 16)];
        let problem = sbom::read("x", &mut cut.as_bytes()).err().unwrap().problem;
        assert!(matches!(problem, Problem::Truncated { .. }), "{sixteenth}: {problem}");
    }
    for (text, says) in [
        ("<bom/>", "XML <bom>"),
        ("<bom xmlns='http://cyclonedx.org/schema/bom/1.1'/>", "version 1.1"),
        ("<x xmlns='http://cyclonedx.org/schema/bom/1.5'/>", "version 1.5"),
        ("<!DOCTYPE bom [<!ENTITY a 'b'>]><bom/>", "DTD"),
    ] {
        let error = sbom::read("x", &mut text.as_bytes()).err().unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
}

const SPDX: &str = r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "d", "documentNamespace": "https://example.jp/d",
 "creationInfo": {"created": "2026-11-01T00:00:00Z"},
 "packages": [
  {"SPDXID": "SPDXRef-p", "name": "pacs", "versionInfo": "4.1", "supplier": "Organization: Example Medical (x@example.jp)", "primaryPackagePurpose": "APPLICATION"},
  {"SPDXID": "SPDXRef-z", "name": "zlib", "versionInfo": "NOASSERTION", "supplier": "NOASSERTION", "originator": "Person: Mark",
   "externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*"},
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/zlib@1.2.11"}]},
  {"SPDXID": "SPDXRef-z", "name": "again"}, {"SPDXID": "SPDXRef-n"}, 7],
 "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-p"}, {"spdxElementId": "SPDXRef-gone"}]}"#;

const TAGS: &str = include_str!("../../../../fixtures/sbom/small.spdx");

#[test]
fn spdx_json_and_tags() {
    let sbom = sbom::read("d.spdx.json", &mut SPDX.as_bytes()).unwrap();
    let (table, subject) = tables::sbom_table(&sbom, "d.spdx.json");
    assert_eq!((subject.unwrap().name.as_str(), sbom.format, sbom.spec_version.as_str()), ("pacs", "SPDX", "2.3"));
    assert_eq!(
        shown(&table),
        [
            "/packages/0: /packages/0 name=pacs; /packages/0 kind=application; /packages/0 version=4.1; \
             /packages/0 maker=Example Medical; /packages/0 hostname=pacs",
            "/packages/1: /packages/1 name=zlib; /packages/1 maker=Mark; \
             /packages/1 cpe=cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*; /packages/1 purl=pkg:generic/zlib@1.2.11",
            "/packages/2: /packages/2 name=again",
        ]
    );
    let problems: Vec<_> = table.problems.iter().map(|p| (p.place.cell.as_deref(), p.msg.key.as_str())).collect();
    assert_eq!(
        problems,
        [
            (Some("/packages/3/name"), "tables-missing"),
            (Some("/packages/4/SPDXID"), "tables-missing"),
            (Some("/packages/4/name"), "tables-missing"),
            (Some("/packages/2"), "tables-ref-twice")
        ]
    );
    let (table, _) = tables::sbom_table(&sbom::read("d.spdx", &mut TAGS.as_bytes()).unwrap(), "d.spdx");
    assert_eq!(
        shown(&table),
        [
            "8: 8 name=pacs; 8 kind=application; 8 version=4.1; 8 maker=Example Medical; 8 hostname=pacs",
            "15: 15 name=zlib; 15 purl=pkg:generic/zlib@1.2.11",
        ]
    );
    assert_eq!(table.problems.iter().map(|p| p.place.line).collect::<Vec<_>>(), [Some(19)]);
    for (text, says) in [
        ("SPDXVersion: SPDX-3.0\n", "SPDX-3.0"),
        ("PackageName: x\n", "missing"),
        ("SPDXVersion: SPDX-2.3\nPackageComment: <text>never ends\n", "ends early"),
        ("{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\"}", "SPDX 2.2"),
        ("{\"spdxVersion\": \"SPDX-2.3\"", "ends early"),
        ("{\"spdxVersion\": 2}", "spdxVersion 2"),
        ("<rdf:RDF xmlns:spdx='http://spdx.org/rdf/terms#'/>", "SPDX as RDF"),
    ] {
        let error = sbom::read("x", &mut text.as_bytes()).err().unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn real_documents_of_every_form() {
    let name = "real_documents_of_every_form";
    let archives = [
        "sbom/cyclonedx-bom-examples.tar.zst",
        "sbom/cyclonedx-spec-1.4-1.5-valid-invalid.tar.zst",
        "sbom/trustify-test-data.tar.zst",
        "sbom/spdx-examples-open.tar.zst",
    ];
    // Documents, components, subjects.
    let (mut xml, mut json, mut tags) = ([0; 3], [0; 3], [0; 3]);
    for archive in archives {
        let Some(files) = kat::archive(name, archive) else { return };
        for (file, bytes) in &files {
            let Ok(sbom) = sbom::read(file, &mut bytes.as_slice()) else { continue };
            let (table, _) = tables::sbom_table(&sbom, file);
            assert_eq!(table.rows.len(), sbom.components.len() + usize::from(sbom.subject.is_some()), "{file}");
            let of = match (sbom.format, bytes.trim_ascii_start().first()) {
                ("CycloneDX", Some(b'<' | 0xEF)) => &mut xml,
                ("SPDX", Some(b'{')) => &mut json,
                ("SPDX", _) => &mut tags,
                _ => continue,
            };
            of[0] += 1;
            of[1] += sbom.components.len();
            of[2] += usize::from(sbom.subject.is_some());
        }
    }
    println!("documents, components, subjects: CycloneDX XML {xml:?}, SPDX JSON {json:?}, SPDX tag-value {tags:?}");
    // Counted outside of this program.
    assert_eq!((xml[0], xml[1]), (122, 2768));
    assert_eq!(json, [46, 12_222, 39]);
    assert_eq!((tags[0], tags[1] + tags[2]), (12, 18));
}
