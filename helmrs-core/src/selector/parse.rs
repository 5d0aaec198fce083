//! From the text of a selector to what it requires.

use std::collections::BTreeSet;

use helmrs_gotemplate::number::quote;

use super::token::{Token, Tokens};
use super::{Requirement, Rule, validate};

/// Why a text is no label selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum SelectorError {
    /// It does not begin with a requirement.
    #[error("found '{found}', expected: !, identifier, or 'end of string'")]
    Start { found: String },
    /// No requirement comes after a comma.
    #[error("found '{found}', expected: identifier after ','")]
    Comma { found: String },
    /// Something else than a comma comes after a requirement.
    #[error("found '{found}', expected: ',' or 'end of string'")]
    Separator { found: String },
    /// A requirement is none.
    #[error("unable to parse requirement")]
    Requirement(#[from] RequirementError),
}

/// Why a part of a label selector is no requirement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RequirementError {
    /// A key or a value is missing.
    #[error("found '{found}', expected: identifier")]
    Word { found: String },
    /// What comes after the key is no operator.
    #[error("found '{found}', expected: in, notin, =, ==, !=, gt, lt")]
    Operator { found: String },
    /// A list of values does not begin.
    // Parity: Kubernetes has no comma in this one.
    #[error("found '{found}' expected: '('")]
    Opening { found: String },
    /// A list of values begins with neither a value nor a comma.
    #[error("found '{found}', expected: ',', ')' or identifier")]
    FirstValue { found: String },
    /// A value is followed by another.
    #[error("found '{found}', expected: ',' or ')'")]
    Closing { found: String },
    /// No value comes after a comma.
    #[error("found '{found}', expected: ',', or identifier")]
    NextValue { found: String },
    /// Labels cannot have such a key or such values.
    #[error("{problems}")]
    Invalid { problems: String },
}

/// Reads all requirements.
pub(super) fn requirements(text: &str) -> Result<Vec<Requirement>, SelectorError> {
    let mut tokens = Tokens::new(text);
    let mut requirements = Vec::new();
    match tokens.peek() {
        Token::End => return Ok(requirements),
        Token::Word(_) | Token::Symbol("!") => {}
        Token::Symbol(found) => {
            return Err(SelectorError::Start {
                found: found.to_string(),
            });
        }
    }
    loop {
        requirements.push(requirement(&mut tokens)?);
        match tokens.take() {
            Token::End => return Ok(requirements),
            Token::Symbol(",") => {}
            other => {
                return Err(SelectorError::Separator {
                    found: other.text().to_string(),
                });
            }
        }
        match tokens.peek() {
            Token::Word(_) | Token::Symbol("!") => {}
            other => {
                return Err(SelectorError::Comma {
                    found: other.text().to_string(),
                });
            }
        }
    }
}

fn requirement(tokens: &mut Tokens<'_>) -> Result<Requirement, RequirementError> {
    let is_negated = tokens.peek() == Token::Symbol("!");
    if is_negated {
        tokens.take();
    }
    let key = word(tokens)?;
    let problems = invalid("<nil>", key, validate::key(key));
    refuse(problems.into_iter().collect())?;
    let rule = match tokens.peek() {
        _ if is_negated => Rule::Missing,
        Token::End | Token::Symbol(",") => Rule::Exists,
        _ => rule(key, tokens)?,
    };
    Ok(Requirement {
        key: key.to_string(),
        rule,
    })
}

fn rule(key: &str, tokens: &mut Tokens<'_>) -> Result<Rule, RequirementError> {
    match tokens.take() {
        Token::Symbol("=" | "==") => Ok(Rule::In(checked(key, BTreeSet::from([value(tokens)?]))?)),
        Token::Symbol("!=") => Ok(Rule::NotIn(checked(key, BTreeSet::from([value(tokens)?]))?)),
        Token::Word("in") => Ok(Rule::In(checked(key, values(tokens)?)?)),
        Token::Word("notin") => Ok(Rule::NotIn(checked(key, values(tokens)?)?)),
        Token::Symbol(">") => Ok(Rule::Greater(number(key, value(tokens)?)?)),
        Token::Symbol("<") => Ok(Rule::Less(number(key, value(tokens)?)?)),
        other => Err(RequirementError::Operator {
            found: other.text().to_string(),
        }),
    }
}

