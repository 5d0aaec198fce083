//! Finds charts in repositories by words or by pattern.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use helmrs_gotemplate::regexp::{Regexp, RegexpError};

use super::Catalog;
use super::catalog::Version as Listed;
use crate::chart::archive::clean;
use crate::version::{Constraint, ConstraintError, Version};

/// What separates the parts of a line.
const SEPARATOR: char = '\u{b}';
/// What separates a name and a version among the reference's keys.
const VERSION_SEPARATOR: &str = "$$";
/// The score from which on a line is no match.
pub const MAXIMUM_SCORE: usize = 25;

/// What can be found, over several repositories: the versions of each chart by its name with its repository's.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex<'c> {
    charts: BTreeMap<String, Vec<Line<'c>>>,
}

#[derive(Debug, Clone, Copy)]
struct Line<'c> {
    repository: &'c str,
    version: Listed<'c>,
}

/// A chart that was found.
#[derive(Debug, Clone)]
pub struct Found<'c> {
    /// The chart's name with its repository's: `stable/web`.
    pub name: &'c str,
    /// How early in its line the term stands; less is better.
    pub score: usize,
    /// The version.
    pub version: Listed<'c>,
}

impl<'c> SearchIndex<'c> {
    /// Adds every version of every chart of a repository.
    // Parity: Helm, pkg/cmd/search/search.go, AddRepo.
    pub fn add(&mut self, repository: &'c str, catalog: &'c Catalog) {
        for chart in catalog.charts() {
            let name = clean(&format!("{repository}/{}", chart.name()));
            let mut versions = chart.versions().map(|version| Line {
                repository,
                version,
            });
            match self.charts.get_mut(&name) {
                None => {
                    self.charts.insert(name, newest_first(versions.collect()));
                }
                Some(lines) => {
                    lines.extend(&mut versions);
                    *lines = sorted(std::mem::take(lines));
                }
            }
        }
    }

    /// Every chart.
    pub fn all(&self) -> Vec<Found<'_>> {
        self.find(|_| Some(0))
    }

    /// The charts whose line has a text in it, whatever its case.
    // Parity: Helm, pkg/cmd/search/search.go, SearchLiteral.
    pub fn literal(&self, term: &str) -> Vec<Found<'_>> {
        let term = term.to_lowercase();
        self.find(|line| {
            let text = line.text().to_lowercase();
            Some(score(text.find(&term)?, &text))
        })
    }

    /// The charts whose line a pattern matches.
    // Parity: Helm, pkg/cmd/search/search.go, SearchRegexp.
    pub fn pattern(&self, pattern: &str) -> Result<Vec<Found<'_>>, RegexpError> {
        let pattern = Regexp::compile(pattern)?;
        Ok(self.find(|line| {
            let text = line.text();
            Some(score(pattern.position(text.as_bytes())?, &text))
        }))
    }

    /// The charts that have a score: the best first, then by name, then the newest version.
    // Parity: Helm, pkg/cmd/search/search.go, SortScore.
    fn find(&self, score: impl Fn(&Line<'_>) -> Option<usize>) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        for (name, lines) in &self.charts {
            let name = name.split(VERSION_SEPARATOR).next().unwrap_or(name);
            // Most versions of a chart say the same of themselves.
            let mut last: Option<(&Line<'_>, Option<usize>)> = None;
            for line in lines {
                let score = match last {
                    Some((known, score)) if known.says_the_same(line) => score,
                    _ => score(line),
                };
                last = Some((line, score));
                if let Some(score) = score.filter(|&score| score < MAXIMUM_SCORE) {
                    let version = line.version;
                    found.push(Found {
                        name,
                        score,
                        version,
                    });
                }
            }
        }
        found.sort_by_key(|found| (found.score, found.name));
        found
    }
}

/// The versions of one catalog's chart as they are found: a version given twice counts once, as it was given last.
fn newest_first(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    if lines.iter().any(|line| line.version.is_tie()) {
        return sorted(lines);
    }
    lines
}

/// Lines with the newest version first; of equal ones the first by its text.
fn sorted(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let distinct: BTreeMap<&str, Line<'_>> = lines
        .into_iter()
        .map(|line| (line.version.version(), line))
        .collect();
    let mut lines: Vec<_> = distinct.into_values().collect();
    lines.sort_by_cached_key(|line| Reverse(Version::parse(line.version.version()).ok()));
    lines
}

