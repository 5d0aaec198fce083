//! What charts are called in registries: `host:port/repository:tag` and `host/repository@digest`.
// Parity: oras.land/oras-go/v2, registry/reference.go; Helm, pkg/registry/reference.go.

use std::fmt;

use helmrs_gotemplate::number::quote;
use helmrs_gotemplate::url::Url;

use super::digest::{Digest, DigestError};

/// How the address of a registry begins.
pub const SCHEME: &str = "oci://";

/// A repository in a registry, and maybe a tag or a digest in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The registry: its host, and maybe a port.
    pub registry: String,
    /// The repository: words with slashes between them.
    pub repository: String,
    /// A tag or a digest; empty for the repository itself.
    pub reference: String,
}

/// Why a text is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// There is no repository, or nothing before it.
    #[error("invalid reference: missing registry or repository")]
    Incomplete,
    /// The registry is no host.
    #[error("invalid reference: invalid registry {}", quote(.0.as_bytes()))]
    Registry(String),
    /// The repository has letters it must not have.
    #[error("invalid reference: invalid repository {}", quote(.0.as_bytes()))]
    Repository(String),
    /// The tag has letters it must not have, or too many.
    #[error("invalid reference: invalid tag {}", quote(.0.as_bytes()))]
    Tag(String),
    /// The digest is none.
    #[error("invalid reference: invalid digest {}: {problem}", quote(digest.as_bytes()))]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Digest {
        digest: String,
        problem: DigestError,
    },
    /// There is neither tag nor digest where one is needed.
    #[error("invalid reference")]
    Missing,
}

impl Reference {
    /// Reads a reference; of a tag and a digest, only the digest is kept.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::registry::Reference;
    ///
    /// let reference = Reference::parse("localhost:5000/charts/web:1.0.0").unwrap();
    /// assert_eq!(reference.repository, "charts/web");
    /// assert_eq!(reference.reference, "1.0.0");
    /// assert!(Reference::parse("web").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let (registry, path) = text.split_once('/').ok_or(ReferenceError::Incomplete)?;
        let (repository, digest) = match path.split_once('@') {
            Some((named, digest)) => (before(named, ':'), Some(digest)),
            None => (before(path, ':'), None),
        };
        let tag = path.split_once(':').map(|(_, tag)| tag);
        let reference = digest.or(tag).unwrap_or_default();
        let parsed = Self {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            reference: reference.to_owned(),
        };
        check_registry(registry)?;
        if !is_repository(repository) {
            return Err(ReferenceError::Repository(parsed.repository));
        }
        if reference.is_empty() {
            return Ok(parsed);
        }
        if digest.is_some() {
            Digest::parse(reference).map_err(|problem| ReferenceError::Digest {
                digest: reference.to_owned(),
                problem,
            })?;
        } else if !is_tag(reference) {
            return Err(ReferenceError::Tag(parsed.reference));
        }
        Ok(parsed)
    }

    /// The host that serves the registry.
    pub fn host(&self) -> &str {
        host(&self.registry)
    }

    /// The digest, if the reference names one.
    pub fn digest(&self) -> Option<Digest> {
        Digest::parse(&self.reference).ok()
    }

    /// The same repository with another tag or digest.
    #[must_use]
    pub fn with(&self, reference: &str) -> Self {
        Self {
            reference: reference.to_owned(),
            ..self.clone()
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.registry, self.repository)?;
        if self.reference.is_empty() {
            return Ok(());
        }
        let separator = if self.digest().is_some() { '@' } else { ':' };
        write!(formatter, "{separator}{}", self.reference)
    }
}

/// The host that serves a registry; the best-known one has two names.
pub fn host(registry: &str) -> &str {
    match registry {
        "docker.io" => "registry-1.docker.io",
        registry => registry,
    }
}

/// Whether a text names a registry: a host, and maybe a port.
pub fn check_registry(registry: &str) -> Result<(), ReferenceError> {
    let url = Url::parse(format!("dummy://{registry}").as_bytes());
    match url {
        Ok(url) if !registry.is_empty() && url.host == registry.as_bytes() => Ok(()),
        _ => Err(ReferenceError::Registry(registry.to_owned())),
    }
}

