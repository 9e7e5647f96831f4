//! Support periods of products (endoflife.date) in the file, and how long a component is supported.
//!
//! ```text
//! section  = count · product…
//! product  = name · label · count · key… · count · cycle…
//! cycle    = name · label? · latest? · 4 × end
//! end      = 0 nobody says | 1 has not ended | 2 has ended | 3 + date          date = year × 10000 + month × 100 + day
//! ```
//! The section is small (a quarter of a megabyte for all products there are) and read as a whole at the first question.

mod keys;

use crate::codec::{Cursor, put, put_optional, put_text};
use crate::error::CatalogueError;
use crate::file::Section;
use crate::open::Catalogue;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tomomori_domain::lifetime::{End, Ends};
use tomomori_formats::eol::{Cycle, Fit, Product, fitting, with_build};

pub(crate) use keys::Asked;

/// Key of the source in [`crate::Info::sources`].
pub const LIFETIMES: &str = "eol";

/// Largest section written and read, in bytes: decoded it takes some twenty times as much.
const MAX_SECTION: usize = 8 << 20;
/// Longest text kept, in bytes; longer ones belong to no product there is.
const MAX_TEXT: usize = 200;
/// Most cycles and most keys of one product; the largest real one has some 160.
const MAX_PARTS: usize = 2_000;

/// How long a component is supported, and which record says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The product, for people.
    pub product: String,
    /// Cycles the version may belong to, joined by ` / `.
    pub cycle: String,
    /// What ends when; of several cycles the earlier of each.
    pub earliest: Ends,
    /// Of several cycles the later of each; equal to `earliest` where there is nothing to choose.
    pub latest: Ends,
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoLifetime {
    /// No records of support periods are in the catalogue.
    NoRecords,
    /// The ledger does not say which product it is.
    NoProduct,
    /// A package of a Linux distribution: supported as long as the distribution is, whatever its maker says.
    OfDistribution,
    /// No record, or more than one, is about the product.
    NotListed,
    /// The version is not known.
    NoVersion,
    /// Several cycles begin like the version: it has to be known more exactly.
    VersionTooShort,
    /// No cycle of the record begins like the version.
    NoCycle,
}

/// Records while a catalogue is built, by name.
#[derive(Default)]
pub(crate) struct Collected(BTreeMap<String, Product>);

impl Collected {
    /// Takes a record; of two with one name the newer counts, of equally old ones the last.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(crate) fn add(&mut self, product: Product) -> Result<(), &'static str> {
        let Some(name) = product.name.clone() else {
            return Err("support periods without the name of their product");
        };
        if is_too_large(&product) {
            return Err("support periods with too many or too long parts");
        }
        if self.0.get(&name).is_none_or(|old| old.newest <= product.newest) {
            self.0.insert(name, product);
        }
        Ok(())
    }

    pub(crate) fn records(&self) -> u64 {
        self.0.len() as u64
    }

    /// Records that name no product in a way a component could be known by.
    pub(crate) fn without_products(&self) -> u64 {
        self.0.values().filter(|product| keys::of(product).is_empty()).count() as u64
    }

    pub(crate) fn newest(&self) -> Option<Date> {
        self.0.values().filter_map(|product| product.newest).max()
    }

    /// Bytes of the section; none when there are no records.
    ///
    /// # Errors
    /// [`CatalogueError::Limit`].
    pub(crate) fn encode(&self) -> Result<Vec<u8>, CatalogueError> {
        let mut out = Vec::new();
        if self.0.is_empty() {
            return Ok(out);
        }
        put(&mut out, self.0.len() as u64);
        for (name, product) in &self.0 {
            put_text(&mut out, name);
            put_text(&mut out, product.label.as_deref().unwrap_or(name));
            let keys = keys::of(product);
            put(&mut out, keys.len() as u64);
            keys.iter().for_each(|key| put_text(&mut out, key));
            put(&mut out, product.cycles.len() as u64);
            for cycle in &product.cycles {
                put_text(&mut out, &cycle.name);
                put_optional(&mut out, cycle.label.as_deref());
                put_optional(&mut out, cycle.latest.as_deref());
                let Ends { full, security, extended, discontinued } = cycle.ends;
                [full, security, extended, discontinued].into_iter().for_each(|end| put_end(&mut out, end));
            }
        }
        if out.len() > MAX_SECTION {
            return Err(CatalogueError::Limit { what: "bytes of support periods", limit: MAX_SECTION as u64 });
        }
        Ok(out)
    }
}

