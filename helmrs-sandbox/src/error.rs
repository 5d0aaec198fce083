//! What the API server answers when it refuses: a `Status` object.

use serde_json::{Value as Json, json};

use crate::resources::Kind;

/// A refused request; printed by clients as its message.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) code: u16,
    /// The machine-readable word, such as `NotFound`.
    pub(crate) reason: &'static str,
    /// The text clients print.
    pub(crate) message: String,
    /// The `details` object, where the reason calls for one.
    pub(crate) details: Option<Json>,
}

/// What is wrong with one field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The path of the field, such as `spec.template.spec.containers[0].name`.
    pub(crate) field: String,
    /// The word for the kind of error, such as `FieldValueRequired`.
    pub(crate) reason: &'static str,
    /// The text after the path, such as `Required value`.
    pub(crate) message: String,
}

impl FieldError {
    /// A field that must be there is not; `detail` may be empty.
    pub(crate) fn required(field: impl Into<String>, detail: &str) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueRequired",
            message: with_detail("Required value".to_owned(), detail),
        }
    }

    /// A field has a value that is not allowed; `value` is printed as Go prints it.
    pub(crate) fn invalid(field: impl Into<String>, value: &Json, detail: &str) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueInvalid",
            message: with_detail(format!("Invalid value: {value}"), detail),
        }
    }

    /// A field may not be set or changed here.
    pub(crate) fn forbidden(field: impl Into<String>, detail: &str) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueForbidden",
            message: with_detail("Forbidden".to_owned(), detail),
        }
    }

    /// A field has a value outside of its enumeration.
    pub(crate) fn not_supported(
        field: impl Into<String>,
        value: &Json,
        supported: &[&str],
    ) -> Self {
        let words: Vec<String> = supported.iter().map(|word| format!("{word:?}")).collect();
        Self {
            field: field.into(),
            reason: "FieldValueNotSupported",
            message: format!(
                "Unsupported value: {value}: supported values: {}",
                words.join(", ")
            ),
        }
    }

    /// A field holds more than `limit` bytes.
    pub(crate) fn too_long(field: impl Into<String>, limit: usize) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueTooLong",
            message: format!("Too long: may not be more than {limit} bytes"),
        }
    }

    /// A list holds more than `limit` items.
    pub(crate) fn too_many(field: impl Into<String>, count: usize, limit: usize) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueTooMany",
            message: format!("Too many: {count}: must have at most {limit} items"),
        }
    }

    /// A value that must be unique occurs twice.
    pub(crate) fn duplicate(field: impl Into<String>, value: &Json) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueDuplicate",
            message: format!("Duplicate value: {value}"),
        }
    }
}

fn with_detail(text: String, detail: &str) -> String {
    if detail.is_empty() {
        text
    } else {
        format!("{text}: {detail}")
    }
}

