//! Rules about templates, and about what they render to.

use super::document::{self, Document};
use super::source::Place;
use super::{Report, Request, Severity, chain, deprecations, object_name};
use crate::capabilities::Capabilities;
use crate::chart::coalesce::coalesce_values;
use crate::chart::{Chart, TEMPLATES, extension, process_dependencies};
use crate::engine::{self, ReleaseOptions, Rendering};
use crate::values::schema;
use crate::yaml::{self, Map, Value};

/// The extensions a template may have.
const EXTENSIONS: &[&str] = &["yaml", "yml", "tpl", "txt"];
/// The name of the release that templates see.
const RELEASE_NAME: &str = "test-release";

// Parity: Helm, pkg/chart/v2/lint/rules/template.go, Lint.
pub(super) fn check(request: &Request<'_>, report: &mut Report) {
    match request.source.templates {
        Place::Missing => {
            report.rule(
                Severity::Warning,
                TEMPLATES,
                Some("directory does not exist".to_string()),
            );
            return;
        }
        Place::File => {
            report.rule(
                Severity::Error,
                TEMPLATES,
                Some("not a directory".to_string()),
            );
            return;
        }
        Place::Directory => {}
    }
    let findings = request.source.findings.iter().cloned();
    report.findings.extend(findings);
    let mut chart = match &request.source.loaded {
        Ok(chart) => chart.clone(),
        Err(error) => {
            report.rule(Severity::Error, TEMPLATES, Some(chain(error)));
            return;
        }
    };
    let capabilities = capabilities(request);
    let Some(values) = values(request, &mut chart, report) else {
        return;
    };
    let rendering = Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions {
            name: RELEASE_NAME.to_string(),
            namespace: request.namespace.to_string(),
            ..ReleaseOptions::default()
        },
        capabilities: &capabilities,
        lookup: None,
        ambient: request.ambient,
        enable_dns: false,
        strict: false,
        budget: request.budget,
    };
    let (rendered, findings) = engine::lint(&rendering);
    report.findings.extend(findings);
    let rendered = match rendered {
        Ok(rendered) => rendered,
        Err(error) => {
            report.rule(Severity::Error, TEMPLATES, Some(chain(&error)));
            return;
        }
    };
    note_tera(&chart, report);
    for template in &chart.templates {
        let name = &template.name;
        report.rule(Severity::Error, name, wrong_extension(name));
        let text = rendered
            .get(&format!("{}/{name}", chart.name()))
            .map_or(&[][..], Vec::as_slice);
        if is_yaml(name)
            && !String::from_utf8_lossy(text).trim().is_empty()
            && !check_text(name, text, &capabilities, report)
        {
            return;
        }
    }
}

fn capabilities(request: &Request<'_>) -> Capabilities {
    let defaults = Capabilities::default();
    let kube_version = request
        .kube_version
        .cloned()
        .unwrap_or_else(|| defaults.kube_version.clone());
    Capabilities {
        kube_version,
        ..defaults
    }
}

/// The values to render with; nothing where they do not fit the chart.
fn values(request: &Request<'_>, chart: &mut Chart, report: &mut Report) -> Option<Map> {
    process_dependencies(chart, request.values, &mut report.findings).ok()?;
    let values = coalesce_values(chart, request.values, &mut report.findings).ok()?;
    let values = match coalesce_values(chart, &values, &mut report.findings) {
        Ok(values) => values,
        Err(error) => {
            report.rule(Severity::Error, TEMPLATES, Some(error.to_string()));
            return None;
        }
    };
    let loader = request.schema_loader;
    if !request.skip_schema_validation
        && let Err(error) = schema::validate_chart(chart, &values, loader, &mut report.findings)
    {
        report.rule(Severity::Error, TEMPLATES, Some(error.to_string()));
        return None;
    }
    Some(values)
}

/// Checks what a template rendered to; says whether the next one shall be looked at.
fn check_text(name: &str, bytes: &[u8], capabilities: &Capabilities, report: &mut Report) -> bool {
    let text = &*String::from_utf8_lossy(bytes);
    report.rule(Severity::Warning, name, indented(text));
    for document in document::documents(bytes) {
        let document = match document {
            Ok(document) => document,
            Err(error) => return report.rule(Severity::Error, name, Some(error)),
        };
        let (kind, object) = (&document.kind, &document.metadata.name);
        report.rule(Severity::Warning, name, object_name::problem(kind, object));
        let deprecation =
            deprecations::problem(&document.api_version, kind, &capabilities.kube_version);
        report.rule(Severity::Warning, name, deprecation);
        report.rule(Severity::Error, name, missing_selector(&document, text));
        report.rule(Severity::Error, name, annotated_items(&document, text));
    }
    true
}

/// Tells that no other program renders the chart as it is meant.
fn note_tera(chart: &Chart, report: &mut Report) {
    let mut paths = chart.templates.iter().map(|template| &template.name);
    if let Some(path) = paths.find(|path| engine::is_tera(path)) {
        report.rule(
            Severity::Info,
            path,
            Some("templates in Tera need helmrs; Helm takes them for Go templates".to_owned()),
        );
    }
}

fn wrong_extension(name: &str) -> Option<String> {
    if engine::is_tera(name) {
        return None;
    }
    let found = extension(name);
    let dot = if name
        .rsplit('/')
        .next()
        .is_some_and(|base| base.contains('.'))
    {
        "."
    } else {
        ""
    };
    (!EXTENSIONS.contains(&found) || dot.is_empty()).then(|| {
        format!("file extension '{dot}{found}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt")
    })
}

fn is_yaml(name: &str) -> bool {
    let written = |name: &str| matches!(extension(name).to_lowercase().as_str(), "yaml" | "yml");
    match name.strip_suffix(engine::TERA_SUFFIX) {
        Some(inner) => written(inner),
        None => written(name),
    }
}

/// Objects to a text whose first line is indented, which a parser may misread.
fn indented(text: &str) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    first.starts_with([' ', '\t']).then(|| {
        let line = helmrs_gotemplate::number::quote(first.as_bytes());
        format!("document starts with an illegal indent: {line}, which may cause parsing problems")
    })
}

fn missing_selector(document: &Document, text: &str) -> Option<String> {
    let (kind, name) = (document.kind.as_str(), &document.metadata.name);
    let wanted = matches!(
        kind,
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet"
    );
    (wanted && !text.contains("matchLabels") && !text.contains("matchExpressions")).then(|| {
        let name = helmrs_gotemplate::number::quote(name.as_bytes());
        format!("a {kind} must contain matchLabels or matchExpressions, and {name} does not")
    })
}

fn annotated_items(document: &Document, text: &str) -> Option<String> {
    if document.kind != "List" {
        return None;
    }
    let list = match yaml::parse(text.as_bytes()) {
        Ok(list) => list,
        Err(error) => return Some(format!("unable to parse YAML: {error}")),
    };
    let items = list
        .get("items")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let annotated = |item: &Value| {
        item.at(&["metadata", "annotations", "helm.sh/resource-policy"])
            .is_some()
    };
    let problem = "annotation 'helm.sh/resource-policy' within List objects are ignored";
    items.iter().any(annotated).then(|| problem.to_string())
}
