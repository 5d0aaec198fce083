//! Kubeconfig files read and merged as kubectl does.
// Parity: client-go, tools/clientcmd/{loader,client_config,validation}.go.

mod validation;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use helmrs_core::yaml::{self, Value, YamlError};
use kube::config::{AuthInfo, Cluster, Kubeconfig};

use super::settings::{ClusterSettings, KubeconfigFiles};

pub(super) use validation::check_version;

/// Why no kubeconfig can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum KubeconfigError {
    /// The file asked for is not there.
    #[error("stat {}: no such file or directory", path.display())]
    Missing { path: PathBuf },
    /// A file cannot be read or understood.
    #[error("error loading config file \"{}\": {problem}", path.display())]
    Unreadable { path: PathBuf, problem: String },
    /// The context asked for is not in any file.
    #[error("context \"{name}\" does not exist")]
    UnknownContext { name: String },
    /// What the files say cannot be used; of several problems there is a list in brackets.
    #[error("invalid configuration: {problem}")]
    Invalid { problem: String },
}

/// What a kubeconfig and the settings over it come to: one cluster, one user, one namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) cluster: Cluster,
    pub(super) cluster_name: String,
    pub(super) user: AuthInfo,
    pub(super) user_name: String,
    pub(super) namespace: Option<String>,
}

/// Reads the files and settles on one cluster and user.
pub(super) fn select(settings: &ClusterSettings) -> Result<Selection, KubeconfigError> {
    let config = load(&settings.kubeconfig)?;
    let mut selection = choose(&config, settings.context.as_deref())?;
    override_with(&mut selection, settings);
    validation::check(&selection)?;
    Ok(selection)
}

/// The namespace the kubeconfig's context names, if its files can be read and name one.
pub fn default_namespace(settings: &ClusterSettings) -> Option<String> {
    let config = load(&settings.kubeconfig).ok()?;
    choose(&config, settings.context.as_deref())
        .ok()?
        .namespace
        .filter(|namespace| !namespace.is_empty())
}

fn load(files: &KubeconfigFiles) -> Result<Kubeconfig, KubeconfigError> {
    match files {
        KubeconfigFiles::Explicit(path) => {
            read(path)?.ok_or_else(|| KubeconfigError::Missing { path: path.clone() })
        }
        KubeconfigFiles::Search(paths) => {
            let mut merged = Kubeconfig::default();
            for path in paths {
                if let Some(config) = read(path)? {
                    merged = merge(merged, config);
                }
            }
            Ok(merged)
        }
    }
}

/// The first file to name a thing decides what it is.
fn merge(mut first: Kubeconfig, next: Kubeconfig) -> Kubeconfig {
    for cluster in next.clusters {
        if !first
            .clusters
            .iter()
            .any(|known| known.name == cluster.name)
        {
            first.clusters.push(cluster);
        }
    }
    for user in next.auth_infos {
        if !first.auth_infos.iter().any(|known| known.name == user.name) {
            first.auth_infos.push(user);
        }
    }
    for context in next.contexts {
        if !first
            .contexts
            .iter()
            .any(|known| known.name == context.name)
        {
            first.contexts.push(context);
        }
    }
    first.current_context = first
        .current_context
        .filter(|name| !name.is_empty())
        .or(next.current_context);
    first
}

fn read(path: &Path) -> Result<Option<Kubeconfig>, KubeconfigError> {
    let unreadable = |problem: String| KubeconfigError::Unreadable {
        path: path.to_path_buf(),
        problem,
    };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
            return Err(unreadable(format!(
                "read {}: is a directory",
                path.display()
            )));
        }
        Err(error) => {
            let problem = crate::error::operating_system(&error);
            return Err(unreadable(format!("open {}: {problem}", path.display())));
        }
    };
    // Parity: client-go reads YAML without the words sigs.k8s.io/yaml puts before its errors.
    let value = yaml::parse(&bytes).map_err(|error| match error {
        YamlError::Parse(problem) => unreadable(problem.to_string()),
        other => unreadable(other.to_string()),
    })?;
    let mut config = decode(value).map_err(unreadable)?;
    resolve_paths(&mut config, path.parent().unwrap_or(Path::new(".")));
    Ok(Some(config))
}

