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

/// Loads documents from files and over HTTP; whoever renders waits meanwhile.
#[derive(Debug, Default)]
pub struct SchemaLoader {
    /// Names of documents that are nowhere to be found and were told of.
    told: Mutex<BTreeSet<String>>,
}

impl Loader for SchemaLoader {
    fn load(&self, url: &str) -> Result<Value, String> {
        let scheme = url.split(':').next().unwrap_or_default();
        let bytes = match scheme {
            "file" => read(url)?,
            "http" | "https" => fetch(url)?,
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

/// Reads a file; whatever host its URL names, as `..` in `file://../port.json`, is passed over.
fn read(url: &str) -> Result<Vec<u8>, String> {
    let parsed = Url::parse(url.as_bytes()).map_err(|error| error.to_string())?;
    let path = PathBuf::from(String::from_utf8_lossy(&parsed.path).into_owned());
    let problem = |step: &str, error: &io::Error| {
        let problem = crate::error::operating_system(error);
        format!("{step} {}: {problem}", path.display())
    };
    let kind = fs::metadata(&path).map_err(|error| problem("open", &error))?;
    if !kind.is_file() && !kind.is_dir() {
        // A device may have no end.
        return Err(format!("open {}: not a regular file", path.display()));
    }
    let file = File::open(&path).map_err(|error| problem("open", &error))?;
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
    use super::*;

    #[test]
    fn a_file_is_read_and_a_missing_one_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("port.json");
        fs::write(&path, "{\"type\": \"integer\"}").unwrap();
        let url = format!("file://{}", path.display());
        assert!(SchemaLoader::default().load(&url).is_ok());
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
