//! `Chart.lock`: the versions that the dependencies were resolved to.

use serde::{Deserialize, Serialize, Serializer};

use super::Dependency;
use super::metadata::without_nulls;
use crate::time::Time;

/// The state the dependencies should be in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lock {
    /// When the file was written.
    pub generated: Time,
    /// A hash of what `Chart.yaml` asked for, and of the answer.
    pub digest: String,
    /// The dependencies, each with one version.
    #[serde(deserialize_with = "without_nulls", serialize_with = "list")]
    pub dependencies: Vec<Dependency>,
}

/// Go writes a list that was never filled as `null`.
fn list<S: Serializer>(dependencies: &[Dependency], serializer: S) -> Result<S::Ok, S::Error> {
    if dependencies.is_empty() {
        serializer.serialize_none()
    } else {
        dependencies.serialize(serializer)
    }
}
