//! A semantic version: its text, its parts and its order.

use std::cmp::Ordering;
use std::fmt;

/// A semantic version, which remembers the text it was read from.
///
/// Two versions are equal when neither precedes the other: build metadata and spelling do not count.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::semver::Version;
///
/// let version = Version::parse("v1.2-rc.1").unwrap();
/// assert_eq!(version.to_string(), "1.2.0-rc.1");
/// assert_eq!(version.original(), "v1.2-rc.1");
/// assert!(version < Version::parse("1.2").unwrap());
/// ```
#[derive(Debug, Clone)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    prerelease: String,
    metadata: String,
    original: String,
}

/// How long a version may be.
const LONGEST: usize = 256;

/// Why a text is not a semantic version.
// Parity: Masterminds/semver, version.go: the texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// The text has not the shape of a version.
    #[error("invalid semantic version")]
    Invalid,
    /// There is more text than anybody would call a version.
    #[error("version string is too long (max {LONGEST} bytes)")]
    TooLong,
    /// There is no text.
    #[error("version string empty")]
    Empty,
    /// A number holds something else than digits.
    #[error("invalid characters in version")]
    Characters,
    /// A number has a leading zero.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// The part after `+` is malformed.
    #[error("invalid metadata string")]
    Metadata,
    /// The part after `-` is malformed.
    #[error("invalid prerelease string")]
    Prerelease,
    /// A number is over 64 bits.
    #[error(
        "error parsing version segment: strconv.ParseUint: parsing \"{0}\": value out of range"
    )]
    Segment(String),
    /// A number is over 64 bits, in a strictly read version.
    #[error("strconv.ParseUint: parsing \"{0}\": {1}")]
    StrictSegment(String, &'static str),
    /// There is no number after the largest.
    #[error("{0} version increment would overflow uint64")]
    Overflow(&'static str),
}

impl Version {
    /// Reads a version laxly: a leading `v` is skipped, minor and patch may be missing, zeros may lead.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        // Parity: Masterminds/semver, version.go, coerceNewVersion.
        if text.len() > LONGEST {
            return Err(VersionError::TooLong);
        }
        let (core, prerelease, metadata) = split(text)?;
        let mut segments = [0; 3];
        for (count, segment) in core.split('.').enumerate() {
            if count == segments.len() || segment.is_empty() || !is_digits(segment) {
                return Err(VersionError::Invalid);
            }
        }
        for (number, segment) in segments.iter_mut().zip(core.split('.')) {
            *number = segment
                .parse()
                .map_err(|_| VersionError::Segment(segment.to_string()))?;
        }
        if let Some(prerelease) = prerelease {
            check_prerelease(prerelease)?;
        }
        let [major, minor, patch] = segments;
        Ok(Self {
            major,
            minor,
            patch,
            prerelease: prerelease.unwrap_or_default().to_string(),
            metadata: metadata.unwrap_or_default().to_string(),
            original: text.to_string(),
        })
    }

    /// Reads a version by the letter of the specification: three numbers, no `v`, no leading zeros.
    pub fn parse_strict(text: &str) -> Result<Self, VersionError> {
        // Parity: Masterminds/semver, version.go, StrictNewVersion: the order of the checks.
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        if text.len() > LONGEST {
            return Err(VersionError::TooLong);
        }
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(VersionError::Invalid);
        };
        let (rest, metadata) = cut(rest, '+');
        if let Some(metadata) = metadata {
            check_metadata(metadata)?;
        }
        let (patch, prerelease) = cut(rest, '-');
        if let Some(prerelease) = prerelease {
            check_prerelease(prerelease)?;
        }
        for segment in [major, minor, patch] {
            if !is_digits(segment) {
                return Err(VersionError::Characters);
            }
            if segment.len() > 1 && segment.starts_with('0') {
                return Err(VersionError::LeadingZero);
            }
        }
        Ok(Self {
            major: strict_number(major)?,
            minor: strict_number(minor)?,
            patch: strict_number(patch)?,
            prerelease: prerelease.unwrap_or_default().to_string(),
            metadata: metadata.unwrap_or_default().to_string(),
            original: text.to_string(),
        })
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// What stands between `-` and `+`; empty for a release.
    pub fn prerelease(&self) -> &str {
        &self.prerelease
    }

    /// What stands after `+`.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text the version was read from.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The next patch version; for a prerelease, the release it leads to.
    pub fn increment_patch(&self) -> Result<Self, VersionError> {
        let patch = if self.prerelease.is_empty() {
            next(self.patch, "patch")?
        } else {
            self.patch
        };
        Ok(self.successor(self.major, self.minor, patch))
    }

    /// The next minor version.
    pub fn increment_minor(&self) -> Result<Self, VersionError> {
        Ok(self.successor(self.major, next(self.minor, "minor")?, 0))
    }

    /// The next major version.
    pub fn increment_major(&self) -> Result<Self, VersionError> {
        Ok(self.successor(next(self.major, "major")?, 0, 0))
    }

    /// The same version with another prerelease part.
    pub fn with_prerelease(&self, prerelease: &str) -> Result<Self, VersionError> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        let version = Self {
            prerelease: prerelease.to_string(),
            ..self.clone()
        };
        Ok(self.respelled(version))
    }

    /// The same version with another build metadata part.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, VersionError> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        let version = Self {
            metadata: metadata.to_string(),
            ..self.clone()
        };
        Ok(self.respelled(version))
    }

    fn successor(&self, major: u64, minor: u64, patch: u64) -> Self {
        let (prerelease, metadata, original) = (String::new(), String::new(), String::new());
        self.respelled(Self {
            major,
            minor,
            patch,
            prerelease,
            metadata,
            original,
        })
    }

    /// Writes the original text of a version made from this one: its canonical form, after this one's `v`.
    fn respelled(&self, mut version: Self) -> Self {
        let prefix = if self.original.starts_with('v') {
            "v"
        } else {
            ""
        };
        version.original = format!("{prefix}{version}");
        version
    }
}

