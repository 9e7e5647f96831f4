//! Several sources about one vulnerability: merged by id, and who said what stays visible.

use crate::support::{build, fixtures, known_answers, stamp};
use std::borrow::Cow;
use tomomori_catalogue::{Builder, Catalogue, Component, Device, Trust, source_key};
use tomomori_domain::finding::{MissingFact, Verdict};
use tomomori_formats::record::{
    Bound, CpeMatch, Exploited, Lang, Node, Operator, Range, Record, Score, Source, State, Statement, Text, TextKind,
};

fn record<'a>(source: Source, id: &'a str, modified: &'a str) -> Record<'a> {
    Record {
        source,
        id: id.into(),
        document: None,
        publisher: None,
        published: None,
        modified: Some(modified.into()),
        state: State::Published,
        texts: Vec::new(),
        scores: Vec::new(),
        links: Vec::new(),
        exploited: None,
        statements: Vec::new(),
    }
}

fn names<'a>(operator: Operator, matches: Vec<CpeMatch<'a>>, children: Vec<Node<'a>>) -> Node<'a> {
    Node { operator, negate: false, matches, children }
}

fn below<'a>(cpe: &'a str, end: Option<&'a str>, vulnerable: bool) -> CpeMatch<'a> {
    let end = end.map(|version| Bound { version: version.into(), inclusive: false });
    CpeMatch { vulnerable, cpe: cpe.into(), range: Range { start: None, end } }
}

fn any(cpe: &str, end: Option<&'static str>) -> Statement<'static> {
    let one = CpeMatch { cpe: Cow::Owned(cpe.to_owned()), ..below("", end, true) };
    Statement::Configuration(names(Operator::Or, vec![one], Vec::new()))
}

const FORTIOS: &str = "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*";

fn verdicts<'c>(
    catalogue: &'c Catalogue,
    components: &[(&str, Option<&str>)],
) -> Vec<(&'c str, Verdict, Option<MissingFact>)> {
    let components = components.iter().enumerate();
    let components = components.map(|(key, (product, version))| Component::new(key as u32, product, *version));
    let device = Device { components: components.collect() };
    let found = catalogue.match_device(&device).unwrap();
    found.iter().map(|one| (one.id, one.verdict, one.missing)).collect()
}

#[test]
fn sources_merge_and_the_newer_sighting_wins() {
    for newer_first in [false, true] {
        let (_folder, catalogue) = build(|builder| {
            let old = Record {
                statements: vec![any(FORTIOS, Some("9.9"))],
                ..record(Source::Nvd, "CVE-2022-40684", "2022-10-01T00:00Z")
            };
            let new = Record {
                statements: vec![any(FORTIOS, Some("7.2.2"))],
                scores: vec![Score { vector: "CVSS:3.1/AV:N".into(), base_tenths: 98, by: None }],
                ..record(Source::Nvd, "CVE-2022-40684", "2022-11-01T00:00Z")
            };
            let mut both = [&old, &new];
            if newer_first {
                both.reverse();
            }
            both.iter().for_each(|record| builder.add("nvd", Ok(record)));
            let kev = Exploited { added: "2022-10-11".into(), due: None, ransomware: true, action: None };
            builder.add("kev", Ok(&Record { exploited: Some(kev), ..record(Source::Kev, "CVE-2022-40684", "") }));
            let title = |lang, text: &'static str| Text { lang, kind: TextKind::Title, text: text.into() };
            builder.add(
                "jvn",
                Ok(&Record {
                    document: Some("JVNDB-2022-002391".into()),
                    texts: vec![title(Lang::Ja, "複数の Fortinet 製品における認証回避の脆弱性")],
                    ..record(Source::Jvn, "CVE-2022-40684", "2022-10-19")
                }),
            );
            let rejected = Record {
                state: State::Rejected,
                statements: vec![any(FORTIOS, None)],
                ..record(Source::Nvd, "CVE-2022-1", "2022")
            };
            builder.add("nvd", Ok(&rejected));
        });
        assert_eq!(
            verdicts(&catalogue, &[("o:fortinet:fortios", Some("7.2.1"))]),
            [("CVE-2022-40684", Verdict::Affected, None)]
        );
        assert_eq!(verdicts(&catalogue, &[("o:fortinet:fortios", Some("7.2.2"))]), []);
        assert_eq!(
            verdicts(&catalogue, &[("o:fortinet:fortios", None)]),
            [("CVE-2022-40684", Verdict::Possibly, Some(MissingFact::Version))]
        );
        assert_eq!(
            verdicts(&catalogue, &[("o:fortinet:fortios", Some("unknown"))]),
            [("CVE-2022-40684", Verdict::Possibly, Some(MissingFact::VersionOrder))]
        );
        let found = catalogue.vulnerability("cve-2022-40684").unwrap().unwrap();
        assert_eq!(found.title(Lang::Ja), "複数の Fortinet 製品における認証回避の脆弱性");
        assert_eq!(found.says.iter().map(|say| source_key(say.source)).collect::<Vec<_>>(), ["nvd", "kev", "jvn"]);
        assert!(found.exploited().unwrap().ransomware);
        assert_eq!(found.score_tenths, Some(98));
        assert_eq!(catalogue.vulnerability("CVE-2022-1").unwrap().unwrap().state, State::Rejected);
        assert_eq!(catalogue.vulnerability("CVE-1999-1").unwrap(), None);
        let device = Device { components: vec![Component::new(7, "o:fortinet:fortios", Some("7.2.1"))] };
        let reason = catalogue.explain(&device, &catalogue.match_device(&device).unwrap()[0]).unwrap();
        assert_eq!((reason.component, reason.exploited_since.as_deref()), (7, Some("2022-10-11")));
        assert_eq!(reason.advisories[0].document, "JVNDB-2022-002391");
    }
}

