//! The words after a plugin's name: those that are the program's own, and those that are the plugin's.

use clap::{Args, Command, FromArgMatches};

use crate::cli::arguments::{self, FlagError};
use crate::cli::flag::{Flag, Operand};
use crate::cli::values;
use crate::flags::global::GlobalFlags;

/// Flags that a plugin never sees, with the word after them.
// Parity: Helm, pkg/cmd/load_plugins.go, manuallyProcessArgs: a switch is among them and loses the next word too.
const OWN: [&str; 14] = [
    "--kube-context",
    "--namespace",
    "-n",
    "--kubeconfig",
    "--kube-apiserver",
    "--kube-token",
    "--kube-as-user",
    "--kube-as-group",
    "--kube-ca-file",
    "--registry-config",
    "--repository-cache",
    "--repository-config",
    "--kube-insecure-skip-tls-verify",
    "--kube-tls-server-name",
];

/// Splits words into the program's own and the plugin's.
pub(crate) fn split(words: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut own, mut others) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        if word == "--debug" {
            own.push(word.clone());
        } else if OWN.contains(&word.as_str()) {
            own.push(word.clone());
            own.extend(words.next().cloned());
        } else if OWN.contains(&name) {
            own.push(word.clone());
        } else {
            others.push(word.clone());
        }
    }
    (own, others)
}

/// The flags of every command on a line that runs a plugin; `words` are those after its name.
// Parity: Helm reads a whole line for its own flags first, passing over what it does not know, and then the flags that it
// keeps from the plugin once more; what is said last counts.
pub(crate) fn flags(
    root: &Command,
    line: &[String],
    words: &[String],
) -> Result<GlobalFlags, FlagError> {
    let mut given = known(root, line);
    let (sorted, error) = arguments::sort(&[root], &split(words).0);
    if let Some(error) = values::check(&[root], &sorted).or(error) {
        return Err(error);
    }
    // A list keeps both readings, which the settings see to.
    let again = sorted.global_flags.into_iter();
    given.extend(again.filter(|flag| !flag.starts_with("--kube-as-group")));
    Ok(read(root, given))
}

/// The flags of every command on a line that need not be whole.
pub(crate) fn lenient(root: &Command, line: &[String]) -> GlobalFlags {
    read(root, known(root, line))
}

fn read(root: &Command, given: Vec<String>) -> GlobalFlags {
    let name = root.get_name().to_owned();
    let words = std::iter::once(name.clone()).chain(given);
    let model = GlobalFlags::augment_args(Command::new(name).args_override_self(true));
    let matched = model.try_get_matches_from(words);
    matched
        .and_then(|matches| GlobalFlags::from_arg_matches(&matches))
        .unwrap_or_default()
}

/// The program's own flags on a line, in clap's form, up to one that cannot be read.
// Parity: pflag, flag.go, with ParseErrorsAllowlist.UnknownFlags: the word after an unknown flag is taken for its value.
fn known(root: &Command, line: &[String]) -> Vec<String> {
    let mut given = Vec::new();
    let mut rest = line;
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if word == "--" || word == "--help" || word == "-h" {
            break;
        }
        if !word.starts_with('-') || word.len() == 1 {
            continue;
        }
        let Some((flag, value)) = flag(root, word) else {
            let skips = !word.contains('=') && after.first().is_some_and(|it| !it.starts_with('-'));
            rest = &after[usize::from(skips)..];
            continue;
        };
        let value = match (value, flag.operand()) {
            (None, Operand::Required) => {
                let Some((value, after)) = after.split_first() else {
                    break;
                };
                rest = after;
                Some(value.clone())
            }
            (value, _) => value,
        };
        let name = format!("--{}", flag.name());
        let next = value.map_or(name.clone(), |value| format!("{name}={value}"));
        let one = std::slice::from_ref(&next);
        let (sorted, error) = arguments::sort(&[root], one);
        if error.is_some() || values::check(&[root], &sorted).is_some() {
            break;
        }
        given.extend(sorted.global_flags);
    }
    given
}

/// The flag a word names, and the value in it.
fn flag<'r>(root: &'r Command, word: &str) -> Option<(Flag<'r>, Option<String>)> {
    if let Some(text) = word.strip_prefix("--") {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        let flag = Flag::all(root).find(|flag| flag.name() == name)?;
        return Some((flag, value));
    }
    let mut letters = word.strip_prefix('-')?.chars();
    let short = letters.next()?;
    let flag = Flag::all(root).find(|flag| flag.0.get_short() == Some(short))?;
    let value = letters.as_str();
    let value = value.strip_prefix('=').unwrap_or(value);
    Some((flag, (!value.is_empty()).then(|| value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_programs_own_flags_are_kept_from_plugins() {
        let line = "a -n x --namespace=y --debug -v --kube-insecure-skip-tls-verify b --kube-token";
        let (own, others) = split(&words(line));
        assert_eq!(others, ["a", "-v"]);
        let kept = "-n x --namespace=y --debug --kube-insecure-skip-tls-verify b --kube-token";
        assert_eq!(own, words(kept));
    }

    #[test]
    fn flags_of_a_plugin_are_passed_over() {
        let root = crate::cli::model("helmrs");
        let flags = lenient(
            &root,
            &words("web --output json -n x -q --debug -- --namespace y"),
        );
        assert_eq!(flags.namespace.as_deref(), Some("x"));
        assert!(flags.debug.is_some());
    }

    #[test]
    fn a_flag_without_its_value_is_refused() {
        let root = crate::cli::model("helmrs");
        let line = words("web --namespace");
        let error = flags(&root, &line, &line[1..]).unwrap_err();
        assert_eq!(error.to_string(), "flag needs an argument: --namespace");
    }
}
