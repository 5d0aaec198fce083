//! URLs taken apart and put together.

use super::arguments::{map, text};
use super::reflection::kind_of;
use super::row;
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::url::Url;
use crate::value::{Map, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    row(
        "urlParse",
        &[Type::String],
        url_parse,
        &[(r#"{{ (urlParse "http://a:1/b").host }}"#, "a:1")],
    ),
    row(
        "urlJoin",
        &[Type::MAP],
        url_join,
        &[(
            r#"{{ urlJoin (dict "scheme" "http" "host" "a" "path" "/b") }}"#,
            "http://a/b",
        )],
    ),
];

fn url_parse(arguments: &[Value]) -> Result<Value, CallError> {
    let url = Url::parse(text(arguments, 0))
        .map_err(|error| CallError::new(format!("unable to parse url: {error}")))?;
    let parts = Map::new();
    parts.insert("scheme", url.scheme.as_str());
    parts.insert("host", url.host.clone());
    parts.insert("hostname", url.hostname().to_vec());
    parts.insert("path", url.path.clone());
    parts.insert("query", url.query.clone());
    parts.insert("opaque", url.opaque.clone());
    parts.insert("fragment", url.fragment.clone());
    parts.insert(
        "userinfo",
        url.user.map_or_else(Vec::new, |user| user.to_bytes()),
    );
    Ok(parts.into())
}

/// A part that is a string or missing.
fn part(parts: &Map, key: &str) -> Result<Vec<u8>, CallError> {
    match parts.get(key) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.to_vec()),
        Some(Value::Nil) => Err(super::nil_dereference()),
        Some(other) => Err(CallError::new(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            kind_of(&other)
        ))),
    }
}

fn url_join(arguments: &[Value]) -> Result<Value, CallError> {
    let parts = map(arguments, 0);
    let mut url = Url {
        scheme: String::from_utf8_lossy(&part(&parts, "scheme")?).into_owned(),
        host: part(&parts, "host")?,
        path: part(&parts, "path")?,
        query: part(&parts, "query")?,
        opaque: part(&parts, "opaque")?,
        fragment: part(&parts, "fragment")?,
        ..Url::default()
    };
    let user = part(&parts, "userinfo")?;
    if !user.is_empty() {
        let whole = [b"proto://", user.as_slice(), b"@host"].concat();
        let parsed = Url::parse(&whole).map_err(|error| {
            CallError::new(format!("unable to parse userinfo in dict: {error}"))
        })?;
        url.user = parsed.user;
    }
    Ok(url.to_bytes().into())
}