#[test]
fn windows_is_a_question_about_its_build() {
    let (_folder, catalogue) = build(|builder| {
        let server = "o:microsoft:windows_server_2016";
        for (id, version, end) in [
            ("CVE-1", "-", None),
            ("CVE-2", "*", None),
            ("CVE-3", "*", Some("10.0.14393.5921")),
            ("CVE-4", "1709", None),
        ] {
            let name = format!("cpe:2.3:{server}:{version}:*:*:*:*:*:*:*");
            builder.add("nvd", Ok(&Record { statements: vec![any(&name, end)], ..record(Source::Nvd, id, "2026") }));
        }
        let tree = names(
            Operator::And,
            Vec::new(),
            vec![
                names(Operator::Or, vec![below("cpe:2.3:a:x:app:1.0:*:*:*:*:*:*:*", None, true)], Vec::new()),
                names(
                    Operator::Or,
                    vec![below("cpe:2.3:o:microsoft:windows_server_2016:-:*:*:*:*:*:*:*", None, false)],
                    Vec::new(),
                ),
            ],
        );
        builder.add(
            "nvd",
            Ok(&Record { statements: vec![Statement::Configuration(tree)], ..record(Source::Nvd, "CVE-5", "2026") }),
        );
    });
    let build = Some(MissingFact::WindowsBuild);
    let open = |id| (id, Verdict::Possibly, build);
    let server = "o:microsoft:windows_server_2016";
    assert_eq!(verdicts(&catalogue, &[(server, None)]), ["CVE-1", "CVE-2", "CVE-3", "CVE-4"].map(open));
    assert_eq!(verdicts(&catalogue, &[(server, Some("1607"))]), ["CVE-1", "CVE-2", "CVE-3"].map(open));
    // The build settles a range of builds; a release without one stays open.
    assert_eq!(verdicts(&catalogue, &[(server, Some("10.0.14393.5921"))]), ["CVE-1", "CVE-2", "CVE-4"].map(open));
    let old = verdicts(&catalogue, &[(server, Some("10.0.14393.5000"))]);
    assert!(old.contains(&("CVE-3", Verdict::Affected, None)), "{old:?}");
    // As the platform below an application the release is there or not, whatever its build.
    let app = verdicts(&catalogue, &[("a:x:app", Some("1.0")), (server, None)]);
    assert!(app.contains(&("CVE-5", Verdict::Affected, None)), "{app:?}");
    let platform = Some(MissingFact::Platform);
    assert_eq!(verdicts(&catalogue, &[("a:x:app", Some("1.0"))]), [("CVE-5", Verdict::Possibly, platform)]);
    assert_eq!(verdicts(&catalogue, &[("a:x:app", Some("1.0")), ("o:linux:linux_kernel", None)]), []);
}

