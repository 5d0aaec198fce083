//! Go's types, as far as templates can tell them apart.

use std::fmt;

use crate::functions::Function;
use crate::value::IntegerKind;

/// A Go type: what `%T` prints, and what a function declares for its parameters.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::Type;
///
/// assert_eq!(Type::MAP.to_string(), "map[string]interface {}");
/// assert_eq!(Type::List(&Type::INT).to_string(), "[]int");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `interface {}`: anything, nil too.
    Any,
    /// `reflect.Value`: what Go's built-in functions declare. Anything, nil too.
    Reflect,
    /// `bool`.
    Bool,
    /// One of the integer types.
    Integer(IntegerKind),
    /// `float64`.
    Float,
    /// `complex128`.
    Complex,
    /// `string`.
    String,
    /// `[]T`.
    List(&'static Type),
    /// `map[string]T`.
    Map(&'static Type),
    /// A type with a name of its own and the given type below, as `common.Values`.
    Named(&'static NamedType),
    /// A struct, or a pointer to one, by Go's name: `time.Time`, `*semver.Version`.
    Object(&'static str),
    /// A function.
    Function,
}

/// A named type: what it is made of, and its methods.
#[derive(Debug)]
pub struct NamedType {
    /// Go's name with its package: `common.Values`.
    pub name: &'static str,
    /// The type it was declared as.
    pub underlying: Type,
    /// The methods; each is a function that takes the value itself before its declared parameters.
    pub methods: &'static [Function],
}

impl PartialEq for NamedType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for NamedType {}

impl Type {
    /// `int`.
    pub const INT: Self = Self::Integer(IntegerKind::Int);
    /// `int64`.
    pub const INT64: Self = Self::Integer(IntegerKind::Int64);
    /// `uint8`, which is `byte`.
    pub const BYTE: Self = Self::Integer(IntegerKind::Uint8);
    /// `int32`, which is `rune`.
    pub const RUNE: Self = Self::Integer(IntegerKind::Int32);
    /// `[]interface {}`.
    pub const LIST: Self = Self::List(&Self::Any);
    /// `[]string`.
    pub const STRINGS: Self = Self::List(&Self::String);
    /// `[]uint8`.
    pub const BYTES: Self = Self::List(&Self::BYTE);
    /// `map[string]interface {}`.
    pub const MAP: Self = Self::Map(&Self::Any);
    /// `map[string]string`.
    pub const STRING_MAP: Self = Self::Map(&Self::String);

    /// Returns the type without its name: `map[string]interface {}` for `common.Values`.
    #[must_use]
    pub fn underlying(self) -> Self {
        match self {
            Self::Named(named) => named.underlying,
            other => other,
        }
    }

    /// Returns the type of a list's or map's elements.
    pub fn element(self) -> Option<Self> {
        match self.underlying() {
            Self::List(element) | Self::Map(element) => Some(*element),
            _ => None,
        }
    }

    /// Tells whether nil is a value of the type.
    pub fn can_be_nil(self) -> bool {
        match self.underlying() {
            Self::Any | Self::Reflect | Self::List(_) | Self::Map(_) | Self::Function => true,
            Self::Object(name) => name.starts_with('*'),
            _ => false,
        }
    }

    /// Tells whether a value of type `self` may stand where `target` is declared, by Go's rule.
    pub fn is_assignable_to(self, target: Self) -> bool {
        match target {
            Self::Any | Self::Reflect => true,
            _ if self == target => true,
            Self::Named(named) => {
                !matches!(self, Self::Named(_)) && self.is_composite() && self == named.underlying
            }
            _ => {
                matches!(self, Self::Named(_))
                    && target.is_composite()
                    && self.underlying() == target
            }
        }
    }

    /// Tells whether the type is a pointer to the other: `*semver.Version` to `semver.Version`.
    pub(crate) fn points_to(self, other: Self) -> bool {
        match (self, other) {
            (Self::Object(pointer), Self::Object(name)) => pointer.strip_prefix('*') == Some(name),
            _ => false,
        }
    }

    /// Tells whether the type has no name, so that assignment looks below names.
    fn is_composite(self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_) | Self::Function)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("interface {}"),
            Self::Reflect => f.write_str("reflect.Value"),
            Self::Bool => f.write_str("bool"),
            Self::Integer(kind) => f.write_str(kind.name()),
            Self::Float => f.write_str("float64"),
            Self::Complex => f.write_str("complex128"),
            Self::String => f.write_str("string"),
            Self::List(element) => write!(f, "[]{element}"),
            Self::Map(element) => write!(f, "map[string]{element}"),
            Self::Named(named) => f.write_str(named.name),
            Self::Object(name) => f.write_str(name),
            Self::Function => f.write_str("func"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static VALUES: NamedType = NamedType {
        name: "common.Values",
        underlying: Type::MAP,
        methods: &[],
    };

    #[test]
    fn a_named_map_may_stand_for_an_unnamed_one() {
        assert!(Type::Named(&VALUES).is_assignable_to(Type::MAP));
        assert!(Type::MAP.is_assignable_to(Type::Named(&VALUES)));
        assert!(!Type::STRING_MAP.is_assignable_to(Type::MAP));
    }

    #[test]
    fn int_and_int64_are_different_types() {
        assert!(!Type::INT.is_assignable_to(Type::INT64));
        assert!(Type::INT.is_assignable_to(Type::Any));
    }
}
