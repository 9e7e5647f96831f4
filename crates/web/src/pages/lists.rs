//! What the lists share: the state of a list is its URL, and every list can be had as a workbook.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use std::fmt::Write as _;

/// A filter chip.
pub(crate) struct Chip {
    pub(crate) text: String,
    pub(crate) count: u64,
    pub(crate) on: bool,
    pub(crate) href: String,
}

/// An entry of a select.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) count: u64,
    pub(crate) on: bool,
}

/// A select of the filter form.
pub(crate) struct Select {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) choices: Vec<Choice>,
}

/// Links to the first and the next page.
pub(crate) struct Pager {
    pub(crate) later: bool,
    pub(crate) first: String,
    pub(crate) next: Option<String>,
    pub(crate) shown: usize,
    pub(crate) total: u64,
}

/// The parameters of a list's URL, in order, without empty ones.
#[derive(Clone, Debug)]
pub(crate) struct Params {
    path: &'static str,
    pairs: Vec<(&'static str, String)>,
}

impl Params {
    pub(crate) fn new(path: &'static str, pairs: Vec<(&'static str, Option<String>)>) -> Self {
        let pairs =
            pairs.into_iter().filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?))).collect();
        Self { path, pairs }
    }

    /// The address with some parameters changed (`None` removes) and back on the first page.
    pub(crate) fn with(&self, changes: &[(&'static str, Option<&str>)]) -> String {
        let kept = self
            .pairs
            .iter()
            .filter(|(name, _)| *name != "after" && changes.iter().all(|(changed, _)| changed != name));
        let pairs: Vec<(&str, &str)> = kept
            .map(|(name, value)| (*name, value.as_str()))
            .chain(changes.iter().filter_map(|(name, value)| Some((*name, (*value)?))))
            .collect();
        match serde_urlencoded::to_string(pairs) {
            Ok(query) if !query.is_empty() => format!("{}?{query}", self.path),
            _ => self.path.to_owned(),
        }
    }

    /// Address of the list as a workbook: the same filter and order, all pages.
    pub(crate) fn workbook(&self) -> String {
        let list = self.with(&[]);
        let state = list.strip_prefix(self.path).unwrap_or_default();
        format!("{}.xlsx{state}", self.path)
    }

    /// Links for a page of `shown` rows.
    pub(crate) fn pager(&self, shown: usize, total: u64, next: Option<&str>) -> Pager {
        Pager {
            later: self.pairs.iter().any(|(name, _)| *name == "after"),
            first: self.with(&[]),
            next: next.map(|cursor| self.with(&[("after", Some(cursor))])),
            shown,
            total,
        }
    }

    /// Parameters a filter form must carry along because it has no field for them.
    pub(crate) fn kept(&self, names: &[&str]) -> Vec<(&'static str, String)> {
        self.pairs.iter().filter(|(name, _)| names.contains(name)).cloned().collect()
    }

    /// Whether anything narrows the list.
    pub(crate) fn filtered(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !matches!(*name, "after" | "sort"))
    }
}

/// Type of a workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook as a file: `plain` is its name for old programs, `name` the one people see, both with the day.
pub(crate) fn download(workbook: Vec<u8>, plain: &str, name: &str, day: Date) -> Response {
    attachment(workbook, XLSX, (plain, name), day, "xlsx")
}

/// A file to keep, named for old programs and for people, both with the day. Opened by itself it may load and run nothing.
pub(crate) fn attachment(
    bytes: Vec<u8>,
    media_type: &'static str,
    (plain, name): (&str, &str),
    day: Date,
    ending: &str,
) -> Response {
    saved(bytes, media_type, &format!("{plain}_{day}.{ending}"), &format!("{name}_{day}.{ending}"))
}

/// As [`attachment`], under a whole name.
pub(crate) fn saved(bytes: Vec<u8>, kind: &'static str, plain: &str, name: &str) -> Response {
    let mut encoded = String::new();
    for byte in name.bytes() {
        // What RFC 5987 allows as it is; everything else goes byte by byte.
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_survive_every_browser() {
        let answer = download(Vec::new(), "ledger", "台帳 \"1\"\r\n", jiff::civil::date(2026, 11, 23));
        assert_eq!(
            answer.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"ledger_2026-11-23.xlsx\"; \
             filename*=UTF-8''%E5%8F%B0%E5%B8%B3%20%221%22%0D%0A_2026-11-23.xlsx"
        );
    }

    #[test]
    fn urls_keep_the_state_and_forget_the_page() {
        let params = Params::new(
            "/ledger",
            vec![("q", Some("電子 カルテ".into())), ("kind", Some(String::new())), ("after", Some("ff".into()))],
        );
        assert_eq!(
            params.with(&[("kind", Some("server"))]),
            "/ledger?q=%E9%9B%BB%E5%AD%90+%E3%82%AB%E3%83%AB%E3%83%86&kind=server"
        );
        assert_eq!(params.with(&[("q", None)]), "/ledger");
        assert!(params.pager(50, 120, None).later);
        assert_eq!(params.workbook(), "/ledger.xlsx?q=%E9%9B%BB%E5%AD%90+%E3%82%AB%E3%83%AB%E3%83%86");
        assert_eq!(Params::new("/ledger", Vec::new()).workbook(), "/ledger.xlsx");
        assert!(params.filtered());
    }
}
