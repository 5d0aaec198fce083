//! A constraint: which versions will do.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use crate::number::quote;

use super::version::{Version, compare_prereleases};

/// Which versions will do: alternatives separated by `||`, each a list of comparisons that must all hold.
///
/// A prerelease passes only where the alternative itself names one (`>=1.0.0-0`).
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::semver::{Constraint, Version};
///
/// let constraint = Constraint::parse("^1.2 || 3.x").unwrap();
/// assert!(constraint.check(&Version::parse("1.9.0").unwrap()));
/// assert!(!constraint.check(&Version::parse("2.0.0").unwrap()));
/// ```
#[derive(Debug, Clone)]
pub struct Constraint {
    alternatives: Vec<Alternative>,
}

/// Why a text is not a constraint, or a version does not fit one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConstraintError(String);

#[derive(Debug, Clone)]
struct Alternative {
    comparisons: Vec<Comparison>,
    names_prerelease: bool,
}

#[derive(Debug, Clone)]
struct Comparison {
    /// The operator as written.
    operator: String,
    /// The version as written.
    original: String,
    version: Version,
    /// What the text left open: nothing, the patch, the minor, or all of it.
    open: Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Patch,
    Minor,
    All,
}

impl Constraint {
    /// Reads a constraint.
    pub fn parse(text: &str) -> Result<Self, ConstraintError> {
        let mut alternatives = Vec::new();
        for part in rewrite_ranges(text).split("||") {
            let comparisons: Vec<_> = Written::list(part)
                .ok_or_else(|| improper(part))?
                .iter()
                .map(Comparison::new)
                .collect::<Result<_, _>>()?;
            let names_prerelease = comparisons
                .iter()
                .any(|comparison| !comparison.version.prerelease().is_empty());
            alternatives.push(Alternative {
                comparisons,
                names_prerelease,
            });
        }
        Ok(Self { alternatives })
    }

    /// Whether a version will do.
    pub fn check(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|alternative| {
            alternative.comparisons.iter().all(|comparison| {
                comparison
                    .check(version, alternative.names_prerelease)
                    .is_ok()
            })
        })
    }

    /// Whether a version will do, and if not, every reason why.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<ConstraintError>> {
        let mut errors = Vec::new();
        let mut said_prerelease = false;
        for alternative in &self.alternatives {
            let mut fits = true;
            for comparison in &alternative.comparisons {
                if !alternative.names_prerelease && !version.prerelease().is_empty() {
                    if !said_prerelease {
                        errors.push(prerelease_refused(version));
                        said_prerelease = true;
                    }
                    fits = false;
                } else if let Err(error) = comparison.check(version, alternative.names_prerelease) {
                    errors.push(error);
                    fits = false;
                }
            }
            if fits {
                return Ok(());
            }
        }
        Err(errors)
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, alternative) in self.alternatives.iter().enumerate() {
            if index > 0 {
                formatter.write_str(" || ")?;
            }
            for (index, comparison) in alternative.comparisons.iter().enumerate() {
                let space = if index > 0 { " " } else { "" };
                write!(
                    formatter,
                    "{space}{}{}",
                    comparison.operator, comparison.original
                )?;
            }
        }
        Ok(())
    }
}

impl Comparison {
    fn new(written: &Written<'_>) -> Result<Self, ConstraintError> {
        let &Written {
            segments: [major, minor, patch],
            prerelease,
            version: original,
            operator,
        } = written;
        let (open, completed) = if is_wildcard(major) {
            (Open::All, format!("0.0.0{prerelease}"))
        } else if is_wildcard(minor) {
            (Open::Minor, format!("{major}.0.0{prerelease}"))
        } else if is_wildcard(patch) {
            (Open::Patch, format!("{major}.{minor}.0{prerelease}"))
        } else {
            (Open::Nothing, original.to_string())
        };
        let version = Version::parse(&completed)
            .map_err(|_| ConstraintError("constraint parser error".to_string()))?;
        Ok(Self {
            operator: operator.to_string(),
            original: original.to_string(),
            version,
            open,
        })
    }

