//! `help`: how to use a command.

use clap::{Args, Command};

use crate::error::CommandError;
use crate::help;
use crate::invocation::Invocation;

/// Help about any command
///
/// Prints how to use a command; '{program} COMMAND --help' does the same.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "[command]")]
pub(crate) struct HelpArgs {
    /// words of the command
    words: Vec<String>,
}

// Parity: cobra, command.go, InitDefaultHelpCmd: words after the command are passed over, and an unknown command is
// answered on standard error with exit code 0.
pub(crate) fn run(args: &HelpArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let root = crate::cli::model(invocation.program.name);
    let mut path: Vec<&Command> = vec![&root];
    for word in &args.words {
        match path[path.len() - 1].find_subcommand(word) {
            Some(command) => path.push(command),
            None => break,
        }
    }
    if path.len() == 1 && !args.words.is_empty() {
        let words: Vec<_> = args.words.iter().map(|word| format!("`{word}`")).collect();
        invocation
            .printer
            .note(&format!("Unknown help topic [{}]", words.join(" ")));
        invocation
            .printer
            .note(help::usage(&path, &invocation.settings).trim_end_matches('\n'));
        return Ok(());
    }
    Ok(invocation
        .printer
        .data(help::help(&path, &invocation.settings))?)
}
