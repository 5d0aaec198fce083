//! What to do where an object in the cluster resists.

use clap::Args;
use helmrs_client::action::Force;

/// Flags of commands that write objects.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct ForceFlags {
    /// deprecated: use --force-replace instead
    #[arg(long, hide = true, conflicts_with = "force_conflicts")]
    force: bool,
    /// take over fields that others own, when applying server-side
    #[arg(long)]
    force_conflicts: bool,
    /// replace objects as a whole instead of changing them
    #[arg(long, conflicts_with = "force_conflicts")]
    force_replace: bool,
}

impl ForceFlags {
    /// What to do where an object resists.
    pub(crate) fn choice(self) -> Force {
        if self.force || self.force_replace {
            Force::Replace
        } else if self.force_conflicts {
            Force::Conflicts
        } else {
            Force::No
        }
    }
}
