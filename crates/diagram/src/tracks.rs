//! Sharing one channel between several wires: each wire gets a track, tracks are ordered for few crossings.

/// A wire's stretch in a channel, and where it leaves the channel to either side.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    /// Whose stretch it is.
    pub net: usize,
    /// Begin and end along the channel.
    pub from: i32,
    /// End.
    pub to: i32,
    /// Places where it leaves to the near side (above, left).
    pub near: Vec<i32>,
    /// Places where it leaves to the far side (below, right).
    pub far: Vec<i32>,
}

/// Free space kept between two stretches on one track.
const GAP: i32 = 12;

/// Gives every stretch a track (0 = nearest); returns tracks in the order of `stretches`, and their number.
///
/// First the classic left-edge rule (fewest tracks), then neighbouring tracks change places while that saves crossings.
pub(crate) fn assign(stretches: &[Stretch]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|&i| (stretches[i].from, stretches[i].to, stretches[i].net));
    let mut ends: Vec<i32> = Vec::new();
    let mut track = vec![0; stretches.len()];
    for &i in &order {
        let free = ends.iter().position(|&end| end + GAP <= stretches[i].from);
        let t = free.unwrap_or_else(|| {
            ends.push(i32::MIN);
            ends.len() - 1
        });
        ends[t] = stretches[i].to;
        track[i] = t;
    }
    let rank = untangle(stretches, &track, ends.len());
    (track.into_iter().map(|t| rank[t]).collect(), ends.len())
}

/// Crossings are counted for pairs of tracks, so the work is quadratic in tracks; beyond this many the first order stays.
const UNTANGLE_UP_TO: usize = 48;

fn untangle(stretches: &[Stretch], track: &[usize], count: usize) -> Vec<usize> {
    let mut at: Vec<usize> = (0..count).collect();
    if (2..=UNTANGLE_UP_TO).contains(&count) {
        let mut on: Vec<Vec<&Stretch>> = vec![Vec::new(); count];
        for (stretch, &t) in stretches.iter().zip(track) {
            on[t].push(stretch);
        }
        let cost: Vec<Vec<usize>> =
            on.iter().map(|upper| on.iter().map(|lower| crossings(upper, lower)).collect()).collect();
        for _ in 0..count {
            let mut better = false;
            for i in 1..count {
                if cost[at[i]][at[i - 1]] < cost[at[i - 1]][at[i]] {
                    at.swap(i - 1, i);
                    better = true;
                }
            }
            if !better {
                break;
            }
        }
    }
    let mut rank = vec![0; count];
    for (place, t) in at.into_iter().enumerate() {
        rank[t] = place;
    }
    rank
}

/// How often wires cross when `upper` lies nearer than `lower`.
fn crossings(upper: &[&Stretch], lower: &[&Stretch]) -> usize {
    let hit = |places: &[i32], on: &[&Stretch]| {
        places.iter().filter(|&&at| on.iter().any(|s| s.from <= at && at <= s.to)).count()
    };
    upper.iter().map(|s| hit(&s.far, lower)).sum::<usize>() + lower.iter().map(|s| hit(&s.near, upper)).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(net: usize, near: i32, far: i32) -> Stretch {
        Stretch { net, from: near.min(far), to: near.max(far), near: vec![near], far: vec![far] }
    }

    #[test]
    fn disjoint_stretches_share_a_track() {
        let (tracks, count) = assign(&[stretch(0, 0, 50), stretch(1, 100, 150), stretch(2, 30, 120)]);
        assert_eq!(count, 2);
        assert_eq!(tracks[0], tracks[1]);
        assert_ne!(tracks[0], tracks[2]);
    }

    #[test]
    fn order_avoids_crossings() {
        // Both run to the right; the one that starts further left must lie below, else it crosses the other twice.
        let (tracks, _) = assign(&[stretch(0, 0, 100), stretch(1, 50, 150)]);
        assert_eq!(tracks, [1, 0]);
    }
}
