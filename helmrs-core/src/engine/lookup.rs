//! What `lookup` asks: the objects of a cluster.

use crate::yaml::Map;

/// Why the cluster could not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LookupError(pub String);

/// Answers the template function `lookup`.
pub trait Lookup: Send + Sync {
    /// The object of that name, or without a name the list of all; an empty map when there is no such object.
    fn lookup(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Map, LookupError>;
}
