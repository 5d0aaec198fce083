//! `env`: the settings in use, as environment variables.

use std::fmt::Write;

use clap::Args;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Print the settings in use
///
/// Prints every setting under the name of its environment variable, after flags, variables and defaults have been taken
/// together. With a name, prints the value of that variable alone.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Print all settings, or a single one
{program} env
{program} env HELM_REPOSITORY_CONFIG

# Give the settings to the shell
eval \"$({program} env)\""
)]
pub(crate) struct EnvArgs {
    /// the variable to print
    name: Option<String>,
}

pub(crate) fn run(args: &EnvArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let variables = invocation.settings.variables(&invocation.program.path);
    let text = match &args.name {
        None => lines(&variables),
        Some(asked) => {
            let found = variables.into_iter().find(|(name, _)| name == asked);
            format!("{}\n", found.map(|(_, value)| value).unwrap_or_default())
        }
    };
    Ok(invocation.printer.data(&text)?)
}

fn lines(variables: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        writeln!(text, "{name}=\"{value}\"").expect("writing to a string cannot fail");
    }
    text
}
