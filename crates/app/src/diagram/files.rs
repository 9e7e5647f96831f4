//! The diagram as files.

use super::{DiagramQuery, Translate};
use crate::{AppError, Ctx};
use tokio::sync::Semaphore;
use tomomori_diagram::{Layout, Options, drawio, svg};
use tomomori_domain::{Msg, date};
use tomomori_report::{Lang, MAX_PIXELS, Meta, Page, ReportError, diagram_pdf, png};
use tomomori_store::AuditEvent;

/// Setting a paper takes a core and memory for a moment: at most so many at a time, others wait.
static DESKS: Semaphore = Semaphore::const_new(2);

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// SVG.
    Svg,
    /// PNG, two pixels per unit of the picture, fewer where that would be too many.
    Png,
    /// PDF on A4 landscape.
    PdfA4,
    /// PDF on A3 landscape.
    PdfA3,
    /// draw.io (diagrams.net), for going on by hand.
    Drawio,
}

impl FileKind {
    /// From the ending of a name and the paper (`a4`; anything else is A3).
    #[must_use]
    pub fn from_ending(ending: &str, page: Option<&str>) -> Option<Self> {
        match ending {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            "pdf" if page.is_some_and(|page| page.eq_ignore_ascii_case("a4")) => Some(Self::PdfA4),
            "pdf" => Some(Self::PdfA3),
            "drawio" => Some(Self::Drawio),
            _ => None,
        }
    }

    /// Ending of the file's name.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::PdfA4 | Self::PdfA3 => "pdf",
            Self::Drawio => "drawio",
        }
    }

    /// Media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::PdfA4 | Self::PdfA3 => "application/pdf",
            Self::Drawio => "application/vnd.jgraph.mxfile",
        }
    }
}

/// A finished file.
#[derive(Clone, Debug)]
pub struct DiagramFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The day it shows, for its name.
    pub day: jiff::civil::Date,
}

/// The picture a query asks for as a file; that it was made is noted in the audit trail.
///
/// # Errors
/// As [`super::view`]; [`AppError::Invalid`] where the file cannot be made, with what to do.
pub async fn file(
    ctx: &Ctx,
    query: &DiagramQuery,
    kind: FileKind,
    lang: Lang,
    tr: Translate<'_>,
) -> Result<DiagramFile, AppError> {
    let scene = super::scene(ctx, query, tr).await?;
    let day = query.compare.map(|(_, to)| to).or(query.at).unwrap_or(ctx.today());
    let paper_day = Msg::new("diagram-paper-date").arg("date", day).arg("era", date::wareki(day));
    let meta = Meta {
        title: tr(&Msg::new("nav-diagram")),
        tenant: scene.tenant.clone(),
        date: tr(&paper_day),
        footer: tr(&Msg::new("diagram-paper-footer").arg("revision", scene.ledger.revision)),
        lang,
    };
    let desk = DESKS.acquire().await.map_err(AppError::internal)?;
    let work = tokio::task::spawn_blocking(move || write(&scene.layout(), kind, &meta));
    let bytes = work.await.map_err(AppError::internal)?.map_err(|error| AppError::Invalid(error.msg()))?;
    drop(desk);
    let details = serde_json::json!({ "format": kind.ending(), "view": query.address("") });
    let mut tx = ctx.write().await?;
    tx.audit(AuditEvent::new("diagram.export", "diagram".to_owned()).details(details)).await?;
    tx.commit().await?;
    Ok(DiagramFile { bytes, day })
}

fn write(layout: &Layout, kind: FileKind, meta: &Meta) -> Result<Vec<u8>, ReportError> {
    let picture = || svg(layout, &Options { self_contained: true, ..Options::default() });
    match kind {
        FileKind::Svg => Ok(picture().into_bytes()),
        FileKind::Drawio => Ok(drawio(layout).into_bytes()),
        FileKind::Png => png(&picture(), pixels(layout)),
        FileKind::PdfA4 => diagram_pdf(&picture(), Page::A4, meta),
        FileKind::PdfA3 => diagram_pdf(&picture(), Page::A3, meta),
    }
}

/// Width of the PNG: two pixels per unit, as far as the limit allows.
fn pixels(layout: &Layout) -> u32 {
    let (w, h) = (f64::from(layout.width.max(1)), f64::from(layout.height.max(1)));
    // A little below the limit: the height is rounded.
    let most = (0.98 * MAX_PIXELS as f64 / (w * h)).sqrt();
    (w * most.min(2.0)).max(1.0) as u32
}
