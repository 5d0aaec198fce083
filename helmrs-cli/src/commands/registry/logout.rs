//! `registry logout`.

use clap::Args;
use helmrs_client::action::registry;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Log out of a registry
///
/// Forgets the name and the password that the registry was shown, also where a credential helper keeps them.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[host]",
    after_help = "\
# Forget a login
{program} registry logout registry.example.com"
)]
pub(crate) struct LogoutArgs {
    /// host of the registry, with its port if that is not the usual one
    #[arg(required = true)]
    host: Vec<String>,
}

// Parity: Helm, pkg/cmd/registry_logout.go.
pub(crate) fn run(args: &LogoutArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let context = invocation.context();
    let host = args.host.first().map_or("", String::as_str);
    invocation.wait_for(registry::logout(&context, host))??;
    let text = format!("Removing login credentials for {host}\n");
    Ok(invocation.printer.data(text)?)
}
