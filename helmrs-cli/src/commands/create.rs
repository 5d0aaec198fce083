//! `create`: a new chart.

use std::path::Path;
use std::str::FromStr;

use clap::Args;
use helmrs_client::folder;
use helmrs_core::chart::{self, API_VERSION_2, File, Metadata, scaffold};
use helmrs_core::path_error::PathError;

use crate::charts;
use crate::environment;
use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::{paths, progress};

/// Write a new chart to start from
///
/// Writes a directory with the files every chart has and a small application that works as it is:
///
///     shop/
///     ├── .helmignore    what packages leave out
///     ├── Chart.yaml     name, version, dependencies
///     ├── values.yaml    what users can set, and the defaults
///     ├── charts/        charts this chart depends on
///     └── templates/     what is sent to the cluster
///         └── tests/     what checks that it works
///
/// The templates are Go templates. With --engine tera they are written in Tera, a language like Jinja, and render to the same
/// objects; such a chart needs helmrs.
///
/// NAME may be a path: directories that are missing on the way are made. Files of the same names are overwritten, all
/// others are left alone.
///
/// With --starter the chart is a copy of another one, in which <CHARTNAME> stands for the new name. Starters are looked
/// for in the directory starters of $HELM_DATA_HOME, unless an absolute path is given.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "NAME",
    after_help = "\
# Start a chart in the working directory
{program} create shop

# Start one elsewhere, from a chart made to be copied
{program} create charts/shop --starter web

# Start one whose templates are written in Tera
{program} create shop --engine tera"
)]
pub(crate) struct CreateArgs {
    /// name of the chart, or the path of its directory
    name: String,
    /// API version of the chart
    #[arg(long, hide = true, value_name = "string", default_value = API_VERSION_2)]
    chart_api_version: String,
    /// language of the templates: go, or tera, which needs helmrs
    #[arg(
        long,
        value_name = "string",
        default_value = "go",
        conflicts_with = "starter"
    )]
    engine: Language,
    /// chart to copy instead, by its name in the starters directory or by its path
    #[arg(long, short = 'p', value_name = "string")]
    starter: Option<String>,
}

/// The language of a new chart's templates.
#[derive(Clone, Copy, Debug)]
struct Language(scaffold::Engine);

/// The text names no language.
#[derive(Debug, thiserror::Error)]
#[error("unknown template engine (known are go and tera)")]
struct LanguageError;

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        match text {
            "go" => Ok(Self(scaffold::Engine::Go)),
            "tera" => Ok(Self(scaffold::Engine::Tera)),
            _ => Err(LanguageError),
        }
    }
}

// Parity: Helm, pkg/cmd/create.go.
pub(crate) fn run(args: &CreateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    invocation
        .printer
        .data(format!("Creating {}\n", args.name))?;
    let version = match args.chart_api_version.as_str() {
        "" => API_VERSION_2,
        version => version,
    };
    check_api_version(version, invocation)?;
    let name = base(&args.name);
    // Parity: Go, filepath.Dir: all before the last slash, even where nothing stands behind it.
    let parent = args.name.rsplit_once('/').map_or(".", |(parent, _)| parent);
    let parent = Path::new(if parent.is_empty() { "/" } else { parent });
    let starter = args
        .starter
        .as_deref()
        .filter(|starter| !starter.is_empty());
    let (files, directory) = if let Some(starter) = starter {
        let files = from_starter(&name, version, starter, invocation)?;
        (files, paths::clean(&parent.join(&name)))
    } else {
        scaffold::check_name(&name)?;
        let parent = charts::absolute(parent)?;
        check_parent(&parent)?;
        let files = scaffold::files(&name, version, args.engine.0)?;
        (files, parent.join(&name))
    };
    if std::fs::metadata(&directory).is_ok_and(|directory| !directory.is_dir()) {
        let shown = directory.display();
        return Err(CommandError::message(format!(
            "file {shown} already exists and is not a directory"
        )));
    }
    for file in &files {
        let path = directory.join(&file.name);
        // Parity: Helm, pkg/chart/v2/util/create.go: what a starter replaces is not told.
        if starter.is_none() && std::fs::metadata(&path).is_ok() {
            warn_of_overwriting(&path, invocation)?;
        }
        write(&path, file, &directory)?;
    }
    if starter.is_none() {
        folder::make(&directory.join("charts"))?;
    }
    Ok(())
}

/// Refuses to create charts of other API versions.
fn check_api_version(version: &str, invocation: &Invocation) -> Result<(), CommandError> {
    let gate = environment::CHART_V3;
    let enabled = !invocation.environment.text(gate).is_empty();
    Err(CommandError::message(match version {
        API_VERSION_2 => return Ok(()),
        "v3" if enabled => return Ok(()),
        "v3" => format!(
            "this feature has been marked as experimental and is not enabled by default. Please set {}=1 in your \
             environment to use this feature",
            gate.name
        ),
        other => format!("unsupported chart API version: {other} (supported: v2, v3)"),
    }))
}

/// Refuses to create a chart where there is no directory for it.
fn check_parent(parent: &Path) -> Result<(), CommandError> {
    let looked = std::fs::metadata(parent).map_err(|error| PathError::new("stat", parent, error));
    if looked?.is_dir() {
        return Ok(());
    }
    Err(CommandError::message(format!(
        "no such directory {}",
        parent.display()
    )))
}

/// The last part of a path, as Go's `filepath.Base` has it.
fn base(path: &str) -> String {
    match path.trim_end_matches('/').rsplit('/').next() {
        None | Some("") => if path.is_empty() { "." } else { "/" }.to_owned(),
        Some(base) => base.to_owned(),
    }
}

/// The files of a new chart like another.
fn from_starter(
    name: &str,
    api_version: &str,
    starter: &str,
    invocation: &Invocation,
) -> Result<Vec<File>, CommandError> {
    let path = if Path::new(starter).is_absolute() {
        starter.into()
    } else {
        invocation
            .settings
            .paths
            .data
            .join("starters")
            .join(starter)
    };
    let chart = progress::telling(&invocation.printer, |findings| {
        chart::load_any(&path, findings)
    });
    let chart = chart.map_err(|error| {
        CommandError::message(format!(
            "could not load {}: {}",
            path.display(),
            chain(&error)
        ))
    })?;
    let metadata = Metadata {
        name: name.to_owned(),
        description: "A Helm chart for Kubernetes".to_owned(),
        chart_type: "application".to_owned(),
        version: "0.1.0".to_owned(),
        app_version: "0.1.0".to_owned(),
        api_version: api_version.to_owned(),
        ..Metadata::default()
    };
    Ok(scaffold::from_starter(
        metadata,
        chart,
        invocation.context().now(),
    )?)
}

/// Says that a file is replaced.
// Parity: Helm, pkg/cmd/create.go: the warning goes to standard output.
fn warn_of_overwriting(path: &Path, invocation: &Invocation) -> Result<(), CommandError> {
    let path = paths::clean(path);
    let shown = crate::quote::quote(&path.display().to_string());
    let warning = format!("WARNING: File {shown} already exists. Overwriting.\n");
    Ok(invocation.printer.data(warning)?)
}

/// Writes a file of the chart.
fn write(path: &Path, file: &File, directory: &Path) -> Result<(), CommandError> {
    folder::make(path.parent().unwrap_or(directory))?;
    Ok(crate::file::write_public(path, &file.data)?)
}
