//! Semantic versions.

use std::any::Any;

use super::arguments::{string, text};
use super::row;
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
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
const OF_POINTERS: usize = 7;

/// A version as an object with Masterminds' methods.
struct VersionObject {
    version: Version,
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
        let version = &self.version;
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
        let changed = |version: Version| {
            Value::object(VersionObject {
                version,
                pointer: false,
            })
        };
        let overflow = || CallError::new("version number overflows");
        let failed = |error: crate::semver::VersionError| CallError::new(error.to_string());
        match method {
            "IncMajor" => self
                .version
                .increment_major()
                .map(changed)
                .ok_or_else(overflow),
            "IncMinor" => self
                .version
                .increment_minor()
                .map(changed)
                .ok_or_else(overflow),
            "IncPatch" => self
                .version
                .increment_patch()
                .map(changed)
                .ok_or_else(overflow),
            "SetPrerelease" => self
                .version
                .with_prerelease(&string(arguments, 0))
                .map(changed)
                .map_err(failed),
            "SetMetadata" => self
                .version
                .with_metadata(&string(arguments, 0))
                .map(changed)
                .map_err(failed),
            _ => self.relation(method, arguments),
        }
    }

    fn string(&self) -> Option<Text> {
        Some(self.version.to_string().into())
    }

    fn marshalled(&self) -> Option<Text> {
        self.string()
    }

    fn deep_copy(&self) -> Option<Value> {
        let version = Version::parse("0.0.0").ok()?;
        let pointer = self.pointer;
        Some(Value::object(VersionObject { version, pointer }))
    }

    fn json(&self) -> JsonShape {
        JsonShape::Value(self.version.to_string().into())
    }
}

impl VersionObject {
    fn part(&self, method: &str) -> Option<Value> {
        let number = |number: u64| Value::Integer(Integer::new(IntegerKind::Uint64, number as i64));
        Some(match method {
            "Major" => number(self.version.major()),
            "Minor" => number(self.version.minor()),
            "Patch" => number(self.version.patch()),
            "Prerelease" => self.version.prerelease().into(),
            "Metadata" => self.version.metadata().into(),
            "Original" => self.version.original().into(),
            "String" | "Value" => self.version.to_string().into(),
            "MarshalText" => Value::Bytes(self.version.to_string().into()),
            "MarshalJSON" => Value::Bytes(format!("\"{}\"", self.version).into()),
            _ => return None,
        })
    }

    fn relation(&self, method: &str, arguments: &[Value]) -> Result<Value, CallError> {
        let Some(other) = arguments.first().and_then(Value::downcast::<Self>) else {
            return Err(super::nil_dereference());
        };
        let order = self.version.cmp(&other.version);
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

fn semver(arguments: &[Value]) -> Result<Value, CallError> {
    let version = parsed(&string(arguments, 0))?;
    Ok(Value::object(VersionObject {
        version,
        pointer: true,
    }))
}

fn parsed(text: &str) -> Result<Version, CallError> {
    Version::parse(text).map_err(|error| CallError::new(error.to_string()))
}

fn compare(arguments: &[Value]) -> Result<Value, CallError> {
    let constraint = Constraint::parse(&String::from_utf8_lossy(text(arguments, 0)))
        .map_err(|error| CallError::new(error.to_string()))?;
    Ok(constraint.check(&parsed(&string(arguments, 1))?).into())
}
