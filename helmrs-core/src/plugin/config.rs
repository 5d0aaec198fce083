//! What a plugin of a type says of itself: the `config` of `plugin.yaml`.

use super::quoted;
use super::runtime::reread;
use super::{CLI, GETTER, POST_RENDERER};
use crate::yaml::fields::{Filler, Unknown};
use crate::yaml::{Map, ParseError};

/// What a plugin of its type says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Config {
    /// A command.
    Cli(CliConfig),
    /// Fetches URLs.
    Getter(GetterConfig),
    /// Changes what was rendered.
    PostRenderer,
    /// For tests of plugins.
    Test,
}

/// A command, as help shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CliConfig {
    /// The usage line, without the program's name.
    pub usage: String,
    /// One line about it.
    pub short_help: String,
    /// More about it.
    pub long_help: String,
    /// Whether it is run without the words after its name.
    pub ignore_flags: bool,
}

/// What a getter fetches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GetterConfig {
    /// The schemes of the URLs.
    pub protocols: Vec<String>,
}

/// No plugin has that type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown plugin type {}", quoted(.0))]
pub struct UnknownType(pub String);

/// Why a `config` is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ConfigError {
    #[error(transparent)]
    Type(#[from] UnknownType),
    #[error(transparent)]
    Text(#[from] ParseError),
}

impl Config {
    /// Reads the `config` of a plugin type.
    // Parity: Helm, internal/plugin/config.go, unmarshalConfig: what was read is written and read again, so that lines are
    // those of the second text.
    pub(super) fn read(kind: &str, entries: Map) -> Result<Self, ConfigError> {
        match kind {
            CLI => Ok(Self::Cli(reread(
                entries,
                Unknown::Refused,
                CliConfig::fill,
            )?)),
            GETTER => {
                let getter = reread(entries, Unknown::Refused, GetterConfig::fill)?;
                Ok(Self::Getter(getter))
            }
            POST_RENDERER => {
                reread(entries, Unknown::Refused, |filler, id| {
                    filler.structure(id, "schema.ConfigPostRendererV1", &mut |_, _, _| false);
                })?;
                Ok(Self::PostRenderer)
            }
            "test/v1" => {
                reread(entries, Unknown::Refused, |filler, id| {
                    filler.structure(id, "schema.ConfigTestV1", &mut |_, _, _| false);
                })?;
                Ok(Self::Test)
            }
            other => Err(UnknownType(other.to_owned()).into()),
        }
    }

    /// What is wrong with it, if anything is.
    // Parity: Helm, internal/plugin/schema/getter.go, Validate.
    pub(super) fn problem(&self) -> Option<String> {
        let Self::Getter(getter) = self else {
            return None;
        };
        if getter.protocols.is_empty() {
            return Some("getter has no protocols".to_owned());
        }
        let empty = getter.protocols.iter().position(String::is_empty)?;
        Some(format!("getter has empty protocol at index {empty}"))
    }
}

impl CliConfig {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut config = Self::default();
        filler.structure(id, "schema.ConfigCLIV1", &mut |filler, name, value| {
            match name {
                "usage" => filler.text(value, &mut config.usage),
                "shortHelp" => filler.text(value, &mut config.short_help),
                "longHelp" => filler.text(value, &mut config.long_help),
                "ignoreFlags" => filler.truth(value, &mut config.ignore_flags),
                _ => return false,
            }
            true
        });
        config
    }
}

impl GetterConfig {
    fn fill(filler: &mut Filler<'_>, id: usize) -> Self {
        let mut config = Self::default();
        filler.structure(id, "schema.ConfigGetterV1", &mut |filler, name, value| {
            match name {
                "protocols" => config.protocols = filler.texts(value),
                _ => return false,
            }
            true
        });
        config
    }
}
