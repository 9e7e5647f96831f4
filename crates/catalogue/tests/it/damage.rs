//! Files that are cut, changed, foreign, newer, unsigned or half built.

use crate::support::{build, fixtures, stamp};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tomomori_catalogue::{
    Builder, Catalogue, CatalogueError, Device, Stamp, Trust, generate_key_file, read_public_key, read_signing_key,
};

fn nvd() -> PathBuf {
    fixtures().join("nvd")
}

fn file(folder: &Path, stamp: Stamp<'_>) -> PathBuf {
    let path = folder.join("small.tmc");
    let mut builder = Builder::new();
    builder.add_path(&nvd()).unwrap();
    builder.add_path(&fixtures().join("eol")).unwrap();
    builder.finish(&path, stamp).unwrap();
    path
}

fn use_all(catalogue: &Catalogue) -> Result<(), CatalogueError> {
    let products: Vec<String> = catalogue.products()?.iter().map(|product| product.key.to_owned()).collect();
    for key in &products {
        let component = tomomori_catalogue::Component::new(0, key, None);
        let device = Device { components: vec![component] };
        for found in catalogue.match_device(&device)? {
            catalogue.explain(&device, &found)?;
            catalogue.vulnerability(found.id)?;
        }
    }
    catalogue.suggest(None, "FortiGate 60E")?;
    // Damaged or not found is told apart by the test that reads it whole.
    let _found = catalogue.lifetime(Some("a:example:server"), None, Some("3.10"))?;
    Ok(())
}

#[test]
fn same_input_gives_the_same_bytes() {
    let again = tempfile::tempdir().unwrap();
    let first = std::fs::read(file(again.path(), stamp())).unwrap();
    let later = Stamp { built: jiff::Timestamp::from_second(1_800_000_000).unwrap(), ..stamp() };
    let path = file(again.path(), stamp());
    assert_eq!(std::fs::read(&path).unwrap(), first);
    let content = Catalogue::open(&path, Trust::Unsigned).unwrap().info().content;
    let path = file(again.path(), later);
    assert_eq!(Catalogue::open(&path, Trust::Unsigned).unwrap().info().content, content);
}

#[test]
fn every_cut_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), stamp());
    let whole = std::fs::read(&path).unwrap();
    let cut = folder.path().join("cut.tmc");
    for end in (0..whole.len()).step_by(whole.len() / 200 + 1) {
        std::fs::write(&cut, &whole[..end]).unwrap();
        match Catalogue::open(&cut, Trust::Unsigned).map(|_| ()) {
            Err(CatalogueError::Truncated { .. } | CatalogueError::NotACatalogue { .. }) => {}
            other => panic!("cut at {end}: {other:?}"),
        }
    }
}

#[test]
fn every_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), stamp());
    let whole = std::fs::read(&path).unwrap();
    let changed = folder.path().join("changed.tmc");
    for at in (0..whole.len()).step_by(whole.len() / 300 + 1) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&changed, &bytes).unwrap();
        // The unused signature field of an unsigned file is the only place without meaning.
        let meaningless = (96..160).contains(&at);
        let result = Catalogue::open(&changed, Trust::Unsigned).and_then(|catalogue| {
            let used = use_all(&catalogue);
            catalogue.verify()?;
            used
        });
        assert_eq!(result.is_ok(), meaningless, "byte {at}: {result:?}");
    }
}

#[test]
fn foreign_and_newer_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), stamp());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8..10].copy_from_slice(&2_u16.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(Catalogue::open(&path, Trust::Unsigned), Err(CatalogueError::NewerFormat { found: 2, .. })));
    for foreign in [&b""[..], b"PK\x03\x04 not ours", b"{}"] {
        std::fs::write(&path, foreign).unwrap();
        assert!(matches!(Catalogue::open(&path, Trust::Unsigned), Err(CatalogueError::NotACatalogue { .. })));
    }
    let missing = folder.path().join("missing.tmc");
    assert!(matches!(Catalogue::open(&missing, Trust::Unsigned), Err(CatalogueError::Io { .. })));
}

