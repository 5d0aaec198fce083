//! Files from wherever a URL's scheme leads: the network, or a plugin that fetches URLs of its own.
// Parity: Helm, pkg/getter/{getter,plugingetter}.go.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use helmrs_core::plugin::{Config, Plugin};

use super::http::{FetchError, FetchOptions, fetch_among_others, may_send};
use super::meter::Meter;
use crate::event::{Event, Watch};
use crate::plugin::{Errors, Process, RunError, Surroundings};

/// What fetches the URLs of schemes that are not the network's.
#[derive(Clone, Default)]
pub struct Getters(Option<Arc<Inner>>);

struct Inner {
    plugins: Vec<Plugin>,
    surroundings: Surroundings,
    watch: Arc<dyn Watch>,
}

impl fmt::Debug for Getters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plugins = self.0.iter().flat_map(|inner| &inner.plugins);
        let names = plugins.map(|plugin| &plugin.metadata.name);
        formatter.debug_list().entries(names).finish()
    }
}

impl Getters {
    /// Plugins that fetch URLs, with what they are told; of several for a scheme the first counts.
    pub fn new(plugins: Vec<Plugin>, surroundings: Surroundings, watch: Arc<dyn Watch>) -> Self {
        Self((!plugins.is_empty()).then(|| {
            Arc::new(Inner {
                plugins,
                surroundings,
                watch,
            })
        }))
    }

    /// Whether somebody speaks the protocol.
    pub fn provides(&self, scheme: &str) -> bool {
        matches!(scheme, "http" | "https" | "oci") || self.plugin(scheme).is_some()
    }

    /// Whether the name of a file is a URL that can be fetched as one.
    pub fn is_remote(&self, name: &str) -> bool {
        scheme(name).is_some_and(|scheme| scheme != "oci" && self.provides(&scheme))
    }

    fn plugin(&self, scheme: &str) -> Option<(&Inner, &Plugin)> {
        let inner = self.0.as_deref()?;
        let mut plugins = inner.plugins.iter();
        let plugin = plugins.find(|plugin| match &plugin.metadata.config {
            Config::Getter(getter) => getter.protocols.iter().any(|known| known == scheme),
            _ => false,
        })?;
        Some((inner, plugin))
    }

    /// Fetches a file.
    ///
    /// # Errors
    ///
    /// If the network or the plugin does not give it.
    pub async fn get(
        &self,
        address: &str,
        options: &FetchOptions,
        watch: &dyn Watch,
    ) -> Result<Vec<u8>, FetchError> {
        self.get_among_others(address, options, &Meter::new(watch))
            .await
    }

    /// Fetches a file while others are fetched.
    pub(super) async fn get_among_others(
        &self,
        address: &str,
        options: &FetchOptions,
        meter: &Meter<'_>,
    ) -> Result<Vec<u8>, FetchError> {
        let scheme = scheme(address).unwrap_or_default();
        if matches!(scheme.as_str(), "http" | "https") {
            return fetch_among_others(address, options, meter).await;
        }
        let Some((inner, plugin)) = self.plugin(&scheme) else {
            return fetch_among_others(address, options, meter).await;
        };
        let bytes = inner.run(plugin, &scheme, address, options).await;
        let bytes = bytes.map_err(|source| FetchError::Plugin {
            plugin: plugin.dump(),
            source,
        })?;
        match options.most_bytes {
            Some(most) if bytes.len() > most => Err(FetchError::TooBig { most }),
            _ => Ok(bytes),
        }
    }
}

impl Inner {
    // Parity: Helm, internal/plugin/runtime_subprocess_getter.go, runGetter.
    async fn run(
        &self,
        plugin: &Plugin,
        scheme: &str,
        address: &str,
        options: &FetchOptions,
    ) -> Result<Vec<u8>, RunError> {
        let text = |path: &Option<PathBuf>| {
            let path = path.as_deref().map(|path| path.to_string_lossy());
            path.unwrap_or_default().into_owned()
        };
        let tls = &options.tls;
        let files = [&tls.cert_file, &tls.key_file, &tls.ca_file].map(text);
        // Unlike in the reference, who asks stays between the program and the server the credentials are meant for.
        let credentials = match url::Url::parse(address) {
            Ok(url) if may_send(options, &url) => options.credentials.clone(),
            _ => super::Credentials::default(),
        };
        let surroundings = self
            .surroundings
            .clone()
            .with("HELM_PLUGIN_USERNAME", &credentials.username)
            .with("HELM_PLUGIN_PASSWORD", &credentials.password)
            .with(
                "HELM_PLUGIN_PASS_CREDENTIALS_ALL",
                &options.pass_credentials_all.to_string(),
            );
        let files = files.each_ref().map(String::as_str);
        let process = Process::of_getter(plugin, scheme, files, address, surroundings)?;
        let (name, line) = (process.name().to_owned(), process.line());
        let attributes = [("pluginName", name.as_str()), ("command", &line)];
        let started = Event::step("executing plugin command", attributes);
        self.watch.event(started);
        let task = tokio::task::spawn_blocking(move || process.output(Errors::Shown));
        let outcome = match task.await {
            Ok(outcome) => outcome,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        if let Err(error) = &outcome
            && let (Some(status), Some(code)) = (error.status(), error.exit_code())
        {
            let code = code.to_string();
            let attributes = [
                ("pluginName", name.as_str()),
                ("error", &status),
                ("exitCode", &code),
                ("stderr", ""),
            ];
            self.watch
                .event(Event::step("plugin execution failed", attributes));
        }
        outcome
    }
}

/// The scheme of a URL.
// Parity: Go, net/url, getScheme.
pub(super) fn scheme(address: &str) -> Option<String> {
    let (scheme, _) = address.split_once(':')?;
    let mut letters = scheme.bytes();
    let first = letters.next()?;
    let is_scheme = first.is_ascii_alphabetic()
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_what_go_takes_for_one() {
        assert_eq!(scheme("Secrets+Age://a").as_deref(), Some("secrets+age"));
        assert_eq!(scheme("a/b:c"), None);
        assert_eq!(scheme("1a:b"), None);
        assert_eq!(scheme("values.yaml"), None);
    }

    #[test]
    fn only_the_network_is_there_without_plugins() {
        let getters = Getters::default();
        assert!(getters.is_remote("https://a/b") && !getters.is_remote("oci://a/b"));
        assert!(getters.provides("oci") && !getters.provides("s3"));
    }
}
