//! Writes the server works out.

use std::time::Duration;

use helmrs_core::yaml::json;
use http::Method;

use super::super::request::Request;
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::{ATTEMPTS, MANAGER, ResourceError};

const APPLY: &str = "application/apply-patch+yaml";

impl Cluster {
    /// Creates the object by applying it, and again while writers meet at a quota.
    pub(super) async fn create_by_server(
        &self,
        resource: &Resource,
        force: bool,
    ) -> Result<(), ResourceError> {
        let mut attempt = 1;
        loop {
            let created = self.apply_by_server(resource, force).await;
            self.tell_creation(resource, &created);
            match created {
                Err(error) if is_quota_conflict(&error) && attempt < ATTEMPTS => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    attempt += 1;
                }
                settled => return settled,
            }
        }
    }

    /// Sends the whole object for the server to merge.
    pub(super) async fn apply_by_server(
        &self,
        resource: &Resource,
        force: bool,
    ) -> Result<(), ResourceError> {
        if resource.name.is_empty() {
            let source = ApiError::Impossible {
                message: "resource name may not be empty".to_string(),
            };
            return Err(ResourceError::Apply {
                object: resource.address(),
                source,
            });
        }
        let body = json::to_json(&resource.object).map_err(|error| ApiError::Impossible {
            message: error.to_string(),
        })?;
        let request = Request::new(Method::PATCH, resource.path())
            .query("fieldManager", MANAGER)
            .query("fieldValidation", "Strict")
            .query("force", force.to_string())
            .body(APPLY, body.into());
        match self.api().await?.send(request).await {
            Ok(_) => Ok(()),
            Err(error) => Err(refusal(resource, error)),
        }
    }
}

fn refusal(resource: &Resource, source: ApiError) -> ResourceError {
    let object = resource.address();
    if source.code() == Some(415) {
        ResourceError::NoServerSideApply { source }
    } else if source.is_conflict() {
        ResourceError::Conflict { object, source }
    } else {
        ResourceError::Apply { object, source }
    }
}

/// Whether two writers met at a quota, which settles by itself.
fn is_quota_conflict(error: &ResourceError) -> bool {
    matches!(error, ResourceError::Conflict { .. }) && {
        let text = crate::error::chain(error);
        text.contains("Operation cannot be fulfilled on resourcequotas")
            && text.contains("the object has been modified")
    }
}
