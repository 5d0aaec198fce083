//! What the nodes of an expression pick, and how it is printed.
// Parity: Kubernetes, client-go/util/jsonpath/jsonpath.go; fields of maps come sorted.

use std::borrow::Cow;
use std::cmp::Ordering;

use helmrs_gotemplate::number::format_float;
use regex::Regex;

use super::parse::{Bound, Node};
use crate::values::Values;
use crate::yaml::{self, Value};

/// Why an expression picks nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum EvaluateError {
    /// There is no such field.
    #[error("{0} is not found")]
    Missing(String),
    /// An index into what is no list.
    #[error("the value is not array or slice")]
    NotAList,
    /// A list has fewer elements.
    #[error("array index out of bounds: index {index}, length {length}")]
    OutOfBounds { index: i64, length: i64 },
    /// A slice that ends before it starts.
    #[error("starting index {start} is greater than ending index {end}")]
    Backwards { start: i64, end: i64 },
    /// A slice that stands still.
    #[error("step must be > 0")]
    Step,
    /// `end` without `range`.
    #[error("not in range, nothing to end")]
    End,
    /// A word that means nothing.
    #[error("unrecognized identifier {0}")]
    Word(String),
    /// A comparison that is none.
    #[error("unrecognized filter operator {0}")]
    Operator(String),
    /// A comparison with several values on a side.
    #[error("can only compare one element at a time")]
    Several,
    /// Values that cannot be compared.
    #[error("incompatible types for comparison")]
    Incomparable,
    /// A value that cannot be printed.
    #[error("the value cannot be printed")]
    Unprintable,
}

type Picked<'a> = Vec<Cow<'a, Value>>;

/// One walk along an expression.
pub(super) struct Evaluation<'n> {
    nodes: &'n [Node],
    /// Ranges that were begun by the node at hand.
    begun: usize,
    /// How deep in ranges the walk is.
    within: usize,
    /// Ranges that were ended by the node at hand.
    ended: usize,
    /// Where the innermost range that was walked ended.
    last_end: Option<usize>,
}

impl<'n> Evaluation<'n> {
    pub(super) fn new(nodes: &'n [Node]) -> Self {
        Self {
            nodes,
            begun: 0,
            within: 0,
            ended: 0,
            last_end: None,
        }
    }

    pub(super) fn print(mut self, values: &Values) -> Result<String, EvaluateError> {
        let root = Value::Map(values.clone());
        let mut text = String::new();
        for results in self.results(0, Cow::Borrowed(&root))? {
            for (index, value) in results.iter().enumerate() {
                if index > 0 {
                    text.push(' ');
                }
                text.push_str(&print(value)?);
            }
        }
        Ok(text)
    }

