//! `pull`: a chart downloaded.

use std::path::Path;

use clap::Args;
use helmrs_client::action;
use helmrs_client::download::Strategy;
use helmrs_client::download::provenance::Provenance;
use helmrs_client::folder;
use helmrs_client::registry::Session;
use helmrs_core::chart;
use helmrs_core::path_error::PathError;

use crate::charts;
use crate::error::{CommandError, chain};
use crate::flags::chart_location::ChartLocationFlags;
use crate::invocation::Invocation;
use crate::paths;
use crate::views;

/// Download a chart
///
/// Downloads archives of charts, to look at them or to keep them, without installing anything.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[chart URL | repo/chartname] [...]",
    after_help = "\
# Download the newest version, or a certain one
{program} pull example/shop
{program} pull example/shop --version 1.2.3

# Download and unpack
{program} pull example/shop --untar --untardir charts

# Download from a registry
{program} pull oci://example.com/charts/shop --version 1.2.3"
)]
pub(crate) struct PullArgs {
    /// charts: URLs or names in repositories
    #[arg(required = true)]
    charts: Vec<String>,
    /// directory to write archives into
    #[arg(long, short = 'd', value_name = "string", default_value = ".", help_heading = None)]
    destination: String,
    #[command(flatten)]
    location: ChartLocationFlags,
    /// also download the signature, but do not check it
    #[arg(long, help_heading = None)]
    prov: bool,
    /// unpack the archive
    #[arg(long, help_heading = None)]
    untar: bool,
    /// directory to unpack into, within --destination
    #[arg(long, value_name = "string", default_value = ".", help_heading = None)]
    untardir: String,
}

// Parity: Helm, pkg/action/pull.go.
pub(crate) fn run(args: &PullArgs, invocation: &Invocation) -> Result<(), CommandError> {
    charts::tell_default_version(&args.location, invocation);
    args.location.connection.check()?;
    let session = Session::default();
    for name in &args.charts {
        let provenance = pull(args, name, &session, invocation)?;
        invocation.printer.data(told(&provenance))?;
    }
    Ok(())
}

/// Downloads a chart; gives what is known of its provenance.
fn pull(
    args: &PullArgs,
    name: &str,
    session: &Session,
    invocation: &Invocation,
) -> Result<Provenance, CommandError> {
    let mut reference = args.location.reference(name, invocation);
    reference.session = session.clone();
    if args.prov && !args.location.verify {
        reference.verification = Strategy::Later;
    }
    invocation.tell_getters();
    if !reference.repository.is_empty() {
        invocation.tell_getters();
    }
    let context = invocation.context();
    if !args.untar {
        let folder = Path::new(&args.destination);
        let located = invocation.wait_for(action::pull(&context, &reference, folder))??;
        return Ok(located.provenance);
    }
    let scratch = tempfile::Builder::new().prefix("helm-").tempdir()?;
    let located = invocation.wait_for(action::pull(&context, &reference, scratch.path()))??;
    let bytes =
        std::fs::read(&located.path).map_err(|error| PathError::of_read(&located.path, error))?;
    unpack(args, name, &bytes)?;
    Ok(located.provenance)
}

/// What is said of a chart's provenance once everything is in place.
fn told(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Missing { chart, error } => {
            format!("WARNING: Verification not found for {chart}: {error}\n")
        }
        Provenance::Verified(verification) => views::verification::render("Chart", verification),
        Provenance::Ignored | Provenance::Fetched => String::new(),
    }
}

/// Unpacks an archive into a directory of the chart's name.
fn unpack(args: &PullArgs, name: &str, archive: &[u8]) -> Result<(), CommandError> {
    let directory = match Path::new(&args.untardir) {
        directory if directory.is_absolute() => directory.to_owned(),
        directory => paths::clean(&Path::new(&args.destination).join(directory)),
    };
    let base = name.rsplit('/').next().unwrap_or_default();
    let wanted = if directory == Path::new(".") {
        base.into()
    } else {
        paths::clean(&directory.join(base))
    };
    if std::fs::metadata(&wanted).is_ok() {
        return Err(CommandError::message(format!(
            "failed to untar: a file or directory with the name {} already exists",
            wanted.display()
        )));
    }
    folder::make(&wanted).map_err(|error| {
        CommandError::message(format!("failed to untar (mkdir): {}", chain(&error)))
    })?;
    let (name, files) = chart::archive::expand(archive)?;
    for file in files {
        let root = folder::within(&directory, Path::new(&name));
        let path = root.and_then(|root| folder::within(&root, Path::new(&file.name)));
        let path = path.map_err(|error| PathError::new("open", &directory, error))?;
        folder::make(path.parent().unwrap_or(&directory))?;
        crate::file::write_public(&path, &file.data)?;
    }
    Ok(())
}
