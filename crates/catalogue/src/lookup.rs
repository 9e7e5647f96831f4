//! What all sources say about one vulnerability.

use crate::detail::{Detail, Exploited, Score};
use crate::error::CatalogueError;
use crate::open::Catalogue;
use crate::rows::{self, NONE, SayRow, VulnerabilityRow};
use tomomori_formats::record::{Lang, Source, State, TextKind};

/// A vulnerability with everything each source says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vulnerability {
    /// CVE id, or the source's own.
    pub id: String,
    /// Rejected if NVD rejects it (or, without NVD, all sources do); not analysed if nothing else is known.
    pub state: State,
    /// Highest base score of any source, times ten.
    pub score_tenths: Option<u16>,
    /// What each source says, in the order NVD, KEV, CSAF, JVN.
    pub says: Vec<Say>,
}

/// One source's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    /// Who says it.
    pub source: Source,
    /// The document it stands in (`ICSMA-24-…`, `JVNDB-2022-…`), where that is not the CVE itself.
    pub document: Option<String>,
    /// In force, withdrawn, or not analysed.
    pub state: State,
    /// Applicability trees over CPE names it carries.
    pub trees: u32,
    /// Everything else.
    pub detail: Detail,
}

impl Vulnerability {
    /// The text of a kind in a language, from the first source that has one.
    #[must_use]
    pub fn text(&self, kind: TextKind, lang: Lang) -> Option<&str> {
        let mut texts = self.says.iter().flat_map(|say| &say.detail.texts);
        texts.find(|text| text.kind == kind && text.lang == lang).map(|text| text.text.as_str())
    }

    /// The title to show: Japanese, else English, else the first sentence of a description; empty if nobody wrote any.
    #[must_use]
    pub fn title(&self, first: Lang) -> String {
        let second = if first == Lang::Ja { Lang::En } else { Lang::Ja };
        let title = [first, second].into_iter().find_map(|lang| self.text(TextKind::Title, lang));
        let described = || [first, second].into_iter().find_map(|lang| self.text(TextKind::Description, lang));
        title.map(str::to_owned).or_else(|| described().map(first_sentence)).unwrap_or_default()
    }

    /// CISA's entry, if it is known to be exploited.
    #[must_use]
    pub fn exploited(&self) -> Option<&Exploited> {
        self.says.iter().find_map(|say| say.detail.exploited.as_ref())
    }

    /// All scores with the source that published them.
    pub fn scores(&self) -> impl Iterator<Item = (Source, &Score)> {
        self.says.iter().flat_map(|say| say.detail.scores.iter().map(move |score| (say.source, score)))
    }

    /// Addresses of all sources, each once, in order.
    #[must_use]
    pub fn links(&self) -> Vec<&str> {
        let mut links: Vec<&str> = Vec::new();
        for link in self.says.iter().flat_map(|say| &say.detail.links) {
            if !links.contains(&link.as_str()) {
                links.push(link);
            }
        }
        links
    }
}

/// Up to the first full stop followed by a blank, or 200 characters: then up to the last blank, and a sign of the cut.
fn first_sentence(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let sentence = line.find(". ").map_or(line, |at| &line[..=at]);
    let sentence = sentence.find('。').map_or(sentence, |at| &sentence[..at]);
    let Some((at, _)) = sentence.char_indices().nth(200) else { return sentence.to_owned() };
    let cut = &sentence[..at];
    format!("{}…", cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole))
}

impl Catalogue {
    /// Everything known about a vulnerability; `None` when no source has a record of it.
    ///
    /// # Errors
    /// A damaged block.
    pub fn vulnerability(&self, id: &str) -> Result<Option<Vulnerability>, CatalogueError> {
        let id = id.trim();
        let number = match self.vulnerability_number(id)? {
            Some(number) => Some(number),
            None => self.vulnerability_number(&id.to_ascii_uppercase())?,
        };
        number.map(|number| self.vulnerability_at(number)).transpose()
    }

    pub(crate) fn vulnerability_at(&self, number: u32) -> Result<Vulnerability, CatalogueError> {
        let row = VulnerabilityRow::read(&self.file, number)?;
        let mut says = Vec::new();
        for say in row.first_say..row.first_say.saturating_add(row.says) {
            let say = SayRow::read(&self.file, say)?;
            let document = if say.document == NONE { None } else { Some(self.texts().get(say.document)?.to_owned()) };
            says.push(Say {
                source: rows::source(say.source)?,
                document,
                state: rows::state(say.state)?,
                trees: say.trees,
                detail: self.detail(say.detail)?,
            });
        }
        Ok(Vulnerability {
            id: self.texts().get(row.id)?.to_owned(),
            state: rows::state(row.state)?,
            score_tenths: (row.score > 0).then_some(row.score),
            says,
        })
    }
}
