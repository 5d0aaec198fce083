//! Rules about `Chart.yaml`.

use super::source::{Look, Source};
use super::{Report, Severity, contact};
use crate::chart::{API_VERSION_1, API_VERSION_2, CHART_FILE, Metadata};
use crate::version::{Constraint, Version};
use crate::yaml::{self, Value};

/// What a rule looks at: the file as it was understood, and as it stands.
struct ChartFile<'a> {
    metadata: &'a Metadata,
    value: &'a Value,
}

type Rule = fn(&ChartFile<'_>) -> Option<String>;

// Parity: Helm, pkg/chart/v2/lint/rules/chartfile.go, Chartfile: the order of the rules.
const RULES: &[(Severity, Rule)] = &[
    (Severity::Error, name),
    (Severity::Error, api_version),
    (Severity::Error, |file| text_field(file, "version")),
    (Severity::Error, version),
    (Severity::Error, |file| text_field(file, "appVersion")),
    (Severity::Error, maintainers),
    (Severity::Error, sources),
    (Severity::Info, icon_presence),
    (Severity::Error, icon_url),
    (Severity::Error, chart_type),
    (Severity::Error, dependencies),
    (Severity::Warning, strict_version),
];

pub(super) fn check(source: &Source, report: &mut Report) {
    let text = match &source.chart_file {
        Look::File(text) => text,
        Look::Missing => return,
        Look::Unreadable {
            is_directory,
            error,
        } => {
            if *is_directory {
                let problem = "should be a file, not a directory".to_string();
                report.rule(Severity::Error, CHART_FILE, Some(problem));
            }
            report.rule(
                Severity::Error,
                CHART_FILE,
                Some(format!("unable to parse YAML\n\t{error}")),
            );
            return;
        }
    };
    let metadata: Metadata = match yaml::read::<Option<Metadata>>(text) {
        Ok(metadata) => metadata.unwrap_or_default(),
        Err(error) => {
            report.rule(
                Severity::Error,
                CHART_FILE,
                Some(format!("unable to parse YAML\n\t{error}")),
            );
            return;
        }
    };
    let strict = yaml::read_strict::<Option<Metadata>>(text);
    let problem = strict
        .err()
        .map(|error| format!("failed to strictly parse chart metadata file\n\t{error}"));
    report.rule(Severity::Warning, CHART_FILE, problem);
    let value = yaml::parse(text).unwrap_or_default();
    let file = ChartFile {
        metadata: &metadata,
        value: &value,
    };
    for (severity, rule) in RULES {
        report.rule(*severity, CHART_FILE, rule(&file));
    }
}

fn name(file: &ChartFile<'_>) -> Option<String> {
    let name = &file.metadata.name;
    match name.as_str() {
        "" => Some("name is required".to_string()),
        _ if name.contains('/') => Some(format!(
            "chart name {} is invalid",
            helmrs_gotemplate::number::quote(name.as_bytes())
        )),
        _ => None,
    }
}

fn api_version(file: &ChartFile<'_>) -> Option<String> {
    const WANTED: &str = "The value must be either \"v1\" or \"v2\"";
    match file.metadata.api_version.as_str() {
        "" => Some(format!("apiVersion is required. {WANTED}")),
        API_VERSION_1 | API_VERSION_2 => None,
        other => Some(format!("apiVersion '{other}' is not valid. {WANTED}")),
    }
}

/// Objects to numbers where a text is wanted, since `1.10` is read as `1.1`.
fn text_field(file: &ChartFile<'_>, key: &str) -> Option<String> {
    let kind = match file.value.get(key)? {
        Value::String(_) | Value::Raw(_) => return None,
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Integer(_) => "int64",
        Value::Float(_) => "float64",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    };
    Some(format!(
        "{key} should be of type string but it's of type {kind}"
    ))
}

fn version(file: &ChartFile<'_>) -> Option<String> {
    let text = &file.metadata.version;
    if text.is_empty() {
        return Some("version is required".to_string());
    }
    let Ok(version) = Version::parse(text) else {
        return Some(format!("version '{text}' is not a valid SemVer"));
    };
    let errors = Constraint::parse(">0.0.0-0")
        .ok()?
        .validate(&version)
        .err()?;
    errors.first().map(|error| format!("version {error}"))
}

fn strict_version(file: &ChartFile<'_>) -> Option<String> {
    let text = &file.metadata.version;
    Version::parse_strict(text)
        .err()
        .map(|_| format!("version '{text}' is not a valid SemVerV2"))
}

fn maintainers(file: &ChartFile<'_>) -> Option<String> {
    // Nulls are dropped on reading; where one stands, the maintainers before it are heard first.
    let entries = file
        .value
        .get("maintainers")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let first_null = entries.iter().position(Value::is_null);
    for maintainer in file
        .metadata
        .maintainers
        .iter()
        .take(first_null.unwrap_or(usize::MAX))
    {
        let (name, email, url) = (&maintainer.name, &maintainer.email, &maintainer.url);
        if name.is_empty() {
            return Some("each maintainer requires a name".to_string());
        }
        if !email.is_empty() && !contact::is_email(email) {
            return Some(format!("invalid email '{email}' for maintainer '{name}'"));
        }
        if !url.is_empty() && !contact::is_url(url) {
            return Some(format!("invalid url '{url}' for maintainer '{name}'"));
        }
    }
    first_null.map(|_| "a maintainer entry is empty".to_string())
}

fn sources(file: &ChartFile<'_>) -> Option<String> {
    let source = file
        .metadata
        .sources
        .iter()
        .find(|source| !contact::is_request_url(source))?;
    Some(format!("invalid source URL '{source}'"))
}

fn icon_presence(file: &ChartFile<'_>) -> Option<String> {
    file.metadata
        .icon
        .is_empty()
        .then(|| "icon is recommended".to_string())
}

fn icon_url(file: &ChartFile<'_>) -> Option<String> {
    let icon = &file.metadata.icon;
    (!icon.is_empty() && !contact::is_request_url(icon))
        .then(|| format!("invalid icon URL '{icon}'"))
}

fn chart_type(file: &ChartFile<'_>) -> Option<String> {
    let (chart_type, api_version) = (&file.metadata.chart_type, &file.metadata.api_version);
    (!chart_type.is_empty() && api_version != API_VERSION_2).then(|| {
        format!("chart type is not valid in apiVersion '{api_version}'. It is valid in apiVersion '{API_VERSION_2}'")
    })
}

fn dependencies(file: &ChartFile<'_>) -> Option<String> {
    let api_version = &file.metadata.api_version;
    (!file.metadata.dependencies.is_empty() && api_version != API_VERSION_2).then(|| {
        format!(
            "dependencies are not valid in the Chart file with apiVersion '{api_version}'. They are valid in \
             apiVersion '{API_VERSION_2}'"
        )
    })
}
