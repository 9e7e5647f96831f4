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
    /// Places where it leaves to the near side (above, left), ascending.
    pub near: Vec<i32>,
    /// Places where it leaves to the far side (below, right), ascending.
    pub far: Vec<i32>,
}

/// Free space kept between two stretches on one track.
const GAP: i32 = 12;

/// Every pair is weighed, so the work is quadratic; beyond this many stretches they stay in the order of their begins.
const WEIGH_UP_TO: usize = 400;

/// Gives every stretch a track (0 = nearest); returns tracks in the order of `stretches`, and their number.
///
/// For each pair that overlaps it is known how many crossings either order costs. The stretches are put in an order
/// that costs little (each in turn takes its best place), then each gets the first track that is free and does not
/// break an order that matters.
pub(crate) fn assign(stretches: &[Stretch]) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|&i| (stretches[i].from, stretches[i].to, stretches[i].net));
    let weights = Weights::new(stretches);
    weights.sift(&mut order);
    let mut tracks: Vec<Vec<usize>> = Vec::new();
    let mut track = vec![0; stretches.len()];
    for (place, &i) in order.iter().enumerate() {
        let least = order[..place].iter().filter(|&&j| weights.matters(j, i)).map(|&j| track[j] + 1).max().unwrap_or(0);
        let free = |t: &usize| tracks[*t].iter().all(|&j| !overlap(&stretches[i], &stretches[j]));
        let t = (least..tracks.len()).find(free).unwrap_or(tracks.len());
        if t == tracks.len() {
            tracks.push(Vec::new());
        }
        tracks[t].push(i);
        track[i] = t;
    }
    (track, tracks.len())
}

fn overlap(a: &Stretch, b: &Stretch) -> bool {
    a.from < b.to.saturating_add(GAP) && b.from < a.to.saturating_add(GAP)
}

/// For each pair (i, j): crossings when i lies nearer than j, less those the other way round.
struct Weights {
    count: usize,
    of: Vec<i32>,
}

impl Weights {
    fn new(stretches: &[Stretch]) -> Self {
        let count = if stretches.len() > WEIGH_UP_TO { 0 } else { stretches.len() };
        let mut of = vec![0; count * count];
        for i in 0..count {
            for j in i + 1..count {
                let (a, b) = (&stretches[i], &stretches[j]);
                if overlap(a, b) {
                    let weight = crossings(a, b) - crossings(b, a);
                    (of[i * count + j], of[j * count + i]) = (weight, -weight);
                }
            }
        }
        Self { count, of }
    }

    /// Whether `a` before `b` saves crossings.
    fn matters(&self, a: usize, b: usize) -> bool {
        self.count > 0 && self.of[a * self.count + b] < 0
    }

    /// Moves one after the other to the place where it costs least, until nothing improves.
    fn sift(&self, order: &mut Vec<usize>) {
        for _ in 0..4 {
            let mut better = false;
            for i in 0..self.count {
                let Some(now) = order.iter().position(|&other| other == i) else { continue };
                order.remove(now);
                // Cost of standing at a place, against standing first.
                let (mut cost, mut best) = (0, (0, 0));
                let mut at_now = 0;
                for (place, &other) in order.iter().enumerate() {
                    if place == now {
                        at_now = cost;
                    }
                    cost += self.of[other * self.count + i];
                    if cost < best.0 {
                        best = (cost, place + 1);
                    }
                }
                if now == order.len() {
                    at_now = cost;
                }
                let place = if best.0 < at_now { best.1 } else { now };
                better |= place != now;
                order.insert(place, i);
            }
            if !better {
                break;
            }
        }
    }
}

/// How often two wires cross when `upper` lies nearer than `lower`.
fn crossings(upper: &Stretch, lower: &Stretch) -> i32 {
    let within = |places: &[i32], on: &Stretch| {
        (places.partition_point(|&at| at <= on.to) - places.partition_point(|&at| at < on.from)) as i32
    };
    within(&upper.far, lower) + within(&lower.near, upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(net: usize, near: i32, far: i32) -> Stretch {
        Stretch { net, from: near.min(far), to: near.max(far), near: vec![near], far: vec![far] }
    }

    #[test]
    fn disjoint_stretches_share_a_track() {
        let plain = |net, from, to| Stretch { near: Vec::new(), far: Vec::new(), ..stretch(net, from, to) };
        let (tracks, count) = assign(&[plain(0, 0, 50), plain(1, 100, 150), plain(2, 30, 120)]);
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
