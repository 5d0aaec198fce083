//! Which of a chart's versions is the one that is asked for.

use super::IndexError;
use crate::version::{Constraint, Version};

/// How well a version is what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Nothing was asked for, or this very version.
    Exact,
    /// It lies in the range that was asked for.
    InRange,
    /// A single version was asked for; this is only like it.
    Closest,
}

/// The place of the version of a chart that fits best, of all it has, newest first.
// Parity: Helm, pkg/repo/v1/index.go, Get.
pub(super) fn select<'v>(
    versions: impl ExactSizeIterator<Item = &'v str> + Clone,
    name: &str,
    wanted: &str,
) -> Result<(usize, Fit), IndexError> {
    if versions.len() == 0 {
        return Err(IndexError::NoVersions);
    }
    let constraint = Constraint::parse(if wanted.is_empty() { "*" } else { wanted })?;
    if !wanted.is_empty()
        && let Some(place) = versions.clone().position(|version| version == wanted)
    {
        return Ok((place, Fit::Exact));
    }
    let fits =
        |version: &str| Version::parse(version).is_ok_and(|version| constraint.check(&version));
    let place = versions
        .clone()
        .position(fits)
        .ok_or_else(|| IndexError::NoVersion {
            name: name.to_string(),
            version: wanted.to_string(),
        })?;
    let fit = match wanted {
        "" => Fit::Exact,
        range if is_range(range) => Fit::InRange,
        _ => Fit::Closest,
    };
    Ok((place, fit))
}

/// Whether what was asked for is a range and not one version.
// Parity: Helm, pkg/repo/v1/index.go, isVersionRange.
fn is_range(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or(version);
    version.contains(['^', '~', '<', '>', '=', '!', '*'])
        || version.contains("||")
        || version.contains(" - ")
        || core.contains(['x', 'X'])
}
