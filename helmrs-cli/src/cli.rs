//! The command line: what clap knows of it, and the reading of one.

pub(crate) mod arguments;
pub(crate) mod flag;
pub(crate) mod suggestion;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Command, CommandFactory, FromArgMatches, Parser};

use self::arguments::{Arguments, FlagError};
use self::flag::Flag;
use crate::commands;
use crate::flags::global::GlobalFlags;

/// The package manager for Kubernetes.
///
/// A chart describes what an application needs in a cluster, as templates. These commands find charts, install them as
/// releases, and keep the history of every release:
///
/// - {program} search:    find charts
/// - {program} pull:      download a chart to look at it
/// - {program} install:   install a chart into a cluster
/// - {program} list:      show what is installed
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

/// What a command line asks for.
pub(crate) enum Line {
    /// To run a command.
    Run(Box<Cli>),
    /// To explain a command, named from the program down.
    Help(Vec<String>),
}

/// Why a command line cannot be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    /// No command of that name.
    #[error(
        "unknown command {} for {}{}",
        crate::quote::quote(word),
        crate::quote::quote(program),
        meant(suggestions)
    )]
    UnknownCommand {
        word: String,
        program: String,
        suggestions: Vec<String>,
    },
    /// The flags cannot be read.
    #[error(transparent)]
    Flag(#[from] FlagError),
    /// Too many or too few words.
    #[error("{} {rule}\n\nUsage:  {usage}", crate::quote::quote(command))]
    Count {
        command: String,
        rule: String,
        usage: String,
    },
    /// Flags that cannot be used together.
    #[error(
        "if any flags in the group [{group}] are set none of the others can be; [{given}] were all set"
    )]
    Exclusive { group: String, given: String },
    /// Anything else clap may refuse.
    #[error("{0}")]
    Refused(String),
}

impl LineError {
    /// Whether it is found only after the flags were read and the storage was looked at.
    pub(crate) fn is_late(&self) -> bool {
        matches!(self, Self::Count { .. } | Self::Exclusive { .. })
    }
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
    // The flag whose value is being typed has none yet: what comes before it counts.
    let sorted = (0..=rest.len())
        .rev()
        .find_map(|end| arguments::sort(&path, &rest[..end]).ok());
    let Some(sorted) = sorted else {
        return GlobalFlags::default();
    };
    let mut line = vec![root.get_name().to_owned()];
    line.extend(sorted.global_flags);
    let matched = GlobalFlags::augment_args(Command::new(root.get_name().to_owned()))
        .try_get_matches_from(line);
    matched
        .and_then(|matches| GlobalFlags::from_arg_matches(&matches))
        .unwrap_or_default()
}

fn meant(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        return String::new();
    }
    format!("\n\nDid you mean this?\n\t{}\n", suggestions.join("\n\t"))
}

/// The model of every command, named as the program is called.
pub(crate) fn model(program: &str) -> Command {
    let mut root = Cli::command().name(program.to_owned());
    root.build();
    root
}

