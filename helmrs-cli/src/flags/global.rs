//! The flags every command takes.

use clap::Args;

use super::klog::KlogFlags;
use super::number::{Boolean, Float, Integer};

/// Flags every command takes, wherever on the line they stand.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct GlobalFlags {
    /// how many requests may be sent to the API server at once
    #[arg(long, value_name = "int", help_heading = "Cluster Flags")]
    pub(crate) burst_limit: Option<Integer>,
    /// when to use colours: never, auto or always
    #[arg(long, value_name = "string")]
    pub(crate) color: Option<String>,
    /// when to use colours: never, auto or always
    #[arg(long, value_name = "string")]
    pub(crate) colour: Option<String>,
    /// directory downloaded charts are cached in
    #[arg(long, value_name = "string")]
    pub(crate) content_cache: Option<String>,
    /// print what is being done
    #[arg(long, value_name = "bool", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) debug: Option<Boolean>,
    /// address and port of the Kubernetes API server
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kube_apiserver: Option<String>,
    /// group to act as; may be given several times
    #[arg(long, value_name = "stringArray", help_heading = "Cluster Flags")]
    pub(crate) kube_as_group: Vec<String>,
    /// user to act as
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kube_as_user: Option<String>,
    /// certificate authority file the API server is verified with
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kube_ca_file: Option<String>,
    /// kubeconfig context to use
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kube_context: Option<String>,
    /// accept any certificate of the API server, which makes the connection insecure
    #[arg(long, value_name = "bool", num_args = 0..=1, require_equals = true, default_missing_value = "true", help_heading = "Cluster Flags")]
    pub(crate) kube_insecure_skip_tls_verify: Option<Boolean>,
    /// name the API server's certificate must bear, when it is not the name it is reached by
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kube_tls_server_name: Option<String>,
    /// bearer token to authenticate with
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kube_token: Option<String>,
    /// kubeconfig file to use
    #[arg(long, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) kubeconfig: Option<String>,
    /// namespace to work in
    #[arg(long, short, value_name = "string", help_heading = "Cluster Flags")]
    pub(crate) namespace: Option<String>,
    /// how many requests a second may be sent to the API server on average
    #[arg(long, value_name = "float32", help_heading = "Cluster Flags")]
    pub(crate) qps: Option<Float>,
    /// file of registry logins
    #[arg(long, value_name = "string")]
    pub(crate) registry_config: Option<String>,
    /// directory repository indexes are cached in
    #[arg(long, value_name = "string")]
    pub(crate) repository_cache: Option<String>,
    /// file of known repositories
    #[arg(long, value_name = "string")]
    pub(crate) repository_config: Option<String>,
    #[command(flatten)]
    pub(crate) klog: KlogFlags,
}
