//! Tags as versions of a chart, and which of them is wanted.
// Parity: Helm, pkg/registry/client.go, Tags; pkg/registry/tag.go.

use std::cmp::Reverse;

use crate::version::{Constraint, ConstraintError, Version};

/// Why no tag is chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum TagError {
    /// What is wanted is neither a version nor a range of versions.
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    /// No version will do.
    #[error("could not locate a version matching provided version string {wanted}")]
    NoMatch { wanted: String },
}

/// The tags that are versions, newest first, with the plus signs they stand for; all others are left out.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::tags::versions;
///
/// let tags = ["latest", "1.0.0", "1.1.0_linux", "1.0"].map(String::from);
/// assert_eq!(versions(&tags), ["1.1.0+linux", "1.0.0"]);
/// ```
pub fn versions(tags: &[String]) -> Vec<String> {
    let mut versions: Vec<Version> = tags
        .iter()
        .filter_map(|tag| Version::parse_strict(&tag.replace('_', "+")).ok())
        .collect();
    versions.sort_by(|left, right| Reverse(left).cmp(&Reverse(right)));
    versions.iter().map(ToString::to_string).collect()
}

/// The first of `versions` that will do: the very one that is wanted, or one in the range; the newest release if nothing is.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::tags::choose;
///
/// let versions = ["2.0.0-rc.1", "1.1.0", "1.0.0"].map(String::from);
/// assert_eq!(choose(&versions, "").unwrap(), "1.1.0");
/// assert_eq!(choose(&versions, "~1.0").unwrap(), "1.0.0");
/// assert_eq!(choose(&versions, "2.0.0-rc.1").unwrap(), "2.0.0-rc.1");
/// assert!(choose(&versions, ">2").is_err());
/// ```
pub fn choose<'v>(versions: &'v [String], wanted: &str) -> Result<&'v str, TagError> {
    if let Some(version) = versions.iter().find(|version| *version == wanted) {
        return Ok(version);
    }
    let constraint = Constraint::parse(if wanted.is_empty() { "*" } else { wanted })?;
    let fits =
        |text: &&String| Version::parse(text).is_ok_and(|version| constraint.check(&version));
    versions
        .iter()
        .find(fits)
        .map(String::as_str)
        .ok_or_else(|| TagError::NoMatch {
            wanted: wanted.to_owned(),
        })
}
