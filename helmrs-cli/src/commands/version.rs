//! `version`: which Helm this is equal to.

use clap::Args;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// The release of Helm whose behaviour this program has.
const VERSION: &str = "v4.3.1";
/// The commit that release was built from.
const COMMIT: &str = "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff";
/// The Go release it was built with, as programs that read this output expect one.
const GO: &str = "go1.27.2";
/// The Kubernetes release whose client it holds.
const KUBERNETES: &str = "v1.37";

/// print the version
///
/// Prints the release of Helm whose behaviour this program has, in the form programs that call Helm read.
#[derive(Args, Debug)]
pub(crate) struct VersionArgs {
    /// print the version number alone
    #[arg(long)]
    short: bool,
}

pub(crate) fn run(args: &VersionArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let text = if args.short {
        format!("{VERSION}+g{}\n", &COMMIT[..7])
    } else {
        format!(
            "version.BuildInfo{{Version:\"{VERSION}\", GitCommit:\"{COMMIT}\", GitTreeState:\"clean\", \
             GoVersion:\"{GO}\", KubeClientVersion:\"{KUBERNETES}\"}}\n"
        )
    };
    Ok(invocation.printer.data(&text)?)
}
