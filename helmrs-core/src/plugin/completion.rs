//! `completion.yaml`: the words and flags a plugin takes, for shells that complete its lines.

use serde::Deserialize;

use crate::yaml::{YamlError, read};

/// A command of a plugin.
// Parity: Helm, pkg/cmd/load_plugins.go, pluginCommand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(
    default,
    rename_all = "camelCase",
    expecting = "struct cmd.pluginCommand"
)]
pub struct CompletionCommand {
    /// Its name; the outermost is named by `plugin.yaml`.
    pub name: String,
    /// Words it takes.
    pub valid_args: Vec<String>,
    /// Names of its flags, long and short, without dashes.
    pub flags: Vec<String>,
    /// The commands below it; none at all differs from an empty list.
    pub commands: Option<Vec<CompletionCommand>>,
}

/// A flag that is only there to be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeFlag {
    /// Its name.
    pub long: String,
    /// Its letter.
    pub short: Option<String>,
}

impl CompletionCommand {
    /// Reads a `completion.yaml`.
    ///
    /// # Errors
    ///
    /// If the text is not YAML or not of the right shape.
    pub fn read(text: &[u8]) -> Result<Self, YamlError> {
        read(text)
    }

    /// The flags, each letter with a name, as there are no letters alone.
    // Parity: Helm, pkg/cmd/load_plugins.go, addPluginCommands: which letter goes with which name does not matter.
    pub fn fake_flags(&self) -> Vec<FakeFlag> {
        let (shorts, longs): (Vec<_>, Vec<_>) = self.flags.iter().partition(|flag| flag.len() == 1);
        let count = shorts.len().max(longs.len());
        (0..count)
            .filter_map(|at| {
                let short = shorts.get(at).map(|short| (*short).clone());
                let long = longs.get(at).map(|long| (*long).clone());
                Some(FakeFlag {
                    long: long.or_else(|| short.clone())?,
                    short,
                })
            })
            .collect()
    }
}
