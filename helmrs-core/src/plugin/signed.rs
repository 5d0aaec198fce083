//! What a plugin says of itself, as it is signed with the plugin.
// Parity: Helm, internal/plugin/sign.go, SignPlugin: Go's fields by their own names, as sigs.k8s.io/yaml writes them.

use std::collections::BTreeMap;

use super::config::Config;
use super::metadata::Metadata;
use super::runtime::{Extism, PlatformCommand, ProtocolCommand, Runtime, Subprocess};
use crate::yaml::{EmitError, Map, Value, to_yaml};

impl Metadata {
    /// The text that is signed with the plugin.
    ///
    /// # Errors
    ///
    /// If a text has no form in YAML.
    pub fn signed_text(&self) -> Result<String, EmitError> {
        to_yaml(&map([
            ("APIVersion", text(&self.api_version)),
            ("Config", config(&self.config)),
            ("Name", text(&self.name)),
            ("Runtime", text(&self.runtime)),
            ("RuntimeConfig", runtime(&self.runtime_config)),
            ("SourceURL", text(&self.source_url)),
            ("Type", text(&self.kind)),
            ("Version", text(&self.version)),
        ]))
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    Value::Map(Map::from_iter(entries))
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn texts(texts: &[String]) -> Value {
    list(texts, |one| text(one))
}

/// A list; Go's nil, where there is nothing in it.
fn list<T>(items: &[T], value: impl Fn(&T) -> Value) -> Value {
    if items.is_empty() {
        return Value::Null;
    }
    Value::List(items.iter().map(value).collect())
}

/// Values by name; Go's nil, where there are none.
fn named<T>(items: &BTreeMap<String, T>, value: impl Fn(&T) -> Value) -> Value {
    if items.is_empty() {
        return Value::Null;
    }
    let items = items.iter().map(|(name, item)| (name.clone(), value(item)));
    Value::Map(items.collect())
}

fn config(config: &Config) -> Value {
    match config {
        Config::Cli(cli) => map([
            ("IgnoreFlags", Value::Bool(cli.ignore_flags)),
            ("LongHelp", text(&cli.long_help)),
            ("ShortHelp", text(&cli.short_help)),
            ("Usage", text(&cli.usage)),
        ]),
        Config::Getter(getter) => map([("Protocols", texts(&getter.protocols))]),
        Config::PostRenderer | Config::Test => map([]),
    }
}

fn runtime(runtime: &Runtime) -> Value {
    match runtime {
        Runtime::Subprocess(subprocess) => subprocess_config(subprocess),
        Runtime::Extism(extism) => extism_config(extism),
    }
}

fn subprocess_config(config: &Subprocess) -> Value {
    map([
        ("PlatformCommand", commands(&config.platform_command)),
        (
            "PlatformHooks",
            named(&config.platform_hooks, |hook| commands(hook)),
        ),
        (
            "ProtocolCommands",
            list(&config.protocol_commands, protocol_command),
        ),
    ])
}

fn protocol_command(command: &ProtocolCommand) -> Value {
    map([
        ("PlatformCommand", commands(&command.platform_command)),
        ("Protocols", texts(&command.protocols)),
    ])
}

fn commands(commands: &[PlatformCommand]) -> Value {
    list(commands, |command| {
        map([
            ("Architecture", text(&command.arch)),
            ("Args", texts(&command.args)),
            ("Command", text(&command.command)),
            ("OperatingSystem", text(&command.os)),
        ])
    })
}

fn extism_config(config: &Extism) -> Value {
    let memory = map([
        (
            "MaxHTTPResponseBytes",
            Value::Integer(config.memory.max_http_response_bytes),
        ),
        ("MaxPages", Value::Integer(config.memory.max_pages.into())),
        ("MaxVarBytes", Value::Integer(config.memory.max_var_bytes)),
    ]);
    let has_folder = Value::Bool(config.file_system.create_temp_dir);
    map([
        ("AllowedHosts", texts(&config.allowed_hosts)),
        ("Config", named(&config.config, |value| text(value))),
        ("EntryFuncName", text(&config.entry_func_name)),
        ("FileSystem", map([("CreateTempDir", has_folder)])),
        ("HostFunctions", texts(&config.host_functions)),
        ("Memory", memory),
        ("Timeout", Value::Integer(config.timeout)),
    ])
}