#[test]
fn not_applicable_is_not_any() {
    let (_folder, catalogue) = build(|builder| {
        for (id, name) in [
            ("CVE-1", "cpe:2.3:a:x:app:-:*:*:*:*:*:*:*"),
            ("CVE-2", "cpe:2.3:a:x:app:*:*:*:*:*:*:*:*"),
            ("CVE-3", "cpe:2.3:a:x:app:1.0:sp1:*:*:*:*:*:*"),
        ] {
            builder.add("nvd", Ok(&Record { statements: vec![any(name, None)], ..record(Source::Nvd, id, "2026") }));
        }
    });
    assert_eq!(verdicts(&catalogue, &[("a:x:app", Some("2.0"))]), [("CVE-2", Verdict::Affected, None)]);
    let unknown = verdicts(&catalogue, &[("a:x:app", None)]);
    assert_eq!(unknown.len(), 3);
    assert_eq!(unknown[1], ("CVE-2", Verdict::Affected, None));
    assert_eq!(
        verdicts(&catalogue, &[("a:x:app", Some("1.0"))])[1],
        ("CVE-3", Verdict::Possibly, Some(MissingFact::Version))
    );
}

#[test]
fn a_feed_without_usable_names_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new();
    let statement = any("cpe:2.3:a:x:*:1.0:*:*:*:*:*:*:*", None);
    builder.add("feed.json", Ok(&Record { statements: vec![statement], ..record(Source::Nvd, "CVE-1", "2026") }));
    builder.add("feed.json", Ok(&record(Source::Nvd, "", "2026")));
    let summary = builder.finish(&folder.path().join("c.tmc"), stamp()).unwrap();
    let reasons: Vec<_> = summary.rejects.iter().map(|reject| (reject.reason.as_str(), reject.count)).collect();
    assert_eq!(reasons, [("criterion is not a CPE name of one product", 1), ("id missing or too long", 1)]);
    assert!(summary.rejects[0].examples[0].starts_with("feed.json: CVE-1: cpe:2.3:a:x:*"));
}

#[test]
fn committed_cuts_of_all_feeds() {
    let (_folder, catalogue) = build(|builder| {
        for feed in ["nvd", "kev", "jvn", "eol"] {
            builder.add_path(&fixtures().join(feed)).unwrap();
        }
    });
    for source in catalogue.info().sources {
        assert_eq!(source.records > 0, source.source != "csaf", "{source:?}");
        assert!(source.records == 0 || source.newest_record.is_some(), "{source:?}");
    }
}

#[test]
fn all_feeds_but_the_years() {
    let Some(data) = known_answers("all_feeds_but_the_years") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feeds.tmc");
    let mut builder = Builder::new();
    for feed in [
        "kev",
        "csaf",
        "jvn",
        "nvd/nvdcve-1.1-recent.json.gz",
        "nvd/vuls-fetch-nvd-kev-epss-fixtures.tar.zst",
        "nvd/anchore-nvd-overrides-1999-2025.tar.zst",
    ] {
        builder.add_path(&data.join(feed)).unwrap();
    }
    let summary = builder.finish(&path, stamp()).unwrap();
    println!(
        "{:#?}\n{:#?}\nfailed {:#?}\nskipped {} {:?}",
        summary.sources,
        summary.rejects,
        summary.failed,
        summary.skipped.len(),
        &summary.skipped[..summary.skipped.len().min(30)]
    );
    println!("{:?}, {} bytes", summary.usage, summary.info.bytes);
    let catalogue = Catalogue::open(&path, Trust::Unsigned).unwrap();
    catalogue.verify().unwrap();
    let count = |key: &str| summary.sources.iter().find(|source| source.source == key).unwrap().records;
    assert!(
        count("kev") >= 1_404 && count("csaf") > 4_000 && count("jvn") > 10 && count("nvd") > 19_000,
        "{:?}",
        summary.sources
    );
}

