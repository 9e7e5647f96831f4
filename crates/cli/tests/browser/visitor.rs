//! A person with a browser: a Chromium with an empty profile, of which every complaint is collected.
//!
//! Everything is asked of the browser by its own protocol, so that a page without scripts can be looked at too.

use crate::program::{Program, artefacts, root};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::IntoEventKind;
use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::{
    SetDeviceMetricsOverrideParams, SetFocusEmulationEnabledParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams, DispatchMouseEventType, InsertTextParams,
    MouseButton,
};
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::network::{
    EventLoadingFailed, EventRequestWillBeSent, EventResponseReceived,
};
use chromiumoxide::cdp::browser_protocol::page::{CaptureScreenshotParams, NavigateParams, Viewport};
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EvaluateParams, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::keys::get_key_definition;
use chromiumoxide::page::Page;
use futures::StreamExt;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// Longest wait for a page or a change on it; the machine of a test may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Visitor {
    pub(crate) program: Arc<Program>,
    pub(crate) page: Page,
    browser: Browser,
    story: &'static str,
    problems: Arc<Mutex<Vec<String>>>,
    events: Vec<JoinHandle<()>>,
    _profile: TempDir,
}

impl Visitor {
    /// A fresh browser at 1280×800, or `None` (said as SKIPPED) where there is no Chromium.
    pub(crate) async fn start(story: &'static str) -> Option<Self> {
        let Some(chromium) = chromium() else {
            assert!(std::env::var_os("CI").is_none(), "CI needs a Chromium for {story}");
            skipped(&format!("browser stories: {story}: no Chromium here (TOMOMORI_CHROMIUM names one)"));
            return None;
        };
        let program = tokio::task::spawn_blocking(Program::get).await.unwrap();
        let profile = TempDir::new().unwrap();
        let mut config = BrowserConfig::builder()
            .chrome_executable(chromium)
            .new_headless_mode()
            .user_data_dir(profile.path())
            .viewport(None)
            .window_size(1280, 800)
            .launch_timeout(Duration::from_secs(60))
            .args(["disable-dev-shm-usage", "disable-gpu", "disable-quic", "no-first-run"])
            .args(["disable-background-networking", "disable-component-update", "disable-sync"])
            .args([("lang", "ja-JP"), ("accept-lang", "ja-JP")]);
        if is_root() {
            config = config.no_sandbox();
        }
        let (browser, mut handler) = Browser::launch(config.build().unwrap()).await.unwrap();
        let mut events = vec![tokio::spawn(async move { while handler.next().await.is_some() {} })];
        let page = browser.new_page("about:blank").await.unwrap();
        page.enable_log().await.unwrap();
        page.enable_runtime().await.unwrap();
        page.execute(SetFocusEmulationEnabledParams::new(true)).await.unwrap();
        let problems = Arc::new(Mutex::new(Vec::new()));
        let visitor = Self { program, page, browser, story, problems, events: Vec::new(), _profile: profile };
        events.extend(visitor.listen().await);
        let visitor = Self { events, ..visitor };
        visitor.resize(1280, 800).await;
        Some(visitor)
    }

    /// Listens to everything a browser complains about.
    async fn listen(&self) -> Vec<JoinHandle<()>> {
        vec![
            self.collect(|event: &EventEntryAdded| {
                let entry = &event.entry;
                matches!(entry.level, LogEntryLevel::Error | LogEntryLevel::Warning)
                    .then(|| format!("log {:?}: {} {}", entry.level, entry.text, entry.url.as_deref().unwrap_or("")))
            })
            .await,
            self.collect(|event: &EventConsoleApiCalled| {
                let bad = matches!(
                    event.r#type,
                    ConsoleApiCalledType::Error | ConsoleApiCalledType::Warning | ConsoleApiCalledType::Assert
                );
                bad.then(|| format!("console: {:?}", event.args))
            })
            .await,
            self.collect(|event: &EventExceptionThrown| Some(format!("exception: {:?}", event.exception_details)))
                .await,
            self.collect(|event: &EventLoadingFailed| {
                // A page that is left, or a download, cancels what it was loading.
                (event.canceled != Some(true))
                    .then(|| format!("failed: {} {:?}", event.error_text, event.blocked_reason))
            })
            .await,
            self.collect(|event: &EventResponseReceived| {
                let answer = &event.response;
                (answer.status >= 400).then(|| format!("status {}: {}", answer.status, answer.url))
            })
            .await,
            self.collect(|event: &EventRequestWillBeSent| {
                event.request.url.ends_with("/csp-report").then(|| "a CSP report was sent".to_owned())
            })
            .await,
        ]
    }

