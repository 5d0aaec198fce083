//! What the flags and the environment say about the whole program: flags over variables over defaults.

mod namespace;

use std::path::PathBuf;

use crate::environment::{self, Environment};
use crate::flags::global::GlobalFlags;
use crate::flags::number::{Boolean, Float};
use crate::paths::Paths;
use crate::printer::ColorMode;
use crate::quote::quote;

/// The settings every command is handed.
// Parity: Helm, pkg/cli/environment.go, EnvSettings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EnvSettings {
    pub(crate) paths: Paths,
    pub(crate) burst_limit: i64,
    pub(crate) color: ColorMode,
    pub(crate) content_cache: String,
    pub(crate) debug: bool,
    pub(crate) kube: KubeSettings,
    pub(crate) max_history: i64,
    pub(crate) plugins: String,
    /// Whether plugins have to be signed, unless a flag says otherwise.
    pub(crate) plugin_verify: bool,
    pub(crate) qps: f32,
    pub(crate) registry_config: String,
    pub(crate) repository_cache: String,
    pub(crate) repository_config: String,
    /// The folder of GnuPG's keyrings.
    pub(crate) gnupg: PathBuf,
}

/// How to reach the cluster, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KubeSettings {
    /// `--kubeconfig`; the only file read if it is not empty.
    pub(crate) config: String,
    /// `$KUBECONFIG`, files separated by colons.
    pub(crate) config_list: String,
    pub(crate) context: String,
    pub(crate) token: String,
    pub(crate) as_user: String,
    pub(crate) as_groups: Vec<String>,
    pub(crate) api_server: String,
    pub(crate) ca_file: String,
    pub(crate) tls_server_name: String,
    pub(crate) insecure_skip_tls_verify: bool,
    /// `--namespace` or `$HELM_NAMESPACE`; empty for the kubeconfig's own.
    pub(crate) namespace: String,
    /// The user's home directory, where the default kubeconfig lies.
    pub(crate) home: String,
    /// Whether the environment is that of a pod.
    pub(crate) in_pod: bool,
    /// `$POD_NAMESPACE`
    pub(crate) pod_namespace: String,
}

/// The colour mode named by a flag is none.
#[derive(Debug, thiserror::Error)]
#[error("invalid color mode {}: must be one of: never, auto, always", crate::quote::quote(.0))]
pub(crate) struct ColorError(String);

impl EnvSettings {
    /// Reads the settings.
    pub(crate) fn new(environment: &Environment, flags: &GlobalFlags) -> Result<Self, ColorError> {
        let paths = Paths::new(environment);
        let text = |flag: &Option<String>, variable, default: String| {
            flag.clone()
                .or_else(|| environment.get(variable))
                .unwrap_or(default)
        };
        let below = |directory: &std::path::Path, name: &str| {
            directory.join(name).to_string_lossy().into_owned()
        };
        let number = |variable, default| integer(environment.get(variable)).unwrap_or(default);
        let flag = |flag: Option<Boolean>, variable| {
            flag.map_or_else(
                || boolean(environment.get(variable)),
                |Boolean(value)| value,
            )
        };
        Ok(Self {
            burst_limit: flags
                .burst_limit
                .map_or_else(|| number(environment::BURST_LIMIT, 100), |limit| limit.0),
            color: color(environment, flags)?,
            content_cache: text(
                &flags.content_cache,
                environment::CONTENT_CACHE,
                below(&paths.cache, "content"),
            ),
            debug: flag(flags.debug, environment::DEBUG),
            kube: KubeSettings::new(environment, flags, &paths),
            max_history: number(environment::MAX_HISTORY, 10),
            plugins: environment
                .get(environment::PLUGINS)
                .unwrap_or_else(|| below(&paths.data, "plugins")),
            plugin_verify: environment
                .get(environment::PLUGIN_VERIFY)
                .and_then(|text| text.parse().ok())
                .is_none_or(|Boolean(value)| value),
            qps: flags.qps.map_or_else(
                || float(environment.get(environment::QPS)),
                |Float(value)| value,
            ),
            registry_config: text(
                &flags.registry_config,
                environment::REGISTRY_CONFIG,
                below(&paths.config, "registry/config.json"),
            ),
            repository_cache: text(
                &flags.repository_cache,
                environment::REPOSITORY_CACHE,
                below(&paths.cache, "repository"),
            ),
            repository_config: text(
                &flags.repository_config,
                environment::REPOSITORY_CONFIG,
                below(&paths.config, "repositories.yaml"),
            ),
            gnupg: paths.gnupg(environment),
            paths,
        })
    }

