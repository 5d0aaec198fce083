//! The documents a chart's JSON schema refers to.
// Parity: Helm, pkg/chart/common/util/jsonschema.go: the loaders for file, http, https and urn.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use helmrs_core::values::schema::Loader;
use helmrs_core::yaml::{Value, json};
use helmrs_gotemplate::url::Url;
use tokio::runtime;

use super::http::{self, FetchError, FetchOptions};
use crate::event::Silent;

/// How long one document may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How big a document may be.
const MOST_BYTES: usize = 16 << 20;

/// What the schemas of a chart may refer to; by default nothing but themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaReach {
    /// Whether documents may be fetched over HTTP, other than from addresses that only this machine knows.
    pub remote: bool,
    /// The folder whose files may be read, which is the chart's own.
    pub folder: Option<PathBuf>,
}

/// Loads documents from files and over HTTP; whoever renders waits meanwhile.
#[derive(Debug, Default)]
pub struct SchemaLoader {
    reach: SchemaReach,
    /// Names of documents that are nowhere to be found and were told of.
    told: Mutex<BTreeSet<String>>,
}

impl SchemaLoader {
    /// A loader that goes as far as this and no further.
    pub fn new(reach: SchemaReach) -> Self {
        Self {
            reach,
            ..Self::default()
        }
    }

    /// Goes as far as this from now on; what was told stays told.
    #[must_use]
    pub fn reaching(self, reach: SchemaReach) -> Self {
        Self { reach, ..self }
    }

    /// Reads a file of the chart; whatever host its URL names, as `..` in `file://../port.json`, is passed over.
    fn read(&self, url: &str) -> Result<Vec<u8>, String> {
        let path = file_of(url)?;
        let problem = |step: &str, error: &io::Error| {
            let problem = crate::error::operating_system(error);
            format!("{step} {}: {problem}", path.display())
        };
        let kind = fs::metadata(&path).map_err(|error| problem("open", &error))?;
        if !kind.is_file() && !kind.is_dir() {
            // A device may have no end.
            return Err(format!("open {}: not a regular file", path.display()));
        }
        // Links are followed before asking where a file is, and what is read is what was asked about.
        let real = fs::canonicalize(&path).map_err(|error| problem("open", &error))?;
        let folder = self.reach.folder.as_ref();
        let folder = folder.and_then(|folder| fs::canonicalize(folder).ok());
        if !folder.is_some_and(|folder| real.starts_with(folder)) {
            return Err(format!("open {}: not a file of the chart", path.display()));
        }
        let file = File::open(&real).map_err(|error| problem("open", &error))?;
        let mut bytes = Vec::new();
        let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| problem("read", &error))?;
        if bytes.len() > MOST_BYTES {
            return Err(format!("read {}: file too large", path.display()));
        }
        Ok(bytes)
    }
}

/// The path a URL names.
fn file_of(url: &str) -> Result<PathBuf, String> {
    let parsed = Url::parse(url.as_bytes()).map_err(|error| error.to_string())?;
    Ok(PathBuf::from(
        String::from_utf8_lossy(&parsed.path).into_owned(),
    ))
}

impl Loader for SchemaLoader {
    fn load(&self, url: &str) -> Result<Value, String> {
        let scheme = url.split(':').next().unwrap_or_default();
        let bytes = match scheme {
            "file" => self.read(url)?,
            "http" | "https" if self.reach.remote => fetch(url)?,
            "http" | "https" => return Err("references to other hosts are switched off".to_owned()),
            "urn" => return Err(format!("URN not resolved: {url}")),
            _ => return Err(format!("no URLLoader registered for \"{url}\"")),
        };
        json::parse(&bytes).map_err(|error| error.to_string())
    }

    // Parity: Helm, pkg/chart/common/util/jsonschema.go, urnLoader: a name is told of once, however many charts use it.
    fn is_new(&self, urn: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(urn.to_owned())
    }
}

/// Fetches a document on a thread of its own, as this one may belong to a runtime that must not be blocked twice.
fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let address = url.to_owned();
    let thread = std::thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let options = FetchOptions {
            timeout: Some(TIMEOUT),
            most_bytes: Some(MOST_BYTES),
            refuse_link_local: true,
            ..FetchOptions::default()
        };
        let fetched = runtime.block_on(http::fetch(&address, &options, &Silent));
        fetched.map_err(|error| problem(&address, &error))
    });
    match thread.join() {
        Ok(fetched) => fetched,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn problem(url: &str, error: &FetchError) -> String {
    match error {
        FetchError::Status { status, .. } => {
            let (code, words) = status.split_once(' ').unwrap_or((status, ""));
            format!("HTTP request to {url} returned status {code} ({words})")
        }
        FetchError::Truncated | FetchError::TooBig { .. } => error.to_string(),
        _ => format!("HTTP request failed for {url}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_file_is_read_and_a_missing_one_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("port.json");
        fs::write(&path, "{\"type\": \"integer\"}").unwrap();
        let url = format!("file://{}", path.display());
        let loader = |folder: &Path| {
            SchemaLoader::new(SchemaReach {
                folder: Some(folder.to_owned()),
                ..SchemaReach::default()
            })
        };
        assert!(loader(folder.path()).load(&url).is_ok());
        let other = tempfile::tempdir().unwrap();
        let refused = loader(other.path()).load(&url).unwrap_err();
        assert!(refused.ends_with("not a file of the chart"), "{refused}");
        let missing = SchemaLoader::default()
            .load("file:///nowhere/port.json")
            .unwrap_err();
        assert_eq!(
            missing,
            "open /nowhere/port.json: no such file or directory"
        );
    }

    #[test]
    fn the_host_of_a_file_is_passed_over() {
        let problem = SchemaLoader::default()
            .load("file://../nowhere/a%20port.json#/definitions")
            .unwrap_err();
        assert_eq!(
            problem,
            "open /nowhere/a port.json: no such file or directory"
        );
    }

    #[test]
    fn a_name_that_cannot_be_resolved_is_told_of_once() {
        let loader = SchemaLoader::default();
        assert!(loader.load("urn:example:port").is_err());
        assert!(loader.is_new("urn:example:port"));
        assert!(!loader.is_new("urn:example:port"));
        assert!(loader.is_new("urn:example:host"));
    }

    #[test]
    fn other_schemes_are_refused() {
        assert_eq!(
            SchemaLoader::default()
                .load("ftp://example.com/a.json")
                .unwrap_err(),
            "no URLLoader registered for \"ftp://example.com/a.json\""
        );
    }
}
