//! Where things stand, remembered per tenant and kind of view: small changes of the ledger move little, and what a person
//! put somewhere stays there.

use super::{DiagramQuery, Scene, Translate};
use crate::{AppError, Ctx};
use std::collections::{BTreeMap, BTreeSet};
use tomomori_diagram::{Arrangement, Cell, Diagram, Layout, Point, layout_from};
use tomomori_domain::Msg;
use tomomori_domain::access::permission::WriteLedger;
use tomomori_store::AuditEvent;

/// Key of the arrangement of a view; surroundings have none, they are never looked at twice alike.
pub(super) fn key(query: &DiagramQuery, folded: bool) -> Option<String> {
    let part = match (query.around, query.vendor, query.system) {
        (Some(_), _, _) => return None,
        (None, None, None) => "whole".to_owned(),
        (None, Some(vendor), None) => format!("vendor:{vendor}"),
        (None, None, Some(system)) => format!("system:{system}"),
        (None, Some(vendor), Some(system)) => format!("vendor:{vendor},system:{system}"),
    };
    Some(if folded { format!("{part}/folded") } else { part })
}

/// The arrangement kept for a view. One that cannot be read is as good as none: it is drawn anew.
pub(super) async fn load(ctx: &Ctx, key: Option<&str>) -> Result<Arrangement, AppError> {
    let Some(key) = key else { return Ok(Arrangement::default()) };
    let kept = ctx.read().await?.diagram_view(key).await?;
    Ok(kept.map_or_else(Arrangement::default, |text| {
        serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!(view = key, %error, "an arrangement of the diagram cannot be read");
            Arrangement::default()
        })
    }))
}

/// Remembers the places of a picture of today, when the actor may. A picture is shown whether or not that works.
pub(super) async fn remember(ctx: &Ctx, scene: &Scene, now: &Arrangement) {
    let Ok(grant) = ctx.actor.require::<WriteLedger>() else { return };
    let now = with_pins(&scene.before, now.clone());
    let Some(key) = scene.kept.as_deref().filter(|_| scene.today && scene.before != now) else { return };
    let written = async {
        let mut tx = ctx.write().await?;
        tx.put_diagram_view(&grant, key, text(&now)?, scene.ledger.revision).await?;
        Ok::<(), AppError>(tx.commit().await?)
    };
    if let Err(error) = written.await {
        tracing::warn!(view = key, %error, "the arrangement of the diagram was not kept");
    }
}

/// Where a box goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To the cell at a point of the picture.
    Point {
        /// To the right, in units of the picture.
        x: i32,
        /// Down.
        y: i32,
    },
    /// So many cells from where it is.
    Step {
        /// To the right; to the left below zero.
        right: i32,
        /// Down; up below zero.
        down: i32,
    },
    /// To where the program would put it: what was chosen before does not hold any more.
    Free,
}

/// Puts a box of a picture somewhere within its zone, where it stays; or lets it go again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`] when the box is not in the picture; [`AppError::Invalid`] when the picture
/// is not one that is remembered, or the place is in another zone: that is changed in the ledger.
pub async fn pin(ctx: &Ctx, query: &DiagramQuery, node: &str, to: To, tr: Translate<'_>) -> Result<(), AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let scene = super::scene(ctx, query, tr).await?;
    let node = node.to_owned();
    let work = tokio::task::spawn_blocking(move || {
        let layout = scene.layout();
        let (zone, cell) = target(&layout, &node, to)?;
        let mut arrangement = layout.arrangement;
        arrangement.pin(&zone, &node, cell);
        let arrangement = layout_from(&scene.shown.diagram, &arrangement).arrangement;
        let details = serde_json::json!({ "box": node, "row": cell.row, "column": cell.col });
        Ok::<_, AppError>((scene, arrangement, details))
    });
    let (scene, arrangement, details) = work.await.map_err(AppError::internal)??;
    store(ctx, &scene, &arrangement, "diagram.pin", details).await
}

/// Draws everything anew but what people put somewhere.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] as for [`pin`].
pub async fn rearrange(ctx: &Ctx, query: &DiagramQuery, tr: Translate<'_>) -> Result<(), AppError> {
    ctx.actor.require::<WriteLedger>()?;
    let scene = super::scene(ctx, query, tr).await?;
    let work = tokio::task::spawn_blocking(move || {
        let arrangement =
            layout_from(&scene.shown.diagram, &about(&scene.before.pins(), &scene.shown.diagram)).arrangement;
        (scene, arrangement)
    });
    let (scene, arrangement) = work.await.map_err(AppError::internal)?;
    store(ctx, &scene, &arrangement, "diagram.rearrange", serde_json::json!({})).await
}

