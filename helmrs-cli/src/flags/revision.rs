//! `--revision`.

use clap::Args;

use super::number::Integer;

/// The flag of commands that look at one revision of a release.
#[derive(Args, Debug)]
pub(crate) struct RevisionFlag {
    /// the revision to look at; the newest one by default
    #[arg(long, value_name = "int")]
    pub(crate) revision: Option<Integer>,
}

impl RevisionFlag {
    /// The revision, zero for the newest.
    pub(crate) fn number(&self) -> i64 {
        self.revision.unwrap_or_default().0
    }
}
