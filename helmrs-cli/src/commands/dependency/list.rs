//! `dependency list`.

use std::fmt::Write;
use std::path::Path;

use clap::Args;
use helmrs_core::chart::{Chart, Dependency};
use helmrs_core::version;

use crate::charts;
use crate::error::CommandError;
use crate::flags::number::Unsigned;
use crate::invocation::Invocation;
use crate::views::table::Table;

/// List what a chart depends on
///
/// Lists the charts that Chart.yaml names, and whether the version wanted of each lies in charts: "ok" if it does, or
/// what is the matter, like "missing" or "wrong version".
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "CHART",
    after_help = "\
# List the dependencies of a directory or of an archive
{program} dependency list ./shop
{program} dependency list shop-1.2.3.tgz"
)]
pub(crate) struct ListArgs {
    /// directory or archive of a chart; the working directory by default
    chart: Option<String>,
    /// how wide the table's columns may be
    #[arg(long, value_name = "uint", default_value = "80")]
    max_col_width: Unsigned,
}

// Parity: Helm, pkg/action/dependency.go, Dependency.List.
pub(crate) fn run(args: &ListArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let path = crate::paths::clean(Path::new(args.chart.as_deref().unwrap_or(".")));
    let chart = &charts::load_any(&path, invocation)?;
    if chart.metadata.dependencies.is_absent() {
        let charts = crate::paths::clean(&path.join("charts"));
        let text = format!("WARNING: no dependencies at {}\n", charts.display());
        return Ok(invocation.printer.data(text)?);
    }
    let mut table = Table::new(usize::try_from(args.max_col_width.0).unwrap_or_default());
    table.row(["NAME", "VERSION", "REPOSITORY", "STATUS"]);
    for dependency in &chart.metadata.dependencies {
        table.row([
            dependency.name.as_str(),
            dependency.version.as_str(),
            dependency.repository.as_str(),
            status(&path, dependency, chart, invocation),
        ]);
    }
    let mut text = table.render();
    text.push(b'\n');
    text.extend(unasked(&path, chart, invocation).into_bytes());
    Ok(invocation.printer.data(text)?)
}

/// Whether a dependency is there, in one word or two.
fn status(
    path: &Path,
    dependency: &Dependency,
    chart: &Chart,
    invocation: &Invocation,
) -> &'static str {
    match archives(path, dependency).as_slice() {
        [] => {}
        [archive] => return archive_status(archive, dependency, invocation),
        many => {
            let versioned: Vec<_> = many
                .iter()
                .filter(|archive| has_strict_version(archive, dependency))
                .collect();
            match versioned.as_slice() {
                [] => {}
                [archive] => return archive_status(archive, dependency, invocation),
                _ => return "too many matches",
            }
        }
    }
    let Some(found) = chart
        .dependencies
        .iter()
        .rfind(|found| found.name() == dependency.name)
    else {
        return "missing";
    };
    version_status(&found.metadata.version, dependency).unwrap_or("unpacked")
}

/// The archives in `charts/` that are named like a dependency.
fn archives(path: &Path, dependency: &Dependency) -> Vec<std::path::PathBuf> {
    let prefix = format!("{}-", dependency.name);
    entries(path)
        .into_iter()
        .filter(|entry| {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            name.strip_prefix(&prefix)
                .is_some_and(|rest| rest.strip_suffix(".tgz").is_some())
        })
        .collect()
}

/// What is in `charts/`, sorted by name.
fn entries(path: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(path.join("charts")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

fn has_strict_version(archive: &Path, dependency: &Dependency) -> bool {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let version = name
        .strip_suffix(".tgz")
        .and_then(|name| name.strip_prefix(&format!("{}-", dependency.name)));
    version.is_some_and(|version| version::Version::parse_strict(version).is_ok())
}

fn archive_status(
    archive: &Path,
    dependency: &Dependency,
    invocation: &Invocation,
) -> &'static str {
    let Ok(chart) = charts::load_any(archive, invocation) else {
        return "corrupt";
    };
    if chart.name() != dependency.name {
        return "misnamed";
    }
    version_status(&chart.metadata.version, dependency).unwrap_or("ok")
}

/// What is wrong with a version, if anything is.
fn version_status(found: &str, dependency: &Dependency) -> Option<&'static str> {
    if found == dependency.version {
        return None;
    }
    let (Ok(constraint), Ok(version)) = (
        version::Constraint::parse(&dependency.version),
        version::Version::parse(found),
    ) else {
        return Some("invalid version");
    };
    if constraint.check(&version) {
        None
    } else {
        Some("wrong version")
    }
}

/// A warning for each chart in `charts/` that `Chart.yaml` does not name.
fn unasked(path: &Path, chart: &Chart, invocation: &Invocation) -> String {
    let mut text = String::new();
    for entry in entries(path) {
        let is_archive = entry
            .extension()
            .is_some_and(|extension| extension == "tgz");
        if !entry.is_dir() && !is_archive {
            continue;
        }
        let shown = crate::quote::quote(&entry.display().to_string());
        match charts::load_any(&entry, invocation) {
            Err(_) => {
                writeln!(text, "WARNING: {shown} is not a chart.")
                    .expect("writing to a string cannot fail");
            }
            Ok(found) => {
                let known = chart
                    .metadata
                    .dependencies
                    .iter()
                    .any(|known| known.name == found.name());
                if !known {
                    writeln!(text, "WARNING: {shown} is not in Chart.yaml.")
                        .expect("writing to a string cannot fail");
                }
            }
        }
    }
    text
}
