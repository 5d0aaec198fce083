//! The tags of a repository, page by page.
// Parity: oras.land/oras-go/v2, registry/remote/{repository,utils}.go, Tags and parseLink; Helm, pkg/registry/client.go.

use std::collections::BTreeSet;

use helmrs_core::registry::{Reference, answer, tags};
use http::header::LINK;
use http::{Method, StatusCode};

use super::Registry;
use super::error::RegistryError;
use super::repository::{METADATA, Repository};
use super::transport::{Answer, Request, is_same_origin};
use crate::event::Watch;

/// How many tags there may be.
const TAGS: usize = 1_000_000;

impl Registry {
    /// The versions a repository has charts of, newest first.
    pub async fn versions(
        &self,
        repository: &str,
        watch: &dyn Watch,
    ) -> Result<Vec<String>, RegistryError> {
        let reference = Reference::parse(repository)?;
        let repository = Repository::new(self, reference, &["pull"], watch);
        let mut all = Vec::new();
        let mut next = Some(repository.url("tags/list"));
        let mut seen = BTreeSet::new();
        let most = self.pages;
        while let Some(url) = next {
            // A page that comes again would come for ever.
            if seen.len() == most || all.len() > TAGS || !seen.insert(url.clone()) {
                return Err(RegistryError::TooManyPages { most });
            }
            let mut answer = repository.send(Request::new(Method::GET, url)).await?;
            if answer.status() != StatusCode::OK {
                return Err(answer.refusal().await);
            }
            let size = usize::try_from(METADATA).unwrap_or(usize::MAX);
            let (text, _) = answer.read(size, None).await;
            let page = answer::tags(&text)
                .map_err(|error| answer.because(RegistryError::Decode(error)))?;
            // What is no version is never wanted, however much there is of it.
            all.extend(tags::versions(&page));
            next = link(&answer)?;
        }
        Ok(tags::versions(&all))
    }
}

/// Where the next page is, which is in the same place.
fn link(answer: &Answer) -> Result<Option<String>, RegistryError> {
    let Some(header) = answer.header(LINK).filter(|header| !header.is_empty()) else {
        return Ok(None);
    };
    let failed = |link: &str, problem: &str| RegistryError::Link {
        link: link.to_string(),
        problem: problem.to_string(),
    };
    let inner = header.strip_prefix('<');
    let inner = inner.ok_or_else(|| failed(header, "missing '<'"))?;
    let (link, _) = inner
        .split_once('>')
        .ok_or_else(|| failed(header, "missing '>'"))?;
    let url = answer.url().join(link);
    let url = url.map_err(|error| failed(link, &error.to_string()))?;
    if !is_same_origin(answer.url(), &url) {
        let problem = format!("not the same origin as \"{}\"", answer.url());
        return Err(failed(link, &problem));
    }
    Ok(Some(url.to_string()))
}
