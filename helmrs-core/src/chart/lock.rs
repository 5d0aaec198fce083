//! `Chart.lock`: the versions that the dependencies were resolved to.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Dependencies, Dependency};
use crate::time::Time;
use crate::yaml::Value;
use crate::yaml::json::to_json;

/// The state the dependencies should be in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, expecting = "struct v2.Lock")]
pub struct Lock {
    /// When the file was written.
    pub generated: Time,
    /// A hash of what `Chart.yaml` asked for, and of the answer.
    pub digest: String,
    /// The dependencies, each with one version.
    pub dependencies: Dependencies,
}

/// The digest of a lock: of what was asked for and of what was found.
// Parity: Helm, internal/resolver/resolver.go, HashReq.
pub fn requirements_digest(requirements: &Dependencies, locked: &Dependencies) -> String {
    sha256(&format!(
        "[{},{}]",
        json_list(requirements),
        json_list(locked)
    ))
}

/// The digest that the second Helm wrote into locks: of what was asked for alone.
// Parity: Helm, internal/resolver/resolver.go, HashV2Req.
pub fn requirements_digest_of_version_2(requirements: &Dependencies) -> String {
    sha256(&format!("{{\"dependencies\":{}}}", json_list(requirements)))
}

fn sha256(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}

/// Dependencies as Go's JSON has them: fields in the order of the type, empty ones left out.
fn json_list(dependencies: &Dependencies) -> String {
    if dependencies.is_absent() {
        return "null".to_string();
    }
    let dependencies: Vec<_> = dependencies.iter().map(json).collect();
    format!("[{}]", dependencies.join(","))
}

fn json(dependency: &Dependency) -> String {
    let text = |text: &str| Value::from(text);
    let tags = dependency
        .tags
        .iter()
        .map(|tag| text(tag))
        .collect::<Vec<_>>();
    let fields = [
        ("name", text(&dependency.name), true),
        (
            "version",
            text(&dependency.version),
            !dependency.version.is_empty(),
        ),
        ("repository", text(&dependency.repository), true),
        (
            "condition",
            text(&dependency.condition),
            !dependency.condition.is_empty(),
        ),
        ("tags", Value::from(tags), !dependency.tags.is_empty()),
        (
            "enabled",
            Value::from(dependency.enabled),
            dependency.enabled,
        ),
        (
            "import-values",
            Value::from(dependency.import_values.clone()),
            !dependency.import_values.is_empty(),
        ),
        (
            "alias",
            text(&dependency.alias),
            !dependency.alias.is_empty(),
        ),
    ];
    let fields: Vec<_> = fields
        .into_iter()
        .filter(|(_, _, present)| *present)
        .map(|(name, value, _)| format!("\"{name}\":{}", to_json(&value).unwrap_or_default()))
        .collect();
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_of_the_json_that_go_writes() {
        let dependency = Dependency {
            name: "a".to_string(),
            version: ">1".to_string(),
            import_values: vec![Value::Float(1e21)],
            ..Dependency::default()
        };
        assert_eq!(
            json(&dependency),
            r#"{"name":"a","version":"\u003e1","repository":"","import-values":[1e+21]}"#
        );
    }
}
