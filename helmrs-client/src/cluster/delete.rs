//! Taking objects away.

use helmrs_core::yaml::{Map, json};
use http::Method;

use super::apply::{PARALLEL, at_once, batches, retry_on_conflict};
use super::request::{JSON, Request};
use super::resource::Resource;
use super::{ApiError, Cluster};

/// What becomes of the objects that depend on a deleted one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cascade {
    /// They go after it.
    #[default]
    Background,
    /// It goes after them.
    Foreground,
    /// They stay.
    Orphan,
}

impl Cascade {
    fn policy(self) -> &'static str {
        match self {
            Self::Background => "Background",
            Self::Foreground => "Foreground",
            Self::Orphan => "Orphan",
        }
    }
}

impl Cluster {
    /// Deletes all objects, those of one kind at once; what is gone already counts as deleted.
    ///
    /// Returns what went wrong, one error an object.
    // Parity: Helm, pkg/kube/client.go, Delete.
    pub(crate) async fn delete(&self, resources: &[Resource], cascade: Cascade) -> Vec<ApiError> {
        if self.is_pretended() {
            return Vec::new();
        }
        if resources.is_empty() {
            let message = "object not found, skipping delete: no objects visited".to_string();
            return vec![ApiError::Impossible { message }];
        }
        let mut errors = Vec::new();
        for batch in batches(resources) {
            if self.cancellation.is_cancelled() {
                errors.push(ApiError::Cancelled);
                break;
            }
            let deletions = batch
                .iter()
                .map(|resource| self.delete_if_there(resource, cascade));
            let results = at_once(deletions, PARALLEL).await;
            errors.extend(results.into_iter().filter_map(Result::err));
        }
        errors
    }

    async fn delete_if_there(&self, resource: &Resource, cascade: Cascade) -> Result<(), ApiError> {
        self.step("starting delete resource", resource.attributes());
        match self.delete_one(resource, cascade).await {
            Err(error) if error.is_not_found() => {
                self.tell_failure("ignoring delete failure", resource, &error);
                Ok(())
            }
            settled => settled,
        }
    }

    /// Deletes one object.
    pub(super) async fn delete_one(
        &self,
        resource: &Resource,
        cascade: Cascade,
    ) -> Result<(), ApiError> {
        let connection = self.api().await?;
        let options =
            Map::from([("propagationPolicy".to_string(), cascade.policy().into())]).into();
        let body = json::to_json(&options).map_err(|error| ApiError::Impossible {
            message: error.to_string(),
        })?;
        retry_on_conflict(|| {
            let request =
                Request::new(Method::DELETE, resource.path()).body(JSON, body.clone().into());
            connection.send(request)
        })
        .await?;
        Ok(())
    }
}
