//! The environment variables helmrs reads, each named once.

use std::fmt;
use std::sync::Arc;

use crate::flags::number::Boolean;

/// One environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it does, as the help says it; empty for those the help leaves out.
    pub(crate) about: &'static str,
}

/// Declares the variables and the list of all of them.
macro_rules! variables {
    ($($constant:ident $name:literal $about:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $about)]
            pub(crate) const $constant: Variable = Variable { name: $name, about: $about };
        )*

        /// Every variable, in the order the help lists them.
        pub(crate) const VARIABLES: &[Variable] = &[$($constant),*];
    };
}

variables! {
    CACHE_HOME "HELM_CACHE_HOME" "where downloaded indexes and charts are kept";
    CONFIG_HOME "HELM_CONFIG_HOME" "where repositories and registry logins are kept";
    DATA_HOME "HELM_DATA_HOME" "where plugins and starters are kept";
    DEBUG "HELM_DEBUG" "print what is being done, as --debug does";
    DRIVER "HELM_DRIVER" "where releases are recorded: secret, configmap, memory or sql";
    DRIVER_SQL "HELM_DRIVER_SQL_CONNECTION_STRING" "the database of the sql driver";
    MEMORY_DRIVER_DATA "HELM_MEMORY_DRIVER_DATA" "files the memory driver starts from, separated by colons";
    MAX_HISTORY "HELM_MAX_HISTORY" "how many revisions of a release to keep";
    NAMESPACE "HELM_NAMESPACE" "the namespace to work in";
    NO_PLUGINS "HELM_NO_PLUGINS" "set to 1 to ignore installed plugins";
    PLUGINS "HELM_PLUGINS" "where plugins are installed";
    PLUGIN_VERIFY "HELM_PLUGIN_VERIFY" "set to false to install plugins that nobody signed, as --verify=false does";
    REGISTRY_CONFIG "HELM_REGISTRY_CONFIG" "the file of registry logins";
    REPOSITORY_CACHE "HELM_REPOSITORY_CACHE" "where repository indexes are cached";
    REPOSITORY_CONFIG "HELM_REPOSITORY_CONFIG" "the file of known repositories";
    CONTENT_CACHE "HELM_CONTENT_CACHE" "where downloaded charts are cached";
    KUBECONFIG "KUBECONFIG" "the kubeconfig files, in order of precedence";
    KUBE_API_SERVER "HELM_KUBEAPISERVER" "the address of the API server";
    KUBE_CA_FILE "HELM_KUBECAFILE" "the certificate authority of the API server";
    KUBE_AS_GROUPS "HELM_KUBEASGROUPS" "groups to impersonate, separated by commas";
    KUBE_AS_USER "HELM_KUBEASUSER" "the user to impersonate";
    KUBE_CONTEXT "HELM_KUBECONTEXT" "the kubeconfig context to use";
    KUBE_TOKEN "HELM_KUBETOKEN" "the bearer token to authenticate with";
    KUBE_INSECURE "HELM_KUBEINSECURE_SKIP_TLS_VERIFY" "accept any certificate of the API server";
    KUBE_TLS_SERVER_NAME "HELM_KUBETLS_SERVER_NAME" "the name the API server's certificate must bear";
    BURST_LIMIT "HELM_BURST_LIMIT" "how many requests may be sent at once; -1 for any number";
    QPS "HELM_QPS" "how many requests a second may be sent on average";
    COLOR "HELM_COLOR" "when to use colours: never, auto or always";
    NO_COLOR "NO_COLOR" "set to anything to use no colours at all";
    SOURCE_DATE_EPOCH "SOURCE_DATE_EPOCH" "the time to put into archives, in seconds since 1970";
    SCHEMA_REMOTE_REFS "HELM_SCHEMA_REMOTE_REFS" "set to off so that schemas of charts cannot refer to other hosts";
    ACTIVE_HELP "HELM_ACTIVE_HELP" "set to 0 to get no advice when a shell completes a line";
    COMPLETION_DESCRIPTIONS "HELM_COMPLETION_DESCRIPTIONS" "set to 0 to complete lines without descriptions";
    EVERY_ACTIVE_HELP "COBRA_ACTIVE_HELP" "";
    EVERY_COMPLETION_DESCRIPTIONS "COBRA_COMPLETION_DESCRIPTIONS" "";
    COMPLETION_DEBUG_FILE "BASH_COMP_DEBUG_FILE" "";
    CHART_V3 "HELM_EXPERIMENTAL_CHART_V3" "";
    DOCKER_CONFIG "DOCKER_CONFIG" "the folder of Docker's file of registry logins";
    BIN "HELM_BIN" "";
    SERVICE_HOST "KUBERNETES_SERVICE_HOST" "";
    SERVICE_PORT "KUBERNETES_SERVICE_PORT" "";
    POD_NAMESPACE "POD_NAMESPACE" "";
    PATH "PATH" "";
    PG_APP_NAME "PGAPPNAME" "";
    PG_CONNECT_TIMEOUT "PGCONNECT_TIMEOUT" "";
    PG_DATABASE "PGDATABASE" "";
    PG_HOST "PGHOST" "";
    PG_PASSWORD "PGPASSWORD" "";
    PG_PORT "PGPORT" "";
    PG_SSL_CERT "PGSSLCERT" "";
    PG_SSL_KEY "PGSSLKEY" "";
    PG_SSL_MODE "PGSSLMODE" "";
    PG_SSL_ROOT_CERT "PGSSLROOTCERT" "";
    PG_USER "PGUSER" "";
    USER "USER" "";
    HOME "HOME" "";
    TERM "TERM" "";
    TZ "TZ" "";
    GNUPG_HOME "GNUPGHOME" "";
    XDG_CACHE_HOME "XDG_CACHE_HOME" "";
    XDG_CONFIG_HOME "XDG_CONFIG_HOME" "";
    XDG_DATA_HOME "XDG_DATA_HOME" "";
}

/// What gives a variable's value by its name.
pub(crate) type Read = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A way to read environment variables: the process's own, or a test's.
pub struct Environment {
    pub(crate) read: Arc<Read>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// An environment that is read through `read`.
    pub fn new(read: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            read: Arc::new(read),
        }
    }

    /// The variable's value, if it is set at all.
    pub(crate) fn get(&self, variable: Variable) -> Option<String> {
        (self.read)(variable.name)
    }

    /// The variable's value, with unset the same as empty.
    pub(crate) fn text(&self, variable: Variable) -> String {
        self.get(variable).unwrap_or_default()
    }
}

/// Whether advice is wanted when a line is completed.
// Parity: cobra, active_help.go, GetActiveHelpConfig: one variable is for every program, the other for this one.
pub(crate) fn active_help(environment: &Environment) -> bool {
    [EVERY_ACTIVE_HELP, ACTIVE_HELP]
        .iter()
        .all(|variable| environment.text(*variable) != "0")
}

/// Whether descriptions are wanted when a line is completed.
// Parity: cobra, completions.go, getEnvConfig: the program's variable wins, and what is no truth value means nothing.
pub(crate) fn completion_descriptions(environment: &Environment) -> bool {
    let text = match environment.text(COMPLETION_DESCRIPTIONS) {
        text if text.is_empty() => environment.text(EVERY_COMPLETION_DESCRIPTIONS),
        text => text,
    };
    text.parse().map_or(true, |Boolean(wanted)| wanted)
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Environment")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_listed_once() {
        let mut names: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), VARIABLES.len());
    }
}