fn is_too_large(product: &Product) -> bool {
    let parts = [product.cycles.len(), product.cpes.len(), product.purls.len()];
    let texts =
        product.cycles.iter().flat_map(|cycle| [Some(&cycle.name), cycle.label.as_ref(), cycle.latest.as_ref()]);
    let texts = texts.flatten().chain(&product.cpes).chain(&product.purls).chain(&product.name).chain(&product.label);
    parts.into_iter().any(|count| count > MAX_PARTS) || texts.into_iter().any(|text| text.len() > MAX_TEXT)
}

fn number(day: Date) -> u64 {
    // Years before 1 are no support periods.
    u64::from(day.year().unsigned_abs()) * 10_000
        + day.month().unsigned_abs() as u64 * 100
        + u64::from(day.day().unsigned_abs())
}

fn put_end(out: &mut Vec<u8>, end: End) {
    match end {
        End::Unknown => put(out, 0),
        End::NotEnded => put(out, 1),
        End::Ended => put(out, 2),
        End::On(day) => {
            put(out, 3);
            put(out, number(day));
        }
    }
}

fn read_date(cursor: &mut Cursor<'_>) -> Result<Date, CatalogueError> {
    let number = cursor.number()?;
    let part = |value: u64| i8::try_from(value).ok();
    let year = i16::try_from(number / 10_000).ok();
    year.zip(part(number / 100 % 100))
        .zip(part(number % 100))
        .and_then(|((year, month), day)| Date::new(year, month, day).ok())
        .ok_or_else(|| CatalogueError::corrupt(Section::Lifetimes.name(), format!("{number} is no day")))
}

fn read_end(cursor: &mut Cursor<'_>) -> Result<End, CatalogueError> {
    Ok(match cursor.number()? {
        0 => End::Unknown,
        1 => End::NotEnded,
        2 => End::Ended,
        3 => End::On(read_date(cursor)?),
        other => return Err(CatalogueError::corrupt(Section::Lifetimes.name(), format!("end {other}"))),
    })
}

/// One record, as read from the file.
struct Kept {
    name: String,
    label: String,
    cycles: Vec<Cycle>,
}

/// All records of an open catalogue.
#[derive(Default)]
pub(crate) struct Records {
    products: Vec<Kept>,
    /// Position by key; `None` where two records name one product.
    by_key: FxHashMap<String, Option<usize>>,
}

impl Records {
    fn of(catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        let length = catalogue.file.length(Section::Lifetimes);
        let mut records = Self::default();
        if length == 0 {
            return Ok(records);
        }
        if length > MAX_SECTION {
            return Err(CatalogueError::corrupt(Section::Lifetimes.name(), "larger than any that is written"));
        }
        let mut cursor = Cursor::new(catalogue.file.read(Section::Lifetimes, 0, length)?, Section::Lifetimes.name());
        for at in 0..cursor.count()? {
            let (name, label) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
            for _ in 0..cursor.count()? {
                let key = cursor.text()?.to_owned();
                records.by_key.entry(key).and_modify(|other| *other = None).or_insert(Some(at));
            }
            let mut cycles = Vec::new();
            for _ in 0..cursor.count()? {
                cycles.push(Cycle {
                    name: cursor.text()?.to_owned(),
                    label: cursor.optional()?.map(str::to_owned),
                    latest: cursor.optional()?.map(str::to_owned),
                    released: None,
                    ends: Ends {
                        full: read_end(&mut cursor)?,
                        security: read_end(&mut cursor)?,
                        extended: read_end(&mut cursor)?,
                        discontinued: read_end(&mut cursor)?,
                    },
                });
            }
            records.products.push(Kept { name, label, cycles });
        }
        Ok(records)
    }

