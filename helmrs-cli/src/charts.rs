//! Charts and values as the command line names them.

use std::io::Read;
use std::path::{Path, PathBuf};

use helmrs_client::action::{DependencyRequest, dependency};
use helmrs_client::download::{self, SchemaReach};
use helmrs_client::folder;
use helmrs_core::chart::{self, Chart};
use helmrs_core::time::Time;
use helmrs_core::values::{Sources, Values};

use crate::environment;
use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::flags::install::InstallFlags;
use crate::flags::list::List;
use crate::flags::tls::ConnectionFlags;
use crate::flags::values::ValuesFlags;
use crate::invocation::Invocation;
use crate::paths;
use crate::printer::{Level, Record};
use crate::progress;
use crate::release_name::{self, NameAndChart};

/// The path from the root of the file system on.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, CommandError> {
    if path.is_absolute() {
        return Ok(paths::clean(path));
    }
    Ok(paths::clean(&std::env::current_dir()?.join(path)))
}

/// Tells those who debug which version of a chart was asked for, and whether one was chosen instead.
// Parity: Helm, pkg/cmd/install.go, runInstall, and show.go, runShow: the words differ by a capital.
pub(crate) fn tell_version(message: &str, flags: &ChartLocationFlags, invocation: &Invocation) {
    let version = flags.version.as_deref().unwrap_or_default();
    let record = Record::new(Level::Debug, message).with("version", version);
    invocation.printer.log(&record);
    tell_default_version(flags, invocation);
}

/// Tells those who debug that a version was chosen for them.
pub(crate) fn tell_default_version(flags: &ChartLocationFlags, invocation: &Invocation) {
    if flags.devel && flags.version.as_deref().unwrap_or_default().is_empty() {
        let record = Record::new(Level::Debug, "setting version to >0.0.0-0");
        invocation.printer.log(&record);
    }
}

/// As [`locate`], for a chart that is to become a release.
pub(crate) fn locate_installable(
    name: &str,
    flags: &ChartLocationFlags,
    invocation: &Invocation,
) -> Result<PathBuf, CommandError> {
    let path = locate(name, flags, invocation)?;
    let shown = path.to_string_lossy();
    let record = Record::new(Level::Debug, "Chart path").with("path", &shown);
    invocation.printer.log(&record);
    Ok(path)
}

/// The path of a chart on this machine, downloaded first if it has to be.
pub(crate) fn locate(
    name: &str,
    flags: &ChartLocationFlags,
    invocation: &Invocation,
) -> Result<PathBuf, CommandError> {
    flags.connection.check()?;
    let reference = flags.reference(name, invocation);
    if let Some(located) = download::locate_local(&reference)? {
        return Ok(located.path);
    }
    invocation.tell_getters();
    if !reference.repository.is_empty() {
        invocation.tell_getters();
    }
    let (directories, watch) = (invocation.directories(), invocation.progress());
    let cache = directories.repository_cache.clone();
    let make_cache = || folder::make(&cache);
    if reference.repository.is_empty() {
        make_cache()?;
    }
    let located = invocation.wait_for(download::locate(&directories, &watch, &reference))??;
    make_cache()?;
    Ok(located.path)
}

/// Loads a chart and says what is strange about it.
pub(crate) fn load(path: &Path, invocation: &Invocation) -> Result<Chart, CommandError> {
    Ok(progress::telling(&invocation.printer, |findings| {
        chart::load(path, findings)
    })?)
}

/// Loads a chart whatever its API version, to look at it.
pub(crate) fn load_any(path: &Path, invocation: &Invocation) -> Result<Chart, CommandError> {
    Ok(progress::telling(&invocation.printer, |findings| {
        chart::load_any(path, findings)
    })?)
}

/// What the schemas of the chart at a path may refer to.
pub(crate) fn schema_reach(path: &Path, invocation: &Invocation) -> SchemaReach {
    let remote = invocation.environment.text(environment::SCHEMA_REMOTE_REFS);
    SchemaReach {
        remote: remote != "off",
        folder: path.is_dir().then(|| path.to_owned()),
    }
}

/// What is done about dependencies that are not in `charts/`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Missing<'f> {
    /// The chart is refused.
    Refuse,
    /// They are fetched, those in registries as the flags say.
    Fetch(&'f ConnectionFlags),
}

