//! Why a vulnerability concerns a device: the source's tree, cut down to what carried the result, with what was
//! compared. Serialisable, because a decision keeps its evidence after the next catalogue has forgotten it.

use crate::codec::Cursor;
use crate::device::{Device, Known, Policy};
use crate::error::CatalogueError;
use crate::facts::Truth;
use crate::file::Section;
use crate::matching::{Match, Scope, absent, best};
use crate::name::{self, FIELDS};
use crate::open::Catalogue;
use crate::rows::{self, NONE, SayRow, TreeRow, VulnerabilityRow, source_key};
use crate::tree::{self, Combine, MAX_DEPTH, Outcome, Value, node};
use serde::{Deserialize, Serialize};
use tomomori_domain::finding::{MissingFact, Verdict};
use tomomori_domain::text;
use tomomori_formats::cpe::Field;
use tomomori_formats::record::{Lang, ProductStatus, Source, TextKind};

/// Why a vulnerability concerns a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The vulnerability.
    pub vulnerability: String,
    /// Conclusion.
    pub verdict: Verdict,
    /// For *possibly*: what is missing, the fact to ask for first first.
    pub missing: Vec<MissingFact>,
    /// [`crate::Component::key`] of the component the conclusion hangs on.
    pub component: u32,
    /// Content hash of the catalogue.
    pub catalogue: String,
    /// Applicability trees that hold, or may.
    pub trees: Vec<TreeReason>,
    /// On CISA's list since this day (ISO), if it is there.
    pub exploited_since: Option<String>,
    /// Used in ransomware campaigns, says CISA.
    pub ransomware: bool,
    /// Advisories about the same vulnerability.
    pub advisories: Vec<Advisory>,
    /// Statements about a product on the device that speak against the conclusion: not affected, or fixed.
    pub opposing: Vec<Opposing>,
}

/// One applicability tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeReason {
    /// Source key (`nvd`).
    pub source: String,
    /// Document, where that is not the vulnerability itself.
    pub document: Option<String>,
    /// When the source last changed its record, as written.
    pub modified: Option<String>,
    /// The tree.
    pub part: Part,
}

/// A part of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Part {
    /// All of the parts are needed.
    All {
        /// Truth of the whole.
        truth: Truth,
        /// The result was negated.
        negated: bool,
        /// Parts.
        parts: Vec<Part>,
        /// Parts that are not shown because they say nothing about this device.
        left_out: u32,
    },
    /// One of the parts suffices.
    Any {
        /// Truth of the whole.
        truth: Truth,
        /// The result was negated.
        negated: bool,
        /// Parts.
        parts: Vec<Part>,
        /// Parts that are not shown because they do not hold here.
        left_out: u32,
    },
    /// One criterion.
    Criterion(Criterion),
}

/// A criterion and what it was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// `part:vendor:product`.
    pub product: String,
    /// The product has the weakness; `false` = it is only the platform.
    pub vulnerable: bool,
    /// Version asked for: `*` any, `-` none, else a version.
    pub version: String,
    /// Lower end of the range with `>=` or `>`.
    pub start: Option<String>,
    /// Upper end of the range with `<=` or `<`.
    pub end: Option<String>,
    /// Other attributes asked for, as `name=value`.
    pub attributes: Vec<String>,
    /// [`crate::Component::key`] of the component it was compared with; `None` = the device has no such product.
    pub component: Option<u32>,
    /// That component's version; `None` = not known.
    pub have: Option<String>,
    /// Result.
    pub truth: Truth,
    /// What is missing when the result is unknown.
    pub missing: Option<MissingFact>,
    /// The attribute that is missing or differs (`version`, `update`, `target_sw` …).
    pub decided_by: Option<String>,
}

/// An advisory about the same vulnerability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// Source key (`csaf`, `jvn`).
    pub source: String,
    /// Document id.
    pub document: String,
    /// Publisher.
    pub publisher: Option<String>,
    /// Title, Japanese if there is one.
    pub title: Option<String>,
}

/// A statement that speaks against the conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opposing {
    /// Source key.
    pub source: String,
    /// Document id.
    pub document: Option<String>,
    /// `not_affected` or `fixed`.
    pub status: String,
    /// Product as the document names it.
    pub product: String,
    /// Version as written.
    pub version: Option<String>,
}