    /// Compares a version; `prereleases` says whether one may pass at all.
    fn check(&self, version: &Version, prereleases: bool) -> Result<(), ConstraintError> {
        if !version.prerelease().is_empty() && !prereleases {
            return Err(prerelease_refused(version));
        }
        match self.operator.as_str() {
            "!=" => self.not_equal(version),
            ">" => self.greater(version),
            "<" => self.fits(
                version < &self.version,
                version,
                "is greater than or equal to",
            ),
            ">=" | "=>" => self.fits(version >= &self.version, version, "is less than"),
            "<=" | "=<" => self.less_or_equal(version),
            "~" | "~>" => self.tilde(version),
            "^" => self.caret(version),
            _ if self.open != Open::Nothing => self.tilde(version),
            _ => self.fits(version == &self.version, version, "is not equal to"),
        }
    }

    fn not_equal(&self, version: &Version) -> Result<(), ConstraintError> {
        let wanted = &self.version;
        let differs = match self.open {
            // Parity: Masterminds/semver, constraints.go, constraintNotEqual: `!=*` means `!=0.0.0`.
            Open::Nothing | Open::All => version != wanted,
            Open::Minor => wanted.major() != version.major(),
            Open::Patch => {
                (wanted.major(), wanted.minor()) != (version.major(), version.minor())
                    || compare_prereleases(version.prerelease(), wanted.prerelease())
                        != Ordering::Equal
            }
        };
        self.fits(differs, version, "is equal to")
    }

    fn greater(&self, version: &Version) -> Result<(), ConstraintError> {
        let wanted = &self.version;
        let greater = match self.open {
            Open::Nothing | Open::All => version > wanted,
            Open::Minor => version.major() > wanted.major(),
            Open::Patch => (version.major(), version.minor()) > (wanted.major(), wanted.minor()),
        };
        self.fits(greater, version, "is less than or equal to")
    }

    fn less_or_equal(&self, version: &Version) -> Result<(), ConstraintError> {
        let wanted = &self.version;
        let fits = match self.open {
            Open::Nothing => version <= wanted,
            Open::Minor => version.major() <= wanted.major(),
            Open::Patch | Open::All => {
                (version.major(), version.minor()) <= (wanted.major(), wanted.minor())
            }
        };
        self.fits(fits, version, "is greater than")
    }

    fn tilde(&self, version: &Version) -> Result<(), ConstraintError> {
        let wanted = &self.version;
        self.fits(version >= wanted, version, "is less than")?;
        // Parity: Masterminds/semver, constraints.go, constraintTilde: `~0.0.0` is as open as `*`.
        if numbers(wanted) == (0, 0, 0) && matches!(self.open, Open::All | Open::Nothing) {
            return Ok(());
        }
        self.fits(
            version.major() == wanted.major(),
            version,
            "does not have same major version as",
        )?;
        let minor_fits = version.minor() == wanted.minor() || self.open == Open::Minor;
        self.fits(
            minor_fits,
            version,
            "does not have same major and minor version as",
        )
    }

    fn caret(&self, version: &Version) -> Result<(), ConstraintError> {
        let wanted = &self.version;
        self.fits(version >= wanted, version, "is less than")?;
        self.fits(
            version.major() == wanted.major(),
            version,
            "does not have same major version as",
        )?;
        if wanted.major() > 0 || self.open == Open::Minor {
            return Ok(());
        }
        let same_minor = version.minor() == wanted.minor();
        if wanted.minor() > 0 || self.open == Open::Patch {
            let reason = "Expected minor versions to match when constraint major version is 0";
            return self
                .fits(same_minor, version, "does not have same minor version as")
                .map_err(because(reason));
        }
        self.fits(same_minor, version, "does not have same minor version as")?;
        let reason = "Expect version and constraint to equal when major and minor versions are 0";
        self.fits(version.patch() == wanted.patch(), version, "does not equal")
            .map_err(because(reason))
    }

    fn fits(&self, fits: bool, version: &Version, complaint: &str) -> Result<(), ConstraintError> {
        if fits {
            Ok(())
        } else {
            Err(ConstraintError(format!(
                "\"{version}\" {complaint} {}",
                quote(self.original.as_bytes())
            )))
        }
    }
}

fn because(reason: &str) -> impl FnOnce(ConstraintError) -> ConstraintError {
    move |error| ConstraintError(format!("{error}. {reason}"))
}

