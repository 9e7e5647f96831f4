//! What ends on a device, and when: pure, from the ledger and the public records.

use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tomomori_catalogue::{Catalogue, CatalogueError, Lifetime, NoLifetime};
use tomomori_domain::ids::ResourceId;
use tomomori_domain::lifetime::{End, Ends, LifeClass, contradict};
use tomomori_domain::resource::{Component, Layer, Ledger, Resource, ResourceKind, ResourceState};

/// Why an end is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Of the device itself no list, no vendor, no person and no record says when its support ends.
    NotStated,
    /// The record that is about it names no end.
    Silent,
    /// Its editions end on days so far apart that they mean different things today.
    EditionsDiffer,
    /// No record answers.
    Record(NoLifetime),
}

/// Who says when support ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// Nobody.
    Nobody,
    /// The ledger: a list, the vendor or a person.
    Ledger,
    /// The public record.
    Record,
}

/// How long one thing is supported.
#[derive(Clone, Debug)]
pub struct Life {
    /// Where it stands today.
    pub class: LifeClass,
    /// Why that is unknown.
    pub why: Option<Why>,
    /// What ends when; of several editions the earlier of each.
    pub ends: Ends,
    /// Of several editions the later of each, else equal to `ends`.
    pub latest: Ends,
    /// On whose word.
    pub from: SaidBy,
    /// The public record about it, also where the ledger's word stands before it.
    pub record: Option<Arc<Lifetime>>,
    /// The ledger's word and the record's are more than a month apart: both are to be shown.
    pub contradicted: bool,
}

/// One thing on a device whose support ends. Things of which nothing is known for one reason stand together.
#[derive(Clone, Debug)]
pub struct Part<'l> {
    /// The device.
    pub resource: &'l Resource,
    /// Its layer.
    pub layer: Layer,
    /// The components; none = the device itself.
    pub components: Vec<&'l Component>,
    /// How long it is supported.
    pub life: Life,
}

/// Asks the records; equal questions once.
pub struct Lookup<'l> {
    catalogue: Option<&'l Catalogue>,
    answers: HashMap<Question<'l>, Answer>,
}

/// Product, package URL, version.
type Question<'l> = (Option<&'l str>, Option<&'l str>, Option<Cow<'l, str>>);
type Answer = Result<Arc<Lifetime>, NoLifetime>;

impl<'l> Lookup<'l> {
    /// Without a catalogue there are no records.
    #[must_use]
    pub fn new(catalogue: Option<&'l Catalogue>) -> Self {
        Self { catalogue, answers: HashMap::new() }
    }

    fn ask(&mut self, component: &'l Component) -> Result<Answer, CatalogueError> {
        let Some(catalogue) = self.catalogue else { return Ok(Err(NoLifetime::NoRecords)) };
        let product = component.product.as_ref().map(|product| product.key.as_str());
        let question = (product, component.purl.as_deref(), version(component));
        if let Some(answer) = self.answers.get(&question) {
            return Ok(answer.clone());
        }
        let answer = catalogue.lifetime(question.0, question.1, question.2.as_deref())?.map(Arc::new);
        self.answers.insert(question, answer.clone());
        Ok(answer)
    }
}

/// The version with the words that follow it in the text: `SQL Server 2014 SP2` is 2014 SP2, `Windows Server 2012 R2` whose
/// version is not known is R2. Words that begin with a digit are left out, they could make another version.
fn version(component: &Component) -> Option<Cow<'_, str>> {
    let known = component.version.as_deref();
    let server = || component.product.as_ref()?.key.strip_prefix("o:microsoft:windows_server_");
    let before = known.or_else(server)?;
    let tail = component.text.rfind(before).and_then(|at| component.text.get(at + before.len()..)).unwrap_or_default();
    let words: Vec<&str> =
        tail.split_whitespace().take_while(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    match (known, words.is_empty()) {
        (known, true) => known.map(Cow::Borrowed),
        // What is glued to the version belongs to it, and the version already says it.
        (Some(_), false) if !tail.starts_with(char::is_whitespace) => known.map(Cow::Borrowed),
        (Some(known), false) => Some(Cow::Owned(format!("{known} {}", words.join(" ")))),
        (None, false) => Some(Cow::Owned(words.join(" "))),
    }
}

