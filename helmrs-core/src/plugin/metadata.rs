//! `plugin.yaml`: what a plugin says of itself.

use super::config::{Config, ConfigError, UnknownType};
use super::current::MetadataV1;
use super::legacy::MetadataLegacy;
use super::quoted;
use super::runtime::{Runtime, RuntimeError};
use crate::version::Version;
use crate::yaml::ParseError;
use crate::yaml::fields::{self, Unknown};

/// What a plugin says of itself, whichever form of `plugin.yaml` says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// The form of `plugin.yaml`: `v1` or `legacy`.
    pub api_version: String,
    /// The plugin's name.
    pub name: String,
    /// Its type: `cli/v1`, `getter/v1`, `postrenderer/v1`.
    pub kind: String,
    /// What runs it: `subprocess` or `extism/v1`.
    pub runtime: String,
    /// Its version, a semantic one; empty if it has none.
    pub version: String,
    /// Where it comes from.
    pub source_url: String,
    /// What its type asks for.
    pub config: Config,
    /// What its runtime asks for.
    pub runtime_config: Runtime,
}

/// Why a text is no document of plugins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// There is no document in it.
    #[error("EOF")]
    Empty,
    /// It is not YAML, or not of the right shape.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

/// Why a `plugin.yaml` is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// It does not say which form it has.
    #[error("failed to peek {file} API version", file = super::PLUGIN_FILE)]
    Peek(#[source] TextError),
    /// It has a form that is not known.
    #[error("invalid plugin apiVersion: {}", quoted(.0))]
    ApiVersion(String),
    /// It is not of the right shape.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something must not be as it is.
    #[error("{0}")]
    Invalid(String),
    /// It has a type that is not known.
    #[error("failed to convert MetadataV1 to Metadata")]
    Type(#[source] UnknownType),
    /// Its `config` is not what its type asks for.
    #[error("failed to convert MetadataV1 to Metadata")]
    Config(#[source] ParseError),
    /// Its `runtimeConfig` is not what its runtime asks for.
    #[error("failed to convert MetadataV1 to Metadata")]
    Runtime(#[source] RuntimeError),
}

impl From<ConfigError> for MetadataError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Type(error) => Self::Type(error),
            ConfigError::Text(error) => Self::Config(error),
        }
    }
}

impl Metadata {
    /// Reads a `plugin.yaml` of either form and checks it.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::plugin::Metadata;
    ///
    /// let metadata = Metadata::read(b"name: web\nversion: 1.2.3\ncommand: echo\n")?;
    /// assert_eq!((metadata.kind.as_str(), metadata.api_version.as_str()), ("cli/v1", "legacy"));
    /// # Ok::<(), helmrs_core::plugin::MetadataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not YAML, says a thing twice, has fields that its form does not have, or breaks a rule.
    // Parity: Helm, internal/plugin/loader.go, loadMetadata.
    pub fn read(text: &[u8]) -> Result<Self, MetadataError> {
        let metadata = match api_version(text).map_err(MetadataError::Peek)?.as_str() {
            "" => MetadataLegacy::read(text)?.into_metadata(),
            "v1" => MetadataV1::read(text)?.into_metadata()?,
            other => return Err(MetadataError::ApiVersion(other.to_owned())),
        };
        metadata.validate()?;
        Ok(metadata)
    }

    /// Refuses what no plugin may be, all of it at once.
    // Parity: Helm, internal/plugin/metadata.go, Metadata.Validate.
    fn validate(&self) -> Result<(), MetadataError> {
        let mut problems = Vec::new();
        problems.extend(name_problem(&self.name));
        problems.extend(version_problem(&self.version));
        for (text, name) in [
            (&self.api_version, "empty APIVersion"),
            (&self.kind, "empty type field"),
            (&self.runtime, "empty runtime field"),
        ] {
            if text.is_empty() {
                problems.push(name.to_owned());
            }
        }
        let config = self.config.problem();
        problems.extend(config.map(|problem| format!("config validation failed: {problem}")));
        if problems.is_empty() {
            return Ok(());
        }
        Err(MetadataError::Invalid(problems.join("\n")))
    }
}

/// The form that a `plugin.yaml` says it has; empty for the older one.
// Parity: Helm, internal/plugin/loader.go, peekAPIVersion.
fn api_version(text: &[u8]) -> Result<String, TextError> {
    let mut version = String::new();
    let read = fields::fill(text, Unknown::Ignored, |filler, id| {
        filler.structure(id, "plugin.apiVersion", &mut |filler, name, value| {
            if name == "apiVersion" {
                filler.text(value, &mut version);
            }
            true
        });
    })?;
    read.map(|()| version).ok_or(TextError::Empty)
}

/// What is wrong with a plugin's name, if anything is.
pub(super) fn name_problem(name: &str) -> Option<String> {
    if is_name(name) {
        return None;
    }
    let name = quoted(name);
    Some(format!(
        "invalid plugin name {name}: must contain only a-z, A-Z, 0-9, _ and -"
    ))
}

/// What is wrong with the version of a plugin that need not have one.
pub(super) fn version_problem(version: &str) -> Option<String> {
    if version.is_empty() || is_version(version) {
        return None;
    }
    let version = quoted(version);
    Some(format!(
        "invalid plugin version {version}: must be valid semver"
    ))
}

/// Whether a text can be the name of a plugin.
pub(super) fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.bytes().all(plain)
}

/// Whether a text can be the version of a plugin.
pub(super) fn is_version(text: &str) -> bool {
    Version::parse_strict(text).is_ok()
}
