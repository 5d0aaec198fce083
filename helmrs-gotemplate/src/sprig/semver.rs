//! Semantic versions.

use std::any::Any;
use std::cell::RefCell;

use super::arguments::{string, text};
use super::{errors, row};
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::json;
use crate::semver::{Constraint, Version};
use crate::types::Type;
use crate::value::{Integer, IntegerKind, JsonShape, Method, Object, Text, Value};

pub(crate) const FUNCTIONS: &[Function] = &[
    row(
        "semver",
        &[Type::String],
        semver,
        &[(r#"{{ (semver "1.2.3").Minor }}"#, "2")],
    ),
    row(
        "semverCompare",
        &[Type::String, Type::String],
        compare,
        &[(r#"{{ semverCompare "^1.2" "1.4.0" }}"#, "true")],
    ),
];

const TYPE: Type = Type::Object("*semver.Version");
const METHODS: &[Method] = &[
    Method::new("Compare", &[TYPE]),
    Method::new("Equal", &[TYPE]),
    Method::new("GreaterThan", &[TYPE]),
    Method::new("GreaterThanEqual", &[TYPE]),
    Method::new("LessThan", &[TYPE]),
    Method::new("LessThanEqual", &[TYPE]),
    Method::new("Original", &[]),
    Method::new("Scan", &[Type::Any]),
    Method::new("UnmarshalJSON", &[Type::BYTES]),
    Method::new("UnmarshalText", &[Type::BYTES]),
    // What a version that is no pointer has starts here.
    Method::new("IncMajor", &[]),
    Method::new("IncMinor", &[]),
    Method::new("IncPatch", &[]),
    Method::new("Major", &[]),
    Method::new("MarshalJSON", &[]),
    Method::new("MarshalText", &[]),
    Method::new("Metadata", &[]),
    Method::new("Minor", &[]),
    Method::new("Patch", &[]),
    Method::new("Prerelease", &[]),
    Method::new("SetMetadata", &[Type::String]),
    Method::new("SetPrerelease", &[Type::String]),
    Method::new("String", &[]),
    Method::new("Value", &[]),
];
/// How many of the methods only a pointer has.
const OF_POINTERS: usize = 10;

/// A version as an object with Masterminds' methods.
struct VersionObject {
    /// The version, which methods of a pointer can change.
    version: RefCell<Version>,
    /// Whether it is a pointer to a version in Go, or the version itself.
    pointer: bool,
}

impl Object for VersionObject {
    fn type_of(&self) -> Type {
        if self.pointer {
            TYPE
        } else {
            Type::Object("semver.Version")
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let number = |number: u64| Value::Integer(Integer::new(IntegerKind::Uint64, number as i64));
        let version = self.version.borrow();
        vec![
            ("major", number(version.major())),
            ("minor", number(version.minor())),
            ("patch", number(version.patch())),
            ("pre", version.prerelease().into()),
            ("metadata", version.metadata().into()),
            ("original", version.original().into()),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        if self.pointer {
            METHODS
        } else {
            METHODS.split_at(OF_POINTERS).1
        }
    }

    fn invoke(
        &self,
        method: &str,
        arguments: &[Value],
        _: &mut Executor<'_>,
    ) -> Result<Value, CallError> {
        if let Some(value) = self.part(method) {
            return Ok(value);
        }
        let version = self.version.borrow();
        let changed = match method {
            "IncMajor" => version.increment_major(),
            "IncMinor" => version.increment_minor(),
            "IncPatch" => version.increment_patch(),
            "SetPrerelease" => version.with_prerelease(&string(arguments, 0)),
            "SetMetadata" => version.with_metadata(&string(arguments, 0)),
            "Scan" | "UnmarshalJSON" | "UnmarshalText" => {
                drop(version);
                return Ok(self.read(method, arguments));
            }
            _ => {
                drop(version);
                return self.relation(method, arguments);
            }
        };
        let changed = changed.map_err(|error| CallError::new(error.to_string()))?;
        Ok(Self::value(changed, false))
    }

    fn string(&self) -> Option<Text> {
        Some(self.version.borrow().to_string().into())
    }

    fn marshalled(&self) -> Option<Text> {
        self.string()
    }

    fn deep_copy(&self) -> Option<Value> {
        let version = Version::parse("0.0.0").ok()?;
        Some(Self::value(version, self.pointer))
    }

    fn json(&self) -> JsonShape {
        JsonShape::Value(self.version.borrow().to_string().into())
    }
}

impl VersionObject {
    fn value(version: Version, pointer: bool) -> Value {
        let version = RefCell::new(version);
        Value::object(Self { version, pointer })
    }

    /// Reads the version anew and gives what Go's method does: an error, or none.
    fn read(&self, method: &str, arguments: &[Value]) -> Value {
        let text = match (method, arguments.first()) {
            ("UnmarshalJSON", Some(Value::Bytes(json))) => match json::parse(json) {
                Ok(Value::Nil) => Text::default(),
                Ok(Value::String(text)) => text,
                Ok(other) => return errors::value(not_a_text(&other)),
                Err(error) => return errors::value(error.to_string()),
            },
            (_, Some(Value::String(text) | Value::Bytes(text))) => text.clone(),
            _ => Text::default(),
        };
        match Version::parse(&text.to_str()) {
            Ok(version) => *self.version.borrow_mut() = version,
            Err(error) => return errors::value(error.to_string()),
        }
        errors::none()
    }

    fn part(&self, method: &str) -> Option<Value> {
        let number = |number: u64| Value::Integer(Integer::new(IntegerKind::Uint64, number as i64));
        let version = self.version.borrow();
        Some(match method {
            "Major" => number(version.major()),
            "Minor" => number(version.minor()),
            "Patch" => number(version.patch()),
            "Prerelease" => version.prerelease().into(),
            "Metadata" => version.metadata().into(),
            "Original" => version.original().into(),
            "String" | "Value" => version.to_string().into(),
            "MarshalText" => Value::Bytes(version.to_string().into()),
            "MarshalJSON" => Value::Bytes(format!("\"{version}\"").into()),
            _ => return None,
        })
    }

    fn relation(&self, method: &str, arguments: &[Value]) -> Result<Value, CallError> {
        let Some(other) = arguments.first().and_then(Value::downcast::<Self>) else {
            return Err(super::nil_dereference());
        };
        let order = self.version.borrow().cmp(&other.version.borrow());
        Ok(match method {
            "Equal" => order.is_eq().into(),
            "LessThan" => order.is_lt().into(),
            "LessThanEqual" => order.is_le().into(),
            "GreaterThan" => order.is_gt().into(),
            "GreaterThanEqual" => order.is_ge().into(),
            _ => Value::int(order as i64),
        })
    }
}

fn not_a_text(json: &Value) -> String {
    let found = match json {
        Value::Bool(_) => "bool",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type string")
}

fn semver(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(VersionObject::value(parsed(&string(arguments, 0))?, true))
}

fn parsed(text: &str) -> Result<Version, CallError> {
    Version::parse(text).map_err(|error| CallError::new(error.to_string()))
}

fn compare(arguments: &[Value]) -> Result<Value, CallError> {
    let constraint = Constraint::parse(&String::from_utf8_lossy(text(arguments, 0)))
        .map_err(|error| CallError::new(error.to_string()))?;
    Ok(constraint.check(&parsed(&string(arguments, 1))?).into())
}
