//! A release: a chart that was rendered for a name and a namespace, and what became of it.
//!
//! The types here are what a record of a release holds, field for field and in the record's order.

pub mod build;
pub mod hook;
pub mod post_render;
pub mod record;
pub mod summary;
pub mod text;
mod word;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

pub use hook::{Hook, HookDeletePolicy, HookEvent, HookExecution, HookOutputLogPolicy, HookPhase};

use crate::chart::Chart;
use crate::chart::metadata::field;
use crate::time::Time;
use crate::yaml;
use word::words;

words! {
    /// The state a release is in.
    Status {
        /// Nobody can tell.
        Unknown = "unknown",
        /// It has been pushed to the cluster.
        Deployed = "deployed",
        /// It has been removed from the cluster, its history kept.
        Uninstalled = "uninstalled",
        /// A newer revision took its place.
        Superseded = "superseded",
        /// The last operation on it failed.
        Failed = "failed",
        /// It is being removed.
        Uninstalling = "uninstalling",
        /// It is being installed.
        PendingInstall = "pending-install",
        /// It is being upgraded.
        PendingUpgrade = "pending-upgrade",
        /// It is being rolled back.
        PendingRollback = "pending-rollback",
    }
}

impl Status {
    /// Whether an operation on the release is under way, or was and broke off.
    pub fn is_pending(&self) -> bool {
        matches!(
            self,
            Self::PendingInstall | Self::PendingUpgrade | Self::PendingRollback
        )
    }
}

impl Default for Status {
    /// A record without a status; written as nothing at all.
    fn default() -> Self {
        Self::Other(String::new())
    }
}

/// How a release's objects were sent to the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApplyMethod {
    /// The client computes the change.
    ClientSide,
    /// The server merges the whole object; what new releases do unless told otherwise.
    #[default]
    ServerSide,
}

impl ApplyMethod {
    /// The word as records hold it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSide => "csa",
            Self::ServerSide => "ssa",
        }
    }
}

/// What happened to a release, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Info {
    /// When its first revision was deployed.
    #[serde(
        default,
        deserialize_with = "time_or_empty",
        skip_serializing_if = "Time::is_zero"
    )]
    pub first_deployed: Time,
    /// When this revision was deployed.
    #[serde(
        default,
        deserialize_with = "time_or_empty",
        skip_serializing_if = "Time::is_zero"
    )]
    pub last_deployed: Time,
    /// When it was deleted.
    #[serde(
        default,
        deserialize_with = "time_or_empty",
        skip_serializing_if = "Time::is_zero"
    )]
    pub deleted: Time,
    /// A sentence on the last operation, for people.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub description: String,
    /// The state it is in.
    #[serde(default, skip_serializing_if = "is_empty_status")]
    pub status: Status,
    /// The revision this one restores; 0 when it is no rollback.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_zero"
    )]
    pub rollback_revision: i64,
    /// The rendered NOTES.txt.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub notes: String,
    /// The live objects by `version/Kind`: only ever filled for display, never stored.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub resources: BTreeMap<String, Vec<yaml::Value>>,
}

/// One revision of a release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "v1.Release")]
pub struct Release {
    /// Its name.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub name: String,
    /// What happened to it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub info: Info,
    /// The chart that was rendered; absent only from foreign records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
    /// The values the user gave over the chart's own; a record without any does not tell none from an empty map, and is
    /// read as none.
    #[serde(default, skip_serializing_if = "has_no_entries")]
    pub config: Option<yaml::Map>,
    /// The rendered documents, hooks left out.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub manifest: String,
    /// The hooks.
    #[serde(
        default,
        deserialize_with = "hooks_or_none",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub hooks: Vec<Hook>,
    /// Its number, from 1; records call it the version.
    #[serde(
        rename = "version",
        default,
        deserialize_with = "field::integer",
        skip_serializing_if = "is_zero"
    )]
    pub revision: i64,
    /// The namespace it lives in.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub namespace: String,
    /// The labels of its record, which are kept beside the record and not in it.
    #[serde(skip)]
    pub labels: BTreeMap<String, String>,
    /// How its objects were sent: `ssa`, `csa`, or empty in records from before that was noted.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub apply_method: String,
}

/// Releases as the files of the memory driver list them; those that are null count for nothing.
#[derive(Debug)]
pub struct ReleaseList(pub Vec<Release>);

impl<'de> Deserialize<'de> for ReleaseList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let releases = field::list(deserializer, "[]*v1.Release")?;
        Ok(Self(releases.into_iter().flatten().collect()))
    }
}

impl Release {
    /// Notes a new state and the sentence that goes with it.
    pub fn set_status(&mut self, status: Status, description: impl Into<String>) {
        self.info.status = status;
        self.info.description = description.into();
    }

    /// The values the user gave over the chart's own, if any.
    pub fn user_values(&self) -> &yaml::Map {
        static NONE: yaml::Map = yaml::Map::new();
        self.config.as_ref().unwrap_or(&NONE)
    }

    /// How its objects were sent; a record that does not say was sent by the client.
    pub fn applied_by(&self) -> ApplyMethod {
        match self.apply_method.as_str() {
            "ssa" => ApplyMethod::ServerSide,
            _ => ApplyMethod::ClientSide,
        }
    }
}

fn is_empty_status(status: &Status) -> bool {
    status.as_str().is_empty()
}

#[expect(clippy::ref_option, reason = "serde passes a reference")]
fn has_no_entries(config: &Option<yaml::Map>) -> bool {
    config.as_ref().is_none_or(yaml::Map::is_empty)
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Go reads `null` into anything as "leave it as it is".
fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The hooks, of which Go has pointers.
fn hooks_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Hook>, D::Error> {
    let hooks = field::list(deserializer, "[]*v1.Hook")?;
    Ok(hooks.into_iter().map(Option::unwrap_or_default).collect())
}

/// A time; records of old hold `""` for "never".
fn time_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None | Some("") => Ok(Time::ZERO),
        Some(text) => text.parse().map_err(serde::de::Error::custom),
    }
}
