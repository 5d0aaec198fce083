//! In which order kinds are created and deleted.

/// Kinds in the order in which they are created; a kind that is not here comes after all of them.
// Parity: Helm, pkg/release/v1/util/kind_sorter.go, InstallOrder.
pub const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Kinds in the order in which they are deleted; a kind that is not here comes after all of them.
///
/// Not quite the other order turned round: Services go before what they select.
// Parity: Helm, pkg/release/v1/util/kind_sorter.go, UninstallOrder.
pub const UNINSTALL_ORDER: &[&str] = &[
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
    "APIService",
    "Ingress",
    "IngressClass",
    "Service",
    "CronJob",
    "Job",
    "StatefulSet",
    "HorizontalPodAutoscaler",
    "Deployment",
    "ReplicaSet",
    "ReplicationController",
    "Pod",
    "DaemonSet",
    "RoleBindingList",
    "RoleBinding",
    "RoleList",
    "Role",
    "ClusterRoleBindingList",
    "ClusterRoleBinding",
    "ClusterRoleList",
    "ClusterRole",
    "CustomResourceDefinition",
    "PersistentVolumeClaim",
    "PersistentVolume",
    "StorageClass",
    "ConfigMap",
    "SecretList",
    "Secret",
    "ServiceAccount",
    "PodDisruptionBudget",
    "PodSecurityPolicy",
    "LimitRange",
    "ResourceQuota",
    "NetworkPolicy",
    "Namespace",
    "PriorityClass",
];

/// Sorts by the place of each item's kind in `order`, strangers last and by name; equals keep their order.
///
/// # Examples
///
/// ```
/// use helmrs_core::manifest::order::{INSTALL_ORDER, sort_by_kind};
///
/// let mut kinds = ["Widget", "Service", "Gadget", "Namespace"];
/// sort_by_kind(&mut kinds, INSTALL_ORDER, |kind| kind);
/// assert_eq!(kinds, ["Namespace", "Service", "Gadget", "Widget"]);
/// ```
pub fn sort_by_kind<T>(items: &mut [T], order: &[&str], kind: impl Fn(&T) -> &str) {
    items.sort_by(|a, b| rank(kind(a), order).cmp(&rank(kind(b), order)));
}

/// The place of a kind among the known ones, then its name among the strangers.
fn rank<'k>(kind: &'k str, order: &[&str]) -> (usize, &'k str) {
    match order.iter().position(|known| *known == kind) {
        Some(place) => (place, ""),
        None => (order.len(), kind),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn both_orders_hold_the_same_kinds() {
        let install: BTreeSet<_> = INSTALL_ORDER.iter().collect();
        let uninstall: BTreeSet<_> = UNINSTALL_ORDER.iter().collect();
        assert_eq!(install, uninstall);
        assert_eq!(install.len(), INSTALL_ORDER.len());
    }

    #[test]
    fn equals_keep_their_order() {
        let mut items = [
            ("Secret", 1),
            ("Zebra", 2),
            ("Secret", 0),
            ("Apple", 3),
            ("Zebra", 1),
        ];
        sort_by_kind(&mut items, INSTALL_ORDER, |item| item.0);
        assert_eq!(
            items,
            [
                ("Secret", 1),
                ("Secret", 0),
                ("Apple", 3),
                ("Zebra", 2),
                ("Zebra", 1)
            ]
        );
    }

    #[test]
    fn services_are_deleted_before_workloads() {
        let mut kinds = ["ConfigMap", "Deployment", "Service"];
        sort_by_kind(&mut kinds, UNINSTALL_ORDER, |kind| kind);
        assert_eq!(kinds, ["Service", "Deployment", "ConfigMap"]);
    }
}