    /// What each node from `start` on picks from a value, up to the end of the range.
    fn results<'v>(
        &mut self,
        start: usize,
        value: Cow<'v, Value>,
    ) -> Result<Vec<Picked<'v>>, EvaluateError> {
        let mut results = Vec::new();
        let mut index = start;
        while let Some(node) = self.nodes.get(index) {
            let picked = self.walk(vec![value.clone()], node)?;
            if self.ended > 0 && self.ended <= self.within {
                self.ended -= 1;
                self.last_end = Some(index);
                break;
            }
            if self.begun == 0 {
                results.push(if value.is_null() {
                    picked.into_iter().map(no_value).collect()
                } else {
                    picked
                });
                index += 1;
                continue;
            }
            self.begun -= 1;
            self.within += 1;
            if picked.is_empty() {
                // The walk has to come to the end of the range all the same.
                self.results(index + 1, Cow::Owned(Value::Null))?;
            }
            for value in picked {
                results.extend(self.results(index + 1, value)?);
            }
            self.within -= 1;
            index = match self.last_end {
                Some(end) if end > index => end + 1,
                _ => index + 1,
            };
        }
        Ok(results)
    }

    fn walk<'v>(&mut self, input: Picked<'v>, node: &Node) -> Result<Picked<'v>, EvaluateError> {
        let of_each = |value: Value| Ok(input.iter().map(|_| Cow::Owned(value.clone())).collect());
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Cow::Owned(Value::String(text.clone()))]),
            Node::Field(name) => field(input, name),
            Node::Wildcard => Ok(input.into_iter().flat_map(children).collect()),
            Node::Recursive => Ok(descend(input)),
            Node::Slice(bounds) => slice(input, bounds),
            Node::Union(parts) => {
                let mut picked = Vec::new();
                for part in parts {
                    picked.extend(self.list(input.clone(), part)?);
                }
                Ok(picked)
            }
            Node::Filter {
                left,
                operator,
                right,
            } => self.filter(input, left, operator, right),
            Node::Integer(number) => of_each(Value::Integer(*number)),
            Node::Float(number) => of_each(Value::Float(*number)),
            Node::Boolean(truth) => of_each(Value::Bool(*truth)),
            Node::Word(word) => self.word(input, word),
        }
    }

    fn list<'v>(
        &mut self,
        mut picked: Picked<'v>,
        nodes: &[Node],
    ) -> Result<Picked<'v>, EvaluateError> {
        for node in nodes {
            picked = self.walk(picked, node)?;
        }
        Ok(picked)
    }

    fn word<'v>(&mut self, input: Picked<'v>, word: &str) -> Result<Picked<'v>, EvaluateError> {
        match word {
            "range" => {
                self.begun += 1;
                Ok(input)
            }
            "end" if self.within > 0 => {
                self.ended += 1;
                Ok(Vec::new())
            }
            "end" => Err(EvaluateError::End),
            word => Err(EvaluateError::Word(word.to_owned())),
        }
    }

    fn filter<'v>(
        &mut self,
        input: Picked<'v>,
        left: &[Node],
        operator: &str,
        right: &[Node],
    ) -> Result<Picked<'v>, EvaluateError> {
        let mut picked = Vec::new();
        for value in input {
            for element in elements(value)? {
                let lefts = self.list(vec![element.clone()], left);
                if operator == "exists" {
                    // Parity: an error other than that a field is missing leaves what was looked at.
                    if match lefts {
                        Ok(lefts) => !lefts.is_empty(),
                        Err(EvaluateError::Missing(_)) => false,
                        Err(_) => true,
                    } {
                        picked.push(element);
                    }
                    continue;
                }
                let Some(left) = only(lefts?)? else { continue };
                let Some(right) = only(self.list(vec![element.clone()], right)?)? else {
                    continue;
                };
                if compare(&left, operator, &right)? {
                    picked.push(element);
                }
            }
        }
        Ok(picked)
    }
}

fn only(mut values: Picked<'_>) -> Result<Option<Cow<'_, Value>>, EvaluateError> {
    if values.len() > 1 {
        return Err(EvaluateError::Several);
    }
    Ok(values.pop())
}

fn field<'v>(input: Picked<'v>, name: &str) -> Result<Picked<'v>, EvaluateError> {
    if input.is_empty() {
        return Ok(input);
    }
    let picked: Picked<'v> = input
        .into_iter()
        .filter_map(|value| match value {
            Cow::Borrowed(Value::Map(map)) => map.get(name).map(Cow::Borrowed),
            Cow::Owned(Value::Map(mut map)) => map.remove(name).map(Cow::Owned),
            _ => None,
        })
        .collect();
    if picked.is_empty() {
        return Err(EvaluateError::Missing(name.to_owned()));
    }
    Ok(picked)
}

/// What is directly in a value; in a text, that is its bytes.
fn children(value: Cow<'_, Value>) -> Picked<'_> {
    match value {
        Cow::Borrowed(Value::Map(map)) => map.values().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::List(list)) => list.iter().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Map(map)) => map.into_values().map(Cow::Owned).collect(),
        Cow::Owned(Value::List(list)) => list.into_iter().map(Cow::Owned).collect(),
        value => match value.as_ref() {
            Value::String(text) => text
                .bytes()
                .map(|byte| Cow::Owned(Value::Integer(i64::from(byte))))
                .collect(),
            _ => Vec::new(),
        },
    }
}