    async fn collect<T: IntoEventKind + Unpin>(&self, bad: fn(&T) -> Option<String>) -> JoinHandle<()> {
        let mut events = self.page.event_listener::<T>().await.unwrap();
        let problems = Arc::clone(&self.problems);
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                if let Some(problem) = bad(&event) {
                    problems.lock().unwrap().push(problem);
                }
            }
        })
    }

    /// Takes what was complained about so far; for a story in which a refusal is the right answer.
    pub(crate) async fn take_problems(&self) -> Vec<String> {
        // The events of the last answer may still be under way.
        tokio::time::sleep(Duration::from_millis(200)).await;
        std::mem::take(&mut self.problems.lock().unwrap())
    }

    /// Ends the story: nothing may have been complained about, in the browser or in the program's log.
    pub(crate) async fn finish(mut self) {
        let problems = self.take_problems().await;
        assert!(problems.is_empty(), "{}: the browser complained:\n{}", self.story, problems.join("\n"));
        let complaints = self.program.complaints();
        assert!(complaints.is_empty(), "{}: the program complained:\n{}", self.story, complaints.join("\n"));
        let _ = self.browser.close().await;
        let _ = self.browser.wait().await;
        self.events.iter().for_each(JoinHandle::abort);
    }

    pub(crate) async fn resize(&self, width: i64, height: i64) {
        let narrow = width < 760;
        self.page.execute(SetDeviceMetricsOverrideParams::new(width, height, 1.0, narrow)).await.unwrap();
    }

    /// Takes the network away, or gives it back.
    #[expect(deprecated, reason = "its successor takes rules per address; here the whole network goes")]
    pub(crate) async fn offline(&self, offline: bool) {
        let conditions = chromiumoxide::cdp::browser_protocol::network::EmulateNetworkConditionsParams::builder()
            .offline(offline)
            .latency(0.0);
        let conditions = conditions.download_throughput(-1.0).upload_throughput(-1.0).build().unwrap();
        self.page.execute(conditions).await.unwrap();
    }

    pub(crate) async fn without_scripts(&self) {
        self.page.execute(SetScriptExecutionDisabledParams::new(true)).await.unwrap();
    }

    /// Evaluates an expression in the page; the story fails with the script's own words.
    pub(crate) async fn js(&self, expression: &str) -> Value {
        self.try_js(expression).await.unwrap_or_else(|error| panic!("{}: {expression}: {error}", self.story))
    }

    async fn try_js(&self, expression: &str) -> Result<Value, String> {
        let ask = EvaluateParams::builder().expression(expression).return_by_value(true).await_promise(true).build()?;
        let answer = self.page.execute(ask).await.map_err(|error| error.to_string())?.result;
        match answer.exception_details {
            Some(details) => Err(details.exception.and_then(|error| error.description).unwrap_or(details.text)),
            None => Ok(answer.result.value.unwrap_or(Value::Null)),
        }
    }

    pub(crate) async fn js_text(&self, expression: &str) -> String {
        self.js(expression).await.as_str().unwrap_or_default().to_owned()
    }

    /// What a reader sees in the first element of a selector.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.js_text(&format!("document.querySelector({})?.innerText", quoted(selector))).await
    }

    pub(crate) async fn has(&self, selector: &str) -> bool {
        self.js(&format!("!!document.querySelector({})", quoted(selector))).await == Value::Bool(true)
    }

    pub(crate) async fn path(&self) -> String {
        self.js_text("location.pathname + location.search").await
    }

    /// The text of the main part must hold all of these.
    pub(crate) async fn reads(&self, wanted: &[&str]) {
        let text = self.text("main").await;
        for words in wanted {
            assert!(text.contains(words), "{}: “{words}” is not on {}:\n{text}", self.story, self.path().await);
        }
    }

    /// Opens an address of the site and waits until it is there. Returns how long the whole load took.
    pub(crate) async fn open(&self, path: &str) -> Duration {
        let started = Instant::now();
        self.loads(async {
            let url = format!("{}{path}", self.program.address);
            let answer = self.page.execute(NavigateParams::new(url)).await.unwrap();
            assert_eq!(answer.result.error_text, None, "{}: {path}", self.story);
        })
        .await;
        started.elapsed()
    }

    /// Does something that leads to another page, and waits for that page.
    pub(crate) async fn loads(&self, action: impl Future<Output = ()>) {
        self.js("window.left = true").await;
        action.await;
        self.until("!window.left && document.readyState === 'complete'", "another page").await;
    }

    /// Waits until an expression is true.
    pub(crate) async fn until(&self, expression: &str, what: &str) {
        let started = Instant::now();
        // Between two pages there is nothing to ask: an error is not yet an answer.
        while self.try_js(expression).await != Ok(Value::Bool(true)) {
            assert!(started.elapsed() < PATIENCE, "{}: waited in vain for {what} on {}", self.story, self.path().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks with the mouse where the element is, and fails if something lies over it.
    pub(crate) async fn click(&self, selector: &str) {
        let place = self
            .js(&format!(
                "(() => {{ const e = document.querySelector({}); if (!e) throw new Error('not on the page');
                e.scrollIntoView({{block: 'center'}}); const r = e.getClientRects()[0];
                const x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
                if (!e.contains(top)) throw new Error('covered by ' + top?.outerHTML.slice(0, 200)); return [x, y]; }})()",
                quoted(selector)
            ))
            .await;
        let (x, y) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
        for (kind, count) in [
            (DispatchMouseEventType::MouseMoved, 0),
            (DispatchMouseEventType::MousePressed, 1),
            (DispatchMouseEventType::MouseReleased, 1),
        ] {
            let event = DispatchMouseEventParams::builder().r#type(kind).x(x).y(y).button(MouseButton::Left);
            self.page.execute(event.click_count(count).build().unwrap()).await.unwrap();
        }
    }

    pub(crate) async fn click_to(&self, selector: &str) {
        self.loads(self.click(selector)).await;
    }

    /// Presses a key by its name (`Tab`, `Enter`, `ArrowDown`, …).
    pub(crate) async fn press(&self, key: &str) {
        let known = get_key_definition(key).unwrap();
        let event = |kind| {
            let event = DispatchKeyEventParams::builder().r#type(kind).key(known.key).code(known.code);
            let event = event.windows_virtual_key_code(known.key_code).native_virtual_key_code(known.key_code);
            let text = known.text.or((known.key.len() == 1).then_some(known.key));
            match text {
                Some(text) => event.text(text).build().unwrap(),
                None => event.build().unwrap(),
            }
        };
        self.page.execute(event(DispatchKeyEventType::KeyDown)).await.unwrap();
        self.page.execute(event(DispatchKeyEventType::KeyUp)).await.unwrap();
    }

    /// Types text where the focus is.
    pub(crate) async fn write(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Clicks a field and types into it.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        self.click(selector).await;
        self.write(text).await;
    }

    /// Changes the focused choice with the arrow keys until it says `text`.
    pub(crate) async fn choose(&self, text: &str) {
        self.press("Home").await;
        for _ in 0..100 {
            if self.js_text("document.activeElement.selectedOptions?.[0].text").await == text {
                return;
            }
            self.press("ArrowDown").await;
        }
        panic!("{}: no choice “{text}”", self.story);
    }

    pub(crate) async fn put_file(&self, selector: &str, file: &Path) {
        let element = self.page.find_element(selector).await.unwrap();
        let files = SetFileInputFilesParams::builder().file(file.display().to_string());
        self.page.execute(files.backend_node_id(element.backend_node_id).build().unwrap()).await.unwrap();
    }

    /// Logs in by the form.
    pub(crate) async fn log_in(&self, login: &str) {
        self.open("/login").await;
        self.fill("#login", login).await;
        self.fill("#password", self.program.password(login)).await;
        self.click_to("main form button.btn").await;
        assert_eq!(self.path().await, "/", "{}: {}", self.story, self.text("main").await);
    }

    /// Keeps a picture of the whole page.
    pub(crate) async fn picture(&self, name: &str) {
        // The library's own way to take the whole page forgets the size the story chose.
        let size = self.js("(e => [e.clientWidth, e.scrollHeight])(document.documentElement)").await;
        let (width, height) = (size[0].as_f64().unwrap(), size[1].as_f64().unwrap());
        let whole = Viewport { x: 0.0, y: 0.0, width, height, scale: 1.0 };
        let wanted = CaptureScreenshotParams::builder().clip(whole).capture_beyond_viewport(true).build();
        let bytes =
            BASE64_STANDARD.decode(self.page.execute(wanted).await.unwrap().result.data.as_ref() as &[u8]).unwrap();
        std::fs::write(artefacts().join(format!("{name}.png")), bytes).unwrap();
    }

    /// Asks axe-core what keeps people out of this page: the serious and critical findings. All are kept as artefact.
    pub(crate) async fn barriers(&self, name: &str) -> Vec<String> {
        let file = root().join("ui/node_modules/axe-core/axe.min.js");
        let Ok(axe) = std::fs::read_to_string(&file) else {
            assert!(std::env::var_os("CI").is_none(), "CI needs axe-core: {} is missing", file.display());
            skipped("browser stories: axe-core is not installed (cargo xtask assets)");
            return Vec::new();
        };
        self.js(&format!("{axe}; 0")).await;
        let report = self
            .js_text(
                "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v =>
                [v.impact, v.id, v.help, v.nodes.slice(0, 5).map(n => n.html.slice(0, 300) + ' ' + (n.failureSummary || ''))])))",
            )
            .await;
        let violations: Vec<Value> = serde_json::from_str(&report).unwrap();
        note("axe.txt", &violations.iter().fold(String::new(), |text, line| format!("{text}{name}: {line}\n")));
        let grave = |line: &&Value| matches!(line[0].as_str(), Some("serious" | "critical"));
        violations.iter().filter(grave).map(|line| format!("{name} keeps people out: {line}")).collect()
    }
}

/// Appends to a text among the artefacts.
pub(crate) fn note(file: &str, text: &str) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(artefacts().join(file)).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Says what did not run, past the test runner that swallows the output of passing tests.
fn skipped(what: &str) {
    match std::env::var_os("TOMOMORI_SKIPPED_FILE") {
        Some(file) => {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
            writeln!(file, "{what}").unwrap();
        }
        None => std::io::stderr().write_all(format!("SKIPPED {what}\n").as_bytes()).unwrap(),
    }
}

pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("TOMOMORI_CHROMIUM") {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()))
}

/// Chromium's sandbox refuses to run as root, and only then may it be missing.
fn is_root() -> bool {
    std::process::Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
