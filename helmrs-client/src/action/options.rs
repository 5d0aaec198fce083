//! Choices several actions share.

pub use helmrs_core::engine::Budget;
pub use helmrs_core::release::ApplyMethod;

use crate::cluster::build::Validation;
pub use crate::cluster::wait::{Strategy as WaitStrategy, Waiting};
use crate::download::SchemaReach;
use crate::plugin::PostRenderer;

/// Whether an action really changes anything, and whom it may ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    /// Everything is done.
    #[default]
    None,
    /// Nothing is done and no API server is asked.
    Client,
    /// Nothing is done, but the API server is asked what is there.
    Server,
}

impl DryRun {
    /// Whether nothing is to be changed.
    pub fn is_dry(self) -> bool {
        self != Self::None
    }

    /// Whether the API server may be asked.
    pub fn asks_server(self) -> bool {
        self != Self::Client
    }
}

/// Who works out what a write changes, where an earlier revision has a say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ServerSide {
    /// Whoever did it for the earlier revision.
    #[default]
    Auto,
    /// The server.
    Always,
    /// This program.
    Never,
    /// A word nobody knows, refused once the release is at hand.
    Unknown(String),
}

impl ServerSide {
    /// The flag's word for the choice.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::Always => "true",
            Self::Never => "false",
            Self::Unknown(word) => word,
        }
    }

    /// The choice named by the flag's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "auto" => Self::Auto,
            "true" => Self::Always,
            "false" => Self::Never,
            other => Self::Unknown(other.to_string()),
        }
    }
}

/// What to do where an object resists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Force {
    /// The action fails.
    #[default]
    No,
    /// Fields owned by others are taken over.
    Conflicts,
    /// Objects are replaced rather than patched.
    Replace,
}

/// Whether hooks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hooks {
    /// Hooks run.
    #[default]
    Run,
    /// Hooks are left out.
    Skip,
}

/// How templates become manifests.
#[derive(Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command, independent of the others"
)]
pub struct Rendering {
    /// Whether the notes of subcharts are shown, too.
    pub sub_notes: bool,
    /// Whether values may be what the chart's schema forbids.
    pub skip_schema_validation: bool,
    /// What the chart's schemas may refer to.
    pub schema_reach: SchemaReach,
    /// Whether objects are not checked before they are sent.
    pub disable_openapi_validation: bool,
    /// Whether templates may resolve hosts.
    pub enable_dns: bool,
    /// Whether Secrets are left out of what is shown; for dry runs only.
    pub hide_secrets: bool,
    /// Whether the chart's definitions are part of the manifest.
    pub include_crds: bool,
    /// What the templates may cost; the command line gives them whatever it takes.
    pub budget: Budget,
    /// What has the last word about what was rendered.
    pub post_renderer: Option<PostRenderer>,
}

impl Rendering {
    pub(super) fn validation(&self) -> Validation {
        if self.disable_openapi_validation {
            Validation::Off
        } else {
            Validation::Strict
        }
    }
}
