//! `Chart.yaml`: what a chart says of itself.

mod dependencies;
pub(crate) mod field;

use std::collections::BTreeMap;

use helmrs_gotemplate::number::{is_printable, quote};
use serde::{Deserialize, Serialize};

pub use dependencies::Dependencies;

use crate::version::Version;
use crate::yaml::Value;

/// The version of `Chart.yaml` that keeps dependencies in `requirements.yaml`.
pub const API_VERSION_1: &str = "v1";
/// The version of `Chart.yaml` that keeps dependencies itself.
pub const API_VERSION_2: &str = "v2";

/// What `Chart.yaml` says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "struct v2.Metadata")]
pub struct Metadata {
    /// The chart's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The URL of its home page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub home: String,
    /// The URLs of its sources.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "field::strings"
    )]
    pub sources: Vec<String>,
    /// Its version, a semantic one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// One sentence about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Words to find it by.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "field::strings"
    )]
    pub keywords: Vec<String>,
    /// Who looks after it.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "field::maintainers"
    )]
    pub maintainers: Vec<Maintainer>,
    /// The URL of its icon.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub icon: String,
    /// The version of `Chart.yaml` itself: `v1` or `v2`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub api_version: String,
    /// Where the values say whether the chart is wanted.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// The tags by which it may be wanted.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tags: String,
    /// The version of what it installs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_version: String,
    /// Whether it should no longer be used.
    #[serde(skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Notes for other tools.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "field::texts"
    )]
    pub annotations: BTreeMap<String, String>,
    /// The versions of Kubernetes it can be installed on.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kube_version: String,
    /// The charts it needs.
    #[serde(skip_serializing_if = "is_empty")]
    pub dependencies: Dependencies,
    /// `application` (also if empty) or `library`.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub chart_type: String,
}

/// Who looks after a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, expecting = "struct v2.Maintainer")]
pub struct Maintainer {
    /// A person's or an organization's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Where to write to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Where to read more.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// A chart that another one needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, expecting = "struct v2.Dependency")]
pub struct Dependency {
    /// The name of the chart that is needed.
    pub name: String,
    /// Its version, or a constraint on it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The repository that has it.
    pub repository: String,
    /// Where the values say whether it is wanted: paths, separated by commas.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// Groups to switch it on and off by.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "field::strings"
    )]
    pub tags: Vec<String>,
    /// Whether it is wanted; written while dependencies are processed.
    #[serde(skip_serializing_if = "is_false")]
    pub enabled: bool,
    /// Which of its values the parent takes over: names of exports, or maps of `child` and `parent`.
    #[serde(
        rename = "import-values",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "field::values"
    )]
    pub import_values: Vec<Value>,
    /// The name it goes by in the parent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alias: String,
}

/// What is wrong with a chart's metadata.
// Parity: Helm, pkg/chart/v2/errors.go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("validation: {0}")]
pub struct ValidationError(pub String);

impl Metadata {
    /// Replaces what does not print, then checks what every chart must have.
    // Parity: Helm, pkg/chart/v2/metadata.go, Validate: the order of the checks.
    pub fn validate(&mut self) -> Result<(), ValidationError> {
        self.sanitize();
        self.check()?;
        for maintainer in &mut self.maintainers {
            maintainer.sanitize();
        }
        let mut seen: Vec<String> = Vec::new();
        for dependency in &mut self.dependencies {
            dependency.validate()?;
            let key = if dependency.alias.is_empty() {
                &dependency.name
            } else {
                &dependency.alias
            };
            if seen.contains(key) {
                return Err(ValidationError(format!(
                    "more than one dependency with name or alias {}",
                    quote(key.as_bytes())
                )));
            }
            seen.push(key.clone());
        }
        Ok(())
    }

    /// Takes over what another file says; what it leaves out stays.
    pub(super) fn overlay(&mut self, over: Self) {
        for (text, over) in [
            (&mut self.name, over.name),
            (&mut self.home, over.home),
            (&mut self.version, over.version),
            (&mut self.description, over.description),
            (&mut self.icon, over.icon),
            (&mut self.api_version, over.api_version),
            (&mut self.condition, over.condition),
            (&mut self.tags, over.tags),
            (&mut self.app_version, over.app_version),
            (&mut self.kube_version, over.kube_version),
            (&mut self.chart_type, over.chart_type),
        ] {
            if !over.is_empty() {
                *text = over;
            }
        }
        replace_filled(&mut self.sources, over.sources);
        replace_filled(&mut self.keywords, over.keywords);
        replace_filled(&mut self.maintainers, over.maintainers);
        if !over.dependencies.is_absent() {
            self.dependencies = over.dependencies;
        }
        self.annotations.extend(over.annotations);
        self.deprecated |= over.deprecated;
    }

    /// Whether the chart is a library: of no use alone, and never installed.
    pub fn is_library(&self) -> bool {
        self.chart_type == "library"
    }

    fn sanitize(&mut self) {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            sanitize(text);
        }
        self.sources
            .iter_mut()
            .chain(&mut self.keywords)
            .for_each(sanitize);
    }

    fn check(&self) -> Result<(), ValidationError> {
        let (name, version) = (&self.name, &self.version);
        let problem = if self.api_version.is_empty() {
            "chart.metadata.apiVersion is required".to_string()
        } else if name.is_empty() {
            "chart.metadata.name is required".to_string()
        } else if name == "." || name == ".." {
            format!(
                "chart.metadata.name {} is not allowed",
                quote(name.as_bytes())
            )
        } else if !is_base_name(name) {
            format!("chart.metadata.name {} is invalid", quote(name.as_bytes()))
        } else if version.is_empty() {
            "chart.metadata.version is required".to_string()
        } else if Version::parse(version).is_err() {
            format!(
                "chart.metadata.version {} is invalid",
                quote(version.as_bytes())
            )
        } else if !matches!(self.chart_type.as_str(), "" | "application" | "library") {
            "chart.metadata.type must be application or library".to_string()
        } else {
            return Ok(());
        };
        Err(ValidationError(problem))
    }
}

