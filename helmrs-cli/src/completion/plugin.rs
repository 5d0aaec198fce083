//! What could come next on the line of a plugin: what its `completion.yaml` says, and what its own program answers.
// Parity: Helm, pkg/cmd/load_plugins.go, loadCompletionForPlugin and pluginDynamicComp; cobra, completions.go, for commands
// that read their flags themselves.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, Command};
use helmrs_client::plugin::{Errors, Process};
use helmrs_core::plugin::{
    COMPLETION_FILE, COMPLETION_PROGRAM, CompletionCommand, Config, Plugin, Runtime,
};

use super::{Completion, DEFAULT, NO_FILES, Position, flags, tell};
use crate::cli::arguments;
use crate::invocation::Invocation;
use crate::plugins::{line, surroundings, tell_failure};

/// The most that is read of a `completion.yaml`.
const MOST: u64 = 1 << 20;

/// How deep commands of plugins may lie below each other.
const DEEPEST: usize = 100;

/// Completes `word` after the words `rest` behind the plugin's name.
pub(super) fn complete(
    root: &Command,
    plugin: &Plugin,
    rest: &[String],
    word: &str,
    invocation: &Invocation,
) -> Completion {
    let top = described(plugin);
    let (path, rest) = descend(root, &top, rest);
    let command = path[path.len() - 1];
    let mut completion = Completion::default();
    if word.starts_with('-') && !word.contains('=') {
        let fake = fake(command);
        let position = Position {
            path: &[root, &fake],
            operands: &rest,
            flags: &[],
            word,
        };
        completion.candidates = flags::names_of_plugin(&position);
        completion.directive = NO_FILES;
    } else {
        if rest.is_empty() {
            let below = below(command).filter(|below| below.name.starts_with(word));
            let mut names: Vec<_> = below.map(|below| below.name.clone()).collect();
            names.sort_unstable();
            completion.candidates = names;
            if below_any(command) {
                completion.directive = NO_FILES;
            }
        }
        if !command.valid_args.is_empty() {
            if rest.is_empty() {
                let args = command.valid_args.iter();
                let args = args.filter(|arg| arg.starts_with(word)).cloned();
                completion.candidates.extend(args);
                completion.directive = NO_FILES;
            }
            return completion;
        }
    }
    // Parity: only commands without others below them ask the plugin itself.
    if command.commands.is_none() {
        let names: Vec<_> = path
            .iter()
            .skip(1)
            .map(|command| command.name.clone())
            .collect();
        let answer = ask(plugin, names, &rest, word, invocation);
        completion.candidates.extend(answer.candidates);
        completion.directive = answer.directive;
    }
    completion
}

/// What a plugin says of its words and flags; nothing if it says nothing that can be read.
fn described(plugin: &Plugin) -> CompletionCommand {
    use std::io::Read as _;
    let path = plugin.directory.join(COMPLETION_FILE);
    let mut text = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut text));
    let described = read.ok().and_then(|_| CompletionCommand::read(&text).ok());
    described.unwrap_or_default()
}

/// The commands named by words, and the words left.
fn descend<'c>(
    root: &Command,
    top: &'c CompletionCommand,
    words: &[String],
) -> (Vec<&'c CompletionCommand>, Vec<String>) {
    let mut path = vec![top];
    let mut rest = words.to_vec();
    while path.len() < DEEPEST {
        let command = path[path.len() - 1];
        let Some(position) = arguments::first_operand(root, &fake(command), &rest) else {
            break;
        };
        let Some(next) = below(command).find(|below| below.name == rest[position]) else {
            break;
        };
        path.push(next);
        rest.remove(position);
    }
    (path, rest)
}

/// The commands below another; one without a name is none.
fn below(command: &CompletionCommand) -> impl Iterator<Item = &CompletionCommand> {
    let below = command.commands.iter().flatten();
    below.filter(|below| !below.name.is_empty())
}

fn below_any(command: &CompletionCommand) -> bool {
    below(command).next().is_some()
}

/// A command with the flags a plugin's has, each once, for those that ask for names only.
fn fake(command: &CompletionCommand) -> Command {
    let mut known = BTreeSet::new();
    let mut fake = Command::new(command.name.clone());
    for flag in command.fake_flags() {
        if flag.long.is_empty() || !known.insert(flag.long.clone()) {
            continue;
        }
        let arg = Arg::new(flag.long.clone())
            .long(flag.long)
            .action(ArgAction::SetTrue);
        let short = flag.short.and_then(|short| short.chars().next());
        let short = short.filter(|short| known.insert(format!("-{short}")));
        fake = fake.arg(match short {
            Some(short) => arg.short(short),
            None => arg,
        });
    }
    fake
}

/// Asks the plugin's own program.
fn ask(
    plugin: &Plugin,
    names: Vec<String>,
    rest: &[String],
    word: &str,
    invocation: &Invocation,
) -> Completion {
    if !matches!(plugin.metadata.runtime_config, Runtime::Subprocess(_)) {
        let runtime = crate::quote::quote(&plugin.metadata.runtime);
        tell(
            &format!("Unsupported plugin runtime: {runtime}"),
            invocation,
        );
        return Completion::default();
    }
    let mut args = names;
    if !matches!(&plugin.metadata.config, Config::Cli(config) if config.ignore_flags) {
        args.extend(line::split(rest).1);
        args.push(word.to_owned());
    }
    let program = plugin.directory.join(COMPLETION_PROGRAM);
    let program = program.to_string_lossy();
    let shown = args.join(" ");
    tell(
        &format!("calling {program} with args [{shown}]"),
        invocation,
    );
    let path = &invocation.program.path;
    let surroundings = surroundings(&invocation.environment, &invocation.settings, path);
    let process = Process::of_file(plugin, COMPLETION_PROGRAM, args, surroundings);
    match process.output(Errors::Kept) {
        Ok(text) => answer(&String::from_utf8_lossy(&text)),
        Err(error) => {
            tell_failure(&process, &error, &invocation.printer);
            let error = crate::error::chain(&error);
            tell(&format!("Unable to call {program}: {error}"), invocation);
            Completion::default()
        }
    }
}

/// The candidates of an answer, a line each; the last may be a directive.
fn answer(text: &str) -> Completion {
    let lines = text.split('\n').filter(|line| !line.is_empty());
    let mut candidates: Vec<_> = lines.map(str::to_owned).collect();
    let number = candidates.last().and_then(|line| line.strip_prefix(':'));
    let directive = number.and_then(|number| number.parse().ok());
    if directive.is_some() {
        candidates.pop();
    }
    Completion {
        candidates,
        directive: directive.unwrap_or(DEFAULT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> CompletionCommand {
        CompletionCommand::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_last_line_of_an_answer_may_be_a_directive() {
        let answered = answer("one\n\ntwo\n:4\n");
        assert_eq!((answered.candidates.len(), answered.directive), (2, 4));
        assert_eq!(answer(":\n").candidates, [":"]);
        assert_eq!(answer("a\n:x\n").directive, DEFAULT);
    }

    #[test]
    fn commands_are_found_behind_flags() {
        let root = crate::cli::model("helmrs");
        let top = command(
            "flags: [long, l, long]\ncommands:\n- name: a\n  commands:\n  - {name: b}\n- {flags: [x]}\n",
        );
        let words = ["--long", "a", "-n", "b", "b", "c"].map(str::to_owned);
        let (path, rest) = descend(&root, &top, &words);
        assert_eq!((path.len(), path[2].name.as_str()), (3, "b"));
        assert_eq!(rest, ["--long", "-n", "b", "c"]);
    }
}
