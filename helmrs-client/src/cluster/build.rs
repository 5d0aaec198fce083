//! A manifest's text into objects with an address each.

use helmrs_core::manifest::object::{self, GroupVersionKind};
use helmrs_core::manifest::split;
use helmrs_core::yaml::{self, Value};

use super::discovery::{Discovery, Mapping};
use super::resource::{Resource, flatten, place};
use super::{ApiError, Cluster};

/// Whether the fields of objects are checked when they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validation {
    Strict,
    Off,
}

/// Why a manifest's text is no list of objects the API server knows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum BuildError {
    /// One or more documents are at fault.
    #[error("{problems}")]
    Documents { problems: String },
    /// What the API server knows could not be asked.
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl Cluster {
    /// Reads a manifest and finds the address of each of its objects, lists taken apart.
    // Parity: Helm, pkg/kube/client.go, Build; cli-runtime, resource.Builder with ContinueOnError.
    pub(crate) async fn build(
        &self,
        manifest: &str,
        validation: Validation,
    ) -> Result<Vec<Resource>, BuildError> {
        if self.is_pretended() {
            return Ok(Vec::new());
        }
        let mut resources = Vec::new();
        let mut problems = Vec::new();
        for document in split::documents(manifest) {
            match decode(document, validation) {
                Ok(objects) => {
                    for object in objects {
                        match self.map(&object).await? {
                            Some(mapping) => {
                                resources.push(place(object, mapping, &self.namespace));
                            }
                            None => problems.push(no_match(&object)),
                        }
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        match problems.as_slice() {
            [] => Ok(resources),
            [one] => Err(BuildError::Documents {
                problems: one.clone(),
            }),
            many => Err(BuildError::Documents {
                problems: format!("[{}]", many.join(", ")),
            }),
        }
    }

    /// The address of an object's kind; what the server serves is asked again before a kind counts as unknown.
    async fn map(&self, object: &Value) -> Result<Option<Mapping>, ApiError> {
        let kind = GroupVersionKind::of(object);
        let known = self.known_discovery();
        let was_known = known.is_some();
        let discovery = self.discovery().await?;
        if let Some(mapping) = find(&discovery, &kind) {
            return Ok(Some(mapping));
        }
        if !was_known {
            return Ok(None);
        }
        self.forget_discovery();
        Ok(find(&*self.discovery().await?, &kind))
    }
}

fn find(discovery: &Discovery, kind: &GroupVersionKind) -> Option<Mapping> {
    discovery.mapping(kind).cloned()
}

fn decode(document: &str, validation: Validation) -> Result<Vec<Value>, String> {
    let value =
        yaml::parse(document.as_bytes()).map_err(|error| format!("error parsing : {error}"))?;
    if value.is_null() {
        return Ok(Vec::new());
    }
    let kind = GroupVersionKind::of(&value);
    if validation == Validation::Strict {
        check_type(&kind)?;
    }
    if kind.kind.is_empty() {
        let text = yaml::json::to_json(&value).map_err(|error| error.to_string())?;
        return Err(format!(
            "unable to decode \"\": Object 'Kind' is missing in '{text}'"
        ));
    }
    Ok(flatten(value))
}

// Parity: kubectl, pkg/validation/schema.go, getObjectKind.
fn check_type(kind: &GroupVersionKind) -> Result<(), String> {
    let problem = match (kind.version.is_empty(), kind.kind.is_empty()) {
        (false, false) => return Ok(()),
        (true, false) => "apiVersion not set",
        (false, true) => "kind not set",
        (true, true) => "[apiVersion not set, kind not set]",
    };
    Err(format!(
        "error validating \"\": error validating data: {problem}"
    ))
}

fn no_match(object: &Value) -> String {
    let kind = GroupVersionKind::of(object);
    format!(
        "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"\": no matches for kind \"{}\" in version \
         \"{}\"\nensure CRDs are installed first",
        object::name(object),
        object::namespace(object),
        kind.kind,
        kind.api_version()
    )
}