    /// The keyring signatures are checked with unless another is named. Only who needs it looks for it.
    // Parity: Helm, pkg/cmd/dependency_build.go, defaultKeyring: the keybox counts where there is no older keyring.
    pub(crate) fn keyring(&self) -> String {
        let older = self.gnupg.join("pubring.gpg");
        let keybox = self.gnupg.join("pubring.kbx");
        let path = if older.metadata().is_err() && keybox.metadata().is_ok() {
            keybox
        } else {
            older
        };
        crate::paths::clean(&path).to_string_lossy().into_owned()
    }

    /// The namespace to work in: the one asked for, else the kubeconfig's, else `default`.
    pub(crate) fn namespace(&self) -> String {
        namespace::current(&self.kube)
    }

    /// The contexts of the kubeconfig, each with its cluster after a tab.
    pub(crate) fn contexts(&self) -> Vec<String> {
        namespace::contexts(&self.kube)
    }

    /// What a flag is taken to be when it is not given, for the flags where that depends on the environment.
    pub(crate) fn flag_default(&self, name: &str) -> Option<String> {
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(quote);
        match name {
            "burst-limit" => Some(self.burst_limit.to_string()),
            "color" | "colour" => text(self.color.word()),
            "history-max" => Some(self.max_history)
                .filter(|most| *most != 0)
                .map(|most| most.to_string()),
            "content-cache" => text(&self.content_cache),
            "kube-apiserver" => text(&self.kube.api_server),
            "kube-as-user" => text(&self.kube.as_user),
            "kube-ca-file" => text(&self.kube.ca_file),
            "kube-context" => text(&self.kube.context),
            "kube-tls-server-name" => text(&self.kube.tls_server_name),
            "kube-token" => text(&self.kube.token),
            "keyring" => text(&self.keyring()),
            "namespace" => text(&self.kube.namespace),
            "verify" => Some(self.plugin_verify.to_string()),
            "registry-config" => text(&self.registry_config),
            "repository-cache" => text(&self.repository_cache),
            "repository-config" => text(&self.repository_config),
            _ => None,
        }
    }

    /// The variables that say to another process what these settings are, sorted by name.
    pub(crate) fn variables(&self, program: &str) -> Vec<(&'static str, String)> {
        let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
        let kube = &self.kube;
        let mut variables = vec![
            (environment::BIN.name, program.to_owned()),
            (environment::BURST_LIMIT.name, self.burst_limit.to_string()),
            (environment::CACHE_HOME.name, path(&self.paths.cache)),
            (environment::CONFIG_HOME.name, path(&self.paths.config)),
            (environment::CONTENT_CACHE.name, self.content_cache.clone()),
            (environment::DATA_HOME.name, path(&self.paths.data)),
            (environment::DEBUG.name, self.debug.to_string()),
            (environment::KUBE_API_SERVER.name, kube.api_server.clone()),
            (environment::KUBE_AS_GROUPS.name, kube.as_groups.join(",")),
            (environment::KUBE_AS_USER.name, kube.as_user.clone()),
            (environment::KUBE_CA_FILE.name, kube.ca_file.clone()),
            (environment::KUBE_CONTEXT.name, kube.context.clone()),
            (
                environment::KUBE_INSECURE.name,
                kube.insecure_skip_tls_verify.to_string(),
            ),
            (
                environment::KUBE_TLS_SERVER_NAME.name,
                kube.tls_server_name.clone(),
            ),
            (environment::KUBE_TOKEN.name, kube.token.clone()),
            (environment::MAX_HISTORY.name, self.max_history.to_string()),
            (environment::NAMESPACE.name, self.namespace()),
            (environment::PLUGINS.name, self.plugins.clone()),
            (environment::QPS.name, format!("{:.2}", self.qps)),
            (
                environment::REGISTRY_CONFIG.name,
                self.registry_config.clone(),
            ),
            (
                environment::REPOSITORY_CACHE.name,
                self.repository_cache.clone(),
            ),
            (
                environment::REPOSITORY_CONFIG.name,
                self.repository_config.clone(),
            ),
        ];
        if !kube.config.is_empty() {
            variables.push((environment::KUBECONFIG.name, kube.config.clone()));
        }
        variables
    }
}

