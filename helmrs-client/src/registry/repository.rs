//! One repository of a registry: what is in it, by digest and by tag.
// Parity: oras.land/oras-go/v2, registry/remote/{repository,url}.go; content/reader.go.

use helmrs_core::registry::{Descriptor, Digest, Reference, scope};
use http::header::HeaderName;
use http::{Method, StatusCode};

use super::Registry;
use super::error::RegistryError;
use super::transport::{Answer, Request, Stopped};
use crate::event::Watch;

/// The most that is read of a manifest, and of a page of tags.
pub(super) const METADATA: u64 = 4 << 20;

/// The digest of what an answer holds.
pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// A repository, and what is to be done in it.
#[derive(Clone)]
pub(super) struct Repository<'r> {
    pub(super) registry: &'r Registry,
    pub(super) reference: Reference,
    pub(super) watch: &'r dyn Watch,
    scopes: Vec<String>,
}

impl<'r> Repository<'r> {
    /// A repository to read from, or to write to.
    pub(super) fn new(
        registry: &'r Registry,
        reference: Reference,
        actions: &[&str],
        watch: &'r dyn Watch,
    ) -> Self {
        let scopes = vec![scope::of_repository(&reference.repository, actions)];
        Self {
            registry,
            reference,
            watch,
            scopes,
        }
    }

    /// The URL of something in the repository.
    pub(super) fn url(&self, path: &str) -> String {
        let (scheme, host) = (self.registry.scheme(), self.reference.host());
        format!("{scheme}://{host}/v2/{}/{path}", self.reference.repository)
    }

    pub(super) async fn send(&self, request: Request) -> Result<Answer, RegistryError> {
        let authorizer = &self.registry.authorizer;
        authorizer.send(&request, &self.scopes, self.watch).await
    }

    /// Fetches a blob.
    pub(super) async fn blob(&self, of: &Descriptor, most: u64) -> Result<Vec<u8>, RegistryError> {
        let digest = check(of, most).map_err(|error| error.of_step("Push", "destination"))?;
        let url = self.url(&format!("blobs/{digest}"));
        let answer = async {
            let answer = self.send(Request::new(Method::GET, url)).await?;
            match answer.status() {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND => {
                    return Err(RegistryError::NotFound(digest.to_string()));
                }
                _ => return Err(answer.refusal().await),
            }
            check_length(&answer, of)?;
            check_digest(&answer, &digest)?;
            Ok(answer)
        };
        let answer = answer.await;
        let answer = answer.map_err(|error| error.of_step("Fetch", "source"))?;
        let content = content(answer, of, &digest, Some(self.watch)).await;
        content.map_err(|error| error.of_step("Push", "destination"))
    }
}

/// Checks that what a manifest claims can be had at all, before it is asked for.
pub(super) fn check(of: &Descriptor, most: u64) -> Result<Digest, RegistryError> {
    let size = u64::try_from(of.size).map_err(|_| RegistryError::Size)?;
    if size > most {
        return Err(RegistryError::TooBig { size, most });
    }
    Digest::parse(&of.digest).map_err(|problem| RegistryError::Digest {
        digest: of.digest.clone(),
        problem,
    })
}

/// Refuses an answer that is longer or shorter than what is wanted.
pub(super) fn check_length(answer: &Answer, of: &Descriptor) -> Result<(), RegistryError> {
    match answer.length() {
        Some(length) if i64::try_from(length) != Ok(of.size) => {
            Err(answer.wrong("mismatch Content-Length"))
        }
        _ => Ok(()),
    }
}

/// Refuses an answer that claims to be something else than what is wanted.
pub(super) fn check_digest(answer: &Answer, wanted: &Digest) -> Result<(), RegistryError> {
    let Some(found) = answer
        .header(CONTENT_DIGEST)
        .filter(|found| !found.is_empty())
    else {
        return Ok(());
    };
    match Digest::parse(found) {
        Err(_) => Err(answer.wrong(format!(
            "invalid response header: `Docker-Content-Digest: {found}`"
        ))),
        Ok(found) if found != *wanted => Err(answer.wrong(mismatch(&found, wanted))),
        Ok(_) => Ok(()),
    }
}

/// How two digests that should be one are told of.
pub(super) fn mismatch(found: &Digest, wanted: &Digest) -> String {
    format!(
        "invalid response; digest mismatch in Docker-Content-Digest: received \"{found}\" when expecting \"{wanted}\""
    )
}

/// Reads content to its end, which must be where and what its descriptor says.
pub(super) async fn content(
    mut answer: Answer,
    of: &Descriptor,
    digest: &Digest,
    watch: Option<&dyn Watch>,
) -> Result<Vec<u8>, RegistryError> {
    let size = usize::try_from(of.size).map_err(|_| RegistryError::Size)?;
    let (bytes, stopped) = answer.read(size, watch).await;
    match stopped {
        Some(Stopped::Limit) => return Err(RegistryError::Long),
        Some(Stopped::Late) => {
            return Err(RegistryError::Read {
                problem: "context deadline exceeded (Client.Timeout or context cancellation while reading body)"
                    .to_string(),
            });
        }
        Some(Stopped::Broken) | None if bytes.len() < size => {
            let (of, got) = (of.clone(), bytes.len());
            return Err(RegistryError::Short { of, got });
        }
        Some(Stopped::Broken) | None => {}
    }
    let mut hasher = digest.hasher();
    hasher.update(&bytes);
    if !hasher.matches(digest) {
        return Err(RegistryError::Mismatch);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_claims_is_checked_before_it_is_asked_for() {
        let descriptor = |digest: &str, size: i64| Descriptor {
            digest: digest.to_string(),
            size,
            ..Descriptor::default()
        };
        let good = Digest::of(b"").to_string();
        assert!(check(&descriptor(&good, 5), 5).is_ok());
        assert!(matches!(
            check(&descriptor(&good, 6), 5),
            Err(RegistryError::TooBig { .. })
        ));
        assert!(matches!(
            check(&descriptor(&good, -1), 5),
            Err(RegistryError::Size)
        ));
        let error = check(&descriptor("../../secret", 1), 5).unwrap_err();
        assert_eq!(
            error.to_string(),
            "read failed: failed to validate ../../secret: invalid checksum digest format"
        );
    }
}
