//! The commands, and which function does what each asks for.

mod dependency;
mod env;
mod help;
mod show;
mod version;

use clap::Subcommand;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Every command.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    #[command(visible_aliases = ["dep", "dependencies"])]
    Dependency(dependency::DependencyArgs),
    #[command(visible_alias = "inspect")]
    Show(show::ShowArgs),
    Env(env::EnvArgs),
    Help(help::HelpArgs),
    Version(version::VersionArgs),
}

/// Does what the command asks for.
pub(crate) fn run(command: &Command, invocation: &Invocation) -> Result<(), CommandError> {
    match command {
        Command::Dependency(args) => dependency::run(args, invocation),
        Command::Env(args) => env::run(args, invocation),
        Command::Help(args) => help::run(args, invocation),
        Command::Show(args) => show::run(args, invocation),
        Command::Version(args) => version::run(args, invocation),
    }
}