fn before(text: &str, separator: char) -> &str {
    text.split_once(separator)
        .map_or(text, |(before, _)| before)
}

/// Words of small letters and digits; between those of one word there may be dots, dashes and up to two underscores.
fn is_repository(text: &str) -> bool {
    text.split('/').all(|word| {
        let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = word.as_bytes();
        let ends_plainly =
            bytes.first().is_some_and(is_plain) && bytes.last().is_some_and(is_plain);
        ends_plainly
            && word
                .split(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
                .all(|between| {
                    matches!(between, "" | "." | "_" | "__")
                        || between.bytes().all(|byte| byte == b'-')
                })
    })
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text
            .bytes()
            .all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

/// What a user calls a chart in a registry; a tag's plus signs are underscores there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The repository and its tag.
    pub tagged: Reference,
    /// What follows the `@`, whatever it is.
    pub digest: String,
}

impl Address {
    /// Reads an address, with `oci://` before it or without.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::registry::Address;
    ///
    /// let address = Address::parse("oci://localhost/web:1.0.0+linux").unwrap();
    /// assert_eq!(address.to_string(), "localhost/web:1.0.0_linux");
    /// ```
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let text = text.strip_prefix(SCHEME).unwrap_or(text);
        let (named, digest) = text.rsplit_once('@').unwrap_or((text, ""));
        let tag = named.rsplit_once(':').map(|(_, tag)| tag);
        let named = match tag.filter(|tag| !tag.is_empty() && !tag.contains('/')) {
            // Parity: what reads like the tag is replaced wherever it stands.
            Some(tag) => named.replace(tag, &tag.replace('+', "_")),
            None => named.to_owned(),
        };
        Ok(Self {
            tagged: Reference::parse(&named)?,
            digest: digest.to_owned(),
        })
    }

    /// The tag; empty if there is none.
    pub fn tag(&self) -> &str {
        &self.tagged.reference
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tagged.fmt(formatter)?;
        if self.tag().is_empty() {
            write!(formatter, "@{}", self.digest)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Reference::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn repositories_are_words_of_small_letters() {
        for good in ["a", "a/b", "a.b", "a_b", "a__b", "a---b", "0/1-2"] {
            assert!(is_repository(good), "{good}");
        }
        for bad in [
            "", "A", "a//b", "a/", "-a", "a-", "a..b", "a___b", "a.-b", "a b",
        ] {
            assert!(!is_repository(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_reference_is_named() {
        assert_eq!(
            refused("web"),
            "invalid reference: missing registry or repository"
        );
        assert_eq!(refused("/web"), "invalid reference: invalid registry \"\"");
        assert_eq!(
            refused("me@host/web"),
            "invalid reference: invalid registry \"me@host\""
        );
        assert_eq!(
            refused("host/Web"),
            "invalid reference: invalid repository \"Web\""
        );
        assert_eq!(
            refused("host/web:a b"),
            "invalid reference: invalid tag \"a b\""
        );
        assert_eq!(
            refused("host/web@sha256:1"),
            "invalid reference: invalid digest \"sha256:1\": invalid checksum digest length"
        );
    }

    #[test]
    fn a_digest_counts_more_than_a_tag() {
        let digest = Digest::of(b"");
        let reference = Reference::parse(&format!("host/web:1.0.0@{digest}")).unwrap();
        assert_eq!(reference.to_string(), format!("host/web@{digest}"));
        let address = Address::parse(&format!("oci://host/web@{digest}")).unwrap();
        assert_eq!(address.to_string(), format!("host/web@{digest}"));
        assert_eq!(Address::parse("host/web").unwrap().to_string(), "host/web@");
    }

    #[test]
    fn a_port_is_no_tag() {
        let address = Address::parse("oci://host:5000/a/web").unwrap();
        assert_eq!(address.tagged.registry, "host:5000");
        assert_eq!(address.tag(), "");
    }
}