fn decode(value: Value) -> Result<Kubeconfig, String> {
    if value == Value::Null {
        return Ok(Kubeconfig::default());
    }
    head(&value)?;
    let text = |key: &str| value.at(&[key]).and_then(Value::as_str);
    let (version, kind) = (
        text("apiVersion").unwrap_or("v1"),
        text("kind").unwrap_or("Config"),
    );
    if version != "v1" || kind != "Config" {
        return Err(format!(
            "no kind \"{kind}\" is registered for version \"{version}\" in scheme \"pkg/runtime/scheme.go:111\""
        ));
    }
    let config = yaml::from_value(value).map_err(|error| error.to_string())?;
    validation::check_data(&config)?;
    Ok(config)
}

/// Refuses what cannot say its version and kind.
// Parity: apimachinery, runtime/serializer/json/meta.go, SimpleMetaFactory.Interpret.
pub(super) fn head(value: &Value) -> Result<(), String> {
    const HEAD: &str = r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;
    let found = match value {
        Value::Map(_) | Value::Null => return Ok(()),
        Value::Bool(_) => "bool",
        Value::Integer(_) | Value::Float(_) => "number",
        Value::String(_) | Value::Raw(_) => "string",
        Value::List(_) => "array",
    };
    Err(format!(
        "couldn't get version/kind; json parse error: json: cannot unmarshal {found} into Go value of type {HEAD}"
    ))
}

/// Makes the files a kubeconfig names relative to the folder it lies in.
fn resolve_paths(config: &mut Kubeconfig, folder: &Path) {
    let resolve = |path: &mut Option<String>| {
        if let Some(text) = path
            .as_mut()
            .filter(|text| !text.is_empty() && Path::new(text.as_str()).is_relative())
        {
            *text = folder.join(&*text).to_string_lossy().into_owned();
        }
    };
    for cluster in config
        .clusters
        .iter_mut()
        .filter_map(|named| named.cluster.as_mut())
    {
        resolve(&mut cluster.certificate_authority);
    }
    for user in config
        .auth_infos
        .iter_mut()
        .filter_map(|named| named.auth_info.as_mut())
    {
        resolve(&mut user.client_certificate);
        resolve(&mut user.client_key);
        resolve(&mut user.token_file);
        if let Some(command) = user.exec.as_mut().and_then(|exec| exec.command.as_mut())
            && Path::new(&*command).is_relative()
            && command.contains('/')
        {
            *command = folder.join(&*command).to_string_lossy().into_owned();
        }
    }
}

fn choose(config: &Kubeconfig, wanted: Option<&str>) -> Result<Selection, KubeconfigError> {
    let wanted = wanted.filter(|name| !name.is_empty());
    let current = config
        .current_context
        .as_deref()
        .filter(|name| !name.is_empty());
    let Some(name) = wanted.or(current) else {
        return Ok(Selection::default());
    };
    let context = config.contexts.iter().find(|context| context.name == name);
    let Some(context) = context.and_then(|named| named.context.as_ref()) else {
        if wanted.is_some() {
            return Err(KubeconfigError::UnknownContext {
                name: name.to_string(),
            });
        }
        let problem = format!("context was not found for specified context: {name}");
        return Err(KubeconfigError::Invalid { problem });
    };
    let cluster = config
        .clusters
        .iter()
        .find(|cluster| cluster.name == context.cluster);
    let user_name = context.user.clone().unwrap_or_default();
    let user = config.auth_infos.iter().find(|user| user.name == user_name);
    Ok(Selection {
        cluster: cluster
            .and_then(|named| named.cluster.clone())
            .unwrap_or_default(),
        cluster_name: context.cluster.clone(),
        user: user
            .and_then(|named| named.auth_info.clone())
            .unwrap_or_default(),
        user_name,
        namespace: context.namespace.clone(),
    })
}

fn override_with(selection: &mut Selection, settings: &ClusterSettings) {
    let cluster = &mut selection.cluster;
    if settings.server.is_some() {
        cluster.server.clone_from(&settings.server);
    }
    if let Some(path) = &settings.certificate_authority {
        cluster.certificate_authority = Some(path.to_string_lossy().into_owned());
        cluster.certificate_authority_data = None;
    }
    if settings.tls_server_name.is_some() {
        cluster
            .tls_server_name
            .clone_from(&settings.tls_server_name);
    }
    if settings.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(true);
        cluster.certificate_authority = None;
        cluster.certificate_authority_data = None;
    }
    let user = &mut selection.user;
    if let Some(token) = &settings.token {
        user.token = Some(token.clone().into());
        user.token_file = None;
    }
    if settings.impersonate_user.is_some() {
        user.impersonate.clone_from(&settings.impersonate_user);
    }
    if !settings.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(settings.impersonate_groups.clone());
    }
}
