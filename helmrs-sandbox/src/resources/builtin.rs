//! The kinds of Kubernetes 1.36, as discovery of a cluster of defaults shows them.

use std::sync::Arc;

use super::Kind;
use crate::schema::{self, Shape};

/// Group and version, kind, plural, short names, categories, scope, subresources.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Scope,
    &'static str,
);

#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Cluster,
    Namespaced,
}
use Scope::{Cluster, Namespaced};

const ALL_VERBS: &[&str] = &[
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
];

/// Kinds that are asked, not kept.
const ASKED: &[&str] = &[
    "Binding",
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
    "TokenReview",
];

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("v1", "Binding", "bindings", "", "", Namespaced, ""),
    ("v1", "ComponentStatus", "componentstatuses", "cs", "", Cluster, ""),
    ("v1", "ConfigMap", "configmaps", "cm", "", Namespaced, ""),
    ("v1", "Endpoints", "endpoints", "ep", "", Namespaced, ""),
    ("v1", "Event", "events", "ev", "", Namespaced, ""),
    ("v1", "LimitRange", "limitranges", "limits", "", Namespaced, ""),
    ("v1", "Namespace", "namespaces", "ns", "", Cluster, "finalize status"),
    ("v1", "Node", "nodes", "no", "", Cluster, "proxy status"),
    ("v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", "", Namespaced, "status"),
    ("v1", "PersistentVolume", "persistentvolumes", "pv", "", Cluster, "status"),
    ("v1", "Pod", "pods", "po", "all", Namespaced,
     "attach binding ephemeralcontainers eviction exec log portforward proxy resize status"),
    ("v1", "PodTemplate", "podtemplates", "", "", Namespaced, ""),
    ("v1", "ReplicationController", "replicationcontrollers", "rc", "all", Namespaced, "scale status"),
    ("v1", "ResourceQuota", "resourcequotas", "quota", "", Namespaced, "status"),
    ("v1", "Secret", "secrets", "", "", Namespaced, ""),
    ("v1", "ServiceAccount", "serviceaccounts", "sa", "", Namespaced, "token"),
    ("v1", "Service", "services", "svc", "all", Namespaced, "proxy status"),
    ("apiregistration.k8s.io/v1", "APIService", "apiservices", "", "api-extensions", Cluster, "status"),
    ("apps/v1", "ControllerRevision", "controllerrevisions", "", "", Namespaced, ""),
    ("apps/v1", "DaemonSet", "daemonsets", "ds", "all", Namespaced, "status"),
    ("apps/v1", "Deployment", "deployments", "deploy", "all", Namespaced, "scale status"),
    ("apps/v1", "ReplicaSet", "replicasets", "rs", "all", Namespaced, "scale status"),
    ("apps/v1", "StatefulSet", "statefulsets", "sts", "all", Namespaced, "scale status"),
    ("events.k8s.io/v1", "Event", "events", "ev", "", Namespaced, ""),
    ("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", "", "", Cluster, ""),
    ("authentication.k8s.io/v1", "TokenReview", "tokenreviews", "", "", Cluster, ""),
    ("authorization.k8s.io/v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", "", "", Namespaced, ""),
    ("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", "", "", Cluster, ""),
    ("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", "", "", Cluster, ""),
    ("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", "", "", Cluster, ""),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", "all", Namespaced, "status"),
    ("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", "all", Namespaced, "status"),
    ("batch/v1", "CronJob", "cronjobs", "cj", "all", Namespaced, "status"),
    ("batch/v1", "Job", "jobs", "", "all", Namespaced, "status"),
    ("certificates.k8s.io/v1", "CertificateSigningRequest", "certificatesigningrequests", "csr", "", Cluster,
     "approval status"),
    ("networking.k8s.io/v1", "IngressClass", "ingressclasses", "", "", Cluster, ""),
    ("networking.k8s.io/v1", "Ingress", "ingresses", "ing", "", Namespaced, "status"),
    ("networking.k8s.io/v1", "IPAddress", "ipaddresses", "ip", "", Cluster, ""),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "netpol", "", Namespaced, ""),
    ("networking.k8s.io/v1", "ServiceCIDR", "servicecidrs", "", "", Cluster, "status"),
    ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", "", Namespaced, "status"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", "", "", Cluster, ""),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", "", "", Cluster, ""),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", "", "", Namespaced, ""),
    ("rbac.authorization.k8s.io/v1", "Role", "roles", "", "", Namespaced, ""),
    ("storage.k8s.io/v1", "CSIDriver", "csidrivers", "", "", Cluster, ""),
    ("storage.k8s.io/v1", "CSINode", "csinodes", "", "", Cluster, ""),
    ("storage.k8s.io/v1", "CSIStorageCapacity", "csistoragecapacities", "", "", Namespaced, ""),
    ("storage.k8s.io/v1", "StorageClass", "storageclasses", "sc", "", Cluster, ""),
    ("storage.k8s.io/v1", "VolumeAttachment", "volumeattachments", "", "", Cluster, "status"),
    ("storage.k8s.io/v1", "VolumeAttributesClass", "volumeattributesclasses", "vac", "", Cluster, ""),
    ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies", "",
     "api-extensions", Cluster, ""),
    ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings", "",
     "api-extensions", Cluster, ""),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "",
     "api-extensions", Cluster, ""),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", "",
     "api-extensions", Cluster, "status"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", "",
     "api-extensions", Cluster, ""),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "",
     "api-extensions", Cluster, ""),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", "crd crds",
     "api-extensions", Cluster, "status"),
    ("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", "pc", "", Cluster, ""),
    ("coordination.k8s.io/v1", "Lease", "leases", "", "", Namespaced, ""),
    ("node.k8s.io/v1", "RuntimeClass", "runtimeclasses", "", "", Cluster, ""),
    ("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", "", "", Namespaced, ""),
    ("resource.k8s.io/v1", "DeviceClass", "deviceclasses", "", "", Cluster, ""),
    ("resource.k8s.io/v1", "ResourceClaim", "resourceclaims", "", "", Namespaced, "status"),
    ("resource.k8s.io/v1", "ResourceClaimTemplate", "resourceclaimtemplates", "", "", Namespaced, ""),
    ("resource.k8s.io/v1", "ResourceSlice", "resourceslices", "", "", Cluster, ""),
    ("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "flowschemas", "", "", Cluster, "status"),
    ("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", "", "", Cluster,
     "status"),
];

/// The built-in kinds, in the order discovery shows their groups.
pub(super) fn kinds() -> Vec<Kind> {
    TABLE.iter().map(kind).collect()
}

fn kind(row: &Row) -> Kind {
    let &(api_version, name, plural, short_names, categories, scope, subresources) = row;
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let verbs = match name {
        "ComponentStatus" => vec!["get", "list"],
        name if ASKED.contains(&name) => vec!["create"],
        _ => ALL_VERBS.to_vec(),
    };
    Kind {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: name.to_owned(),
        list_kind: format!("{name}List"),
        plural: plural.to_owned(),
        singular: name.to_lowercase(),
        short_names: words(short_names),
        categories: words(categories),
        namespaced: scope == Namespaced,
        verbs,
        subresources: subresources.split_whitespace().collect(),
        storage: match api_version {
            // One and the same objects in two groups.
            "events.k8s.io/v1" => Arc::from("/events"),
            _ => Arc::from(format!("{group}/{plural}")),
        },
        shape: schema::builtin(api_version, name).unwrap_or(Shape::Any),
        custom: None,
    }
}
