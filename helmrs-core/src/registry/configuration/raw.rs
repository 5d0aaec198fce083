//! JSON that is kept as it is written.

use std::collections::BTreeMap;

use super::{JsonError, TypeError, Value, write_string};
use crate::yaml;
use crate::yaml::json;

/// One JSON value: what it is and, without blanks, how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw(Vec<u8>);

impl Raw {
    /// The first value of a text.
    pub(super) fn first_of(text: &[u8]) -> Result<Self, JsonError> {
        let (_, length) = json::parse_prefix(text)?;
        Ok(Self(compact(&text[..length])))
    }

    pub(super) fn of_text(text: &str) -> Self {
        let mut raw = Vec::new();
        write_string(&mut raw, text.as_bytes(), true);
        Self(raw)
    }

    pub(super) fn of_members(members: &BTreeMap<String, Self>) -> Self {
        let mut raw = b"{".to_vec();
        for (key, value) in members {
            if raw.len() > 1 {
                raw.push(b',');
            }
            write_string(&mut raw, key.as_bytes(), true);
            raw.push(b':');
            raw.extend(&value.0);
        }
        raw.push(b'}');
        Self(raw)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the value is.
    pub(super) fn value(&self) -> Value {
        json::parse(&self.0).unwrap_or_default()
    }

    /// The members of an object, none for null; of those with one name the last. For anything else, what it is.
    pub(super) fn members(&self) -> Result<BTreeMap<String, Self>, Value> {
        let mut members = BTreeMap::new();
        match self.value() {
            Value::Map(_) => {}
            Value::Null => return Ok(members),
            found => return Err(found),
        }
        let mut rest = &self.0[1..];
        while let Ok((Value::String(key), end)) = json::parse_prefix(rest) {
            // The colon, then the value, then a comma or the end.
            rest = rest.get(end + 1..).unwrap_or_default();
            let Ok((_, end)) = json::parse_prefix(rest) else {
                break;
            };
            members.insert(key, Self(rest[..end].to_vec()));
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        Ok(members)
    }

    pub(super) fn text(&self) -> Result<String, TypeError> {
        Ok(yaml::from_value::<Option<String>>(self.value())?.unwrap_or_default())
    }

    pub(super) fn texts(&self) -> Result<BTreeMap<String, String>, TypeError> {
        let value = self.value();
        if !matches!(value, Value::Map(_) | Value::Null) {
            return Err(TypeError::kind(&value, "map[string]string"));
        }
        let texts: Option<BTreeMap<String, Option<String>>> = yaml::from_value(value)?;
        let texts = texts.unwrap_or_default().into_iter();
        Ok(texts
            .map(|(key, text)| (key, text.unwrap_or_default()))
            .collect())
    }
}

/// JSON without blanks, and with what a browser might misread escaped.
// Parity: Go, encoding/json/indent.go, appendCompact.
fn compact(text: &[u8]) -> Vec<u8> {
    let mut compact = Vec::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    let mut bytes = text.iter().copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        if !in_string {
            in_string = byte == b'"';
            if !byte.is_ascii_whitespace() {
                compact.push(byte);
            }
            continue;
        }
        in_string = escaped || byte != b'"';
        escaped = byte == b'\\' && !escaped;
        match (byte, text.get(at + 1), text.get(at + 2)) {
            (b'<' | b'>' | b'&', ..) => compact.extend(format!("\\u{byte:04x}").bytes()),
            (0xE2, Some(0x80), Some(last @ (0xA8 | 0xA9))) => {
                compact.extend(format!("\\u20{:02x}", last - 0x80).bytes());
                bytes.nth(1);
            }
            _ => compact.push(byte),
        }
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_but_not_those_in_texts() {
        let text = "{ \"a b\" : [ 1 , \"\\\" <\u{2028}\" ] }".as_bytes();
        assert_eq!(
            String::from_utf8(compact(text)).unwrap(),
            r#"{"a b":[1,"\" \u003c\u2028"]}"#
        );
    }

    #[test]
    fn of_members_with_one_name_the_last_counts() {
        let raw = Raw::first_of(br#"{"a":1,"b":{"c":[]},"a":2} 3"#).unwrap();
        let members = raw.members().unwrap();
        assert_eq!(members["a"].as_bytes(), b"2");
        assert_eq!(members["b"].as_bytes(), b"{\"c\":[]}");
        assert!(Raw::first_of(b"{}").unwrap().members().unwrap().is_empty());
    }
}
