//! Rules about `values.yaml`.

use super::source::Look;
use super::{Report, Request, Severity};
use crate::chart::VALUES_FILE;
use crate::chart::coalesce::coalesce_tables;
use crate::values::schema;
use crate::yaml::{self, Map};

// Parity: Helm, pkg/chart/v2/lint/rules/values.go: only the chart's own values are checked, not those of subcharts.
pub(super) fn check(request: &Request<'_>, report: &mut Report) {
    let problem = match &request.source.values_file {
        Look::Missing => {
            report.rule(
                Severity::Info,
                VALUES_FILE,
                Some("file does not exist".to_string()),
            );
            return;
        }
        Look::Unreadable { error, .. } => Some(format!("unable to parse YAML: {error}")),
        Look::File(text) => match yaml::read::<Option<Map>>(text) {
            Err(error) => {
                let text = error.to_string();
                // Parity: the reference reads into a type of its own, and names it.
                let text = text.replace("of type map[string]interface {}", "of type common.Values");
                Some(format!("unable to parse YAML: {text}"))
            }
            Ok(values) => break_of_schema(request, &values.unwrap_or_default(), report),
        },
    };
    report.rule(Severity::Error, VALUES_FILE, problem);
}

fn break_of_schema(request: &Request<'_>, values: &Map, report: &mut Report) -> Option<String> {
    let over = coalesce_tables(&Map::new(), request.values, &mut report.findings);
    let values = coalesce_tables(&over, values, &mut report.findings);
    match &request.source.schema_file {
        Look::Unreadable { error, .. } => Some(error.to_string()),
        Look::File(schema) if !schema.is_empty() && !request.skip_schema_validation => {
            let loader = request.schema_loader;
            let broken = schema::validate_telling(&values, schema, loader, &mut report.findings);
            broken.err().map(|error| error.to_string())
        }
        _ => None,
    }
}
