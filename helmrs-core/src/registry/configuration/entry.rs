//! What the file has for one server.

use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, Engine as _};
use serde::{Deserialize, Serialize};

use super::raw::Raw;
use super::{ConfigurationError, Credential};
use crate::yaml::{self, json};

/// Name, password and tokens as the file has them.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, expecting = "config.AuthConfig")]
pub(super) struct Entry {
    #[serde(skip_serializing_if = "String::is_empty")]
    auth: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    identitytoken: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    registrytoken: String,
    /// Where name and password were before they went into `auth`.
    #[serde(skip_serializing)]
    username: String,
    #[serde(skip_serializing)]
    password: String,
}

impl Entry {
    pub(super) fn of(credential: &Credential) -> Self {
        Self {
            auth: credential.encoded(),
            identitytoken: credential.refresh_token.clone(),
            registrytoken: credential.access_token.clone(),
            ..Self::default()
        }
    }

    pub(super) fn to_raw(&self) -> Raw {
        let text = json::to_json_typed(self).expect("an entry is plain data");
        Raw::first_of(&text).expect("what was written as JSON is JSON")
    }

    /// What an entry of the file means.
    pub(super) fn credential(raw: &Raw) -> Result<Credential, ConfigurationError> {
        let entry: Option<Self> =
            yaml::from_value(raw.value()).map_err(|source_text| ConfigurationError::Field {
                field: "auth",
                source_text,
            })?;
        let entry = entry.unwrap_or_default();
        let (username, password) = if entry.auth.is_empty() {
            (entry.username, entry.password)
        } else {
            decode(&entry.auth).map_err(|problem| ConfigurationError::Auth { problem })?
        };
        Ok(Credential {
            username,
            password,
            refresh_token: entry.identitytoken,
            access_token: entry.registrytoken,
        })
    }
}

/// Takes name and password apart.
fn decode(auth: &str) -> Result<(String, String), String> {
    // Parity: Go, encoding/base64: ends of lines do not count.
    let auth = auth.replace(['\r', '\n'], "");
    let decoded = STANDARD.decode(&auth).map_err(|error| {
        let at = match error {
            DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _) => at,
            DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => auth.len(),
        };
        format!("illegal base64 data at input byte {at}")
    })?;
    let decoded = String::from_utf8_lossy(&decoded);
    match decoded.split_once(':') {
        Some((username, password)) => Ok((username.to_owned(), password.to_owned())),
        // Parity: the reference shows what it decoded, which may be a password; nothing is shown here.
        None => Err("auth does not conform the base64(username:password) format".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(text: &str) -> Result<Credential, String> {
        let raw = Raw::first_of(text.as_bytes()).unwrap();
        Entry::credential(&raw).map_err(|error| error.to_string())
    }

    #[test]
    fn auth_counts_more_than_the_fields_before_it() {
        let found =
            credential(r#"{"auth":"YTpiOmM=","username":"x","identitytoken":"t"}"#).unwrap();
        assert_eq!(
            (found.username.as_str(), found.password.as_str()),
            ("a", "b:c")
        );
        assert_eq!(found.refresh_token, "t");
        let found = credential(r#"{"username":"x","password":"y"}"#).unwrap();
        assert_eq!(found, Credential::basic("x", "y"));
    }

    #[test]
    fn what_cannot_be_decoded_is_not_shown() {
        assert_eq!(
            credential(r#"{"auth":"!!"}"#).unwrap_err(),
            "failed to decode auth field: invalid config format: illegal base64 data at input byte 0"
        );
        assert!(
            !credential(r#"{"auth":"YWJj"}"#)
                .unwrap_err()
                .contains("abc")
        );
        assert_eq!(
            credential("3").unwrap_err(),
            "failed to unmarshal auth field: invalid config format: json: cannot unmarshal number into Go value of type \
             config.AuthConfig"
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        let credential = Credential {
            refresh_token: "<t>".to_owned(),
            ..Credential::basic("a", "b")
        };
        let raw = Entry::of(&credential).to_raw();
        assert_eq!(Entry::credential(&raw).unwrap(), credential);
    }
}
