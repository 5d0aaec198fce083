//! Whose the objects are that are already there.
// Parity: Helm, pkg/action/validate.go.

use helmrs_core::manifest::object;
use helmrs_core::manifest::ownership::{self, OwnershipError};

use super::resource::Resource;
use super::{ApiError, Cluster};

/// Why a release may not touch an object.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum OwnershipConflict {
    /// It belongs to somebody else.
    #[error("{resource} exists and cannot be imported into the current release")]
    Foreign {
        resource: String,
        source: OwnershipError,
    },
    /// Whether it exists cannot be told.
    #[error("could not get information about the resource {resource}")]
    Unknown { resource: String, source: ApiError },
    /// It says both what it is called and how a name is to be made up.
    #[error("metadata.name and metadata.generateName cannot both be set")]
    TwoNames,
}

/// What becomes of objects that exist already.
#[derive(Clone, Debug)]
pub(crate) enum Adoption {
    /// Only the release's own are taken.
    Own { release: String, namespace: String },
    /// All are taken.
    All,
}

/// Objects sorted by whose they are, before they are deleted.
#[derive(Debug, Default)]
pub(crate) struct Ownership {
    pub(crate) owned: Vec<Resource>,
    pub(crate) unowned: Vec<Resource>,
    pub(crate) unverifiable: Vec<(Resource, ApiError)>,
}

impl Cluster {
    /// The objects that exist already and may be taken over; an error if one may not.
    pub(crate) async fn existing(
        &self,
        resources: &[Resource],
        adoption: &Adoption,
    ) -> Result<Vec<Resource>, OwnershipConflict> {
        let mut existing = Vec::new();
        for resource in resources {
            if is_name_generated(resource)? {
                continue;
            }
            let live = match self.get(resource).await {
                Ok(live) => live,
                Err(error) if error.is_not_found() => continue,
                Err(source) => {
                    return Err(OwnershipConflict::Unknown {
                        resource: resource.sentence(),
                        source,
                    });
                }
            };
            if let Adoption::Own { release, namespace } = adoption {
                ownership::check(&live, release, namespace).map_err(|source| {
                    OwnershipConflict::Foreign {
                        resource: resource.sentence(),
                        source,
                    }
                })?;
            }
            existing.push(resource.clone());
        }
        Ok(existing)
    }

    /// Sorts objects by whose they are; those that are gone are left out.
    pub(crate) async fn ownership(
        &self,
        resources: Vec<Resource>,
        release: &str,
        namespace: &str,
    ) -> Ownership {
        let mut sorted = Ownership::default();
        for resource in resources {
            match self.get(&resource).await {
                Err(error) if error.is_not_found() => {}
                Err(error) => sorted.unverifiable.push((resource, error)),
                Ok(live) if ownership::check(&live, release, namespace).is_ok() => {
                    sorted.owned.push(resource);
                }
                Ok(_) => sorted.unowned.push(resource),
            }
        }
        sorted
    }
}

/// Marks every object as the release's.
pub(crate) fn mark(resources: &mut [Resource], release: &str, namespace: &str) {
    for resource in resources {
        ownership::mark(&mut resource.object, release, namespace);
    }
}

fn is_name_generated(resource: &Resource) -> Result<bool, OwnershipConflict> {
    let generated = object::text(&resource.object, &["metadata", "generateName"])
        .is_some_and(|name| !name.is_empty());
    match (generated, resource.name.is_empty()) {
        (false, _) => Ok(false),
        (true, true) => Ok(true),
        (true, false) => Err(OwnershipConflict::TwoNames),
    }
}
