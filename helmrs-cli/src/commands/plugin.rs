//! `plugin`: programs that add to this one.

mod install;
mod list;
mod package;
mod uninstall;
mod update;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use helmrs_client::installer::Places;
use helmrs_client::plugin::search_folder;
use helmrs_core::plugin::Plugin;

use crate::environment;
use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::plugins::usable;

/// Manage the plugins you use
///
/// A plugin is a folder with a program and a plugin.yaml that describes it. It may be a command of its own, fetch charts
/// from URLs that are not known here, or change what charts render.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Install a plugin somebody signed, and see what is installed
{program} plugin install https://example.com/echo-1.2.3.tgz --keyring team.gpg
{program} plugin list

# Try out a plugin you are working on: its folder is linked, not copied
{program} plugin install ./echo"
)]
pub(crate) struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

/// Everything that can be done with plugins.
#[derive(Subcommand, Debug)]
enum PluginCommand {
    #[command(visible_alias = "add")]
    Install(install::InstallArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    #[command(visible_aliases = ["rm", "remove"])]
    Uninstall(uninstall::UninstallArgs),
    #[command(visible_alias = "up")]
    Update(update::UpdateArgs),
    Package(package::PackageArgs),
    Verify(verify::VerifyArgs),
}

pub(crate) fn run(args: &PluginArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        PluginCommand::Install(args) => install::run(args, invocation),
        PluginCommand::List(args) => list::run(args, invocation),
        PluginCommand::Uninstall(args) => uninstall::run(args, invocation),
        PluginCommand::Update(args) => update::run(args, invocation),
        PluginCommand::Package(args) => package::run(args, invocation),
        PluginCommand::Verify(args) => verify::run(args, invocation),
    }
}

/// Where plugins are.
fn places(invocation: &Invocation) -> Places {
    let settings = &invocation.settings;
    Places {
        plugins: PathBuf::from(&settings.plugins),
        data: settings.paths.data.join("plugins"),
        cache: settings.paths.cache.join("plugins"),
        programs: invocation.environment.text(environment::PATH).into(),
    }
}

/// Does something with each plugin that is named; what goes wrong with one does not keep the others from it.
// Parity: Helm, pkg/cmd/plugin_uninstall.go and plugin_update.go: only one folder is looked into.
fn each(
    names: &[String],
    invocation: &Invocation,
    act: impl Fn(&Plugin) -> Result<(), String>,
    done: &str,
) -> Result<(), CommandError> {
    let folder = PathBuf::from(&invocation.settings.plugins);
    let found = search_folder(&folder);
    let plugins = usable(&found, &invocation.printer)?;
    let mut problems = Vec::new();
    for name in names {
        let mut named = plugins.iter();
        match named.find(|plugin| plugin.metadata.name == *name) {
            None => problems.push(format!("plugin: {name} not found")),
            Some(plugin) => match act(plugin) {
                Ok(()) => invocation
                    .printer
                    .data(format!("{done} plugin: {name}\n"))?,
                Err(problem) => problems.push(problem),
            },
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(CommandError::message(problems.join("\n")))
}
