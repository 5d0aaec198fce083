//! URLs put together from a base and path elements.

use std::fmt::Write as _;

use crate::chart::archive::clean;

/// Joins a base, a URL or a path, with path elements; `..` and doubled slashes are resolved.
// Parity: Helm, internal/urlutil/urlutil.go, URLJoin.
pub fn join(base: &str, elements: &[&str]) -> String {
    let (base, fragment) = split_at_first(base, '#');
    let (base, query) = split_at_first(base, '?');
    let (host, path) = match base.find("://") {
        Some(at) => {
            let path = base[at + 3..]
                .find('/')
                .map_or(base.len(), |slash| at + 3 + slash);
            base.split_at(path)
        }
        None => ("", base),
    };
    let present = std::iter::once(path)
        .chain(elements.iter().copied())
        .filter(|element| !element.is_empty());
    let joined = present.collect::<Vec<_>>().join("/");
    if joined.is_empty() {
        return format!("{host}{query}{fragment}");
    }
    let rooted = joined.starts_with('/');
    let cleaned = match clean(&joined).as_str() {
        "." if rooted => String::new(),
        cleaned if rooted => cleaned.trim_start_matches("../").to_string(),
        cleaned => cleaned.to_string(),
    };
    let slash = if rooted || !host.is_empty() { "/" } else { "" };
    format!("{host}{slash}{}{query}{fragment}", escaped(&cleaned))
}

/// Whether two addresses are the same but for the shape of their paths: slashes at the end, doubled ones, dots.
// Parity: Helm, internal/urlutil/urlutil.go, Equal.
pub fn is_same(one: &str, other: &str) -> bool {
    normal(one) == normal(other)
}

/// An address whose path is as short as it can be.
fn normal(address: &str) -> String {
    let (address, fragment) = split_at_first(address, '#');
    let (address, query) = split_at_first(address, '?');
    let Some(scheme) = address.find("://") else {
        let slash = if address.starts_with('/') { "/" } else { "" };
        return format!("{slash}{}{query}{fragment}", clean(address));
    };
    let host = scheme + "://".len();
    let path = address[host..]
        .find('/')
        .map_or(address.len(), |slash| host + slash);
    let scheme = address[..scheme].to_ascii_lowercase();
    let (host, path) = (&address[host..path], clean(&address[path..]));
    format!("{scheme}://{host}/{path}{query}{fragment}")
}

/// Splits before a character, which stays with the second part.
fn split_at_first(text: &str, separator: char) -> (&str, &str) {
    text.split_at(text.find(separator).unwrap_or(text.len()))
}

/// A path as a URL has it; what is escaped already stays so.
fn escaped(path: &str) -> String {
    let mut escaped = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"$-_.+!*'(),/:@&=;~%".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{is_same, join};

    #[test]
    fn elements_are_added_to_the_path() {
        assert_eq!(join("http://host:80", &["a.tgz"]), "http://host:80/a.tgz");
        assert_eq!(
            join("http://host/x/", &["y", "a b.tgz"]),
            "http://host/x/y/a%20b.tgz"
        );
        assert_eq!(
            join("http://host/x?q=1#f", &["..", "a"]),
            "http://host/a?q=1#f"
        );
        assert_eq!(join("", &["sub"]), "sub");
        assert_eq!(join("", &[""]), "");
        assert_eq!(join("/a//b", &["c"]), "/a/b/c");
    }
    #[test]
    fn a_slash_at_the_end_makes_no_other_address() {
        assert!(is_same("http://host/a/", "http://host/a"));
        assert!(is_same("HTTP://host", "http://host//"));
        assert!(!is_same("http://host/a", "http://host/a?b"));
        assert!(!is_same("http://host/a", "https://host/a"));
    }
}
