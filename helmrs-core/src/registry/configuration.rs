//! The file of registry credentials, which Docker and its relatives read and write too.
//!
//! What nobody here knows stays in it as it is written: numbers, the order of keys, fields of other programs.
// Parity: oras.land/oras-go/v2, registry/remote/credentials/internal/config/config.go.

mod entry;
mod raw;

use std::collections::BTreeMap;

use helmrs_gotemplate::json::{ParseError, write_string};

use self::entry::Entry;
use self::raw::Raw;
use super::credential::Credential;
use crate::yaml::json::{JsonError, indented};
use crate::yaml::{TypeError, Value};

const AUTHS: &str = "auths";
const STORE: &str = "credsStore";
const HELPERS: &str = "credHelpers";

/// How Go calls the type of an object whose values are left alone.
const RAW_MAP: &str = "map[string]jsontext.Value";

/// Why a file holds no credentials.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ConfigurationError {
    /// It is not JSON.
    #[error("invalid config format: {0}")]
    Json(JsonError),
    /// It ends too early.
    #[error("invalid config format: unexpected EOF")]
    Truncated,
    /// It is JSON of another kind.
    #[error("invalid config format: {0}")]
    Type(TypeError),
    /// A field of it is of another kind.
    #[error("failed to unmarshal {field} field: invalid config format: {source_text}")]
    Field {
        field: &'static str,
        source_text: TypeError,
    },
    /// A name and a password are not written as they should be.
    #[error("failed to decode auth field: invalid config format: {problem}")]
    Auth { problem: String },
}

/// The credentials of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    content: BTreeMap<String, Raw>,
    auths: BTreeMap<String, Raw>,
    store: String,
    helpers: BTreeMap<String, String>,
}

impl Configuration {
    /// Reads the file; an empty one holds nothing, and so does none at all.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::registry::Configuration;
    ///
    /// let file = br#"{"auths":{"localhost:5000":{"auth":"YW5uOnNlY3JldA=="}}}"#;
    /// let credential = Configuration::parse(file)?.credential("localhost:5000")?;
    /// assert_eq!(credential.username, "ann");
    /// # Ok::<(), helmrs_core::registry::ConfigurationError>(())
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, ConfigurationError> {
        if text.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        // Parity: a decoder reads the first value of the file, and whatever follows is nobody's.
        let raw = Raw::first_of(text).map_err(|error| match error {
            JsonError::Parse(ParseError::UnexpectedEnd) => ConfigurationError::Truncated,
            error => ConfigurationError::Json(error),
        })?;
        let content = raw
            .members()
            .map_err(|found| ConfigurationError::Type(TypeError::kind(&found, RAW_MAP)))?;
        let field = |field: &'static str| {
            move |source_text| ConfigurationError::Field { field, source_text }
        };
        let store = content.get(STORE).map(Raw::text).transpose();
        let store = store.map_err(field("creds store"))?.unwrap_or_default();
        let helpers = content.get(HELPERS).map(Raw::texts).transpose();
        let helpers = helpers.map_err(field("cred helpers"))?.unwrap_or_default();
        let auths = content.get(AUTHS).map(Raw::members).transpose();
        let auths = auths
            .map_err(|found| field("auths")(TypeError::kind(&found, RAW_MAP)))?
            .unwrap_or_default();
        Ok(Self {
            content,
            auths,
            store,
            helpers,
        })
    }

    /// Whether the file says anything about credentials.
    pub fn is_empty(&self) -> bool {
        self.store.is_empty() && self.helpers.is_empty() && self.auths.is_empty()
    }

    /// The program that keeps a server's credentials, by the end of its name; empty if the file does.
    pub fn helper(&self, server: &str) -> &str {
        match self.helpers.get(server) {
            Some(helper) if !helper.is_empty() => helper,
            _ => &self.store,
        }
    }

    /// What the file has for a server; an empty credential if that is nothing.
    pub fn credential(&self, server: &str) -> Result<Credential, ConfigurationError> {
        // Parity: old files name servers by URLs.
        let found = self.auths.get(server).or_else(|| {
            let mut auths = self.auths.iter();
            auths.find_map(|(address, entry)| (host(address) == server).then_some(entry))
        });
        found.map_or_else(|| Ok(Credential::default()), Entry::credential)
    }

    /// Puts in what a server is to be shown.
    pub fn insert(&mut self, server: &str, credential: &Credential) {
        self.auths
            .insert(server.to_owned(), Entry::of(credential).to_raw());
    }

    /// Takes out what the file has for a server; tells whether that was anything.
    pub fn remove(&mut self, server: &str) -> bool {
        self.auths.remove(server).is_some()
    }

    /// Names the program that keeps all credentials from now on.
    pub fn set_store(&mut self, store: &str) {
        store.clone_into(&mut self.store);
    }

    /// The file as it is written.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut content = self.content.clone();
        content.remove(STORE);
        if !self.store.is_empty() {
            content.insert(STORE.to_owned(), Raw::of_text(&self.store));
        }
        content.insert(AUTHS.to_owned(), Raw::of_members(&self.auths));
        indented(Raw::of_members(&content).as_bytes(), "\t")
    }
}

