//! Showing a registry who asks, when and as it wants to see it.
// Parity: oras.land/oras-go/v2, registry/remote/auth/{client,cache}.go.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use helmrs_core::registry::{Challenge, Credential, scope};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use url::Url;

use super::credentials::Credentials;
use super::error::RegistryError;
use super::token::{self, Wanted};
use super::transport::{Answer, Body, Request, Transport, is_same_origin};
use crate::event::Watch;

/// What registries took before, by their hosts; those who share it are not asked twice.
#[derive(Clone, Default)]
pub struct Session(Arc<Mutex<BTreeMap<String, Known>>>);

/// What one registry took: basic authorization under the empty key, tokens under their scopes.
#[derive(Default)]
struct Known {
    is_basic: bool,
    values: BTreeMap<String, HeaderValue>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").finish_non_exhaustive()
    }
}

/// Sessions are the same if they are shared.
impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Session {}

impl Session {
    /// What a registry took before for these scopes.
    fn get(&self, host: &str, scopes: &str) -> Option<HeaderValue> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(host)?;
        let key = if known.is_basic { "" } else { scopes };
        known.values.get(key).cloned()
    }

    fn put(&self, host: &str, is_basic: bool, scopes: &str, value: &HeaderValue) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(host.to_string()).or_default();
        if known.is_basic != is_basic {
            *known = Known {
                is_basic,
                ..Known::default()
            };
        }
        known.values.insert(scopes.to_string(), value.clone());
    }
}

/// Sends requests as somebody.
pub(super) struct Authorizer {
    pub(super) transport: Transport,
    pub(super) credentials: Credentials,
    pub(super) session: Session,
    /// Whether tokens are had for passwords in the way of OAuth 2.
    pub(super) oauth: bool,
}

impl Authorizer {
    /// Sends a request; where that is refused, again as somebody.
    pub(super) async fn send(
        &self,
        request: &Request,
        scopes: &[String],
        watch: &dyn Watch,
    ) -> Result<Answer, RegistryError> {
        if request.headers.contains_key(AUTHORIZATION) {
            return self.transport.send(request, watch).await;
        }
        let host = host(&request.url);
        let tried = scopes.join(" ");
        let first = match self.session.get(&host, &tried) {
            Some(value) => request.authorized(&value),
            None => request.clone(),
        };
        let answer = self.transport.send(&first, watch).await?;
        let is_elsewhere =
            Url::parse(&request.url).is_ok_and(|asked| !is_same_origin(&asked, answer.url()));
        if answer.status() != StatusCode::UNAUTHORIZED || is_elsewhere {
            return Ok(answer);
        }
        let challenge = answer.header(WWW_AUTHENTICATE).unwrap_or_default();
        let value = match Challenge::parse(challenge) {
            Challenge::Unknown => return Ok(answer),
            Challenge::Basic => self.basic(&host).await,
            Challenge::Bearer {
                realm,
                service,
                scope,
            } => {
                let scopes = all_scopes(scopes, &scope);
                if let Some(answer) = self.again(request, &host, &tried, &scopes, watch).await? {
                    return Ok(answer);
                }
                let wanted = Wanted {
                    realm: &realm,
                    service: &service,
                    scopes: &scopes,
                };
                self.bearer(&request.url, &host, &wanted, watch).await
            }
        };
        let value = value.map_err(|error| answer.because(error))?;
        check_repeatable(request)?;
        self.transport
            .send(&request.authorized(&value), watch)
            .await
    }

    /// Sends a request with a token that was taken before for the scopes the registry names; none if it is not taken now.
    async fn again(
        &self,
        request: &Request,
        host: &str,
        tried: &str,
        scopes: &[String],
        watch: &dyn Watch,
    ) -> Result<Option<Answer>, RegistryError> {
        let key = scopes.join(" ");
        let Some(value) = self.session.get(host, &key).filter(|_| key != tried) else {
            return Ok(None);
        };
        check_repeatable(request)?;
        let request = request.authorized(&value);
        let answer = self.transport.send(&request, watch).await?;
        Ok(Some(answer).filter(|answer| answer.status() != StatusCode::UNAUTHORIZED))
    }

    async fn basic(&self, host: &str) -> Result<HeaderValue, RegistryError> {
        let credential = self.credentials.get(host).await;
        let credential = credential.map_err(|source| RegistryError::Credential {
            source: Box::new(source),
        })?;
        if credential.is_empty() {
            return Err(RegistryError::NoCredential);
        }
        if credential.username.is_empty() || credential.password.is_empty() {
            return Err(RegistryError::IncompleteCredential { scheme: "basic" });
        }
        let value = basic(&credential);
        self.session.put(host, true, "", &value);
        Ok(value)
    }

    async fn bearer(
        &self,
        registry: &str,
        host: &str,
        wanted: &Wanted<'_>,
        watch: &dyn Watch,
    ) -> Result<HeaderValue, RegistryError> {
        token::check_realm(wanted.realm, registry).map_err(RegistryError::Realm)?;
        let credential = self.credentials.get(host).await?;
        let token = if credential.access_token.is_empty() {
            token::fetch(&self.transport, wanted, &credential, self.oauth, watch).await?
        } else {
            credential.access_token
        };
        let value = HeaderValue::try_from(format!("Bearer {token}"));
        let mut value = value.map_err(|_| {
            let problem = "net/http: invalid header field value for \"Authorization\"";
            RegistryError::Realm(problem.to_string())
        })?;
        value.set_sensitive(true);
        self.session
            .put(host, false, &wanted.scopes.join(" "), &value);
        Ok(value)
    }
}

/// The scopes asked for and those the registry names.
fn all_scopes(asked: &[String], named: &str) -> Vec<String> {
    if named.is_empty() {
        return asked.to_vec();
    }
    let named = named.split(' ').map(str::to_string);
    let all: Vec<String> = asked.iter().cloned().chain(named).collect();
    scope::clean(&all)
}

/// A name and a password as a header.
pub(super) fn basic(credential: &Credential) -> HeaderValue {
    let text = format!("Basic {}", credential.encoded());
    let mut value = HeaderValue::try_from(text).expect("base64 is a header's text");
    value.set_sensitive(true);
    value
}

/// What is sent once cannot be sent as somebody else.
fn check_repeatable(request: &Request) -> Result<(), RegistryError> {
    if matches!(request.body, Body::Once(_)) {
        return Err(RegistryError::Answer {
            method: request.method.to_string(),
            url: request.url.clone(),
            problem: "request body is not rewindable".to_string(),
        });
    }
    Ok(())
}

/// The host and port of a URL, as they are written.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_keeps_tokens_by_their_scopes() {
        let session = Session::default();
        let value = HeaderValue::from_static("Bearer x");
        session.put("a:1", false, "s", &value);
        assert_eq!(session.get("a:1", "s"), Some(value.clone()));
        assert_eq!(session.get("a:1", "t"), None);
        assert_eq!(session.get("a:2", "s"), None);
        session.put("a:1", true, "", &value);
        assert_eq!(session.get("a:1", "anything"), Some(value));
        assert_eq!(session, session.clone());
        assert!(!format!("{session:?}").contains('x'));
    }

    #[test]
    fn scopes_of_the_registry_are_added() {
        let asked = ["repository:web:pull".to_string()];
        assert_eq!(all_scopes(&asked, ""), asked);
        assert_eq!(
            all_scopes(&asked, "repository:web:push"),
            ["repository:web:pull,push"]
        );
        assert_eq!(host("http://a:1/v2/"), "a:1");
    }
}
