//! Defaults of the kinds that add kinds to the API.

use serde_json::{Value as Json, json};

use super::{fields_at, fill, text_at};

/// Completes a definition of a custom resource.
pub(super) fn complete(definition: &mut Json) {
    let kind = text_at(definition, "/spec/names/kind").to_owned();
    fill(
        fields_at(definition, &["spec", "names"]),
        [
            ("listKind", json!(format!("{kind}List"))),
            ("singular", json!(kind.to_lowercase())),
        ],
    );
    fill(
        fields_at(definition, &["spec", "conversion"]),
        [("strategy", json!("None"))],
    );
}

/// Completes the registration of another API server.
pub(super) fn complete_api_service(service: &mut Json) {
    let reference = service
        .pointer_mut("/spec/service")
        .and_then(Json::as_object_mut);
    fill(reference, [("port", json!(443))]);
}
