//! How the lists and maps of built-in kinds are merged: the facts behind strategic merge patches.
//!
//! Status is left out, since nobody but controllers writes it. `metadata` is the same for every type that has it.
// Source: the fields x-kubernetes-patch-strategy and x-kubernetes-patch-merge-key of the OpenAPI of Kubernetes 1.37.

use crate::manifest::object::GroupVersionKind;

/// How a field is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A map is merged key by key, a list replaced.
    Into,
    /// A list is merged by the value of a key; scalars where the key is empty.
    Merge { key: &'static str },
    /// Like [`Rule::Merge`], and each patched item lists the keys it is to have left.
    MergeRetaining { key: &'static str },
    /// A map is merged, and lists the keys it is to have left.
    RetainKeys,
    /// The whole is replaced.
    Replace,
}

impl Rule {
    /// The key by which items of a list are told apart, if the list is merged.
    pub(super) fn merge_key(self) -> Option<&'static str> {
        match self {
            Self::Merge { key } | Self::MergeRetaining { key } => Some(key),
            _ => None,
        }
    }

    /// Whether patches of the value, or of its items, list the keys that stay.
    pub(super) fn retains_keys(self) -> bool {
        matches!(self, Self::RetainKeys | Self::MergeRetaining { .. })
    }
}

/// A type that has fields of its own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Schema(&'static str);

/// One field of a type.
struct Row {
    of: &'static str,
    field: &'static str,
    rule: Rule,
    below: &'static str,
}

const fn row(of: &'static str, field: &'static str, rule: Rule, below: &'static str) -> Row {
    Row {
        of,
        field,
        rule,
        below,
    }
}

impl Schema {
    /// The schema of a built-in kind; none for custom resources, which are patched by other means.
    pub(super) fn of(kind: &GroupVersionKind) -> Option<Self> {
        let version = kind.api_version();
        let (_, kinds) = KINDS.iter().find(|(known, _)| *known == version)?;
        kinds.split(' ').find(|known| *known == kind.kind).map(Self)
    }

    /// How a field is merged, and the schema below it.
    pub(super) fn field(self, field: &str) -> (Rule, Self) {
        if field == "metadata" {
            return (Rule::Into, Self("ObjectMeta"));
        }
        let row = FIELDS
            .iter()
            .find(|row| row.of == self.0 && row.field == field);
        row.map_or((Rule::Into, Self("")), |row| (row.rule, Self(row.below)))
    }
}

/// The fields with rules of their own, and the way to them.
const FIELDS: &[Row] = &[
    row("Container", "env", Rule::Merge { key: "name" }, ""),
    row(
        "Container",
        "ports",
        Rule::Merge {
            key: "containerPort",
        },
        "",
    ),
    row(
        "Container",
        "volumeDevices",
        Rule::Merge { key: "devicePath" },
        "",
    ),
    row(
        "Container",
        "volumeMounts",
        Rule::Merge { key: "mountPath" },
        "",
    ),
    row("CronJob", "spec", Rule::Into, "CronJobSpec"),
    row("CronJobSpec", "jobTemplate", Rule::Into, "JobTemplateSpec"),
    row("DaemonSet", "spec", Rule::Into, "DaemonSetSpec"),
    row("DaemonSetSpec", "template", Rule::Into, "PodTemplateSpec"),
    row("Deployment", "spec", Rule::Into, "DeploymentSpec"),
    row("DeploymentSpec", "strategy", Rule::RetainKeys, ""),
    row("DeploymentSpec", "template", Rule::Into, "PodTemplateSpec"),
    row("EphemeralContainer", "env", Rule::Merge { key: "name" }, ""),
    row(
        "EphemeralContainer",
        "ports",
        Rule::Merge {
            key: "containerPort",
        },
        "",
    ),
    row(
        "EphemeralContainer",
        "volumeDevices",
        Rule::Merge { key: "devicePath" },
        "",
    ),
    row(
        "EphemeralContainer",
        "volumeMounts",
        Rule::Merge { key: "mountPath" },
        "",
    ),
    row(
        "EphemeralVolumeSource",
        "volumeClaimTemplate",
        Rule::Into,
        "PersistentVolumeClaimTemplate",
    ),
    row("Job", "spec", Rule::Into, "JobSpec"),
    row(
        "JobSchedulingConfiguration",
        "resourceClaims",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "JobSpec",
        "scheduling",
        Rule::Into,
        "JobSchedulingConfiguration",
    ),
    row("JobSpec", "template", Rule::Into, "PodTemplateSpec"),
    row("JobTemplateSpec", "spec", Rule::Into, "JobSpec"),
    row(
        "MutatingAdmissionPolicy",
        "spec",
        Rule::Into,
        "MutatingAdmissionPolicySpec",
    ),
    row(
        "MutatingAdmissionPolicySpec",
        "matchConditions",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "MutatingWebhook",
        "matchConditions",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "MutatingWebhookConfiguration",
        "webhooks",
        Rule::Merge { key: "name" },
        "MutatingWebhook",
    ),
    row("ObjectMeta", "finalizers", Rule::Merge { key: "" }, ""),
    row(
        "ObjectMeta",
        "ownerReferences",
        Rule::Merge { key: "uid" },
        "",
    ),
    row("Pod", "spec", Rule::Into, "PodSpec"),
    row(
        "PodDisruptionBudget",
        "spec",
        Rule::Into,
        "PodDisruptionBudgetSpec",
    ),
    row("PodDisruptionBudgetSpec", "selector", Rule::Replace, ""),
    row(
        "PodSpec",
        "containers",
        Rule::Merge { key: "name" },
        "Container",
    ),
    row(
        "PodSpec",
        "ephemeralContainers",
        Rule::Merge { key: "name" },
        "EphemeralContainer",
    ),
    row(
        "PodSpec",
        "evictionResponders",
        Rule::Merge { key: "name" },
        "",
    ),
    row("PodSpec", "hostAliases", Rule::Merge { key: "ip" }, ""),
    row(
        "PodSpec",
        "imagePullSecrets",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "PodSpec",
        "initContainers",
        Rule::Merge { key: "name" },
        "Container",
    ),
    row(
        "PodSpec",
        "resourceClaims",
        Rule::MergeRetaining { key: "name" },
        "",
    ),
    row(
        "PodSpec",
        "schedulingGates",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "PodSpec",
        "topologySpreadConstraints",
        Rule::Merge { key: "topologyKey" },
        "",
    ),
    row(
        "PodSpec",
        "volumes",
        Rule::MergeRetaining { key: "name" },
        "Volume",
    ),
    row("PodTemplate", "template", Rule::Into, "PodTemplateSpec"),
    row("PodTemplateSpec", "spec", Rule::Into, "PodSpec"),
    row("ReplicaSet", "spec", Rule::Into, "ReplicaSetSpec"),
    row("ReplicaSetSpec", "template", Rule::Into, "PodTemplateSpec"),
    row(
        "ReplicationController",
        "spec",
        Rule::Into,
        "ReplicationControllerSpec",
    ),
    row(
        "ReplicationControllerSpec",
        "template",
        Rule::Into,
        "PodTemplateSpec",
    ),
    row(
        "ResourceClaimTemplate",
        "spec",
        Rule::Into,
        "ResourceClaimTemplateSpec",
    ),
    row("Service", "spec", Rule::Into, "ServiceSpec"),
    row("ServiceAccount", "secrets", Rule::Merge { key: "name" }, ""),
    row("ServiceSpec", "ports", Rule::Merge { key: "port" }, ""),
    row("StatefulSet", "spec", Rule::Into, "StatefulSetSpec"),
    row("StatefulSetSpec", "template", Rule::Into, "PodTemplateSpec"),
    row(
        "ValidatingAdmissionPolicy",
        "spec",
        Rule::Into,
        "ValidatingAdmissionPolicySpec",
    ),
    row(
        "ValidatingAdmissionPolicySpec",
        "matchConditions",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "ValidatingAdmissionPolicySpec",
        "variables",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "ValidatingWebhook",
        "matchConditions",
        Rule::Merge { key: "name" },
        "",
    ),
    row(
        "ValidatingWebhookConfiguration",
        "webhooks",
        Rule::Merge { key: "name" },
        "ValidatingWebhook",
    ),
    row("Volume", "ephemeral", Rule::Into, "EphemeralVolumeSource"),
];

