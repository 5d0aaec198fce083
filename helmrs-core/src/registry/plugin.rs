//! What a registry keeps of a plugin: an archive and maybe its provenance, found by what they are called.
// Parity: Helm, pkg/registry/plugin.go, processPluginPull.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::manifest::{Descriptor, ManifestError};
use crate::yaml::{self, json};

/// The type of a plugin's manifest.
pub const PLUGIN: &str = "application/vnd.helm.plugin.v1+json";

/// The media types of what a plugin consists of.
pub const PLUGIN_CONTENTS: [&str; 3] = [
    super::manifest::IMAGE_MANIFEST,
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
];

/// Under which a layer says what it is called.
const TITLE: &str = "org.opencontainers.image.title";

/// Why a manifest is not a plugin's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PluginManifestError {
    /// It cannot be read.
    #[error("unable to parse manifest")]
    Manifest(#[from] ManifestError),
    /// It is of another type.
    #[error("expected artifact type {PLUGIN}, got {0}")]
    Type(String),
    /// It has no type, and a configuration of another.
    #[error("expected config media type {PLUGIN} for legacy compatibility, got {0}")]
    Configuration(String),
    /// It has no archive of the plugin's name.
    #[error("required layer matching pattern {0}-VERSION.tgz not found in manifest")]
    NoArchive(String),
}

/// What a plugin consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginLayers {
    /// Its archive.
    pub archive: Descriptor,
    /// Its provenance.
    pub provenance: Option<Descriptor>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "v1.Manifest")]
struct Manifest {
    artifact_type: String,
    config: Descriptor,
    layers: Vec<Layer>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "v1.Descriptor")]
struct Layer {
    media_type: String,
    digest: String,
    size: i64,
    annotations: BTreeMap<String, String>,
}

impl Layer {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            media_type: self.media_type.clone(),
            digest: self.digest.clone(),
            size: self.size,
        }
    }
}

impl PluginLayers {
    /// Finds the layers of the plugin of this name in its manifest.
    pub fn find(manifest: &[u8], name: &str) -> Result<Self, PluginManifestError> {
        let value = json::parse(manifest).map_err(ManifestError::from)?;
        let manifest: Manifest = yaml::from_value(value).map_err(ManifestError::from)?;
        match manifest.artifact_type.as_str() {
            PLUGIN => {}
            "" if manifest.config.media_type == PLUGIN => {}
            "" => {
                return Err(PluginManifestError::Configuration(
                    manifest.config.media_type,
                ));
            }
            other => return Err(PluginManifestError::Type(other.to_owned())),
        }
        let start = format!("{name}-");
        let find = |end: &str| {
            let mut layers = manifest.layers.iter();
            layers.find(|layer| {
                let title = layer.annotations.get(TITLE).map_or("", String::as_str);
                title.starts_with(&start) && title.ends_with(end)
            })
        };
        let archive =
            find(".tgz").ok_or_else(|| PluginManifestError::NoArchive(name.to_owned()))?;
        Ok(Self {
            archive: archive.descriptor(),
            provenance: find(".tgz.prov").map(Layer::descriptor),
        })
    }
}

/// What the plugin at an address is called, by the last part of its repository.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::plugin::name_in;
///
/// assert_eq!(name_in("oci://example.com/team/echo:1.0.0"), "echo");
/// assert_eq!(name_in("oci://example.com/team/echo@sha256:ab"), "echo");
/// ```
// Parity: Helm, pkg/getter/ocigetter.go, getPlugin: of a tag and a digest, only the digest is cut off.
pub fn name_in(address: &str) -> &str {
    let last = address.rsplit('/').next().unwrap_or_default();
    let cut = |at: char| {
        last.rsplit_once(at)
            .map(|(name, _)| name)
            .filter(|name| !name.is_empty())
    };
    cut('@').or_else(|| cut(':')).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(digest: &str, title: &str) -> String {
        format!(
            r#"{{"mediaType":"m","digest":"{digest}","size":3,"annotations":{{"{TITLE}":"{title}"}}}}"#
        )
    }

    fn find(head: &str, layers: &[String]) -> Result<PluginLayers, String> {
        let text = format!("{{{head},\"layers\":[{}]}}", layers.join(","));
        PluginLayers::find(text.as_bytes(), "echo").map_err(|error| error.to_string())
    }

    #[test]
    fn layers_are_found_by_their_titles() {
        let layers = [
            layer("a", "echo-1.0.0.tgz.prov"),
            layer("b", "other-1.0.0.tgz"),
            layer("c", "echo-1.0.0.tgz"),
            layer("d", "echo-2.0.0.tgz"),
            r#"{"digest":"e"}"#.to_owned(),
        ];
        let found = find(&format!(r#""artifactType":"{PLUGIN}""#), &layers).unwrap();
        assert_eq!(found.archive.digest, "c");
        assert_eq!(found.provenance.unwrap().digest, "a");
        let old = format!(r#""config":{{"mediaType":"{PLUGIN}"}}"#);
        assert_eq!(find(&old, &layers[2..]).unwrap().provenance, None);
    }

    #[test]
    fn what_is_no_plugin_is_refused() {
        let plugin = format!(r#""artifactType":"{PLUGIN}""#);
        assert_eq!(
            find(&plugin, &[layer("a", "echo-1.tgz.prov")]).unwrap_err(),
            "required layer matching pattern echo-VERSION.tgz not found in manifest"
        );
        assert_eq!(
            find(r#""artifactType":"x""#, &[]).unwrap_err(),
            format!("expected artifact type {PLUGIN}, got x")
        );
        assert_eq!(
            find(r#""config":{"mediaType":"x"}"#, &[]).unwrap_err(),
            format!("expected config media type {PLUGIN} for legacy compatibility, got x")
        );
        assert!(PluginLayers::find(b"junk", "echo").is_err());
    }
}