    fn find(&self, key: &str) -> Option<&Kept> {
        self.products.get((*self.by_key.get(key)?)?)
    }
}

impl Catalogue {
    /// How long a component is supported. `product` is `part:vendor:product`, `purl` a package URL.
    ///
    /// The record is the one that names the product: by its package URL without version, else by its CPE name without version
    /// (software is one whether filed under `a` or `o`), else by a small table for records that carry no identifiers. The
    /// cycles are those of [`fitting`]; Windows releases, which carry the release in the product's name, are turned into the
    /// record's cycle names first, and full builds are compared with each cycle's newest build. Where several cycles are
    /// meant (editions, service packs) the earliest and the latest day of each end are given; the caller must not choose.
    ///
    /// # Errors
    /// A damaged block.
    pub fn lifetime(
        &self,
        product: Option<&str>,
        purl: Option<&str>,
        version: Option<&str>,
    ) -> Result<Result<Lifetime, NoLifetime>, CatalogueError> {
        let records = match self.lifetimes.get() {
            Some(records) => records,
            None => {
                let read = Records::of(self)?;
                self.lifetimes.get_or_init(|| read)
            }
        };
        Ok(records.answer(product, purl, version))
    }
}

impl Records {
    fn answer(&self, product: Option<&str>, purl: Option<&str>, version: Option<&str>) -> Result<Lifetime, NoLifetime> {
        if self.products.is_empty() {
            return Err(NoLifetime::NoRecords);
        }
        if purl.is_some_and(keys::is_of_distribution) {
            return Err(NoLifetime::OfDistribution);
        }
        let asked = Asked::of(product, purl, version).ok_or(NoLifetime::NoProduct)?;
        let kept = asked.keys.iter().find_map(|key| self.find(key)).ok_or(NoLifetime::NotListed)?;
        let version = asked.version.filter(|version| !version.trim().is_empty()).ok_or(NoLifetime::NoVersion)?;
        let fit = if asked.build { with_build(&kept.cycles, &version) } else { fitting(&kept.cycles, &version) };
        match fit {
            Fit::None => Err(NoLifetime::NoCycle),
            Fit::TooShort => Err(NoLifetime::VersionTooShort),
            Fit::These(cycles) => Ok(kept.lifetime(&cycles)),
        }
    }
}

impl Kept {
    fn lifetime(&self, cycles: &[&Cycle]) -> Lifetime {
        let product = if self.label.is_empty() { &self.name } else { &self.label };
        let names: Vec<&str> = cycles.iter().map(|cycle| cycle.name.as_str()).collect();
        let ends = |get: fn(&Ends) -> End| spread(cycles.iter().map(|cycle| get(&cycle.ends)));
        let full = ends(|ends| ends.full);
        let security = ends(|ends| ends.security);
        let extended = ends(|ends| ends.extended);
        let discontinued = ends(|ends| ends.discontinued);
        Lifetime {
            product: product.clone(),
            cycle: names.join(" / "),
            earliest: Ends { full: full.0, security: security.0, extended: extended.0, discontinued: discontinued.0 },
            latest: Ends { full: full.1, security: security.1, extended: extended.1, discontinued: discontinued.1 },
        }
    }
}

/// The earliest and the latest of several ends. What has ended came before every day, what has not ended comes after
/// every day; with one that nobody knows nothing is known.
fn spread(ends: impl Iterator<Item = End>) -> (End, End) {
    let rank = |end: &End| match end {
        End::Unknown => (0, None),
        End::Ended => (1, None),
        End::On(day) => (2, Some(*day)),
        End::NotEnded => (3, None),
    };
    let mut ends: Vec<End> = ends.collect();
    ends.sort_by_key(rank);
    match (ends.first(), ends.last()) {
        (Some(first), Some(last)) if *first != End::Unknown => (*first, *last),
        _ => (End::Unknown, End::Unknown),
    }
}
