//! Text copied from a terminal: page breaks and control characters taken out, and who was asked, from the prompt.
//!
//! A log holds several commands one after another. Nothing is undone that a terminal did on the screen except the
//! marks of its pager; the numbers of lines are those of the file.

/// Marks a pager leaves: Cisco and Allied Telesis, Yamaha, HP, `more`.
const PAGER: [&str; 7] =
    ["---つづく---", "<--- More --->", "---- More ----", "-- More --", "--More--", "---more---", "--続く--"];

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Number, from 1.
    pub(crate) number: u32,
    /// Text without control characters and page breaks.
    pub(crate) text: String,
    /// Name of the machine whose prompt stood last above, or in, this line.
    pub(crate) host: Option<String>,
    /// The command, when the line is a prompt with one (`show arp`); empty for a bare prompt.
    pub(crate) command: Option<String>,
}

/// The lines of a log.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut host: Option<String> = None;
    (1..)
        .zip(text.lines())
        .map(|(number, raw)| {
            let text = clean(raw);
            let prompt = prompt(&text);
            let command = prompt.map(|(name, command)| {
                if let Some(name) = name {
                    host = Some(name.to_owned());
                }
                command.to_owned()
            });
            Line { number, text, host: host.clone(), command }
        })
        .collect()
}

/// The line as it would be read: escape sequences, carriage returns and backspaces are gone, pager marks too.
fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // ECMA-48: ESC [ … final byte @–~; other escapes are two characters.
            '\u{1b}' if chars.peek() == Some(&'[') => {
                chars.next();
                for c in chars.by_ref() {
                    if matches!(c, '@'..='~') {
                        break;
                    }
                }
            }
            '\u{1b}' => {
                chars.next();
            }
            '\t' => out.push('\t'),
            c if c.is_control() || c == '\u{feff}' => out.push(' '),
            c => out.push(c),
        }
    }
    for mark in PAGER {
        if out.contains(mark) {
            out = out.replace(mark, " ");
        }
    }
    out
}

/// Name and command of a prompt: `SW-3F#show arp`, `SW-3F> sh arp`, `user@pacs01:~$ dpkg -l`,
/// `[root@pacs01 ~]# rpm -qa`, `> show arp` (Yamaha without a name), `PS C:\> Get-HotFix`.
pub(crate) fn prompt(line: &str) -> Option<(Option<&str>, &str)> {
    let line = line.trim();
    if let Some(path) = line.strip_prefix("PS ").or(Some(line)).filter(|path| path.as_bytes().get(1..3) == Some(b":\\"))
    {
        return path.split_once('>').map(|(_, command)| (None, command.trim()));
    }
    if let Some((name, command)) = unix(line) {
        return Some((Some(name), command));
    }
    let at = line.find(['#', '>'])?;
    let (before, command) = (&line[..at], line[at + 1..].trim());
    let first = command.split_whitespace().next().unwrap_or_default();
    let verb = ["sh", "dis", "en", "te", "con", "ex", "no", "do", "ad", "le", "qu", "pi", "wr"];
    let known = verb.iter().any(|verb| first.to_ascii_lowercase().starts_with(verb));
    let bare = command.is_empty() && line[at..].starts_with('#');
    if !known && !bare {
        return None;
    }
    // `SW-3F(config-if)#`, `admin@EX-1>`
    let name = before.split('(').next().unwrap_or_default();
    let name = name.rsplit('@').next().unwrap_or_default().trim();
    if name.is_empty() {
        return (!command.is_empty()).then_some((None, command));
    }
    is_name(name).then_some((Some(name), command))
}

/// Prompts of shells: `user@host:dir$`, `[user@host dir]#`.
fn unix(line: &str) -> Option<(&str, &str)> {
    let (user, rest) = line.split_once('@')?;
    if user.trim_start_matches(['[', '(']).split_whitespace().count() != 1 || user.len() > 40 {
        return None;
    }
    let end = rest.find([':', ' ', ']'])?;
    let name = &rest[..end];
    let mark = rest[end..].find(['$', '#', '%'])?;
    is_name(name).then_some((name, rest[end + mark + 1..].trim()))
}