fn word<'a>(tokens: &mut Tokens<'a>) -> Result<&'a str, RequirementError> {
    match tokens.take() {
        Token::Word(word) => Ok(word),
        other => Err(RequirementError::Word {
            found: other.text().to_string(),
        }),
    }
}

/// The value after an operator; nothing at all is the empty one.
fn value(tokens: &mut Tokens<'_>) -> Result<String, RequirementError> {
    match tokens.peek() {
        Token::End | Token::Symbol(",") => Ok(String::new()),
        _ => word(tokens).map(str::to_string),
    }
}

/// Values in parentheses; where there is none between commas or at an end, the empty one is meant.
fn values(tokens: &mut Tokens<'_>) -> Result<BTreeSet<String>, RequirementError> {
    match tokens.take() {
        Token::Symbol("(") => {}
        other => {
            return Err(RequirementError::Opening {
                found: other.text().to_string(),
            });
        }
    }
    match tokens.peek() {
        Token::Word(_) | Token::Symbol(",") => list(tokens),
        Token::Symbol(")") => {
            tokens.take();
            Ok(BTreeSet::from([String::new()]))
        }
        other => Err(RequirementError::FirstValue {
            found: other.text().to_string(),
        }),
    }
}

fn list(tokens: &mut Tokens<'_>) -> Result<BTreeSet<String>, RequirementError> {
    let mut values = BTreeSet::new();
    loop {
        match tokens.take() {
            Token::Word(value) => {
                values.insert(value.to_string());
                match tokens.peek() {
                    Token::Symbol("," | ")") => {}
                    other => {
                        return Err(RequirementError::Closing {
                            found: other.text().to_string(),
                        });
                    }
                }
            }
            Token::Symbol(",") => {
                if values.is_empty() || matches!(tokens.peek(), Token::Symbol("," | ")")) {
                    values.insert(String::new());
                }
                // The empty value is in already; the comma that ends it is not to begin another.
                if tokens.peek() == Token::Symbol(",") {
                    tokens.take();
                }
            }
            Token::Symbol(")") => return Ok(values),
            other => {
                return Err(RequirementError::NextValue {
                    found: other.text().to_string(),
                });
            }
        }
    }
}

fn number(key: &str, value: String) -> Result<i64, RequirementError> {
    let number = value.parse::<i64>();
    let problem = "for 'Gt', 'Lt' operators, the value must be an integer".to_string();
    let mut problems = match number {
        Ok(_) => Vec::new(),
        Err(_) => invalid("values[0]", &value, vec![problem])
            .into_iter()
            .collect(),
    };
    problems.extend(value_problems(key, 0, &value));
    refuse(problems)?;
    // What is no number has been refused.
    Ok(number.unwrap_or_default())
}

fn checked(key: &str, values: BTreeSet<String>) -> Result<BTreeSet<String>, RequirementError> {
    let problems = values
        .iter()
        .enumerate()
        .filter_map(|(index, value)| value_problems(key, index, value))
        .collect();
    refuse(problems)?;
    Ok(values)
}

fn value_problems(key: &str, index: usize, value: &str) -> Option<String> {
    invalid(
        &format!("values[{index}][{key}]"),
        value,
        validate::value(value),
    )
}

fn invalid(path: &str, value: &str, problems: Vec<String>) -> Option<String> {
    let quoted = quote(value.as_bytes());
    (!problems.is_empty())
        .then(|| format!("{path}: Invalid value: {quoted}: {}", problems.join("; ")))
}

// Parity: Kubernetes, apimachinery/pkg/util/errors, aggregate: one stands alone, several in brackets.
fn refuse(problems: Vec<String>) -> Result<(), RequirementError> {
    let problems = match problems.as_slice() {
        [] => return Ok(()),
        [problem] => problem.clone(),
        problems => format!("[{}]", problems.join(", ")),
    };
    Err(RequirementError::Invalid { problems })
}
