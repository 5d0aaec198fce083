//! `--wait`.

use std::str::FromStr;

use clap::Args;

/// What counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum WaitStrategy {
    /// Every resource is current, watched as it changes.
    Watcher,
    /// Hooks have run.
    #[default]
    HookOnly,
    /// Every resource is ready, asked every two seconds.
    Legacy,
}

/// A strategy, and the word it was named by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitWord {
    /// What is meant.
    pub(crate) strategy: WaitStrategy,
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
            "watcher" => (WaitStrategy::Watcher, None),
            "hookOnly" => (WaitStrategy::HookOnly, None),
            "legacy" => (WaitStrategy::Legacy, None),
            "true" => (WaitStrategy::Watcher, Some(true)),
            "false" => (WaitStrategy::HookOnly, Some(false)),
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
