//! `completion`: scripts that teach shells to complete command lines.

pub(super) mod script;

use clap::{Args, Subcommand};

use self::script::Shell;
use crate::error::CommandError;
use crate::invocation::Invocation;

/// Print scripts that complete command lines
///
/// Prints a script that makes a shell ask {program} how a line could go on: commands and flags, and also names of
/// releases, namespaces, charts and versions as the cluster and the repositories have them.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Try it out in this session of bash
source <({program} completion bash)"
)]
pub(crate) struct CompletionArgs {
    #[command(subcommand)]
    command: CompletionCommand,
}

/// Every shell there is a script for.
#[derive(Subcommand, Debug)]
enum CompletionCommand {
    /// Print the script for bash
    ///
    /// Needs bash 4 or newer; the package bash-completion loads scripts by itself when they are needed.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Complete lines in this session
source <({program} completion bash)

# Complete lines in every session from the next on
{program} completion bash > /etc/bash_completion.d/{program}"
    )]
    Bash(ScriptArgs),
    /// Print the script for fish
    ///
    /// Fish loads the script from its own directory by itself.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Complete lines in this session
{program} completion fish | source

# Complete lines in every session from the next on
{program} completion fish > ~/.config/fish/completions/{program}.fish"
    )]
    Fish(ScriptArgs),
    /// Print the script for PowerShell
    ///
    /// To complete lines in every session, add what it prints to your profile.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Complete lines in this session
{program} completion powershell | Out-String | Invoke-Expression"
    )]
    Powershell(ScriptArgs),
    /// Print the script for zsh
    ///
    /// Completion itself must be switched on, as by a line "autoload -U compinit; compinit" in ~/.zshrc.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Complete lines in this session
source <({program} completion zsh)

# Complete lines in every session from the next on
{program} completion zsh > \"${fpath[1]}/_{program}\""
    )]
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
