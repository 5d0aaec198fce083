//! How a plugin is run: the `runtimeConfig` of `plugin.yaml`.

use std::collections::BTreeMap;

use super::quoted;
use crate::yaml::fields::{self, Filler, Unknown};
use crate::yaml::{Map, Node, ParseError, Value, to_yaml_pretty};

/// How a plugin is run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Runtime {
    /// As a process.
    Subprocess(Subprocess),
    /// As WebAssembly.
    Extism(Extism),
}

/// The commands of a plugin that runs as a process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subprocess {
    /// Its command, by platform.
    pub platform_command: Vec<PlatformCommand>,
    /// What is run when it was installed, updated or removed, by the name of the moment.
    pub platform_hooks: BTreeMap<String, Vec<PlatformCommand>>,
    /// What fetches the URLs of a scheme.
    pub protocol_commands: Vec<ProtocolCommand>,
    /// Whether variables are filled in in what hooks are given, which shells do for the older form.
    pub expand_hook_args: bool,
}

/// A command for an operating system and an architecture, any where none is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformCommand {
    /// The operating system, as Go calls it.
    pub os: String,
    /// The architecture, as Go calls it.
    pub arch: String,
    /// The program, and words for it after blanks.
    pub command: String,
    /// More words for it.
    pub args: Vec<String>,
}

/// What fetches the URLs of some schemes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProtocolCommand {
    /// The schemes.
    pub protocols: Vec<String>,
    /// The command, by platform.
    pub platform_command: Vec<PlatformCommand>,
}

/// What a plugin in WebAssembly may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extism {
    /// How much it may hold.
    pub memory: ExtismMemory,
    /// What it is told.
    pub config: BTreeMap<String, String>,
    /// The hosts it may talk to.
    pub allowed_hosts: Vec<String>,
    /// What it sees of the file system.
    pub file_system: ExtismFileSystem,
    /// For how many milliseconds it may run.
    pub timeout: i64,
    /// The functions it asks for.
    pub host_functions: Vec<String>,
    /// The function that is called.
    pub entry_func_name: String,
}

/// How much a plugin in WebAssembly may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtismMemory {
    /// Pages of 64 KiB.
    pub max_pages: u32,
    /// Bytes of an HTTP response.
    pub max_http_response_bytes: i64,
    /// Bytes of variables.
    pub max_var_bytes: i64,
}

/// What a plugin in WebAssembly sees of the file system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtismFileSystem {
    /// Whether it has a folder of its own while it runs.
    pub create_temp_dir: bool,
}

/// Why a `runtimeConfig` is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RuntimeError {
    /// No runtime has that name.
    #[error("unsupported plugin runtime type: {}", quoted(.0))]
    Unknown(String),
    /// The runtime takes something else.
    #[error("failed to unmarshal runtimeConfig for {runtime} runtime")]
    Text {
        runtime: String,
        #[source]
        source: ParseError,
    },
}

impl Runtime {
    /// Reads the `runtimeConfig` of a runtime.
    // Parity: Helm, internal/plugin/metadata.go, convertMetadataRuntimeConfig: unknown fields are passed over.
    pub(super) fn read(runtime: &str, entries: Map) -> Result<Self, RuntimeError> {
        let read = match runtime {
            "subprocess" => {
                reread(entries, Unknown::Ignored, Subprocess::fill).map(Self::Subprocess)
            }
            "extism/v1" => reread(entries, Unknown::Ignored, Extism::fill).map(Self::Extism),
            other => return Err(RuntimeError::Unknown(other.to_owned())),
        };
        read.map_err(|source| RuntimeError::Text {
            runtime: runtime.to_owned(),
            source,
        })
    }
}

