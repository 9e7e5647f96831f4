//! Papers of a round of stocktaking: the sheet to fill in by hand (棚卸票) and the result (棚卸結果報告書).

use crate::diagram::Translate;
use crate::export::label;
use crate::stocktake::{self, RoundView};
use crate::{AppError, Ctx};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;
use tomomori_domain::access::permission::ReadLedger;
use tomomori_domain::ids::StocktakeId;
use tomomori_domain::stocktake::{Line, Outcome, Settled, Tally};
use tomomori_domain::{Msg, date};
use tomomori_report::{Cell, Column, Lang, Meta, Paper, ReportError, Section, table_pdf};
use tomomori_sheet::export::SheetOut;

/// Papers set at the same time: each takes seconds of a core and much memory.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Blank rows for things no ledger knows.
const BLANK_ROWS: usize = 8;

/// The sheet to fill in by hand, by place.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] when it passes what fits on one paper.
pub async fn sheet_pdf(ctx: &Ctx, id: StocktakeId, lang: Lang, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let view = stocktake::view(ctx, id).await?;
    let round = &view.round;
    let t = |key: Msg| tr(&key);
    let columns = [
        Column::new(t(Msg::new("field-asset-number")), 18),
        Column::new(t(Msg::new("field-name")), 26),
        Column::new(t(Msg::new("field-product")), 26),
        Column::new(t(Msg::new("field-serial")), 22),
        Column::new(t(Msg::new("field-location")), 20),
        Column::new(t(Msg::new("outcome-found")), 10).centred(),
        Column::new(t(Msg::new("outcome-missing")), 10).centred(),
        Column::new(t(Msg::new("stocktake-sheet-note")), 36),
    ];
    let known = |value: &Option<String>| match value {
        Some(text) => Cell::text(text.clone()),
        None => Cell::unknown(t(Msg::new("unknown"))),
    };
    let mut paper = Paper::new(meta(ctx, &view, &Msg::new("stocktake-sheet-title"), lang, tr).await?)
        .landscape()
        .for_writing()
        .line(scope_line(&view, tr))
        .line(t(Msg::new("stocktake-sheet-how")));
    for lines in round.places() {
        let mut section = Section::new(place_name(lines, tr), columns.clone());
        for Line { item, .. } in lines {
            section = section.row([
                item.asset_number.clone().map_or_else(Cell::blank, Cell::text),
                Cell::text(item.name.clone()),
                known(&item.product),
                known(&item.serial),
                known(&item.location),
                Cell::open(),
                Cell::open(),
                Cell::blank(),
            ]);
        }
        paper = paper.section(section);
    }
    let columns = [
        Column::new(t(Msg::new("field-name")), 30),
        Column::new(t(Msg::new("field-kind")), 20),
        Column::new(t(Msg::new("field-location")), 30),
        Column::new(t(Msg::new("stocktake-label")), 40),
        Column::new(t(Msg::new("stocktake-sheet-note")), 40),
    ];
    let mut extras = Section::new(t(Msg::new("stocktake-extras")), columns).note(t(Msg::new("stocktake-sheet-extras")));
    for _ in 0..BLANK_ROWS {
        extras = extras.row([Cell::blank(), Cell::blank(), Cell::blank(), Cell::blank(), Cell::blank()]);
    }
    let day = t(Msg::new("stocktake-sign-day"));
    let paper = paper.section(extras).signature(t(Msg::new("stocktake-sign-done")), day.clone());
    set(paper.signature(t(Msg::new("stocktake-sign-checked")), day)).await
}

/// The result: counts, what was missing, moved and extra, what was written into the ledger, and who signs.
///
/// # Errors
/// As for [`sheet_pdf`].
pub async fn result_pdf(ctx: &Ctx, id: StocktakeId, lang: Lang, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let view = stocktake::view(ctx, id).await?;
    let t = |key: Msg| tr(&key);
    let mut paper = Paper::new(meta(ctx, &view, &Msg::new("stocktake-result-title"), lang, tr).await?)
        .line(scope_line(&view, tr))
        .line(period_line(&view, tr))
        .line(t(written_in_ledger(&view)));
    for (number, (heading, note, sheet)) in (1..).zip(result_tables(&view, tr)) {
        let weights = widths(&sheet);
        let columns: Vec<Column> =
            sheet.header.iter().zip(weights).map(|(title, weight)| Column::new(title.clone(), weight)).collect();
        let mut section = Section::new(format!("{number}. {heading}"), columns);
        if sheet.rows.is_empty() {
            section = section.note(note);
        }
        for row in sheet.rows {
            section = section.row(row.into_iter().map(Cell::text).collect::<Vec<_>>());
        }
        paper = paper.section(section);
    }
    let seal = t(Msg::new("stocktake-sign-seal"));
    let paper = paper.signature(t(Msg::new("stocktake-sign-owner")), seal.clone());
    set(paper.signature(t(Msg::new("role-safety-manager")), seal)).await
}