#[test]
fn signatures() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("catalogue.key");
    let key = generate_key_file(&secret).unwrap();
    assert!(generate_key_file(&secret).is_err(), "a key file is never overwritten");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&secret).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(read_signing_key(&secret).unwrap().to_bytes(), key.to_bytes());
    let public = folder.path().join("catalogue.pub");
    std::fs::write(&public, hex::encode(key.verifying_key().to_bytes())).unwrap();
    let known = read_public_key(&public).unwrap();
    let other = generate_key_file(&folder.path().join("other.key")).unwrap().verifying_key();

    let unsigned = file(folder.path(), stamp());
    assert!(matches!(Catalogue::open(&unsigned, Trust::Keys(&[known])), Err(CatalogueError::Unsigned)));
    let signed = file(folder.path(), Stamp { key: Some(&key), ..stamp() });
    let open = Catalogue::open(&signed, Trust::Keys(&[other, known])).unwrap();
    assert_eq!(open.info().signed_by, Some(hex::encode(known.to_bytes())));
    assert!(matches!(Catalogue::open(&signed, Trust::Keys(&[other])), Err(CatalogueError::UnknownKey { .. })));
    let mut bytes = std::fs::read(&signed).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&signed, &bytes).unwrap();
    assert!(matches!(Catalogue::open(&signed, Trust::Unsigned), Err(CatalogueError::BadSignature)));
}

/// Builds over and over until it is killed; run by the next test as a process of its own.
#[test]
fn build_for_ever() {
    let Some(folder) = std::env::var_os("CATALOGUE_BUILD_FOR_EVER") else { return };
    let mut sequence = 2;
    loop {
        file(Path::new(&folder), Stamp { sequence, ..stamp() });
        sequence += 1;
    }
}

#[test]
fn a_killed_build_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), stamp());
    for round in 0..30_u64 {
        let mut build = Command::new(std::env::current_exe().unwrap())
            .args(["damage::build_for_ever", "--exact", "--test-threads=1"])
            .env("CATALOGUE_BUILD_FOR_EVER", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(20_000 + round * 1_371));
        build.kill().unwrap();
        build.wait().unwrap();
        let catalogue = Catalogue::open(&path, Trust::Unsigned).unwrap();
        catalogue.verify().unwrap();
        use_all(&catalogue).unwrap();
    }
    let last = Catalogue::open(&path, Trust::Unsigned).unwrap().info().sequence;
    assert!(last > 1, "no build got through");
    file(folder.path(), stamp());
}

#[test]
fn two_builds_of_one_file_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), stamp());
    let part = std::fs::File::create(folder.path().join("small.tmc.part")).unwrap();
    part.lock().unwrap();
    let mut builder = Builder::new();
    builder.add_path(&nvd()).unwrap();
    assert!(matches!(builder.finish(&path, stamp()), Err(CatalogueError::Busy { .. })));
    Catalogue::open(&path, Trust::Unsigned).unwrap().verify().unwrap();
}

#[test]
fn broken_feeds_are_listed_and_the_rest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let feeds = folder.path().join("feeds");
    std::fs::create_dir(&feeds).unwrap();
    let whole = std::fs::read(nvd().join("nvd-1.1.json")).unwrap();
    std::fs::write(feeds.join("a-cut.json"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(feeds.join("b-empty.json"), b"").unwrap();
    std::fs::write(feeds.join("c-notes.txt"), "ただの文章").unwrap();
    std::fs::copy(nvd().join("nvd-2.0.json"), feeds.join("d-whole.json")).unwrap();
    std::fs::write(feeds.join("e-damaged.json.gz"), b"\x1f\x8b\x08\x00garbage garbage").unwrap();
    let mut builder = Builder::new();
    builder.add_path(&feeds).unwrap();
    let summary = builder.finish(&folder.path().join("out.tmc"), stamp()).unwrap();
    let failed: Vec<&str> = summary.failed.iter().map(|file| file.name.as_str()).collect();
    assert!(failed.iter().any(|name| name.contains("a-cut.json")), "{failed:?}");
    assert!(failed.iter().any(|name| name.contains("e-damaged")), "{failed:?}");
    assert!(failed.contains(&"feeds/b-empty.json"), "{failed:?}");
    assert!(summary.skipped.iter().any(|name| name.contains("c-notes")), "{:?}", summary.skipped);
    assert_eq!(summary.files.len(), 1, "{:?}", summary.files);
    let told = summary.info.rejects.iter().find(|reject| reject.reason == "file could not be read to its end").unwrap();
    assert_eq!(told.count, 3, "{told:?}");
    let here = folder.path().to_string_lossy().into_owned();
    assert!(!format!("{:?}", summary.info).contains(&here), "the file names no folder of this machine");
    assert!(summary.info.vulnerabilities > 0);
    let silent: Vec<&str> =
        summary.sources.iter().filter(|source| source.records == 0).map(|source| source.source.as_str()).collect();
    assert_eq!(silent, ["kev", "csaf", "jvn", "eol"], "sources without records stay visible");
    assert!(Builder::new().add_path(&folder.path().join("no such folder")).is_err());
}

#[test]
fn an_empty_catalogue_opens_and_matches_nothing() {
    let (_folder, catalogue) = build(|_| ());
    assert_eq!(catalogue.info().vulnerabilities, 0);
    use_all(&catalogue).unwrap();
    catalogue.verify().unwrap();
}