/// Parts shown of one node; a node over every version of a kernel has hundreds.
const SHOWN: usize = 20;

impl Catalogue {
    /// Why `found` (from [`Catalogue::match_device`] of this catalogue and the same device) concerns the device.
    ///
    /// # Errors
    /// A damaged block.
    pub fn explain(&self, device: &Device<'_>, found: &Match<'_>) -> Result<Reason, CatalogueError> {
        self.explain_with(device, found, Policy::Hospital)
    }

    /// The same for a match found under another policy.
    ///
    /// # Errors
    /// A damaged block.
    pub fn explain_with(
        &self,
        device: &Device<'_>,
        found: &Match<'_>,
        policy: Policy,
    ) -> Result<Reason, CatalogueError> {
        let scope = self.scope(device, policy)?;
        let row = VulnerabilityRow::read(&self.file, found.vulnerability)?;
        let mut reason = Reason {
            vulnerability: found.id.to_owned(),
            verdict: found.verdict,
            missing: found.facts.list(),
            component: found.component,
            catalogue: self.file.header.content.clone(),
            trees: Vec::new(),
            exploited_since: None,
            ransomware: false,
            advisories: Vec::new(),
            opposing: Vec::new(),
        };
        for number in row.first_say..row.first_say.saturating_add(row.says) {
            let say = SayRow::read(&self.file, number)?;
            let source = rows::source(say.source)?;
            let detail = self.detail(say.detail)?;
            let document = if say.document == NONE { None } else { Some(self.texts().get(say.document)?.to_owned()) };
            for number in say.first_tree..say.first_tree.saturating_add(say.trees) {
                let (outcome, part) = self.explain_tree(&TreeRow::read(&self.file, number)?, &scope)?;
                let truth = if policy == Policy::Hospital { outcome.vulnerable } else { outcome.truth };
                if truth > Truth::False {
                    reason.trees.push(TreeReason {
                        source: source_key(source).to_owned(),
                        document: document.clone(),
                        modified: detail.modified.clone(),
                        part,
                    });
                }
            }
            if let Some(exploited) = &detail.exploited {
                reason.exploited_since = Some(exploited.added.clone());
                reason.ransomware |= exploited.ransomware;
            }
            for product in &detail.products {
                let status = match product.status {
                    ProductStatus::NotAffected => "not_affected",
                    ProductStatus::Fixed => "fixed",
                    ProductStatus::Affected | ProductStatus::UnderInvestigation => continue,
                };
                if device.components.iter().any(|component| names(product, &component.product)) {
                    reason.opposing.push(Opposing {
                        source: source_key(source).to_owned(),
                        document: document.clone(),
                        status: status.to_owned(),
                        product: product.product.clone(),
                        version: product.version.clone(),
                    });
                }
            }
            if let (Source::Csaf | Source::Jvn, Some(document)) = (source, document) {
                let title = |lang| detail.texts.iter().find(|text| text.kind == TextKind::Title && text.lang == lang);
                reason.advisories.push(Advisory {
                    source: source_key(source).to_owned(),
                    document,
                    publisher: detail.publisher.clone(),
                    title: title(Lang::Ja).or_else(|| title(Lang::En)).map(|text| text.text.clone()),
                });
            }
        }
        Ok(reason)
    }

    fn explain_tree(&self, row: &TreeRow, scope: &Scope<'_>) -> Result<(Outcome, Part), CatalogueError> {
        let bytes = self.file.read(Section::Trees, row.start as usize, row.length as usize)?;
        self.explain_node(&mut Cursor::new(bytes, Section::Trees.name()), scope, 0)
    }