/// The model as far as a line needs it: the one command it names is complete, and if it names none they all are.
pub(crate) fn model_for(program: &str, words: &[String]) -> Command {
    let root = Cli::command().name(program.to_owned());
    let name = arguments::first_operand(&root, &root, words)
        .and_then(|position| root.find_subcommand(&words[position]))
        .map(|command| command.get_name().to_owned());
    match name {
        Some(name) => root.mut_subcommand(name, complete),
        None => model(program),
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

/// A command line read: what it asks for, and what to say about flags that should no longer be used.
pub(crate) struct Reading {
    pub(crate) line: Result<Line, LineError>,
    pub(crate) warnings: Vec<String>,
}

/// Reads the words after the program's name.
pub(crate) fn read(root: &Command, words: &[String]) -> Reading {
    let (path, words) = arguments::find(root, words);
    if let Err(error) = known(root, &path, &words) {
        return Reading {
            line: Err(error),
            warnings: Vec::new(),
        };
    }
    match arguments::sort(&path, &words) {
        Ok(arguments) => {
            let warnings = arguments.warnings.clone();
            Reading {
                line: line(root, &path, arguments),
                warnings,
            }
        }
        Err(error) => Reading {
            line: Err(error.into()),
            warnings: Vec::new(),
        },
    }
}

/// Refuses a first word that names no command.
// Parity: cobra, args.go, legacyArgs: only the top level refuses; groups print their help instead.
fn known(root: &Command, path: &[&Command], words: &[String]) -> Result<(), LineError> {
    let [root_alone] = path else { return Ok(()) };
    let Some(position) = arguments::first_operand(root, root_alone, words) else {
        return Ok(());
    };
    let word = words[position].clone();
    let suggestions = suggestion::suggestions(root, &word)
        .into_iter()
        .map(str::to_owned)
        .collect();
    Err(LineError::UnknownCommand {
        word,
        program: root.get_name().to_owned(),
        suggestions,
    })
}

fn line(root: &Command, path: &[&Command], arguments: Arguments) -> Result<Line, LineError> {
    let command = path[path.len() - 1];
    if arguments.help || command.has_subcommands() {
        return Ok(Line::Help(arguments.path));
    }
    count(path, arguments.operands.len())?;
    exclusive(command, &arguments.flags)?;
    let mut line = vec![root.get_name().to_owned()];
    line.extend(arguments.global_flags);
    line.extend(arguments.path);
    line.extend(arguments.flags);
    line.push("--".to_owned());
    line.extend(arguments.operands);
    let matched = root
        .clone()
        .try_get_matches_from(line)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match matched {
        Ok(cli) => Ok(Line::Run(Box::new(cli))),
        Err(error) => Err(refusal(root, command, &error)),
    }
}

/// Checks how many words there are that are no flags.
// Parity: Helm, pkg/cmd/require/args.go.
fn count(path: &[&Command], given: usize) -> Result<(), LineError> {
    let command = path[path.len() - 1];
    let mut least = 0;
    let mut most = Some(0);
    for operand in command.get_positionals() {
        let many = operand
            .get_num_args()
            .is_some_and(|count| count.max_values() > 1)
            || matches!(operand.get_action(), clap::ArgAction::Append);
        least += usize::from(operand.is_required_set());
        most = if many {
            None
        } else {
            most.map(|most| most + 1)
        };
    }
    let noun = |count: usize| if count == 1 { "argument" } else { "arguments" };
    let rule = match (least, most) {
        (least, Some(most)) if given >= least && given <= most => return Ok(()),
        (least, None) if given >= least => return Ok(()),
        (0, Some(0)) => "accepts no arguments".to_owned(),
        (least, Some(most)) if least == most => format!("requires {least} {}", noun(least)),
        (least, _) if given < least => format!("requires at least {least} {}", noun(least)),
        (_, Some(most)) => format!("accepts at most {most} {}", noun(most)),
        (_, None) => return Ok(()),
    };
    Err(LineError::Count {
        command: words(path),
        rule,
        usage: usage(path),
    })
}

/// Refuses flags that cannot be used together.
// Parity: cobra, flag_groups.go, validateExclusiveFlagGroups.
fn exclusive(command: &Command, flags: &[String]) -> Result<(), LineError> {
    let given = |name: &str| {
        flags.iter().any(|flag| {
            let flag = flag.trim_start_matches("--");
            flag == name
                || flag
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('='))
        })
    };
    for flag in Flag::all(command).filter(|flag| given(flag.name())) {
        for other in command.get_arg_conflicts_with(flag.0).into_iter().map(Flag) {
            if given(other.name()) {
                let mut both = [flag.name(), other.name()];
                let group = both.join(" ");
                both.sort_unstable();
                return Err(LineError::Exclusive {
                    group,
                    given: both.join(" "),
                });
            }
        }
    }
    Ok(())
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
    let rest = if command.has_subcommands() {
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

/// Puts what clap refused into pflag's words.
fn refusal(root: &Command, command: &Command, error: &clap::Error) -> LineError {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let invalid = context(ContextKind::InvalidArg);
    let name = invalid
        .trim_start_matches('-')
        .split(['=', ' ', '['])
        .next()
        .unwrap_or_default();
    let flag = Flag::all(command)
        .chain(Flag::all(root))
        .find(|flag| flag.name() == name);
    match (error.kind(), flag) {
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, Some(flag)) => {
            let value = context(ContextKind::InvalidValue);
            let reason = std::error::Error::source(error)
                .map(ToString::to_string)
                .unwrap_or_default();
            LineError::Flag(FlagError::Value {
                value,
                flag: flag.cited(),
                reason,
            })
        }
        _ => LineError::Refused(error.to_string()),
    }
}
