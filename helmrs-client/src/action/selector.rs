//! Label selectors: `team=a,tier in (web, api),!legacy`.
// Parity: apimachinery, pkg/labels/selector.go, Parse.

use std::collections::{BTreeMap, BTreeSet};

/// Why a text is no label selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SelectorError {
    /// What is wrong with it.
    pub problem: String,
}

/// What labels must say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selector {
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
    pub(super) fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut parser = Parser {
            tokens: tokens(text),
            place: 0,
        };
        let mut requirements = Vec::new();
        while parser.peek().is_some() {
            let requirement = parser.requirement().map_err(|error| SelectorError {
                problem: format!("unable to parse requirement: {error}"),
            })?;
            requirements.push(requirement);
            match parser.next() {
                None => break,
                Some(token) if token == "," && parser.peek().is_some() => {}
                Some(token) if token == "," => {
                    return Err(problem("found '', expected: identifier after ','"));
                }
                Some(token) => {
                    return Err(problem(&format!(
                        "found '{token}', expected: ',' or 'end of string'"
                    )));
                }
            }
        }
        Ok(Self { requirements })
    }

    /// Whether labels say what they must.
    pub(super) fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        let number = value.and_then(|value| value.parse::<i64>().ok());
        match &self.rule {
            Rule::Exists => value.is_some(),
            Rule::Missing => value.is_none(),
            Rule::In(values) => value.is_some_and(|value| values.contains(value)),
            Rule::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Rule::Greater(limit) => number.is_some_and(|number| number > *limit),
            Rule::Less(limit) => number.is_some_and(|number| number < *limit),
        }
    }
}

struct Parser {
    tokens: Vec<String>,
    place: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.place).map(String::as_str)
    }

    fn next(&mut self) -> Option<String> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        let is_negated = self.peek() == Some("!");
        if is_negated {
            self.place += 1;
        }
        let key = self.word("identifier")?;
        if is_negated {
            return Ok(Requirement {
                key,
                rule: Rule::Missing,
            });
        }
        let rule = match self.peek() {
            None | Some(",") => Rule::Exists,
            Some(_) => self.rule()?,
        };
        Ok(Requirement { key, rule })
    }

    fn rule(&mut self) -> Result<Rule, SelectorError> {
        let operator = self.next().unwrap_or_default();
        match operator.as_str() {
            "=" | "==" => Ok(Rule::In(BTreeSet::from([self.value()]))),
            "!=" => Ok(Rule::NotIn(BTreeSet::from([self.value()]))),
            "in" => Ok(Rule::In(self.values()?)),
            "notin" => Ok(Rule::NotIn(self.values()?)),
            ">" => Ok(Rule::Greater(self.number()?)),
            "<" => Ok(Rule::Less(self.number()?)),
            other => Err(problem(&format!(
                "found '{other}', expected: in, notin, =, ==, !=, gt, lt"
            ))),
        }
    }

    /// A value after an operator; nothing at all is the empty one.
    fn value(&mut self) -> String {
        match self.peek() {
            None | Some(",") => String::new(),
            Some(_) => self.next().unwrap_or_default(),
        }
    }

    fn number(&mut self) -> Result<i64, SelectorError> {
        let value = self.value();
        value
            .parse()
            .map_err(|_| problem("for 'Gt', 'Lt' operators, the value must be an integer"))
    }

    fn values(&mut self) -> Result<BTreeSet<String>, SelectorError> {
        match self.next().as_deref() {
            Some("(") => {}
            found => {
                return Err(problem(&format!(
                    "found '{}', expected: '('",
                    found.unwrap_or_default()
                )));
            }
        }
        let mut values = BTreeSet::new();
        loop {
            match self.next().as_deref() {
                Some(")") => return Ok(values),
                Some(",") => {}
                Some(value) => {
                    values.insert(value.to_string());
                }
                None => return Err(problem("found '', expected: ',' or ')'")),
            }
        }
    }

    fn word(&mut self, wanted: &str) -> Result<String, SelectorError> {
        match self.next() {
            Some(word) if !is_symbol(&word) => Ok(word),
            found => Err(problem(&format!(
                "found '{}', expected: !, {wanted}",
                found.unwrap_or_default()
            ))),
        }
    }
}

fn problem(text: &str) -> SelectorError {
    SelectorError {
        problem: text.to_string(),
    }
}

fn is_symbol(token: &str) -> bool {
    token.starts_with(['=', '!', '(', ')', ',', '<', '>'])
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | ',' | '>' | '<' => 1,
            '=' | '!' => rest
                .chars()
                .take_while(|c| *c == '=' || *c == '!')
                .count()
                .min(2),
            _ => rest
                .find(|c: char| c.is_whitespace() || "=!(),><".contains(c))
                .unwrap_or(rest.len()),
        };
        tokens.push(rest[..length].to_string());
        rest = rest[length..].trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(selector: &str) -> bool {
        let labels = BTreeMap::from([
            ("team".to_string(), "a".to_string()),
            ("size".to_string(), "3".to_string()),
        ]);
        Selector::parse(selector).unwrap().matches(&labels)
    }

    #[test]
    fn every_operator_is_understood() {
        for selector in [
            "",
            "team",
            "!gone",
            "team=a",
            "team == a",
            "team!=b",
            "gone!=b",
            "team in (a, b)",
            "size>2",
        ] {
            assert!(matches(selector), "{selector}");
        }
        for selector in [
            "gone",
            "!team",
            "team=b",
            "team notin (a)",
            "size<3",
            "team=a,gone",
        ] {
            assert!(!matches(selector), "{selector}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Selector::parse("team=a,").is_err());
        assert!(Selector::parse("=a").is_err());
        assert!(Selector::parse("team in a").is_err());
    }
}
