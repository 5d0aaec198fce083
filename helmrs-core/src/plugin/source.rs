//! What plugins are installed from, judged by name alone.

use helmrs_gotemplate::url::{Url, UrlError, User};

/// How archives of plugins end.
const SUFFIXES: [&str; 2] = [".tar.gz", ".tgz"];

/// Media types that say of something that it is such an archive.
// Parity: Helm, internal/plugin/installer/extractor.go, mediaTypeToExtension.
const MEDIA_TYPES: [&str; 4] = [
    "application/gzip",
    "application/x-gzip",
    "application/x-tgz",
    "application/x-gtar",
];

/// Whether a file or a URL is an archive, by its name.
pub fn is_archive(name: &str) -> bool {
    SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// Whether a media type is that of an archive.
pub fn is_archive_media_type(media_type: &str) -> bool {
    MEDIA_TYPES.contains(&media_type.to_ascii_lowercase().as_str())
}

/// The name of the plugin in an archive, by the archive's name: `echo` for `echo-1.2.3.tgz`.
///
/// # Examples
///
/// ```
/// use helmrs_core::plugin::source::archived_name;
///
/// assert_eq!(archived_name("my-echo-1.2.3.tar.gz"), "my-echo");
/// assert_eq!(archived_name("echo.tgz"), "echo");
/// ```
// Parity: Helm, internal/plugin/installer/extractor.go, stripPluginName: a name of another kind leaves nothing.
pub fn archived_name(file_name: &str) -> &str {
    let stem = SUFFIXES
        .iter()
        .find_map(|suffix| file_name.strip_suffix(suffix));
    let stem = stem.unwrap_or_default();
    let begins_version = |after: &str| {
        let rest = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
        rest.len() < after.len() && rest.starts_with('.')
    };
    let mut dashes = stem.rmatch_indices('-');
    dashes
        .find(|(at, _)| begins_version(&stem[at + 1..]))
        .map_or(stem, |(at, _)| &stem[..at])
}

/// A URL, or an address as it is given to `ssh`: `git@example.com:team/plugin`.
// Parity: Masterminds/vcs, vcs_remote_lookup.go, and Helm, internal/plugin/cache/cache.go: scpSyntaxRe.
pub(super) fn parse(address: &str) -> Result<(Url, bool), UrlError> {
    match secure_copy(address) {
        Some(url) => Ok((url, true)),
        None => Url::parse(address.as_bytes()).map(|url| (url, false)),
    }
}

fn secure_copy(address: &str) -> Option<Url> {
    let (user, rest) = address.split_once('@')?;
    let (host, path) = rest.split_once(':')?;
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_user = !user.is_empty() && user.bytes().all(is_word);
    let is_host = !host.is_empty()
        && host
            .bytes()
            .all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'));
    (is_user && is_host && !path.contains('\n')).then(|| Url {
        user: Some(User {
            name: user.into(),
            password: None,
        }),
        host: host.into(),
        path: format!("/{path}").into_bytes(),
        ..Url::default()
    })
}

/// The name of the folder in which what comes from an address is cached.
///
/// # Examples
///
/// ```
/// use helmrs_core::plugin::source::cache_key;
///
/// let key = cache_key("https://example.com:8443/team/echo").unwrap();
/// assert_eq!(key, "https-example.com-8443-team-echo");
/// assert_eq!(cache_key("git@example.com:team/echo").unwrap(), "git-example.com-team-echo");
/// ```
// Parity: Helm, internal/plugin/cache/cache.go, Key.
pub fn cache_key(address: &str) -> Result<String, UrlError> {
    let (url, _) = parse(address)?;
    let mut key = String::new();
    let user = url.user.map(|user| user.name).unwrap_or_default();
    for part in [url.scheme.as_bytes(), &user] {
        if !part.is_empty() {
            key.push_str(&String::from_utf8_lossy(part));
            key.push('-');
        }
    }
    key.push_str(&String::from_utf8_lossy(&url.host));
    key.push_str(&String::from_utf8_lossy(&url.path).replace('/', "-"));
    // A user's name could hold a slash; what is cached stays below the cache.
    Ok(key.replace([':', '/'], "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thing_that_looks_like_a_version_is_cut_off() {
        for (name, wanted) in [
            ("echo-0.1.0.tgz", "echo"),
            ("a-1.2-3.4.tgz", "a-1.2"),
            ("echo-v1.2.tgz", "echo-v1.2"),
            ("echo-12.tgz", "echo-12"),
            ("echo-2-x.y.tgz", "echo-2-x.y"),
            ("-1.tar.gz", "-1"),
            ("-1.0.tgz", ""),
            ("echo", ""),
            (".tgz", ""),
        ] {
            assert_eq!(archived_name(name), wanted, "{name}");
        }
    }

    #[test]
    fn keys_are_names_of_folders() {
        for (address, wanted) in [
            ("file:///tmp/w/echo", "file--tmp-w-echo"),
            (
                "http://127.0.0.1:80/p/e-0.1.0.tgz?x#y",
                "http-127.0.0.1-80-p-e-0.1.0.tgz",
            ),
            ("git+ssh://me:secret@host/a", "git+ssh-me-host-a"),
            ("me_1@host.example:a:b/../c", "me_1-host.example-a-b-..-c"),
            ("oci://h/p@sha256:12", "oci-h-p@sha256-12"),
            ("https://a%2Fb@host/", "https-a-b-host-"),
        ] {
            assert_eq!(cache_key(address).unwrap(), wanted, "{address}");
        }
        assert!(cache_key("ht tp://x").is_err());
    }
}
