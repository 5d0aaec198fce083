//! `registry`: names and passwords for registries.

mod login;
mod logout;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Log in to registries and out of them
///
/// Keeps or forgets what a registry wants to see before it hands out charts or takes them.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct RegistryArgs {
    #[command(subcommand)]
    command: RegistryCommand,
}

/// Everything that can be done with registries.
#[derive(Subcommand, Debug)]
enum RegistryCommand {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
}

pub(crate) fn run(args: &RegistryArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        RegistryCommand::Login(args) => login::run(args, invocation),
        RegistryCommand::Logout(args) => logout::run(args, invocation),
    }
}