/// The built-in kinds by API version.
const KINDS: &[(&str, &str)] = &[
    (
        "v1",
        "Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    ),
    (
        "admissionregistration.k8s.io/v1",
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    ),
    (
        "admissionregistration.k8s.io/v1alpha1",
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding",
    ),
    (
        "apps/v1",
        "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    ),
    (
        "authentication.k8s.io/v1",
        "SelfSubjectReview TokenRequest TokenReview",
    ),
    (
        "authorization.k8s.io/v1",
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    ),
    ("autoscaling/v1", "HorizontalPodAutoscaler Scale"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("batch/v1", "CronJob Job"),
    (
        "certificates.k8s.io/v1",
        "CertificateSigningRequest ClusterTrustBundle PodCertificateRequest",
    ),
    (
        "certificates.k8s.io/v1beta1",
        "ClusterTrustBundle PodCertificateRequest",
    ),
    ("coordination.k8s.io/v1", "Lease"),
    ("coordination.k8s.io/v1alpha2", "LeaseCandidate"),
    ("coordination.k8s.io/v1beta1", "LeaseCandidate"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("events.k8s.io/v1", "Event"),
    (
        "flowcontrol.apiserver.k8s.io/v1",
        "FlowSchema PriorityLevelConfiguration",
    ),
    ("internal.apiserver.k8s.io/v1alpha1", "StorageVersion"),
    ("lifecycle.k8s.io/v1alpha1", "Eviction EvictionRequest"),
    (
        "networking.k8s.io/v1",
        "IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR",
    ),
    ("node.k8s.io/v1", "RuntimeClass"),
    ("policy/v1", "Eviction PodDisruptionBudget"),
    (
        "rbac.authorization.k8s.io/v1",
        "ClusterRole ClusterRoleBinding Role RoleBinding",
    ),
    (
        "resource.k8s.io/v1",
        "DeviceClass DeviceTaintRule ResourceClaim ResourceClaimTemplate ResourceSlice",
    ),
    (
        "resource.k8s.io/v1alpha3",
        "DeviceTaintRule ResourcePoolStatusRequest",
    ),
    (
        "resource.k8s.io/v1beta1",
        "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice",
    ),
    (
        "resource.k8s.io/v1beta2",
        "DeviceClass DeviceTaintRule ResourceClaim ResourceClaimTemplate ResourceSlice",
    ),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    (
        "scheduling.k8s.io/v1alpha3",
        "CompositePodGroup PodGroup Workload",
    ),
    ("scheduling.k8s.io/v1beta1", "PodGroup Workload"),
    (
        "storage.k8s.io/v1",
        "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
    ),
    ("storagemigration.k8s.io/v1", "StorageVersionMigration"),
    ("storagemigration.k8s.io/v1beta1", "StorageVersionMigration"),
];
