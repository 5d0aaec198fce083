//! The command line: what clap knows of it, and the reading of one.

pub(crate) mod arguments;
pub(crate) mod flag;
pub(crate) mod reading;
pub(crate) mod suggestion;
#[cfg(test)]
mod surface;
pub(crate) mod values;

use clap::{Args, Command, CommandFactory, FromArgMatches, Parser};

use crate::commands;
use crate::flags::global::GlobalFlags;
use crate::plugins::command::is_plugin;
use crate::plugins::line;

/// Install, upgrade and look after applications in Kubernetes
///
/// A chart is an application packed for Kubernetes: templates, and the values they are filled with. Installing a chart
/// makes a release, which has a name and a history, and can be upgraded, rolled back and removed.
///
/// Commands to begin with:
///
/// - {program} search:  find charts
/// - {program} show:  see what a chart is and what can be set
/// - {program} install:  install a chart into a cluster
/// - {program} list:  see what is installed
/// - {program} upgrade:  change what is installed
///
/// A flag has precedence over its environment variable, and a variable over the kubeconfig and the defaults.
#[derive(Parser, Debug)]
#[command(
    name = "helm",
    verbatim_doc_comment,
    args_override_self = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    subcommand_precedence_over_arg = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalFlags,
    #[command(subcommand)]
    pub(crate) command: Option<commands::Command>,
}

/// The flags that are looked at before anything else.
pub(crate) fn early_flags(words: &[String]) -> GlobalFlags {
    GlobalFlags {
        color: last_value(words, &["--color", "--colour"]),
        registry_config: last_value(words, &["--registry-config"]),
        ..GlobalFlags::default()
    }
}

/// The last value on a line that a flag is given by one of its names.
fn last_value(words: &[String], names: &[&str]) -> Option<String> {
    let mut last = None;
    let mut words = words.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        match word.split_once('=') {
            Some((name, value)) if names.contains(&name) => last = Some(value.to_owned()),
            None if names.contains(&word.as_str()) => last = words.next().cloned().or(last),
            _ => {}
        }
    }
    last
}

/// The flags of every command on a line that need not be whole: what cannot be read is left out.
// Parity: Helm, pkg/cmd/root.go: the line is read for them before anything else, unknown flags passed over.
pub(crate) fn global_flags(root: &Command, words: &[String]) -> GlobalFlags {
    let before = words.split_last().map_or(words, |(_, before)| before);
    let (path, rest) = arguments::find(root, before);
    if path.get(1).is_some_and(|command| is_plugin(command)) {
        return line::lenient(root, before);
    }
    // The flag whose value is being typed has none yet: what comes before it counts.
    let (sorted, _) = arguments::sort(&path, &rest);
    let mut line = vec![root.get_name().to_owned()];
    line.extend(sorted.global_flags);
    let matched = GlobalFlags::augment_args(Command::new(root.get_name().to_owned()))
        .try_get_matches_from(line);
    matched
        .and_then(|matches| GlobalFlags::from_arg_matches(&matches))
        .unwrap_or_default()
}

/// What is known of commands before any is needed, named as the program is called.
pub(crate) fn outline(program: &str) -> Command {
    Cli::command().name(program.to_owned())
}

/// The model of every command, named as the program is called.
pub(crate) fn model(program: &str) -> Command {
    whole(outline(program))
}

/// The model of every command.
pub(crate) fn whole(mut outline: Command) -> Command {
    outline.build();
    outline
}

/// The model as far as a line needs it: the one command it names is complete, and if it names none they all are.
pub(crate) fn model_for(outline: Command, words: &[String]) -> Command {
    let root = outline;
    let name = arguments::first_operand(&root, &root, words)
        .and_then(|position| root.find_subcommand(&words[position]))
        .map(|command| command.get_name().to_owned());
    match name {
        Some(name) => root.mut_subcommand(name, complete),
        None => whole(root),
    }
}

/// Lets clap know all there is of a command, which it would do itself only while it reads a line.
fn complete(command: Command) -> Command {
    let mut command = command
        .args_override_self(true)
        .disable_help_flag(true)
        .disable_help_subcommand(true);
    command.build();
    command
}

/// A command's words, from the program down.
pub(crate) fn words(path: &[&Command]) -> String {
    path.iter()
        .map(|command| command.get_name())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A command's usage line.
pub(crate) fn usage(path: &[&Command]) -> String {
    let command = path[path.len() - 1];
    let operands = command
        .get_overridden_usage()
        .map(ToString::to_string)
        .unwrap_or_default();
    let rest = if operands.contains("[flags]") {
        ""
    } else if command.has_subcommands() {
        "[command]"
    } else {
        "[flags]"
    };
    [words(path).as_str(), operands.as_str(), rest]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
