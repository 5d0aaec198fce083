//! `repo update`.

use clap::Args;
use helmrs_client::action::repository::{self, Updated};
use helmrs_gotemplate::time::Duration;

use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::quote::quote;

/// Ask chart repositories what is new
///
/// Downloads the indexes of repositories anew: of all that were added, or of those named. Searching and installing by
/// name work with the indexes that were downloaded last.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[REPO1 [REPO2 ...]]",
    after_help = "\
# Ask all of them
{program} repo update

# Ask one
{program} repo update example"
)]
pub(crate) struct UpdateArgs {
    /// names of repositories
    names: Vec<String>,
    /// how long to wait for an index
    #[arg(long, value_name = "duration", default_value = "2m0s")]
    timeout: Duration,
}

// Parity: Helm, pkg/cmd/repo_update.go.
pub(crate) fn run(args: &UpdateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let context = invocation.context();
    let entries = repository::to_update(&context, &args.names)?;
    for _ in &entries {
        invocation.tell_getters();
    }
    let printer = &invocation.printer;
    printer.data("Hang tight while we grab the latest from your chart repositories...\n")?;
    let (mut failed, mut printed) = (Vec::new(), Ok(()));
    let timeout = std::time::Duration::from_nanos(args.timeout.0.unsigned_abs());
    let tell = |updated: Updated| {
        let told = printer.data(outcome(&updated));
        // A reader that went away is no reason to leave indexes half fetched.
        printed = std::mem::replace(&mut printed, Ok(())).and(told);
        if updated.problem.is_some() {
            failed.push(updated.entry.url);
        }
    };
    invocation.wait_for(repository::update(&context, entries, Some(timeout), tell))?;
    printed?;
    if failed.is_empty() {
        return Ok(printer.data("Update Complete. ⎈Happy Helming!⎈\n")?);
    }
    let failed = failed.join(" ");
    Err(CommandError::message(format!(
        "failed to update the following repositories: [{failed}]"
    )))
}

/// How an outcome is told.
fn outcome(updated: &Updated) -> String {
    let (name, url) = (quote(&updated.entry.name), &updated.entry.url);
    match &updated.problem {
        None => format!("...Successfully got an update from the {name} chart repository\n"),
        Some(problem) => format!(
            "...Unable to get an update from the {name} chart repository ({url}):\n\t{}\n",
            chain(problem)
        ),
    }
}