/// The values that hold others, and the same of those within.
fn descend(input: Picked<'_>) -> Picked<'_> {
    let mut picked = Vec::new();
    for value in input {
        let within = children(value.clone());
        if !within.is_empty() {
            picked.push(value);
            picked.extend(descend(within));
        }
    }
    picked
}

fn elements(value: Cow<'_, Value>) -> Result<Picked<'_>, EvaluateError> {
    match value {
        Cow::Borrowed(Value::List(list)) => Ok(list.iter().map(Cow::Borrowed).collect()),
        Cow::Owned(Value::List(list)) => Ok(list.into_iter().map(Cow::Owned).collect()),
        _ => Err(EvaluateError::NotAList),
    }
}

fn slice<'v>(input: Picked<'v>, bounds: &[Bound; 3]) -> Result<Picked<'v>, EvaluateError> {
    let mut picked = Vec::new();
    for value in input {
        if *value == Value::Null {
            continue;
        }
        let list = elements(value)?;
        let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
        let mut start = if bounds[0].known { bounds[0].value } else { 0 };
        if start < 0 {
            start += length;
        }
        let mut end = if bounds[1].known {
            bounds[1].value
        } else {
            length
        };
        if end < 0 || (end == 0 && bounds[1].derived) {
            end += length;
        }
        if start == end {
            return Ok(picked);
        }
        if start >= length || start < 0 {
            return Err(EvaluateError::OutOfBounds {
                index: start,
                length,
            });
        }
        if end > length || end < 0 {
            let index = end.wrapping_sub(1);
            return Err(EvaluateError::OutOfBounds { index, length });
        }
        if start > end {
            return Err(EvaluateError::Backwards { start, end });
        }
        let step = if bounds[2].known { bounds[2].value } else { 1 };
        let step = usize::try_from(step)
            .ok()
            .filter(|step| *step > 0)
            .ok_or(EvaluateError::Step)?;
        let skipped = usize::try_from(start).unwrap_or_default();
        let taken = usize::try_from(end - start).unwrap_or_default();
        picked.extend(list.into_iter().skip(skipped).take(taken).step_by(step));
    }
    Ok(picked)
}

// Parity: client-go/third_party/forked/golang/template/funcs.go: both sides must be of one kind.
fn compare(left: &Value, operator: &str, right: &Value) -> Result<bool, EvaluateError> {
    let ordering = match (left, right) {
        (Value::String(left), Value::String(right)) => {
            if operator == "=~" {
                let pattern = Regex::new(right).map_err(|_| EvaluateError::Incomparable)?;
                return Ok(pattern.is_match(left));
            }
            Some(left.cmp(right))
        }
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Bool(left), Value::Bool(right)) if matches!(operator, "==" | "!=") => {
            Some(left.cmp(right))
        }
        _ => return Err(EvaluateError::Incomparable),
    };
    match operator {
        "==" => Ok(ordering == Some(Ordering::Equal)),
        "!=" => Ok(ordering != Some(Ordering::Equal)),
        "<" => Ok(ordering == Some(Ordering::Less)),
        "<=" => Ok(matches!(ordering, Some(Ordering::Less | Ordering::Equal))),
        ">" => Ok(ordering == Some(Ordering::Greater)),
        ">=" => Ok(matches!(
            ordering,
            Some(Ordering::Greater | Ordering::Equal)
        )),
        operator => Err(EvaluateError::Operator(operator.to_owned())),
    }
}

/// What prints when a range has come to a null and that null itself is asked for.
fn no_value(picked: Cow<'_, Value>) -> Cow<'_, Value> {
    if picked.is_null() {
        Cow::Owned(Value::from("<no value>"))
    } else {
        picked
    }
}

/// A value as text: maps and lists as JSON, all else as Go prints it.
fn print(value: &Value) -> Result<String, EvaluateError> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format_float(*number, 'g', None),
        Value::String(text) => text.clone(),
        Value::Raw(text) => text.as_str().to_owned(),
        Value::List(_) | Value::Map(_) => {
            yaml::json::to_json(value).map_err(|_| EvaluateError::Unprintable)?
        }
    })
}
