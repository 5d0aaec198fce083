//! `plugin update`.

use clap::Args;
use helmrs_client::installer;

use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::plugins::bare;

/// Bring plugins up to date
///
/// Fetches what is new in the repositories that plugins came from. A plugin of which a tag or a revision is checked out
/// stays as it is; one that came from somewhere else has to be removed and installed anew. If the new plugin does not work,
/// the old one stays.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "<plugin>...",
    after_help = "\
# Bring two plugins up to date
{program} plugin update echo diff"
)]
pub(crate) struct UpdateArgs {
    /// names of plugins
    #[arg(num_args = 0..)]
    names: Vec<String>,
}

// Parity: Helm, pkg/cmd/plugin_update.go.
pub(crate) fn run(args: &UpdateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    if args.names.is_empty() {
        let text = "please provide plugin name to update";
        return Err(CommandError::message(text));
    }
    let places = super::places(invocation);
    let surroundings = bare(&invocation.environment);
    let progress = invocation.progress();
    let update = |plugin: &_| {
        let updated = installer::update(plugin, &places, &surroundings, &progress);
        updated.map_err(|error| {
            let (name, error) = (&plugin.metadata.name, chain(&error));
            format!("failed to update plugin {name}, got error ({error})")
        })
    };
    super::each(&args.names, invocation, update, "Updated")
}
