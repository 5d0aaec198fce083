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
    let object = match media_type(headers) {
        "" | "application/json" => json(bytes)?,
        "application/yaml" => yaml(bytes)?,
        _ => return Err(ApiError::unsupported_media_type(ACCEPTED)),
    };
    must_be_object(object)
}

/// Reads the configuration of an apply, in YAML or in JSON, which is YAML.
pub(super) fn configuration(bytes: &[u8]) -> Result<Json, ApiError> {
    must_be_object(json(bytes).or_else(|_| yaml(bytes))?)
}

/// Refuses what is no object, as Go words it.
fn must_be_object(value: Json) -> Result<Json, ApiError> {
    let kind = match &value {
        Json::Object(_) => return Ok(value),
        Json::Null => return Ok(Json::Object(serde_json::Map::new())),
        Json::Array(_) => "array",
        Json::String(_) => "string",
        Json::Number(_) => "number",
        Json::Bool(_) => "bool",
    };
    Err(ApiError::bad_request(format!(
        "couldn't get version/kind; json parse error: json: cannot unmarshal {kind} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}"
    )))
}

/// Reads YAML; the reader bounds depth, size and aliases.
fn yaml(bytes: &[u8]) -> Result<Json, ApiError> {
    serde_saphyr::from_slice(bytes).map_err(|error| {
        ApiError::bad_request(format!("error converting YAML to JSON: yaml: {error}"))
    })
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
