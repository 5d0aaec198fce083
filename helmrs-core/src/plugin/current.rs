//! The form of `plugin.yaml` that says `apiVersion: v1`.

use super::config::Config;
use super::metadata::{Metadata, MetadataError, TextError, is_name, is_version};
use super::quoted;
use super::runtime::Runtime;
use crate::yaml::Map;
use crate::yaml::fields::{self, Filler, Unknown};

/// A `plugin.yaml` as it stands.
// Parity: Helm, internal/plugin/metadata_v1.go, MetadataV1.
#[derive(Debug, Default)]
pub(super) struct MetadataV1 {
    api_version: String,
    name: String,
    kind: String,
    runtime: String,
    version: String,
    source_url: String,
    config: Map,
    runtime_config: Map,
}

impl MetadataV1 {
    pub(super) fn read(text: &[u8]) -> Result<Self, MetadataError> {
        let read = fields::fill(text, Unknown::Refused, Self::fill).map_err(TextError::Parse)?;
        let metadata = read.ok_or(TextError::Empty)?;
        match metadata.problem() {
            Some(problem) => Err(MetadataError::Invalid(problem)),
            None => Ok(metadata),
        }
    }

    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut metadata = Self::default();
        filler.structure(id, "plugin.MetadataV1", &mut |filler, name, value| {
            match name {
                "apiVersion" => filler.text(value, &mut metadata.api_version),
                "name" => filler.text(value, &mut metadata.name),
                "type" => filler.text(value, &mut metadata.kind),
                "runtime" => filler.text(value, &mut metadata.runtime),
                "version" => filler.text(value, &mut metadata.version),
                "sourceURL" => filler.text(value, &mut metadata.source_url),
                "config" => metadata.config = filler.anything(value),
                "runtimeConfig" => metadata.runtime_config = filler.anything(value),
                _ => return false,
            }
            true
        });
        metadata
    }

    // Parity: Helm, internal/plugin/metadata_v1.go, Validate: the order of the checks.
    fn problem(&self) -> Option<String> {
        let problem = if !is_name(&self.name) {
            "invalid plugin `name`".to_owned()
        } else if self.version.is_empty() {
            "plugin `version` is required".to_owned()
        } else if !is_version(&self.version) {
            let version = quoted(&self.version);
            format!("invalid plugin `version` {version}: must be valid semver")
        } else if self.api_version != "v1" {
            format!("invalid `apiVersion`: {}", quoted(&self.api_version))
        } else if self.kind.is_empty() {
            "`type` missing".to_owned()
        } else if self.runtime.is_empty() {
            "`runtime` missing".to_owned()
        } else {
            return None;
        };
        Some(problem)
    }

    // Parity: Helm, internal/plugin/metadata.go, fromMetadataV1.
    pub(super) fn into_metadata(self) -> Result<Metadata, MetadataError> {
        let config = Config::read(&self.kind, self.config)?;
        let runtime_config =
            Runtime::read(&self.runtime, self.runtime_config).map_err(MetadataError::Runtime)?;
        Ok(Metadata {
            api_version: self.api_version,
            name: self.name,
            kind: self.kind,
            runtime: self.runtime,
            version: self.version,
            source_url: self.source_url,
            config,
            runtime_config,
        })
    }
}
