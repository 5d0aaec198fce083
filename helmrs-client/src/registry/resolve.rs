//! From what a user calls a chart to the one that is pulled.
// Parity: Helm, pkg/registry/client.go, ValidateReference; pkg/downloader/chart_downloader.go; pkg/getter/ocigetter.go.

use helmrs_core::registry::{Address, Reference, ReferenceError, reference::SCHEME, tags};
use helmrs_core::version::Version;
use helmrs_gotemplate::url::Url;

use super::Registry;
use super::error::RegistryError;
use super::repository::Repository;
use crate::event::Watch;

/// The one chart that is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Its address, with a tag or a digest.
    pub url: String,
    /// The digest of its manifest, if a tag had to agree with that; cached charts are found by it.
    pub digest: String,
}

impl Resolved {
    /// The name of the file the chart is kept in: that of its repository and its version.
    pub fn file_name(&self) -> String {
        let name = self.url.rsplit('/').next().unwrap_or_default();
        match name.rsplit_once(':') {
            Some((name, version)) => format!("{name}-{version}.tgz"),
            None => format!("{name}.tgz"),
        }
    }
}

impl Registry {
    /// Finds out which chart is meant by a URL and a version, which may be a range.
    pub async fn find(
        &self,
        url: &str,
        version: &str,
        watch: &dyn Watch,
    ) -> Result<Resolved, RegistryError> {
        let parsed = Url::parse(url.as_bytes()).map_err(|_| RegistryError::Url(url.to_string()))?;
        let rest = [parsed.host, parsed.path].concat();
        let rest = String::from_utf8_lossy(&rest).into_owned();
        let address = Address::parse(&rest)?;
        if parsed.user.is_some() {
            // Parity: a name in a URL ends in the reference, which is none then.
            return Err(ReferenceError::Incomplete.into());
        }
        let tag = address.tag();
        let version = if version.is_empty() {
            tag
        } else if tag.is_empty() || tag == version {
            version
        } else {
            return Err(RegistryError::VersionMismatch {
                wanted: version.to_string(),
                tag: tag.to_string(),
            });
        };
        let repository = address.tagged.with("");
        if !address.digest.is_empty() {
            return self.by_digest(&address, &rest, version, watch).await;
        }
        let tag = if Version::parse(version).is_ok() {
            version.to_string()
        } else {
            // Parity: only in small letters is the scheme taken away.
            let listed = url.strip_prefix(SCHEME).unwrap_or(url);
            let versions = self.versions(listed, watch).await?;
            if versions.is_empty() {
                return Err(RegistryError::NoTags(url.to_string()));
            }
            tags::choose(&versions, version)?.to_string()
        };
        Ok(Resolved {
            url: format!("{SCHEME}{repository}:{tag}"),
            digest: String::new(),
        })
    }

    /// A chart by its digest; a tag that is there too has to agree with it, if it exists.
    async fn by_digest(
        &self,
        address: &Address,
        rest: &str,
        version: &str,
        watch: &dyn Watch,
    ) -> Result<Resolved, RegistryError> {
        let digest = &address.digest;
        if version.is_empty() {
            return Ok(Resolved {
                url: format!("{SCHEME}{rest}"),
                digest: String::new(),
            });
        }
        let repository = address.tagged.with("");
        let url = format!("{SCHEME}{repository}@{digest}");
        let by_digest = |digest: &str| Resolved {
            url: url.clone(),
            digest: digest.to_string(),
        };
        let tagged = format!("{repository}:{version}");
        let Ok(found) = self.resolve(&tagged, watch).await else {
            return Ok(by_digest(""));
        };
        if found != *digest {
            let wanted = digest.clone();
            return Err(RegistryError::DigestMismatch { found, wanted });
        }
        Ok(by_digest(digest))
    }

    /// The digest that a tag names.
    async fn resolve(&self, tagged: &str, watch: &dyn Watch) -> Result<String, RegistryError> {
        Reference::parse(tagged)?;
        let reference = Address::parse(tagged)?.tagged;
        let repository = Repository::new(self, reference.clone(), &["pull"], watch);
        Ok(repository.resolve(&reference).await?.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_repository_and_version() {
        let name = |url: &str| {
            let url = url.to_string();
            Resolved {
                url,
                ..Resolved::default()
            }
            .file_name()
        };
        assert_eq!(name("oci://a:1/b/web:1.0.0+linux"), "web-1.0.0+linux.tgz");
        assert_eq!(name("oci://a/web@sha256:ab"), "web@sha256-ab.tgz");
    }
}
