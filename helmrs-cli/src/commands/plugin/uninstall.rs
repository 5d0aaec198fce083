//! `plugin uninstall`.

use clap::Args;
use helmrs_client::installer;

use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::plugins::bare;

/// Remove plugins
///
/// Removes plugins, and the archives they came from. Of a plugin that is being worked on, the link is removed and the folder
/// stays.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "<plugin>...",
    after_help = "\
# Remove two plugins
{program} plugin uninstall echo diff"
)]
pub(crate) struct UninstallArgs {
    /// names of plugins
    #[arg(num_args = 0..)]
    names: Vec<String>,
}

// Parity: Helm, pkg/cmd/plugin_uninstall.go.
pub(crate) fn run(args: &UninstallArgs, invocation: &Invocation) -> Result<(), CommandError> {
    if args.names.is_empty() {
        let text = "please provide plugin name to uninstall";
        return Err(CommandError::message(text));
    }
    let places = super::places(invocation);
    let surroundings = bare(&invocation.environment);
    let uninstall = |plugin: &_| {
        let removed = installer::remove(plugin, &places, &surroundings);
        removed.map_err(|error| {
            let (name, error) = (&plugin.metadata.name, chain(&error));
            format!("failed to uninstall plugin {name}, got error ({error})")
        })
    };
    super::each(&args.names, invocation, uninstall, "Uninstalled")
}
