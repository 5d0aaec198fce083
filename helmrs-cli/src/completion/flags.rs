//! Which flags may follow, and which one a value is being typed for.

use clap::Command;

use super::Position;
use crate::cli::flag::{Flag, Operand};

/// The flag of every command that is in no model.
const HELP: &str = "help";

/// What the end of a line is about.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Being<'a> {
    /// The flag whose value is being typed.
    pub(super) flag: Option<&'a str>,
    /// The name of a flag that would be it, if there were one.
    pub(super) unknown: Option<String>,
    /// The words before, without that flag.
    pub(super) rest: Vec<String>,
    /// What there is of the word or the value.
    pub(super) word: &'a str,
}

/// Finds out what the end of a line is about.
// Parity: cobra, completions.go, checkIfFlagCompletion.
pub(super) fn being_completed<'a>(
    root: &'a Command,
    command: &'a Command,
    rest: &[String],
    word: &'a str,
) -> Being<'a> {
    let plain = Being {
        rest: rest.to_vec(),
        word,
        ..Being::default()
    };
    let unknown = |name: &str| Being {
        unknown: Some(name.trim_start_matches('-').to_owned()),
        rest: rest.to_vec(),
        word,
        ..Being::default()
    };
    if word.starts_with('-') {
        let Some((name, value)) = word.split_once('=') else {
            return plain;
        };
        return match find(root, command, name) {
            None => unknown(&last(name)),
            Some((flag, _)) => Being {
                flag: Some(flag),
                word: value,
                ..plain
            },
        };
    }
    let Some((name, before)) = rest.split_last() else {
        return plain;
    };
    if !is_flag(name) || name.contains('=') {
        return plain;
    }
    match find(root, command, name) {
        None => unknown(&last(name)),
        Some((flag, Operand::Required)) => Being {
            flag: Some(flag),
            rest: before.to_vec(),
            ..plain
        },
        Some(_) => plain,
    }
}

/// The flag a word names: `--name`, or the last letter of `-xyz`.
fn find<'a>(root: &'a Command, command: &'a Command, word: &str) -> Option<(&'a str, Operand)> {
    let mut flags = Flag::all(command).chain(Flag::all(root));
    let name = last(word);
    let found = match word.strip_prefix("--") {
        Some(name) => flags.find(|flag| flag.name() == name),
        None => flags.find(|flag| flag.0.get_short() == name.chars().next()),
    };
    match found {
        Some(flag) => Some((flag.name(), flag.operand())),
        None if word == "--help" || (name == "h" && !word.starts_with("--")) => {
            Some((HELP, Operand::Switch))
        }
        None => None,
    }
}

/// What of a word names the flag.
fn last(word: &str) -> String {
    match word.strip_prefix("--") {
        Some(name) => name.to_owned(),
        None => word
            .chars()
            .next_back()
            .map(String::from)
            .unwrap_or_default(),
    }
}

/// Whether a word is a whole flag.
fn is_flag(word: &str) -> bool {
    (word.len() >= 3 && word.starts_with("--"))
        || (word.len() >= 2 && word.starts_with('-') && !word.starts_with("--"))
}

/// The flags that may follow: those not given yet, and those that may be given again. First those of every command, then
/// the command's own, each sorted by name.
pub(super) fn names(position: &Position<'_>) -> Vec<String> {
    let command = position.path[position.path.len() - 1];
    let help = Offer {
        name: HELP,
        short: Some('h'),
        about: format!("help for {}", command.get_name()),
    };
    offered(position, Some(help))
}

/// As [`names`], for a command that answers `--help` itself.
pub(super) fn names_of_plugin(position: &Position<'_>) -> Vec<String> {
    offered(position, None)
}

fn offered(position: &Position<'_>, help: Option<Offer<'_>>) -> Vec<String> {
    let (root, command) = (position.path[0], position.path[position.path.len() - 1]);
    let mut own: Vec<_> = flags(command, position);
    own.extend(help);
    let mut inherited = Vec::new();
    if position.path.len() > 1 {
        inherited = flags(root, position);
    }
    let mut names = Vec::new();
    for mut group in [inherited, own] {
        group.sort_by_key(|offer| offer.name);
        for offer in group {
            let short = offer.short.map(|short| format!("-{short}"));
            let forms = [Some(format!("--{}", offer.name)), short]
                .into_iter()
                .flatten();
            let wanted = forms.filter(|form| form.starts_with(position.word));
            names.extend(wanted.map(|form| format!("{form}\t{}", offer.about)));
        }
    }
    names
}

/// A flag that may follow.
struct Offer<'a> {
    name: &'a str,
    short: Option<char>,
    about: String,
}

/// The flags of a command that may follow.
fn flags<'a>(command: &'a Command, position: &Position<'_>) -> Vec<Offer<'a>> {
    let may_follow = |flag: &Flag<'_>| {
        let kind = flag.type_name();
        let again = ["Array", "Slice"].iter().any(|part| kind.contains(part))
            || kind == "strings"
            || kind.starts_with("stringTo");
        !flag.0.is_hide_set()
            && (again || !position.has_flag(flag.name()))
            && !is_excluded(*flag, command, position)
    };
    Flag::all(command)
        .filter(may_follow)
        .map(|flag| Offer {
            name: flag.name(),
            short: flag.0.get_short(),
            about: flag.about().replace('\n', " "),
        })
        .collect()
}

/// Whether a flag cannot be used together with one that was given.
// Parity: cobra, flag_groups.go, enforceFlagGroupsForCompletion.
fn is_excluded(flag: Flag<'_>, command: &Command, position: &Position<'_>) -> bool {
    let excludes = |one: Flag<'_>, other: Flag<'_>| {
        let conflicts = command.get_arg_conflicts_with(one.0);
        conflicts
            .iter()
            .any(|conflict| conflict.get_id() == other.0.get_id())
    };
    Flag::all(command)
        .filter(|given| position.has_flag(given.name()))
        .any(|given| excludes(flag, given) || excludes(given, flag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn being(rest: &[&str], word: &'static str) -> (Option<String>, Option<String>, usize) {
        let root = crate::cli::model("helmrs");
        let command = root.find_subcommand("install").unwrap();
        let rest: Vec<String> = rest.iter().map(|word| (*word).to_owned()).collect();
        let being = being_completed(&root, command, &rest, word);
        let flag = being.flag.map(str::to_owned);
        (flag, being.unknown, being.rest.len())
    }

    #[test]
    fn a_value_is_typed_after_its_flag_or_after_an_equals_sign() {
        let output = Some("output".to_owned());
        assert_eq!(being(&["--output"], ""), (output.clone(), None, 0));
        assert_eq!(being(&["-o"], "js"), (output.clone(), None, 0));
        assert_eq!(being(&[], "--output=js"), (output.clone(), None, 0));
        assert_eq!(being(&[], "-go=js"), (output, None, 0));
        assert_eq!(being(&["--output=json"], ""), (None, None, 1));
    }

    #[test]
    fn switches_take_no_value_and_unknown_flags_are_named() {
        assert_eq!(being(&["--devel"], ""), (None, None, 1));
        assert_eq!(being(&["-h"], ""), (None, None, 1));
        let unknown = Some("nosuch".to_owned());
        assert_eq!(being(&["--nosuch"], ""), (None, unknown, 1));
    }
}
