//! Go's integers: one number, and which of Go's types it has.

use std::fmt;

/// Which of Go's integer types a number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntegerKind {
    /// `int`, 64 bits: literals, `len`, `int`.
    Int,
    /// `int8`.
    Int8,
    /// `int16`.
    Int16,
    /// `int32`, which is `rune`.
    Int32,
    /// `int64`: `--set`, `int64`, Sprig's arithmetic.
    Int64,
    /// `uint`.
    Uint,
    /// `uint8`, which is `byte`.
    Uint8,
    /// `uint16`.
    Uint16,
    /// `uint32`.
    Uint32,
    /// `uint64`.
    Uint64,
    /// `uintptr`.
    Uintptr,
}

impl IntegerKind {
    /// Tells whether numbers of this kind have a sign.
    pub fn is_signed(self) -> bool {
        matches!(
            self,
            Self::Int | Self::Int8 | Self::Int16 | Self::Int32 | Self::Int64
        )
    }

    /// Returns Go's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Uintptr => "uintptr",
        }
    }
}

/// A Go integer of any width: the kind, and the number's 64 bits.
///
/// Two integers are equal if kind and number are: Go's `int` 1 and `int64` 1 differ for `has` and
/// `deepEqual`, and only `eq` looks at the number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    kind: IntegerKind,
    bits: i64,
}

impl Integer {
    /// Makes a number of the given kind, wrapping it to the kind's width as Go's conversions do.
    pub fn new(kind: IntegerKind, number: i64) -> Self {
        let bits = match kind {
            IntegerKind::Int8 => i64::from(number as i8),
            IntegerKind::Int16 => i64::from(number as i16),
            IntegerKind::Int32 => i64::from(number as i32),
            IntegerKind::Uint8 => i64::from(number as u8),
            IntegerKind::Uint16 => i64::from(number as u16),
            IntegerKind::Uint32 => i64::from(number as u32),
            IntegerKind::Int
            | IntegerKind::Int64
            | IntegerKind::Uint
            | IntegerKind::Uint64
            | IntegerKind::Uintptr => number,
        };
        Self { kind, bits }
    }

    /// Makes a Go `int`.
    pub fn int(number: i64) -> Self {
        Self {
            kind: IntegerKind::Int,
            bits: number,
        }
    }

    /// Returns which of Go's types the number has.
    pub fn kind(self) -> IntegerKind {
        self.kind
    }

    /// Returns the number as Go's `int64(x)` would, so a large `uint64` comes out negative.
    pub fn to_i64(self) -> i64 {
        self.bits
    }

    /// Returns the number as Go's `uint64(x)` would, so a negative number comes out large.
    pub fn to_u64(self) -> u64 {
        self.bits as u64
    }

    /// Returns the exact number, whatever its sign.
    pub fn to_i128(self) -> i128 {
        if self.kind.is_signed() {
            i128::from(self.bits)
        } else {
            i128::from(self.bits as u64)
        }
    }

    /// Returns the nearest `float64`.
    pub fn to_f64(self) -> f64 {
        if self.kind.is_signed() {
            self.bits as f64
        } else {
            self.bits as u64 as f64
        }
    }

    /// Tells whether the number is zero.
    pub fn is_zero(self) -> bool {
        self.bits == 0
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_i128(), f)
    }
}
