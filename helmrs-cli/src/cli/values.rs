//! The values of flags, held against their types in the order of the line.
//!
//! Clap knows the types, and reads values only of a line that is complete. Pflag reads each flag where it stands and stops
//! at the first it cannot read, whatever else is wrong with the line; which is the first is worked out here.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::arguments::{Arguments, FlagError};
use super::flag::Flag;

/// The first flag whose value is none of its type's.
pub(crate) fn check(path: &[&Command], arguments: &Arguments) -> Option<FlagError> {
    if arguments.given.is_empty() {
        return None;
    }
    let root = path[0];
    let command = path[path.len() - 1];
    let known = flags_alone(root, command);
    arguments.given.iter().find_map(|given| {
        let words = [root.get_name(), given.as_str()];
        let refused = known.clone().try_get_matches_from(words).err()?;
        refusal(root, command, &refused)
    })
}

/// A command that takes the flags of one and nothing else.
fn flags_alone(root: &Command, command: &Command) -> Command {
    let mut known = Command::new(root.get_name().to_owned())
        .disable_help_flag(true)
        .disable_version_flag(true);
    let mut names: Vec<&str> = Vec::new();
    for flag in Flag::all(command).chain(Flag::all(root)) {
        if !names.contains(&flag.name()) {
            names.push(flag.name());
            known = known.arg(flag.0.clone());
        }
    }
    known
}

/// What clap refused about a value, in pflag's words.
fn refusal(root: &Command, command: &Command, error: &clap::Error) -> Option<FlagError> {
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
    if !matches!(
        error.kind(),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue
    ) {
        return None;
    }
    let flag = Flag::all(command)
        .chain(Flag::all(root))
        .find(|flag| flag.name() == name)?;
    Some(FlagError::Value {
        value: context(ContextKind::InvalidValue),
        flag: flag.cited(),
        reason: std::error::Error::source(error)
            .map_or_else(|| "a value is required".to_owned(), ToString::to_string),
    })
}