impl ApiError {
    fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            details: None,
        }
    }

    fn with_details(mut self, details: Json) -> Self {
        self.details = Some(details);
        self
    }

    /// No object of this name.
    pub(crate) fn not_found(kind: &Kind, name: &str) -> Self {
        Self::new(
            404,
            "NotFound",
            format!("{} \"{name}\" not found", kind.group_resource()),
        )
        .with_details(json!({"name": name, "group": kind.group, "kind": kind.plural}))
    }

    /// No namespace of this name, said of an object meant to live in it.
    pub(crate) fn namespace_not_found(name: &str) -> Self {
        Self::new(404, "NotFound", format!("namespaces \"{name}\" not found"))
            .with_details(json!({"name": name, "kind": "namespaces"}))
    }

    /// The path names no resource.
    pub(crate) fn no_such_resource() -> Self {
        Self::new(
            404,
            "NotFound",
            "the server could not find the requested resource",
        )
        .with_details(json!({}))
    }

    /// An object of this name is there.
    pub(crate) fn already_exists(kind: &Kind, name: &str) -> Self {
        Self::new(
            409,
            "AlreadyExists",
            format!("{} \"{name}\" already exists", kind.group_resource()),
        )
        .with_details(json!({"name": name, "group": kind.group, "kind": kind.plural}))
    }

    /// The object is not in the state the request assumes.
    pub(crate) fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        let resource = kind.group_resource();
        Self::new(
            409,
            "Conflict",
            format!("Operation cannot be fulfilled on {resource} \"{name}\": {why}"),
        )
        .with_details(json!({"name": name, "group": kind.group, "kind": kind.plural}))
    }

    /// A server-side apply meets fields of other managers; the caller words it.
    pub(crate) fn apply_conflict(message: String, causes: Vec<Json>) -> Self {
        Self::new(409, "Conflict", message).with_details(json!({ "causes": causes }))
    }

    /// The object breaks rules of its kind.
    pub(crate) fn invalid(kind: &Kind, name: &str, errors: &[FieldError]) -> Self {
        let texts: Vec<String> = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect();
        let text = match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let causes: Vec<Json> = errors
            .iter()
            .map(|error| json!({"reason": error.reason, "message": error.message, "field": error.field}))
            .collect();
        Self::new(
            422,
            "Invalid",
            format!("{} \"{name}\" is invalid: {text}", kind.group_kind()),
        )
        .with_details(
            json!({"name": name, "group": kind.group, "kind": kind.kind, "causes": causes}),
        )
    }

    /// The request cannot be understood.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// The user may not do this; `why` is the whole text.
    pub(crate) fn forbidden(kind: &Kind, name: &str, why: &str) -> Self {
        Self::new(403, "Forbidden", why)
            .with_details(json!({"name": name, "group": kind.group, "kind": kind.plural}))
    }

    /// The user may not do this with a resource.
    pub(crate) fn forbidden_resource(group: &str, resource: &str, name: &str, why: String) -> Self {
        Self::new(403, "Forbidden", why)
            .with_details(json!({"name": name, "group": group, "kind": resource}))
    }

    /// The body is larger than the server reads.
    pub(crate) fn too_large(limit: usize) -> Self {
        let text = format!("Request entity too large: limit is {limit}");
        Self::new(413, "RequestEntityTooLarge", text)
    }

    /// The path may not be read by this user.
    pub(crate) fn forbidden_path(message: String) -> Self {
        Self::new(403, "Forbidden", message).with_details(json!({}))
    }

    /// The credentials are wrong.
    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized")
    }

    /// The resource has no such verb.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
        .with_details(json!({}))
    }

    /// The body is in a form this server does not read.
    pub(crate) fn unsupported_media_type(accepted: &[&str]) -> Self {
        Self::new(
            415,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - accepted media types include: {}",
                accepted.join(", ")
            ),
        )
    }

    /// The watch starts before what is remembered.
    pub(crate) fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }

    /// The state asked for is still to come.
    pub(crate) fn version_too_large(asked: u64, newest: u64) -> Self {
        let text = format!("Too large resource version: {asked}, current: {newest}");
        let cause =
            json!({"reason": "ResourceVersionTooLarge", "message": "Too large resource version"});
        Self::new(504, "Timeout", text)
            .with_details(json!({"causes": [cause], "retryAfterSeconds": 1}))
    }

    /// A semantic error that is no fault of one field.
    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        Self::new(422, "Invalid", message)
    }

    /// An error the server has no word for.
    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self::new(500, "", message)
    }

    /// Something failed in the server itself.
    pub(crate) fn internal(message: impl std::fmt::Display) -> Self {
        Self::new(
            500,
            "InternalError",
            format!("Internal error occurred: {message}"),
        )
    }

    /// The `Status` object of this error.
    pub(crate) fn status(&self) -> Json {
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason, "code": self.code,
        });
        if let Some(details) = &self.details {
            let mut details = details.clone();
            if details.get("group").and_then(Json::as_str) == Some("") {
                details.as_object_mut().map(|map| map.remove("group"));
            }
            status["details"] = details;
        }
        status
    }
}
