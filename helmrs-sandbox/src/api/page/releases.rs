//! The releases of a cluster, from the records a package manager keeps in Secrets or ConfigMaps.

use std::io::Read;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::Value as Json;

use crate::objects::Objects;

/// How large a record may be when it is unpacked.
const LARGEST: u64 = 32 << 20;
/// How gzip begins; records of long ago are not packed.
const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];

/// One revision of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) revision: i64,
    pub(super) status: String,
    /// The chart's name and version, such as `shop-1.2.3`.
    pub(super) chart: String,
    pub(super) app_version: String,
    pub(super) description: String,
    pub(super) deployed: String,
    pub(super) manifest: String,
}

/// The revisions of all releases or of one, by namespace and name, the newest first.
pub(super) fn of(objects: &Objects, only: Option<(&str, &str)>) -> Vec<Record> {
    let mut records = Vec::new();
    for resource in ["/secrets", "/configmaps"] {
        let namespace = only.map(|(namespace, _)| namespace);
        let (versions, _) = objects.store().versions(&Arc::from(resource), namespace);
        // Few of them are records, and their text tells.
        let versions = versions
            .iter()
            .filter(|version| version.text().contains("\"owner\":\"helm\""));
        for version in versions {
            let object = version.tree();
            let labels = &object["metadata"]["labels"];
            if only.is_none_or(|(_, name)| labels["name"] == name) {
                records.extend(read(&object, resource == "/secrets"));
            }
        }
    }
    records.sort_by(|one, other| {
        let place = |record: &Record| (record.namespace.clone(), record.name.clone());
        place(one)
            .cmp(&place(other))
            .then(other.revision.cmp(&one.revision))
    });
    records
}

fn read(object: &Json, secret: bool) -> Option<Record> {
    let text = object["data"]["release"].as_str()?;
    let release = unpacked(text, secret)?;
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let (info, chart) = (&release["info"], &release["chart"]["metadata"]);
    Some(Record {
        namespace: text(&object["metadata"]["namespace"]),
        name: text(&release["name"]),
        revision: release["version"].as_i64()?,
        status: text(&info["status"]),
        chart: format!("{}-{}", text(&chart["name"]), text(&chart["version"])),
        app_version: text(&chart["appVersion"]),
        description: text(&info["description"]),
        deployed: text(&info["last_deployed"]),
        manifest: text(&release["manifest"]),
    })
}

fn unpacked(text: &str, secret: bool) -> Option<Json> {
    let mut bytes = STANDARD.decode(text).ok()?;
    if secret {
        bytes = STANDARD.decode(&bytes).ok()?;
    }
    if bytes.starts_with(GZIP) {
        let mut plain = Vec::new();
        let mut reader = GzDecoder::new(bytes.as_slice()).take(LARGEST);
        reader.read_to_end(&mut plain).ok()?;
        bytes = plain;
    }
    serde_json::from_slice(&bytes).ok()
}
