//! Which version control system a repository of a plugin belongs to, as far as its address tells.
// Parity: Masterminds/vcs, vcs_remote_lookup.go.

use std::fmt;

use helmrs_gotemplate::url::UrlError;
use regex::Regex;

use super::source;

/// How much of a page is looked at.
const PAGE_LIMIT: usize = 1 << 20;

/// A version control system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Git.
    Git,
    /// Subversion.
    Subversion,
    /// Bazaar.
    Bazaar,
    /// Mercurial.
    Mercurial,
}

impl System {
    /// The program that is the system, after which addresses name it, too.
    pub fn program(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Subversion => "svn",
            Self::Bazaar => "bzr",
            Self::Mercurial => "hg",
        }
    }

    /// All systems, the best-known first.
    pub fn all() -> [Self; 4] {
        [Self::Git, Self::Subversion, Self::Mercurial, Self::Bazaar]
    }

    fn named(name: &str) -> Option<Self> {
        Self::all()
            .into_iter()
            .find(|system| system.program() == name)
    }
}

impl fmt::Display for System {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.program())
    }
}

/// What an address tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The system.
    System(System),
    /// That the repository is a folder, which knows its system.
    Folder(String),
    /// Nothing; the page that lies there may.
    Nothing,
}

/// Hosts whose repositories are known by the form of their address.
const HOSTS: [(&str, System, &str); 10] = [
    ("github.com", System::Git, r"^github\.com[/|:]N/N(/N)*$"),
    ("bitbucket.org", System::Git, r"^bitbucket\.org/N/N(/N)*$"),
    (
        "launchpad.net",
        System::Bazaar,
        r"^launchpad\.net/(N(/N)?|~N/(\+junk|N)/N)(/N)*$",
    ),
    (
        "git.launchpad.net",
        System::Git,
        r"^git\.launchpad\.net/(N|~N/(\+git|N)/N)$",
    ),
    (
        "hub.jazz.net",
        System::Git,
        r"^hub\.jazz\.net/git/[a-z0-9]+/N(/N)*$",
    ),
    (
        "go.googlesource.com",
        System::Git,
        r"^go\.googlesource\.com/N/?$",
    ),
    (
        "git.openstack.org",
        System::Git,
        r"^git\.openstack\.org/N/N$",
    ),
    (
        "hg.code.sf.net",
        System::Mercurial,
        r"^(hg.code.sf.net/p/N/N)*$",
    ),
    (
        "git.code.sf.net",
        System::Git,
        r"^(git.code.sf.net/p/N/N)*$",
    ),
    (
        "svn.code.sf.net",
        System::Subversion,
        r"^(svn.code.sf.net/p/N/N)*$",
    ),
];

/// What `N` stands for in these forms.
const NAME: &str = r"[A-Za-z0-9_.\-]+";

/// What an address tells of the system.
///
/// # Examples
///
/// ```
/// use helmrs_core::plugin::repository::{System, Told, told};
///
/// assert_eq!(told("https://github.com/team/echo").unwrap(), Told::System(System::Git));
/// assert_eq!(told("https://example.com/echo").unwrap(), Told::Nothing);
/// ```
pub fn told(address: &str) -> Result<Told, UrlError> {
    let (url, is_secure_copy) = source::parse(address)?;
    let scheme = if is_secure_copy { "ssh" } else { &url.scheme };
    let path = String::from_utf8_lossy(&url.path);
    if scheme == "file" {
        return Ok(Told::Folder(path.into_owned()));
    }
    let host = String::from_utf8_lossy(&url.host);
    if host.is_empty() {
        return Ok(Told::Nothing);
    }
    let by_scheme = match scheme {
        "git+ssh" | "git" => Some(System::Git),
        "bzr+ssh" => Some(System::Bazaar),
        "svn+ssh" => Some(System::Subversion),
        _ => None,
    };
    if let Some(system) = by_scheme {
        return Ok(Told::System(system));
    }
    let located = format!("{host}{path}");
    if let Some((_, system, form)) = HOSTS.iter().find(|(known, ..)| *known == host) {
        let is_repository =
            Regex::new(&form.replace('N', NAME)).is_ok_and(|form| form.is_match(&located));
        return Ok(if is_repository {
            Told::System(*system)
        } else {
            Told::Nothing
        });
    }
    let by_name = located
        .rsplit_once('.')
        .and_then(|(_, end)| System::named(end));
    let user = url.user.map(|user| user.name).unwrap_or_default();
    let by_user = match user.as_slice() {
        b"git" => Some(System::Git),
        b"hg" => Some(System::Mercurial),
        _ => None,
    };
    Ok(by_name.or(by_user).map_or(Told::Nothing, Told::System))
}

