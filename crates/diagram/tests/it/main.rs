//! The diagram as a whole: what it promises about any input, and how a hospital of 400 devices comes out.

mod sample;

use tomomori_diagram::{Options, group, layout, svg};

#[test]
fn write_samples() {
    for (name, diagram) in [("mock", sample::mock()), ("h400", group(&sample::hospital(400)))] {
        let layout = layout(&diagram);
        println!("{name} {}x{} nodes {} wires {}", layout.width, layout.height, layout.nodes.len(), layout.wires.len());
        std::fs::write(
            std::env::temp_dir().join(format!("{name}.svg")),
            svg(&layout, &Options { self_contained: true, ..Options::default() }),
        )
        .unwrap();
    }
}
