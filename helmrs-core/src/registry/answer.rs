//! What registries answer, and programs that keep credentials: lists of tags, tokens, and what went wrong.
// Parity: oras.land/oras-go/v2, registry/remote/{repository,errcode/errors}.go, registry/remote/auth/client.go.

use helmrs_gotemplate::json::{self, ParseError};
use helmrs_gotemplate::print::sprint;
use helmrs_gotemplate::value::Value as GoValue;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::yaml::{self, TypeError, Value};

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// There is nothing.
    #[error("EOF")]
    Empty,
    /// It ends too early.
    #[error("unexpected EOF")]
    Truncated,
    /// It is not JSON.
    #[error(transparent)]
    Json(ParseError),
    /// It is JSON of another kind.
    #[error(transparent)]
    Type(#[from] TypeError),
}

/// The tags of a page.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::answer::tags;
///
/// assert_eq!(tags(br#"{"name":"web","tags":["1.0.0"]}"#)?, ["1.0.0"]);
/// assert!(tags(b"[]").is_err());
/// # Ok::<(), helmrs_core::registry::answer::AnswerError>(())
/// ```
pub fn tags(text: &[u8]) -> Result<Vec<String>, AnswerError> {
    #[derive(Default, Deserialize)]
    #[serde(
        default,
        expecting = "struct struct { Tags []string \"json:\\\"tags\\\"\" }"
    )]
    struct Page {
        tags: Vec<Option<String>>,
    }
    let page: Page = read(text)?;
    Ok(page
        .tags
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect())
}

/// The token of an answer, under its new name or, if `old` says so, its old one; empty if there is none.
pub fn token(text: &[u8], old: bool) -> Result<String, AnswerError> {
    #[derive(Default, Deserialize)]
    #[serde(
        default,
        expecting = "struct struct { AccessToken string \"json:\\\"access_token\\\"\" }"
    )]
    struct Token {
        token: String,
        access_token: String,
    }
    let found: Token = read(text)?;
    Ok(if old && found.access_token.is_empty() {
        found.token
    } else {
        found.access_token
    })
}

/// What a program keeps of a server.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, expecting = "credentials.dockerCredentials")]
pub struct Kept {
    /// The user's name, or what stands for a token.
    #[serde(rename = "Username")]
    pub username: String,
    /// The password or the token.
    #[serde(rename = "Secret")]
    pub secret: String,
}

/// What a program says it keeps of a server.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::answer::kept;
///
/// let kept = kept(br#"{"ServerURL":"a","Username":"ann","Secret":"s"}"#)?;
/// assert_eq!(kept.username, "ann");
/// # Ok::<(), helmrs_core::registry::answer::AnswerError>(())
/// ```
pub fn kept(text: &[u8]) -> Result<Kept, AnswerError> {
    read(text)
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, AnswerError> {
    let (value, _) = json::parse_prefix::<Value>(text).map_err(|error| match error {
        ParseError::UnexpectedEnd if text.trim_ascii().is_empty() => AnswerError::Empty,
        ParseError::UnexpectedEnd => AnswerError::Truncated,
        error => AnswerError::Json(error),
    })?;
    Ok(yaml::from_value(value)?)
}

/// What an answer says went wrong; none if it says nothing that can be read.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::answer::problems;
///
/// let text = br#"{"errors":[{"code":"NAME_UNKNOWN","message":"no such name","detail":{"name":"web"}}]}"#;
/// assert_eq!(problems(text).unwrap(), "name unknown: no such name: map[name:web]");
/// assert_eq!(problems(b"<html>"), None);
/// ```
pub fn problems(text: &[u8]) -> Option<String> {
    let (answer, _) = json::parse_prefix::<GoValue>(text).ok()?;
    let GoValue::Map(answer) = answer else {
        return None;
    };
    let Some(GoValue::List(errors)) = answer.get("errors") else {
        return None;
    };
    let problems: Option<Vec<String>> = errors.as_slice().iter().map(problem).collect();
    problems
        .filter(|problems| !problems.is_empty())
        .map(|problems| problems.join("; "))
}

/// One problem in words; none if it is malformed.
fn problem(error: &GoValue) -> Option<String> {
    let GoValue::Map(error) = error else {
        return None;
    };
    let field = |name: &str| match error.get(name) {
        None | Some(GoValue::Nil) => Some(String::new()),
        Some(GoValue::String(text)) => Some(printable(text.as_ref())),
        Some(_) => None,
    };
    let code = field("code")?.replace('_', " ").to_lowercase();
    let message = field("message")?;
    if message.is_empty() {
        return Some(code);
    }
    Some(match error.get("detail") {
        None | Some(GoValue::Nil) => format!("{code}: {message}"),
        Some(detail) => format!("{code}: {message}: {}", printable(&sprint(&detail))),
    })
}

/// A server's text without what would move a terminal's cursor.
fn printable(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named_as_go_names_it() {
        let refused = |text: &[u8]| tags(text).unwrap_err().to_string();
        assert_eq!(refused(b""), "EOF");
        assert_eq!(refused(b"{\"tags\":["), "unexpected EOF");
        assert_eq!(
            refused(b"<html>"),
            "invalid character '<' looking for beginning of value"
        );
        assert_eq!(tags(b"{\"tags\":null}").unwrap(), [""; 0]);
    }

    #[test]
    fn tokens_have_two_names() {
        assert_eq!(
            token(br#"{"token":"a","access_token":"b"}"#, true).unwrap(),
            "b"
        );
        assert_eq!(token(br#"{"token":"a"}"#, true).unwrap(), "a");
        assert_eq!(token(br#"{"token":"a"}"#, false).unwrap(), "");
    }

    #[test]
    fn problems_are_listed_without_control_characters() {
        let text = br#"{"errors":[{"code":"DENIED"},{"code":"A_B","message":"no\u001b[2J","detail":[1,null]}]}"#;
        assert_eq!(problems(text).unwrap(), "denied; a b: no[2J: [1 <nil>]");
        assert_eq!(problems(br#"{"errors":[]}"#), None);
        assert_eq!(problems(br#"{"errors":[{"code":1}]}"#), None);
    }
}