impl<'f> Missing<'f> {
    /// What `--dependency-update` says.
    pub(crate) fn of(dependency_update: bool, location: &'f ChartLocationFlags) -> Self {
        if dependency_update {
            Self::Fetch(&location.connection)
        } else {
            Self::Refuse
        }
    }
}

/// What a new release is made of.
pub(crate) struct Ingredients {
    pub(crate) name: String,
    pub(crate) chart: Chart,
    pub(crate) values: Values,
    pub(crate) schema_reach: SchemaReach,
}

/// Finds and loads what a new release is made of; `fallback` is its name where none is asked for.
// Parity: Helm, pkg/cmd/install.go, runInstall.
pub(crate) fn ingredients(
    words: &[String],
    flags: &InstallFlags,
    fallback: Option<&str>,
    invocation: &Invocation,
) -> Result<Ingredients, CommandError> {
    tell_version("Original chart version", &flags.location, invocation);
    let NameAndChart { name, chart } = release_name::name_and_chart(words, flags, fallback)?;
    let path = locate_installable(&chart, &flags.location, invocation)?;
    let values = values(&flags.values, invocation)?;
    let missing = Missing::of(flags.dependency_update, &flags.location);
    Ok(Ingredients {
        name,
        chart: load_installable(&path, missing, invocation)?,
        values,
        schema_reach: schema_reach(&path, invocation),
    })
}

/// Loads a chart that is to become a release.
// Parity: Helm, pkg/cmd/install.go, runInstall.
pub(crate) fn load_installable(
    path: &Path,
    missing: Missing<'_>,
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
    complete(chart, path, missing, invocation)
}

/// Loads a chart that is to take the place of another.
// Parity: Helm, pkg/cmd/upgrade.go: the dependencies come first, and the type does not matter.
pub(crate) fn load_complete(
    path: &Path,
    missing: Missing<'_>,
    invocation: &Invocation,
) -> Result<Chart, CommandError> {
    let chart = complete(load(path, invocation)?, path, missing, invocation)?;
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

/// The chart with all its dependencies; loaded anew if some had to be fetched.
fn complete(
    chart: Chart,
    path: &Path,
    missing: Missing<'_>,
    invocation: &Invocation,
) -> Result<Chart, CommandError> {
    if chart.metadata.dependencies.is_empty() {
        return Ok(chart);
    }
    let stamp = epoch(invocation)?;
    let absent = chart::missing_dependencies(&chart);
    if absent.is_empty() {
        return Ok(chart);
    }
    let Missing::Fetch(flags) = missing else {
        return Err(CommandError::message(format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to \
             fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
            absent.join(", ")
        )));
    };
    let request = DependencyRequest {
        chart: path.to_owned(),
        stamp,
        connection: flags.connection(),
        ..DependencyRequest::default()
    };
    let context = invocation.context();
    invocation.wait_for(dependency::update(&context, &request))??;
    load(path, invocation).map_err(|error| {
        CommandError::message(format!(
            "failed reloading chart after repo update: {}",
            error.text().unwrap_or_default()
        ))
    })
}

/// The values the flags give.
// Parity: Helm, pkg/cli/values/options.go, Options.MergeValues.
pub(crate) fn values(flags: &ValuesFlags, invocation: &Invocation) -> Result<Values, CommandError> {
    invocation.tell_getters();
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
    let context = invocation.context();
    let getters = &context.directories().getters;
    if getters.is_remote(path) {
        let read = download::values::read(path, getters, context.watch());
        return Ok(invocation.wait_for(read)??);
    }
    Ok(download::values::read_local(path)?)
}

/// The time to put into archives, if the environment names one.
pub(crate) fn epoch(invocation: &Invocation) -> Result<Option<Time>, CommandError> {
    let text = invocation.environment.text(environment::SOURCE_DATE_EPOCH);
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(seconds) if seconds < 0 => Err(CommandError::message(
            "invalid SOURCE_DATE_EPOCH: must not be negative",
        )),
        Ok(seconds) => Ok(Some(Time::from_unix(seconds, 0))),
        Err(_) => {
            let text = crate::quote::quote(&text);
            Err(CommandError::message(format!(
                "invalid SOURCE_DATE_EPOCH: strconv.ParseInt: parsing {text}: invalid syntax"
            )))
        }
    }
}
