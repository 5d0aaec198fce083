//! `--output`.

use clap::Args;

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    /// Text for people.
    #[default]
    Table,
    /// JSON on one line.
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// Every format with the sentence shell completion shows.
    pub(crate) const ALL: [(&str, &str); 3] = [
        ("json", "Output result in JSON format"),
        ("table", "Output result in human-readable format"),
        ("yaml", "Output result in YAML format"),
    ];

    /// What it is called in errors.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        }
    }
}

/// The text names no format.
#[derive(Debug, thiserror::Error)]
#[error("invalid format type")]
pub(crate) struct FormatError;

impl std::str::FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        match text {
            "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            _ => Err(FormatError),
        }
    }
}

/// The flag of commands that print one result.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output Flags")]
pub(crate) struct OutputFlag {
    /// how to print the result: table, json or yaml
    #[arg(
        long = "output",
        short = 'o',
        value_name = "format",
        default_value = "table"
    )]
    pub(crate) format: Format,
}
