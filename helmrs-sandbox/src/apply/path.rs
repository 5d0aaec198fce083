//! Where a field is: a path of names, keys and values, ordered and written as Kubernetes does.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value as Json;

/// One step from an object to a part of it.
#[derive(Debug, Clone)]
pub(crate) enum PathElement {
    /// A field of a map.
    Field(String),
    /// The item of a list with these values in its key fields, sorted by name.
    Key(Vec<(String, Json)>),
    /// The item of a set.
    Value(Json),
    /// The item at a position.
    Index(i64),
}

impl PathElement {
    /// The key of an entry in `fieldsV1`, such as `f:spec` or `k:{"name":"web"}`.
    pub(crate) fn encode(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{}:{value}", Json::from(name.as_str())))
                    .collect();
                format!("k:{{{}}}", fields.join(","))
            }
            Self::Value(value) => format!("v:{value}"),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    /// Reads what [`PathElement::encode`] writes; `None` for anything else.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        match kind {
            "f" => Some(Self::Field(rest.to_owned())),
            "v" => serde_json::from_str(rest).ok().map(Self::Value),
            "i" => rest.parse().ok().map(Self::Index),
            "k" => {
                let fields: serde_json::Map<String, Json> = serde_json::from_str(rest).ok()?;
                let mut fields: Vec<(String, Json)> = fields.into_iter().collect();
                fields.sort_by(|left, right| left.0.cmp(&right.0));
                Some(Self::Key(fields))
            }
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Field(_) => 0,
            Self::Key(_) => 1,
            Self::Value(_) => 2,
            Self::Index(_) => 3,
        }
    }
}

impl Ord for PathElement {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Field(left), Self::Field(right)) => left.cmp(right),
            (Self::Key(left), Self::Key(right)) => compare_fields(left, right),
            (Self::Value(left), Self::Value(right)) => compare_values(left, right),
            (Self::Index(left), Self::Index(right)) => left.cmp(right),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for PathElement {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for PathElement {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for PathElement {}

impl fmt::Display for PathElement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(out, ".{name}"),
            Self::Key(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                write!(out, "[{}]", fields.join(","))
            }
            Self::Value(value) => write!(out, "[={value}]"),
            Self::Index(index) => write!(out, "[{index}]"),
        }
    }
}

/// The steps from an object to one of its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path(pub(crate) Vec<PathElement>);

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| element.fmt(out))
    }
}

fn compare_fields(left: &[(String, Json)], right: &[(String, Json)]) -> Ordering {
    for (left, right) in left.iter().zip(right) {
        let order = left
            .0
            .cmp(&right.0)
            .then_with(|| compare_values(&left.1, &right.1));
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

/// Orders values: numbers, texts, booleans, lists, maps, null; `1` and `1.0` are the same.
pub(crate) fn compare_values(left: &Json, right: &Json) -> Ordering {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left
                .as_f64()
                .partial_cmp(&right.as_f64())
                .unwrap_or(Ordering::Equal),
        },
        (Json::String(left), Json::String(right)) => left.cmp(right),
        (Json::Bool(left), Json::Bool(right)) => left.cmp(right),
        (Json::Array(left), Json::Array(right)) => left
            .iter()
            .zip(right)
            .map(|(left, right)| compare_values(left, right))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| left.len().cmp(&right.len())),
        (Json::Object(left), Json::Object(right)) => left
            .iter()
            .zip(right)
            .map(|(left, right)| {
                left.0
                    .cmp(right.0)
                    .then_with(|| compare_values(left.1, right.1))
            })
            .find(|order| order.is_ne())
            .unwrap_or_else(|| left.len().cmp(&right.len())),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: &Json) -> u8 {
    match value {
        Json::Number(_) => 0,
        Json::String(_) => 1,
        Json::Bool(_) => 2,
        Json::Array(_) => 3,
        Json::Object(_) => 4,
        Json::Null => 5,
    }
}
