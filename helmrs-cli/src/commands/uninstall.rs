//! `uninstall`: the end of a release.

use std::fmt::Write;

use clap::Args;
use helmrs_client::action::uninstall::{Cascade, Named};
use helmrs_client::action::{self, Hooks, UninstallRequest, Uninstalled};

use crate::error::CommandError;
use crate::flags::timeout::TimeoutFlag;
use crate::flags::wait::WaitFlag;
use crate::invocation::Invocation;

/// Uninstall releases
///
/// Deletes everything that belongs to the last revision of each release, and its history. Objects annotated to be kept,
/// and objects that belong to somebody else by now, are left alone and listed.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME [...]",
    after_help = "\
# Uninstall a release
{program} uninstall web

# Uninstall two, keep their histories, and wait until nothing is left
{program} uninstall web shop --keep-history --wait"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct UninstallArgs {
    /// names of releases
    #[arg(required = true)]
    releases: Vec<String>,
    /// what becomes of dependents: background, foreground or orphan; foreground with --wait waits for all of them
    #[arg(long, value_name = "string", default_value = "background")]
    cascade: String,
    /// what the history says about the end
    #[arg(long, value_name = "string")]
    description: Option<String>,
    /// only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// take it for a success if there is no such release
    #[arg(long)]
    ignore_not_found: bool,
    /// keep the history, so that the release can be rolled back to
    #[arg(long)]
    keep_history: bool,
    /// run no hooks
    #[arg(long)]
    no_hooks: bool,
    #[command(flatten)]
    timeout: TimeoutFlag,
    #[command(flatten)]
    wait: WaitFlag,
}

impl UninstallArgs {
    fn request(&self, name: &str, cascade: Cascade, invocation: &Invocation) -> UninstallRequest {
        UninstallRequest {
            name: name.to_owned(),
            description: self.description.clone().unwrap_or_default(),
            dry_run: self.dry_run,
            ignore_not_found: self.ignore_not_found,
            keep_history: self.keep_history,
            cascade,
            hooks: if self.no_hooks {
                Hooks::Skip
            } else {
                Hooks::Run
            },
            waiting: self
                .wait
                .waiting(false, self.timeout.timeout, &invocation.printer),
        }
    }
}

fn cascade(word: &str) -> Result<Cascade, CommandError> {
    match word {
        "background" => Ok(Cascade::Background),
        "foreground" => Ok(Cascade::Foreground),
        "orphan" => Ok(Cascade::Orphan),
        other => Err(CommandError::message(format!(
            "invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
        ))),
    }
}

pub(crate) fn run(args: &UninstallArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let cascade = cascade(&args.cascade)?;
    let context = invocation.context();
    for name in &args.releases {
        let request = args.request(name, cascade, invocation);
        let done = invocation.until_stopped(name, action::uninstall(&context, request))??;
        let mut text = left(&done);
        separate(&mut text);
        writeln!(text, "release \"{name}\" uninstalled").expect("writing to a string cannot fail");
        let printed = invocation.printer.data(text);
        printed.map_err(|error| {
            if args.dry_run {
                error.into()
            } else {
                CommandError::untold(error, &format!("Release {name} was uninstalled"))
            }
        })?;
    }
    Ok(())
}

/// What was left alone, and why.
// Parity: Helm, pkg/action/uninstall.go: the text of its response.
fn left(done: &Uninstalled) -> String {
    let line = |named: &Named| format!("[{}] {}\n", named.kind, named.name);
    let mut text = String::new();
    if !done.kept.is_empty() {
        text.push_str("These resources were kept due to the resource policy:\n");
        text.extend(done.kept.iter().map(line));
    }
    if !done.unowned.is_empty() {
        separate(&mut text);
        let count = done.unowned.len();
        let heading = format!(
            "{count} resource(s) were not deleted because they are not owned by this release:\n"
        );
        text.push_str(&heading);
        text.extend(done.unowned.iter().map(line));
    }
    if !done.unverifiable.is_empty() {
        separate(&mut text);
        let count = done.unverifiable.len();
        let heading = format!(
            "{count} resource(s) were not deleted because their ownership could not be verified:\n"
        );
        text.push_str(&heading);
        let lines = done.unverifiable.iter();
        text.extend(
            lines.map(|(named, error)| format!("[{}] {}: {error}\n", named.kind, named.name)),
        );
    }
    text
}

/// Puts an empty line behind what is there.
fn separate(text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
}
