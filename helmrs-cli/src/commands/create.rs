//! `create`: a new chart.

use std::path::Path;

use clap::Args;
use helmrs_core::chart::{self, API_VERSION_2, CHARTS, File, Metadata, scaffold};
use helmrs_core::path_error::PathError;

use crate::charts;
use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::paths;

/// create a new chart with the given name
///
/// Writes a directory with the files every chart has and a small application to start from:
///
///     shop/
///     ├── .helmignore    what packages leave out
///     ├── Chart.yaml     name, version, dependencies
///     ├── values.yaml    what users can set, and the defaults
///     ├── charts/        charts this chart depends on
///     └── templates/     what is sent to the cluster
///         └── tests/     what checks that it works
///
/// NAME may be a path; missing directories are made. Files that exist are overwritten, other files are left alone.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "NAME",
    after_help = "  {program} create shop\n  {program} create charts/shop --starter web"
)]
pub(crate) struct CreateArgs {
    /// name of the chart, or the path of its directory
    name: String,
    /// chart to copy instead, by its name in the starters directory or by its path
    #[arg(long, short = 'p', value_name = "string")]
    starter: Option<String>,
}

// Parity: Helm, pkg/cmd/create.go.
pub(crate) fn run(args: &CreateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    invocation
        .printer
        .data(format!("Creating {}\n", args.name))?;
    let directory = paths::clean(Path::new(&args.name));
    let name = directory
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let parent = charts::absolute(directory.parent().unwrap_or(Path::new("")))?;
    let files = match args
        .starter
        .as_deref()
        .filter(|starter| !starter.is_empty())
    {
        Some(starter) => from_starter(&name, starter, invocation)?,
        None => {
            scaffold::check_name(&name)?;
            if std::fs::metadata(&parent).is_ok_and(|parent| !parent.is_dir()) {
                return Err(CommandError::message(format!(
                    "no such directory {}",
                    parent.display()
                )));
            }
            scaffold::files(&name)?
        }
    };
    let directory = parent.join(&name);
    if std::fs::metadata(&directory).is_ok_and(|directory| !directory.is_dir()) {
        let shown = directory.display();
        return Err(CommandError::message(format!(
            "file {shown} already exists and is not a directory"
        )));
    }
    for file in &files {
        write(&directory.join(&file.name), file, &directory, invocation)?;
    }
    make_directory(&directory.join(CHARTS))
}

/// The files of a new chart like another.
fn from_starter(
    name: &str,
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
    let loaded = chart::load_any(&path).map_err(|error| {
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
        api_version: API_VERSION_2.to_owned(),
        ..Metadata::default()
    };
    Ok(scaffold::from_starter(
        metadata,
        loaded.chart,
        invocation.context().now(),
    )?)
}

/// Writes a file of the chart; one that is there already is replaced, and that is told.
fn write(
    path: &Path,
    file: &File,
    directory: &Path,
    invocation: &Invocation,
) -> Result<(), CommandError> {
    make_directory(path.parent().unwrap_or(directory))?;
    if std::fs::metadata(path).is_ok() {
        invocation.printer.note(&format!(
            "WARNING: File {} already exists. Overwriting.",
            crate::quote::quote(&path.display().to_string())
        ));
    }
    std::fs::write(path, &file.data).map_err(|error| PathError::new("open", path, error).into())
}

fn make_directory(path: &Path) -> Result<(), CommandError> {
    std::fs::create_dir_all(path).map_err(|error| PathError::new("mkdir", path, error).into())
}
