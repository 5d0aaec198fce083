//! APIs of Kubernetes that charts should no longer use.

use crate::capabilities::KubeVersion;

/// A kind that is going away.
struct Deprecation {
    api_version: &'static str,
    kind: &'static str,
    /// The minor version of Kubernetes since which it is deprecated.
    since: u64,
    /// The minor version that has it no longer.
    gone: Option<u64>,
    /// What to use instead.
    instead: Option<&'static str>,
}

/// What is wrong with an object's API, if it is deprecated in that version of Kubernetes.
// Parity: Helm, pkg/chart/v2/lint/rules/deprecations.go, and Kubernetes, apiserver/pkg/endpoints/deprecation.
pub(super) fn problem(api_version: &str, kind: &str, kubernetes: &KubeVersion) -> Option<String> {
    let major: u64 = kubernetes.major.parse().ok()?;
    let minor: u64 = kubernetes.minor.parse().ok()?;
    let found = DEPRECATIONS
        .iter()
        .find(|row| row.api_version == api_version && row.kind == kind)?;
    if major < 1 || (major == 1 && minor < found.since) {
        return None;
    }
    let gone = found
        .gone
        .map_or_else(String::new, |gone| format!(", unavailable in v1.{gone}+"));
    let instead = found
        .instead
        .map_or_else(String::new, |instead| format!("; use {instead}"));
    Some(format!(
        "{api_version} {kind} is deprecated in v1.{}+{gone}{instead}",
        found.since
    ))
}

const fn row(
    api_version: &'static str,
    kind: &'static str,
    since: u64,
    gone: Option<u64>,
    instead: Option<&'static str>,
) -> Deprecation {
    Deprecation {
        api_version,
        kind,
        since,
        gone,
        instead,
    }
}

