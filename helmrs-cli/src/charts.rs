//! Charts and values as the command line names them.

use std::io::Read;
use std::path::{Path, PathBuf};

use helmrs_client::download;
use helmrs_core::chart::{self, Chart};
use helmrs_core::path_error::PathError;
use helmrs_core::values::{Sources, Values};

use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::flags::list::List;
use crate::flags::values::ValuesFlags;
use crate::invocation::Invocation;
use crate::paths;
use crate::printer::{Level, Record};
use crate::progress;

/// The path from the root of the file system on.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, CommandError> {
    if path.is_absolute() {
        return Ok(paths::clean(path));
    }
    Ok(paths::clean(&std::env::current_dir()?.join(path)))
}

/// The path of a chart on this machine, downloaded first if it has to be.
pub(crate) fn locate(
    name: &str,
    flags: &ChartLocationFlags,
    invocation: &Invocation,
) -> Result<PathBuf, CommandError> {
    flags.refuse_verification()?;
    let reference = flags.reference(name);
    if let Some(located) = download::locate_local(&reference)? {
        return Ok(located.path);
    }
    let (directories, watch) = (invocation.directories(), invocation.progress());
    let cache = directories.repository_cache.clone();
    let make_cache =
        || std::fs::create_dir_all(&cache).map_err(|error| PathError::new("mkdir", &cache, error));
    if reference.repository.is_empty() {
        make_cache()?;
    }
    let located = invocation.wait_for(download::locate(&directories, &watch, &reference))??;
    make_cache()?;
    Ok(located.path)
}

/// Loads a chart and says what is strange about it.
pub(crate) fn load(path: &Path, invocation: &Invocation) -> Result<Chart, CommandError> {
    let loaded = chart::load(path)?;
    progress::findings(&loaded.findings, &invocation.printer);
    Ok(loaded.chart)
}

/// Loads a chart whatever its API version, to look at it.
pub(crate) fn load_any(path: &Path, invocation: &Invocation) -> Result<Chart, CommandError> {
    let loaded = chart::load_any(path)?;
    progress::findings(&loaded.findings, &invocation.printer);
    Ok(loaded.chart)
}

/// Loads a chart that is to become a release.
// Parity: Helm, pkg/cmd/install.go, runInstall.
pub(crate) fn load_installable(
    path: &Path,
    invocation: &Invocation,
) -> Result<Chart, CommandError> {
    let chart = load(path, invocation)?;
    if !matches!(chart.metadata.chart_type.as_str(), "" | "application") {
        let kind = &chart.metadata.chart_type;
        return Err(CommandError::message(format!(
            "{kind} charts are not installable"
        )));
    }
    warn_of_deprecation(&chart, invocation);
    check_dependencies(&chart)?;
    Ok(chart)
}

/// Loads a chart that is to take the place of another.
// Parity: Helm, pkg/cmd/upgrade.go: the dependencies come first, and the type does not matter.
pub(crate) fn load_complete(path: &Path, invocation: &Invocation) -> Result<Chart, CommandError> {
    let chart = load(path, invocation)?;
    check_dependencies(&chart)?;
    warn_of_deprecation(&chart, invocation);
    Ok(chart)
}

fn warn_of_deprecation(chart: &Chart, invocation: &Invocation) {
    if chart.metadata.deprecated {
        invocation
            .printer
            .log(&Record::new(Level::Warn, "this chart is deprecated"));
    }
}

fn check_dependencies(chart: &Chart) -> Result<(), CommandError> {
    let missing = chart::missing_dependencies(chart);
    if missing.is_empty() {
        return Ok(());
    }
    Err(CommandError::message(format!(
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to \
         fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
        missing.join(", ")
    )))
}

/// The values the flags give.
// Parity: Helm, pkg/cli/values/options.go, Options.MergeValues.
pub(crate) fn values(flags: &ValuesFlags, invocation: &Invocation) -> Result<Values, CommandError> {
    let mut files = Vec::new();
    for path in List::joined(&flags.values) {
        let bytes = read(&path, invocation)?;
        files.push((path, bytes));
    }
    let sources = Sources {
        files,
        json: flags.set_json.clone(),
        set: flags.set.clone(),
        strings: flags.set_string.clone(),
        set_files: flags.set_file.clone(),
        literals: flags.set_literal.clone(),
    };
    let mut read_file = |path: &str| read(path, invocation).map_err(CommandError::into_source);
    Ok(sources.merge(&mut read_file)?)
}

/// What is in a file of values, on standard input for `-`.
fn read(path: &str, invocation: &Invocation) -> Result<Vec<u8>, CommandError> {
    if path.trim() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    if download::values::is_remote(path) {
        return Ok(invocation.wait_for(download::values::read(path))??);
    }
    Ok(download::values::read_local(path)?)
}
