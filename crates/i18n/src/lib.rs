//! User-facing text: Japanese first, English complete. `Msg` in, text in the reader's language out.
//!
//! The build script compares the two languages and looks up every key used in the sources (`check.rs`).
//!
//! Not here: formatting of dates and large numbers (the caller's), and which language a person reads (`web`, `cli`).

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid};
use std::borrow::Cow;
use std::collections::HashMap;
use tomomori_domain::Msg;
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

#[cfg(test)]
mod check;

fluent_templates::static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "ja",
        // Isolation marks (U+2068/2069) would end up in copied CVE ids and in files.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static JA: LanguageIdentifier = langid!("ja");
static EN: LanguageIdentifier = langid!("en");

/// A language of the user interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// Code for `lang` attributes, the cookie and the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
        }
    }

    /// Reads a [`Lang::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Lang::Ja, Lang::En].into_iter().find(|lang| lang.code() == code)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Lang::Ja => &JA,
            Lang::En => &EN,
        }
    }
}

/// The message in the reader's language. A key that does not exist (only possible for messages that came from a stored
/// row of another version) is shown as it is, so that nothing silently disappears.
#[must_use]
pub fn tr(lang: Lang, msg: &Msg) -> String {
    let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
        msg.args.iter().map(|(name, text)| (Cow::Owned(name.clone()), argument(lang, name, text))).collect();
    TEXTS.try_lookup_with_args(lang.id(), &msg.key, &args).unwrap_or_else(|| msg.key.clone())
}

/// A text without arguments, by key.
#[must_use]
pub fn text(lang: Lang, key: &str) -> String {
    TEXTS.try_lookup(lang.id(), key).unwrap_or_else(|| key.to_owned())
}

/// The argument `field` (and `against`) holds the key of a field and is shown by its name.
fn argument<'a>(lang: Lang, name: &str, given: &'a str) -> FluentValue<'a> {
    match Field::from_key(given).filter(|_| name == "field" || name == "against") {
        Some(field) => FluentValue::from(field.label(lang)),
        None => value(given),
    }
}

/// Plain small numbers become Fluent numbers, so that English can choose singular and plural; all else stays as written.
fn value(text: &str) -> FluentValue<'_> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(number) if plain && (number == 0 || !text.starts_with('0')) => FluentValue::from(number),
        _ => FluentValue::from(text),
    }
}

/// A value of the domain that has a name for people: `prefix-key` is its message.
pub trait Label: Copy {
    /// Message of the value's name.
    fn label_key(self) -> String;

    /// The value's name in the reader's language.
    #[must_use]
    fn label(self, lang: Lang) -> String {
        text(lang, &self.label_key())
    }
}

impl<T: Label> Label for &T {
    fn label_key(self) -> String {
        (*self).label_key()
    }
}

macro_rules! labels {
    ($($prefix:literal $name:ident),* $(,)?) => {$(
        impl Label for $name {
            fn label_key(self) -> String {
                format!("{}-{}", $prefix, self.key().replace('_', "-"))
            }
        }
    )*};
}

labels! {
    "role" Role, "verdict" Verdict, "missing" MissingFact, "field" Field, "severity" Severity, "table" TableKind,
    "choice" ChoiceBy, "grade" Grade, "layer" Layer, "purchase" PurchaseForm, "kind" ResourceKind, "zone-kind" ZoneKind,
    "state" ResourceState, "criticality" Criticality, "check-kind" CheckKind, "change" ChangeKind,
    "outcome" Outcome, "means" Means, "settled" Settled, "safeguard-kind" SafeguardKind, "two-factor" TwoFactor,
    "life-class" LifeClass, "measure" Measure, "own-type" FieldType, "duty" Duty, "said-by" SaidBy, "gap" Rule, "gap-why" Why, "joint" JointTopic,
    "contract-kind" ContractKind, "report-on" ReportOn, "unit" Unit, "edition-kind" EditionKind, "edition-changed" Changed, "errand" Errand, "checklist-standing" ChecklistStanding, "item-scope" ItemScope, "lead" Lead, "known" Known,
    "sheet" Sheet, "plan-state" PlanState, "contract-standing" Standing, "trouble" Trouble, "obstacle" Obstacle,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn arguments_are_filled_in_without_isolation_marks() {
        let msg = Msg::new("error-too-many-attempts").arg("minutes", 5);
        assert!(tr(Lang::Ja, &msg).contains("5分"), "{}", tr(Lang::Ja, &msg));
        assert!(tr(Lang::En, &msg).contains("5 minutes"), "{}", tr(Lang::En, &msg));
        assert!(!tr(Lang::En, &msg).contains('\u{2068}'));
        let one = Msg::new("error-too-many-attempts").arg("minutes", 1);
        assert!(tr(Lang::En, &one).contains("1 minute "), "{}", tr(Lang::En, &one));
    }

    #[test]
    fn every_label_key_of_the_check_is_the_one_shown() {
        let listed = check::label_keys();
        for key in [Field::UpdateClause.label_key(), ZoneKind::Care.label_key(), Role::SafetyManager.label_key()] {
            assert!(listed.contains(&key), "{key}");
        }
    }

    #[test]
    fn no_text_lies_unused() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let used = check::used(&crates).unwrap();
        let defined = check::texts(&crates.join("i18n/locales"), "ja").unwrap();
        let unused: Vec<_> = defined.keys().filter(|key| !used.contains_key(*key)).collect();
        assert!(unused.is_empty(), "no source uses: {unused:?}");
    }

    #[test]
    fn the_check_sees_a_missing_key() {
        let dir = std::env::temp_dir().join(format!("tomomori-i18n-{}", std::process::id()));
        for (path, text) in [
            ("i18n/locales/ja/a.ftl", "hello = こんにちは { $name }\nonly-ja = あ\n"),
            ("i18n/locales/en/a.ftl", "hello = Hello\n"),
            ("x/src/lib.rs", "let m = Msg::new(\"nowhere\");"),
        ] {
            let file = dir.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let found = check::problems(&dir).unwrap().join("\n");
        std::fs::remove_dir_all(&dir).unwrap();
        assert!(found.contains("en lacks `only-ja`"), "{found}");
        assert!(found.contains("`hello` has variables"), "{found}");
        assert!(found.contains("lib.rs:1 uses `nowhere`"), "{found}");
    }
}
