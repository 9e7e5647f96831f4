//! The question sheet a vendor fills in, as a page of its own log-in and as a file that needs nothing else. Names of its boxes are
//! those of [`tomomori_app::confirmation::fields`].

use crate::page::Page;
use askama::Template;
use tomomori_app::confirmation::Duty;
use tomomori_app::confirmation::fields::Fields;
use tomomori_domain::Msg;
use tomomori_domain::inquiry::{Answer, AskedItem, AskedJoint, Inquiry, Reply};

/// One item as drawn.
pub(crate) struct FormItem {
    pub(crate) item: AskedItem,
    /// What the boxes hold: the newest answer, else what stands.
    pub(crate) said: Answer,
    pub(crate) agrees: bool,
}

impl FormItem {
    pub(crate) fn says(&self, duty: &str) -> bool {
        self.said.duty.is_some_and(|said| said.key() == duty)
    }
}

/// One topic of a joint as drawn.
pub(crate) struct FormTopic {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) own: String,
    pub(crate) theirs: Option<String>,
    pub(crate) settled: Option<String>,
}

/// The form's contents.
pub(crate) struct Form {
    /// Items under their headings.
    pub(crate) groups: Vec<(String, Vec<FormItem>)>,
    pub(crate) joints: Vec<(AskedJoint, Vec<FormTopic>)>,
    /// Words of the duties: key and text.
    pub(crate) duties: Vec<(&'static str, String)>,
    pub(crate) remark: String,
    /// A password is asked for (page), or nobody is logged in (file).
    pub(crate) logged_in: bool,
}

impl Form {
    /// The form with what the newest answer says.
    pub(crate) fn new(p: &Page, inquiry: &Inquiry, reply: Option<&Reply>) -> Self {
        let mut groups: Vec<(String, Vec<FormItem>)> = Vec::new();
        for item in &inquiry.items {
            let answered = reply.and_then(|reply| reply.items.get(&item.key));
            let drawn = FormItem {
                said: answered.map_or_else(|| item.vendor.clone(), |one| one.answer.clone()),
                agrees: answered.is_some_and(|one| one.agrees),
                item: item.clone(),
            };
            match groups.last_mut().filter(|(group, _)| *group == item.group) {
                Some((_, items)) => items.push(drawn),
                None => groups.push((item.group.clone(), vec![drawn])),
            }
        }
        let joints = inquiry.joints.iter().map(|joint| {
            let topics = joint.topics.iter().map(|topic| {
                let new = reply.and_then(|reply| {
                    reply.joints.iter().find(|said| said.line == joint.line && said.topic == topic.topic)
                });
                FormTopic {
                    name: format!("j-{}-{}", joint.line, topic.topic.key()),
                    label: p.label(topic.topic),
                    own: new.map(|said| said.text.clone()).or_else(|| topic.own.clone()).unwrap_or_default(),
                    theirs: topic.theirs.clone(),
                    settled: topic.settled.clone(),
                }
            });
            (joint.clone(), topics.collect())
        });
        Self {
            joints: joints.collect(),
            groups,
            duties: Duty::ALL.iter().map(|duty| (duty.key(), p.label(duty))).collect(),
            remark: reply.and_then(|reply| reply.note.clone()).unwrap_or_default(),
            logged_in: p.reader.is_some(),
        }
    }
}

impl Form {
    /// The form as it was filled in, after it was refused.
    pub(crate) fn typed(p: &Page, inquiry: &Inquiry, fields: &Fields) -> Self {
        let mut form = Self::new(p, inquiry, None);
        let text = |name: String| fields.get(&name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let given = |name: String| Some(text(name)).filter(|text| !text.is_empty());
        for one in form.groups.iter_mut().flat_map(|(_, items)| items) {
            let key = &one.item.key;
            one.said = Answer {
                duty: Duty::from_key(&text(format!("i-{key}"))),
                clause: given(format!("c-{key}")),
                note: given(format!("r-{key}")),
            };
            one.agrees = fields.contains_key(&format!("a-{key}"));
        }
        for topic in form.joints.iter_mut().flat_map(|(_, topics)| topics) {
            topic.own = text(topic.name.clone());
        }
        form.remark = text("remark".to_owned());
        form
    }
}

#[derive(Template)]
#[template(path = "inquiry_offline.html")]
struct Offline<'a> {
    p: &'a Page,
    head: String,
    script: String,
    f: Form,
    q: &'a Inquiry,
    code: &'a str,
    file: String,
}

/// The form as one file, under the same policy as that of advice: it loads and sends nothing.
pub(crate) fn offline(p: &Page, inquiry: &Inquiry) -> Result<String, askama::Error> {
    Offline {
        head: format!("<style>{}</style>", include_str!("../offline/advice.css")),
        script: format!("<script>{}</script>", include_str!("../offline/advice.js")),
        f: Form::new(p, inquiry, None),
        file: format!("{}.tomomori-answer.json", inquiry.vendor_name),
        code: &inquiry.code,
        q: inquiry,
        p,
    }
    .render()
}
