//! Flags that hold several values, separated by commas as in a line of CSV.

use std::str::FromStr;

/// Why a list was refused, in Go's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// A quote within a field that does not start with one.
    #[error("parse error on line 1, column {column}: bare \" in non-quoted field")]
    BareQuote { column: usize },
    /// A quoted field that does not end, or goes on after its quote.
    #[error("parse error on line 1, column {column}: extraneous or missing \" in quoted-field")]
    Quote { column: usize },
    /// Nothing where at least a pair is wanted.
    #[error("EOF")]
    End,
    /// A pair without its value.
    #[error("{0} must be formatted as key=value")]
    Pair(String),
}

/// The values of one use of a flag of type `strings`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct List(pub(crate) Vec<String>);

impl List {
    /// All values of all uses of a flag.
    pub(crate) fn joined(uses: &[Self]) -> Vec<String> {
        uses.iter()
            .flat_map(|list| list.0.iter().cloned())
            .collect()
    }
}

impl FromStr for List {
    type Err = ListError;

    fn from_str(text: &str) -> Result<Self, ListError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        fields(text).map(Self)
    }
}

/// The pairs of one use of a flag of type `stringToString`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl FromStr for Pairs {
    type Err = ListError;

    // Parity: pflag, string_to_string.go: quotes count only where there is more than one pair.
    fn from_str(text: &str) -> Result<Self, ListError> {
        let texts = match text.matches('=').count() {
            0 => return Err(ListError::Pair(text.to_owned())),
            1 => vec![text.trim_matches('"').to_owned()],
            _ => fields(text)?,
        };
        texts
            .into_iter()
            .map(|pair| match pair.split_once('=') {
                Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
                None => Err(ListError::Pair(pair)),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Splits the first line of CSV into its fields.
// Parity: Go, encoding/csv, with its default settings.
fn fields(text: &str) -> Result<Vec<String>, ListError> {
    let line = text.trim_start_matches('\n');
    if line.is_empty() {
        return Err(ListError::End);
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(line, quoted)?,
            None => plain_field(line, rest)?,
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

/// Reads a field without quotes, up to a comma or the end of the line.
fn plain_field<'a>(line: &str, rest: &'a str) -> Result<(String, Option<&'a str>), ListError> {
    let end = rest.find([',', '\n']).unwrap_or(rest.len());
    let field = &rest[..end];
    if let Some(position) = field.find('"') {
        return Err(ListError::BareQuote {
            column: line.len() - rest.len() + position + 1,
        });
    }
    let after = rest[end..].strip_prefix(',');
    Ok((field.trim_end_matches('\r').to_owned(), after))
}

/// Reads a field after its opening quote; two quotes within stand for one.
fn quoted_field<'a>(line: &str, quoted: &'a str) -> Result<(String, Option<&'a str>), ListError> {
    let mut field = String::new();
    let mut rest = quoted;
    loop {
        let Some(quote) = rest.find('"') else {
            return Err(ListError::Quote {
                column: line.len() + 1,
            });
        };
        field.push_str(&rest[..quote]);
        let after = &rest[quote + 1..];
        match after.chars().next() {
            Some('"') => {
                field.push('"');
                rest = &after[1..];
            }
            Some(',') => return Ok((field, Some(&after[1..]))),
            None | Some('\n') => return Ok((field, None)),
            Some(_) => {
                return Err(ListError::Quote {
                    column: line.len() - after.len(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.parse::<List>().unwrap().0
    }

    #[test]
    fn commas_separate_and_quotes_protect_them() {
        assert_eq!(list("a,b"), ["a", "b"]);
        assert_eq!(list(r#""a,b",c"#), ["a,b", "c"]);
        assert_eq!(list(r#""say ""hi""""#), [r#"say "hi""#]);
        assert_eq!(list("a,"), ["a", ""]);
        assert!(list("").is_empty());
    }

    #[test]
    fn a_quote_out_of_place_is_named_with_its_column() {
        let text = r#"a"b"#.parse::<List>().unwrap_err().to_string();
        assert_eq!(
            text,
            r#"parse error on line 1, column 2: bare " in non-quoted field"#
        );
    }

    #[test]
    fn pairs_need_an_equals_sign() {
        assert_eq!("a=1,b=2".parse::<Pairs>().unwrap().0.len(), 2);
        assert_eq!(
            "a".parse::<Pairs>().unwrap_err().to_string(),
            "a must be formatted as key=value"
        );
    }
}
