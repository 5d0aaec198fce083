//! `push`: a chart into a registry.

use std::path::Path;

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::tls::ConnectionFlags;
use crate::invocation::Invocation;

/// Put a chart into a registry
///
/// Uploads the archive of a chart, with the chart's version as the tag. A signature that lies beside the archive goes with
/// it.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[chart] [remote]",
    after_help = "\
# Upload a chart as oci://registry.example.com/charts/shop:1.2.3
{program} push shop-1.2.3.tgz oci://registry.example.com/charts

# Upload it to a registry on this machine that has no certificate
{program} push shop-1.2.3.tgz oci://localhost:5000/charts --plain-http"
)]
pub(crate) struct PushArgs {
    /// archive of the chart
    chart: String,
    /// where to put it: an oci:// URL, to which the chart's name is added
    remote: String,
    // Parity: the reference takes more words and forgets them.
    #[arg(hide = true)]
    more: Vec<String>,
    #[command(flatten)]
    connection: ConnectionFlags,
}

// Parity: Helm, pkg/cmd/push.go.
pub(crate) fn run(args: &PushArgs, invocation: &Invocation) -> Result<(), CommandError> {
    args.connection.check()?;
    let context = invocation.context();
    let connection = args.connection.connection();
    let archive = Path::new(&args.chart);
    let pushed = action::push(&context, archive, &args.remote, &connection);
    Ok(invocation.wait_for(pushed)??)
}
