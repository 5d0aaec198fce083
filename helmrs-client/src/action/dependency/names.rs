//! Which repositories the dependencies are in, by the names their indexes are cached under.

use std::collections::BTreeMap;

use helmrs_core::chart::Dependency;
use helmrs_core::repository::entries::Entry;
use helmrs_core::repository::is_same_url;
use sha2::{Digest, Sha256};
use url::Url;

use super::{DependencyError, Job, Origin, outcome};
use crate::action::repository::{self, Updated};
use crate::download::repositories;
use crate::event::DependencyEvent;

/// How the index of a repository nobody added is called in the cache.
const UNMANAGED: &str = "helm-manager-";

/// The names of repositories by the names of the charts they have.
pub(super) type Names = BTreeMap<String, String>;

/// Whether a repository was never added by the user.
pub(super) fn is_unmanaged(name: &str) -> bool {
    name.starts_with(UNMANAGED)
}

/// Finds the repositories of dependencies on the user's list, and puts addresses in the place of `@name` and
/// `alias:name`.
// Parity: Helm, pkg/downloader/manager.go, resolveRepoNames.
pub(super) fn resolve(
    job: &Job<'_>,
    dependencies: &mut [Dependency],
) -> Result<Names, DependencyError> {
    let list = repositories::read_list_or_empty(&job.context.directories().repository_config)?;
    let mut names = Names::new();
    let mut unknown = Vec::new();
    for dependency in dependencies {
        let address = &dependency.repository;
        match Origin::of(dependency) {
            Origin::Charts => {}
            Origin::Directory => {
                job.local_path(address)?;
                let repository = address.clone();
                names.insert(dependency.name.clone(), address.clone());
                job.tell(DependencyEvent::Directory { repository });
            }
            Origin::Registry => {
                names.insert(dependency.name.clone(), address.clone());
            }
            Origin::Repository => {
                let known = list.repositories.iter().find(|entry| {
                    alias(address) == Some(&entry.name) || is_same_url(&entry.url, address)
                });
                match known {
                    Some(entry) => {
                        names.insert(dependency.name.clone(), entry.name.clone());
                        if alias(address) == Some(&entry.name) {
                            dependency.repository.clone_from(&entry.url);
                        }
                    }
                    None if is_address(address) => {}
                    None => unknown.push(address.clone()),
                }
            }
        }
    }
    if unknown.is_empty() {
        return Ok(names);
    }
    let repositories = unknown;
    Err(DependencyError::Unknown { repositories })
}

/// The name of a repository on the user's list, where a dependency gives that instead of an address.
fn alias(address: &str) -> Option<&str> {
    address
        .strip_prefix('@')
        .or_else(|| address.strip_prefix("alias:"))
}

/// Whether a text could be somebody's address.
// Parity: Go, net/url/url.go, ParseRequestURI.
fn is_address(text: &str) -> bool {
    text.starts_with('/')
        || matches!(
            Url::parse(text),
            Ok(_)
                | Err(
                    url::ParseError::EmptyHost | url::ParseError::RelativeUrlWithCannotBeABaseBase
                )
        )
}

/// Names the repositories that are not on the user's list; gives those whose indexes have to be fetched.
// Parity: Helm, pkg/downloader/manager.go, ensureMissingRepos.
pub(super) fn add_unmanaged(names: &mut Names, dependencies: &[Dependency]) -> Vec<Entry> {
    let mut unmanaged = Vec::new();
    for dependency in dependencies {
        if dependency.repository.is_empty() || names.contains_key(&dependency.name) {
            continue;
        }
        let hash = hex::encode(Sha256::digest(&dependency.repository));
        let name = format!("{UNMANAGED}{hash}");
        names.insert(dependency.name.clone(), name.clone());
        unmanaged.push(Entry {
            name,
            url: dependency.repository.clone(),
            ..Entry::default()
        });
    }
    unmanaged
}

/// Checks that the repositories of locked dependencies are on the user's list.
// Parity: Helm, pkg/downloader/manager.go, hasAllRepos.
pub(super) fn check_added(
    job: &Job<'_>,
    dependencies: &[Dependency],
) -> Result<(), DependencyError> {
    let list = repositories::read_list_or_empty(&job.context.directories().repository_config)?;
    let is_added = |address: &str| {
        let address = address.strip_suffix('/').unwrap_or(address);
        let mut entries = list.repositories.iter();
        entries.any(|entry| is_same_url(&entry.url, address))
    };
    let repositories: Vec<String> = dependencies
        .iter()
        .filter(|dependency| Origin::of(dependency) == Origin::Repository)
        .map(|dependency| dependency.repository.clone())
        .filter(|address| !is_added(address))
        .collect();
    if repositories.is_empty() {
        return Ok(());
    }
    Err(DependencyError::NotAdded { repositories })
}

/// Fetches indexes and tells how it went, and returns the repositories whose index came; of repositories at the same address, only the last is asked.
// Parity: Helm, pkg/downloader/manager.go, parallelRepoUpdate: a repository that does not answer stops nothing yet.
pub(super) async fn refresh(
    job: &Job<'_>,
    entries: Vec<Entry>,
) -> Result<Vec<Entry>, DependencyError> {
    let mut distinct: BTreeMap<String, Entry> = BTreeMap::new();
    for entry in entries {
        let address = entry.url.strip_suffix('/').unwrap_or(&entry.url);
        distinct.insert(address.to_string(), entry);
    }
    let entries: Vec<Entry> = distinct.into_values().collect();
    for entry in &entries {
        repositories::check_address(&entry.url, &job.context.directories().getters)?;
    }
    let mut fresh = Vec::new();
    let tell = |updated: Updated| {
        job.tell(outcome(&updated));
        if updated.problem.is_none() {
            fresh.push(updated.entry);
        }
    };
    repository::update(job.context, entries, None, tell).await;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_repositories_begin_with_a_word_or_a_sign() {
        assert_eq!(alias("@stable"), Some("stable"));
        assert_eq!(alias("alias:stable"), Some("stable"));
        assert_eq!(alias("stable"), None);
    }

    #[test]
    fn a_bare_name_is_no_address() {
        assert!(!is_address("stable"));
        assert!(!is_address("@stable"));
        assert!(is_address("https://charts.example.com"));
        assert!(is_address("alias:stable"));
    }

    #[test]
    fn a_repository_nobody_added_is_named_by_its_hash() {
        let dependency = |name: &str, repository: &str| Dependency {
            name: name.to_string(),
            repository: repository.to_string(),
            ..Dependency::default()
        };
        let mut names = Names::from([("a".to_string(), "stable".to_string())]);
        let wanted = [
            dependency("a", "http://a"),
            dependency("b", "http://b"),
            dependency("c", ""),
        ];
        let unmanaged = add_unmanaged(&mut names, &wanted);
        assert_eq!(unmanaged.len(), 1);
        assert!(is_unmanaged(&names["b"]));
        assert_eq!(names["b"].len(), UNMANAGED.len() + 64);
        assert!(!names.contains_key("c"));
    }
}
