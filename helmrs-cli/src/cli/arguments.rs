//! The words of the command line, read as cobra and pflag read them and put into the form clap reads.
//!
//! Clap and pflag disagree about where flags may stand and what belongs to them. The clap model says which commands
//! and flags there are; the rules by which words are taken for them are pflag's and live here.

use clap::Command;

use super::flag::{Flag, Operand};
use crate::flags::number::Boolean;

/// A line of words, sorted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The command meant, as clap names it, from the program down.
    pub(crate) path: Vec<String>,
    /// Flags of every command, in clap's form.
    pub(crate) global_flags: Vec<String>,
    /// Flags of this command, in clap's form.
    pub(crate) flags: Vec<String>,
    /// Words that are no flags.
    pub(crate) operands: Vec<String>,
    /// What `--help` was last set to, if it was among the flags.
    pub(crate) help: Option<bool>,
    /// All flags in clap's form and the order of the line.
    pub(crate) given: Vec<String>,
    /// What to say about flags that should no longer be used.
    pub(crate) warnings: Vec<String>,
}

/// Why the flags cannot be read, in pflag's words.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum FlagError {
    #[error("unknown flag: --{0}")]
    UnknownFlag(String),
    #[error("unknown shorthand flag: '{0}' in -{1}")]
    UnknownShorthand(char, String),
    #[error("flag needs an argument: --{0}")]
    MissingValue(String),
    #[error("flag needs an argument: '{0}' in -{1}")]
    MissingShorthandValue(char, String),
    #[error("bad flag syntax: {0}")]
    Syntax(String),
    #[error(
        "invalid argument {} for \"{flag}\" flag: {reason}",
        crate::quote::quote(value)
    )]
    Value {
        value: String,
        flag: String,
        reason: String,
    },
}

/// Finds the command meant and the words left for it.
// Parity: cobra, command.go, Command.Find: a flag's value is passed over when looking for command words, and an
// unknown flag is taken to have one.
pub(crate) fn find<'a>(root: &'a Command, words: &[String]) -> (Vec<&'a Command>, Vec<String>) {
    let mut path = vec![root];
    let mut words = words.to_vec();
    loop {
        let command = path[path.len() - 1];
        let Some(position) = first_operand(root, command, &words) else {
            return (path, words);
        };
        let Some(next) = command.find_subcommand(&words[position]) else {
            return (path, words);
        };
        path.push(next);
        words.remove(position);
    }
}

/// Where the first word stands that is neither a flag nor a flag's value.
pub(crate) fn first_operand(root: &Command, command: &Command, words: &[String]) -> Option<usize> {
    let mut position = 0;
    while let Some(word) = words.get(position) {
        match word.as_str() {
            "--" => return None,
            "" => position += 1,
            word if !word.starts_with('-') => return Some(position),
            word if takes_next(root, command, word) => {
                position += 2;
            }
            _ => position += 1,
        }
    }
    None
}

/// Whether a flag's value is the next word.
fn takes_next(root: &Command, command: &Command, word: &str) -> bool {
    if word.contains('=') {
        return false;
    }
    let flag = match word.strip_prefix("--") {
        Some(name) => by_name(root, command, name),
        None if word.chars().count() == 2 => word
            .chars()
            .nth(1)
            .and_then(|short| by_short(root, command, short)),
        None => return false,
    };
    flag.is_none_or(|flag| flag.operand() == Operand::Required)
}

fn by_name<'a>(root: &'a Command, command: &'a Command, name: &str) -> Option<Flag<'a>> {
    Flag::all(command)
        .chain(Flag::all(root))
        .find(|flag| flag.name() == name)
}

fn by_short<'a>(root: &'a Command, command: &'a Command, short: char) -> Option<Flag<'a>> {
    Flag::all(command)
        .chain(Flag::all(root))
        .find(|flag| flag.0.get_short() == Some(short))
}

/// Sorts the words of a command found by [`find`], up to the first that cannot be understood.
pub(crate) fn sort(path: &[&Command], words: &[String]) -> (Arguments, Option<FlagError>) {
    let mut sorter = Sorter {
        root: path[0],
        command: path[path.len() - 1],
        switches: Vec::new(),
        arguments: Arguments {
            path: path
                .iter()
                .skip(1)
                .map(|command| command.get_name().to_owned())
                .collect(),
            global_flags: Vec::new(),
            flags: Vec::new(),
            operands: Vec::new(),
            help: None,
            given: Vec::new(),
            warnings: Vec::new(),
        },
    };
    let error = sorter.words(&mut words.iter()).err();
    (sorter.finish(), error)
}

/// The work of [`sort`]: pflag's `FlagSet.parseArgs`.
struct Sorter<'a> {
    root: &'a Command,
    command: &'a Command,
    /// What each switch was last set to.
    switches: Vec<(Flag<'a>, bool)>,
    arguments: Arguments,
}

