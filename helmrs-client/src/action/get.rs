//! What is recorded of a release.

use std::collections::BTreeMap;

use helmrs_core::chart::Dependency;
use helmrs_core::chart::coalesce::{CoalesceError, coalesce_values};
use helmrs_core::release::Release;
use helmrs_core::time::Time;
use helmrs_core::yaml::Map;

use crate::Context;
use crate::cluster::UnreachableError;
use crate::event::Event;
use crate::storage::StorageError;

/// Why what is recorded of a release cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum GetError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// No release can be called that.
    #[error("releaseContent: Release name is invalid: {name}")]
    InvalidName { name: String },
    /// The record cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The record holds no chart.
    #[error("release \"{name}\" has no chart")]
    NoChart { name: String },
    /// The values do not fit together.
    #[error(transparent)]
    Values(#[from] CoalesceError),
}

/// The facts of a release that are neither values nor manifests.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct Metadata {
    pub name: String,
    pub chart: String,
    pub version: String,
    pub app_version: String,
    pub annotations: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
    pub dependencies: Vec<Dependency>,
    pub namespace: String,
    pub revision: i64,
    pub status: String,
    pub deployed_at: Time,
    pub apply_method: String,
}

/// Which values of a release are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValuesScope {
    /// Those the user gave.
    #[default]
    User,
    /// Those the templates saw: the user's over the chart's.
    Computed,
}

/// A release; revision 0 stands for the newest.
// Parity: Helm, pkg/action/get.go and action.go, releaseContent.
pub async fn get(context: &Context, name: &str, revision: i64) -> Result<Release, GetError> {
    context.cluster().reachable().await?;
    content(context, name, revision).await
}

/// The values of a release; a record without any of the user's gives none.
// Parity: Helm, pkg/action/get_values.go.
pub async fn values(
    context: &Context,
    name: &str,
    revision: i64,
    scope: ValuesScope,
) -> Result<Option<Map>, GetError> {
    let mut release = get(context, name, revision).await?;
    match (scope, release.chart.take()) {
        (ValuesScope::User, _) => Ok(release.config),
        (ValuesScope::Computed, None) => Err(GetError::NoChart { name: release.name }),
        (ValuesScope::Computed, Some(chart)) => {
            let mut findings = Vec::new();
            let values = coalesce_values(&chart, release.user_values(), &mut findings)?;
            for finding in findings {
                context.tell(Event::Finding(finding));
            }
            Ok(Some(values))
        }
    }
}

/// The facts of a release.
// Parity: Helm, pkg/action/get_metadata.go.
pub async fn metadata(context: &Context, name: &str, revision: i64) -> Result<Metadata, GetError> {
    let release = get(context, name, revision).await?;
    let Some(chart) = release.chart else {
        return Err(GetError::NoChart { name: release.name });
    };
    let about = chart.metadata;
    Ok(Metadata {
        name: release.name,
        chart: about.name,
        version: about.version,
        app_version: about.app_version,
        annotations: about.annotations,
        labels: release.labels,
        dependencies: about.dependencies.into(),
        namespace: release.namespace,
        revision: release.revision,
        status: release.info.status.to_string(),
        deployed_at: release.info.last_deployed,
        apply_method: release.apply_method,
    })
}

/// The record of a release, the API server being known to answer.
pub(super) async fn content(
    context: &Context,
    name: &str,
    revision: i64,
) -> Result<Release, GetError> {
    if helmrs_core::name::check_release_name(name).is_err() {
        return Err(GetError::InvalidName {
            name: name.to_string(),
        });
    }
    let storage = context.storage();
    if revision <= 0 {
        Ok(storage.last(name).await?)
    } else {
        Ok(storage.get(name, revision).await?)
    }
}
