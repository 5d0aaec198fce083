//! The reading of a command line: what it asks for, or why it cannot be followed.

use clap::{Command, FromArgMatches};

use super::arguments::{self, Arguments, FlagError};
use super::flag::Flag;
use super::values;
use super::{Cli, suggestion, usage, words};
use crate::plugins::command::is_plugin;

/// The group of commands that the reference does not have.
const OURS: &str = "sandbox";

/// What a command line asks for.
pub(crate) enum Line {
    /// To run a command.
    Run(Box<Cli>),
    /// To explain a command, named from the program down.
    Help(Vec<String>),
    /// To run a plugin, named by its command, on the words after that.
    Plugin(String, Vec<String>),
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

fn meant(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        return String::new();
    }
    format!("\n\nDid you mean this?\n\t{}\n", suggestions.join("\n\t"))
}

/// A command line read: what it asks for, and what to say about flags that should no longer be used.
pub(crate) struct Reading {
    pub(crate) line: Result<Line, LineError>,
    pub(crate) warnings: Vec<String>,
}

/// Reads the words after the program's name.
pub(crate) fn read(root: &Command, words: &[String]) -> Reading {
    let (path, words) = arguments::find(root, words);
    if let [_, command] = path.as_slice()
        && is_plugin(command)
    {
        return Reading {
            line: Ok(Line::Plugin(command.get_name().to_owned(), words)),
            warnings: Vec::new(),
        };
    }
    if let Err(error) = known(root, &path, &words) {
        return Reading {
            line: Err(error),
            warnings: Vec::new(),
        };
    }
    let (arguments, error) = arguments::sort(&path, &words);
    let read = match error {
        Some(error) => Err(error.into()),
        None => line(root, &path, &arguments),
    };
    // Whatever else is wrong, and even if only help is asked for, a value that cannot be read comes first.
    let refused = match read {
        Ok(Line::Run(_)) => None,
        _ => values::check(&path, &arguments),
    };
    let line = refused.map_or(read, |error| Err(error.into()));
    // Parity: cobra, command.go, ParseFlags: warnings are printed only if all flags can be read.
    let warnings = match line {
        Err(LineError::Flag(_)) => Vec::new(),
        _ => arguments.warnings,
    };
    Reading { line, warnings }
}

/// Refuses a first word that names no command.
// Parity: cobra, args.go, legacyArgs: only the top level refuses; groups print their help instead, but for ours.
fn known(root: &Command, path: &[&Command], words: &[String]) -> Result<(), LineError> {
    let (group, program) = match path {
        [root] => (root, root.get_name().to_owned()),
        [root, group] if group.get_name() == OURS => (group, format!("{} {OURS}", root.get_name())),
        _ => return Ok(()),
    };
    let Some(position) = arguments::first_operand(root, group, words) else {
        return Ok(());
    };
    let word = words[position].clone();
    let suggestions = suggestion::suggestions(group, &word)
        .into_iter()
        .map(str::to_owned)
        .collect();
    Err(LineError::UnknownCommand {
        word,
        program,
        suggestions,
    })
}

fn line(root: &Command, path: &[&Command], arguments: &Arguments) -> Result<Line, LineError> {
    let command = path[path.len() - 1];
    if arguments.help == Some(true) || command.has_subcommands() {
        return Ok(Line::Help(arguments.path.clone()));
    }
    count(path, arguments.operands.len())?;
    exclusive(command, &arguments.flags)?;
    let mut line = vec![root.get_name().to_owned()];
    line.extend(arguments.global_flags.iter().cloned());
    line.extend(arguments.path.iter().cloned());
    line.extend(arguments.flags.iter().cloned());
    line.push("--".to_owned());
    line.extend(arguments.operands.iter().cloned());
    let matched = root
        .clone()
        .try_get_matches_from(line)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match matched {
        Ok(cli) => Ok(Line::Run(Box::new(cli))),
        Err(error) => Err(LineError::Refused(error.to_string())),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words that mean something, and words that nearly do.
    fn word() -> impl Strategy<Value = String> {
        let known = [
            "install",
            "repo",
            "add",
            "list",
            "-",
            "--",
            "--=",
            "---",
            "-n",
            "-nx",
            "-f=",
            "--set",
            "--wait=",
            "--wait",
            "--timeout=1s",
            "--revision",
            "-o",
            "json",
            "--help",
            "-h=0",
            "",
        ];
        prop_oneof![
            3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
            1 => "-{0,3}[a-z=é\"]{0,6}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_line_is_followed_explained_or_refused(words in prop::collection::vec(word(), 0..7)) {
            let root = crate::cli::model_for(crate::cli::outline("helmrs"), &words);
            match read(&root, &words).line {
                Ok(_) => {}
                Err(error) => prop_assert!(!matches!(error, LineError::Refused(_)), "{words:?}: {error}"),
            }
        }

        #[test]
        fn flags_may_stand_before_or_behind_other_words(namespace in "[a-z]{1,5}", name in "[a-z]{1,5}") {
            let root = crate::cli::model("helmrs");
            let line = |words: &[&str]| {
                let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                match read(&root, &words).line {
                    Ok(Line::Run(cli)) => format!("{cli:?}"),
                    _ => String::new(),
                }
            };
            let behind = line(&["status", &name, "--namespace", &namespace, "-o", "json"]);
            prop_assert!(!behind.is_empty());
            let before = line(&["-n", &namespace, "status", "-ojson", &name]);
            prop_assert_eq!(&before, &behind);
            let equals = format!("--namespace={namespace}");
            prop_assert_eq!(&line(&["status", "--output=json", &equals, "--", &name]), &behind);
        }
    }
}
