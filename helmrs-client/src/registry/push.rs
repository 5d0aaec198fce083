//! Charts pushed to a registry: blobs first, then the manifest that names them, then its tag.
// Parity: Helm, pkg/registry/client.go, Push; oras.land/oras-go/v2, extendedcopy.go and registry/remote/repository.go.

use bytes::Bytes;
use helmrs_core::chart::{self, Metadata};
use helmrs_core::registry::manifest::{
    CHART_CONFIGURATION, CHART_CONTENT, CHART_PROVENANCE, IMAGE_MANIFEST,
};
use helmrs_core::registry::{Address, Descriptor, Digest, Manifest, Reference, annotations};
use helmrs_core::time::Time;
use helmrs_core::yaml::json;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use url::Url;

use super::Registry;
use super::error::RegistryError;
use super::repository::{Repository, check_digest};
use super::token::encoded;
use super::transport::{Answer, Body, Request};
use crate::event::{Event, Watch};

/// A chart as it is pushed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Archive {
    /// The archive.
    pub content: Bytes,
    /// The provenance that belongs to it.
    pub provenance: Option<Bytes>,
    /// When it was written.
    pub created: Time,
}

impl Registry {
    /// Pushes a chart to an address.
    pub async fn push(
        &self,
        address: &str,
        archive: Archive,
        watch: &dyn Watch,
    ) -> Result<(), RegistryError> {
        let parsed = Address::parse(address)?;
        let metadata = chart::load_archive(&archive.content, &mut Vec::new())?.metadata;
        if !address.ends_with(&format!("/{}:{}", metadata.name, metadata.version)) {
            return Err(RegistryError::Strict);
        }
        let parcel = Parcel::new(&metadata, archive);
        let shown = parsed.to_string();
        let reference = Reference::parse(&shown)?;
        let repository = Repository::new(self, reference, &["pull", "push"], watch);
        repository.put_all(&parcel).await?;
        repository.tag(&parcel).await?;
        watch.event(Event::Pushed {
            reference: shown,
            digest: parcel.manifest.digest.clone(),
        });
        Ok(())
    }
}

/// Everything that is pushed.
struct Parcel {
    blobs: Vec<(Descriptor, Bytes)>,
    manifest: Descriptor,
    text: Bytes,
}

impl Parcel {
    fn new(metadata: &Metadata, archive: Archive) -> Self {
        let configuration = json::to_json_typed(metadata).expect("metadata are plain data");
        let mut layers = vec![(CHART_CONTENT, archive.content)];
        layers.extend(
            archive
                .provenance
                .map(|content| (CHART_PROVENANCE, content)),
        );
        let mut blobs: Vec<(Descriptor, Bytes)> = layers
            .into_iter()
            .map(|(media_type, content)| (Descriptor::of(media_type, &content), content))
            .collect();
        let config = Descriptor::of(CHART_CONFIGURATION, &configuration);
        let layers = blobs.iter().map(|(of, _)| of.clone()).collect();
        let annotations = annotations::of(metadata, archive.created);
        blobs.push((config.clone(), configuration.into()));
        let manifest = Manifest::new(config, layers, annotations);
        // As the manifest names them.
        let place = |of: &Descriptor| manifest.blobs().position(|blob| blob == of);
        blobs.sort_by_key(|(of, _)| place(of));
        let text = Bytes::from(manifest.to_json());
        Self {
            manifest: Descriptor::of(IMAGE_MANIFEST, &text),
            blobs,
            text,
        }
    }
}