impl<'a> Sorter<'a> {
    fn words<'w>(&mut self, words: &mut impl Iterator<Item = &'w String>) -> Result<(), FlagError> {
        while let Some(word) = words.next() {
            if word == "--" {
                self.arguments.operands.extend(words.by_ref().cloned());
            } else if let Some(name) = word.strip_prefix("--") {
                self.long(name, words)?;
            } else if word.len() > 1 && word.starts_with('-') {
                self.shorts(&word[1..], words)?;
            } else {
                self.arguments.operands.push(word.clone());
            }
        }
        Ok(())
    }

    fn long<'w>(
        &mut self,
        text: &str,
        rest: &mut impl Iterator<Item = &'w String>,
    ) -> Result<(), FlagError> {
        if text.starts_with(['-', '=']) {
            return Err(FlagError::Syntax(format!("--{text}")));
        }
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        let Some(flag) = by_name(self.root, self.command, name) else {
            return if name == "help" {
                self.help(value)
            } else {
                Err(FlagError::UnknownFlag(name.to_owned()))
            };
        };
        match (value, flag.operand()) {
            (None, Operand::Required) => match rest.next() {
                Some(value) => self.set(flag, Some(value.clone())),
                None => Err(FlagError::MissingValue(name.to_owned())),
            },
            (value, _) => self.set(flag, value),
        }
    }

    fn shorts<'w>(
        &mut self,
        cluster: &str,
        rest: &mut impl Iterator<Item = &'w String>,
    ) -> Result<(), FlagError> {
        let mut letters = cluster;
        while let Some(short) = letters.chars().next() {
            let after = &letters[short.len_utf8()..];
            let value = after.strip_prefix('=').filter(|value| !value.is_empty());
            let Some(flag) = by_short(self.root, self.command, short) else {
                if short == 'h' {
                    self.help(value.map(str::to_owned))?;
                    letters = if value.is_some() { "" } else { after };
                    continue;
                }
                return Err(FlagError::UnknownShorthand(short, letters.to_owned()));
            };
            letters = match (value, flag.operand()) {
                (Some(value), _) => {
                    self.set(flag, Some(value.to_owned()))?;
                    ""
                }
                (None, Operand::Switch | Operand::Optional) => {
                    self.set(flag, None)?;
                    after
                }
                (None, Operand::Required) if !after.is_empty() => {
                    self.set(flag, Some(after.to_owned()))?;
                    ""
                }
                (None, Operand::Required) => {
                    let missing = || FlagError::MissingShorthandValue(short, letters.to_owned());
                    self.set(flag, Some(rest.next().ok_or_else(missing)?.clone()))?;
                    ""
                }
            };
        }
        Ok(())
    }

    fn help(&mut self, value: Option<String>) -> Result<(), FlagError> {
        self.arguments.help = Some(truth(value.as_deref(), "-h, --help")?);
        Ok(())
    }

    fn set(&mut self, flag: Flag<'a>, value: Option<String>) -> Result<(), FlagError> {
        if let Some(instead) = flag.deprecated() {
            let warning = format!("Flag --{} has been deprecated, {instead}", flag.name());
            self.arguments.warnings.push(warning);
        }
        if flag.operand() == Operand::Switch {
            let truth = truth(value.as_deref(), &flag.cited())?;
            self.arguments.given.push(format!("--{}", flag.name()));
            match self
                .switches
                .iter_mut()
                .find(|(known, _)| known.name() == flag.name())
            {
                Some(entry) => entry.1 = truth,
                None => self.switches.push((flag, truth)),
            }
            return Ok(());
        }
        let word = match value {
            Some(value) => format!("--{}={value}", flag.name()),
            None => format!("--{}", flag.name()),
        };
        self.arguments.given.push(word.clone());
        self.place(flag, word);
        Ok(())
    }

    /// Puts a flag where clap looks for it: flags of every command before the command's name.
    fn place(&mut self, flag: Flag<'a>, word: String) {
        let own = Flag::all(self.command).any(|known| known.name() == flag.name());
        let place = if self.arguments.path.is_empty() || !own {
            &mut self.arguments.global_flags
        } else {
            &mut self.arguments.flags
        };
        place.push(word);
    }

    fn finish(mut self) -> Arguments {
        for (flag, truth) in std::mem::take(&mut self.switches) {
            if truth {
                self.place(flag, format!("--{}", flag.name()));
            }
        }
        self.arguments
    }
}

fn truth(value: Option<&str>, cited: &str) -> Result<bool, FlagError> {
    let Some(value) = value else { return Ok(true) };
    match value.parse() {
        Ok(Boolean(truth)) => Ok(truth),
        Err(error) => Err(FlagError::Value {
            value: value.to_owned(),
            flag: cited.to_owned(),
            reason: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    fn sorted(line: &str) -> Result<Arguments, FlagError> {
        let root = cli::model("helmrs");
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (path, words) = find(&root, &words);
        match sort(&path, &words) {
            (arguments, None) => Ok(arguments),
            (_, Some(error)) => Err(error),
        }
    }

    #[test]
    fn flags_of_every_command_may_stand_anywhere() {
        let before = sorted("-n x version --short").unwrap();
        let after = sorted("version --short --namespace=x").unwrap();
        assert_eq!(before.path, after.path);
        assert_eq!(before.global_flags, after.global_flags);
        assert_eq!(after.global_flags, ["--namespace=x"]);
        assert_eq!(after.flags, ["--short"]);
    }

    #[test]
    fn the_last_setting_of_a_switch_counts() {
        assert!(
            sorted("version --short --short=false")
                .unwrap()
                .flags
                .is_empty()
        );
    }

    #[test]
    fn words_after_two_dashes_are_no_flags() {
        assert_eq!(sorted("version -- --short").unwrap().operands, ["--short"]);
    }

    #[test]
    fn errors_are_worded_as_pflag_words_them() {
        let text = |line: &str| sorted(line).unwrap_err().to_string();
        assert_eq!(text("version --nosuch"), "unknown flag: --nosuch");
        assert_eq!(text("version -xy"), "unknown shorthand flag: 'x' in -xy");
        assert_eq!(text("version --color"), "flag needs an argument: --color");
        assert_eq!(text("version -n"), "flag needs an argument: 'n' in -n");
        assert_eq!(text("version --=x"), "bad flag syntax: --=x");
    }

    #[test]
    fn an_unknown_flag_is_taken_to_have_a_value_when_looking_for_the_command() {
        let root = cli::model("helmrs");
        let words = ["--nosuch", "version"].map(str::to_owned);
        assert_eq!(find(&root, &words).0.len(), 1);
    }
}
