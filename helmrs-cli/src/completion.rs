//! What could come next on a command line: the answers to a shell's `__complete`.
// Parity: cobra, completions.go: the protocol its shell scripts speak.

mod flags;
mod operands;
mod plugin;
mod source;

use std::fmt::Write as _;
use std::io::Write as _;

use clap::Command;

use crate::cli::{arguments, values};
use crate::environment;
use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::plugins::command::is_plugin;

/// The command shells ask for completions.
pub(crate) const REQUEST: &str = "__complete";
/// The same, without descriptions.
pub(crate) const REQUEST_PLAIN: &str = "__completeNoDesc";

/// What marks a line as advice rather than a candidate.
const ADVICE: &str = "_activeHelp_ ";
/// The advice where a command takes no more words.
const NO_MORE: &str = "This command does not take any more arguments (but may accept flags).";

/// What a shell should do besides offering the candidates: a sum of these.
const DEFAULT: i64 = 0;
const ERROR: i64 = 1;
const NO_SPACE: i64 = 2;
const NO_FILES: i64 = 4;
/// What only plugins ask for: files with these endings, folders, and candidates in their order.
const OF_PLUGINS: [(i64, &str); 3] = [
    (8, "ShellCompDirectiveFilterFileExt"),
    (16, "ShellCompDirectiveFilterDirs"),
    (32, "ShellCompDirectiveKeepOrder"),
];
/// The first number that is no sum of directives.
const END: i64 = 64;

/// The answer to a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Completion {
    /// What could come next, each with its description after a tab.
    pub(crate) candidates: Vec<String>,
    /// A sum of directives.
    pub(crate) directive: i64,
}

impl Completion {
    /// These candidates, and no files besides.
    fn only(candidates: Vec<String>) -> Self {
        Self {
            candidates,
            directive: NO_FILES,
        }
    }

    /// The same candidates, of which none is a whole word yet.
    fn without_space(self) -> Self {
        Self {
            directive: self.directive | NO_SPACE,
            ..self
        }
    }

    /// Nothing, as no more words are taken.
    fn no_more() -> Self {
        Self::only(vec![format!("{ADVICE}{NO_MORE}")])
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompletionError {
    #[error("unable to find a command for arguments: [{0}]")]
    UnknownCommand(String),
    #[error("Subcommand '{command}' does not support flag '{flag}'")]
    UnknownFlag { command: String, flag: String },
    #[error("Error while parsing flags from args [{words}]")]
    Flags {
        words: String,
        source: arguments::FlagError,
    },
}

/// The line so far.
pub(crate) struct Position<'a> {
    /// The command meant, from the program down.
    path: &'a [&'a Command],
    /// The words that are no flags, without the one being typed.
    operands: &'a [String],
    /// The flags given.
    flags: &'a [String],
    /// The word being typed.
    word: &'a str,
}

impl Position<'_> {
    /// The command's words without the program's name.
    fn command(&self) -> Vec<&str> {
        self.path
            .iter()
            .skip(1)
            .map(|command| command.get_name())
            .collect()
    }

    fn has_flag(&self, name: &str) -> bool {
        let name = format!("--{name}");
        self.flags
            .iter()
            .any(|flag| flag.split('=').next() == Some(&name))
    }
}