/// What ends on all devices that are not disposed of, device by device in the order of the ledger.
///
/// # Errors
/// A damaged block of the catalogue.
pub fn of_ledger<'l>(
    ledger: &'l Ledger,
    lookup: &mut Lookup<'l>,
    today: Date,
) -> Result<Vec<Part<'l>>, CatalogueError> {
    let mut on: HashMap<ResourceId, Vec<&Component>> = HashMap::new();
    for component in &ledger.components {
        on.entry(component.resource).or_default().push(component);
    }
    let mut parts = Vec::new();
    for resource in ledger.resources.iter().filter(|row| row.state != Some(ResourceState::Retired)) {
        let components = on.get(&resource.id).map(Vec::as_slice).unwrap_or_default();
        of_device(resource, components, lookup, today, &mut parts)?;
    }
    Ok(parts)
}

/// What ends on one device.
///
/// 1. *The device itself*: what the ledger states (EOL, EOS) stands before the public record about its firmware, end by end;
///    an end the ledger does not state is the record's, unless editions leave it open or the two contradict each other. Rooms have none unless one is stated.
/// 2. *Its operating system, middleware and applications*: the public record, each for itself. What a ledger states is about
///    the device, so it says nothing about them.
/// 3. What no record answers for stands together by reason; an operating system of which nothing is known stands alone. A
///    device has one operating system: seen by another tool less exactly it is not a second, unknown one.
fn of_device<'l>(
    resource: &'l Resource,
    components: &[&'l Component],
    lookup: &mut Lookup<'l>,
    today: Date,
    parts: &mut Vec<Part<'l>>,
) -> Result<(), CatalogueError> {
    let (mut firmware, mut others, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for component in components {
        let answer = lookup.ask(component)?;
        match (component.layer, answer) {
            (Layer::Firmware, answer) => firmware.push((*component, answer)),
            (_, Ok(record)) => others.push((*component, record)),
            (_, Err(why)) => open.push((*component, why)),
        }
    }
    let of = |layer, components, life| Part { resource, layer, components, life };
    let mut known = firmware.iter().filter_map(|(component, answer)| Some((*component, answer.as_ref().ok()?)));
    let own = known.next();
    let stated = Ends { full: resource.end_of_life.into(), security: resource.support_end.into(), ..Ends::default() };
    let life = match own {
        _ if stated.decisive() != End::Unknown => of_statement(stated, own.map(|(_, record)| record), today),
        Some((_, record)) => of_record(record, today),
        None => unknown(own_reason(&firmware)),
    };
    if resource.kind != ResourceKind::Facility || life.class != LifeClass::Unknown {
        parts.push(of(Layer::Firmware, own.map(|(component, _)| component).into_iter().collect(), life));
    }
    let more = known.map(|(component, record)| of(Layer::Firmware, vec![component], of_record(record, today)));
    parts.extend(more);
    let system_known = others.iter().any(|(component, _)| component.layer == Layer::Os);
    parts.extend(
        others.iter().map(|(component, record)| of(component.layer, vec![*component], of_record(record, today))),
    );
    let mut together: BTreeMap<(bool, NoLifetime), Vec<&Component>> = BTreeMap::new();
    for (component, why) in open {
        let alone = component.layer == Layer::Os;
        if alone && system_known {
            continue;
        }
        together.entry((!alone, why)).or_default().push(component);
    }
    parts.extend(together.into_iter().filter_map(|((_, why), mut components)| {
        components.sort_by(|a, b| (a.layer, &a.text, a.id).cmp(&(b.layer, &b.text, b.id)));
        Some(of(components.first()?.layer, components, unknown(Why::Record(why))))
    }));
    Ok(())
}

/// What a person could do about it stands before what nobody here can change.
fn own_reason(firmware: &[(&Component, Answer)]) -> Why {
    let reasons = firmware.iter().filter_map(|(_, answer)| answer.as_ref().err());
    let useful = [NoLifetime::NoVersion, NoLifetime::VersionTooShort, NoLifetime::NoCycle];
    let found = reasons.filter(|why| useful.contains(why)).min();
    found.map_or(Why::NotStated, |why| Why::Record(*why))
}

fn unknown(why: Why) -> Life {
    Life {
        class: LifeClass::Unknown,
        why: Some(why),
        ends: Ends::default(),
        latest: Ends::default(),
        from: SaidBy::Nobody,
        record: None,
        contradicted: false,
    }
}

fn of_record(record: &Arc<Lifetime>, today: Date) -> Life {
    let (first, last) = (record.earliest.class(today), record.latest.class(today));
    let (class, why) = match (first, last) {
        (LifeClass::Unknown, LifeClass::Unknown) => (first, Some(Why::Silent)),
        _ if first == last => (first, None),
        _ => (LifeClass::Unknown, Some(Why::EditionsDiffer)),
    };
    Life {
        class,
        why,
        ends: record.earliest,
        latest: record.latest,
        from: SaidBy::Record,
        record: Some(Arc::clone(record)),
        contradicted: false,
    }
}

fn of_statement(stated: Ends, record: Option<&Arc<Lifetime>>, today: Date) -> Life {
    let against = |get: fn(&Ends) -> End| {
        record.is_some_and(|record| {
            [&record.earliest, &record.latest].iter().all(|ends| contradict(get(&stated), get(ends), today))
        })
    };
    let contradicted = against(|ends| ends.full) || against(|ends| ends.security);
    // Of a record that the ledger does not agree with no end is borrowed.
    let believed = record.filter(|_| !contradicted);
    let or = |get: fn(&Ends) -> End| {
        let (first, last) = believed.map(|record| (get(&record.earliest), get(&record.latest))).unwrap_or_default();
        match get(&stated) {
            End::Unknown if first == last => first,
            said => said,
        }
    };
    let ends = Ends {
        full: or(|ends| ends.full),
        security: or(|ends| ends.security),
        extended: or(|ends| ends.extended),
        discontinued: or(|ends| ends.discontinued),
    };
    Life {
        class: ends.class(today),
        why: None,
        ends,
        latest: ends,
        from: SaidBy::Ledger,
        record: record.cloned(),
        contradicted,
    }
}

/// Where a device stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The most urgent class of its parts.
    pub class: LifeClass,
    /// Middleware or applications of which nobody knows the end are left out of `class`: nearly every device has some, and
    /// what is known would not be seen any more. It must be shown beside.
    pub open: bool,
}

