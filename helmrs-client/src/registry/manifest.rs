//! Manifests by tag and by digest.
// Parity: oras.land/oras-go/v2, registry/remote/repository.go, manifestStore.

use helmrs_core::registry::manifest::MANIFESTS;
use helmrs_core::registry::{Descriptor, Digest, Reference, ReferenceError};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};

use super::error::RegistryError;
use super::repository::{
    CONTENT_DIGEST, METADATA, Repository, check, check_digest, check_length, content, mismatch,
};
use super::transport::{Answer, Request};

impl Repository<'_> {
    fn manifest_url(&self, reference: &Reference) -> String {
        self.url(&format!("manifests/{}", reference.reference))
    }

    /// What a tag or a digest names, without fetching it.
    pub(super) async fn resolve(&self, reference: &Reference) -> Result<Descriptor, RegistryError> {
        let answer = self.ask(Method::HEAD, reference).await?;
        describe(&answer, reference)
    }

    /// Fetches what a tag or a digest names.
    pub(super) async fn root(
        &self,
        reference: &Reference,
    ) -> Result<(Descriptor, Vec<u8>), RegistryError> {
        let of_step = |error: RegistryError| error.of_step("FetchReference", "source");
        let answer = self.ask(Method::GET, reference).await.map_err(of_step)?;
        let found = match answer.length() {
            None => self.resolve(reference).await,
            Some(size) if answer.header(CONTENT_DIGEST).is_none_or(str::is_empty) => {
                return self.unnamed(answer, reference, size).await.map_err(of_step);
            }
            Some(_) => describe(&answer, reference),
        };
        let descriptor = found.map_err(of_step)?;
        if !descriptor.is_manifest() {
            return Ok((descriptor, Vec::new()));
        }
        let of_step = |error: RegistryError| error.of_step("Successors", "source");
        let digest = check(&descriptor, METADATA).map_err(of_step)?;
        let text = content(answer, &descriptor, &digest, None).await;
        Ok((descriptor, text.map_err(of_step)?))
    }

    /// Reads a manifest whose digest the registry does not tell.
    async fn unnamed(
        &self,
        mut answer: Answer,
        reference: &Reference,
        size: u64,
    ) -> Result<(Descriptor, Vec<u8>), RegistryError> {
        let media_type = media_type(&answer, "response `Content-Type` header;")?;
        let most = usize::try_from(size.min(METADATA)).unwrap_or(usize::MAX);
        let (text, _) = answer.read(most, None).await;
        let digest = Digest::of(&text);
        if let Some(wanted) = reference.digest().filter(|wanted| *wanted != digest) {
            return Err(answer.wrong(mismatch(&digest, &wanted)));
        }
        let descriptor = Descriptor {
            media_type,
            digest: digest.to_string(),
            size: i64::try_from(size).map_err(|_| RegistryError::Size)?,
        };
        if u64::try_from(text.len()) != Ok(size) {
            let got = text.len();
            let error = RegistryError::Short {
                of: descriptor,
                got,
            };
            return Err(error.of_step("Successors", "source"));
        }
        Ok((descriptor, text))
    }

    /// Asks for a manifest of any kind.
    async fn ask(&self, method: Method, reference: &Reference) -> Result<Answer, RegistryError> {
        if reference.reference.is_empty() {
            return Err(ReferenceError::Missing.into());
        }
        let kinds = HeaderValue::try_from(MANIFESTS.join(", "));
        let kinds = kinds.expect("media types are a header's text");
        let request = Request::new(method, self.manifest_url(reference)).with_header(ACCEPT, kinds);
        let answer = self.send(request).await?;
        match answer.status() {
            StatusCode::OK => Ok(answer),
            StatusCode::NOT_FOUND => Err(RegistryError::NotFound(reference.to_string())),
            _ => Err(answer.refusal().await),
        }
    }

    /// Fetches a manifest that another one names.
    pub(super) async fn manifest(&self, of: &Descriptor) -> Result<Vec<u8>, RegistryError> {
        let digest = check(of, METADATA)?;
        let url = self.manifest_url(&self.reference.with(digest.as_str()));
        let kind = HeaderValue::try_from(&of.media_type);
        let kind = kind.unwrap_or(HeaderValue::from_static(""));
        let request = Request::new(Method::GET, url).with_header(ACCEPT, kind);
        let answer = self.send(request).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(RegistryError::NotFound(digest.to_string())),
            _ => return Err(answer.refusal().await),
        }
        let found = media_type(&answer, "response Content-Type:")?;
        if found != of.media_type {
            return Err(answer.wrong(format!(
                "mismatch response Content-Type \"{found}\": expect \"{}\"",
                of.media_type
            )));
        }
        check_length(&answer, of)?;
        check_digest(&answer, &digest)?;
        content(answer, of, &digest, None).await
    }
}

/// What an answer says of the manifest it holds.
fn describe(answer: &Answer, reference: &Reference) -> Result<Descriptor, RegistryError> {
    let media_type = media_type(answer, "response `Content-Type` header;")?;
    let size = answer.length();
    let size = size.ok_or_else(|| answer.wrong("unknown response Content-Length"))?;
    let named = answer
        .header(CONTENT_DIGEST)
        .filter(|named| !named.is_empty());
    let named = named.map(|named| {
        Digest::parse(named).map_err(|error| {
            answer.wrong(format!(
                "invalid response header value: `Docker-Content-Digest: {named}`; {error}"
            ))
        })
    });
    let named = named.transpose()?;
    let wanted = reference.digest();
    let digest = named
        .or_else(|| wanted.clone())
        .ok_or(RegistryError::NoDigest)?;
    if let Some(wanted) = wanted.filter(|wanted| *wanted != digest) {
        return Err(answer.wrong(mismatch(&digest, &wanted)));
    }
    Ok(Descriptor {
        media_type,
        digest: digest.to_string(),
        size: i64::try_from(size).map_err(|_| RegistryError::Size)?,
    })
}

/// The kind of content an answer says it holds.
// Parity: Go, mime/mediatype.go, ParseMediaType.
fn media_type(answer: &Answer, what: &str) -> Result<String, RegistryError> {
    let header = answer.header(CONTENT_TYPE).unwrap_or_default();
    let kind = header.split(';').next().unwrap_or_default();
    let kind = kind.trim().to_lowercase();
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte))
    };
    let is_parameter = |text: &str| {
        let text = text.trim();
        text.is_empty()
            || text
                .split_once('=')
                .is_some_and(|(name, _)| is_word(name.trim()))
    };
    let problem = match kind.split_once('/') {
        _ if kind.is_empty() || kind.starts_with('/') => "mime: no media type",
        None if is_word(&kind) => return Ok(kind),
        None => "mime: expected slash after first token",
        Some((first, _)) if !is_word(first) => "mime: expected slash after first token",
        Some((_, "")) => "mime: expected token after slash",
        Some((_, second)) if !is_word(second) => "mime: unexpected content after media subtype",
        Some(_) if !header.split(';').skip(1).all(is_parameter) => "mime: invalid media parameter",
        Some(_) => return Ok(kind),
    };
    Err(answer.wrong(format!("invalid {what} {problem}")))
}
