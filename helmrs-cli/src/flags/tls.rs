//! How to talk to chart repositories: names, passwords, certificates.

use clap::Args;

/// Flags of commands that download charts.
#[derive(Args, Debug, Clone, Default)]
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
