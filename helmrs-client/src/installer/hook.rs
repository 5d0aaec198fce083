//! What plugins do when they are installed, updated or removed.
// Parity: Helm, internal/plugin/runtime_subprocess.go, InvokeHook.

use helmrs_core::plugin::{Plugin, PrepareError};
use helmrs_gotemplate::number::quote;

use crate::plugin::{Process, RunError, Surroundings};

/// Why a plugin did not do what it does at a moment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum HookError {
    /// It has nothing for this platform.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// It failed.
    #[error("plugin {moment} hook for {} exited with error", quote(name.as_bytes()))]
    Failed { moment: &'static str, name: String },
    /// It could not be started.
    #[error(transparent)]
    Run(RunError),
}

/// Does what a plugin does at a moment; most do nothing.
pub(super) fn run(
    plugin: &Plugin,
    moment: &'static str,
    surroundings: &Surroundings,
) -> Result<(), HookError> {
    let Some(process) = Process::of_hook(plugin, moment, surroundings.clone())? else {
        return Ok(());
    };
    process.run_alone().map_err(|error| match error {
        RunError::Failed { name, .. } => HookError::Failed { moment, name },
        error => HookError::Run(error),
    })
}
