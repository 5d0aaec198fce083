//! What is told of each write, for those who look closely.
// Parity: Helm, pkg/kube/client.go: the texts and keys of its debug lines.

use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::{Change, Creation, ResourceError};

/// How strictly the server checks fields, as it is told of.
const STRICTNESS: (&str, &str) = ("fieldValidationDirective", "Strict");

impl Cluster {
    pub(super) fn tell_creation_of(&self, resources: &[Resource], creation: Creation) {
        let count = resources.len().to_string();
        self.step("creating resource(s)", [("resources", &count)]);
        self.tell_way_of_creation(creation);
    }

    fn tell_way_of_creation(&self, creation: Creation) {
        match creation {
            Creation::ServerSide { force } => self.step(
                "using server-side apply for resource creation",
                [
                    ("forceConflicts", &force.to_string()),
                    ("dryRun", "false"),
                    STRICTNESS,
                ],
            ),
            Creation::ClientSide => {
                self.step("using client-side apply for resource creation", []);
            }
        }
    }

    pub(super) fn tell_change_of(&self, targets: &[Resource], change: Change) {
        self.tell_way_of_creation(change.creation());
        match change {
            Change::Replace => self.step("using resource replace update strategy", [STRICTNESS]),
            Change::ServerSide {
                force,
                adopt_fields,
            } => self.step(
                "using server-side apply for resource update",
                [
                    ("forceConflicts", &force.to_string()),
                    ("dryRun", "false"),
                    STRICTNESS,
                    ("upgradeClientSideFieldManager", &adopt_fields.to_string()),
                ],
            ),
            Change::ClientSide { three_way_always } => self.step(
                "using client-side apply for resource update",
                [(
                    "threeWayMergeForUnstructured",
                    &three_way_always.to_string(),
                )],
            ),
        }
        let count = targets.len().to_string();
        self.step("checking resources for changes", [("resources", &count)]);
    }

    pub(super) fn tell_creation(&self, resource: &Resource, created: &Result<(), ResourceError>) {
        match created {
            Ok(()) => self.tell_write("Created resource via patch", resource, None),
            Err(error) => {
                self.tell_write("Error creating resource via patch", resource, Some(error));
            }
        }
    }

    pub(super) fn tell_patch(&self, resource: &Resource, patched: &Result<(), ResourceError>) {
        match patched {
            Ok(()) => self.tell_write("Patched resource", resource, None),
            Err(error) => self.tell_write("Error patching resource", resource, Some(error)),
        }
    }

    pub(super) fn tell_adoption(&self, resource: &Resource, adopted: &Result<bool, ResourceError>) {
        match adopted {
            Ok(true) => self.tell_write(
                "Upgraded object client-side field management with server-side apply field management",
                resource,
                None,
            ),
            Ok(false) => {}
            Err(error) => self.step(
                "Error patching resource to replace CSA field management",
                [("error", &crate::error::chain(error))],
            ),
        }
    }

    pub(super) fn tell_replacement(
        &self,
        original: &Resource,
        target: &Resource,
        replaced: &Result<(), ResourceError>,
    ) {
        match replaced {
            Ok(()) => self.step(
                "replace succeeded",
                [
                    ("name", &original.name),
                    ("initialKind", original.kind()),
                    ("kind", target.kind()),
                ],
            ),
            Err(error) => self.tell_write("error replacing the resource", target, Some(error)),
        }
    }

    pub(super) fn tell_kept(&self, resource: &Resource) {
        let [namespace, name, kind] = resource.attributes();
        let annotation = ("annotation", "helm.sh/resource-policy");
        self.step(
            "skipping delete due to annotation",
            [namespace, name, kind, annotation, ("value", "keep")],
        );
    }

    pub(in super::super) fn tell_failure(
        &self,
        text: &'static str,
        resource: &Resource,
        error: &ApiError,
    ) {
        let [namespace, name, kind] = resource.attributes();
        self.step(text, [namespace, name, kind, ("error", &error.to_string())]);
    }

    fn tell_write(&self, text: &'static str, resource: &Resource, error: Option<&ResourceError>) {
        let [namespace, name, _] = resource.attributes();
        let kind = resource.mapping.kind.to_string();
        match error {
            None => self.step(text, [namespace, name, ("gvk", &kind)]),
            Some(error) => {
                let error = crate::error::chain(error);
                self.step(text, [namespace, name, ("gvk", &kind), ("error", &error)]);
            }
        }
    }
}
