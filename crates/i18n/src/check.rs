//! The check behind "a missing key fails the build". Used by the build script and, for unused keys, by a test.
//!
//! Keys are found in the source text: `Msg::new("key")` in Rust and `t("key")` in templates. Keys made from a stable
//! key of the domain (`kind-server` from `ResourceKind::Server`) are listed by [`label_keys`].

use anyhow::{Context, Result};
use fluent_syntax::ast;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tomomori_domain::access::Role;
use tomomori_domain::agreement::deemed::Obstacle;
use tomomori_domain::agreement::standing::{Standing, Trouble};
use tomomori_domain::agreement::{ContractKind, ReportOn, Unit};
use tomomori_domain::check::CheckKind;
use tomomori_domain::checklist::{Errand, Standing as ChecklistStanding};
use tomomori_domain::completeness::Measure;
use tomomori_domain::confirmation::{Duty, Means as SaidBy};
use tomomori_domain::custom::FieldType;
use tomomori_domain::edition::{Changed, EditionKind, ItemScope, Known, Lead, Sheet};
use tomomori_domain::finding::{MissingFact, Verdict};
use tomomori_domain::import::{Field, Severity, TableKind};
use tomomori_domain::lifetime::LifeClass;
use tomomori_domain::record::ChangeKind;
use tomomori_domain::resource::{
    ChoiceBy, Criticality, Grade, Layer, PurchaseForm, ResourceKind, ResourceState, ZoneKind,
};
use tomomori_domain::roles::JointTopic;
use tomomori_domain::roles::gaps::{Rule, Why};
use tomomori_domain::roles::introduce::PlanState;
use tomomori_domain::safeguard::{SafeguardKind, TwoFactor};
use tomomori_domain::stocktake::{Means, Outcome, Settled};

/// Message id → names of its variables.
pub(crate) type Texts = BTreeMap<String, BTreeSet<String>>;

/// All messages of one language.
pub(crate) fn texts(locales: &Path, lang: &str) -> Result<Texts> {
    let mut texts = Texts::new();
    for file in files(&locales.join(lang), &["ftl"])? {
        let source = read(&file)?;
        let resource = fluent_syntax::parser::parse(source.as_str())
            .map_err(|(_, errors)| anyhow::anyhow!("{}: {}", file.display(), describe(&source, &errors)))?;
        for entry in resource.body {
            if let ast::Entry::Message(message) = entry {
                let mut names = BTreeSet::new();
                if let Some(value) = &message.value {
                    variables(value, &mut names);
                }
                let id = message.id.name.to_owned();
                if texts.insert(id.clone(), names).is_some() {
                    anyhow::bail!("{}: {id} is defined twice", file.display());
                }
            }
        }
    }
    Ok(texts)
}

/// Everything wrong, one line each.
pub(crate) fn problems(crates: &Path) -> Result<Vec<String>> {
    let locales = crates.join("i18n").join("locales");
    let (ja, en) = (texts(&locales, "ja")?, texts(&locales, "en")?);
    let mut found = Vec::new();
    for (key, names) in &ja {
        match en.get(key) {
            None => found.push(format!("en lacks `{key}`")),
            Some(other) if other != names => {
                found.push(format!("`{key}` has variables {names:?} in ja and {other:?} in en"));
            }
            Some(_) => {}
        }
    }
    found.extend(en.keys().filter(|key| !ja.contains_key(*key)).map(|key| format!("ja lacks `{key}`")));
    for (key, place) in used(crates)? {
        if !ja.contains_key(&key) {
            found.push(format!("{place} uses `{key}`, which no language defines"));
        }
    }
    Ok(found)
}

/// Keys used anywhere, each with one place that uses it.
pub(crate) fn used(crates: &Path) -> Result<BTreeMap<String, String>> {
    let mut used: BTreeMap<String, String> =
        label_keys().into_iter().map(|key| (key, "tomomori-domain".to_owned())).collect();
    for folder in source_folders(crates)? {
        for file in files(&folder, &["rs", "html"])? {
            let source = read(&file)?;
            let template = file.extension().is_some_and(|ext| ext == "html");
            let marks: &[&str] =
                if template { &["Msg::new(\"", " t(\"", ".t(\""] } else { &["Msg::new(\"", "p.t(\"", "self.t(\""] };
            for (number, line) in source.lines().enumerate() {
                // The documentation of `Msg` itself and of this check shows the form with placeholders.
                if line.trim_start().starts_with("//") {
                    continue;
                }
                for key in marks.iter().flat_map(|mark| keys_after(line, mark)) {
                    used.entry(key).or_insert_with(|| format!("{}:{}", file.display(), number + 1));
                }
            }
        }
    }
    Ok(used)
}