/// Where devices stand as a whole. Devices without parts are missing.
#[must_use]
pub fn by_device(parts: &[Part<'_>]) -> HashMap<ResourceId, Whole> {
    let mut found: HashMap<ResourceId, (Option<LifeClass>, bool)> = HashMap::new();
    for part in parts {
        let class = part.life.class;
        let (worst, open) = found.entry(part.resource.id).or_default();
        if class == LifeClass::Unknown && matches!(part.layer, Layer::Middleware | Layer::Application) {
            *open = true;
        } else {
            *worst = Some(worst.map_or(class, |worst| worst.min(class)));
        }
    }
    // A device that has nothing but such parts is unknown itself.
    let whole = |(worst, open): (Option<LifeClass>, bool)| Whole { class: worst.unwrap_or(LifeClass::Unknown), open };
    found.into_iter().map(|(id, found)| (id, whole(found))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use tomomori_domain::resource::{ChoiceBy, ProductChoice};

    const TODAY: Date = date(2026, 11, 25);

    fn record(first: Ends, last: Ends) -> Arc<Lifetime> {
        Arc::new(Lifetime { product: "X".into(), cycle: "1".into(), earliest: first, latest: last })
    }

    fn security(day: Date) -> Ends {
        Ends { security: End::On(day), ..Ends::default() }
    }

    #[test]
    fn the_ledgers_word_stands_before_the_record_and_a_contradiction_is_told() {
        let old = record(security(date(2025, 9, 30)), security(date(2025, 9, 30)));
        let life = of_statement(security(date(2029, 3, 31)), Some(&old), TODAY);
        assert_eq!((life.class, life.from, life.contradicted), (LifeClass::Later, SaidBy::Ledger, true));
        let life = of_statement(security(date(2025, 9, 15)), Some(&old), TODAY);
        assert_eq!((life.class, life.contradicted), (LifeClass::Ended, false));
        // The ledger knows the end of full support only: the other end is the record's.
        let stated = Ends { full: End::On(date(2024, 1, 1)), ..Ends::default() };
        let life = of_statement(stated, Some(&old), TODAY);
        assert_eq!((life.ends.security, life.class), (End::On(date(2025, 9, 30)), LifeClass::Ended));
        // Unless editions leave it open.
        let open = record(security(date(2025, 9, 30)), security(date(2029, 9, 30)));
        let life = of_statement(Ends { full: End::On(date(2027, 1, 1)), ..Ends::default() }, Some(&open), TODAY);
        assert_eq!((life.ends.security, life.class), (End::Unknown, LifeClass::Within12));
        let life = of_statement(security(date(2027, 1, 1)), Some(&open), TODAY);
        assert!(life.contradicted, "neither of the editions");
    }

    #[test]
    fn words_behind_the_version_belong_to_it() {
        let component = |text: &str, version: Option<&str>, key: &str| Component {
            id: tomomori_domain::ids::ComponentId::generate(),
            resource: ResourceId::generate(),
            layer: Layer::Os,
            text: text.to_owned(),
            version: version.map(str::to_owned),
            purl: None,
            product: Some(ProductChoice { key: key.to_owned(), by: ChoiceBy::Name, score: 95 }),
        };
        let server = "o:microsoft:windows_server_2012";
        for (text, known, key, wanted) in [
            ("SQL Server 2014 SP2", Some("2014"), "a:microsoft:sql_server", Some("2014 SP2")),
            ("FortiOS 5.6.5", Some("5.6.5"), "o:fortinet:fortios", Some("5.6.5")),
            ("OpenSSL 1.0.2k", Some("1.0.2"), "a:openssl:openssl", Some("1.0.2")),
            ("Oracle 12 2", Some("12"), "a:oracle:database", Some("12")),
            ("PostgreSQL", Some("9.6.8"), "a:postgresql:postgresql", Some("9.6.8")),
            ("Windows Server 2012 R2", None, server, Some("R2")),
            ("Win2012R2 Std", None, server, Some("R2 Std")),
            ("Windows Server 2012", None, server, None),
            ("PostgreSQL", None, "a:postgresql:postgresql", None),
        ] {
            assert_eq!(version(&component(text, known, key)).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn editions_are_unknown_only_where_they_mean_different_things_today() {
        for (first, last, class, why) in [
            (date(2018, 1, 9), date(2026, 7, 14), LifeClass::Ended, None),
            (date(2020, 11, 10), date(2029, 1, 9), LifeClass::Unknown, Some(Why::EditionsDiffer)),
            (date(2027, 1, 1), date(2027, 6, 1), LifeClass::Within12, None),
        ] {
            let life = of_record(&record(security(first), security(last)), TODAY);
            assert_eq!((life.class, life.why), (class, why), "{first} {last}");
        }
        let silent = of_record(&record(Ends::default(), Ends::default()), TODAY);
        assert_eq!((silent.class, silent.why), (LifeClass::Unknown, Some(Why::Silent)));
    }

    #[test]
    fn a_device_is_as_urgent_as_its_worst_part_and_never_safer_than_unknown() {
        let device = Resource::named(ResourceId::generate(), "電子カルテDB".to_owned());
        let part = |layer, life: Life| Part { resource: &device, layer, components: Vec::new(), life };
        let later = || of_statement(security(date(2030, 1, 1)), None, TODAY);
        let ended = || of_statement(security(date(2020, 1, 1)), None, TODAY);
        let nobody_says = || unknown(Why::NotStated);
        for (parts, class, open) in [
            (vec![part(Layer::Firmware, later()), part(Layer::Os, ended())], LifeClass::Ended, false),
            (vec![part(Layer::Firmware, later()), part(Layer::Os, nobody_says())], LifeClass::Unknown, false),
            (vec![part(Layer::Firmware, later()), part(Layer::Application, nobody_says())], LifeClass::Later, true),
            (vec![part(Layer::Application, nobody_says())], LifeClass::Unknown, true),
        ] {
            assert_eq!(by_device(&parts).get(&device.id), Some(&Whole { class, open }));
        }
        assert!(by_device(&[]).is_empty());
    }
}