/// Writes entries and reads them again into what they are for.
pub(super) fn reread<T: Default>(
    entries: Map,
    unknown: Unknown,
    take: impl FnOnce(&mut Filler<'_>, usize) -> T,
) -> Result<T, ParseError> {
    let text = to_yaml_pretty(&Node::Value(Value::Map(entries)));
    Ok(fields::fill(text.as_bytes(), unknown, take)?.unwrap_or_default())
}

impl Subprocess {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut config = Self::default();
        let go_type = "plugin.RuntimeConfigSubprocess";
        filler.structure(id, go_type, &mut |filler, name, value| {
            match name {
                "platformCommand" => config.platform_command = PlatformCommand::list(filler, value),
                "platformHooks" => config.platform_hooks = PlatformCommand::hooks(filler, value),
                "protocolCommands" => {
                    let go_type = "[]plugin.SubprocessProtocolCommand";
                    config.protocol_commands = filler.list(value, go_type, ProtocolCommand::fill);
                }
                _ => return false,
            }
            true
        });
        config
    }
}

impl PlatformCommand {
    pub(super) fn list(filler: &mut Filler<'_>, id: usize) -> Vec<Self> {
        filler.list(id, "[]plugin.PlatformCommand", Self::fill)
    }

    pub(super) fn hooks(filler: &mut Filler<'_>, id: usize) -> BTreeMap<String, Vec<Self>> {
        filler.map(id, "plugin.PlatformHooks", Self::list)
    }

    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut command = Self::default();
        filler.structure(id, "plugin.PlatformCommand", &mut |filler, name, value| {
            match name {
                "os" => filler.text(value, &mut command.os),
                "arch" => filler.text(value, &mut command.arch),
                "command" => filler.text(value, &mut command.command),
                "args" => command.args = filler.texts(value),
                _ => return false,
            }
            true
        });
        command
    }
}

impl ProtocolCommand {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut command = Self::default();
        let go_type = "plugin.SubprocessProtocolCommand";
        filler.structure(id, go_type, &mut |filler, name, value| {
            match name {
                "protocols" => command.protocols = filler.texts(value),
                "platformCommand" => {
                    command.platform_command = PlatformCommand::list(filler, value);
                }
                _ => return false,
            }
            true
        });
        command
    }
}

impl Extism {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut config = Self::default();
        let go_type = "plugin.RuntimeConfigExtismV1";
        filler.structure(id, go_type, &mut |filler, name, value| {
            match name {
                "memory" => config.memory = ExtismMemory::fill(filler, value),
                "config" => {
                    config.config = filler.map(value, "map[string]string", |filler, id| {
                        let mut text = String::new();
                        filler.text(id, &mut text);
                        text
                    });
                }
                "allowedHosts" => config.allowed_hosts = filler.texts(value),
                "fileSystem" => config.file_system = ExtismFileSystem::fill(filler, value),
                "timeout" => filler.whole(value, "uint64", &mut config.timeout),
                "hostFunctions" => config.host_functions = filler.texts(value),
                "entryFuncName" => filler.text(value, &mut config.entry_func_name),
                _ => return false,
            }
            true
        });
        config
    }
}

impl ExtismMemory {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut memory = Self::default();
        let go_type = "plugin.RuntimeConfigExtismV1Memory";
        filler.structure(id, go_type, &mut |filler, name, value| {
            match name {
                "maxPages" => filler.whole(value, "uint32", &mut memory.max_pages),
                "maxHttpResponseBytes" => {
                    filler.whole(value, "int64", &mut memory.max_http_response_bytes);
                }
                "maxVarBytes" => filler.whole(value, "int64", &mut memory.max_var_bytes),
                _ => return false,
            }
            true
        });
        memory
    }
}

impl ExtismFileSystem {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut file_system = Self::default();
        let go_type = "plugin.RuntimeConfigExtismV1FileSystem";
        filler.structure(id, go_type, &mut |filler, name, value| {
            match name {
                "createTempDir" => filler.truth(value, &mut file_system.create_temp_dir),
                _ => return false,
            }
            true
        });
        file_system
    }
}