fn next(number: u64, segment: &'static str) -> Result<u64, VersionError> {
    number.checked_add(1).ok_or(VersionError::Overflow(segment))
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(formatter, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(formatter, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers =
            (self.major, self.minor, self.patch).cmp(&(other.major, other.minor, other.patch));
        numbers.then_with(
            || match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prereleases(&self.prerelease, &other.prerelease),
            },
        )
    }
}

/// Compares two prerelease parts, identifier by identifier; a missing one comes first.
pub(super) fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let ordering = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => compare_identifiers(left, right),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

/// Compares two identifiers: numbers by value and before words, words by their bytes.
fn compare_identifiers(left: &str, right: &str) -> Ordering {
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left.cmp(right),
    }
}

/// Splits a lax version into its numbers, its prerelease and its metadata.
fn split(text: &str) -> Result<(&str, Option<&str>, Option<&str>), VersionError> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, metadata) = cut(text, '+');
    if let Some(metadata) = metadata {
        check_shape(metadata)?;
    }
    let (core, prerelease) = cut(text, '-');
    if let Some(prerelease) = prerelease {
        check_shape(prerelease)?;
    }
    Ok((core, prerelease, metadata))
}

fn cut(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Refuses what is not dotted words of letters, digits and hyphens.
fn check_shape(part: &str) -> Result<(), VersionError> {
    if part
        .split('.')
        .all(|word| !word.is_empty() && is_word(word))
    {
        Ok(())
    } else {
        Err(VersionError::Invalid)
    }
}

fn check_prerelease(part: &str) -> Result<(), VersionError> {
    for word in part.split('.') {
        if word.is_empty() || !is_word(word) {
            return Err(VersionError::Prerelease);
        }
        if is_digits(word) && word.len() > 1 && word.starts_with('0') {
            return Err(VersionError::LeadingZero);
        }
    }
    Ok(())
}

fn check_metadata(part: &str) -> Result<(), VersionError> {
    check_shape(part).map_err(|_| VersionError::Metadata)
}

fn strict_number(text: &str) -> Result<u64, VersionError> {
    let reason = if text.is_empty() {
        "invalid syntax"
    } else {
        "value out of range"
    };
    text.parse()
        .map_err(|_| VersionError::StrictSegment(text.to_string(), reason))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lax(text: &str) -> String {
        Version::parse(text).map_or_else(|error| error.to_string(), |version| version.to_string())
    }

    fn strict(text: &str) -> String {
        Version::parse_strict(text)
            .map_or_else(|error| error.to_string(), |version| version.to_string())
    }

    #[test]
    fn a_lax_version_may_miss_parts_and_lead_with_zeros() {
        assert_eq!(lax("1"), "1.0.0");
        assert_eq!(lax("v1.2"), "1.2.0");
        assert_eq!(lax("01.02.03"), "1.2.3");
        assert_eq!(lax("1-beta.1+b.7"), "1.0.0-beta.1+b.7");
        assert_eq!(lax("1.2.3--"), "1.2.3--");
    }

    #[test]
    fn a_lax_version_is_refused_with_the_reason() {
        for text in [
            "", "v", "1.2.3.4", "1.", ".1", " 1", "1 ", "1.2.3-", "1.2.3+", "1-a..b", "x", "V1",
            "1.2.3-é",
        ] {
            assert_eq!(lax(text), "invalid semantic version", "{text}");
        }
        assert_eq!(lax("1.2.3-01"), "version segment starts with 0");
        assert_eq!(
            lax("1.99999999999999999999"),
            "error parsing version segment: strconv.ParseUint: parsing \"99999999999999999999\": value out of range"
        );
    }

    #[test]
    fn a_strict_version_is_refused_with_the_reason() {
        assert_eq!(strict("1.2.3-a+b"), "1.2.3-a+b");
        assert_eq!(strict(""), "version string empty");
        assert_eq!(strict("1.2"), "invalid semantic version");
        assert_eq!(strict("v1.2.3"), "invalid characters in version");
        assert_eq!(strict("1.02.3"), "version segment starts with 0");
        assert_eq!(strict("1.2.3+"), "invalid metadata string");
        assert_eq!(strict("1.2.3-"), "invalid prerelease string");
        assert_eq!(
            strict("..1"),
            "strconv.ParseUint: parsing \"\": invalid syntax"
        );
    }

    #[test]
    fn versions_are_ordered_as_the_specification_says() {
        let ordered = [
            "1.0.0-1",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.1",
            "2",
        ];
        for pair in ordered.windows(2) {
            assert!(
                Version::parse(pair[0]).unwrap() < Version::parse(pair[1]).unwrap(),
                "{pair:?}"
            );
        }
        assert_eq!(
            Version::parse("1+a").unwrap(),
            Version::parse("v1.0.0+b").unwrap()
        );
    }

    #[test]
    fn increments_keep_the_spelling_of_the_prefix() {
        let version = Version::parse("v1.2.3-rc.1+x").unwrap();
        assert_eq!(version.increment_patch().unwrap().original(), "v1.2.3");
        assert_eq!(version.increment_minor().unwrap().original(), "v1.3.0");
        assert_eq!(version.increment_major().unwrap().original(), "v2.0.0");
        assert_eq!(version.with_prerelease("").unwrap().original(), "v1.2.3+x");
        assert_eq!(version.with_metadata("a b"), Err(VersionError::Metadata));
    }

    #[test]
    fn an_increment_never_overflows() {
        let version = Version::parse("18446744073709551615.1.1").unwrap();
        assert!(version.increment_major().is_err());
    }
}
