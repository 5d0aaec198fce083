//! What an API server, or the way to it, answers when a request fails.

use serde::Deserialize;

/// Why a request to the API server failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ApiError {
    /// The server answered with a failure of its own wording.
    #[error("{message}")]
    Status {
        code: u16,
        reason: String,
        message: String,
    },
    /// No answer came. `operation` is the method as Go words it: `Get`, `Patch`.
    #[error("{operation} \"{url}\": {problem}")]
    Transport {
        operation: String,
        url: String,
        problem: String,
    },
    /// An answer came that nobody can read.
    #[error("{message}")]
    Malformed { message: String },
    /// The request cannot even be formed.
    #[error("{message}")]
    Impossible { message: String },
    /// Somebody asked to stop.
    #[error("context canceled")]
    Cancelled,
}

impl ApiError {
    /// Whether the object does not exist.
    pub fn is_not_found(&self) -> bool {
        self.has_reason("NotFound")
    }

    /// Whether the object is there already.
    pub fn is_already_exists(&self) -> bool {
        self.has_reason("AlreadyExists")
    }

    /// Whether somebody else changed or owns what was to be written.
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Status { code, reason, .. } => {
                reason == "Conflict" || (reason.is_empty() && *code == 409)
            }
            _ => false,
        }
    }

    /// The HTTP status, if the server answered.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Status { code, .. } => Some(*code),
            _ => None,
        }
    }

    fn has_reason(&self, wanted: &str) -> bool {
        matches!(self, Self::Status { reason, .. } if reason == wanted)
    }

    /// The failure an HTTP answer of status `code` means, preferring the server's own account of it.
    pub(super) fn from_answer(answer: &Answer<'_>) -> Self {
        let account = serde_json::from_slice::<Status>(answer.body)
            .ok()
            .filter(|status| {
                status.kind == "Status" && status.outcome != "Success" && !status.message.is_empty()
            });
        match account {
            Some(status) => Self::Status {
                code: answer.code,
                reason: status.reason,
                message: status.message,
            },
            None => Self::unexplained(answer),
        }
    }

    /// The failure an HTTP answer means that is no account the client understands, or may not be asked for one.
    // Parity: apimachinery, pkg/api/errors/errors.go, NewGenericServerResponse.
    pub(super) fn unexplained(answer: &Answer<'_>) -> Self {
        let said = if answer.is_text {
            String::from_utf8_lossy(answer.body).into_owned()
        } else {
            "unknown".into()
        };
        let (reason, message) = match answer.code {
            409 if answer.method == "POST" => ("AlreadyExists", "the server reported a conflict".to_string()),
            409 => ("Conflict", "the server reported a conflict".to_string()),
            404 => ("NotFound", "the server could not find the requested resource".to_string()),
            400 => ("BadRequest", "the server rejected our request for an unknown reason".to_string()),
            401 => ("Unauthorized", "the server has asked for the client to provide credentials".to_string()),
            403 => ("Forbidden", said),
            406 => (
                "NotAcceptable",
                if said == "unknown" || said.is_empty() {
                    "the server was unable to respond with a content type that the client supports".to_string()
                } else {
                    said
                },
            ),
            415 => ("UnsupportedMediaType", said),
            405 => {
                ("MethodNotAllowed", "the server does not allow this method on the requested resource".to_string())
            }
            422 => ("Invalid", "the server rejected our request due to an error in our request".to_string()),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request".to_string()),
            504 => (
                "Timeout",
                "the server was unable to return a response in the time allotted, but may still be processing the \
                 request"
                    .to_string(),
            ),
            429 => (
                "TooManyRequests",
                "the server has received too many requests and has asked us to try again later".to_string(),
            ),
            code if code >= 500 => (
                "InternalError",
                format!("an error on the server ({said:?}) has prevented the request from succeeding"),
            ),
            code => ("", format!("the server responded with the status code {code} but did not return more information")),
        };
        Self::Status {
            code: answer.code,
            reason: reason.to_string(),
            message,
        }
    }
}

/// A failed answer, taken apart.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub(super) method: &'a str,
    pub(super) code: u16,
    pub(super) is_text: bool,
    pub(super) body: &'a [u8],
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Status {
    kind: String,
    #[serde(rename = "status")]
    outcome: String,
    message: String,
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: u16, body: &[u8]) -> Answer<'_> {
        Answer {
            method: "GET",
            code,
            is_text: true,
            body,
        }
    }

    #[test]
    fn the_servers_own_words_are_kept() {
        let body = br#"{"kind":"Status","status":"Failure","message":"pods \"a\" not found","reason":"NotFound","code":404}"#;
        let error = ApiError::from_answer(&answer(404, body));
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "pods \"a\" not found");
    }

    #[test]
    fn an_answer_without_an_account_is_worded_by_its_code() {
        let error = ApiError::unexplained(&answer(401, b"Unauthorized"));
        assert_eq!(
            error.to_string(),
            "the server has asked for the client to provide credentials"
        );
    }
}
