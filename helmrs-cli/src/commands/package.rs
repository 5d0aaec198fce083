//! `package`: a chart's directory as an archive.

use clap::Args;

use crate::error::CommandError;
use crate::flags::tls::ConnectionFlags;
use crate::invocation::Invocation;

/// package a chart directory into a chart archive
///
/// Writes NAME-VERSION.tgz for each chart. The version and application version of Chart.yaml can be replaced on the way.
/// With SOURCE_DATE_EPOCH in the environment, equal charts give equal archives whenever they are packaged.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[CHART_PATH] [...]",
    after_help = "  {program} package ./shop\n  {program} package ./shop --version 1.2.3 --destination dist"
)]
pub(crate) struct PackageArgs {
    /// directories of charts
    paths: Vec<String>,
    /// application version to put into Chart.yaml
    #[arg(long, value_name = "string")]
    app_version: Option<String>,
    #[command(flatten)]
    connection: ConnectionFlags,
    /// download the dependencies of Chart.yaml into charts/ first
    #[arg(long, short = 'u')]
    dependency_update: bool,
    /// directory to write archives into
    #[arg(long, short = 'd', value_name = "string", default_value = ".")]
    destination: String,
    /// name of the key to sign with
    #[arg(long, value_name = "string")]
    key: Option<String>,
    /// file of the secret keys
    #[arg(long, value_name = "string")]
    keyring: Option<String>,
    /// file that holds the key's passphrase; "-" for standard input
    #[arg(long, value_name = "string")]
    passphrase_file: Option<String>,
    /// sign the archive with a PGP key
    #[arg(long)]
    sign: bool,
    /// version to put into Chart.yaml
    #[arg(long, value_name = "string")]
    version: Option<String>,
}
