//! The demo hospital's own files must lead to what its README says.

use crate::story::{findings_of, ledger_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tomomori_app::{Ctx, home, ledger};
use tomomori_domain::check::CheckKind;
use tomomori_domain::finding::{MissingFact, Verdict};
use tomomori_domain::resource::{Resource, Vendor};
use tomomori_domain::text::tidy;
use tomomori_testkit::app::repository;
use tomomori_testkit::{TestApp, for_both_databases};

pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let folder = repository().join("demo/hospital");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(name, _)| !["README.md", "expected.json"].contains(&name.as_str()))
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(repository().join("demo/hospital/expected.json")).unwrap()).unwrap()
}

fn texts(value: &Value, key: &str) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|row| row[key].as_str().unwrap().to_owned()).collect()
}

/// The host name without its domain, which only some lists give.
fn host(resource: &Resource) -> Option<&str> {
    resource.hostname.as_deref().and_then(|name| name.split('.').next())
}

/// Differences are collected, so that one run shows all of them.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over numbers and sets alike, without a borrow")]
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: T, wanted: T) {
        if found != wanted {
            self.0.push(format!("{what}: found {found:?}, expected {wanted:?}"));
        }
    }

    fn holds(&mut self, what: impl FnOnce() -> String, holds: bool) {
        if !holds {
            self.0.push(what());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_hospital_is_understood_as_its_readme_says() {
    let (files, expected) = (files(), expected());
    for_both_databases(async |db| {
        let t = TestApp::new(db).await;
        let hospital = t.hospital("みどり川総合病院").await;
        let given: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let shown = t.previewed(&hospital, &given).await;
        let mut differences = Differences::default();
        problems(&shown.preview.unwrap(), &expected, &mut differences);
        tomomori_app::import::confirm(&hospital, shown.import.id).await.unwrap();
        t.work().await;
        let again = t.previewed(&hospital, &given).await.preview.unwrap().counts;
        let touched = (again.created, again.changed, again.others, again.doubts);
        differences.same("created, changed, others, doubts of the same files again", touched, (0, 0, 0, 0));
        things(&hospital, &expected, &mut differences).await;
        matches(&hospital, &expected, &mut differences).await;
        assert!(differences.0.is_empty(), "{} differences:\n{}", differences.0.len(), differences.0.join("\n"));
    })
    .await;
}

fn problems(preview: &tomomori_app::import::Preview, expected: &Value, differences: &mut Differences) {
    differences.same("errors", preview.counts.errors, 0);
    let decisions = preview.checks.iter().filter(|raised| raised.kind.needs_decision()).count();
    differences.holds(|| format!("{decisions} decisions are asked of a person, at most 10 may be"), decisions <= 10);
    let place = |file: &str, sheet: &str, cell: &str| format!("{file} {sheet} {cell}");
    // Headings and sums are named so that a person sees what is left out; that is no slip of the hospital.
    let slips = preview
        .problems
        .iter()
        .filter(|problem| !["sheet-row-title", "sheet-row-total"].contains(&problem.msg.key.as_str()));
    // What the rows say to each other is told as things to check.
    let told = |kind| matches!(kind, CheckKind::Doubled | CheckKind::Reference);
    let raised = preview.checks.iter().filter(|raised| told(raised.kind)).filter_map(|raised| raised.place.as_ref());
    let found: BTreeSet<String> = slips
        .map(|problem| &problem.place)
        .chain(raised)
        .map(|at| {
            let (sheet, cell) = (at.sheet.as_deref(), at.cell.as_deref());
            place(&at.file, sheet.unwrap_or_default(), cell.unwrap_or_default())
        })
        .collect();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = expected["problems"].as_array().unwrap();
    let wanted: BTreeSet<String> =
        rows.iter().map(|row| place(&text(row, "file"), &text(row, "sheet"), &text(row, "cell"))).collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    let more: Vec<_> = found.difference(&wanted).collect();
    differences.holds(|| format!("problems not reported: {missing:?}"), missing.is_empty());
    differences.holds(|| format!("problems nobody expects: {more:?}"), more.is_empty());
}

async fn things(ctx: &Ctx, expected: &Value, differences: &mut Differences) {
    let number = |key: &str| expected[key].as_u64().unwrap();
    let list = ledger_of(ctx).await;
    let shape = ledger::shape(ctx).await.unwrap();
    differences.same("resources", list.counts.all, number("resources"));
    differences.same("zones", shape.zones as u64, number("zones"));
    differences.same("lines", shape.lines as u64, number("lines"));
    differences.same("contracts", shape.contracts as u64, number("contracts"));
    differences.same("services", shape.services as u64, number("services"));
    let others = list.vendors.iter().filter(|vendor| vendor.name != Vendor::OWN);
    differences.same("vendors", others.count() as u64, number("vendors"));
    let rows = &list.page.rows;
    let strangers: BTreeSet<String> =
        rows.iter().filter(|row| !row.resource.declared).flat_map(|row| row.resource.addresses.clone()).collect();
    let wanted = expected["unknown_addresses"].as_array().unwrap();
    differences.same("strangers", strangers, wanted.iter().map(|a| a.as_str().unwrap().to_owned()).collect());
    for new in expected["delivery_new"].as_array().unwrap() {
        let hostname = new["hostname"].as_str();
        let found = rows.iter().any(|row| host(&row.resource) == hostname);
        differences.holds(|| format!("delivered {hostname:?} is missing"), found);
    }
    let unknown: BTreeSet<_> =
        rows.iter().filter(|row| row.unknown_product).map(|row| row.resource.name.clone()).collect();
    for name in texts(&expected["unknown_products"], "resource") {
        differences.holds(|| format!("{name} is not shown as unknown"), unknown.contains(&tidy(&name)));
    }
    let unowned: BTreeSet<_> =
        rows.iter().filter(|row| row.vendor_name.is_none()).map(|row| row.resource.name.clone()).collect();
    for name in expected["without_maintainer"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()) {
        differences.holds(|| format!("{name} has a maintainer"), unowned.contains(&tidy(name)));
    }
    differences.same("strangers on the first page", home::home(ctx).await.unwrap().not_declared, 3);
}

async fn matches(ctx: &Ctx, expected: &Value, differences: &mut Differences) {
    let names: BTreeMap<_, _> = ledger_of(ctx)
        .await
        .page
        .rows
        .into_iter()
        .map(|row| (row.resource.id, (host(&row.resource).map(str::to_owned), row.resource.name)))
        .collect();
    let findings = findings_of(ctx).await;
    // By host name where the list has one: the same box has other names in other lists.
    let at = |row: &Value| -> BTreeSet<_> {
        let (name, host) = (tidy(row["resource"].as_str().unwrap()), row["hostname"].as_str());
        let same = |(h, n): &(Option<String>, String)| *n == name || host.is_some() && h.as_deref() == host;
        names.iter().filter(|(_, of)| same(of)).map(|(id, _)| *id).collect()
    };
    for row in expected["must_match"].as_array().unwrap() {
        let (devices, cve) = (at(row), row["cve"].as_str().unwrap());
        let affected = findings.iter().any(|f| {
            devices.contains(&f.finding.resource)
                && f.finding.verdict == Verdict::Affected
                && f.finding.vulnerability == cve
        });
        // A question names only its most urgent vulnerability; that the device has one is what can be asked of a list.
        let question =
            findings.iter().any(|f| devices.contains(&f.finding.resource) && f.finding.verdict == Verdict::Possibly);
        let fine = affected || (row["state"] == "any" && question);
        differences.holds(|| format!("{} should be {}: {cve} ({})", row["resource"], row["state"], row["why"]), fine);
    }
    for row in expected["must_not_match"].as_array().unwrap() {
        let (devices, cve) = (at(row), row["cve"].as_str().unwrap());
        differences.holds(|| format!("{} is not in the ledger", row["resource"]), !devices.is_empty());
        let wrong = findings.iter().any(|f| devices.contains(&f.finding.resource) && f.finding.vulnerability == cve);
        differences.holds(|| format!("{} must not match {cve} ({})", row["resource"], row["why"]), !wrong);
    }
    let asked: BTreeSet<_> = findings
        .iter()
        .filter(|f| f.finding.missing == Some(MissingFact::WindowsBuild))
        .map(|f| f.finding.resource)
        .collect();
    let flooded = findings.iter().filter(|f| {
        f.finding.verdict == Verdict::Affected
            && asked.contains(&f.finding.resource)
            && f.component_text.to_lowercase().contains("windows")
    });
    differences.same("findings of Windows without a build", flooded.count(), 0);
}
