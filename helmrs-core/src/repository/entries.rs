//! `repositories.yaml`: the repositories a user has added.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::API_VERSION;
use crate::time::Time;
use crate::yaml::{self, YamlError};

/// The repositories a user has added, in the order they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RepositoriesFile {
    /// The version of the file itself.
    pub api_version: String,
    /// When the file was first written.
    pub generated: Time,
    /// The repositories.
    #[serde(deserialize_with = "without_nulls")]
    pub repositories: Vec<Entry>,
}

/// A repository, and how to reach it.
// Parity: Helm, pkg/repo/v1/chartrepo.go, Entry: every field is written, empty or not.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The name it goes by.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Who asks.
    pub username: String,
    /// And proves it.
    pub password: String,
    /// The certificate to show.
    #[serde(rename = "certFile")]
    pub cert_file: String,
    /// The key of that certificate.
    #[serde(rename = "keyFile")]
    pub key_file: String,
    /// Whom to trust.
    #[serde(rename = "caFile")]
    pub ca_file: String,
    /// Whether to trust anyone.
    pub insecure_skip_tls_verify: bool,
    /// Whether to prove it to other hosts as well.
    pub pass_credentials_all: bool,
}

/// Without what proves who it is.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.name)
            .field("url", &self.url)
            .field("username", &self.username)
            .field("cert_file", &self.cert_file)
            .field("key_file", &self.key_file)
            .field("ca_file", &self.ca_file)
            .field("insecure_skip_tls_verify", &self.insecure_skip_tls_verify)
            .field("pass_credentials_all", &self.pass_credentials_all)
            .finish_non_exhaustive()
    }
}

impl RepositoriesFile {
    /// A file without repositories.
    pub fn new(generated: Time) -> Self {
        Self {
            api_version: API_VERSION.to_string(),
            generated,
            repositories: Vec::new(),
        }
    }

    /// Reads a file.
    pub fn read(text: &[u8]) -> Result<Self, YamlError> {
        let file: Option<Self> = yaml::read(text)?;
        Ok(file.unwrap_or_default())
    }

    /// The repository of a name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.repositories.iter().find(|entry| entry.name == name)
    }

    /// Whether a name is taken.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Puts a repository in the place of the one of its name, or at the end.
    pub fn update(&mut self, entry: Entry) {
        match self
            .repositories
            .iter_mut()
            .find(|known| known.name == entry.name)
        {
            Some(known) => *known = entry,
            None => self.repositories.push(entry),
        }
    }

    /// Removes the repositories of a name; says whether there were any.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.repositories.len();
        self.repositories.retain(|entry| entry.name != name);
        self.repositories.len() < before
    }
}

fn without_nulls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Entry>, D::Error> {
    let entries: Option<Vec<Option<Entry>>> = Option::deserialize(deserializer)?;
    Ok(entries.unwrap_or_default().into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, url: &str) -> Entry {
        Entry {
            name: name.to_string(),
            url: url.to_string(),
            ..Entry::default()
        }
    }

    #[test]
    fn a_repository_of_the_same_name_is_replaced() {
        let mut file = RepositoriesFile::new(Time::ZERO);
        file.update(entry("a", "1"));
        file.update(entry("b", "2"));
        file.update(entry("a", "3"));
        assert_eq!(file.find("a").unwrap().url, "3");
        assert_eq!(file.repositories.len(), 2);
        assert!(file.remove("a"));
        assert!(!file.remove("a"));
    }

    #[test]
    fn every_field_is_written() {
        let mut file = RepositoriesFile::new(Time::ZERO);
        file.update(entry("a", "http://a"));
        let text = yaml::to_yaml(&yaml::to_value(&file).unwrap()).unwrap();
        assert_eq!(
            text,
            "apiVersion: v1\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n- caFile: \"\"\n  certFile: \"\"\n  \
             insecure_skip_tls_verify: false\n  keyFile: \"\"\n  name: a\n  pass_credentials_all: false\n  \
             password: \"\"\n  url: http://a\n  username: \"\"\n"
        );
        assert_eq!(RepositoriesFile::read(text.as_bytes()).unwrap(), file);
    }
}