impl Repository<'_> {
    /// Puts in what is not there yet.
    async fn put_all(&self, parcel: &Parcel) -> Result<(), RegistryError> {
        let exists = |error: RegistryError| error.of_step("Exists", "destination");
        let digest = self.reference.with(&parcel.manifest.digest);
        match self.resolve(&digest).await {
            Ok(_) => return Ok(()),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(exists(error)),
        }
        for (of, content) in &parcel.blobs {
            if !self.has_blob(of).await.map_err(exists)? {
                let put = self.put_blob(of, content).await;
                put.map_err(|error| error.of_step("Push", "destination"))?;
            }
        }
        let put = self.put_manifest(&parcel.manifest.digest, parcel).await;
        put.map_err(|error| error.of_step("Push", "destination"))
    }

    /// Gives the manifest its tag.
    async fn tag(&self, parcel: &Parcel) -> Result<(), RegistryError> {
        let tagged = async {
            // Parity: the reference takes what it tags from the registry.
            self.manifest(&parcel.manifest).await?;
            self.put_manifest(&self.reference.reference, parcel).await
        };
        let tagged = tagged.await;
        tagged.map_err(|error| error.of_step("Tag", "destination"))
    }

    async fn has_blob(&self, of: &Descriptor) -> Result<bool, RegistryError> {
        let url = self.url(&format!("blobs/{}", of.digest));
        let answer = self.send(Request::new(Method::HEAD, url)).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(false),
            _ => return Err(answer.refusal().await),
        }
        if answer.length().is_none() {
            return Err(answer.wrong("unknown response Content-Length"));
        }
        check_digest(&answer, &digest(of)?)?;
        Ok(true)
    }

    async fn put_blob(&self, of: &Descriptor, content: &Bytes) -> Result<(), RegistryError> {
        let start = Request::new(Method::POST, self.url("blobs/uploads/"));
        let answer = self.send(start).await?;
        if answer.status() != StatusCode::ACCEPTED {
            return Err(answer.refusal().await);
        }
        let mut url = place(&answer)?;
        let mut query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        query.retain(|(key, _)| key != "digest");
        query.push(("digest".to_string(), of.digest.clone()));
        url.set_query(Some(&encoded(query)));
        let kind = HeaderValue::from_static("application/octet-stream");
        let mut request = Request::new(Method::PUT, url.to_string())
            .with_header(CONTENT_TYPE, kind)
            .with_body(Body::Once(content.clone()));
        if let Some(value) = answer.authorization() {
            request = request.authorized(value);
        }
        let answer = self.send(request).await?;
        if answer.status() != StatusCode::CREATED {
            return Err(answer.refusal().await);
        }
        Ok(())
    }

    async fn put_manifest(&self, reference: &str, parcel: &Parcel) -> Result<(), RegistryError> {
        let url = self.url(&format!("manifests/{reference}"));
        let request = Request::new(Method::PUT, url)
            .with_header(CONTENT_TYPE, HeaderValue::from_static(IMAGE_MANIFEST))
            .with_body(Body::Content(parcel.text.clone()));
        let answer = self.send(request).await?;
        if answer.status() != StatusCode::CREATED {
            return Err(answer.refusal().await);
        }
        check_digest(&answer, &digest(&parcel.manifest)?)
    }
}

fn digest(of: &Descriptor) -> Result<Digest, RegistryError> {
    Digest::parse(&of.digest).map_err(|problem| RegistryError::Digest {
        digest: of.digest.clone(),
        problem,
    })
}

/// Where an upload is to go, which must be where it was asked for.
fn place(answer: &Answer) -> Result<Url, RegistryError> {
    let location = answer
        .header(LOCATION)
        .filter(|location| !location.is_empty());
    let location = location.ok_or(RegistryError::NoLocation)?;
    let asked = answer.url();
    let url = asked
        .join(location)
        .map_err(|error| answer.wrong(error.to_string()))?;
    let authority = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        url.port()
            .map_or_else(|| host.to_string(), |port| format!("{host}:{port}"))
    };
    let failed = |problem: String| RegistryError::Location {
        location: authority(&url),
        problem,
    };
    let same_port = url.port_or_known_default() == asked.port_or_known_default()
        // Parity: a missing port is that of the scheme, even if the scheme is another one.
        || (asked.port().is_none() && url.port().is_none());
    if url.host_str() != asked.host_str() || !same_port {
        let registry = authority(asked);
        return Err(failed(format!(
            "is on a different host than the registry \"{registry}\""
        )));
    }
    if asked.scheme() == "https" && url.scheme() != "https" {
        return Err(failed("downgrades scheme from https".to_string()));
    }
    Ok(url)
}
