//! Who asks a registry: a name and a password, or a token.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a registry is shown; empty texts stand for nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credential {
    /// The user's name.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// A token that other tokens are had for.
    pub refresh_token: String,
    /// A token that is shown as it is.
    pub access_token: String,
}

/// Nothing of it may reach a log, not even the name: some registries take a token for one.
impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credential").finish_non_exhaustive()
    }
}

impl Credential {
    /// A name and a password.
    pub fn basic(username: &str, password: &str) -> Self {
        Self {
            username: username.to_owned(),
            password: password.to_owned(),
            ..Self::default()
        }
    }

    /// Whether there is nothing to be shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Name and password as HTTP and the file of credentials have them; empty if there are none.
    pub fn encoded(&self) -> String {
        if self.username.is_empty() && self.password.is_empty() {
            return String::new();
        }
        STANDARD.encode(format!("{}:{}", self.username, self.password))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_credential_is_printed() {
        let credential = Credential::basic("ann", "secret");
        let text = format!("{credential:?}");
        assert!(!text.contains("ann") && !text.contains("secret"));
        assert_eq!(credential.encoded(), "YW5uOnNlY3JldA==");
        assert_eq!(Credential::default().encoded(), "");
    }
}
