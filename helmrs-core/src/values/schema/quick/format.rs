//! Formats that a quick look is sure of.

use std::net::{Ipv4Addr, Ipv6Addr};

use helmrs_gotemplate::regexp::Regexp;

use super::verdict::Verdict;

/// Formats with rules; every other name means nothing.
const KNOWN: [&str; 22] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "period",
    "regex",
    "relative-json-pointer",
    "semver",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uriref",
    "uuid",
];

/// Whether a text is of a format; never no, since who refuses a text must know every rule.
pub(super) fn matches(format: &str, text: &str) -> Verdict {
    let is_sure = match format {
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "hostname" => is_hostname(text),
        "email" => is_email(text),
        "uri" => is_url(text),
        "uri-reference" => is_url(text) || is_path(text),
        "uuid" => is_uuid(text),
        "regex" => text.len() <= 2000 && Regexp::check(text).is_ok(),
        other => !KNOWN.contains(&other),
    };
    if is_sure {
        Verdict::Yes
    } else {
        Verdict::Unsure
    }
}

fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(is_inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 250 && text.split('.').all(is_label)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_word = |word: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+".contains(&byte);
        !word.is_empty() && word.bytes().all(is_inner)
    };
    text.len() <= 250 && local.len() <= 64 && local.split('.').all(is_word) && is_hostname(domain)
}

/// `http://name:port/path`.
fn is_url(text: &str) -> bool {
    let Some(rest) = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))
    else {
        return false;
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    is_hostname(host) && port.parse::<u16>().is_ok() && is_path(path)
}

fn is_path(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    groups.len() == lengths.len()
        && groups.iter().zip(lengths).all(|(group, length)| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}