/// Keeps the versions within a constraint; of each chart only the first, unless all are wanted.
// Parity: Helm, pkg/cmd/search_repo.go, applyConstraint.
pub fn within<'c>(
    found: Vec<Found<'c>>,
    constraint: &str,
    all_versions: bool,
) -> Result<Vec<Found<'c>>, ConstraintError> {
    let constraint = Constraint::parse(constraint)?;
    let (mut kept, mut seen) = (Vec::new(), BTreeSet::new());
    for found in found {
        if !all_versions && seen.contains(found.name) {
            continue;
        }
        let fits =
            Version::parse(found.version.version()).is_ok_and(|version| constraint.check(&version));
        if fits {
            seen.insert(found.name);
            kept.push(found);
        }
    }
    Ok(kept)
}

impl Line<'_> {
    /// Name, name with repository, description and keywords.
    fn text(&self) -> String {
        let (name, repository) = (self.version.name(), self.repository);
        let (description, keywords) = (self.version.description(), self.version.keywords());
        format!("{name}{SEPARATOR}{repository}/{name}{SEPARATOR}{description}{SEPARATOR}{keywords}")
    }

    /// Whether another line has the very same text, as far as that shows without reading it.
    fn says_the_same(&self, other: &Self) -> bool {
        let fields = |line: &Self| {
            let version = line.version;
            [
                line.repository.as_ptr(),
                version.name().as_ptr(),
                version.description().as_ptr(),
                version.keywords().as_ptr(),
            ]
        };
        let lengths = |line: &Self| {
            let version = line.version;
            [version.name(), version.description(), version.keywords()].map(str::len)
        };
        fields(self) == fields(other) && lengths(self) == lengths(other)
    }
}

/// How many parts of a line precede a place in it.
fn score(place: usize, line: &str) -> usize {
    let separators = line.match_indices(SEPARATOR).map(|(at, _)| at);
    separators.filter(|&at| at < place).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let text = "apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0, description: Serves pages, keywords: [http]}
  - {name: web, version: 2.0.0-rc.1, description: Serves pages}
  db:
  - {name: db, version: 1.0.0, description: Keeps what the web needs}
";
        Catalog::read(text.as_bytes()).unwrap()
    }

    fn index(catalog: &Catalog) -> SearchIndex<'_> {
        let mut index = SearchIndex::default();
        index.add("stable", catalog);
        index
    }

    fn names(found: &[Found<'_>]) -> Vec<String> {
        found
            .iter()
            .map(|found| format!("{} {} {}", found.name, found.version.version(), found.score))
            .collect()
    }

    #[test]
    fn earlier_parts_of_a_line_count_more() {
        let catalog = catalog();
        let index = index(&catalog);
        let found = index.literal("WEB");
        assert_eq!(
            names(&found),
            [
                "stable/web 2.0.0-rc.1 0",
                "stable/web 1.0.0 0",
                "stable/db 1.0.0 2"
            ]
        );
    }

    #[test]
    fn patterns_mind_the_case() {
        let catalog = catalog();
        let index = index(&catalog);
        assert_eq!(
            names(&index.pattern("^w.b").unwrap()),
            ["stable/web 2.0.0-rc.1 0", "stable/web 1.0.0 0"]
        );
        assert!(index.pattern("^W").unwrap().is_empty());
        assert!(index.pattern("[").is_err());
    }

    #[test]
    fn a_constraint_leaves_one_version_of_each_chart() {
        let catalog = catalog();
        let index = index(&catalog);
        let found = within(index.all(), ">0.0.0", false).unwrap();
        assert_eq!(names(&found), ["stable/db 1.0.0 0", "stable/web 1.0.0 0"]);
        assert_eq!(within(index.all(), ">0.0.0-0", true).unwrap().len(), 3);
    }

    #[test]
    fn a_version_given_twice_counts_as_given_last() {
        let text = "apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0+b, description: one}
  - {name: web, version: 1.0.0+a, description: two}
  - {name: web, version: 1.0.0+b, description: three}
  - {name: web, version: 2.0.0}
";
        let catalog = Catalog::read(text.as_bytes()).unwrap();
        let mut index = SearchIndex::default();
        index.add("stable", &catalog);
        let versions = |index: &SearchIndex<'_>| -> Vec<String> {
            let line = |found: &Found<'_>| {
                format!(
                    "{} {}",
                    found.version.version(),
                    found.version.description()
                )
            };
            index.all().iter().map(line).collect()
        };
        let once = ["2.0.0 ", "1.0.0+a two", "1.0.0+b three"];
        assert_eq!(versions(&index), once);
        index.add("stable", &catalog);
        assert_eq!(versions(&index), once, "a repository added twice");
    }
}
