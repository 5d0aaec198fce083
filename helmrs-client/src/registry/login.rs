//! Telling a registry who one is, and keeping that.
// Parity: Helm, pkg/registry/client.go, Login and Logout; oras-go, registry/remote/registry.go, Ping.

use helmrs_core::registry::reference;
use http::{Method, StatusCode};

use super::authorization::Authorizer;
use super::credentials::{Credentials, Store, server_of_registry};
use super::error::RegistryError;
use super::transport::{Request, Transport};
use super::{Places, RegistryOptions};
use crate::event::{Event, Watch};

/// Shows a registry a name and a password, and keeps them if it takes them.
pub async fn login(
    registry: &str,
    options: RegistryOptions,
    watch: &dyn Watch,
) -> Result<(), RegistryError> {
    if let Some((host, _)) = registry.split_once('/') {
        watch.event(Event::RegistryPath {
            host: registry.to_string(),
            suggested: host.to_string(),
        });
    }
    reference::check_registry(registry)?;
    let host = reference::host(registry).to_string();
    let scheme = if options.plain_http { "http" } else { "https" };
    let url = format!("{scheme}://{host}/v2/");
    let mut authorizer = Authorizer {
        transport: Transport::new(&options.tls, options.patience)?,
        credentials: Credentials::Of {
            host,
            credential: options.credential.clone(),
        },
        session: options.session,
        oauth: true,
    };
    if ping(&authorizer, &url, watch).await.is_err() {
        authorizer.oauth = false;
        ping(&authorizer, &url, watch)
            .await
            .map_err(|source| RegistryError::Login {
                host: registry.to_string(),
                source: Box::new(source),
            })?;
    }
    let store = Store::new(options.places);
    Ok(store
        .put(server_of_registry(registry), &options.credential)
        .await?)
}

async fn ping(authorizer: &Authorizer, url: &str, watch: &dyn Watch) -> Result<(), RegistryError> {
    let request = Request::new(Method::GET, url.to_string());
    let answer = authorizer.send(&request, &[], watch).await?;
    match answer.status() {
        StatusCode::OK => Ok(()),
        StatusCode::NOT_FOUND => Err(RegistryError::NoRegistry),
        _ => Err(answer.refusal().await),
    }
}

/// Forgets what a registry is shown.
pub async fn logout(registry: &str, places: Places) -> Result<(), RegistryError> {
    let server = server_of_registry(registry);
    let removed = Store::new(places).remove(server).await;
    removed.map_err(|source| RegistryError::Logout {
        server: server.to_string(),
        source,
    })
}
