//! The form a vendor fills in, as a page of its own log-in and as a file that needs nothing else. Names of its boxes are those
//! of [`tomomori_app::advice::form`].

use crate::page::Page;
use askama::Template;
use tomomori_app::advice::form::{NEW_ROWS, shown};
use tomomori_app::advice::{line_name, picture};
use tomomori_domain::Msg;
use tomomori_domain::advice::{AdviceRequest, LINE_CORRECTABLE, LINE_FIELDS, NODE_FIELDS, Part, Values};
use tomomori_domain::import::Field;
use tomomori_domain::resource::ResourceKind;

/// One box.
pub(crate) struct FormBox {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) value: String,
    /// Words to choose from, each with its key; a text box without.
    pub(crate) choices: Vec<(String, String)>,
}

/// One device or line that is asked about.
pub(crate) struct FormRow {
    /// Name of the answer's box.
    pub(crate) name: String,
    /// Name of the remark's box.
    pub(crate) remark: String,
    pub(crate) title: String,
    /// What is known, in one line.
    pub(crate) sub: String,
    pub(crate) boxes: Vec<FormBox>,
}

/// What is missing: blank boxes.
pub(crate) struct NewRow {
    pub(crate) number: usize,
    pub(crate) name: String,
    pub(crate) boxes: Vec<FormBox>,
}

/// The form's contents.
pub(crate) struct Form {
    pub(crate) nodes: Vec<FormRow>,
    pub(crate) lines: Vec<FormRow>,
    pub(crate) neighbours: Vec<String>,
    /// Devices something new can be plugged into.
    pub(crate) plugs: Vec<(String, String)>,
    pub(crate) new_nodes: Vec<NewRow>,
    pub(crate) new_lines: Vec<NewRow>,
}

/// Name of a field where it speaks of devices.
pub(crate) fn label(p: &Page, field: Field) -> String {
    if field == Field::EndsOn { p.t("support-end") } else { p.label(field) }
}

fn boxed(p: &Page, prefix: &str, field: Field, value: String) -> FormBox {
    let flags = || vec![("true".to_owned(), p.t("value-yes")), ("false".to_owned(), p.t("value-no"))];
    let choices = match field {
        Field::Kind => ResourceKind::ALL.iter().map(|kind| (kind.key().to_owned(), p.label(kind))).collect(),
        Field::AlwaysOn | Field::SourceLimited | Field::RemoteMaintenance => flags(),
        _ => Vec::new(),
    };
    FormBox { name: format!("{prefix}{}", field.key()), label: label(p, field), value, choices }
}

fn summary(p: &Page, values: &Values, fields: &[Field]) -> String {
    let one = |field: &Field| {
        let text = shown(values, *field);
        (!text.is_empty()).then(|| p.value(field, &text))
    };
    fields.iter().filter_map(one).collect::<Vec<_>>().join(" / ")
}

impl Form {
    pub(crate) fn new(p: &Page, part: &Part) -> Self {
        let tr = |msg: &Msg| p.m(msg);
        let mut form = Self {
            nodes: Vec::new(),
            lines: Vec::new(),
            neighbours: part.nodes.iter().filter(|node| !node.own).map(|node| node.name().to_owned()).collect(),
            plugs: part.nodes.iter().map(|node| (node.id.to_string(), node.name().to_owned())).collect(),
            new_nodes: Vec::new(),
            new_lines: Vec::new(),
        };
        for node in part.nodes.iter().filter(|node| node.own) {
            let name = format!("n-{}", node.id);
            let boxes =
                NODE_FIELDS.iter().map(|field| boxed(p, &format!("{name}-"), *field, shown(&node.values, *field)));
            form.nodes.push(FormRow {
                boxes: boxes.collect(),
                remark: format!("r-{}", node.id),
                title: node.name().to_owned(),
                sub: summary(p, &node.values, &NODE_FIELDS[1..]),
                name,
            });
        }
        for line in &part.lines {
            let name = format!("l-{}", line.id);
            let boxes =
                LINE_CORRECTABLE.iter().map(|field| boxed(p, &format!("{name}-"), *field, shown(&line.values, *field)));
            let mut sub = summary(p, &line.values, &[Field::Purpose, Field::Protocol, Field::Via]);
            if shown(&line.values, Field::AlwaysOn) == "true" {
                sub = format!("{sub} / {}", p.label(Field::AlwaysOn));
            }
            form.lines.push(FormRow {
                boxes: boxes.collect(),
                remark: format!("r-{}", line.id),
                title: line_name(part, line, &tr),
                sub,
                name,
            });
        }
        for at in 0..NEW_ROWS {
            let (node, wire) = (format!("add{at}-"), format!("wire{at}-"));
            let blank = |prefix: &str, fields: &[Field]| -> Vec<FormBox> {
                fields.iter().map(|field| boxed(p, prefix, *field, String::new())).collect()
            };
            let ends = [Field::From, Field::To].into_iter().chain(LINE_FIELDS).collect::<Vec<_>>();
            let boxes = blank(&wire, &ends);
            form.new_nodes.push(NewRow { number: at + 1, boxes: blank(&node, &NODE_FIELDS), name: node });
            form.new_lines.push(NewRow { number: at + 1, boxes, name: wire });
        }
        form
    }
}

#[derive(Template)]
#[template(path = "advice_offline.html")]
struct Offline<'a> {
    p: &'a Page,
    head: String,
    script: String,
    svg: String,
    f: Form,
    request: &'a AdviceRequest,
    hospital: &'a str,
    code: &'a str,
    file: String,
}

/// The form as one file: style, script and picture are in it, and its own policy lets it load nothing. Only here is code inline:
/// the file is opened from a stick, where there is nothing to load it from.
pub(crate) fn offline(p: &Page, request: &AdviceRequest, hospital: &str) -> Result<String, askama::Error> {
    let tr = |msg: &Msg| p.m(msg);
    Offline {
        head: format!("<style>{}</style>", include_str!("../offline/advice.css")),
        script: format!("<script>{}</script>", include_str!("../offline/advice.js")),
        svg: picture(&request.part, hospital, &request.vendor_name, &tr),
        f: Form::new(p, &request.part),
        file: format!("{}.tomomori-answer.json", request.vendor_name),
        code: &request.code,
        request,
        hospital,
        p,
    }
    .render()
}
