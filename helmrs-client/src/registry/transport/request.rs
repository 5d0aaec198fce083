//! What a registry is asked.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue, Method};

use super::RegistryError;
use crate::cluster::transport::operation;

/// What a request carries.
#[derive(Clone, Default)]
pub(in crate::registry) enum Body {
    /// Nothing.
    #[default]
    None,
    /// Something that is no secret, sent again wherever that is asked for.
    Content(Bytes),
    /// Something large that is sent once.
    Once(Bytes),
    /// Something that only the host it is meant for may see.
    Secret(Bytes),
}

impl Body {
    pub(in crate::registry) fn bytes(&self) -> &[u8] {
        match self {
            Self::None => &[],
            Self::Content(bytes) | Self::Once(bytes) | Self::Secret(bytes) => bytes,
        }
    }
}

/// It may hold a password.
impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} bytes", self.bytes().len())
    }
}

/// A request.
#[derive(Clone, Debug)]
pub(in crate::registry) struct Request {
    pub(in crate::registry) method: Method,
    pub(in crate::registry) url: String,
    pub(in crate::registry) headers: HeaderMap,
    pub(in crate::registry) body: Body,
}

impl Request {
    pub(in crate::registry) fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::None,
        }
    }

    pub(in crate::registry) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(in crate::registry) fn with_body(self, body: Body) -> Self {
        Self { body, ..self }
    }

    /// The same request, as somebody.
    pub(in crate::registry) fn authorized(&self, value: &HeaderValue) -> Self {
        self.clone().with_header(AUTHORIZATION, value.clone())
    }

    /// No answer came.
    pub(in crate::registry) fn failed(&self, problem: impl Into<String>) -> RegistryError {
        RegistryError::Transport {
            operation: operation(&self.method),
            url: self.url.clone(),
            problem: problem.into(),
        }
    }
}
