//! Semantic versions and constraints on them, as Masterminds/semver v3 reads them.
//!
//! - [`Version`]: read laxly ([`Version::parse`]: `v1.2` is `1.2.0`) or strictly ([`Version::parse_strict`]).
//! - [`Constraint`]: `^1.2`, `>=1, <3 || ~4.0.0-0`, `1.x`, `1.2 - 1.4`.

mod constraint;
mod version;

pub use constraint::{Constraint, ConstraintError};
pub use version::{Version, VersionError};
