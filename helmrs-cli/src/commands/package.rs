//! `package`: a chart's directory as an archive.

mod sign;

use std::path::{Path, PathBuf};

use clap::Args;
use helmrs_client::action::{DependencyRequest, dependency};
use helmrs_client::folder;
use helmrs_core::chart::{self, Chart};
use helmrs_core::path_error::PathError;
use helmrs_core::time::Time;
use helmrs_core::version::Version;

use self::sign::Signing;
use crate::charts;
use crate::error::CommandError;
use crate::file;
use crate::flags::tls::ConnectionFlags;
use crate::invocation::Invocation;
use crate::paths;
use crate::progress;

/// Pack charts into archives
///
/// Writes NAME-VERSION.tgz for the chart in each directory. The versions of Chart.yaml can be replaced on the way. With
/// SOURCE_DATE_EPOCH in the environment, equal charts give equal archives whenever they are packed.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[CHART_PATH] [...]",
    after_help = "\
# Pack a chart
{program} package ./shop

# Pack it for a release, with the charts it depends on
{program} package ./shop --version 1.2.3 --dependency-update --destination dist"
)]
pub(crate) struct PackageArgs {
    /// directories of charts
    paths: Vec<String>,
    /// application version to put into Chart.yaml
    #[arg(long, value_name = "string", help_heading = None)]
    app_version: Option<String>,
    #[command(flatten)]
    connection: ConnectionFlags,
    /// download the dependencies of Chart.yaml into charts/ first
    #[arg(long, short = 'u', help_heading = None)]
    dependency_update: bool,
    /// directory to write archives into
    #[arg(long, short = 'd', value_name = "string", default_value = ".", help_heading = None)]
    destination: String,
    /// name of the key to sign with
    #[arg(long, value_name = "string", help_heading = None)]
    key: Option<String>,
    /// file of the secret keys
    #[arg(long, value_name = "string", help_heading = None)]
    keyring: Option<String>,
    /// file that holds the key's passphrase; "-" for standard input
    #[arg(long, value_name = "string", help_heading = None)]
    passphrase_file: Option<String>,
    /// sign the archive with a PGP key
    #[arg(long, help_heading = None)]
    sign: bool,
    /// version to put into Chart.yaml
    #[arg(long, value_name = "string", help_heading = None)]
    version: Option<String>,
}

// Parity: Helm, pkg/cmd/package.go.
pub(crate) fn run(args: &PackageArgs, invocation: &Invocation) -> Result<(), CommandError> {
    if args.paths.is_empty() {
        return Err(CommandError::message(
            "need at least one argument, the path to the chart",
        ));
    }
    let epoch = charts::epoch(invocation)?;
    let signing = Signing::of(args, invocation)?;
    args.connection.check()?;
    for path in &args.paths {
        invocation.tell_getters();
        let directory = charts::absolute(Path::new(path))?;
        std::fs::metadata(path).map_err(|error| PathError::new("stat", Path::new(path), error))?;
        if args.dependency_update {
            update_dependencies(args, &directory, epoch, invocation)?;
        }
        let archive = package(args, &directory, epoch, signing.as_ref(), invocation)?;
        let text = format!(
            "Successfully packaged chart and saved it to: {}\n",
            archive.display()
        );
        invocation.printer.data(text)?;
    }
    Ok(())
}

/// Fetches the dependencies of a chart, without a word.
fn update_dependencies(
    args: &PackageArgs,
    directory: &Path,
    epoch: Option<Time>,
    invocation: &Invocation,
) -> Result<(), CommandError> {
    let request = DependencyRequest {
        chart: directory.to_owned(),
        stamp: epoch,
        connection: args.connection.connection(),
        quiet: true,
        ..DependencyRequest::default()
    };
    let context = invocation.context();
    Ok(invocation.wait_for(dependency::update(&context, &request))??)
}

/// Packages one chart; gives the path of its archive.
// Parity: Helm, pkg/action/package.go, Package.Run.
fn package(
    args: &PackageArgs,
    directory: &Path,
    epoch: Option<Time>,
    signing: Option<&Signing>,
    invocation: &Invocation,
) -> Result<PathBuf, CommandError> {
    let mut chart = progress::telling(&invocation.printer, |findings| {
        chart::load_directory(directory, findings)
    })?;
    let given = |flag: &Option<String>| flag.clone().filter(|text| !text.is_empty());
    if let Some(version) = given(&args.version) {
        chart.metadata.version = version;
    }
    Version::parse(&chart.metadata.version)?;
    if let Some(version) = given(&args.app_version) {
        chart.metadata.app_version = version;
    }
    if let Some(epoch) = epoch {
        chart::package::stamp(&mut chart, epoch);
    }
    let missing = chart::missing_dependencies(&chart);
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Err(CommandError::message(format!(
            "found in Chart.yaml, but missing in charts/ directory: {missing}"
        )));
    }
    let destination = match args.destination.as_str() {
        "." => std::env::current_dir()?,
        destination => PathBuf::from(destination),
    };
    let (path, bytes) = save(&chart, &destination, invocation).map_err(|error| {
        CommandError::message(format!(
            "failed to save: {}",
            error.text().unwrap_or_default()
        ))
    })?;
    if let Some(signing) = signing {
        let provenance = signing.sign(&bytes, &path, invocation)?;
        let mut name = path.clone().into_os_string();
        name.push(".prov");
        file::write(Path::new(&name), &provenance)?;
    }
    Ok(path)
}

/// Writes an archive; gives its path and what is in it.
fn save(
    chart: &Chart,
    destination: &Path,
    invocation: &Invocation,
) -> Result<(PathBuf, Vec<u8>), CommandError> {
    let bytes = chart::package::archive(chart, invocation.context().now())?;
    let path = paths::clean(&destination.join(chart::package::file_name(&chart.metadata)));
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        make_destination(folder)?;
    }
    file::write(&path, &bytes)?;
    Ok((path, bytes))
}

// Parity: Helm, pkg/chart/v2/util/save.go, Save: what is asked is said twice.
fn make_destination(path: &Path) -> Result<(), CommandError> {
    let shown = path.display();
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(CommandError::message(format!(
            "is not a directory: {shown}"
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(folder::make(path)?),
        Err(error) => {
            let error = PathError::new("stat", path, error);
            Err(CommandError::message(format!("stat {shown}: {error}")))
        }
    }
}
