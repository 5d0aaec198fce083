//! How to talk to chart repositories: names, passwords, certificates.

use std::path::PathBuf;

use clap::Args;
use helmrs_client::download::{Connection, Credentials, TlsOptions};
use helmrs_client::registry::{Session, check_tls};

use crate::error::CommandError;

/// Flags of commands that download charts.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Chart Source Flags")]
pub(crate) struct ConnectionFlags {
    /// certificate authority file the repository is verified with
    #[arg(long, value_name = "string")]
    pub(crate) ca_file: Option<String>,
    /// certificate file to identify with to the repository
    #[arg(long, value_name = "string")]
    pub(crate) cert_file: Option<String>,
    /// accept any certificate of the repository
    #[arg(long)]
    pub(crate) insecure_skip_tls_verify: bool,
    /// key file of the certificate to identify with
    #[arg(long, value_name = "string")]
    pub(crate) key_file: Option<String>,
    /// password at the repository
    #[arg(long, value_name = "string")]
    pub(crate) password: Option<String>,
    /// download over HTTP without TLS
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// user name at the repository
    #[arg(long, value_name = "string")]
    pub(crate) username: Option<String>,
}

impl ConnectionFlags {
    /// How registries are talked to.
    pub(crate) fn connection(&self) -> Connection {
        Connection {
            credentials: self.credentials(),
            tls: self.tls(),
            plain_http: self.plain_http,
            session: Session::default(),
        }
    }

    /// Refuses certificates that cannot be used, whether they are needed or not.
    // Parity: Helm, pkg/cmd/root.go, newRegistryClient: a certificate without its key does not count.
    pub(crate) fn check(&self) -> Result<(), CommandError> {
        let tls = self.tls();
        let is_pair = tls.cert_file.is_some() && tls.key_file.is_some();
        if !is_pair && tls.ca_file.is_none() && !tls.insecure_skip_verify {
            return Ok(());
        }
        check_tls(&tls)
            .map_err(|error| CommandError::from(error).prefixed("missing registry client"))
    }

    /// Who asks.
    pub(crate) fn credentials(&self) -> Credentials {
        Credentials {
            username: self.username.clone().unwrap_or_default(),
            password: self.password.clone().unwrap_or_default(),
        }
    }

    /// How the repository's certificate is checked, and which one is shown.
    pub(crate) fn tls(&self) -> TlsOptions {
        let path = |flag: &Option<String>| {
            flag.as_ref()
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        TlsOptions {
            cert_file: path(&self.cert_file),
            key_file: path(&self.key_file),
            ca_file: path(&self.ca_file),
            insecure_skip_verify: self.insecure_skip_tls_verify,
        }
    }
}
