//! `plugin list`.

use clap::Args;
use helmrs_client::installer::standing;

use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::views::plugins::{self, Row};

/// List the plugins that are installed
///
/// Lists every plugin with its version and its type, and says whether the archive it came from is the one that was
/// signed; nobody's key is asked for that.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# List all plugins, or those that fetch charts
{program} plugin list
{program} plugin list --type getter/v1"
)]
pub(crate) struct ListArgs {
    /// words that are passed over
    #[arg(num_args = 0.., hide = true)]
    rest: Vec<String>,
    /// type of the plugins to list: cli/v1, getter/v1 or postrenderer/v1
    #[arg(long = "type", value_name = "string")]
    kind: Option<String>,
}

// Parity: Helm, pkg/cmd/plugin_list.go.
pub(crate) fn run(args: &ListArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let kind = args.kind.as_deref().unwrap_or_default();
    let wanted = invocation.plugins.of_type(kind, &invocation.printer)?;
    let places = super::places(invocation);
    let rows: Vec<_> = wanted
        .map(|plugin| Row {
            metadata: &plugin.metadata,
            standing: standing(&plugin.metadata, &places),
        })
        .collect();
    Ok(invocation.printer.data(plugins::render(&rows))?)
}
