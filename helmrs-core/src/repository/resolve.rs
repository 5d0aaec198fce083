//! From what a chart asks for to what it gets: constraints → locked versions.

use helmrs_gotemplate::number::quote;

use super::catalog::Chart;
use crate::chart::{Dependencies, Dependency, Lock, requirements_digest};
use crate::time::Time;
use crate::version::{Constraint, ConstraintError, Version};

/// What is known of the versions a dependency can be had in.
#[derive(Debug, Clone, Copy)]
pub enum Available<'a> {
    /// The dependency lies in the chart already, or its repository was never added: it is locked as it is.
    AsAsked,
    /// It is a directory with a chart of this version.
    Directory(&'a str),
    /// Its repository has these versions, newest first.
    Index(Chart<'a>),
    /// Its registry has these tags, newest first.
    Tags(&'a [String]),
}

/// Why dependencies could not be locked.
// Parity: Helm, internal/resolver/resolver.go, Resolve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ResolveError {
    /// A dependency's version is no constraint.
    #[error("dependency {} has an invalid version/constraint format", quote(name.as_bytes()))]
    Constraint {
        name: String,
        source: ConstraintError,
    },
    /// Some dependencies are not to be had in a version that will do.
    #[error(
        "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version exists in the repo, or \
         change the version constraint in Chart.yaml",
        missing.len(),
        missing.join(", ")
    )]
    Missing { missing: Vec<String> },
}

/// Locks dependencies one after the other.
#[derive(Debug, Default)]
pub struct Resolver {
    locked: Vec<Dependency>,
    missing: Vec<String>,
}

impl Resolver {
    /// Reads a dependency's constraint; to be asked before looking for its versions.
    pub fn constraint(dependency: &Dependency) -> Result<Constraint, ResolveError> {
        Constraint::parse(&dependency.version).map_err(|source| ResolveError::Constraint {
            name: dependency.name.clone(),
            source,
        })
    }

    /// Locks a dependency to the newest version that will do.
    pub fn lock(
        &mut self,
        dependency: &Dependency,
        available: Available<'_>,
    ) -> Result<(), ResolveError> {
        let constraint = Self::constraint(dependency)?;
        let fits =
            |text: &str| Version::parse(text).is_ok_and(|version| constraint.check(&version));
        let version = match available {
            Available::AsAsked => Some(dependency.version.as_str()),
            Available::Directory(version) => Some(version).filter(|version| fits(version)),
            Available::Index(chart) => {
                let mut versions = chart.versions();
                let found =
                    versions.find(|version| version.urls().len() > 0 && fits(version.version()));
                found.map(|version| version.version())
            }
            // A registry that has nothing fitting is asked again when the chart is pulled.
            Available::Tags(tags) => Some(
                tags.iter()
                    .find(|tag| fits(tag))
                    .map_or(dependency.version.as_str(), String::as_str),
            ),
        };
        match version {
            Some(version) => self.locked.push(Dependency {
                name: dependency.name.clone(),
                repository: dependency.repository.clone(),
                version: version.to_string(),
                ..Dependency::default()
            }),
            None => self.missing.push(format!(
                "{} (repository {}, version {})",
                quote(dependency.name.as_bytes()),
                quote(dependency.repository.as_bytes()),
                quote(dependency.version.as_bytes())
            )),
        }
        Ok(())
    }

    /// The lock of all dependencies that were asked for.
    pub fn finish(
        self,
        requirements: &Dependencies,
        generated: Time,
    ) -> Result<Lock, ResolveError> {
        if !self.missing.is_empty() {
            return Err(ResolveError::Missing {
                missing: self.missing,
            });
        }
        let dependencies = self.locked.into_iter().collect();
        Ok(Lock {
            generated,
            digest: requirements_digest(requirements, &dependencies),
            dependencies,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(version: &str) -> Dependency {
        let (name, repository) = ("web".to_string(), "http://a".to_string());
        Dependency {
            name,
            repository,
            version: version.to_string(),
            ..Dependency::default()
        }
    }

    fn locked(version: &str, available: Available<'_>) -> String {
        let mut resolver = Resolver::default();
        let wanted = wanted(version);
        let result = resolver
            .lock(&wanted, available)
            .and_then(|()| resolver.finish(&[wanted].into_iter().collect(), Time::ZERO));
        result.map_or_else(
            |error| error.to_string(),
            |lock| lock.dependencies[0].version.clone(),
        )
    }

    #[test]
    fn the_first_version_that_fits_is_locked() {
        let tags = [
            "2.0.0".to_string(),
            "1.5.0".to_string(),
            "1.4.0".to_string(),
        ];
        assert_eq!(locked("^1", Available::Tags(&tags)), "1.5.0");
        assert_eq!(locked("^9", Available::Tags(&tags)), "^9");
        assert_eq!(locked("^1", Available::AsAsked), "^1");
        assert_eq!(locked("^1", Available::Directory("1.0.0")), "1.0.0");
    }

    #[test]
    fn what_is_not_to_be_had_is_named() {
        assert_eq!(
            locked("^2", Available::Directory("1.0.0")),
            "can't get a valid version for 1 subchart(s): \"web\" (repository \"http://a\", version \"^2\"). Make sure a \
             matching chart version exists in the repo, or change the version constraint in Chart.yaml"
        );
        assert_eq!(
            locked("one", Available::AsAsked),
            "dependency \"web\" has an invalid version/constraint format"
        );
    }
}
