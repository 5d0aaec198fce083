//! Answers: JSON with a status, texts, and streams.

use axum::body::Body;
use http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, WARNING};
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::error::ApiError;

/// An answer on its way out.
pub(super) type Reply = Response<Body>;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A JSON value.
pub(super) fn json(code: u16, value: &Json) -> Reply {
    bytes(code, JSON, value.to_string().into_bytes())
}

/// A JSON value that is text already.
pub(super) fn json_text(code: u16, text: String) -> Reply {
    bytes(code, JSON, text.into_bytes())
}

/// A refusal.
pub(super) fn error(error: &ApiError) -> Reply {
    json(error.code, &error.status())
}

/// A plain text.
pub(super) fn text(text: String) -> Reply {
    bytes(
        200,
        HeaderValue::from_static("text/plain"),
        text.into_bytes(),
    )
}

/// Bytes of another media type.
pub(super) fn raw(kind: &'static str, content: &[u8]) -> Reply {
    bytes(200, HeaderValue::from_static(kind), content.to_vec())
}

/// JSON lines, one at a time.
pub(super) fn stream(body: Body) -> Reply {
    let mut reply = Response::new(body);
    reply.headers_mut().insert(CONTENT_TYPE, JSON);
    reply
}

fn bytes(code: u16, kind: HeaderValue, bytes: Vec<u8>) -> Reply {
    let mut reply = Response::new(Body::from(bytes));
    *reply.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply.headers_mut().insert(CONTENT_TYPE, kind);
    reply
}

/// Adds warnings for the user.
pub(super) fn with_warnings(mut reply: Reply, warnings: &[String]) -> Reply {
    for warning in warnings {
        let quoted = warning.replace('\\', "\\\\").replace('"', "\\\"");
        if let Ok(value) = HeaderValue::from_str(&format!("299 - \"{quoted}\"")) {
            reply.headers_mut().append(WARNING, value);
        }
    }
    reply
}

/// A document clients cache: 304 if they have it already.
pub(super) fn cached(asked: &HeaderMap, kind: &'static str, value: &Json) -> Reply {
    let text = value.to_string();
    let digest = digest(&text);
    cached_text(asked, kind, &text, &digest)
}

/// A document clients cache, by the name of its present form.
pub(super) fn cached_text(
    asked: &HeaderMap,
    kind: &'static str,
    text: &str,
    digest: &str,
) -> Reply {
    let tag = format!("\"{digest}\"");
    let known = asked
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let mut reply = if known == Some(tag.as_str()) {
        let mut reply = Response::new(Body::empty());
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        reply
    } else {
        bytes(
            200,
            HeaderValue::from_static(kind),
            text.as_bytes().to_vec(),
        )
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        reply.headers_mut().insert(ETAG, tag);
    }
    reply
        .headers_mut()
        .insert("vary", HeaderValue::from_static("Accept"));
    reply
        .headers_mut()
        .insert("cache-control", HeaderValue::from_static("public"));
    reply
}

/// A name for a text: its SHA-256 in upper-case hexadecimal.
pub(super) fn digest(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02X}");
            hex
        })
}
