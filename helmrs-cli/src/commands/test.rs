//! `test`: a release's own tests.

use clap::Args;
use helmrs_client::action::{self, TestRequest};

use crate::error::CommandError;
use crate::flags::list::List;
use crate::flags::timeout::TimeoutFlag;
use crate::invocation::Invocation;
use crate::views::document::View;
use crate::views::status::{StatusOptions, StatusView};

/// Run the tests of a release
///
/// A chart may bring pods that check whether its application works. This runs them in the cluster and prints how they
/// ended; a test that fails makes the command fail.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[RELEASE]",
    after_help = "\
# Run all tests, and print what they wrote
{program} test web --logs

# Run one, or all but one
{program} test web --filter name=web-connects
{program} test web --filter '!name=web-slow'"
)]
pub(crate) struct TestArgs {
    /// name of the release
    release: String,
    /// tests to run, as name=TEST, or to leave out, as !name=TEST; may be given several times
    #[arg(long, value_name = "strings")]
    filter: Vec<List>,
    /// print what the test pods wrote
    #[arg(long)]
    logs: bool,
    #[command(flatten)]
    timeout: TimeoutFlag,
}

impl TestArgs {
    // Parity: Helm, pkg/cmd/release_testing.go: filters by anything but the name are passed over.
    fn request(&self) -> TestRequest {
        let filters = List::joined(&self.filter);
        let not = |filter: &String| {
            let name = filter.strip_prefix('!')?;
            let name = name.strip_prefix([' ', '\t']).unwrap_or(name);
            name.strip_prefix("name=").map(str::to_owned)
        };
        TestRequest {
            name: self.release.clone(),
            timeout: std::time::Duration::from_nanos(
                u64::try_from(self.timeout.timeout.0).unwrap_or_default(),
            ),
            included: filters
                .iter()
                .filter_map(|filter| filter.strip_prefix("name="))
                .map(str::to_owned)
                .collect(),
            excluded: filters.iter().filter_map(not).collect(),
            logs: self.logs,
        }
    }
}

pub(crate) fn run(args: &TestArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let context = invocation.context();
    let request = args.request();
    let tested = invocation.until_stopped(&request.name, action::test(&context, &request))??;
    let options = StatusOptions {
        everything: invocation.settings.debug,
        hide_notes: true,
        color: invocation.printer.color(),
        ..StatusOptions::default()
    };
    let mut text = StatusView {
        release: &tested.release,
        options,
    }
    .table()?;
    if args.logs {
        text.push(b'\n');
        for log in &tested.logs {
            let block = format!("POD LOGS: {} ({})\n{}\n", log.pod, log.container, log.text);
            text.extend(block.into_bytes());
        }
    }
    invocation.printer.data(text)?;
    match tested.problems.as_slice() {
        [] => Ok(()),
        problems => Err(CommandError::message(problems.join("\n"))),
    }
}
