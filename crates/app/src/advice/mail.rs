//! A message as a file (RFC 5322 with MIME), ready to be opened in a mail program and sent by a person: no sender, no
//! address, marked as a draft.

use super::files::Attachment;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Bytes of text in one encoded word: a line has 76 characters, of which `Subject: =?UTF-8?B??=` takes 21.
const WORD_BYTES: usize = 39;

/// The message. The same content gives the same bytes.
pub(crate) fn message(subject: &str, text: &str, files: &[Attachment], at: Timestamp) -> Vec<u8> {
    let mut seed = Sha256::new();
    files.iter().for_each(|file| seed.update(&file.bytes));
    seed.update(text);
    let hash = seed.finalize();
    // Base64 has no underscore, so the boundary cannot occur in a part.
    let boundary = format!("tomomori_{}", hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>());
    let date = crate::ctx::japan().to_datetime(at).strftime("%a, %d %b %Y %H:%M:%S +0900");
    let mut out = format!(
        "Subject: {}\r\nDate: {date}\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        encoded_words(subject),
        lines(text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()),
    );
    for file in files {
        out += &format!(
            "--{boundary}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment;\r\n filename*=UTF-8''{}\r\n\r\n{}",
            file.kind,
            percent(&file.name),
            lines(&file.bytes),
        );
    }
    out += &format!("--{boundary}--\r\n");
    out.into_bytes()
}

/// Base64 in lines of 76 characters.
fn lines(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let mut out = String::with_capacity(encoded.len() + encoded.len() / 38 + 2);
    for (at, c) in encoded.chars().enumerate() {
        if at > 0 && at % 76 == 0 {
            out += "\r\n";
        }
        out.push(c);
    }
    out + "\r\n"
}

/// RFC 2047: words of whole characters, each on its own line.
fn encoded_words(text: &str) -> String {
    let mut words = vec![String::new()];
    for c in text.chars().filter(|c| !c.is_control()) {
        if words.last().is_some_and(|word| word.len() + c.len_utf8() > WORD_BYTES) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let words: Vec<String> = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word))).collect();
    words.join("\r\n ")
}

/// RFC 5987.
fn percent(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_seven_bit_in_short_lines_and_comes_back() {
        let file =
            Attachment { name: "構成図 1.html".into(), kind: "text/html", bytes: "<p>あ</p>".repeat(50).into() };
        let subject = "【みどり川総合病院】構成図の確認のお願い（北都ヘルステック株式会社 御中）\r\nBcc: x@example.jp";
        let made = message(subject, "御中\nご確認ください。", std::slice::from_ref(&file), Timestamp::UNIX_EPOCH);
        let text = String::from_utf8(made.clone()).unwrap();
        assert!(text.is_ascii());
        assert!(text.split("\r\n").all(|line| line.len() <= 78), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "a bare line end");
        assert!(!text.contains("\nBcc"), "a heading smuggled in");
        assert!(text.contains("Date: Thu, 01 Jan 1970 09:00:00 +0900\r\n"));
        assert!(text.contains("filename*=UTF-8''%E6%A7%8B%E6%88%90%E5%9B%B3%201.html"));
        let head = text.split("\r\nDate").next().unwrap().strip_prefix("Subject: ").unwrap();
        let words =
            head.split("\r\n ").map(|word| word.strip_prefix("=?UTF-8?B?").unwrap().strip_suffix("?=").unwrap());
        let back: String = words.map(|word| String::from_utf8(STANDARD.decode(word).unwrap()).unwrap()).collect();
        assert_eq!(back, subject.replace("\r\n", ""));
        let last = text.rsplit("\r\n\r\n").next().unwrap().split("--tomomori").next().unwrap();
        assert_eq!(STANDARD.decode(last.replace("\r\n", "")).unwrap(), file.bytes);
        assert_eq!(
            made,
            message(subject, "御中\nご確認ください。", std::slice::from_ref(&file), Timestamp::UNIX_EPOCH)
        );
    }
}