/// Keys formed from the domain's stable keys: `prefix-key`, with `_` written as `-`.
pub(crate) fn label_keys() -> Vec<String> {
    fn all<T: Copy>(prefix: &str, values: &[T], key: fn(T) -> &'static str) -> Vec<String> {
        values.iter().map(|value| format!("{prefix}-{}", key(*value).replace('_', "-"))).collect()
    }
    [
        all("role", &Role::ALL, Role::key),
        all("contract-standing", Standing::ALL, Standing::key),
        all("trouble", Trouble::ALL, Trouble::key),
        all("obstacle", Obstacle::ALL, Obstacle::key),
        all("verdict", Verdict::ALL, Verdict::key),
        all("missing", MissingFact::ALL, MissingFact::key),
        all("field", Field::ALL, Field::key),
        all("severity", Severity::ALL, Severity::key),
        all("table", TableKind::ALL, TableKind::key),
        all("choice", ChoiceBy::ALL, ChoiceBy::key),
        all("grade", Grade::ALL, Grade::key),
        all("layer", Layer::ALL, Layer::key),
        all("purchase", PurchaseForm::ALL, PurchaseForm::key),
        all("kind", ResourceKind::ALL, ResourceKind::key),
        all("state", ResourceState::ALL, ResourceState::key),
        all("check-kind", CheckKind::ALL, CheckKind::key),
        all("change", ChangeKind::ALL, ChangeKind::key),
        all("criticality", Criticality::ALL, Criticality::key),
        all("zone-kind", ZoneKind::ALL, ZoneKind::key),
        all("outcome", Outcome::ALL, Outcome::key),
        all("means", Means::ALL, Means::key),
        all("settled", Settled::ALL, Settled::key),
        all("safeguard-kind", SafeguardKind::ALL, SafeguardKind::key),
        all("two-factor", TwoFactor::ALL, TwoFactor::key),
        all("life-class", LifeClass::ALL, LifeClass::key),
        all("measure", Measure::ALL, Measure::key),
        all("own-type", FieldType::ALL, FieldType::key),
        all("duty", Duty::ALL, Duty::key),
        all("said-by", SaidBy::ALL, SaidBy::key),
        all("gap", Rule::ALL, Rule::key),
        all("gap-why", Why::ALL, Why::key),
        all("joint", JointTopic::ALL, JointTopic::key),
        all("contract-kind", ContractKind::ALL, ContractKind::key),
        all("report-on", ReportOn::ALL, ReportOn::key),
        all("unit", Unit::ALL, Unit::key),
        all("edition-kind", EditionKind::ALL, EditionKind::key),
        all("edition-changed", Changed::ALL, Changed::key),
        all("errand", Errand::ALL, Errand::key),
        all("checklist-standing", ChecklistStanding::ALL, ChecklistStanding::key),
        all("item-scope", ItemScope::ALL, ItemScope::key),
        all("lead", Lead::ALL, Lead::key),
        all("known", Known::ALL, Known::key),
        all("sheet", Sheet::ALL, Sheet::key),
        all("plan-state", PlanState::ALL, PlanState::key),
    ]
    .concat()
}

/// Folders whose files may use keys.
pub(crate) fn source_folders(crates: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(crates).with_context(|| crates.display().to_string())? {
        let path = entry?.path();
        // This crate only talks about keys.
        if path.ends_with("i18n") {
            continue;
        }
        folders.extend([path.join("src"), path.join("templates")].into_iter().filter(|folder| folder.is_dir()));
    }
    folders.sort();
    Ok(folders)
}

fn keys_after<'a>(line: &'a str, mark: &'a str) -> impl Iterator<Item = String> + 'a {
    line.split(mark).skip(1).filter_map(|rest| rest.split_once('"')).map(|(key, _)| key.to_owned())
}

fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extensions)?);
        } else if path.extension().and_then(|ext| ext.to_str()).is_some_and(|ext| extensions.contains(&ext)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

fn describe(source: &str, errors: &[fluent_syntax::parser::ParserError]) -> String {
    let of = |error: &fluent_syntax::parser::ParserError| {
        let line = source[..error.pos.start.min(source.len())].lines().count().max(1);
        format!("line {line}: {:?}", error.kind)
    };
    errors.iter().map(of).collect::<Vec<_>>().join(", ")
}

fn variables(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            in_expression(expression, names);
        }
    }
}

fn in_expression(expression: &ast::Expression<&str>, names: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => in_inline(inline, names),
        ast::Expression::Select { selector, variants } => {
            in_inline(selector, names);
            for variant in variants {
                variables(&variant.value, names);
            }
        }
    }
}

fn in_inline(inline: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, names),
        _ => {}
    }
}
