//! `--dry-run`.

use clap::Args;
use helmrs_client::action::DryRun;

use super::number::Boolean;
use crate::error::CommandError;
use crate::printer::{Level, Printer, Record};

/// What `--dry-run` without a value stands for.
const UNSET: &str = "unset";

/// The flag of commands that change a cluster.
#[derive(Args, Debug)]
pub(crate) struct DryRunFlag {
    /// only pretend: "client" contacts no cluster, "server" lets the cluster check but change nothing,
    /// "none" does the real thing
    #[arg(
        long,
        value_name = "string[=\"unset\"]",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = UNSET,
        default_value = "none"
    )]
    dry_run: String,
}

impl DryRunFlag {
    /// What the flag asks for; spellings of the past draw a warning.
    pub(crate) fn mode(&self, printer: &Printer) -> Result<DryRun, CommandError> {
        mode(&self.dry_run, Some(DryRun::None), printer)
    }
}

/// The flag of `template`, which is always a dry run.
#[derive(Args, Debug)]
pub(crate) struct TemplateDryRunFlag {
    /// "client" contacts no cluster, "server" renders and checks against the cluster
    #[arg(
        long,
        value_name = "string[=\"unset\"]",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = UNSET,
        default_value = "client"
    )]
    dry_run: String,
}

impl TemplateDryRunFlag {
    /// What the flag asks for; spellings of the past draw a warning.
    pub(crate) fn mode(&self, printer: &Printer) -> Result<DryRun, CommandError> {
        mode(&self.dry_run, None, printer)
    }
}

/// Reads the flag's value; `none` is what "none" and "false" mean, where they may be said at all.
// Parity: Helm, pkg/cmd/helpers.go, cmdGetDryRunFlagStrategy.
fn mode(value: &str, none: Option<DryRun>, printer: &Printer) -> Result<DryRun, CommandError> {
    let refused = |choices: &str| {
        let value = crate::quote::quote(value);
        Err(CommandError::message(format!(
            "invalid dry-run value ({value}). Must be {choices}"
        )))
    };
    match (value, none) {
        (UNSET, _) => {
            let text = "--dry-run is deprecated and should be replaced with '--dry-run=client'";
            printer.log(&Record::new(Level::Warn, text));
            return Ok(DryRun::Client);
        }
        ("client", _) => return Ok(DryRun::Client),
        ("server", _) => return Ok(DryRun::Server),
        ("none", Some(none)) => return Ok(none),
        ("none", None) => return refused("\"server\" or \"client\""),
        _ => {}
    }
    let (mode, replacement) = match (value.parse(), none) {
        (Ok(Boolean(true)), _) => (DryRun::Client, "client"),
        (Ok(Boolean(false)), Some(none)) => (none, "none"),
        (Ok(Boolean(false)), None) => return refused("\"server\" or \"client\""),
        (Err(_), _) => return refused("\"none\", \"server\", or \"client\""),
    };
    let text = format!(
        "boolean '--dry-run={value}' flag is deprecated and must be replaced with '--dry-run={replacement}'"
    );
    printer.log(&Record::new(Level::Warn, &text));
    Ok(mode)
}
