//! Logging in to registries and out of them.
// Parity: Helm, pkg/action/registry_login.go and registry_logout.go.

use crate::Context;
use crate::download::{Connection, oci};
use crate::registry::{self, RegistryError};

/// Shows a registry a name and a password, and keeps them if it takes them.
pub async fn login(
    context: &Context,
    host: &str,
    connection: &Connection,
) -> Result<(), RegistryError> {
    let options = connection.options(context.directories());
    registry::login(host, options, context.watch()).await
}

/// Forgets the name and the password that a registry is shown.
pub async fn logout(context: &Context, host: &str) -> Result<(), RegistryError> {
    registry::logout(host, oci::places(context.directories())).await
}
