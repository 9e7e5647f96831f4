//! How good the pictures of the twenty hospitals are, against the first version's.

use crate::check::{Found, check};
use crate::hospitals;
use tomomori_diagram::{Diagram, layout};

/// Sizes asked of the generator.
const SIZES: [usize; 20] =
    [30, 40, 50, 58, 62, 80, 100, 130, 160, 200, 250, 300, 350, 400, 500, 700, 1000, 2000, 3000, 5000];

pub(crate) fn all() -> impl Iterator<Item = Diagram> {
    SIZES.iter().enumerate().map(|(i, &size)| hospitals::hospital(i as u64 + 1, size))
}

/// What the first version drew: boxes, crossings, bends, length in px, area in thousands of px², texts that lie on a
/// wire, wires that lie on each other.
const FIRST: [(usize, Found); 20] = [
    first(31, 9, 55, 9530, 1370, 0, 0),
    first(41, 13, 55, 13276, 1670, 0, 0),
    first(50, 30, 73, 21000, 2096, 0, 0),
    first(58, 39, 85, 17300, 1965, 0, 0),
    first(63, 30, 92, 18046, 1951, 1, 0),
    first(79, 45, 110, 25960, 2531, 2, 0),
    first(99, 87, 142, 35314, 3319, 2, 0),
    first(126, 232, 238, 59170, 4177, 4, 0),
    first(158, 239, 239, 71464, 4883, 6, 0),
    first(197, 302, 282, 92540, 6134, 9, 0),
    first(240, 404, 317, 112816, 7297, 7, 1),
    first(294, 587, 405, 163338, 9392, 13, 4),
    first(335, 1216, 564, 224068, 11419, 14, 4),
    first(386, 1363, 551, 275738, 14337, 17, 7),
    first(476, 2604, 696, 378820, 19032, 26, 9),
    first(669, 3747, 958, 600666, 25677, 40, 21),
    first(957, 6774, 1155, 932572, 39454, 50, 45),
    first(1914, 22095, 2293, 2413174, 83184, 74, 143),
    first(2844, 29322, 2625, 3387018, 115419, 72, 173),
    first(4702, 36552, 3769, 4546294, 171502, 70, 179),
];

const fn first(
    boxes: usize,
    crossings: usize,
    bends: usize,
    length: usize,
    area: usize,
    label_hits: usize,
    stacked: usize,
) -> (usize, Found) {
    (boxes, Found { crossings, bends, length, area, label_hits, stacked })
}

#[test]
fn twenty_hospitals_are_drawn_better_than_by_the_first_version() {
    let (mut then, mut sum) = (Found::default(), Found::default());
    for (d, (boxes, first)) in all().zip(FIRST) {
        assert_eq!(d.nodes.len(), boxes, "the generator has changed");
        let layout = layout(&d);
        let now = check(&layout);
        println!("{boxes:5} boxes, {}×{}: {now:?}", layout.width, layout.height);
        assert!(now.crossings <= first.crossings + 8, "{boxes}: {now:?}");
        assert!(now.bends <= first.bends && now.label_hits <= first.label_hits + 2, "{boxes}: {now:?}");
        assert!(now.area * 100 <= first.area * 105 && now.length * 100 <= first.length * 130, "{boxes}: {now:?}");
        for (sum, found) in [(&mut then, first), (&mut sum, now)] {
            sum.crossings += found.crossings;
            sum.bends += found.bends;
            sum.length += found.length;
            sum.area += found.area;
            sum.label_hits += found.label_hits;
            sum.stacked += found.stacked;
        }
    }
    println!("first version: {then:?}\nnow:           {sum:?}");
    assert!(sum.crossings * 100 <= then.crossings * 20);
    assert!(sum.bends * 100 <= then.bends * 50);
    assert!(sum.length * 100 <= then.length * 45);
    assert!(sum.area * 100 <= then.area * 58);
    assert!(sum.label_hits * 100 <= then.label_hits * 25);
}
