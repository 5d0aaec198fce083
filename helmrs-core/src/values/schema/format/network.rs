//! Addresses of hosts, mailboxes and resources.

use helmrs_gotemplate::url::{Part, Url, address, escape, unescape};

use super::{number, shown};

pub(super) fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return Err("expected four decimals".to_owned());
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return Err("leading zeros".to_owned());
        }
        if !(0..=255).contains(&number(group)?) {
            return Err("decimal must be between 0 and 255".to_owned());
        }
    }
    Ok(())
}

pub(super) fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return Err("missing colon".to_owned());
    }
    address::parse(text).map_err(|error| error.to_string())?;
    if text.contains('%') {
        return Err("zone id is not a part of ipv6 address".to_owned());
    }
    Ok(())
}

pub(super) fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return Err("more than 253 characters long".to_owned());
    }
    for label in text.split('.') {
        if !(1..=63).contains(&label.len()) {
            return Err("label must be 1 to 63 characters long".to_owned());
        }
        if label.starts_with('-') {
            return Err("label starts with hyphen".to_owned());
        }
        if label.ends_with('-') {
            return Err("label ends with hyphen".to_owned());
        }
        if let Some(other) = label
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && *c != '-')
        {
            return Err(format!("invalid character {}", shown(other)));
        }
    }
    Ok(())
}

pub(super) fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        return Err("more than 255 characters long".to_owned());
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Err("missing @".to_owned());
    };
    if local.len() > 64 {
        return Err("local part more than 64 characters long".to_owned());
    }
    mailbox(local)?;
    let literal = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match literal {
        None => hostname(domain).map_err(|problem| format!("invalid domain: {problem}")),
        Some(address) => match address.strip_prefix("IPv6:") {
            Some(address) => {
                ipv6(address).map_err(|problem| format!("invalid ipv6 address: {problem}"))
            }
            None => ipv4(address).map_err(|problem| format!("invalid ipv4 address: {problem}")),
        },
    }
}

fn mailbox(local: &str) -> Result<(), String> {
    let quoted = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(quoted) = quoted {
        if quoted.contains(['\\', '"']) {
            return Err("backslash and quote are not allowed within quoted local part".to_owned());
        }
        return Ok(());
    }
    if local.starts_with('.') {
        return Err("starts with dot".to_owned());
    }
    if local.ends_with('.') {
        return Err("ends with dot".to_owned());
    }
    if local.contains("..") {
        return Err("consecutive dots".to_owned());
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    match local.chars().find(|c| !is_allowed(*c)) {
        Some(other) => Err(format!("invalid character {}", shown(other))),
        None => Ok(()),
    }
}

fn parsed(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    let host = String::from_utf8_lossy(url.hostname()).into_owned();
    if host.contains(':') {
        if !(url.host.contains(&b'[') && url.host.contains(&b']')) {
            return Err("ipv6 address not enclosed in brackets".to_owned());
        }
        ipv6(&host).map_err(|problem| format!("invalid ipv6 address: {problem}"))?;
    }
    Ok(url)
}

pub(super) fn uri(text: &str) -> Result<(), String> {
    if parsed(text)?.scheme.is_empty() {
        return Err("relative url".to_owned());
    }
    Ok(())
}

pub(super) fn uri_reference(text: &str) -> Result<(), String> {
    if text.contains('\\') {
        return Err(r"contains \".to_owned());
    }
    parsed(text).map(|_| ())
}

pub(super) fn uri_template(text: &str) -> Result<(), String> {
    let url = parsed(text)?;
    let raw = raw_path(text);
    if escape(&url.path, Part::Path) == raw.as_bytes() {
        // Parity: Go, net/url, URL.RawPath, which is empty then.
        return Ok(());
    }
    for part in raw.split('/') {
        let part = unescape(part.as_bytes(), Part::PathSegment)
            .map_err(|error| format!("percent decode failed: {error}"))?;
        let mut is_open = false;
        for byte in part.into_iter().filter(|byte| b"{}".contains(byte)) {
            if (byte == b'{') == is_open {
                return Err("nested curly braces".to_owned());
            }
            is_open = !is_open;
        }
        if is_open {
            return Err("no matching closing brace".to_owned());
        }
    }
    Ok(())
}

/// The path of a URL as it is written.
fn raw_path(text: &str) -> &str {
    let text = text.split(['#', '?']).next().unwrap_or_default();
    let is_scheme = |scheme: &str| !scheme.is_empty() && !scheme.contains('/');
    let rest = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => text,
    };
    match rest.strip_prefix("//") {
        Some(rest) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => rest,
    }
}
