//! Go's `net/url`: URLs taken apart and put together as its `Parse` and `String` do.

pub mod address;
mod escape;

use crate::number::quote;
use address::Family;
pub use escape::{EscapeError, Part, escape, unescape};

/// A URL in its parts, those decoded that Go decodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// The scheme, in lower case.
    pub scheme: String,
    /// What follows the scheme of a URL without a path, as in `mailto:someone`.
    pub opaque: Vec<u8>,
    /// The user's name, and the password after a colon, decoded; none where the URL has no `@`.
    pub user: Option<User>,
    /// Host and port.
    pub host: Vec<u8>,
    /// The path, decoded.
    pub path: Vec<u8>,
    /// The query, as it stands.
    pub query: Vec<u8>,
    /// The fragment, decoded.
    pub fragment: Vec<u8>,
    /// Whether there is a question mark with nothing after it.
    pub force_query: bool,
}

/// Who a URL is to be fetched as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name, decoded.
    pub name: Vec<u8>,
    /// The password, decoded; none where there is no colon.
    pub password: Option<Vec<u8>>,
}

/// Why a text is not a URL, in the words of Go's `net/url`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse {}: {reason}", quote(url))]
pub struct UrlError {
    url: Vec<u8>,
    reason: String,
}

impl Url {
    /// Takes a URL apart.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_gotemplate::url::Url;
    ///
    /// let url = Url::parse(b"http://me:secret@host:80/a%20b?q#f").unwrap();
    /// assert_eq!((url.host.as_slice(), url.path.as_slice()), (&b"host:80"[..], &b"/a b"[..]));
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, UrlError> {
        let (url, fragment) = cut(text, b'#');
        let mut parsed = parse_reference(url).map_err(|reason| UrlError {
            url: url.to_vec(),
            reason,
        })?;
        parsed.fragment =
            unescape(fragment.unwrap_or_default(), Part::Fragment).map_err(|error| UrlError {
                url: text.to_vec(),
                reason: error.to_string(),
            })?;
        Ok(parsed)
    }

    /// The host without its port, and without the brackets of an IPv6 address.
    pub fn hostname(&self) -> &[u8] {
        let host = match self.host.iter().rposition(|byte| *byte == b':') {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix(b"[")
            .and_then(|host| host.strip_suffix(b"]"))
            .unwrap_or(host)
    }

    /// Puts the URL together, encoding what needs it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut output = Vec::new();
        if !self.scheme.is_empty() {
            output.extend_from_slice(self.scheme.as_bytes());
            output.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut output);
        } else {
            output.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.query.is_empty() {
            output.push(b'?');
            output.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            output.push(b'#');
            output.extend(escape(&self.fragment, Part::Fragment));
        }
        output
    }

    /// The authority and the path.
    fn write_hierarchy(&self, output: &mut Vec<u8>) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || (!self.scheme.is_empty() && !self.path.is_empty()) {
            output.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            output.extend(user.to_bytes());
            output.push(b'@');
        }
        output.extend(escape(&self.host, Part::Host));
        let path = if self.path == b"*" {
            b"*".to_vec()
        } else {
            escape(&self.path, Part::Path)
        };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            output.push(b'/');
        }
        let first_segment = cut(&path, b'/').0;
        if output.is_empty() && first_segment.contains(&b':') {
            output.extend_from_slice(b"./");
        }
        output.extend(path);
    }
}

impl User {
    /// The user as a URL has it: `name:password`, encoded.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut output = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            output.push(b':');
            output.extend(escape(password, Part::User));
        }
        output
    }
}

/// What stands before and, if it occurs, after the first `separator`.
fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(separator, text) {
        Some(found) => (&text[..found], Some(&text[found + 1..])),
        None => (text, None),
    }
}

/// A URL without its fragment.
fn parse_reference(text: &[u8]) -> Result<Url, String> {
    if text.iter().any(|byte| *byte < b' ' || *byte == 0x7F) {
        return Err("net/url: invalid control character in URL".to_string());
    }
    let mut url = Url::default();
    if text == b"*" {
        url.path = text.to_vec();
        return Ok(url);
    }
    let (scheme, rest) = split_scheme(text)?;
    url.scheme = String::from_utf8_lossy(scheme).to_ascii_lowercase();
    let (mut rest, query) = cut(rest, b'?');
    url.force_query = query == Some(b"");
    url.query = query.unwrap_or_default().to_vec();
    if !rest.starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if cut(rest, b'/').0.contains(&b':') {
            return Err("first path segment in URL cannot contain colon".to_string());
        }
    }
    if rest.starts_with(b"//") && (!url.scheme.is_empty() || !rest.starts_with(b"///")) {
        let end = memchr::memchr(b'/', &rest[2..]).map_or(rest.len(), |slash| slash + 2);
        let authority;
        (authority, rest) = (&rest[2..end], &rest[end..]);
        (url.user, url.host) = parse_authority(authority)?;
    }
    url.path = unescape(rest, Part::Path).map_err(|error| error.to_string())?;
    Ok(url)
}

fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (index, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return Err("missing protocol scheme".to_string()),
            b':' => return Ok((&text[..index], &text[index + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn parse_authority(authority: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = memchr::memrchr(b'@', authority) else {
        return Ok((None, parse_host(authority)?));
    };
    let host = parse_host(&authority[at + 1..])?;
    let user = &authority[..at];
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(allowed) {
        return Err("net/url: invalid userinfo".to_string());
    }
    let (name, password) = cut(user, b':');
    let decode = |text| unescape(text, Part::User).map_err(|error| error.to_string());
    let user = User {
        name: decode(name)?,
        password: password.map(decode).transpose()?,
    };
    Ok((Some(user), host))
}

fn parse_host(host: &[u8]) -> Result<Vec<u8>, String> {
    let decode = |text, part| unescape(text, part).map_err(|error| error.to_string());
    if memchr::memrchr(b'[', host).is_some_and(|bracket| bracket > 0) {
        return Err("invalid IP-literal".to_string());
    }
    let port_start = if host.starts_with(b"[") {
        Some(memchr::memrchr(b']', host).ok_or("missing ']' in host")? + 1)
    } else {
        memchr::memchr(b':', host)
    };
    if let Some(start) = port_start.filter(|start| !is_port(&host[*start..])) {
        return Err(format!("invalid port {} after host", quote(&host[start..])));
    }
    let zone = memchr::memmem::find(host, b"%25").filter(|_| host.starts_with(b"["));
    let decoded = match (zone, port_start) {
        (Some(zone), Some(end)) => {
            let mut decoded = decode(&host[..zone], Part::Host)?;
            decoded.extend(decode(&host[zone..end - 1], Part::Zone)?);
            decoded.extend(decode(&host[end - 1..], Part::Host)?);
            decoded
        }
        _ => decode(host, Part::Host)?,
    };
    if let Some(literal) = decoded.strip_prefix(b"[") {
        check_literal(literal)?;
    }
    Ok(decoded)
}

/// Only IPv6 addresses stand in brackets; `literal` begins after the first one.
fn check_literal(literal: &[u8]) -> Result<(), String> {
    let end = memchr::memrchr(b']', literal).unwrap_or(literal.len());
    match address::parse(&String::from_utf8_lossy(&literal[..end])) {
        Ok(Family::V6) => Ok(()),
        Ok(Family::V4) => Err("invalid IP-literal".to_string()),
        Err(error) => Err(format!("invalid host: {error}")),
    }
}

/// Whether a text is empty or a colon and digits.
fn is_port(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Url::parse(text.as_bytes())
            .expect_err("not a URL")
            .to_string()
    }

    #[test]
    fn a_url_is_taken_apart_and_put_together() {
        for text in [
            "http://u:p@h:80/a/b?q=1#f",
            "mailto:a@b",
            "/path",
            "//host/x",
            "http://[::1]:8080/",
            "a?",
            "file:///etc/hosts",
        ] {
            let url = Url::parse(text.as_bytes()).expect("a URL");
            assert_eq!(String::from_utf8_lossy(&url.to_bytes()), text);
        }
    }

    #[test]
    fn errors_quote_the_url() {
        assert_eq!(
            error("http://a b"),
            r#"parse "http://a b": invalid character " " in host name"#
        );
        assert_eq!(
            error("http://[1.2.3.4]"),
            r#"parse "http://[1.2.3.4]": invalid IP-literal"#
        );
        assert_eq!(error(":x"), r#"parse ":x": missing protocol scheme"#);
        assert_eq!(
            error("http://h:x/"),
            r#"parse "http://h:x/": invalid port ":x" after host"#
        );
        assert_eq!(error("/%zz"), r#"parse "/%zz": invalid URL escape "%zz""#);
    }
}