/// The URL of the page that may tell more of a repository.
pub fn page(address: &str) -> String {
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    match address.split_once('?') {
        None | Some((_, "")) => format!("{}?go-get=1", address.trim_end_matches('?')),
        Some(_) => format!("{address}+go-get=1"),
    }
}

/// What a page says of the repository at an address: its system, and where it really is.
///
/// It says so as it does to Go: `<meta name="go-import" content="example.com/echo git https://…">`.
pub fn read_page(address: &str, page: &str) -> Option<(System, String)> {
    let (url, _) = source::parse(address).ok()?;
    let here = [url.host, url.path].concat();
    let here = String::from_utf8_lossy(&here).into_owned();
    let mut rest = page.get(..PAGE_LIMIT).unwrap_or(page);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>')?;
        rest = after;
        let (name, attributes) = tag
            .split_once(|letter: char| letter.is_ascii_whitespace())
            .unwrap_or((tag, ""));
        let is = |wanted: &str| name.trim_end_matches('/').eq_ignore_ascii_case(wanted);
        if is("body") || is("/head") {
            return None;
        }
        if !is("meta") || attribute(attributes, "name") != Some("go-import") {
            continue;
        }
        let content = attribute(attributes, "content").unwrap_or_default();
        let words: Vec<_> = content.split_whitespace().collect();
        if let [prefix, system, repository] = words[..]
            && here.starts_with(prefix)
        {
            return Some((System::named(system)?, repository.to_owned()));
        }
    }
    None
}

/// What a tag says under a name, in quotes or without.
fn attribute<'t>(attributes: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = attributes;
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, next) = match after.chars().next()? {
            quote @ ('"' | '\'') => after[1..].split_once(quote)?,
            _ => after
                .split_once(|letter: char| letter.is_ascii_whitespace())
                .unwrap_or((after, "")),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_their_system() {
        let system = Told::System;
        for (address, wanted) in [
            ("https://github.com/team/echo", system(System::Git)),
            (
                "https://github.com/team/echo/tree/main",
                system(System::Git),
            ),
            ("git@github.com:team/echo", system(System::Git)),
            ("https://github.com/team", Told::Nothing),
            ("https://bitbucket.org/team/echo", system(System::Git)),
            ("https://launchpad.net/~me/+junk/x", system(System::Bazaar)),
            ("https://hg.code.sf.net/p/a/b", system(System::Mercurial)),
            ("https://example.com/a/b.git", system(System::Git)),
            ("git+https://example.com/a/b.hg", system(System::Mercurial)),
            ("https://example.com/a/b.svn", system(System::Subversion)),
            ("https://example.git", system(System::Git)),
            ("https://example.com/a/b", Told::Nothing),
            ("https://example.com:80/a/git", Told::Nothing),
            ("git://example.com/a", system(System::Git)),
            ("git+ssh://example.com/a", system(System::Git)),
            ("svn+ssh://example.com/a", system(System::Subversion)),
            ("bzr+ssh://example.com/a", system(System::Bazaar)),
            ("ssh://git@example.com/a", system(System::Git)),
            ("hg@example.com:a", system(System::Mercurial)),
            ("me@example.com:a", Told::Nothing),
            ("file:///a/b", Told::Folder("/a/b".into())),
            ("./a/b", Told::Nothing),
            ("name", Told::Nothing),
        ] {
            assert_eq!(told(address).unwrap(), wanted, "{address}");
        }
        assert_eq!(
            told("ht tp://x").unwrap_err().to_string(),
            "parse \"ht tp://x\": first path segment in URL cannot contain colon"
        );
    }

    #[test]
    fn a_page_is_asked_for_as_go_asks() {
        assert_eq!(page("https://a/b"), "https://a/b?go-get=1");
        assert_eq!(page("https://a/b?"), "https://a/b?go-get=1");
        assert_eq!(page("https://a/b?c#d"), "https://a/b?c+go-get=1");
    }

    #[test]
    fn a_page_tells_where_the_repository_is() {
        let page = "<!DOCTYPE html><html><head>\n<meta charset=utf-8><meta name=\"go-import\" content=\"other.org/x git a\">\
                    <META content='example.com/echo git https://git.example.com/echo' name=go-import /></head><body>";
        let found = read_page("https://example.com/echo/sub", page);
        assert_eq!(
            found,
            Some((System::Git, "https://git.example.com/echo".into()))
        );
        assert_eq!(read_page("https://example.com/else", page), None);
        for page in [
            "",
            "<",
            "<meta",
            "<body><meta name=go-import content='example.com git a'>",
            "<meta name=go-import content='example.com git'>",
            "<meta name=go-import content='example.com cvs a'>",
            "<meta name=go-import content='example.com git a",
        ] {
            assert_eq!(read_page("https://example.com/echo", page), None, "{page}");
        }
    }
}