/// Completes the last of `words`.
pub(crate) fn complete(
    root: &Command,
    words: &[String],
    invocation: &Invocation,
) -> Result<Completion, CompletionError> {
    let Some((word, before)) = words.split_last() else {
        return Ok(Completion::default());
    };
    let (path, rest) = arguments::find(root, before);
    let command = path[path.len() - 1];
    if path.len() == 1 && arguments::first_operand(root, command, &rest).is_some() {
        return Err(CompletionError::UnknownCommand(before.join(" ")));
    }
    if path.len() == 2
        && is_plugin(command)
        && let Some(plugin) = invocation.plugins.command(command.get_name())
    {
        return Ok(plugin::complete(root, plugin, &rest, word, invocation));
    }
    // After two dashes nothing is a flag.
    let ended = rest.iter().any(|word| word == "--");
    let being = flags::being_completed(root, command, &rest, word);
    let (sorted, error) = arguments::sort(&path, &being.rest);
    if let Some(source) = values::check(&path, &sorted).or(error) {
        return Err(CompletionError::Flags {
            words: being.rest.join(" "),
            source,
        });
    }
    if let (Some(flag), false) = (being.unknown, ended) {
        return Err(CompletionError::UnknownFlag {
            command: command.get_name().to_owned(),
            flag,
        });
    }
    if sorted.help.is_some() {
        return Ok(Completion::only(Vec::new()));
    }
    let own = path.len() > 1 && !sorted.flags.is_empty();
    let flags = [sorted.flags, sorted.global_flags].concat();
    let position = Position {
        path: &path,
        operands: &sorted.operands,
        flags: &flags,
        word: being.word,
    };
    if let (Some(flag), false) = (being.flag, ended) {
        return Ok(operands::of_flag(flag, &position, invocation));
    }
    if word.starts_with('-') && !word.contains('=') && !ended {
        return Ok(Completion::only(flags::names(&position)));
    }
    if !command.has_subcommands() {
        return Ok(operands::of_command(&position, invocation));
    }
    if sorted.operands.is_empty() && !own {
        return Ok(Completion::only(commands(command, word)));
    }
    Ok(Completion::default())
}

/// The subcommands that start with `word`, sorted by name.
fn commands(command: &Command, word: &str) -> Vec<String> {
    let mut names: Vec<_> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name().starts_with(word))
        .map(|command| {
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            format!("{}\t{about}", command.get_name())
        })
        .collect();
    names.sort_unstable();
    names
}

/// Answers a shell.
pub(crate) fn run(
    root: &Command,
    words: &[String],
    described: bool,
    invocation: &Invocation,
) -> Result<(), CommandError> {
    if words.is_empty() {
        return Err(CommandError::message(
            "requires at least 1 arg(s), only received 0",
        ));
    }
    let environment = &invocation.environment;
    let described = described && environment::completion_descriptions(environment);
    let advised = environment::active_help(environment);
    let completion = complete(root, words, invocation).unwrap_or_else(|error| {
        tell_error(&crate::error::chain(&error), invocation);
        Completion::default()
    });
    let mut text = String::new();
    for candidate in &completion.candidates {
        if candidate.starts_with(ADVICE) && !advised {
            continue;
        }
        let candidate = match candidate.split_once('\t') {
            Some((candidate, _)) if !described => candidate,
            _ => candidate.lines().next().unwrap_or_default(),
        };
        text.push_str(candidate.trim());
        text.push('\n');
    }
    writeln!(text, ":{}", completion.directive).expect("writing to a string cannot fail");
    invocation.printer.data(text)?;
    let directive = named(completion.directive);
    invocation
        .printer
        .note(&format!("Completion ended with directive: {directive}"));
    Ok(())
}

/// Tells a developer of completions what is being done.
// Parity: cobra, completions.go, CompDebugln.
fn tell(text: &str, invocation: &Invocation) {
    let line = format!("[Debug] {text}");
    write_down(&line, invocation);
    if invocation.settings.debug {
        invocation.printer.note(&line);
    }
}

/// Says why there is no answer.
fn tell_error(text: &str, invocation: &Invocation) {
    let line = format!("[Debug] [Error] {text}");
    write_down(&line, invocation);
    invocation.printer.note(&line);
}

/// Adds a line to the file that a developer of completions named; that this fails is nothing to be told while a line is
/// being typed.
fn write_down(line: &str, invocation: &Invocation) {
    let path = invocation
        .environment
        .text(environment::COMPLETION_DEBUG_FILE);
    if path.is_empty() {
        return;
    }
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    if let Ok(mut file) = file {
        let _ = writeln!(file, "{line}");
    }
}

/// The names of the directives in a sum.
fn named(directive: i64) -> String {
    if directive >= END {
        return format!("ERROR: unexpected ShellCompDirective value: {directive}");
    }
    let names = [
        (ERROR, "ShellCompDirectiveError"),
        (NO_SPACE, "ShellCompDirectiveNoSpace"),
        (NO_FILES, "ShellCompDirectiveNoFileComp"),
    ];
    let named: Vec<_> = names
        .iter()
        .chain(&OF_PLUGINS)
        .filter(|(bit, _)| directive & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    if named.is_empty() {
        "ShellCompDirectiveDefault".to_owned()
    } else {
        named.join(", ")
    }
}
