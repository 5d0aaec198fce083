//! The form of `plugin.yaml` that Helm 3 had, which says no `apiVersion`.

use std::collections::BTreeMap;

use super::config::{CliConfig, Config, GetterConfig};
use super::metadata::{Metadata, MetadataError, TextError, name_problem, version_problem};
use super::runtime::{PlatformCommand, ProtocolCommand, Runtime, Subprocess};
use super::{CLI, GETTER};
use crate::chart::metadata::sanitize;
use crate::yaml::fields::{self, Filler, Unknown};

/// A `plugin.yaml` as it stands.
// Parity: Helm, internal/plugin/metadata_legacy.go, MetadataLegacy.
#[derive(Debug, Default)]
pub(super) struct MetadataLegacy {
    name: String,
    version: String,
    usage: String,
    description: String,
    platform_command: Vec<PlatformCommand>,
    command: String,
    ignore_flags: bool,
    platform_hooks: BTreeMap<String, Vec<PlatformCommand>>,
    hooks: BTreeMap<String, String>,
    downloaders: Vec<Downloader>,
}

/// What fetches the URLs of some schemes.
#[derive(Debug, Default)]
struct Downloader {
    protocols: Vec<String>,
    command: String,
}

impl MetadataLegacy {
    /// Unknown fields are passed over, as there are plugins that have some.
    pub(super) fn read(text: &[u8]) -> Result<Self, MetadataError> {
        let read = fields::fill(text, Unknown::Ignored, Self::fill).map_err(TextError::Parse)?;
        let mut metadata = read.ok_or(TextError::Empty)?;
        if let Some(problem) = metadata.problem() {
            return Err(MetadataError::Invalid(problem));
        }
        sanitize(&mut metadata.usage);
        Ok(metadata)
    }

    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut metadata = Self::default();
        filler.structure(id, "plugin.MetadataLegacy", &mut |filler, name, value| {
            match name {
                "name" => filler.text(value, &mut metadata.name),
                "version" => filler.text(value, &mut metadata.version),
                "usage" => filler.text(value, &mut metadata.usage),
                "description" => filler.text(value, &mut metadata.description),
                "platformCommand" => {
                    metadata.platform_command = PlatformCommand::list(filler, value);
                }
                "command" => filler.text(value, &mut metadata.command),
                "ignoreFlags" => filler.truth(value, &mut metadata.ignore_flags),
                "platformHooks" => metadata.platform_hooks = PlatformCommand::hooks(filler, value),
                "hooks" => {
                    metadata.hooks = filler.map(value, "plugin.Hooks", |filler, id| {
                        let mut text = String::new();
                        filler.text(id, &mut text);
                        text
                    });
                }
                "downloaders" => {
                    metadata.downloaders =
                        filler.list(value, "[]plugin.Downloaders", Downloader::fill);
                }
                _ => return false,
            }
            true
        });
        metadata
    }

    // Parity: Helm, internal/plugin/metadata_legacy.go, Validate: the order of the checks.
    fn problem(&self) -> Option<String> {
        if let Some(problem) = name_problem(&self.name).or_else(|| version_problem(&self.version)) {
            return Some(problem);
        }
        if !self.platform_command.is_empty() && !self.command.is_empty() {
            return Some("both platformCommand and command are set".to_owned());
        }
        if !self.platform_hooks.is_empty() && !self.hooks.is_empty() {
            return Some("both platformHooks and hooks are set".to_owned());
        }
        let mut downloaders = self.downloaders.iter().enumerate();
        downloaders.find_map(|(place, downloader)| {
            let problem = downloader.problem()?;
            Some(format!("downloader {place} has {problem}"))
        })
    }

    // Parity: Helm, internal/plugin/metadata.go, fromMetadataLegacy.
    pub(super) fn into_metadata(self) -> Metadata {
        let (kind, config) = if self.downloaders.is_empty() {
            let config = CliConfig {
                usage: String::new(),
                short_help: self.usage,
                long_help: self.description,
                ignore_flags: self.ignore_flags,
            };
            (CLI, Config::Cli(config))
        } else {
            let protocols = self.downloaders.iter();
            let protocols = protocols.flat_map(|it| it.protocols.iter().cloned());
            let config = GetterConfig {
                protocols: protocols.collect(),
            };
            (GETTER, Config::Getter(config))
        };
        let mut platform_command = self.platform_command;
        if platform_command.is_empty() && !self.command.is_empty() {
            platform_command.push(plain(self.command));
        }
        let expand_hook_args = self.hooks.is_empty() || !self.platform_hooks.is_empty();
        let mut platform_hooks = self.platform_hooks;
        if platform_hooks.is_empty() {
            let hooks = self.hooks.into_iter();
            platform_hooks = hooks
                .map(|(moment, line)| (moment, vec![of_shell(line)]))
                .collect();
        }
        let downloaders = self.downloaders.into_iter();
        let runtime = Subprocess {
            platform_command,
            platform_hooks,
            protocol_commands: downloaders.map(Downloader::into_command).collect(),
            expand_hook_args,
        };
        Metadata {
            api_version: "legacy".to_owned(),
            name: self.name,
            kind: kind.to_owned(),
            runtime: "subprocess".to_owned(),
            version: self.version,
            source_url: String::new(),
            config,
            runtime_config: Runtime::Subprocess(runtime),
        }
    }
}

impl Downloader {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut downloader = Self::default();
        filler.structure(id, "plugin.Downloaders", &mut |filler, name, value| {
            match name {
                "protocols" => downloader.protocols = filler.texts(value),
                "command" => filler.text(value, &mut downloader.command),
                _ => return false,
            }
            true
        });
        downloader
    }

    fn problem(&self) -> Option<String> {
        if self.command.is_empty() {
            return Some("empty command".to_owned());
        }
        if self.protocols.is_empty() {
            return Some("no protocols".to_owned());
        }
        let empty = self.protocols.iter().position(String::is_empty)?;
        Some(format!("empty protocol at index {empty}"))
    }

    fn into_command(self) -> ProtocolCommand {
        ProtocolCommand {
            protocols: self.protocols,
            platform_command: vec![plain(self.command)],
        }
    }
}

/// A command for any platform.
fn plain(command: String) -> PlatformCommand {
    PlatformCommand {
        command,
        ..PlatformCommand::default()
    }
}

/// A line for a shell.
fn of_shell(line: String) -> PlatformCommand {
    PlatformCommand {
        command: "sh".to_owned(),
        args: vec!["-c".to_owned(), line],
        ..PlatformCommand::default()
    }
}
