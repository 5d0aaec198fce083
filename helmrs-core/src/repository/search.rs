//! Finds charts in repositories by words or by pattern.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use helmrs_gotemplate::regexp::{Regexp, RegexpError};

use super::{ChartVersion, IndexFile};
use crate::chart::archive::clean;
use crate::version::{Constraint, ConstraintError, Version};

/// What separates the parts of a line.
const SEPARATOR: char = '\u{b}';
/// What separates a name and a version among the keys.
const VERSION_SEPARATOR: &str = "$$";
/// The score from which on a line is no match.
pub const MAXIMUM_SCORE: usize = 25;

/// What can be found, over several repositories.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    lines: BTreeMap<String, Line>,
}

#[derive(Debug, Clone)]
struct Line {
    /// Name, name with repository, description and keywords.
    text: String,
    chart: ChartVersion,
}

/// A chart that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The chart's name with its repository's: `stable/web`.
    pub name: String,
    /// How early in its line the term stands; less is better.
    pub score: usize,
    /// The version.
    pub chart: ChartVersion,
}

impl SearchIndex {
    /// Adds a repository: the newest version of each chart, or all of them.
    // Parity: Helm, pkg/cmd/search/search.go, AddRepo.
    pub fn add(&mut self, repository: &str, index: &IndexFile, all_versions: bool) {
        for (name, versions) in &index.entries {
            let name = clean(&format!("{repository}/{name}"));
            for chart in versions
                .iter()
                .take(if all_versions { usize::MAX } else { 1 })
            {
                let key = if all_versions {
                    format!("{name}{VERSION_SEPARATOR}{}", chart.metadata.version)
                } else {
                    name.clone()
                };
                self.lines.insert(
                    key,
                    Line {
                        text: line(repository, chart),
                        chart: chart.clone(),
                    },
                );
            }
        }
    }

    /// Every chart.
    pub fn all(&self) -> Vec<Found> {
        sorted(
            self.lines
                .iter()
                .map(|(key, line)| line.found(key, 0))
                .collect(),
        )
    }

    /// The charts whose line has a text in it, whatever its case.
    // Parity: Helm, pkg/cmd/search/search.go, SearchLiteral.
    pub fn literal(&self, term: &str) -> Vec<Found> {
        let term = term.to_lowercase();
        let found = self.lines.iter().filter_map(|(key, line)| {
            let text = line.text.to_lowercase();
            let score = score(text.find(&term)?, &text);
            (score < MAXIMUM_SCORE).then(|| line.found(key, score))
        });
        sorted(found.collect())
    }

    /// The charts whose line a pattern matches.
    // Parity: Helm, pkg/cmd/search/search.go, SearchRegexp.
    pub fn pattern(&self, pattern: &str) -> Result<Vec<Found>, RegexpError> {
        let pattern = Regexp::compile(pattern)?;
        let found = self.lines.iter().filter_map(|(key, line)| {
            let score = score(pattern.position(line.text.as_bytes())?, &line.text);
            (score < MAXIMUM_SCORE).then(|| line.found(key, score))
        });
        Ok(sorted(found.collect()))
    }
}

/// Keeps the versions within a constraint; of each chart only the first, unless all are wanted.
// Parity: Helm, pkg/cmd/search_repo.go, applyConstraint.
pub fn within(
    found: Vec<Found>,
    constraint: &str,
    all_versions: bool,
) -> Result<Vec<Found>, ConstraintError> {
    let constraint = Constraint::parse(constraint)?;
    let (mut kept, mut seen) = (Vec::new(), BTreeSet::new());
    for found in found {
        let fits = Version::parse(&found.chart.metadata.version)
            .is_ok_and(|version| constraint.check(&version));
        if fits && (seen.insert(found.name.clone()) || all_versions) {
            kept.push(found);
        }
    }
    Ok(kept)
}

impl Line {
    fn found(&self, key: &str, score: usize) -> Found {
        let name = key
            .split(VERSION_SEPARATOR)
            .next()
            .unwrap_or(key)
            .to_string();
        Found {
            name,
            score,
            chart: self.chart.clone(),
        }
    }
}

fn line(repository: &str, chart: &ChartVersion) -> String {
    let (name, description) = (&chart.metadata.name, &chart.metadata.description);
    let keywords = chart.metadata.keywords.join(" ");
    format!("{name}{SEPARATOR}{repository}/{name}{SEPARATOR}{description}{SEPARATOR}{keywords}")
}

/// How many parts of a line precede a place in it.
fn score(place: usize, line: &str) -> usize {
    let separators = line.match_indices(SEPARATOR).map(|(at, _)| at);
    separators.filter(|&at| at < place).count()
}

/// Best score first, then by name, then newest version first.
// Parity: Helm, pkg/cmd/search/search.go, SortScore.
fn sorted(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_cached_key(|found| {
        (
            found.score,
            found.name.clone(),
            Reverse(Version::parse(&found.chart.metadata.version).ok()),
        )
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> SearchIndex {
        let text = "apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0, description: Serves pages, keywords: [http]}
  - {name: web, version: 2.0.0-rc.1, description: Serves pages}
  db:
  - {name: db, version: 1.0.0, description: Keeps what the web needs}
";
        let (file, _) = IndexFile::read(text.as_bytes(), "test").unwrap();
        let mut index = SearchIndex::default();
        index.add("stable", &file, true);
        index
    }

    fn names(found: &[Found]) -> Vec<String> {
        found
            .iter()
            .map(|found| {
                format!(
                    "{} {} {}",
                    found.name, found.chart.metadata.version, found.score
                )
            })
            .collect()
    }

    #[test]
    fn earlier_parts_of_a_line_count_more() {
        let found = index().literal("WEB");
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
        assert_eq!(
            names(&index().pattern("^w.b").unwrap()),
            ["stable/web 2.0.0-rc.1 0", "stable/web 1.0.0 0"]
        );
        assert!(index().pattern("^W").unwrap().is_empty());
        assert!(index().pattern("[").is_err());
    }

    #[test]
    fn a_constraint_leaves_one_version_of_each_chart() {
        let found = within(index().all(), ">0.0.0", false).unwrap();
        assert_eq!(names(&found), ["stable/db 1.0.0 0", "stable/web 1.0.0 0"]);
        assert_eq!(within(index().all(), ">0.0.0-0", true).unwrap().len(), 3);
    }
}
