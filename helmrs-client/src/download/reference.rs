//! A chart as a user names it.

use super::http::{Credentials, TlsOptions};
use super::oci::Connection;
use super::provenance::Strategy;
use crate::registry::Session;

/// A chart as a user names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartReference {
    /// A path, a URL, `repository/chart`, or a chart's name in `repository`.
    pub name: String,
    /// The version or range wanted; empty for the newest.
    pub version: String,
    /// The URL of the repository to look in.
    pub repository: String,
    /// Who asks.
    pub credentials: Credentials,
    /// Whether the credentials go to every server.
    pub pass_credentials_all: bool,
    /// Certificates.
    pub tls: TlsOptions,
    /// Whether registries are talked to without TLS.
    pub plain_http: bool,
    /// What registries took before.
    pub session: Session,
    /// Whether provenance is fetched and checked.
    pub verification: Strategy,
}

impl ChartReference {
    /// How registries are talked to.
    pub(super) fn connection(&self) -> Connection {
        Connection {
            credentials: self.credentials.clone(),
            tls: self.tls.clone(),
            plain_http: self.plain_http,
            session: self.session.clone(),
        }
    }
}