    fn explain_node(
        &self,
        cursor: &mut Cursor<'_>,
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<(Outcome, Part), CatalogueError> {
        if depth > MAX_DEPTH {
            return Err(CatalogueError::corrupt(Section::Trees.name(), "nested too deeply"));
        }
        let flags = cursor.byte()?;
        let and = flags & node::AND != 0;
        let mut combine = Combine::new(and);
        let mut all: Vec<(Outcome, Part)> = Vec::new();
        for _ in 0..cursor.count()? {
            self.explain_group(cursor, scope, &mut all)?;
        }
        for _ in 0..cursor.count()? {
            all.push(self.explain_node(cursor, scope, depth + 1)?);
        }
        all.iter().for_each(|(outcome, _)| combine.add(*outcome));
        let negated = flags & node::NEGATE != 0;
        let outcome = combine.finish(negated);
        let count = all.len();
        // Under OR only what holds is worth reading; the surest first.
        all.retain(|(outcome, _)| and || outcome.truth > Truth::False);
        all.sort_by_key(|(outcome, _)| std::cmp::Reverse((outcome.vulnerable, outcome.truth)));
        all.truncate(SHOWN);
        let left_out = (count - all.len()) as u32;
        let parts = all.into_iter().map(|(_, part)| part).collect();
        let truth = outcome.truth;
        let part = if and {
            Part::All { truth, negated, parts, left_out }
        } else {
            Part::Any { truth, negated, parts, left_out }
        };
        Ok((outcome, part))
    }

    fn explain_group(
        &self,
        cursor: &mut Cursor<'_>,
        scope: &Scope<'_>,
        out: &mut Vec<(Outcome, Part)>,
    ) -> Result<(), CatalogueError> {
        let head = cursor.number()?;
        let number =
            u32::try_from(head >> 2).map_err(|_| CatalogueError::corrupt(Section::Trees.name(), "product number"))?;
        let length = cursor.number()?;
        let mut leaves = Cursor::new(cursor.take(length)?, Section::Trees.name());
        let known = scope.of_product(number);
        let product = self.product_key(number)?;
        while !leaves.is_empty() {
            let criterion = tree::Criterion::read(&mut leaves, &self.file)?;
            let (outcome, compared, component) = if known.is_empty() {
                (absent(&self.file, scope, number, !criterion.vulnerable)?, None, None)
            } else {
                let (compared, key) = best(&criterion, known, scope);
                (Outcome::of(compared.truth, compared.facts, criterion.vulnerable), Some(compared), Some(key))
            };
            let have = known.iter().find(|known| Some(known.component.key) == component);
            let have = have.and_then(|known| match &known.component.version {
                Known::Unknown => None,
                Known::NotApplicable => Some("-".to_owned()),
                Known::Is(version) => Some(version.to_string()),
            });
            let part = Part::Criterion(Criterion {
                product: product.to_owned(),
                vulnerable: criterion.vulnerable,
                version: written(criterion.version).to_owned(),
                start: criterion.start.map(|end| bound(">", end)),
                end: criterion.end.map(|end| bound("<", end)),
                attributes: stated(&criterion),
                component,
                have,
                truth: outcome.truth,
                missing: outcome.facts.first(),
                decided_by: compared.and_then(|compared| compared.decided_by).map(|field| field_name(field).to_owned()),
            });
            out.push((outcome, part));
        }
        Ok(())
    }
}

fn written(value: Value<'_>) -> &str {
    match value {
        Value::Any => "*",
        Value::NotApplicable => "-",
        Value::Exact(value) | Value::Pattern(value) => value,
    }
}

fn bound(sign: &str, end: tree::End<'_>) -> String {
    format!("{sign}{} {}", if end.inclusive { "=" } else { "" }, end.version)
}

fn stated(criterion: &tree::Criterion<'_>) -> Vec<String> {
    let values = criterion.attributes.iter().flatten().zip(FIELDS);
    values
        .filter(|(value, _)| **value != Value::Any)
        .map(|(value, field)| format!("{}={}", field_name(field), written(*value)))
        .collect()
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Part => "part",
        Field::Vendor => "vendor",
        Field::Product => "product",
        Field::Version => "version",
        Field::Update => "update",
        Field::Edition => "edition",
        Field::Language => "language",
        Field::SwEdition => "sw_edition",
        Field::TargetSw => "target_sw",
        Field::TargetHw => "target_hw",
        Field::Other => "other",
    }
}

/// Whether a document's product is the one with this key: by its CPE, else by equal names (spelling of blanks, case
/// and width aside).
fn names(product: &crate::detail::ProductSaid, key: &str) -> bool {
    if let Some(cpe) = &product.cpe {
        return name::cut(cpe).is_some_and(|name| name::product_key(name.product) == key);
    }
    let plain = |text: &str| -> String { text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect() };
    key.split(':').nth(2).is_some_and(|have| {
        let have = plain(have);
        !have.is_empty() && have == plain(&product.product)
    })
}