fn numbers(version: &Version) -> (u64, u64, u64) {
    (version.major(), version.minor(), version.patch())
}

fn prerelease_refused(version: &Version) -> ConstraintError {
    ConstraintError(format!(
        "\"{version}\" is a prerelease version and the constraint is only looking for release versions"
    ))
}

fn improper(text: &str) -> ConstraintError {
    ConstraintError(format!("improper constraint: {}", quote(text.as_bytes())))
}

fn is_wildcard(segment: &str) -> bool {
    matches!(segment, "" | "x" | "X" | "*")
}

/// A comparison as it is written: an operator and a version.
#[derive(Clone, Copy)]
struct Written<'t> {
    operator: &'t str,
    version: &'t str,
    /// Major, minor and patch; empty where they are missing.
    segments: [&'t str; 3],
    /// With its hyphen.
    prerelease: &'t str,
}

const OPERATORS: [&str; 12] = [
    "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^",
];

impl<'t> Written<'t> {
    /// Reads comparisons, with space or a comma between them; none if there is anything else.
    fn list(text: &'t str) -> Option<Vec<Self>> {
        let mut list = Vec::new();
        let mut rest = text;
        loop {
            let (written, after) = Self::read(rest)?;
            list.push(written);
            let next = after.trim_start_matches(is_space);
            if next.is_empty() {
                return Some(list);
            }
            rest = match next.strip_prefix(',') {
                Some(next) => next,
                None if next.len() < after.len() => next,
                None => return None,
            };
        }
    }

    /// Reads one comparison from the start of a text, and gives what follows.
    fn read(text: &'t str) -> Option<(Self, &'t str)> {
        let is_sign = |character| matches!(character, '=' | '!' | '<' | '>' | '~' | '^');
        // A bar may stand for a digit: `1|2` passes here and is no version later.
        let is_digit = |character| matches!(character, '0'..='9' | 'x' | 'X' | '*' | '|');
        let (operator, rest) = split_after(text.trim_start_matches(is_space), is_sign);
        if !OPERATORS.contains(&operator) {
            return None;
        }
        let version = rest.trim_start_matches(is_space);
        let unmarked = version.strip_prefix('v').unwrap_or(version);
        let (major, mut rest) = split_after(unmarked, is_digit);
        if major.is_empty() {
            return None;
        }
        let mut segments = [major, "", ""];
        for segment in &mut segments[1..] {
            let dotted = rest.strip_prefix('.').unwrap_or_default();
            let (digits, after) = split_after(dotted, is_digit);
            if !digits.is_empty() {
                (*segment, rest) = (digits, after);
            }
        }
        let (prerelease, rest) = split_words(rest, '-');
        let (_, rest) = split_words(rest, '+');
        let written = Self {
            operator,
            version: &version[..version.len() - rest.len()],
            segments,
            prerelease,
        };
        Some((written, rest))
    }
}

fn is_space(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}

/// Splits a text where the characters that match end.
fn split_after(text: &str, matches: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text
        .find(|character| !matches(character))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Splits words with dots between them off a text, with the mark before them; nothing if there is none.
fn split_words(text: &str, mark: char) -> (&str, &str) {
    let is_letter = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let (mut end, mut rest) = (0, text.strip_prefix(mark));
    while let Some(start) = rest {
        let (word, after) = split_after(start, is_letter);
        if word.is_empty() {
            break;
        }
        end = text.len() - after.len();
        rest = after.strip_prefix('.');
    }
    text.split_at(end)
}

/// Writes `1.2 - 1.4` as `>= 1.2, <= 1.4 `.
fn rewrite_ranges(text: &str) -> Cow<'_, str> {
    let is_hyphen = |around: &[u8]| match around {
        [before, b'-', after] => is_space((*before).into()) && is_space((*after).into()),
        _ => false,
    };
    if !text.as_bytes().windows(3).any(is_hyphen) {
        return Cow::Borrowed(text);
    }
    let mut rewritten = text.to_string();
    for parts in RANGE.captures_iter(text) {
        rewritten = rewritten.replacen(
            &parts[0],
            &format!(">= {}, <= {} ", &parts["from"], &parts["to"]),
            1,
        );
    }
    Cow::Owned(rewritten)
}

