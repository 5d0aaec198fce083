//! A flag as cobra and pflag see it, read from the clap model.

use clap::{Arg, ArgAction, Command};

use crate::quote::quote;

/// What marks a flag's help as the reason for its deprecation.
const DEPRECATED: &str = "deprecated: ";

/// One flag of a command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag<'a>(pub(crate) &'a Arg);

/// What a flag wants after its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operand {
    /// Nothing: naming the flag says yes, `--flag=false` says no.
    Switch,
    /// Possibly a value, after an equals sign.
    Optional,
    /// A value, after an equals sign or as the next word.
    Required,
}

impl<'a> Flag<'a> {
    /// The flags of a command, without the words that are no flags.
    pub(crate) fn all(command: &'a Command) -> impl Iterator<Item = Self> {
        command
            .get_arguments()
            .filter(|argument| argument.get_long().is_some())
            .map(Self)
    }

    /// Its name without the dashes.
    pub(crate) fn name(self) -> &'a str {
        self.0.get_long().unwrap_or_default()
    }

    /// What it wants after its name.
    pub(crate) fn operand(self) -> Operand {
        match self.0.get_action() {
            ArgAction::SetTrue => Operand::Switch,
            _ if self
                .0
                .get_num_args()
                .is_some_and(|count| count.min_values() == 0) =>
            {
                Operand::Optional
            }
            _ => Operand::Required,
        }
    }

    /// Its type, as the help shows it after the name; empty for switches.
    pub(crate) fn type_name(self) -> &'a str {
        match (self.operand(), self.0.get_value_names()) {
            (Operand::Switch, _) | (_, None | Some([])) => "",
            (_, Some([name, ..])) if name == "bool" => "",
            (_, Some([name, ..])) => name.as_str(),
        }
    }

    /// Its default, as the help shows it.
    pub(crate) fn default(self) -> Option<String> {
        if self.operand() == Operand::Switch {
            return None;
        }
        let text = self.type_name();
        // Parity: pflag shows the zero value of the types it does not know.
        if matches!(text, "stringToString" | "postRendererArgsSlice") {
            return Some("[]".to_owned());
        }
        let default = self.0.get_default_values().first()?.to_string_lossy();
        let quoted = text == "string" || text.starts_with("string[");
        Some(if quoted {
            quote(&default)
        } else {
            default.into_owned()
        })
    }

    /// Its sentence.
    pub(crate) fn about(self) -> String {
        self.0
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// What to use instead, if it should no longer be used.
    pub(crate) fn deprecated(self) -> Option<String> {
        self.about().strip_prefix(DEPRECATED).map(str::to_owned)
    }

    /// Its name as errors cite it: `--max`, or `-m, --max`.
    pub(crate) fn cited(self) -> String {
        match self.0.get_short() {
            Some(short) => format!("-{short}, --{}", self.name()),
            None => format!("--{}", self.name()),
        }
    }
}