/// The result as a workbook: one tab per table of the paper, and one with every item.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn result_xlsx(ctx: &Ctx, id: StocktakeId, tr: Translate<'_>) -> Result<Vec<u8>, AppError> {
    ctx.actor.require::<ReadLedger>()?;
    let view = stocktake::view(ctx, id).await?;
    let mut sheets: Vec<SheetOut> = result_tables(&view, tr).into_iter().map(|(_, _, sheet)| sheet).collect();
    sheets.push(all_items(&view, tr));
    crate::export::written_sheets(ctx, "stocktake.export", &format!("stocktake:{id}"), sheets).await
}

/// Relative widths: as wide as the longest cell, within reason.
fn widths(sheet: &SheetOut) -> Vec<u16> {
    let length = |text: &String| u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    let of = |column: usize| {
        let cells = sheet.rows.iter().filter_map(|row| row.get(column)).map(length).max().unwrap_or(0);
        cells.max(length(&sheet.header[column])).clamp(5, 26)
    };
    (0..sheet.header.len()).map(of).collect()
}

async fn set(paper: Paper) -> Result<Vec<u8>, AppError> {
    let _one = AT_ONCE.acquire().await.map_err(AppError::internal)?;
    let work = tokio::task::spawn_blocking(move || table_pdf(&paper));
    work.await.map_err(AppError::internal)?.map_err(|error| match error {
        ReportError::TooLong { rows, .. } => AppError::Invalid(Msg::new("stocktake-paper-long").arg("rows", rows)),
        other => AppError::internal(other),
    })
}

async fn meta(ctx: &Ctx, view: &RoundView, title: &Msg, lang: Lang, tr: Translate<'_>) -> Result<Meta, AppError> {
    let tenant = ctx.read().await?.tenant_row().await?;
    Ok(Meta {
        title: tr(title),
        tenant: tenant.name,
        date: both_calendars(ctx.today(), lang),
        footer: tr(&Msg::new("stocktake-footer")
            .arg("name", &view.round.stocktake.name)
            .arg("id", view.round.stocktake.id)),
        lang,
    })
}

fn both_calendars(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("{}年{}月{}日（{}）", day.year(), day.month(), day.day(), date::wareki(day)),
        Lang::En => format!("{day} ({})", date::wareki(day)),
    }
}

fn day(at: Timestamp) -> Date {
    crate::ctx::japan().to_datetime(at).date()
}

fn scope_line(view: &RoundView, tr: Translate<'_>) -> String {
    let round = &view.round.stocktake;
    let due = match round.due {
        Some(day) => day.to_string(),
        None => tr(&Msg::new("stocktake-no-due")),
    };
    let count = view.round.lines.len();
    tr(&Msg::new("stocktake-paper-scope").arg("name", &round.name).arg("count", count).arg("due", due))
}

fn period_line(view: &RoundView, tr: Translate<'_>) -> String {
    let both = |at| format!("{}（{}）", day(at), date::wareki(day(at)));
    let round = &view.round.stocktake;
    let started = both(round.started_at);
    let by = &round.started_by;
    match (round.closed_at, &round.closed_by) {
        (Some(closed), Some(closer)) => tr(&Msg::new("stocktake-paper-period")
            .arg("from", started)
            .arg("to", both(closed))
            .arg("by", by)
            .arg("closer", closer)),
        _ => tr(&Msg::new("stocktake-paper-open").arg("from", started).arg("by", by)),
    }
}

/// What was changed in the ledger.
fn written_in_ledger(view: &RoundView) -> Msg {
    let tally = view.round.tally();
    match &view.step {
        _ if view.round.stocktake.closed_at.is_none() => Msg::new("stocktake-ledger-not-yet"),
        None => Msg::new("stocktake-ledger-nothing"),
        Some(step) if step.undone_by.is_some() => Msg::new("stocktake-ledger-undone"),
        Some(_) => Msg::new("stocktake-ledger-written")
            .arg("seen", tally.found + tally.elsewhere)
            .arg("moved", tally.elsewhere),
    }
}

/// Zone and location of a group of lines.
pub(crate) fn place_name(lines: &[Line], tr: Translate<'_>) -> String {
    match lines.first().map(Line::place) {
        Some((Some(zone), Some(location))) => format!("{zone} / {location}"),
        Some((Some(one), None) | (None, Some(one))) => one.to_owned(),
        _ => tr(&Msg::new("stocktake-no-place")),
    }
}