/// What can be the name of a machine.
pub(crate) fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=63).contains(&text.len())
        && text.chars().all(inner)
        && text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// The machine a list was made on, as the file itself tells: a prompt, the answer to `hostname`, `uname -a`, or a line
/// `hostname: …` that a person put there.
pub(crate) fn host(lines: &[Line]) -> Option<(String, u32)> {
    for (i, line) in lines.iter().enumerate() {
        if let Some(host) = line.host.clone() {
            return Some((host, line.number));
        }
        let text = line.text.trim();
        let asked = line.command.as_deref().or(Some(text)).is_some_and(|text| text.eq_ignore_ascii_case("hostname"));
        if asked && let Some(answer) = lines.get(i + 1).filter(|next| is_name(next.text.trim())) {
            return Some((answer.text.trim().to_owned(), answer.number));
        }
        let name = match text.trim_start_matches(['#', ' ']).split_once([':', '：', '=']) {
            Some((key, name)) if is_host_key(key) => name.split_whitespace().next(),
            _ => text
                .strip_prefix("Linux ")
                .and_then(|rest| rest.split_once(' '))
                .and_then(|(name, release)| release.chars().next().is_some_and(|c| c.is_ascii_digit()).then_some(name)),
        };
        if let Some(name) = name.filter(|name| is_name(name)) {
            return Some((name.to_owned(), line.number));
        }
    }
    None
}

fn is_host_key(key: &str) -> bool {
    let key = key.trim().to_lowercase();
    matches!(key.as_str(), "hostname" | "host name" | "static hostname" | "host" | "ホスト名" | "コンピューター名")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts() {
        for (line, want) in [
            ("SW-3F#show mac address-table", Some((Some("SW-3F"), "show mac address-table"))),
            ("SW-3F>sh arp", Some((Some("SW-3F"), "sh arp"))),
            ("SW-3F(config)# do show arp", Some((Some("SW-3F"), "do show arp"))),
            ("awplus#", Some((Some("awplus"), ""))),
            ("> show arp", Some((None, "show arp"))),
            ("# show status dhcp", Some((None, "show status dhcp"))),
            ("RTX-HONKAN> show arp", Some((Some("RTX-HONKAN"), "show arp"))),
            ("maint@pacs01:~$ dpkg -l", Some((Some("pacs01"), "dpkg -l"))),
            ("[root@pacs01 ~]# rpm -qa", Some((Some("pacs01"), "rpm -qa"))),
            ("C:\\Users\\adm>systeminfo", Some((None, "systeminfo"))),
            ("PS C:\\> Get-HotFix", Some((None, "Get-HotFix"))),
            ("# comment in a file", None),
            ("a > b", None),
            ("ii  libfoo@1  2#3", None),
            ("mail: x@example.jp", None),
            ("", None),
        ] {
            assert_eq!(prompt(line), want, "{line}");
        }
    }

    #[test]
    fn pager_marks_and_controls_go() {
        let log = "SW1#show arp\n --More-- \u{8}\u{8}\u{8}\u{8}        Internet  10.0.0.1\n\u{1b}[7m---つづく---\u{1b}[m\r             \rホスト名: a\r\n";
        let lines = lines(log);
        let words: Vec<_> =
            lines.iter().map(|line| line.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(words, ["SW1#show arp", "Internet 10.0.0.1", "ホスト名: a"]);
        assert_eq!(lines[2].host.as_deref(), Some("SW1"));
    }

    #[test]
    fn the_file_names_its_machine() {
        for (text, want) in [
            ("hostname\npacs01\n", Some(("pacs01", 2))),
            ("ホスト名: pacs01\nii  a 1 all x\n", Some(("pacs01", 1))),
            ("Linux pacs01 5.15.0-91-generic #101-Ubuntu SMP\n", Some(("pacs01", 1))),
            (" Static hostname: pacs01.hosp.example\n", Some(("pacs01.hosp.example", 1))),
            ("bash-5.1.8-6.el9.x86_64\n", None),
        ] {
            assert_eq!(host(&lines(text)), want.map(|(name, line): (&str, u32)| (name.to_owned(), line)), "{text}");
        }
    }
}
