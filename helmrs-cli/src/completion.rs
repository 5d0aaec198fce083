//! What could come next on a command line: the answers to a shell's `__complete`.
// Parity: cobra, completions.go: the protocol its shell scripts speak.

mod operands;
mod source;

use std::fmt::Write;

use clap::Command;

use crate::cli::flag::{Flag, Operand};
use crate::cli::{arguments, values};
use crate::invocation::Invocation;

/// The command shells ask for completions.
pub(crate) const REQUEST: &str = "__complete";
/// The same, without descriptions.
pub(crate) const REQUEST_PLAIN: &str = "__completeNoDesc";

/// What marks a line as advice rather than a candidate.
const ADVICE: &str = "_activeHelp_ ";
/// The advice where a command takes no more words.
const NO_MORE: &str = "This command does not take any more arguments (but may accept flags).";

/// What a shell should do besides offering the candidates: a sum of these.
const ERROR: u8 = 1;
const NO_SPACE: u8 = 2;
const NO_FILES: u8 = 4;

/// The answer to a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Completion {
    /// What could come next, each with its description after a tab.
    pub(crate) candidates: Vec<String>,
    /// A sum of directives.
    pub(crate) directive: u8,
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
    #[error("Error while parsing flags from args [{words}]: {source}")]
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
    let (flag, rest, word) = flag_being_completed(root, command, &rest, word)?;
    let (sorted, error) = arguments::sort(&path, &rest);
    if let Some(source) = values::check(&path, &sorted).or(error) {
        return Err(CompletionError::Flags {
            words: rest.join(" "),
            source,
        });
    }
    if sorted.help {
        return Ok(Completion::only(Vec::new()));
    }
    let flags = [sorted.flags, sorted.global_flags].concat();
    let position = Position {
        path: &path,
        operands: &sorted.operands,
        flags: &flags,
        word,
    };
    if let Some(flag) = flag {
        return Ok(operands::of_flag(flag.name(), &position, invocation));
    }
    let ended = rest.iter().any(|word| word == "--");
    if word.starts_with('-') && !word.contains('=') && !ended {
        return Ok(Completion::only(flag_names(root, command, &position)));
    }
    Ok(with_commands(command, &position, invocation))
}

/// The flag whose value is being typed, the words without it, and the part of the value there is.
fn flag_being_completed<'a>(
    root: &'a Command,
    command: &'a Command,
    rest: &[String],
    word: &'a str,
) -> Result<(Option<Flag<'a>>, Vec<String>, &'a str), CompletionError> {
    let find = |name: &str| {
        let flags = || Flag::all(command).chain(Flag::all(root));
        let short = name
            .strip_prefix("--")
            .is_none()
            .then(|| name.chars().last())
            .flatten();
        let found = match name.strip_prefix("--") {
            Some(name) => flags().find(|flag| flag.name() == name),
            None => flags().find(|flag| flag.0.get_short() == short),
        };
        found.ok_or_else(|| CompletionError::UnknownFlag {
            command: command.get_name().to_owned(),
            flag: name.trim_start_matches('-').to_owned(),
        })
    };
    if word.starts_with('-') {
        return match word.split_once('=') {
            Some((name, value)) => Ok((Some(find(name)?), rest.to_vec(), value)),
            None => Ok((None, rest.to_vec(), word)),
        };
    }
    match rest.split_last() {
        Some((last, others)) if is_flag(last) && !last.contains('=') => {
            let flag = find(last)?;
            match flag.operand() {
                Operand::Required => Ok((Some(flag), others.to_vec(), word)),
                Operand::Switch | Operand::Optional => Ok((None, rest.to_vec(), word)),
            }
        }
        _ => Ok((None, rest.to_vec(), word)),
    }
}

/// Whether a word is a whole flag.
fn is_flag(word: &str) -> bool {
    (word.len() >= 3 && word.starts_with("--"))
        || (word.len() >= 2 && word.starts_with('-') && !word.starts_with("--"))
}

/// The flags that may follow: those not given yet, and those that may be given again.
fn flag_names(root: &Command, command: &Command, position: &Position<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut offer = |name: String, about: &str| {
        if name.starts_with(position.word) {
            names.push(format!("{name}\t{about}"));
        }
    };
    let own = (position.path.len() > 1).then_some(command);
    for flag in Flag::all(root).chain(own.into_iter().flat_map(Flag::all)) {
        let again = ["strings", "stringArray", "stringToString"].contains(&flag.type_name());
        if flag.0.is_hide_set() || (position.has_flag(flag.name()) && !again) {
            continue;
        }
        offer(format!("--{}", flag.name()), &flag.about());
        if let Some(short) = flag.0.get_short() {
            offer(format!("-{short}"), &flag.about());
        }
    }
    let about = format!("help for {}", command.get_name());
    offer("--help".to_owned(), &about);
    offer("-h".to_owned(), &about);
    names
}

/// The subcommands and words that may follow.
fn with_commands(
    command: &Command,
    position: &Position<'_>,
    invocation: &Invocation,
) -> Completion {
    if command.has_subcommands() && position.operands.is_empty() && position.flags.is_empty() {
        return Completion::only(commands(command, position.word));
    }
    operands::of_command(position, invocation)
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
    descriptions: bool,
    invocation: &Invocation,
) -> std::io::Result<()> {
    let completion = complete(root, words, invocation).unwrap_or_else(|error| {
        invocation
            .printer
            .note(&format!("[Debug] [Error] {}", crate::error::chain(&error)));
        Completion::default()
    });
    let mut text = String::new();
    for candidate in &completion.candidates {
        let candidate = match candidate.split_once('\t') {
            Some((candidate, _)) if !descriptions => candidate,
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

/// The names of the directives in a sum.
fn named(directive: u8) -> String {
    let names = [
        (ERROR, "ShellCompDirectiveError"),
        (NO_SPACE, "ShellCompDirectiveNoSpace"),
        (NO_FILES, "ShellCompDirectiveNoFileComp"),
    ];
    let named: Vec<_> = names
        .iter()
        .filter(|(bit, _)| directive & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    if named.is_empty() {
        "ShellCompDirectiveDefault".to_owned()
    } else {
        named.join(", ")
    }
}