/// What the reference's Kubernetes client says of itself; its slips are kept.
#[rustfmt::skip]
const DEPRECATIONS: &[Deprecation] = &[
    row("admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicy", 29, Some(32), None),
    row("admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicyBinding", 29, Some(32), None),
    row("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicy", 35, Some(38), None),
    row("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicyBinding", 35, Some(38), None),
    row("admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicyList", 29, Some(32), None),
    row("admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicyBindingList", 29, Some(32), None),
    row("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicyList", 35, Some(38), None),
    row("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicyBindingList", 35, Some(38), None),
    row("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 16, Some(22), Some("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration")),
    row("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 16, Some(22), Some("admissionregistration.k8s.io/v1 MutatingWebhookConfiguration")),
    row("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 31, Some(34), None),
    row("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBinding", 31, Some(34), None),
    row("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", 37, Some(40), Some("admissionregistration.k8s.io/v1 MutatingAdmissionPolicy")),
    row("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyBinding", 37, Some(40), Some("admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding")),
    row("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfigurationList", 16, Some(22), Some("admissionregistration.k8s.io/v1 ValidatingWebhookConfigurationList")),
    row("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfigurationList", 16, Some(22), Some("admissionregistration.k8s.io/v1 MutatingWebhookConfigurationList")),
    row("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyList", 31, Some(34), None),
    row("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBindingList", 31, Some(34), None),
    row("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyList", 37, Some(40), Some("admissionregistration.k8s.io/v1 MutatingAdmissionPolicyList")),
    row("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyBindingList", 37, Some(40), Some("admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBindingList")),
    row("apps/v1beta1", "Deployment", 8, Some(16), Some("apps/v1 Deployment")),
    row("apps/v1beta1", "StatefulSet", 8, Some(16), Some("apps/v1 StatefulSet")),
    row("apps/v1beta1", "ControllerRevision", 8, Some(16), Some("apps/v1 ControllerRevision")),
    row("apps/v1beta1", "Scale", 8, Some(16), Some("autoscaling/v1 Scale")),
    row("apps/v1beta1", "DeploymentRollback", 8, Some(16), Some("apps/v1 DeploymentRollback")),
    row("apps/v1beta1", "DeploymentList", 8, Some(16), Some("apps/v1 DeploymentList")),
    row("apps/v1beta1", "StatefulSetList", 8, Some(16), Some("apps/v1 StatefulSetList")),
    row("apps/v1beta1", "ControllerRevisionList", 8, Some(16), Some("apps/v1 ControllerRevisionList")),
    row("apps/v1beta2", "Deployment", 9, Some(16), Some("apps/v1 Deployment")),
    row("apps/v1beta2", "StatefulSet", 9, Some(16), Some("apps/v1 StatefulSet")),
    row("apps/v1beta2", "DaemonSet", 9, Some(16), Some("apps/v1 DaemonSet")),
    row("apps/v1beta2", "ReplicaSet", 9, Some(16), Some("apps/v1 ReplicaSet")),
    row("apps/v1beta2", "ControllerRevision", 9, Some(16), Some("apps/v1 ControllerRevision")),
    row("apps/v1beta2", "Scale", 9, Some(16), Some("autoscaling/v1 Scale")),
    row("apps/v1beta2", "DeploymentList", 9, Some(16), Some("apps/v1 DeploymentList")),
    row("apps/v1beta2", "StatefulSetList", 9, Some(16), Some("apps/v1 StatefulSetList")),
    row("apps/v1beta2", "DaemonSetList", 9, Some(16), Some("apps/v1 DaemonSetList")),
    row("apps/v1beta2", "ReplicaSetList", 9, Some(16), Some("apps/v1 ReplicaSetList")),
    row("apps/v1beta2", "ControllerRevisionList", 9, Some(16), Some("apps/v1 ControllerRevisionList")),
    row("authentication.k8s.io/v1alpha1", "SelfSubjectReview", 29, Some(32), None),
    row("authentication.k8s.io/v1beta1", "TokenReview", 19, Some(22), Some("authentication.k8s.io/v1 TokenReview")),
    row("authentication.k8s.io/v1beta1", "SelfSubjectReview", 30, Some(33), None),
    row("authorization.k8s.io/v1beta1", "SubjectAccessReview", 19, Some(22), Some("authorization.k8s.io/v1 SubjectAccessReview")),
    row("authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", 19, Some(22), Some("authorization.k8s.io/v1 SelfSubjectAccessReview")),
    row("authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", 19, Some(22), Some("authorization.k8s.io/v1 LocalSubjectAccessReview")),
    row("authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", 19, Some(22), Some("authorization.k8s.io/v1 SelfSubjectRulesReview")),
    row("batch/v1beta1", "CronJob", 21, Some(25), Some("batch/v1 CronJob")),
    row("batch/v1beta1", "CronJobList", 21, Some(25), Some("batch/v1 CronJobList")),
    row("certificates.k8s.io/v1alpha1", "ClusterTrustBundle", 34, Some(37), None),
    row("certificates.k8s.io/v1alpha1", "ClusterTrustBundleList", 34, Some(37), None),
    row("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 19, Some(22), Some("certificates.k8s.io/v1 CertificateSigningRequest")),
    row("certificates.k8s.io/v1beta1", "ClusterTrustBundle", 37, Some(40), Some("certificates.k8s.io/v1 ClusterTrustBundle")),
    row("certificates.k8s.io/v1beta1", "PodCertificateRequest", 37, Some(40), Some("certificates.k8s.io/v1 PodCertificateRequest")),
    row("certificates.k8s.io/v1beta1", "CertificateSigningRequestList", 19, Some(22), Some("certificates.k8s.io/v1 CertificateSigningRequestList")),
    row("certificates.k8s.io/v1beta1", "ClusterTrustBundleList", 37, Some(40), Some("certificates.k8s.io/v1 ClusterTrustBundleList")),
    row("certificates.k8s.io/v1beta1", "PodCertificateRequestList", 37, Some(40), Some("certificates.k8s.io/v1 PodCertificateRequestList")),
    row("coordination.k8s.io/v1alpha2", "LeaseCandidate", 35, Some(38), None),
    row("coordination.k8s.io/v1alpha2", "LeaseCandidateList", 35, Some(38), None),
    row("coordination.k8s.io/v1beta1", "Lease", 19, Some(22), Some("coordination.k8s.io/v1 Lease")),
    row("coordination.k8s.io/v1beta1", "LeaseCandidate", 36, Some(39), None),
    row("coordination.k8s.io/v1beta1", "LeaseList", 19, Some(22), Some("coordination.k8s.io/v1 LeaseList")),
    row("coordination.k8s.io/v1beta1", "LeaseCandidateList", 36, Some(39), None),
    row("discovery.k8s.io/v1beta1", "EndpointSlice", 21, Some(25), Some("discovery.k8s.io/v1 EndpointSlice")),
    row("discovery.k8s.io/v1beta1", "EndpointSliceList", 21, Some(25), Some("discovery.k8s.io/v1 EndpointSlice")),
    row("events.k8s.io/v1beta1", "Event", 22, Some(25), None),
    row("events.k8s.io/v1beta1", "EventList", 22, Some(25), None),
    row("extensions/v1beta1", "Deployment", 8, Some(16), Some("apps/v1 Deployment")),
    row("extensions/v1beta1", "DaemonSet", 8, Some(16), Some("apps/v1 DaemonSet")),
    row("extensions/v1beta1", "ReplicaSet", 8, Some(16), Some("apps/v1 ReplicaSet")),
    row("extensions/v1beta1", "Ingress", 14, Some(22), Some("networking.k8s.io/v1 Ingress")),
    row("extensions/v1beta1", "NetworkPolicy", 9, Some(16), Some("networking.k8s.io/v1 NetworkPolicy")),
    row("extensions/v1beta1", "Scale", 2, Some(16), None),
    row("extensions/v1beta1", "DeploymentRollback", 8, Some(16), None),
    row("extensions/v1beta1", "DeploymentList", 8, Some(16), Some("apps/v1 DeploymentList")),
    row("extensions/v1beta1", "DaemonSetList", 8, Some(16), Some("apps/v1 DaemonSetList")),
    row("extensions/v1beta1", "ReplicaSetList", 8, Some(16), Some("apps/v1 ReplicaSetList")),
    row("extensions/v1beta1", "IngressList", 14, Some(22), Some("networking.k8s.io/v1 IngressList")),
    row("extensions/v1beta1", "NetworkPolicyList", 9, Some(16), Some("networking.k8s.io/v1 NetworkPolicyList")),
    row("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 23, Some(26), Some("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema")),
    row("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", 23, Some(26), Some("flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration")),
    row("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchemaList", 23, Some(26), Some("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchemaList")),
    row("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfigurationList", 23, Some(26), Some("flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfigurationList")),
    row("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 26, Some(29), Some("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema")),
    row("flowcontrol.apiserver.k8s.io/v1beta2", "PriorityLevelConfiguration", 26, Some(29), Some("flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration")),
    row("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchemaList", 26, Some(29), Some("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchemaList")),
    row("flowcontrol.apiserver.k8s.io/v1beta2", "PriorityLevelConfigurationList", 26, Some(29), Some("flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfigurationList")),
    row("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 29, Some(32), Some("flowcontrol.apiserver.k8s.io/v1 FlowSchema")),
    row("flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", 29, Some(32), Some("flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration")),
    row("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchemaList", 29, Some(32), Some("flowcontrol.apiserver.k8s.io/v1 FlowSchemaList")),
    row("flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfigurationList", 29, Some(32), Some("flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfigurationList")),
    row("lifecycle.k8s.io/v1alpha1", "EvictionRequest", 40, Some(43), None),
    row("lifecycle.k8s.io/v1alpha1", "EvictionRequestList", 40, Some(43), None),
    row("networking.k8s.io/v1beta1", "Ingress", 19, Some(22), Some("networking.k8s.io/v1 Ingress")),
    row("networking.k8s.io/v1beta1", "IngressClass", 19, Some(22), Some("networking.k8s.io/v1 IngressClassList")),
    row("networking.k8s.io/v1beta1", "IPAddress", 34, Some(37), None),
    row("networking.k8s.io/v1beta1", "ServiceCIDR", 34, Some(37), None),
    row("networking.k8s.io/v1beta1", "IngressList", 19, Some(22), Some("networking.k8s.io/v1 IngressList")),
    row("networking.k8s.io/v1beta1", "IngressClassList", 19, Some(22), Some("networking.k8s.io/v1 IngressClassList")),
    row("networking.k8s.io/v1beta1", "IPAddressList", 34, Some(37), None),
    row("networking.k8s.io/v1beta1", "ServiceCIDRList", 34, Some(37), None),
    row("node.k8s.io/v1beta1", "RuntimeClass", 22, Some(25), None),
    row("node.k8s.io/v1beta1", "RuntimeClassList", 22, Some(25), None),
    row("policy/v1beta1", "PodDisruptionBudget", 21, Some(25), Some("policy/v1 PodDisruptionBudget")),
    row("policy/v1beta1", "Eviction", 22, Some(25), None),
    row("policy/v1beta1", "PodDisruptionBudgetList", 21, Some(25), Some("policy/v1 PodDisruptionBudgetList")),
    row("rbac.authorization.k8s.io/v1beta1", "Role", 17, Some(22), Some("rbac.authorization.k8s.io/v1 Role")),
    row("rbac.authorization.k8s.io/v1beta1", "RoleBinding", 17, Some(22), Some("rbac.authorization.k8s.io/v1 RoleBinding")),
    row("rbac.authorization.k8s.io/v1beta1", "ClusterRole", 17, Some(22), Some("rbac.authorization.k8s.io/v1 ClusterRole")),
    row("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", 17, Some(22), Some("rbac.authorization.k8s.io/v1 ClusterRoleBinding")),
    row("rbac.authorization.k8s.io/v1beta1", "RoleList", 17, Some(22), Some("rbac.authorization.k8s.io/v1 RoleList")),
    row("rbac.authorization.k8s.io/v1beta1", "RoleBindingList", 17, Some(22), Some("rbac.authorization.k8s.io/v1 RoleBindingList")),
    row("rbac.authorization.k8s.io/v1beta1", "ClusterRoleList", 17, Some(22), Some("rbac.authorization.k8s.io/v1 ClusterRoleList")),
    row("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBindingList", 17, Some(22), Some("rbac.authorization.k8s.io/v1 ClusterRoleBindingList")),
    row("resource.k8s.io/v1alpha3", "DeviceTaintRule", 36, Some(39), None),
    row("resource.k8s.io/v1alpha3", "ResourcePoolStatusRequest", 39, Some(42), None),
    row("resource.k8s.io/v1alpha3", "DeviceTaintRuleList", 36, Some(39), None),
    row("resource.k8s.io/v1alpha3", "ResourcePoolStatusRequestList", 39, Some(42), None),
    row("resource.k8s.io/v1beta1", "ResourceClaim", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "ResourceClaimTemplate", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "DeviceClass", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "ResourceSlice", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "ResourceClaimList", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "ResourceClaimTemplateList", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "DeviceClassList", 35, Some(38), None),
    row("resource.k8s.io/v1beta1", "ResourceSliceList", 35, Some(38), None),
    row("resource.k8s.io/v1beta2", "ResourceClaim", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "ResourceClaimTemplate", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "DeviceClass", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "ResourceSlice", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "DeviceTaintRule", 39, Some(42), None),
    row("resource.k8s.io/v1beta2", "ResourceClaimList", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "ResourceClaimTemplateList", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "DeviceClassList", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "ResourceSliceList", 36, Some(39), None),
    row("resource.k8s.io/v1beta2", "DeviceTaintRuleList", 39, Some(42), None),
    row("scheduling.k8s.io/v1beta1", "PriorityClass", 14, Some(22), Some("scheduling.k8s.io/v1 PriorityClass")),
    row("scheduling.k8s.io/v1beta1", "Workload", 40, Some(43), None),
    row("scheduling.k8s.io/v1beta1", "PodGroup", 40, Some(43), None),
    row("scheduling.k8s.io/v1beta1", "PriorityClassList", 14, Some(22), Some("scheduling.k8s.io/v1 PriorityClassList")),
    row("scheduling.k8s.io/v1beta1", "WorkloadList", 40, Some(43), None),
    row("scheduling.k8s.io/v1beta1", "PodGroupList", 40, Some(43), None),
    row("storage.k8s.io/v1alpha1", "VolumeAttachment", 21, Some(24), Some("storage.k8s.io/v1 VolumeAttachment")),
    row("storage.k8s.io/v1alpha1", "CSIStorageCapacity", 21, Some(24), Some("storage.k8s.io/v1beta1 CSIStorageCapacity")),
    row("storage.k8s.io/v1alpha1", "VolumeAttributesClass", 32, Some(35), Some("storage.k8s.io/v1 VolumeAttributesClass")),
    row("storage.k8s.io/v1alpha1", "VolumeAttachmentList", 21, Some(24), Some("storage.k8s.io/v1 VolumeAttachmentList")),
    row("storage.k8s.io/v1alpha1", "CSIStorageCapacityList", 21, Some(24), Some("storage.k8s.io/v1beta1 CSIStorageCapacityList")),
    row("storage.k8s.io/v1alpha1", "VolumeAttributesClassList", 32, Some(35), Some("storage.k8s.io/v1 VolumeAttributesClassList")),
    row("storage.k8s.io/v1beta1", "StorageClass", 19, Some(22), Some("storage.k8s.io/v1 StorageClass")),
    row("storage.k8s.io/v1beta1", "VolumeAttachment", 19, Some(22), Some("storage.k8s.io/v1 VolumeAttachment")),
    row("storage.k8s.io/v1beta1", "CSIDriver", 19, Some(22), Some("storage.k8s.io/v1 CSIDriver")),
    row("storage.k8s.io/v1beta1", "CSINode", 17, Some(22), Some("storage.k8s.io/v1 CSINode")),
    row("storage.k8s.io/v1beta1", "CSIStorageCapacity", 24, Some(27), Some("storage.k8s.io/v1 CSIStorageCapacity")),
    row("storage.k8s.io/v1beta1", "VolumeAttributesClass", 34, Some(37), Some("storage.k8s.io/v1 VolumeAttributesClass")),
    row("storage.k8s.io/v1beta1", "StorageClassList", 19, Some(22), Some("storage.k8s.io/v1 StorageClassList")),
    row("storage.k8s.io/v1beta1", "VolumeAttachmentList", 19, Some(22), Some("storage.k8s.io/v1 VolumeAttachmentList")),
    row("storage.k8s.io/v1beta1", "CSIDriverList", 19, Some(22), Some("storage.k8s.io/v1 CSIDriverList")),
    row("storage.k8s.io/v1beta1", "CSINodeList", 17, Some(22), Some("storage.k8s.io/v1 CSINode")),
    row("storage.k8s.io/v1beta1", "CSIStorageCapacityList", 24, Some(27), Some("storage.k8s.io/v1 CSIStorageCapacityList")),
    row("storage.k8s.io/v1beta1", "VolumeAttributesClassList", 34, Some(37), Some("storage.k8s.io/v1 VolumeAttributesClassList")),
    row("storagemigration.k8s.io/v1beta1", "StorageVersionMigration", 37, Some(40), Some("storagemigration.k8s.io/v1 StorageVersionMigration")),
    row("storagemigration.k8s.io/v1beta1", "StorageVersionMigrationList", 37, Some(40), Some("storagemigration.k8s.io/v1 StorageVersionMigrationList")),
    row("v1", "Endpoints", 33, None, Some("discovery.k8s.io/v1 EndpointSlice")),
    row("v1", "ComponentStatus", 19, None, None),
    row("v1", "EndpointsList", 33, None, Some("discovery.k8s.io/v1 EndpointSliceList")),
    row("v1", "ComponentStatusList", 19, None, None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_is_deprecated_from_its_version_on() {
        let at = |version: &str| {
            problem(
                "batch/v1beta1",
                "CronJob",
                &KubeVersion::parse(version).unwrap(),
            )
        };
        assert_eq!(at("1.20"), None);
        assert_eq!(
            at("1.21").unwrap(),
            "batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob"
        );
    }
}