async fn store(
    ctx: &Ctx,
    scene: &Scene,
    arrangement: &Arrangement,
    action: &'static str,
    details: serde_json::Value,
) -> Result<(), AppError> {
    let grant = ctx.actor.require::<WriteLedger>()?;
    let Some(key) = scene.kept.as_deref().filter(|_| scene.today) else {
        return Err(AppError::Invalid(Msg::new("diagram-pin-elsewhere")));
    };
    let mut tx = ctx.write().await?;
    let arrangement = with_pins(&scene.before, arrangement.clone());
    tx.put_diagram_view(&grant, key, text(&arrangement)?, scene.ledger.revision).await?;
    tx.audit(AuditEvent::new(action, format!("diagram:{key}")).details(details)).await?;
    Ok(tx.commit().await?)
}

/// What of an arrangement is about the boxes of this picture: a pin of a box that is folded away takes no room, and a zone
/// that was just folded or opened is drawn as a new one.
pub(super) fn about(before: &Arrangement, diagram: &Diagram) -> Arrangement {
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in &diagram.nodes {
        members.entry(&node.zone).or_default().insert(&node.key);
    }
    let mut before = before.clone();
    before.zones.retain(|key, zone| {
        let Some(members) = members.get(key.as_str()) else { return false };
        zone.cells.retain(|node, _| members.contains(node.as_str()));
        if members.len() > 2 * zone.cells.len() {
            zone.cols = 0;
        }
        true
    });
    before
}

/// With the pins of boxes that are not in the picture just now: their zone is folded, or they are gone and may come back.
fn with_pins(before: &Arrangement, mut now: Arrangement) -> Arrangement {
    for (key, zone) in before.pins().zones {
        if zone.cells.is_empty() {
            continue;
        }
        let kept = now.zones.entry(key).or_default();
        for (node, cell) in zone.cells {
            kept.cells.entry(node).or_insert(cell);
        }
    }
    now
}

fn text(arrangement: &Arrangement) -> Result<String, AppError> {
    serde_json::to_string(arrangement).map_err(AppError::internal)
}

/// Zone and cell that are meant.
fn target(layout: &Layout, node: &str, to: To) -> Result<(String, Cell), AppError> {
    let zone = layout.nodes.iter().find(|drawn| drawn.node.key == node).map(|drawn| drawn.node.zone.clone());
    let zone = zone.ok_or(AppError::NotFound)?;
    let cell = match to {
        To::Point { x, y } => {
            let at = layout.cell_at(Point { x, y }).filter(|(other, _)| *other == zone).map(|(_, cell)| cell);
            at.ok_or_else(|| AppError::Invalid(Msg::new("diagram-pin-zone")))?
        }
        To::Step { right, down } => {
            let place = layout.arrangement.zones.get(&zone).and_then(|place| place.cells.get(node));
            let now = place.copied().ok_or(AppError::NotFound)?;
            let moved =
                |from: u16, by: i32| u16::try_from(i32::from(from).saturating_add(by).max(0)).unwrap_or(u16::MAX);
            Cell { row: moved(now.row, down), col: moved(now.col, right), pinned: true }
        }
        To::Free => {
            let place = layout.arrangement.zones.get(&zone).and_then(|place| place.cells.get(node));
            Cell { pinned: false, ..place.copied().ok_or(AppError::NotFound)? }
        }
    };
    Ok((zone, cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_outlive_a_picture_without_their_boxes() {
        let cell = |row, pinned| Cell { row, col: 0, pinned };
        let mut before = Arrangement::default();
        before.pin("servers", "db", cell(3, true));
        before.pin("servers", "web", cell(4, false));
        before.pin("ward", "pc", cell(5, true));
        let mut now = Arrangement::default();
        now.pin("servers", "zone:servers", cell(0, false));
        now.pin("ward", "pc", cell(6, true));
        let kept = with_pins(&before, now);
        let servers: Vec<_> = kept.zones["servers"].cells.keys().map(String::as_str).collect();
        assert_eq!(servers, ["db", "zone:servers"]);
        assert_eq!(kept.zones["ward"].cells["pc"].row, 6, "the newer place counts");
    }

    #[test]
    fn each_kind_of_view_has_places_of_its_own() {
        use tomomori_domain::ids::{ResourceId, ServiceId, VendorId};
        let (vendor, system) = (Some(VendorId::generate()), Some(ServiceId::generate()));
        let around = Some((ResourceId::generate(), 1));
        let query = |vendor, system| DiagramQuery { vendor, system, ..DiagramQuery::default() };
        let mut keys = BTreeSet::new();
        for query in [query(None, None), query(vendor, None), query(None, system), query(vendor, system)] {
            keys.extend([key(&query, false), key(&query, true)]);
        }
        assert_eq!(keys.len(), 8);
        assert_eq!(key(&DiagramQuery { around, ..query(vendor, None) }, false), None);
    }
}
