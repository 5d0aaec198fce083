//! A constraint: which versions will do.

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
            if !PATTERNS.whole.is_match(part) {
                return Err(improper(part));
            }
            let comparisons: Vec<_> = PATTERNS
                .each
                .find_iter(part)
                .map(|found| Comparison::parse(found.as_str()))
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
    fn parse(text: &str) -> Result<Self, ConstraintError> {
        let Some(parts) = PATTERNS.one.captures(text) else {
            return Err(improper(text));
        };
        let part = |name: &str| parts.name(name).map_or("", |found| found.as_str());
        let (major, minor, patch) = (part("major"), part("minor"), part("patch"));
        let prerelease = part("prerelease");
        let original = part("version");
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
            operator: part("operator").to_string(),
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

/// Writes `1.2 - 1.4` as `>= 1.2, <= 1.4 `.
fn rewrite_ranges(text: &str) -> String {
    let mut rewritten = text.to_string();
    for parts in PATTERNS.range.captures_iter(text) {
        rewritten = rewritten.replacen(
            &parts[0],
            &format!(">= {}, <= {} ", &parts["from"], &parts["to"]),
            1,
        );
    }
    rewritten
}

struct Patterns {
    /// One comparison and nothing else.
    one: Regex,
    /// Finds the comparisons of a list.
    each: Regex,
    /// A whole list of comparisons.
    whole: Regex,
    /// Finds the ranges with a hyphen.
    range: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    // The order of the operators is part of their meaning: the first that lets the rest match wins.
    const OPERATOR: &str = r"(?:=||!=|>|<|>=|=>|<=|=<|~|~>|\^)";
    // A bar may stand for a digit: `1|2` passes here and is no version later.
    const SEGMENT: &str = r"[0-9xX*|]+";
    const SPACE: &str = r"[\t\n\f\r ]";
    const WORDS: &str = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*";
    let tail = format!(r"(?:-{WORDS})?(?:\+{WORDS})?");
    let version = format!(r"v?{SEGMENT}(?:\.{SEGMENT})?(?:\.{SEGMENT})?{tail}");
    let comparison = format!("{SPACE}*{OPERATOR}{SPACE}*{version}{SPACE}*");
    let named = format!(
        r"v?(?<major>{SEGMENT})(?:\.(?<minor>{SEGMENT}))?(?:\.(?<patch>{SEGMENT}))?(?<prerelease>-{WORDS})?(?:\+{WORDS})?"
    );
    let compile = |pattern: &str| Regex::new(pattern).expect("the pattern is a constant and valid");
    Patterns {
        one: compile(&format!(
            "^{SPACE}*(?<operator>{OPERATOR}){SPACE}*(?<version>{named}){SPACE}*$"
        )),
        each: compile(&format!("{OPERATOR}{SPACE}*{version}")),
        whole: compile(&format!(
            "^{comparison}(?:(?:{SPACE}+|,{SPACE}*){comparison})*$"
        )),
        range: compile(&format!(
            "{SPACE}*(?<from>{version}){SPACE}+-{SPACE}+(?<to>{version}){SPACE}*"
        )),
    }
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
