//! Label selectors: `team=a,tier in (web, api),!legacy`.
// Parity: Kubernetes, apimachinery/pkg/labels/selector.go.

mod parse;
mod token;
mod validate;

use std::collections::{BTreeMap, BTreeSet};

pub use parse::{RequirementError, SelectorError};

/// What labels must say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    rule: Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    Exists,
    Missing,
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
    Greater(i64),
    Less(i64),
}

impl Selector {
    /// Reads a selector; the empty one matches everything.
    ///
    /// # Errors
    /// If it breaks the grammar, or a key or a value of it cannot stand in labels.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let requirements = parse::requirements(text)?;
        Ok(Self { requirements })
    }

    /// Whether labels say what they must.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.rule {
            Rule::Exists => value.is_some(),
            Rule::Missing => value.is_none(),
            Rule::In(values) => value.is_some_and(|value| values.contains(value)),
            Rule::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Rule::Greater(limit) => number().is_some_and(|number| number > *limit),
            Rule::Less(limit) => number().is_some_and(|number| number < *limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(selector: &str) -> bool {
        let labels = [("team", "a"), ("size", "3"), ("in", "notin")]
            .map(|(key, value)| (key.to_string(), value.to_string()));
        Selector::parse(selector)
            .unwrap()
            .matches(&BTreeMap::from(labels))
    }

    #[test]
    fn every_operator_is_understood() {
        for selector in [
            "",
            " ",
            "team",
            "!gone",
            "team=a",
            "team == a",
            "team!=b",
            "gone!=b",
            "team in (a, b)",
            "team in(a)",
            "team notin (,)",
            "size>2",
            "size < 4,team",
            "in in (notin)",
            "in=notin",
        ] {
            assert!(matches(selector), "{selector}");
        }
        for selector in [
            "gone",
            "!team",
            "team=b",
            "team=",
            "team notin (a)",
            "size<3",
            "team>1",
            "team=a,gone",
            "team in ()",
        ] {
            assert!(!matches(selector), "{selector}");
        }
    }
}
