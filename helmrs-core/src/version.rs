//! Semantic versions and constraints as Helm reads them.

pub use helmrs_gotemplate::semver::{Constraint, ConstraintError, Version, VersionError};

/// Whether a version satisfies a constraint; a text that is no version or no constraint satisfies nothing.
///
/// Used for a chart's `kubeVersion` and for dependencies.
///
/// # Examples
///
/// ```
/// use helmrs_core::version::is_compatible;
///
/// assert!(is_compatible(">=1.20-0", "v1.31.4"));
/// assert!(!is_compatible("not a constraint", "v1.31.4"));
/// ```
// Parity: Helm, pkg/chart/v2/util/compatible.go, IsCompatibleRange.
pub fn is_compatible(constraint: &str, version: &str) -> bool {
    match (Version::parse(version), Constraint::parse(constraint)) {
        (Ok(version), Ok(constraint)) => constraint.check(&version),
        _ => false,
    }
}
