//! `completion`: scripts that teach shells to complete command lines.

mod script;

use clap::{Args, Subcommand};

use self::script::Shell;
use crate::error::CommandError;
use crate::invocation::Invocation;

/// generate autocompletion scripts for the specified shell
///
/// Prints a script that makes a shell ask {program} how a line could go on.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct CompletionArgs {
    #[command(subcommand)]
    command: CompletionCommand,
}

/// Every shell there is a script for.
#[derive(Subcommand, Debug)]
enum CompletionCommand {
    /// generate autocompletion script for bash
    ///
    /// Loads for the current session with: source <({program} completion bash)
    Bash(ScriptArgs),
    /// generate autocompletion script for fish
    ///
    /// Loads for the current session with: {program} completion fish | source
    Fish(ScriptArgs),
    /// generate autocompletion script for powershell
    ///
    /// Loads for the current session with: {program} completion powershell | Out-String | Invoke-Expression
    Powershell(ScriptArgs),
    /// generate autocompletion script for zsh
    ///
    /// Loads for the current session with: source <({program} completion zsh)
    Zsh(ScriptArgs),
}

/// How the script is to be.
#[derive(Args, Debug)]
struct ScriptArgs {
    /// show candidates without descriptions
    #[arg(long)]
    no_descriptions: bool,
}

pub(crate) fn run(args: &CompletionArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let (shell, args) = match &args.command {
        CompletionCommand::Bash(args) => (Shell::Bash, args),
        CompletionCommand::Fish(args) => (Shell::Fish, args),
        CompletionCommand::Powershell(args) => (Shell::Power, args),
        CompletionCommand::Zsh(args) => (Shell::Zsh, args),
    };
    let script = script::script(shell, invocation.program.name, !args.no_descriptions);
    Ok(invocation.printer.data(script)?)
}
