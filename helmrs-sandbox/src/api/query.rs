//! The part of a URL after the question mark.

use std::time::Duration;

/// The parameters of a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads `a=b&c=d`.
    pub(super) fn parse(text: &str) -> Self {
        let pairs = text
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(&value.replace('+', " ")))
            })
            .collect();
        Self { pairs }
    }

    /// A parameter's first value; empty if it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }

    /// Whether a flag is set.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name), "true" | "1" | "True" | "t")
    }

    /// A number, if there is one.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.text(name).parse().ok()
    }

    /// A number of seconds, if there is one above zero.
    pub(super) fn seconds(&self, name: &str) -> Option<Duration> {
        self.number(name)
            .filter(|seconds| *seconds > 0)
            .map(Duration::from_secs)
    }

    /// Whether nothing is to be stored.
    pub(super) fn dry_run(&self) -> bool {
        self.text("dryRun") == "All"
    }
}

/// A text without its percent signs.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = |byte: &u8| char::from(*byte).to_digit(16);
        if *first == b'%'
            && let [high, low, after @ ..] = after
            && let (Some(high), Some(low)) = (hex(high), hex(low))
        {
            bytes.push((high * 16 + low) as u8);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let query = Query::parse("labelSelector=name%3Dr1%2Cowner%3Dhelm&limit=500&watch=true&x");
        assert_eq!(query.text("labelSelector"), "name=r1,owner=helm");
        assert_eq!(query.number("limit"), Some(500));
        assert!(query.flag("watch") && !query.flag("x"));
        assert_eq!(decoded("a%2"), "a%2");
    }
}
