//! What a list tells of a release, read without the rest of its record.

use serde::Deserialize;

use super::record::{self, DecodeError};
use super::{Info, Release, null_as_default};
use crate::chart::{Chart, Metadata};

/// The parts of a record that lists show; the others are passed over unread.
#[derive(Deserialize)]
struct Summary {
    #[serde(default, deserialize_with = "null_as_default")]
    name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    info: Info,
    #[serde(default)]
    chart: Option<Described>,
    #[serde(rename = "version", default, deserialize_with = "null_as_default")]
    revision: i64,
    #[serde(default, deserialize_with = "null_as_default")]
    namespace: String,
    #[serde(default, deserialize_with = "null_as_default")]
    apply_method: String,
}

/// A chart as far as lists show it.
#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    metadata: Metadata,
}

/// Reads what [`record::encode`] wrote as far as lists show it: manifest, hooks, values and files of the chart stay empty.
pub fn decode(record: &[u8]) -> Result<Release, DecodeError> {
    let json = record::unpacked(record)?;
    let summary: Summary = serde_json::from_slice(&json).map_err(DecodeError::Json)?;
    let chart = summary.chart.map(|described| Chart {
        metadata: described.metadata,
        ..Chart::default()
    });
    Ok(Release {
        name: summary.name,
        info: summary.info,
        chart,
        revision: summary.revision,
        namespace: summary.namespace,
        apply_method: summary.apply_method,
        ..Release::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn what_lists_show_is_read_and_the_rest_passed_over() {
        let mut release = Release {
            name: "web".into(),
            namespace: "shop".into(),
            revision: 3,
            manifest: "kind: ConfigMap".into(),
            chart: Some(Chart::default()),
            apply_method: "ssa".into(),
            ..Release::default()
        };
        release.set_status(Status::Failed, "said so");
        let encoded = record::encode(&release).unwrap();
        let summary = decode(encoded.as_bytes()).unwrap();
        let whole = record::decode(encoded.as_bytes()).unwrap();
        assert_eq!(summary.manifest, "");
        let manifest = whole.manifest.clone();
        assert_eq!(
            Release {
                manifest,
                ..summary
            },
            whole
        );
    }
}
