//! References within a document.

use std::borrow::Cow;

use super::super::document::Json;
use super::draft::{Draft, Shape};

/// What a reference leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'s> {
    /// A schema that stands where schemas do.
    Schema(&'s Json),
    /// Anything else, which is a schema if it looks like one.
    Elsewhere(&'s Json),
}

impl<'s> Target<'s> {
    pub(super) fn schema(self) -> &'s Json {
        match self {
            Self::Schema(schema) | Self::Elsewhere(schema) => schema,
        }
    }
}

/// What a reference of the form `#/json/pointer` leads to.
// Parity: santhosh-tekuri/jsonschema v6, util.go, urlPtr.lookup.
pub(super) fn find<'s>(root: &'s Json, text: &str, draft: Draft) -> Option<Target<'s>> {
    let fragment = text.strip_prefix('#')?;
    if !fragment.bytes().all(is_fragment_byte) {
        return None;
    }
    let pointer = decoded(fragment)?;
    let mut at = root;
    let mut place = Place::Schema;
    for token in pointer.split('/').skip(1) {
        let token = unescaped(token)?;
        at = match at {
            Json::Object(_) => at.get(&token)?,
            Json::List(items) => items.get(index(&token)?)?,
            _ => return None,
        };
        place = place.below(&token, at, draft);
    }
    let is_pointer = pointer.is_empty() || pointer.starts_with('/');
    is_pointer.then_some(match place {
        Place::Schema => Target::Schema(at),
        Place::Schemas | Place::Elsewhere => Target::Elsewhere(at),
    })
}

/// What stands at a step of a pointer.
#[derive(Clone, Copy)]
enum Place {
    Schema,
    /// A list or a map of schemas.
    Schemas,
    Elsewhere,
}

impl Place {
    fn below(self, token: &str, value: &Json, draft: Draft) -> Self {
        match self {
            Self::Schemas => Self::Schema,
            Self::Elsewhere => Self::Elsewhere,
            Self::Schema => match draft.shape(token) {
                Shape::Schema | Shape::BoolOrSchema => Self::Schema,
                Shape::SchemaOrSchemas if value.items().is_none() => Self::Schema,
                Shape::Schemas | Shape::SchemaOrSchemas | Shape::SchemaMap | Shape::PatternMap => {
                    Self::Schemas
                }
                _ => Self::Elsewhere,
            },
        }
    }
}

/// Whether a schema's own URL is one that local references cannot lead out of.
pub(super) fn is_plain_identity(url: &str) -> bool {
    let Some(rest) = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))
    else {
        return false;
    };
    let rest = rest.strip_suffix('#').unwrap_or(rest);
    let is_plain = |part: &str| {
        let is_dots = part.bytes().all(|byte| byte == b'.');
        !is_dots
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or_default();
    let is_host = is_plain(host)
        && host.contains(|c: char| c.is_ascii_lowercase())
        && !host.contains(|c: char| c.is_ascii_uppercase());
    is_host && host != "json-schema.org" && rest.len() > host.len() && parts.all(is_plain)
}

fn is_fragment_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte)
}

fn decoded(fragment: &str) -> Option<Cow<'_, str>> {
    let Some((plain, _)) = fragment.split_once('%') else {
        return Some(Cow::Borrowed(fragment));
    };
    let mut bytes = plain.as_bytes().to_vec();
    let mut rest = &fragment[plain.len()..];
    while let Some(after) = rest.strip_prefix('%') {
        let code = after.get(..2)?;
        let is_code = code.bytes().all(|byte| byte.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(code, 16).ok().filter(|_| is_code)?);
        let plain = after[2..].split('%').next().unwrap_or_default();
        bytes.extend_from_slice(plain.as_bytes());
        rest = &after[2 + plain.len()..];
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn unescaped(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut parts = token.split('~');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escaped, rest) = match part.as_bytes().first() {
            Some(b'0') => ('~', &part[1..]),
            Some(b'1') => ('/', &part[1..]),
            _ => return None,
        };
        text.push(escaped);
        text.push_str(rest);
    }
    Some(Cow::Owned(text))
}

fn index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || token.starts_with(|first: char| ('1'..='9').contains(&first));
    token.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use helmrs_gotemplate::json;

    use super::{Draft, Json, find, is_plain_identity};

    #[test]
    fn pointers_are_decoded_and_unescaped() {
        let root: Json = json::parse(
            br#"{"$defs": {"a/b~c d": true, "list": {"allOf": [1, 2]}}, "x": {"y": 3}}"#,
        )
        .unwrap();
        let found = |text| find(&root, text, Draft::Of2020).map(|target| target.schema().clone());
        assert_eq!(found("#/$defs/a~1b~0c%20d"), Some(Json::Bool(true)));
        assert_eq!(
            found("#/$defs/list/allOf/1"),
            Some(Json::Number("2".to_owned()))
        );
        assert_eq!(found("#"), Some(root.clone()));
        for text in [
            "",
            "a#",
            "#a",
            "#/nope",
            "#/$defs/list/allOf/01",
            "#/%zz",
            "#/a~2",
            "#/a b",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn only_plain_urls_name_a_schema() {
        assert!(is_plain_identity(
            "https://example.com/charts/web.schema.json"
        ));
        for url in [
            "web.json",
            "urn:a:b",
            "http://example.com",
            "http://a/../b",
            "http://a/b#c",
        ] {
            assert!(!is_plain_identity(url), "{url}");
        }
    }
}
