//! Hooks: manifests that run at moments of a release's life instead of being part of it.

use serde::{Deserialize, Serialize};

use super::word::words;
use super::{is_zero, null_as_default, time_or_empty};
use crate::time::Time;

/// The annotation that makes a manifest a hook; it lists the events.
pub const HOOK_ANNOTATION: &str = "helm.sh/hook";
/// The annotation that orders the hooks of one event.
pub const HOOK_WEIGHT_ANNOTATION: &str = "helm.sh/hook-weight";
/// The annotation that says when a hook's object is deleted.
pub const HOOK_DELETE_ANNOTATION: &str = "helm.sh/hook-delete-policy";
/// The annotation that says when a hook's logs are shown.
pub const HOOK_OUTPUT_LOG_ANNOTATION: &str = "helm.sh/hook-output-log-policy";

words! {
    /// A moment in a release's life at which hooks run.
    HookEvent {
        /// Before anything of an install is created.
        PreInstall = "pre-install",
        /// After everything of an install is created.
        PostInstall = "post-install",
        /// Before anything is deleted.
        PreDelete = "pre-delete",
        /// After everything is deleted.
        PostDelete = "post-delete",
        /// Before anything is changed by an upgrade.
        PreUpgrade = "pre-upgrade",
        /// After everything is changed by an upgrade.
        PostUpgrade = "post-upgrade",
        /// Before anything is changed by a rollback.
        PreRollback = "pre-rollback",
        /// After everything is changed by a rollback.
        PostRollback = "post-rollback",
        /// When the release is tested.
        Test = "test",
    }
}

words! {
    /// When a hook's object is deleted.
    HookDeletePolicy {
        /// As soon as the hook succeeded.
        HookSucceeded = "hook-succeeded",
        /// As soon as the hook failed.
        HookFailed = "hook-failed",
        /// Just before the hook runs again; the default.
        BeforeHookCreation = "before-hook-creation",
    }
}

words! {
    /// When the logs of a hook's pods are shown.
    HookOutputLogPolicy {
        /// As soon as the hook succeeded.
        HookSucceeded = "hook-succeeded",
        /// As soon as the hook failed.
        HookFailed = "hook-failed",
    }
}

words! {
    /// How far the last run of a hook came.
    HookPhase {
        /// It has not run yet.
        NotRun = "",
        /// Nobody can tell.
        Unknown = "Unknown",
        /// It is running.
        Running = "Running",
        /// It ran and succeeded.
        Succeeded = "Succeeded",
        /// It ran and failed.
        Failed = "Failed",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the macro that makes the enum leaves no room for #[default]"
)]
impl Default for HookPhase {
    fn default() -> Self {
        Self::NotRun
    }
}

/// The last run of a hook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HookExecution {
    /// When it began.
    #[serde(
        default,
        deserialize_with = "time_or_empty",
        skip_serializing_if = "Time::is_zero"
    )]
    pub started_at: Time,
    /// When it ended.
    #[serde(
        default,
        deserialize_with = "time_or_empty",
        skip_serializing_if = "Time::is_zero"
    )]
    pub completed_at: Time,
    /// How it ended.
    #[serde(default)]
    pub phase: HookPhase,
}

/// A manifest that runs at the events it names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "v1.Hook")]
pub struct Hook {
    /// The object's name.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub name: String,
    /// The object's kind.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub kind: String,
    /// The template the hook came from.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub path: String,
    /// The YAML document.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub manifest: String,
    /// The events at which it runs.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub events: Vec<HookEvent>,
    /// Its last run.
    #[serde(default, deserialize_with = "null_as_default")]
    pub last_run: HookExecution,
    /// Where it stands among the hooks of one event: lighter ones run first.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_zero"
    )]
    pub weight: i64,
    /// When its object is deleted.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub delete_policies: Vec<HookDeletePolicy>,
    /// When its logs are shown.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub output_log_policies: Vec<HookOutputLogPolicy>,
}

impl Hook {
    /// Whether it runs at `event`.
    pub fn runs_at(&self, event: &HookEvent) -> bool {
        self.events.contains(event)
    }

    /// Whether its object is deleted at the moment `policy` names.
    pub fn deletes(&self, policy: &HookDeletePolicy) -> bool {
        self.delete_policies.contains(policy)
    }

    /// Whether its logs are shown at the moment `policy` names.
    pub fn logs(&self, policy: &HookOutputLogPolicy) -> bool {
        self.output_log_policies.contains(policy)
    }
}

/// The hooks of an event in the order in which they run: by weight, then by name.
// Parity: Helm, pkg/action/hooks.go, execHook: a hook that names an event twice runs twice.
pub fn in_order(hooks: &[Hook], event: &HookEvent) -> Vec<usize> {
    let mut order: Vec<_> = hooks
        .iter()
        .enumerate()
        .flat_map(|(index, hook)| {
            hook.events
                .iter()
                .filter(|other| *other == event)
                .map(move |_| index)
        })
        .collect();
    order.sort_by(|a, b| {
        (hooks[*a].weight, &hooks[*a].name).cmp(&(hooks[*b].weight, &hooks[*b].name))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(name: &str, weight: i64, events: &[HookEvent]) -> Hook {
        Hook {
            name: name.to_owned(),
            weight,
            events: events.to_vec(),
            ..Hook::default()
        }
    }

    #[test]
    fn hooks_run_by_weight_and_then_by_name() {
        use HookEvent::{PostInstall, PreInstall};
        let hooks = [
            hook("b", 1, &[PreInstall]),
            hook("z", -1, &[PreInstall]),
            hook("a", 1, &[PreInstall, PreInstall]),
            hook("c", 0, &[PostInstall]),
        ];
        assert_eq!(in_order(&hooks, &PreInstall), [1, 2, 2, 0]);
    }

    #[test]
    fn a_word_nobody_knows_is_kept() {
        let hook: Hook =
            serde_json::from_str(r#"{"events": ["crd-install"], "delete_policies": null}"#)
                .unwrap();
        assert_eq!(hook.events, [HookEvent::Other("crd-install".to_owned())]);
        let text = serde_json::to_string(&hook).unwrap();
        assert_eq!(
            text,
            r#"{"events":["crd-install"],"last_run":{"phase":""}}"#
        );
    }
}
