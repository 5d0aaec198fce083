//! `list`: the releases of a namespace.

use clap::Args;
use helmrs_client::action;
use helmrs_client::action::list::{ListRequest, Order, Scope};
use helmrs_core::release::{Release, Status};

use crate::error::CommandError;
use crate::flags::number::Integer;
use crate::flags::output::{Format, OutputFlag};
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::list::ListView;

/// List releases
///
/// Lists the newest revision of every release in a namespace, whatever became of it. Flags like --failed pick releases
/// by what became of them, and may be combined; --filter picks them by name, --selector by label.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# List the releases of the namespace in use, or of all of them
{program} list
{program} list --all-namespaces

# List what needs a look
{program} list --all-namespaces --failed --pending

# List the names of some, one a line
{program} list --filter '^web-' --short"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ListArgs {
    /// list the releases of every namespace
    #[arg(long, short = 'A', help_heading = "Selection Flags")]
    all_namespaces: bool,
    /// sort by the time of the last change, oldest first
    #[arg(long, short = 'd', help_heading = "Output Flags")]
    date: bool,
    /// list deployed releases
    #[arg(long, help_heading = "Selection Flags")]
    deployed: bool,
    /// list failed releases
    #[arg(long, help_heading = "Selection Flags")]
    failed: bool,
    /// regular expression the name must match
    #[arg(
        long,
        short = 'f',
        value_name = "string",
        help_heading = "Selection Flags"
    )]
    filter: Option<String>,
    /// how many releases to list at most; 0 for all
    #[arg(
        long,
        short = 'm',
        value_name = "int",
        default_value = "256",
        help_heading = "Selection Flags"
    )]
    max: Integer,
    /// leave out the table's headers
    #[arg(long, help_heading = "Output Flags")]
    no_headers: bool,
    /// how many releases to pass over first
    #[arg(long, value_name = "int", help_heading = "Selection Flags")]
    offset: Option<Integer>,
    #[command(flatten)]
    output: OutputFlag,
    /// list releases an operation on which is under way, or broke off
    #[arg(long, help_heading = "Selection Flags")]
    pending: bool,
    /// turn the order round
    #[arg(long, short = 'r', help_heading = "Output Flags")]
    reverse: bool,
    /// labels the release record must have: key=value, key!=value, separated by commas
    #[arg(
        long,
        short = 'l',
        value_name = "string",
        help_heading = "Selection Flags"
    )]
    selector: Option<String>,
    /// print names alone
    #[arg(long, short = 'q', help_heading = "Output Flags")]
    short: bool,
    /// list revisions that were superseded
    #[arg(long, help_heading = "Selection Flags")]
    superseded: bool,
    /// how to write times, as Go's layouts say: "2006-01-02 15:04:05Z0700"
    #[arg(long, value_name = "string", help_heading = "Output Flags")]
    time_format: Option<String>,
    /// list releases that were uninstalled with their history kept
    #[arg(long, help_heading = "Selection Flags")]
    uninstalled: bool,
    /// list releases that are being uninstalled
    #[arg(long, help_heading = "Selection Flags")]
    uninstalling: bool,
}

impl ListArgs {
    fn request(&self) -> ListRequest {
        let states = [
            (self.deployed, &[Status::Deployed][..]),
            (self.failed, &[Status::Failed]),
            (
                self.pending,
                &[
                    Status::PendingInstall,
                    Status::PendingUpgrade,
                    Status::PendingRollback,
                ],
            ),
            (self.superseded, &[Status::Superseded]),
            (self.uninstalled, &[Status::Uninstalled]),
            (self.uninstalling, &[Status::Uninstalling]),
        ];
        let count = |number: Integer| usize::try_from(number.0).unwrap_or_default();
        ListRequest {
            scope: if self.all_namespaces {
                Scope::Everywhere
            } else {
                Scope::Namespace
            },
            filter: self.filter.clone().unwrap_or_default(),
            selector: self.selector.clone().unwrap_or_default(),
            statuses: states
                .iter()
                .filter(|(wanted, _)| *wanted)
                .flat_map(|(_, states)| states.to_vec())
                .collect(),
            order: match (self.date, self.reverse) {
                (false, false) => Order::Name,
                (false, true) => Order::NameReversed,
                (true, false) => Order::Date,
                (true, true) => Order::DateReversed,
            },
            offset: count(self.offset.unwrap_or_default()),
            limit: count(self.max),
        }
    }
}

pub(crate) fn run(args: &ListArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let releases = invocation.wait_for(action::list(&invocation.context(), &args.request()))??;
    let text = if args.short {
        names(&releases, args.output.format)?
    } else {
        let layout = args.time_format.as_deref().unwrap_or_default();
        let view = ListView::new(
            &releases,
            layout,
            !args.no_headers,
            invocation.printer.color(),
        );
        document::render(&view, args.output.format)?
    };
    Ok(invocation.printer.data_as(args.output.format, text)?)
}

/// The names of releases alone.
fn names(releases: &[Release], format: Format) -> Result<Vec<u8>, CommandError> {
    let names: Vec<_> = releases
        .iter()
        .map(|release| release.name.as_str())
        .collect();
    match format {
        Format::Table => Ok(names
            .iter()
            .flat_map(|name| [name.as_bytes(), b"\n"])
            .flatten()
            .copied()
            .collect()),
        Format::Json => document::json(&names),
        Format::Yaml => document::yaml(&names),
    }
}
