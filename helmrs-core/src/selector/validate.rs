//! Which keys and values labels can have.
// Parity: Kubernetes, apimachinery/pkg/util/validation, IsQualifiedName and IsValidLabelValue: the rules and the texts.

use crate::name::is_dotted_name;

/// The longest name of a key, and the longest value.
const NAME_LIMIT: usize = 63;
/// The longest prefix of a key.
const PREFIX_LIMIT: usize = 253;

/// Ends every sentence on what names are made of.
const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                    alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
                    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const PREFIX: &str = "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
                      '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex \
                      used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
                     and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or \
                     '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// What is wrong with a key.
pub(super) fn key(key: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let name = match key.split_once('/') {
        None => key,
        Some((_, name)) if name.contains('/') => {
            return vec![format!(
                "a valid label key {NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
        Some((prefix, name)) => {
            problems.extend(prefix_problems(prefix));
            name
        }
    };
    if name.is_empty() {
        problems.push("name part must be non-empty".to_string());
    } else if name.len() > NAME_LIMIT {
        problems.push(format!("name part must be no more than {NAME_LIMIT} bytes"));
    }
    if !is_name(name) {
        problems.push(format!("name part {NAME}"));
    }
    problems
}

fn prefix_problems(prefix: &str) -> Vec<String> {
    if prefix.is_empty() {
        return vec!["prefix part must be non-empty".to_string()];
    }
    let mut problems = Vec::new();
    if prefix.len() > PREFIX_LIMIT {
        problems.push(format!(
            "prefix part must be no more than {PREFIX_LIMIT} bytes"
        ));
    }
    if !is_dotted_name(prefix) {
        problems.push(PREFIX.to_string());
    }
    problems
}

/// What is wrong with a value.
pub(super) fn value(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > NAME_LIMIT {
        problems.push(format!("must be no more than {NAME_LIMIT} bytes"));
    }
    if !value.is_empty() && !is_name(value) {
        problems.push(VALUE.to_string());
    }
    problems
}

fn is_name(text: &str) -> bool {
    let inside =
        |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.');
    let is_end = |letter: Option<&u8>| letter.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().copied().all(inside)
}
