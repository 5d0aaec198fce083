//! What a registry keeps of a chart: a manifest that names a configuration and layers by their digests.
// Parity: github.com/opencontainers/image-spec, specs-go/v1; oras.land/oras-go/v2, content/graph.go, Successors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use crate::yaml::json::{self, JsonError};
use crate::yaml::{self, TypeError};

/// The manifest of an image, and of anything that is kept like one.
pub const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// A list of manifests.
pub const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The manifest of an image before there was a standard.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// A list of such manifests.
pub const DOCKER_MANIFEST_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// A manifest of blobs, as a draft of the standard had it.
pub const ARTIFACT_MANIFEST: &str = "application/vnd.oci.artifact.manifest.v1+json";

/// Every media type of a manifest, in the order they are asked for.
pub const MANIFESTS: [&str; 5] = [
    DOCKER_MANIFEST,
    DOCKER_MANIFEST_LIST,
    IMAGE_MANIFEST,
    IMAGE_INDEX,
    ARTIFACT_MANIFEST,
];

/// What a chart says of itself.
pub const CHART_CONFIGURATION: &str = "application/vnd.cncf.helm.config.v1+json";
/// A chart's archive.
pub const CHART_CONTENT: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// A chart's archive as the first versions of Helm named it.
pub const CHART_CONTENT_OLD: &str = "application/tar+gzip";
/// A chart's provenance.
pub const CHART_PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// What names content: its kind, its digest and its size, as somebody claims them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "v1.Descriptor")]
pub struct Descriptor {
    /// What kind of content it is.
    pub media_type: String,
    /// The digest, which may be none.
    pub digest: String,
    /// How many bytes, which may be fewer than none.
    pub size: i64,
}

impl Descriptor {
    /// Names content.
    pub fn of(media_type: &str, content: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: Digest::of(content).to_string(),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
        }
    }

    /// Whether the content is a manifest, which points to more.
    pub fn is_manifest(&self) -> bool {
        MANIFESTS.contains(&self.media_type.as_str())
    }
}

/// The manifest of a chart that is about to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    schema_version: u8,
    config: Descriptor,
    layers: Vec<Descriptor>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of a chart; its layers are sorted by their digests.
    pub fn new(
        config: Descriptor,
        mut layers: Vec<Descriptor>,
        annotations: BTreeMap<String, String>,
    ) -> Self {
        layers.sort_by(|left, right| left.digest.cmp(&right.digest));
        Self {
            schema_version: 2,
            config,
            layers,
            annotations,
        }
    }

    /// What is kept before the manifest is: the configuration, then the layers.
    pub fn blobs(&self) -> impl Iterator<Item = &Descriptor> {
        std::iter::once(&self.config).chain(&self.layers)
    }

    /// The manifest as it is kept.
    ///
    /// # Panics
    ///
    /// Never: a manifest is plain data.
    pub fn to_json(&self) -> Vec<u8> {
        json::to_json_typed(self).expect("a manifest is plain data")
    }
}

/// Why a manifest cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It holds something else than a manifest does.
    #[error(transparent)]
    Type(#[from] TypeError),
}

/// A manifest that was found, as far as it points to other content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "v1.Manifest")]
pub struct Node {
    subject: Option<Descriptor>,
    config: Descriptor,
    layers: Vec<Descriptor>,
    manifests: Vec<Descriptor>,
    blobs: Vec<Descriptor>,
}

impl Node {
    /// What a manifest of this kind points to, in the order it is fetched.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::registry::Node;
    /// use helmrs_core::registry::manifest::IMAGE_INDEX;
    ///
    /// let text = br#"{"manifests":[{"mediaType":"a","digest":"b","size":3}]}"#;
    /// assert_eq!(Node::successors(IMAGE_INDEX, text).unwrap()[0].size, 3);
    /// ```
    pub fn successors(media_type: &str, text: &[u8]) -> Result<Vec<Descriptor>, ManifestError> {
        let node: Self = yaml::from_value(json::parse(text)?)?;
        let config = || std::iter::once(node.config.clone());
        let subject = || node.subject.clone().into_iter();
        Ok(match media_type {
            DOCKER_MANIFEST => config().chain(node.layers.clone()).collect(),
            IMAGE_MANIFEST => subject()
                .chain(config())
                .chain(node.layers.clone())
                .collect(),
            DOCKER_MANIFEST_LIST => node.manifests,
            IMAGE_INDEX => subject().chain(node.manifests.clone()).collect(),
            ARTIFACT_MANIFEST => subject().chain(node.blobs.clone()).collect(),
            _ => Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_written_as_go_writes_it() {
        let layers = vec![Descriptor::of("b", b"b"), Descriptor::of("a", b"<a>")];
        let annotations = BTreeMap::from([("k".to_owned(), "<v>".to_owned())]);
        let manifest = Manifest::new(Descriptor::of("c", b"{}"), layers, annotations);
        let text = String::from_utf8(manifest.to_json()).unwrap();
        assert!(
            text.starts_with(r#"{"schemaVersion":2,"config":{"mediaType":"c","digest":"sha256:"#)
        );
        assert!(text.ends_with(r#"}],"annotations":{"k":"\u003cv\u003e"}}"#));
        let found = Node::successors(IMAGE_MANIFEST, text.as_bytes()).unwrap();
        assert_eq!(found, manifest.blobs().cloned().collect::<Vec<_>>());
        assert!(found[1].digest < found[2].digest);
    }

    #[test]
    fn a_subject_comes_first() {
        let text = br#"{"subject":{"digest":"s"},"config":{"digest":"c"},"layers":null}"#;
        let digests = |media_type| -> Vec<String> {
            let found = Node::successors(media_type, text).unwrap();
            found
                .into_iter()
                .map(|descriptor| descriptor.digest)
                .collect()
        };
        assert_eq!(digests(IMAGE_MANIFEST), ["s", "c"]);
        assert_eq!(digests(DOCKER_MANIFEST), ["c"]);
        assert_eq!(digests("text/plain"), [""; 0]);
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        assert!(Node::successors(IMAGE_MANIFEST, b"[]").is_err());
        assert!(Node::successors(IMAGE_MANIFEST, b"{\"layers\":3}").is_err());
        let error = Node::successors(IMAGE_MANIFEST, b"junk").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid character 'j' looking for beginning of value"
        );
    }
}
