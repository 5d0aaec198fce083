//! Names of releases and of objects, checked once.

use std::fmt;
use std::str::FromStr;

/// The longest a release's name may be, so that objects can be named after it with something added.
const RELEASE_LIMIT: usize = 53;
/// The longest an object's name may be.
const METADATA_LIMIT: usize = 253;

/// The name of a release: dotted words of lower-case letters, digits and hyphens, 53 bytes at most.
///
/// # Examples
///
/// ```
/// use helmrs_core::name::ReleaseName;
///
/// assert_eq!(ReleaseName::parse("web-1").unwrap().as_str(), "web-1");
/// assert!(ReleaseName::parse("Web_1").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReleaseName(String);

/// Why a text is not a name.
// Parity: Helm, pkg/chart/v2/util/validate_name.go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is no text.
    #[error("no name provided")]
    Missing,
    /// No release may be called that.
    #[error("invalid release name, must match regex {pattern} and the length must not be longer than 53", pattern = PATTERN)]
    Release,
    /// No object may be called that.
    #[error("invalid metadata name, must match regex {pattern} and the length must not be longer than 253", pattern = PATTERN)]
    Metadata,
}

/// How the error texts describe a name.
const PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

impl ReleaseName {
    /// Checks a release's name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_release_name(text)?;
        Ok(Self(text.to_string()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReleaseName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for ReleaseName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl AsRef<str> for ReleaseName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Checks a release's name without keeping it.
pub fn check_release_name(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Missing);
    }
    if text.len() > RELEASE_LIMIT || !is_dotted_name(text) {
        Err(NameError::Release)
    } else {
        Ok(())
    }
}

/// Checks the name of a Kubernetes object.
pub fn check_metadata_name(text: &str) -> Result<(), NameError> {
    if text.len() > METADATA_LIMIT || !is_dotted_name(text) {
        Err(NameError::Metadata)
    } else {
        Ok(())
    }
}

pub(crate) fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|word| {
        let bytes = word.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
            return false;
        };
        *first != b'-'
            && *last != b'-'
            && bytes
                .iter()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_names_are_lower_case_dotted_words() {
        for name in ["a", "web-1", "a.b-c.d", "0", "a--b"] {
            assert!(check_release_name(name).is_ok(), "{name}");
        }
        for name in [
            "A",
            "-a",
            "a-",
            "a..b",
            ".a",
            "a_b",
            "é",
            "a b",
            &"a".repeat(54),
        ] {
            assert_eq!(check_release_name(name), Err(NameError::Release), "{name}");
        }
        assert_eq!(check_release_name(""), Err(NameError::Missing));
    }

    #[test]
    fn the_error_quotes_the_pattern() {
        assert_eq!(
            NameError::Release.to_string(),
            r"invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53"
        );
    }

    #[test]
    fn object_names_may_be_longer() {
        assert!(check_metadata_name(&"a".repeat(253)).is_ok());
        assert_eq!(
            check_metadata_name(&"a".repeat(254)),
            Err(NameError::Metadata)
        );
        assert_eq!(check_metadata_name(""), Err(NameError::Metadata));
    }
}
