//! `help`: how to use a command.

use clap::Args;

use crate::cli::arguments;
use crate::error::CommandError;
use crate::flags::global::GlobalFlags;
use crate::help;
use crate::invocation::Invocation;
use crate::settings::EnvSettings;

/// Explain a command
///
/// Prints what a command does and takes; '{program} COMMAND --help' does the same.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[command]",
    after_help = "\
# Explain a command, and one below it
{program} help install
{program} help repo add"
)]
pub(crate) struct HelpArgs {
    /// words of the command
    words: Vec<String>,
}

// Parity: cobra, command.go, InitDefaultHelpCmd: words after the command are passed over, and an unknown command is
// answered on standard error with exit code 0.
pub(crate) fn run(args: &HelpArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let root = crate::cli::whole(invocation.outline());
    let (path, rest) = arguments::find(&root, &args.words);
    // What is shown as defaults is what a line without flags would work with.
    let settings = EnvSettings::new(&invocation.environment, &GlobalFlags::default())?;
    let printer = &invocation.printer;
    if path.len() == 1 && arguments::first_operand(&root, &root, &rest).is_some() {
        let words: Vec<_> = args.words.iter().map(|word| format!("`{word}`")).collect();
        printer.note(&format!("Unknown help topic [{}]", words.join(" ")));
        printer
            .note(help::usage(&path, &settings, printer.style_of_errors()).trim_end_matches('\n'));
        return Ok(());
    }
    Ok(invocation
        .printer
        .data(help::help(&path, &settings, printer.style()))?)
}