/// A fresh feed beside stale ones does not make the source fresh: both ends of the feeds' dates are told.
#[test]
fn the_oldest_feed_limits_what_is_known() {
    let demo = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo/feeds");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.tmc");
    // An older edition of the list beside the demo's.
    let kev = std::fs::read_to_string(fixtures().join("kev/kev.json")).unwrap();
    let (before, after) = kev.split_once("\"dateReleased\": \"").unwrap();
    let older = folder.path().join("older.json");
    std::fs::write(&older, format!("{before}\"dateReleased\": \"2019{}", &after[4..])).unwrap();
    let mut builder = Builder::new();
    builder.add_path(&demo).unwrap();
    builder.add_path(&older).unwrap();
    let summary = builder.finish(&path, stamp()).unwrap();
    for source in [Source::Nvd, Source::Kev] {
        let of = summary.files.iter().filter(|file| file.source == Some(source));
        let mut dates: Vec<_> = of.filter_map(|file| file.date.as_deref()).collect();
        dates.sort_unstable();
        assert!(dates.len() > 1 && dates.first() < dates.last(), "{source:?}: the feeds have one date only: {dates:?}");
        let info = summary.info.sources.iter().find(|info| info.source == source_key(source)).unwrap();
        assert_eq!(info.feed_date.as_deref(), dates.last().copied());
        let oldest = if source == Source::Kev { dates.last() } else { dates.first() };
        assert_eq!(info.oldest_feed_date.as_deref(), oldest.copied());
    }
    let opened = Catalogue::open(&path, Trust::Unsigned).unwrap();
    assert_eq!(opened.info().sources, summary.info.sources);
}

#[test]
fn a_product_named_under_two_parts_is_one_product() {
    let (_folder, catalogue) = build(|builder| {
        for (id, cpe) in [
            ("CVE-2016-0001", "cpe:2.3:o:vmware:esxi:*:*:*:*:*:*:*:*"),
            ("CVE-2016-0002", "cpe:2.3:a:vmware:esxi:*:*:*:*:*:*:*:*"),
            ("CVE-2016-0003", "cpe:2.3:h:vmware:esxi:*:*:*:*:*:*:*:*"),
        ] {
            builder
                .add("nvd", Ok(&Record { statements: vec![any(cpe, Some("6.7"))], ..record(Source::Nvd, id, "2016") }));
        }
    });
    for key in ["o:vmware:esxi", "a:vmware:esxi"] {
        let found: Vec<_> = verdicts(&catalogue, &[(key, Some("6.5"))]).into_iter().map(|(id, ..)| id).collect();
        assert_eq!(found, ["CVE-2016-0001", "CVE-2016-0002"], "{key}: hardware of the same name is another thing");
    }
}

#[test]
fn a_shortened_version_is_a_question_not_safe() {
    let cpe = |version: &str| format!("cpe:2.3:o:fortinet:fortios:{version}:*:*:*:*:*:*:*");
    let from_to = |from: &'static str, to: &'static str| {
        let bound = |version: &'static str| Some(Bound { version: version.into(), inclusive: true });
        let range = Range { start: bound(from), end: bound(to) };
        let one = CpeMatch { range, ..below(FORTIOS, None, true) };
        Statement::Configuration(names(Operator::Or, vec![one], Vec::new()))
    };
    let (_folder, catalogue) = build(|builder| {
        for (id, statement) in [
            ("CVE-2018-0001", from_to("5.6.3", "5.6.7")),
            ("CVE-2018-0002", any(&cpe("5.6.4"), None)),
            ("CVE-2018-0003", from_to("6.0.0", "6.0.4")),
        ] {
            builder.add("nvd", Ok(&Record { statements: vec![statement], ..record(Source::Nvd, id, "2018") }));
        }
    });
    let of = |version| verdicts(&catalogue, &[("o:fortinet:fortios", Some(version))]);
    let asked = |id| (id, Verdict::Possibly, Some(MissingFact::Version));
    assert_eq!(of("5.6"), [asked("CVE-2018-0001"), asked("CVE-2018-0002")]);
    assert_eq!(of("5"), [asked("CVE-2018-0001"), asked("CVE-2018-0002")]);
    assert_eq!(of("5.6.4").len(), 2);
    assert!(of("5.6.8").is_empty() && of("5.4").is_empty() && of("5.6.1").is_empty());
    assert_eq!(of("6.0"), [("CVE-2018-0003", Verdict::Affected, None)], "6.0 is 6.0.0, which is inside");
}