impl KubeSettings {
    fn new(environment: &Environment, flags: &GlobalFlags, paths: &Paths) -> Self {
        let text = |flag: &Option<String>, variable| {
            flag.clone().unwrap_or_else(|| environment.text(variable))
        };
        let groups = environment.text(environment::KUBE_AS_GROUPS);
        let groups = groups.trim_matches([',', ' ']);
        let as_groups = match (flags.kube_as_group.as_slice(), groups) {
            ([], "") => Vec::new(),
            ([], groups) => groups.split(',').map(str::to_owned).collect(),
            // Parity: Helm reads the flags of every command twice, and a list keeps both readings.
            (groups, _) => [groups, groups].concat(),
        };
        Self {
            config: flags.kubeconfig.clone().unwrap_or_default(),
            config_list: environment.text(environment::KUBECONFIG),
            context: text(&flags.kube_context, environment::KUBE_CONTEXT),
            token: text(&flags.kube_token, environment::KUBE_TOKEN),
            as_user: text(&flags.kube_as_user, environment::KUBE_AS_USER),
            as_groups,
            api_server: text(&flags.kube_apiserver, environment::KUBE_API_SERVER),
            ca_file: text(&flags.kube_ca_file, environment::KUBE_CA_FILE),
            tls_server_name: text(
                &flags.kube_tls_server_name,
                environment::KUBE_TLS_SERVER_NAME,
            ),
            insecure_skip_tls_verify: flags.kube_insecure_skip_tls_verify.map_or_else(
                || boolean(environment.get(environment::KUBE_INSECURE)),
                |Boolean(value)| value,
            ),
            namespace: text(&flags.namespace, environment::NAMESPACE),
            home: paths.home.to_string_lossy().into_owned(),
            in_pod: [environment::SERVICE_HOST, environment::SERVICE_PORT]
                .into_iter()
                .all(|variable| !environment.text(variable).is_empty()),
            pod_namespace: environment.text(environment::POD_NAMESPACE),
        }
    }
}

impl KubeSettings {
    /// The kubeconfig files to read, in order of precedence.
    pub(crate) fn config_files(&self) -> Vec<PathBuf> {
        if !self.config.is_empty() {
            return vec![PathBuf::from(&self.config)];
        }
        if self.config_list.is_empty() {
            return vec![PathBuf::from(&self.home).join(".kube/config")];
        }
        std::env::split_paths(&self.config_list)
            .filter(|path| !path.as_os_str().is_empty())
            .collect()
    }
}

/// When to use colours; a variable that names no mode is passed over, a flag that names none is refused.
fn color(environment: &Environment, flags: &GlobalFlags) -> Result<ColorMode, ColorError> {
    let mode = |text: &str| match text {
        "never" => Some(ColorMode::Never),
        "auto" => Some(ColorMode::Auto),
        "always" => Some(ColorMode::Always),
        _ => None,
    };
    if let Some(text) = flags.colour.as_deref().or(flags.color.as_deref()) {
        return mode(text).ok_or_else(|| ColorError(text.to_owned()));
    }
    if !environment.text(environment::NO_COLOR).is_empty() {
        return Ok(ColorMode::Never);
    }
    Ok(mode(&environment.text(environment::COLOR).to_lowercase()).unwrap_or_default())
}

fn boolean(text: Option<String>) -> bool {
    text.and_then(|text| text.parse().ok())
        .is_some_and(|Boolean(value)| value)
}

/// A decimal number, as Go's `strconv.Atoi` reads it.
fn integer(text: Option<String>) -> Option<i64> {
    text?.parse().ok()
}

fn float(text: Option<String>) -> f32 {
    text.and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &'static [(&str, &str)], flags: &GlobalFlags) -> EnvSettings {
        let environment = Environment::new(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        });
        EnvSettings::new(&environment, flags).unwrap()
    }

    #[test]
    fn flags_win_over_variables_and_variables_over_defaults() {
        let flags = GlobalFlags {
            kube_context: Some("flag".to_owned()),
            ..GlobalFlags::default()
        };
        let settings = settings(
            &[("HELM_KUBECONTEXT", "variable"), ("HELM_KUBETOKEN", "t")],
            &flags,
        );
        assert_eq!(settings.kube.context, "flag");
        assert_eq!(settings.kube.token, "t");
        assert_eq!(settings.burst_limit, 100);
    }

    #[test]
    fn variables_that_hold_no_number_are_passed_over() {
        let settings = settings(
            &[("HELM_MAX_HISTORY", "x"), ("HELM_QPS", "z")],
            &GlobalFlags::default(),
        );
        assert_eq!(settings.max_history, 10);
        assert!(settings.qps.abs() < f32::EPSILON);
    }

    #[test]
    fn a_colour_flag_that_names_no_mode_is_refused() {
        let flags = GlobalFlags {
            color: Some("purple".to_owned()),
            ..GlobalFlags::default()
        };
        let error = EnvSettings::new(&Environment::new(|_| None), &flags).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid color mode \"purple\": must be one of: never, auto, always"
        );
    }
}