/// The host of an address that may be a URL.
fn host(address: &str) -> &str {
    let address = address.strip_prefix("http://").unwrap_or(address);
    let address = address.strip_prefix("https://").unwrap_or(address);
    address.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"z":1.50,"auths":{"q":{"b":1, "a" : "<x>", "l":[ ] , "m":{ }}},
        "credHelpers":{"gcr.io":"gcloud"}} and more"#;

    fn refused(text: &str) -> String {
        Configuration::parse(text.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_others_wrote_stays() {
        let mut file = Configuration::parse(FILE.as_bytes()).unwrap();
        file.insert("a:1", &Credential::basic("ann", "b"));
        let text = String::from_utf8(file.to_bytes()).unwrap();
        assert_eq!(
            text,
            "{\n\t\"auths\": {\n\t\t\"a:1\": {\n\t\t\t\"auth\": \"YW5uOmI=\"\n\t\t},\n\t\t\"q\": {\n\t\t\t\"b\": 1,\n\t\t\t\
             \"a\": \"\\u003cx\\u003e\",\n\t\t\t\"l\": [],\n\t\t\t\"m\": {}\n\t\t}\n\t},\n\t\"credHelpers\": {\n\t\t\"gcr.io\": \
             \"gcloud\"\n\t},\n\t\"z\": 1.50\n}"
        );
        assert!(file.remove("a:1"));
        assert!(!file.remove("a:1"));
    }

    #[test]
    fn a_program_may_keep_the_credentials() {
        let text = br#"{"credsStore":"pass","credHelpers":{"gcr.io":"gcloud","x":""}}"#;
        let file = Configuration::parse(text).unwrap();
        assert_eq!(file.helper("gcr.io"), "gcloud");
        assert_eq!(file.helper("x"), "pass");
        assert!(!file.is_empty());
        assert!(Configuration::parse(b" \n").unwrap().is_empty());
        assert!(Configuration::parse(b"null").unwrap().is_empty());
    }

    #[test]
    fn old_files_name_servers_by_urls() {
        let file = br#"{"auths":{"https://a:1/v1/":{"auth":"YTpi"}}}"#;
        let file = Configuration::parse(file).unwrap();
        assert_eq!(file.credential("a:1").unwrap(), Credential::basic("a", "b"));
        assert!(file.credential("a").unwrap().is_empty());
    }

    #[test]
    fn what_is_malformed_is_named_as_go_names_it() {
        assert_eq!(refused("{"), "invalid config format: unexpected EOF");
        assert_eq!(
            refused("{junk"),
            "invalid config format: invalid character 'j' looking for beginning of object key string"
        );
        assert_eq!(
            refused("[1]"),
            "invalid config format: json: cannot unmarshal array into Go value of type map[string]jsontext.Value"
        );
        assert_eq!(
            refused(r#"{"auths":[]}"#),
            "failed to unmarshal auths field: invalid config format: json: cannot unmarshal array into Go value of type \
             map[string]jsontext.Value"
        );
        assert_eq!(
            refused(r#"{"credHelpers":{"a":1}}"#),
            "failed to unmarshal cred helpers field: invalid config format: json: cannot unmarshal number into Go struct \
             field .a of type string"
        );
        assert_eq!(
            refused(r#"{"credsStore":1}"#),
            "failed to unmarshal creds store field: invalid config format: json: cannot unmarshal number into Go value of \
             type string"
        );
    }
}