/// The tables of the result, each with its heading and the sentence that stands for an empty one.
fn result_tables(view: &RoundView, tr: Translate<'_>) -> Vec<(String, String, SheetOut)> {
    let t = |key: Msg| tr(&key);
    let round = &view.round;
    let table = |heading: Msg, none: Msg, header: Vec<Msg>, rows| {
        let name = tr(&heading);
        (name.clone(), tr(&none), SheetOut { name, header: header.iter().map(tr).collect(), rows })
    };
    let counts = |name: String, tally: Tally| {
        let numbers = [tally.all, tally.found, tally.elsewhere, tally.missing, tally.open()];
        std::iter::once(name).chain(numbers.map(|count| count.to_string())).collect::<Vec<String>>()
    };
    let mut by_place: Vec<Vec<String>> =
        round.places().into_iter().map(|lines| counts(place_name(lines, tr), Tally::of(lines))).collect();
    by_place.push(counts(t(Msg::new("stocktake-total")), round.tally()));
    let unknown = || t(Msg::new("unknown"));
    let text = |value: &Option<String>| value.clone().unwrap_or_else(unknown);
    let note = |line: &Line| line.answer.as_ref().and_then(|answer| answer.note.clone()).unwrap_or_default();
    let missing = round.with(Outcome::Missing).map(|line| {
        let item = &line.item;
        vec![
            item.asset_number.clone().unwrap_or_default(),
            item.name.clone(),
            text(&item.location),
            item.owner.clone().unwrap_or_else(|| t(Msg::new("tag-nobody"))),
            item.due.map(|day| day.to_string()).unwrap_or_default(),
            item.settled.map_or_else(
                || t(Msg::new("stocktake-searching")),
                |settled: Settled| tr(&label("settled", settled.key())),
            ),
            note(line),
        ]
    });
    let moved = round.with(Outcome::Elsewhere).map(|line| {
        let place = line.answer.as_ref().and_then(|answer| answer.place.clone());
        let item = &line.item;
        vec![
            item.asset_number.clone().unwrap_or_default(),
            item.name.clone(),
            text(&item.location),
            text(&place),
            note(line),
        ]
    });
    let extras = round.extras.iter().map(|extra| {
        vec![
            text(&extra.name),
            extra.kind.map_or_else(unknown, |kind| tr(&label("kind", kind.key()))),
            text(&extra.place),
            extra.label.clone().unwrap_or_default(),
            extra.note.clone().unwrap_or_default(),
        ]
    });
    let (number, name) = (|| Msg::new("field-asset-number"), || Msg::new("field-name"));
    let remark = || Msg::new("field-note");
    vec![
        table(
            Msg::new("stocktake-counts"),
            Msg::new("stocktake-nothing"),
            vec![
                Msg::new("stocktake-place"),
                Msg::new("stocktake-all"),
                Msg::new("outcome-found"),
                Msg::new("outcome-elsewhere"),
                Msg::new("outcome-missing"),
                Msg::new("stocktake-not-looked"),
            ],
            by_place,
        ),
        table(
            Msg::new("stocktake-missing"),
            Msg::new("stocktake-missing-none"),
            vec![
                number(),
                name(),
                Msg::new("stocktake-ledger-place"),
                Msg::new("stocktake-owner"),
                Msg::new("stocktake-due"),
                Msg::new("stocktake-search"),
                remark(),
            ],
            missing.collect(),
        ),
        table(
            Msg::new("stocktake-moved"),
            Msg::new("stocktake-moved-none"),
            vec![number(), name(), Msg::new("stocktake-ledger-place"), Msg::new("stocktake-new-place"), remark()],
            moved.collect(),
        ),
        table(
            Msg::new("stocktake-extras"),
            Msg::new("stocktake-extras-none"),
            vec![name(), Msg::new("field-kind"), Msg::new("field-location"), Msg::new("stocktake-label"), remark()],
            extras.collect(),
        ),
    ]
}

fn all_items(view: &RoundView, tr: Translate<'_>) -> SheetOut {
    let header = [
        Msg::new("field-asset-number"),
        Msg::new("field-name"),
        Msg::new("field-product"),
        Msg::new("field-serial"),
        Msg::new("field-zone"),
        Msg::new("field-location"),
        Msg::new("stocktake-outcome"),
        Msg::new("stocktake-new-place"),
        Msg::new("stocktake-by"),
        Msg::new("stocktake-at"),
        Msg::new("stocktake-means"),
        Msg::new("field-note"),
    ];
    let rows = view.round.lines.iter().map(|line| {
        let (item, answer) = (&line.item, line.answer.as_ref());
        let or_blank = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            or_blank(&item.asset_number),
            item.name.clone(),
            or_blank(&item.product),
            or_blank(&item.serial),
            or_blank(&item.zone),
            or_blank(&item.location),
            answer.map_or_else(|| tr(&Msg::new("stocktake-not-looked")), |a| tr(&label("outcome", a.outcome.key()))),
            answer.and_then(|answer| answer.place.clone()).unwrap_or_default(),
            answer.map(|answer| answer.by.clone()).unwrap_or_default(),
            answer.map(|answer| day(answer.at).to_string()).unwrap_or_default(),
            answer.map(|answer| tr(&label("means", answer.means.key()))).unwrap_or_default(),
            answer.and_then(|answer| answer.note.clone()).unwrap_or_default(),
        ]
    });
    SheetOut { name: tr(&Msg::new("stocktake-items")), header: header.iter().map(tr).collect(), rows: rows.collect() }
}
