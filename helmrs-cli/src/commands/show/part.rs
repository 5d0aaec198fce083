//! The parts of a chart, as they are printed.

use std::io::Write;

use helmrs_core::chart::{Chart, VALUES_FILE};
use helmrs_core::values::json_path::JsonPath;
use helmrs_core::yaml;

use super::ChartArgs;
use crate::charts;
use crate::error::CommandError;
use crate::invocation::Invocation;

/// A part of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    Chart,
    Values,
    Readme,
    Crds,
}

/// Prints a part of a chart.
pub(super) fn show(
    args: &ChartArgs,
    part: Part,
    invocation: &Invocation,
) -> Result<(), CommandError> {
    let chart = load(args, invocation)?;
    Ok(invocation.printer.data(text(&chart, part)?)?)
}

/// Prints what an expression picks from the values.
// Parity: Helm, pkg/action/show.go: where it picks nothing, nothing is printed, and that is no error.
pub(super) fn pick(
    args: &ChartArgs,
    expression: &str,
    invocation: &Invocation,
) -> Result<(), CommandError> {
    let chart = load(args, invocation)?;
    let Some(values) = &chart.values else {
        return Ok(());
    };
    let path = JsonPath::parse(expression).map_err(|error| {
        CommandError::message(format!("error parsing jsonpath {expression}: {error}"))
    })?;
    let text = path.print(values).unwrap_or_default();
    Ok(invocation.printer.data(text)?)
}

/// The chart meant.
pub(super) fn load(args: &ChartArgs, invocation: &Invocation) -> Result<Chart, CommandError> {
    invocation.keep_output_clean();
    charts::tell_version("original chart version", &args.location, invocation);
    let path = charts::locate(&args.chart, &args.location, invocation)?;
    charts::load_any(&path, invocation)
}

/// A part's text; with all of them, there is a separator before each but the first.
// Parity: Helm, pkg/action/show.go, Show.Run.
fn text(chart: &Chart, part: Part) -> Result<Vec<u8>, CommandError> {
    let mut text = Vec::new();
    let wanted = |candidate| part == Part::All || part == candidate;
    let separator: &[u8] = if part == Part::All { b"---\n" } else { b"" };
    if wanted(Part::Chart) {
        text.extend(yaml::to_yaml(&yaml::to_value(&chart.metadata)?)?.into_bytes());
        text.push(b'\n');
    }
    if wanted(Part::Values) && chart.values.is_some() {
        text.extend(separator);
        for file in chart.raw.iter().filter(|file| file.name == VALUES_FILE) {
            text.extend(&file.data);
            text.push(b'\n');
        }
    }
    let readme = chart.files.iter().find(|file| is_readme(&file.name));
    if let Some(readme) = readme.filter(|_| wanted(Part::Readme)) {
        text.extend(separator);
        text.extend(&readme.data);
        text.push(b'\n');
    }
    if wanted(Part::Crds) {
        for (_, file) in chart.crds() {
            if !file.data.starts_with(b"---") {
                text.extend(b"---\n");
            }
            text.write_all(&file.data)?;
            text.push(b'\n');
        }
    }
    Ok(text)
}

fn is_readme(name: &str) -> bool {
    ["readme.md", "readme.txt", "readme"]
        .iter()
        .any(|readme| name.eq_ignore_ascii_case(readme))
}
