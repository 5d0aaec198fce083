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
    method("Major", &[]),
    method("Minor", &[]),
    method("Patch", &[]),
    method("Prerelease", &[]),
    method("Metadata", &[]),
    method("Original", &[]),
    method("String", &[]),
    method("IncMajor", &[]),
    method("IncMinor", &[]),
    method("IncPatch", &[]),
    method("SetPrerelease", &[Type::String]),
    method("SetMetadata", &[Type::String]),
    method("Compare", &[TYPE]),
    method("Equal", &[TYPE]),
    method("LessThan", &[TYPE]),
    method("LessThanEqual", &[TYPE]),
    method("GreaterThan", &[TYPE]),
    method("GreaterThanEqual", &[TYPE]),
];

const fn method(name: &'static str, parameters: &'static [Type]) -> Method {
    Method {
        name,
        parameters,
        variadic: false,
    }
}

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
        METHODS
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
            "String" => self.version.to_string().into(),
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
