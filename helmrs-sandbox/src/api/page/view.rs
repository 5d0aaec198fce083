//! Pages as HTML.

use std::fmt::Write as _;

use super::diff;
use super::objects::{self, Part, State};
use super::releases::Record;
use crate::objects::Objects;

/// A text that may stand anywhere in HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// A name that may stand in a path.
fn in_path(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

fn shell(title: &str, revision: u64, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<link rel=icon href=\"data:,\">\n<link rel=stylesheet href=\"/sandbox/page.css\">\n\
         <script src=\"/sandbox/page.js\" defer></script>\n</head>\n<body>\n\
         <header><a href=\"/\">Sandbox</a> <span>a cluster to try things out on; nothing really runs</span></header>\n\
         <main data-revision=\"{revision}\">\n{body}</main>\n</body>\n</html>\n",
        escaped(title)
    )
}

/// What somebody sees who was not let in.
pub(super) fn refusal() -> String {
    let text = "<h1>Not let in</h1>\n<p>Open the address that <code>sandbox status</code> prints: it has the token in it.</p>\n";
    shell("Sandbox", 0, text)
}

/// What is said of a release that is not there.
pub(super) fn no_release(namespace: &str, name: &str, revision: u64) -> String {
    let (namespace, name) = (escaped(namespace), escaped(name));
    let text = format!("<h1>{name}</h1>\n<p>There is no such release in {namespace}.</p>\n");
    shell("Sandbox", revision, &text)
}

/// All releases, each in its newest revision, with their objects.
pub(super) fn releases(objects: &Objects, records: &[Record], revision: u64) -> String {
    let all = objects::all(objects);
    let mut body = "<h1>Releases</h1>\n".to_owned();
    let mut last = None;
    for record in records {
        let place = (&record.namespace, &record.name);
        if last.replace(place) == Some(place) {
            continue;
        }
        let key = (record.namespace.clone(), record.name.clone());
        let parts = all.get(&key).map(Vec::as_slice).unwrap_or_default();
        body += &card(record, parts);
    }
    if records.is_empty() {
        body += "<p class=empty>Nothing is installed yet.</p>\n";
    }
    shell("Releases", revision, &body)
}

/// Where the page of a release is.
pub(super) fn release_path(namespace: &str, name: &str) -> String {
    let (namespace, name) = (in_path(namespace), in_path(name));
    format!("/sandbox/releases/{namespace}/{name}")
}

fn card(record: &Record, parts: &[Part]) -> String {
    let ready = parts
        .iter()
        .filter(|part| part.depth == 0 && part.state == State::Ready)
        .count();
    let count = parts.iter().filter(|part| part.depth == 0).count();
    format!(
        "<section class=release>\n<h2><a href=\"{}\">{}</a> <small>{}</small></h2>\n{}\
         <p class=ready>{ready} of {count} objects ready</p>\n{}</section>\n",
        release_path(&record.namespace, &record.name),
        escaped(&record.name),
        escaped(&record.namespace),
        facts(record),
        table(parts)
    )
}

fn facts(record: &Record) -> String {
    format!(
        "<p class=facts><span class=\"status {0}\">{0}</span> revision {1} · {2} · {3}</p>\n",
        escaped(&record.status),
        record.revision,
        escaped(&record.chart),
        escaped(&day(&record.deployed))
    )
}

/// A time without its fraction.
fn day(time: &str) -> String {
    let time = time.split('.').next().unwrap_or_default();
    time.trim_end_matches('Z').replace('T', " ")
}

fn table(parts: &[Part]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let mut rows = String::new();
    for part in parts {
        let (class, word) = match part.state {
            State::Ready => ("good", "ready"),
            State::Waiting => ("waiting", "waiting"),
            State::Failed => ("bad", "failed"),
        };
        let below = if part.depth > 0 { " class=below" } else { "" };
        let _ = writeln!(
            rows,
            "<tr{below}><td>{}</td><td>{}</td><td><span class=\"dot {class}\"></span>{word}</td><td>{}</td></tr>",
            escaped(&part.kind),
            escaped(&part.name),
            escaped(&part.detail)
        );
    }
    format!(
        "<table>\n<thead><tr><th>Kind</th><th>Name</th><th>State</th><th></th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

/// One release: its objects, and its revisions with what changed in each.
pub(super) fn release(
    objects: &Objects,
    namespace: &str,
    name: &str,
    records: &[Record],
    revision: u64,
) -> Option<String> {
    let newest = records.first()?;
    let all = objects::all(objects);
    let parts = all.get(&(namespace.to_owned(), name.to_owned()));
    let mut body = format!(
        "<h1>{} <small>{}</small></h1>\n{}{}<h2>History</h2>\n",
        escaped(name),
        escaped(namespace),
        facts(newest),
        table(parts.map(Vec::as_slice).unwrap_or_default())
    );
    for (index, record) in records.iter().enumerate() {
        let before = records.get(index + 1);
        let changes = match before {
            Some(before) => diff::html(&before.manifest, &record.manifest),
            None => diff::html("", &record.manifest),
        };
        let open = if index == 0 && before.is_some() {
            " open"
        } else {
            ""
        };
        let since = before.map_or_else(String::new, |before| {
            format!("changes since {}", before.revision)
        });
        let _ = writeln!(
            body,
            "<details id=\"revision-{0}\"{open}><summary><b>{0}</b> <span class=\"status {1}\">{1}</span> {2} · {3} · {4}</summary>\n<p>{since}</p>\n{changes}\n</details>",
            record.revision,
            escaped(&record.status),
            escaped(&record.chart),
            escaped(&day(&record.deployed)),
            escaped(&record.description)
        );
    }
    Some(shell(name, revision, &body))
}
