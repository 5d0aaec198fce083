//! The commands, and which function does what each asks for.

mod completion;
mod create;
mod dependency;
mod docs;
mod env;
mod get;
mod help;
mod history;
mod install;
mod lint;
mod list;
mod package;
mod plugin;
mod pull;
mod push;
mod registry;
mod repo;
mod rollback;
mod sandbox;
mod search;
mod show;
mod status;
mod template;
mod test;
mod uninstall;
mod upgrade;
mod verify;
mod version;

use clap::Subcommand;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Every command.
///
/// What one takes is made known to clap only when the command line asks for it: there are more flags than a call needs.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub(crate) enum Command {
    Create(create::CreateArgs),
    #[command(visible_aliases = ["dep", "dependencies"])]
    Dependency(dependency::DependencyArgs),
    #[command(visible_alias = "fetch")]
    Pull(pull::PullArgs),
    #[command(visible_alias = "inspect")]
    Show(show::ShowArgs),
    Lint(lint::LintArgs),
    Package(package::PackageArgs),
    Plugin(plugin::PluginArgs),
    Repo(repo::RepoArgs),
    Search(search::SearchArgs),
    Get(get::GetArgs),
    #[command(visible_alias = "hist")]
    History(history::HistoryArgs),
    Install(Box<install::InstallArgs>),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    Test(test::TestArgs),
    Rollback(Box<rollback::RollbackArgs>),
    Status(status::StatusArgs),
    Template(Box<template::TemplateArgs>),
    #[command(visible_aliases = ["del", "delete", "un"])]
    Uninstall(uninstall::UninstallArgs),
    Upgrade(Box<upgrade::UpgradeArgs>),
    Verify(verify::VerifyArgs),
    Completion(completion::CompletionArgs),
    #[command(hide = true)]
    Docs(docs::DocsArgs),
    Env(env::EnvArgs),
    Version(version::VersionArgs),
    Registry(registry::RegistryArgs),
    Push(push::PushArgs),
    Help(help::HelpArgs),
    Sandbox(sandbox::SandboxArgs),
}

/// Does what the command asks for.
pub(crate) fn run(command: &Command, invocation: &Invocation) -> Result<(), CommandError> {
    match command {
        Command::Completion(args) => completion::run(args, invocation),
        Command::Create(args) => create::run(args, invocation),
        Command::Dependency(args) => dependency::run(args, invocation),
        Command::Docs(args) => docs::run(args, invocation),
        Command::Env(args) => env::run(args, invocation),
        Command::Get(args) => get::run(args, invocation),
        Command::Help(args) => help::run(args, invocation),
        Command::History(args) => history::run(args, invocation),
        Command::Install(args) => install::run(args, invocation),
        Command::Lint(args) => lint::run(args, invocation),
        Command::List(args) => list::run(args, invocation),
        Command::Package(args) => package::run(args, invocation),
        Command::Plugin(args) => plugin::run(args, invocation),
        Command::Pull(args) => pull::run(args, invocation),
        Command::Push(args) => push::run(args, invocation),
        Command::Registry(args) => registry::run(args, invocation),
        Command::Repo(args) => repo::run(args, invocation),
        Command::Rollback(args) => rollback::run(args, invocation),
        Command::Sandbox(args) => sandbox::run(args, invocation),
        Command::Search(args) => search::run(args, invocation),
        Command::Show(args) => show::run(args, invocation),
        Command::Status(args) => status::run(args, invocation),
        Command::Template(args) => template::run(args, invocation),
        Command::Test(args) => test::run(args, invocation),
        Command::Uninstall(args) => uninstall::run(args, invocation),
        Command::Upgrade(args) => upgrade::run(args, invocation),
        Command::Verify(args) => verify::run(args, invocation),
        Command::Version(args) => version::run(args, invocation),
    }
}
