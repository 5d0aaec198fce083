//! What looks like an address: of mail, of a page.

use std::sync::LazyLock;

use regex::Regex;

/// The least and the most that an URL holds.
const URL_BYTES: usize = 3;
const URL_CHARACTERS: usize = 2083;

/// Whether a text is a mail address: dotted or quoted words, then a host with at least one dot.
pub(super) fn is_email(text: &str) -> bool {
    static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
        const LETTER: &str = r"a-zA-Z\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}";
        let word = format!(r"[{LETTER}0-9!#$%&'*+/=?^_`{{|}}~-]+");
        let quoted = format!(
            r#""(?:[ \t]|[\x01-\x08\x0b\x0c\x0e-\x1f\x7f!#-\[\]-~{LETTER}]|\\[\x01-\x09\x0b\x0c\x0d-\x7f{LETTER}])*""#
        );
        let label = format!(r"[{LETTER}0-9](?:[{LETTER}0-9._~-]*[{LETTER}0-9])?");
        let top = format!(r"[{LETTER}](?:[{LETTER}0-9_~-]*[{LETTER}])?");
        let pattern = format!(r"^(?:{word}(?:\.{word})*|{quoted})@(?:{label}\.)+{top}\.?$");
        Regex::new(&pattern).expect("the pattern is a constant and valid")
    });
    EMAIL.is_match(text)
}

/// Whether a text is an URL a server can be asked for: a scheme, and no characters that have no place in one.
// Parity: Go, net/url, ParseRequestURI.
pub(super) fn is_request_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut characters = scheme.bytes();
    let starts_well = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic());
    starts_well
        && characters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && rest.starts_with('/')
        && is_well_escaped(rest)
        && rest.strip_prefix("//").is_none_or(has_plain_host)
}

/// Whether a text is an URL, or what people write instead of one: scheme, host and path, the host alone.
pub(super) fn is_url(text: &str) -> bool {
    static URL: LazyLock<Regex> = LazyLock::new(|| {
        const WORD: &str = r"[a-zA-Z\u{a1}-\u{ffff}0-9]";
        let host = format!(
            r"(?:\[[0-9a-fA-F:.]+\]|(?:[a-zA-Z0-9][a-zA-Z0-9_-]*\.)*(?:{WORD}+-{{0,2}})*{WORD}+(?:\.{WORD}+)*)"
        );
        let pattern = format!(
            r"^(?:(?:ftp|tcp|udp|wss?|https?)://)?(?:\S+(?::\S*)?@)?{host}\.?(?::[0-9]{{1,5}})?(?:[/?#]\S*)?$"
        );
        Regex::new(&pattern).expect("the pattern is a constant and valid")
    });
    let sized = text.len() > URL_BYTES && text.chars().count() < URL_CHARACTERS;
    sized && !text.starts_with('.') && is_well_escaped(text) && URL.is_match(text)
}

/// Whether a text has no control characters, and hexadecimal digits after each percent sign.
fn is_well_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    let escape = |at: usize| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    bytes.iter().enumerate().all(|(at, &byte)| match byte {
        0..b' ' | 0x7f => false,
        b'%' => escape(at),
        _ => true,
    })
}

/// Whether what follows the two slashes begins with a host that has no blanks or brackets in it, and a port of digits.
fn has_plain_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    let bracketed = host.starts_with('[');
    !host.contains([' ', '<', '>', '"', '{', '}', '|', '\\', '^', '`'])
        && (bracketed
            || (port.bytes().all(|byte| byte.is_ascii_digit()) && !host.contains(['[', ']'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_have_a_host_with_a_dot() {
        for good in [
            "a@b.co",
            "a.b+c@d-e.org",
            "\"a b\"@c.de",
            "ü@ä.de",
            "a@b.c.d.",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "a",
            "a@b",
            "a b@c.de",
            "a@.de",
            "a..b@c.de",
            "@c.de",
            "a@c.1",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn request_urls_have_a_scheme() {
        for good in [
            "https://a.b/c",
            "file:///a",
            "oci://a",
            "a+b:/c",
            "http://a:80/?q#f",
            "http://[::1]:80/",
        ] {
            assert!(is_request_url(good), "{good}");
        }
        for bad in [
            "",
            "a.b",
            "/a",
            "1a://b",
            "http://a b",
            "http://a/%zz",
            "mailto:a@b.c",
            "http://a:b",
        ] {
            assert!(!is_request_url(bad), "{bad}");
        }
    }

    #[test]
    fn urls_may_miss_their_scheme() {
        for good in [
            "https://a.b/c",
            "example.com",
            "a.b:80/x",
            "ftp://u:p@a.b",
            "http://localhost",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in ["", "not a url", ".a.b", "gopher://a.b", "http://", "a b"] {
            assert!(!is_url(bad), "{bad}");
        }
    }
}
