//! What to do where an object in the cluster resists.

use clap::Args;

/// Flags of commands that write objects.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct ForceFlags {
    /// deprecated: use --force-replace instead
    #[arg(long, hide = true, conflicts_with = "force_conflicts")]
    force: bool,
    /// take over fields that others own, when applying server-side
    #[arg(long)]
    pub(crate) force_conflicts: bool,
    /// replace objects as a whole instead of changing them
    #[arg(long, conflicts_with = "force_conflicts")]
    force_replace: bool,
}

impl ForceFlags {
    /// Whether objects are to be replaced as a whole.
    pub(crate) fn replace(self) -> bool {
        self.force || self.force_replace
    }
}