impl Maintainer {
    fn sanitize(&mut self) {
        for text in [&mut self.name, &mut self.email, &mut self.url] {
            sanitize(text);
        }
    }
}

impl Dependency {
    /// Replaces what does not print, then checks the alias.
    pub fn validate(&mut self) -> Result<(), ValidationError> {
        for text in [
            &mut self.name,
            &mut self.version,
            &mut self.repository,
            &mut self.condition,
        ] {
            sanitize(text);
        }
        self.tags.iter_mut().for_each(sanitize);
        if self
            .alias
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        {
            return Ok(());
        }
        Err(ValidationError(format!(
            "dependency {} has disallowed characters in the alias",
            quote(self.name.as_bytes())
        )))
    }
}

fn is_empty(dependencies: &Dependencies) -> bool {
    dependencies.is_empty()
}

fn replace_filled<T>(list: &mut Vec<T>, over: Vec<T>) {
    if !over.is_empty() {
        *list = over;
    }
}

/// The refusal of a `Chart.yaml` that has a null among its maintainers or dependencies, which reading drops.
pub(super) fn null_entry(chart_file: &Value) -> Option<ValidationError> {
    let entries = chart_file.as_map()?.iter();
    let has_null = |wanted: &str| {
        let mut lists = entries
            .clone()
            .filter(|(key, _)| key.eq_ignore_ascii_case(wanted));
        lists.any(|(_, list)| {
            list.as_list()
                .is_some_and(|items| items.iter().any(Value::is_null))
        })
    };
    let wanted = ["maintainers", "dependencies"]
        .into_iter()
        .find(|wanted| has_null(wanted))?;
    Some(ValidationError(format!(
        "{wanted} must not contain empty or null nodes"
    )))
}

/// Whether a name is its own last path element, so that files named after it stay where they belong.
pub(crate) fn is_base_name(name: &str) -> bool {
    !name.is_empty() && (!name.contains('/') || name == "/")
}

/// Makes every kind of space a blank and drops what does not print.
// Parity: Helm, pkg/chart/v2/metadata.go, sanitizeString.
pub(crate) fn sanitize(text: &mut String) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return;
    }
    *text = text
        .chars()
        .filter_map(|character| {
            if character.is_whitespace() {
                Some(' ')
            } else {
                Some(character).filter(|&printed| is_printable(printed))
            }
        })
        .collect();
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(change: impl FnOnce(&mut Metadata)) -> String {
        let mut metadata = Metadata {
            name: "web".to_string(),
            version: "1.2.3".to_string(),
            api_version: API_VERSION_2.to_string(),
            ..Metadata::default()
        };
        change(&mut metadata);
        metadata
            .validate()
            .map_or_else(|error| error.to_string(), |()| metadata.name)
    }

    fn needs(names: &[(&str, &str)]) -> Dependencies {
        let dependency = |(name, alias): &(&str, &str)| Dependency {
            name: (*name).to_string(),
            alias: (*alias).to_string(),
            ..Dependency::default()
        };
        names.iter().map(dependency).collect()
    }

    #[test]
    fn a_chart_needs_an_api_version_a_name_and_a_version() {
        assert_eq!(problem(|_| ()), "web");
        assert_eq!(
            problem(|it| it.api_version.clear()),
            "validation: chart.metadata.apiVersion is required"
        );
        assert_eq!(
            problem(|it| it.name.clear()),
            "validation: chart.metadata.name is required"
        );
        assert_eq!(
            problem(|it| it.version.clear()),
            "validation: chart.metadata.version is required"
        );
        assert_eq!(
            problem(|it| it.version = "a".into()),
            "validation: chart.metadata.version \"a\" is invalid"
        );
        assert_eq!(
            problem(|it| it.chart_type = "app".into()),
            "validation: chart.metadata.type must be application or library"
        );
    }

    #[test]
    fn a_name_that_is_a_path_is_refused() {
        assert_eq!(
            problem(|it| it.name = "..".into()),
            "validation: chart.metadata.name \"..\" is not allowed"
        );
        assert_eq!(
            problem(|it| it.name = "../web".into()),
            "validation: chart.metadata.name \"../web\" is invalid"
        );
        assert_eq!(
            problem(|it| it.name = "web/".into()),
            "validation: chart.metadata.name \"web/\" is invalid"
        );
    }

    #[test]
    fn what_does_not_print_is_dropped() {
        assert_eq!(
            problem(|it| it.name = "w\u{1b}[1me\tb é\u{200b}".into()),
            "w[1me b é"
        );
    }

    #[test]
    fn dependencies_have_different_names_and_plain_aliases() {
        assert_eq!(
            problem(|it| it.dependencies = needs(&[("a", ""), ("a", "b")])),
            "web"
        );
        assert_eq!(
            problem(|it| it.dependencies = needs(&[("a", ""), ("b", "a")])),
            "validation: more than one dependency with name or alias \"a\""
        );
        assert_eq!(
            problem(|it| it.dependencies = needs(&[("a", "../b")])),
            "validation: dependency \"a\" has disallowed characters in the alias"
        );
    }
}
