//! Defaults of secrets, volumes and claims.

use serde_json::{Value as Json, json};

use super::{fields_at, fill};

/// Completes a secret: plain texts move to the data.
pub(super) fn complete_secret(secret: &mut Json) {
    use base64::Engine as _;
    fill(secret.as_object_mut(), [("type", json!("Opaque"))]);
    let texts = secret
        .as_object_mut()
        .and_then(|fields| fields.remove("stringData"));
    let Some(Json::Object(texts)) = texts else {
        return;
    };
    if let Some(data) = fields_at(secret, &["data"]) {
        for (name, text) in texts {
            let text = text.as_str().unwrap_or_default();
            let encoded = base64::engine::general_purpose::STANDARD.encode(text);
            data.insert(name, encoded.into());
        }
    }
}

/// Completes a claim.
pub(super) fn complete_claim(claim: &mut Json) {
    fill(
        fields_at(claim, &["spec"]),
        [("volumeMode", json!("Filesystem"))],
    );
    fill(fields_at(claim, &["status"]), [("phase", json!("Pending"))]);
}

/// Completes a volume.
pub(super) fn complete_volume(volume: &mut Json) {
    fill(
        fields_at(volume, &["spec"]),
        [
            ("persistentVolumeReclaimPolicy", json!("Retain")),
            ("volumeMode", json!("Filesystem")),
        ],
    );
    fill(
        fields_at(volume, &["status"]),
        [("phase", json!("Pending"))],
    );
    let path = volume
        .pointer_mut("/spec/hostPath")
        .and_then(Json::as_object_mut);
    fill(path, [("type", json!(""))]);
}

/// Completes a storage class.
pub(super) fn complete_storage_class(class: &mut Json) {
    fill(
        class.as_object_mut(),
        [
            ("reclaimPolicy", json!("Delete")),
            ("volumeBindingMode", json!("Immediate")),
        ],
    );
}
