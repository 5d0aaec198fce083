//! `--wait`.

use std::str::FromStr;

use clap::Args;
use helmrs_client::action::Waiting;
use helmrs_client::cluster::wait::Strategy;
use helmrs_gotemplate::time::Duration;

use crate::printer::{Level, Printer, Record};

/// A strategy, and the word it was named by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitWord {
    /// What is meant.
    pub(crate) strategy: Strategy,
    /// What was said, if it is a spelling of the past.
    pub(crate) deprecated: Option<bool>,
}

/// The text names no strategy.
#[derive(Debug, thiserror::Error)]
#[error("invalid wait input {}. Valid inputs are watcher, hookOnly, and legacy", crate::quote::quote(.0))]
pub(crate) struct WaitError(String);

impl FromStr for WaitWord {
    type Err = WaitError;

    // Parity: Helm, pkg/cmd/flags.go, waitValue.Set.
    fn from_str(text: &str) -> Result<Self, WaitError> {
        let (strategy, deprecated) = match text {
            "watcher" => (Strategy::Watcher, None),
            "hookOnly" => (Strategy::HookOnly, None),
            "legacy" => (Strategy::Legacy, None),
            "true" => (Strategy::Watcher, Some(true)),
            "false" => (Strategy::HookOnly, Some(false)),
            _ => return Err(WaitError(text.to_owned())),
        };
        Ok(Self {
            strategy,
            deprecated,
        })
    }
}

/// The flag of commands that change a cluster.
#[derive(Args, Debug)]
#[command(next_help_heading = "Waiting Flags")]
pub(crate) struct WaitFlag {
    /// wait until resources are ready, for as long as --timeout says: "watcher" (the meaning of a bare --wait),
    /// "hookOnly" or "legacy"
    #[arg(
        long,
        value_name = "WaitStrategy[=watcher]",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "watcher",
        default_value = "hookOnly"
    )]
    pub(crate) wait: WaitWord,
}

impl WaitFlag {
    /// What to wait for, and how long; spellings of the past draw a warning.
    pub(crate) fn waiting(&self, jobs: bool, timeout: Duration, printer: &Printer) -> Waiting {
        if let Some(word) = self.wait.deprecated {
            let replacement = if word { "watcher" } else { "hookOnly" };
            let text = format!(
                "--wait={word} is deprecated (boolean value) and can be replaced with --wait={replacement}"
            );
            printer.log(&Record::new(Level::Warn, &text));
        }
        let nanoseconds = u64::try_from(timeout.0).unwrap_or_default();
        Waiting {
            strategy: self.wait.strategy,
            jobs,
            timeout: std::time::Duration::from_nanos(nanoseconds),
        }
    }
}
