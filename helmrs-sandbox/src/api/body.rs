//! Request bodies: JSON, or protobuf for the kinds typed clients send.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value as Json;

use crate::error::ApiError;
use crate::protobuf;

/// What a create or replace may be written in.
const ACCEPTED: &[&str] = &[
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
];

/// The media type of a body, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// Reads the object of a create or replace.
pub(super) fn object(headers: &HeaderMap, bytes: &[u8]) -> Result<Json, ApiError> {
    if protobuf::is_protobuf(bytes) {
        return protobuf::decode(bytes).map_err(|error| ApiError::bad_request(error.to_string()));
    }
    match media_type(headers) {
        "" | "application/json" | "application/yaml" => json(bytes),
        _ => Err(ApiError::unsupported_media_type(ACCEPTED)),
    }
}

/// Reads the options of a delete, which may be left out.
pub(super) fn options(headers: &HeaderMap, bytes: &[u8]) -> Result<Json, ApiError> {
    if bytes.is_empty() {
        Ok(Json::Null)
    } else {
        object(headers, bytes)
    }
}

/// Reads JSON.
pub(super) fn json(bytes: &[u8]) -> Result<Json, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        ApiError::bad_request(format!(
            "couldn't get version/kind; json parse error: {error}"
        ))
    })
}
