//! A plugin as a command of the program.

use clap::Command;
use helmrs_client::plugin::Process;
use helmrs_core::plugin::{COMPLETION_FILE, Config, Plugin};

use super::{line, surroundings, tell_failure, tell_start};
use crate::cli::arguments;
use crate::error::CommandError;
use crate::invocation::{Invocation, Program};
use crate::printer::{Level, Printer, Record};
use crate::quote::quote;

/// Under which heading plugins are listed, which also tells their commands from others.
pub(crate) const HEADING: &str = "Plugin Commands";

/// Commands that a plugin of the same name takes the place of: Helm has none of them when it looks for plugins.
const REPLACED: [&str; 2] = ["help", "sandbox"];

/// Whether a command is a plugin.
pub(crate) fn is_plugin(command: &Command) -> bool {
    command.get_subcommand_help_heading() == Some(HEADING)
}

/// The name of a plugin's command: the first word of its usage.
// Parity: cobra, command.go, Command.Name.
pub(crate) fn name(plugin: &Plugin) -> &str {
    let usage = match &plugin.metadata.config {
        Config::Cli(config) if !config.usage.is_empty() => &config.usage,
        _ => &plugin.metadata.name,
    };
    usage.split_once(' ').map_or(usage, |(name, _)| name)
}

/// Adds plugins to the program's commands; one that is called like another ends it.
// Parity: Helm, pkg/cmd/load_plugins.go, loadCLIPlugins.
pub(crate) fn add(
    mut root: Command,
    plugins: &[&Plugin],
    words: &[String],
    printer: &Printer,
) -> Command {
    for plugin in plugins {
        let name = name(plugin);
        let known = root
            .get_subcommands()
            .find(|known| known.get_name() == name);
        match known {
            Some(known) if is_plugin(known) || !REPLACED.contains(&name) => {
                let record = Record::new(Level::Error, "failed to load plugins: name conflicts");
                printer.log(&record.with("name", name));
                return root;
            }
            Some(_) => root = root.mut_subcommand(name, |_| command(plugin)),
            // What is another command's second name leads there all the same.
            None if name.is_empty() || root.find_subcommand(name).is_some() => {}
            None => root = root.subcommand(command(plugin)),
        }
        tell_completion(&root, plugin, words, printer);
    }
    root
}

/// Tells those who debug of a plugin that does not say how its lines are completed.
// Parity: Helm, pkg/cmd/load_plugins.go, loadCLIPlugins, which looks for that while the line names no command it knows yet.
fn tell_completion(root: &Command, plugin: &Plugin, words: &[String], printer: &Printer) {
    let mut flags = words.iter().take_while(|word| *word != "--");
    if !printer.debug() && !flags.any(|word| word == "--debug") {
        return;
    }
    let (path, _) = arguments::find(root, words);
    let is_asked = match path.get(1) {
        Some(command) => command.get_name() == "completion",
        None => true,
    };
    let file = plugin.directory.join(COMPLETION_FILE);
    if is_asked && std::fs::File::open(&file).is_err() {
        let file = file.to_string_lossy();
        let error =
            format!("file ({file}) not provided by plugin. No plugin auto-completion possible");
        let record = Record::new(Level::Debug, "plugin completion file loading");
        printer.debugging().log(&record.with("error", &error));
    }
}

fn command(plugin: &Plugin) -> Command {
    let name = name(plugin);
    let (usage, short, long) = match &plugin.metadata.config {
        Config::Cli(config) => (
            config.usage.as_str(),
            config.short_help.as_str(),
            config.long_help.as_str(),
        ),
        _ => ("", "", ""),
    };
    let short = if short.is_empty() {
        format!("the {} plugin", quote(&plugin.metadata.name))
    } else {
        short.to_owned()
    };
    let words = usage.split_once(' ').map_or("", |(_, words)| words);
    Command::new(name.to_owned())
        .subcommand_help_heading(HEADING)
        .long_about(format!("{}\n\n{long}", short.replace('\n', " ")))
        .about(short)
        .override_usage(words.to_owned())
        .disable_help_flag(true)
        .disable_help_subcommand(true)
}

/// Runs a plugin on the words after its name.
// Parity: Helm, pkg/cmd/load_plugins.go, loadCLIPlugins.
pub(crate) fn run(
    plugin: &Plugin,
    words: &[String],
    invocation: &Invocation,
) -> Result<(), CommandError> {
    let printer = &invocation.printer;
    let Program { path, .. } = &invocation.program;
    let ignore = matches!(&plugin.metadata.config, Config::Cli(config) if config.ignore_flags);
    let extra = if ignore {
        Vec::new()
    } else {
        line::split(words).1
    };
    let surroundings = surroundings(&invocation.environment, &invocation.settings, path);
    let process = Process::of_command(plugin, &extra, surroundings)?;
    tell_start(&process, printer);
    process.run().map_err(|error| {
        tell_failure(&process, &error, printer);
        let code = error.exit_code();
        let mut error = CommandError::from(error);
        // Parity: Go, os.Exit: a code of the system has eight bits.
        error.code = code.map_or(1, |code| code.rem_euclid(256) as u8);
        error
    })
}
