//! How a release is doing: its record, and its objects as they are now.
// Parity: Helm, pkg/action/status.go; pkg/kube/client.go, Get.

use std::collections::BTreeMap;

use helmrs_core::manifest::object;
use helmrs_core::release::Release;
use helmrs_core::yaml::Value;

use super::get::{GetError, content};
use crate::Context;
use crate::cluster::build::Validation;
use crate::cluster::table::Shape;
use crate::cluster::{BuildError, UnreachableError};

/// Why how a release is doing cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// The record cannot be read.
    #[error(transparent)]
    Get(#[from] GetError),
    /// The recorded manifest is no list of objects.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Which release to tell of, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusRequest {
    /// The release's name.
    pub name: String,
    /// The revision; 0 stands for the newest.
    pub revision: i64,
    /// Whether objects come as the server's tables or as they are.
    pub objects: Objects,
}

/// In which shape live objects are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objects {
    /// As tables with the columns the server chooses.
    #[default]
    Tables,
    /// As they are.
    Whole,
}

/// A release with its live objects in `info.resources`, pods selected by its workloads among them.
pub async fn status(context: &Context, request: &StatusRequest) -> Result<Release, StatusError> {
    let cluster = context.cluster();
    cluster.reachable().await?;
    let mut release = content(context, &request.name, request.revision).await?;
    let resources = cluster.build(&release.manifest, Validation::Off).await?;
    let shape = match request.objects {
        Objects::Tables => Shape::Table,
        Objects::Whole => Shape::Object,
    };
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut selectors = Vec::new();
    for resource in &resources {
        // What is gone or hidden is left out.
        let Ok(live) = cluster.shaped(resource, shape).await else {
            continue;
        };
        found
            .entry(format!(
                "{}/{}",
                resource.mapping.kind.version,
                resource.kind()
            ))
            .or_default()
            .push(live);
        cluster.step("get relation pod of object", resource.attributes());
        let Some(selector) = selector(&resource.object) else {
            continue;
        };
        if selectors.contains(&selector) {
            continue;
        }
        let pods = cluster.pods(&resource.namespace, &selector, shape).await;
        selectors.push(selector);
        // Pods that cannot be asked for are left out; that there are none is told.
        if let Ok(pods) = pods {
            found
                .entry("v1/Pod(related)".to_string())
                .or_default()
                .push(pods);
        }
    }
    release.info.resources = found;
    Ok(release)
}

/// The label selector by which a workload finds its pods.
fn selector(object: &Value) -> Option<String> {
    let kind = object::text(object, &["kind"])?;
    let path: &[&str] = match kind {
        "ReplicaSet" | "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => {
            &["spec", "selector", "matchLabels"]
        }
        "ReplicationController" => &["spec", "selector"],
        _ => return None,
    };
    object.at(path)?;
    let labels = object::texts(object, path);
    Some(
        labels
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join(","),
    )
}
