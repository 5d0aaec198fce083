//! `get`: what is recorded about a release.

mod all;
mod hooks;
mod manifest;
mod metadata;
mod notes;
mod values;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Print what is recorded about a release
///
/// Every revision of a release is recorded in the cluster, with the chart it was made from. These commands print the
/// record or one part of it: what was sent to the cluster, the values it was made with, the hooks, the notes.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Which values differ from the chart's own
{program} get values web

# What revision 3 sent to the cluster
{program} get manifest web --revision 3"
)]
pub(crate) struct GetArgs {
    #[command(subcommand)]
    command: GetCommand,
}

/// Every part that can be printed.
#[derive(Subcommand, Debug)]
enum GetCommand {
    All(all::AllArgs),
    Values(values::ValuesArgs),
    Manifest(manifest::ManifestArgs),
    Hooks(hooks::HooksArgs),
    Notes(notes::NotesArgs),
    Metadata(metadata::MetadataArgs),
}

pub(crate) fn run(args: &GetArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        GetCommand::All(args) => all::run(args, invocation),
        GetCommand::Values(args) => values::run(args, invocation),
        GetCommand::Manifest(args) => manifest::run(args, invocation),
        GetCommand::Hooks(args) => hooks::run(args, invocation),
        GetCommand::Notes(args) => notes::run(args, invocation),
        GetCommand::Metadata(args) => metadata::run(args, invocation),
    }
}