/// Finds the ranges with a hyphen.
static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    const SEGMENT: &str = r"[0-9xX*|]+";
    const SPACE: &str = r"[\t\n\f\r ]";
    const WORDS: &str = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*";
    let tail = format!(r"(?:-{WORDS})?(?:\+{WORDS})?");
    let version = format!(r"v?{SEGMENT}(?:\.{SEGMENT})?(?:\.{SEGMENT})?{tail}");
    let range = format!("{SPACE}*(?<from>{version}){SPACE}+-{SPACE}+(?<to>{version}){SPACE}*");
    Regex::new(&range).expect("the pattern is a constant and valid")
});

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(constraint: &str, version: &str) -> bool {
        Constraint::parse(constraint)
            .unwrap()
            .check(&Version::parse(version).unwrap())
    }

    fn refusal(constraint: &str, version: &str) -> String {
        let errors = Constraint::parse(constraint)
            .unwrap()
            .validate(&Version::parse(version).unwrap())
            .unwrap_err();
        errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    }

    #[test]
    fn each_operator_compares() {
        let table = [
            ("1.2.3", "1.2.3", "1.2.4"),
            ("=2", "2.9.0", "3.0.0"),
            ("!=1.2", "1.3.0", "1.2.9"),
            ("!=1", "2.0.0", "1.9.0"),
            (">1", "2.0.0", "1.9.0"),
            (">1.2", "1.3.0", "1.2.9"),
            ("<2", "1.9.9", "2.0.0"),
            (">=1.2", "1.2.0", "1.1.9"),
            ("<=1", "1.9.9", "2.0.0"),
            ("<=1.2", "1.2.9", "1.3.0"),
            ("~1", "1.9.0", "2.0.0"),
            ("~>1.2.3", "1.2.9", "1.3.0"),
            ("~0.0.0", "9.0.0", "0.0.0-a"),
            ("^1.2.3", "1.9.0", "2.0.0"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("^0.0.3", "0.0.3", "0.0.4"),
            ("^0", "0.9.0", "1.0.0"),
            ("1.x", "1.5.0", "2.0.0"),
            ("*", "7.0.0", "7.0.0-a"),
            ("1.2 - 1.4", "1.4.9", "1.5.0"),
            (">=1, <3 || 7", "7.1.0", "3.0.0"),
            (">1.0 <2", "1.5.0", "1.0.0"),
        ];
        for (constraint, inside, outside) in table {
            assert!(fits(constraint, inside), "{constraint} {inside}");
            assert!(!fits(constraint, outside), "{constraint} {outside}");
        }
    }

    #[test]
    fn a_prerelease_passes_only_where_one_is_named() {
        assert!(!fits(">=1", "1.5.0-rc.1"));
        assert!(fits(">=1-0", "1.5.0-rc.1"));
        assert!(fits(">0.0.0-0", "1.5.0-rc.1"));
        assert!(!fits(">=1-0 || 9", "0.5.0-rc.1"));
    }

    #[test]
    fn refusals_say_why() {
        assert_eq!(
            refusal("^0.2", "0.3.0"),
            "\"0.3.0\" does not have same minor version as \"0.2\". Expected minor versions to match when constraint major version is 0"
        );
        assert_eq!(
            refusal(">2, <1", "1.5.0"),
            "\"1.5.0\" is less than or equal to \"2\"; \"1.5.0\" is greater than or equal to \"1\""
        );
        assert_eq!(
            refusal(">2 || 3", "1.5.0-a"),
            "\"1.5.0-a\" is a prerelease version and the constraint is only looking for release versions"
        );
    }

    #[test]
    fn a_malformed_constraint_is_quoted() {
        for text in ["", "foo", "1.2.3.4", ">", "1 ||", "1..2", "é"] {
            let part = text.rsplit("||").next().unwrap();
            assert_eq!(
                Constraint::parse(text).unwrap_err().to_string(),
                format!("improper constraint: {part:?}")
            );
        }
        assert_eq!(
            Constraint::parse("1|2").unwrap_err().to_string(),
            "constraint parser error"
        );
    }

    #[test]
    fn a_constraint_prints_its_comparisons() {
        assert_eq!(
            Constraint::parse("> 1,<3 || 1.2 - 2").unwrap().to_string(),
            ">1 <3 || >=1.2 <=2"
        );
    }
}
