//! Configuration, storage, access, and the cluster itself.

use serde_json::{Value as Json, json};

use super::Layout;
use super::cell::{NONE, age, count, items, joined, name, since, text};
use crate::resources::Kind;

pub(super) fn layout(kind: &Kind) -> Option<Layout> {
    let (columns, cells): (&str, fn(&Json) -> Vec<Json>) = match (
        kind.group.as_str(),
        kind.kind.as_str(),
    ) {
        ("", "ConfigMap") => ("Name Data Age", |object| {
            vec![
                name(object),
                count(object, &["data", "binaryData"]),
                age(object),
            ]
        }),
        ("", "Secret") => ("Name Type Data Age", |object| {
            vec![
                name(object),
                object["type"].clone(),
                count(object, &["data"]),
                age(object),
            ]
        }),
        ("", "ServiceAccount") => ("Name Age", |object| vec![name(object), age(object)]),
        ("", "Namespace") => ("Name Status Age", |object| {
            vec![name(object), text(object, "/status/phase", ""), age(object)]
        }),
        ("", "Node") => ("Name Status Roles Age Version", node),
        ("", "Event") => (
            "Last_Seen Type Reason Object *Subobject *Source Message *First_Seen *Count *Name",
            event,
        ),
        ("", "PersistentVolumeClaim") => (
            "Name Status Volume Capacity Access_Modes StorageClass VolumeAttributesClass Age *VolumeMode",
            claim,
        ),
        ("", "PersistentVolume") => (
            "Name Capacity Access_Modes Reclaim_Policy Status Claim StorageClass VolumeAttributesClass Reason Age *VolumeMode",
            volume,
        ),
        ("", "ResourceQuota") => ("Name Request Limit Age", quota),
        ("", "LimitRange") => ("Name Created_At", super::named),
        ("storage.k8s.io", "StorageClass") => (
            "Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age",
            storage_class,
        ),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            ("Name Role Age *Users *Groups *ServiceAccounts", binding)
        }
        ("scheduling.k8s.io", "PriorityClass") => {
            ("Name Value Global-Default Age PreemptionPolicy", priority)
        }
        ("coordination.k8s.io", "Lease") => ("Name Holder Age", |object| {
            vec![
                name(object),
                text(object, "/spec/holderIdentity", ""),
                age(object),
            ]
        }),
        (
            "admissionregistration.k8s.io",
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration",
        ) => ("Name Webhooks Age", |object| {
            vec![name(object), count(object, &["webhooks"]), age(object)]
        }),
        _ => return None,
    };
    Some(Layout { columns, cells })
}

fn node(object: &Json) -> Vec<Json> {
    let ready = items(object, "/status/conditions").find(|condition| condition["type"] == "Ready");
    let mut status = match ready.and_then(|condition| condition["status"].as_str()) {
        Some("True") => "Ready".to_owned(),
        Some(_) => "NotReady".to_owned(),
        None => "Unknown".to_owned(),
    };
    if object["spec"]["unschedulable"] == true {
        status.push_str(",SchedulingDisabled");
    }
    let roles = object["metadata"]["labels"]
        .as_object()
        .into_iter()
        .flatten();
    let roles = roles.filter_map(|(name, _)| name.strip_prefix("node-role.kubernetes.io/"));
    let version = text(object, "/status/nodeInfo/kubeletVersion", "");
    vec![
        name(object),
        status.into(),
        joined(roles.map(str::to_owned)),
        age(object),
        version,
    ]
}

fn event(object: &Json) -> Vec<Json> {
    let time = |field: &str| match &object[field] {
        Json::Null => since(&object["eventTime"]),
        time => since(time),
    };
    let about = &object["involvedObject"];
    let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let source = [&object["source"]["component"], &object["source"]["host"]].map(word);
    let source: Vec<String> = source.into_iter().filter(|word| !word.is_empty()).collect();
    vec![
        time("lastTimestamp").into(),
        object["type"].clone(),
        object["reason"].clone(),
        format!(
            "{}/{}",
            word(&about["kind"]).to_lowercase(),
            word(&about["name"])
        )
        .into(),
        word(&about["fieldPath"]).into(),
        source.join(", ").into(),
        word(&object["message"]).trim().into(),
        time("firstTimestamp").into(),
        json!(object["count"].as_i64().unwrap_or(1)),
        name(object),
    ]
}

fn access_modes(modes: &Json) -> String {
    let short = |mode: &Json| match mode.as_str() {
        Some("ReadWriteOnce") => "RWO",
        Some("ReadOnlyMany") => "ROX",
        Some("ReadWriteMany") => "RWX",
        Some("ReadWriteOncePod") => "RWOP",
        _ => "",
    };
    let modes: Vec<&str> = modes.as_array().into_iter().flatten().map(short).collect();
    modes.join(",")
}

fn claim(object: &Json) -> Vec<Json> {
    let leaving = object["metadata"].get("deletionTimestamp").is_some();
    let phase = if leaving {
        json!("Terminating")
    } else {
        text(object, "/status/phase", "")
    };
    let bound = object["spec"]["volumeName"]
        .as_str()
        .is_some_and(|name| !name.is_empty());
    let (capacity, modes) = if bound {
        (
            text(object, "/status/capacity/storage", ""),
            access_modes(&object["status"]["accessModes"]),
        )
    } else {
        (json!(""), String::new())
    };
    vec![
        name(object),
        phase,
        text(object, "/spec/volumeName", ""),
        capacity,
        modes.into(),
        text(object, "/spec/storageClassName", ""),
        text(object, "/spec/volumeAttributesClassName", "<unset>"),
        age(object),
        text(object, "/spec/volumeMode", "<unset>"),
    ]
}

fn volume(object: &Json) -> Vec<Json> {
    let claim = &object["spec"]["claimRef"];
    let claim = match (claim["namespace"].as_str(), claim["name"].as_str()) {
        (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
        _ => String::new(),
    };
    vec![
        name(object),
        text(object, "/spec/capacity/storage", ""),
        access_modes(&object["spec"]["accessModes"]).into(),
        text(object, "/spec/persistentVolumeReclaimPolicy", ""),
        text(object, "/status/phase", ""),
        claim.into(),
        text(object, "/spec/storageClassName", ""),
        text(object, "/spec/volumeAttributesClassName", "<unset>"),
        text(object, "/status/reason", ""),
        age(object),
        text(object, "/spec/volumeMode", "<unset>"),
    ]
}

fn quota(object: &Json) -> Vec<Json> {
    let hard = object["status"]["hard"].as_object();
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (name, amount) in hard.into_iter().flatten() {
        let word = |value: &Json| value.as_str().unwrap_or("0").to_owned();
        let text = format!(
            "{name}: {}/{}",
            word(&object["status"]["used"][name]),
            word(amount)
        );
        if name.starts_with("limits") {
            limits.push(text);
        } else {
            requests.push(text);
        }
    }
    vec![
        name(object),
        requests.join(", ").into(),
        limits.join(", ").into(),
        age(object),
    ]
}

fn storage_class(object: &Json) -> Vec<Json> {
    let marked = &object["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"];
    let mut shown = object["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    if marked == "true" {
        shown.push_str(" (default)");
    }
    vec![
        shown.into(),
        object["provisioner"].clone(),
        text(object, "/reclaimPolicy", "Delete"),
        text(object, "/volumeBindingMode", "Immediate"),
        json!(object["allowVolumeExpansion"] == true),
        age(object),
    ]
}

fn binding(object: &Json) -> Vec<Json> {
    let role = &object["roleRef"];
    let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let of = |kind: &str| {
        let subjects = items(object, "/subjects").filter(|subject| subject["kind"] == kind);
        let names = subjects.map(|subject| match subject["namespace"].as_str() {
            Some(namespace) if kind == "ServiceAccount" => {
                format!("{namespace}/{}", word(&subject["name"]))
            }
            _ => word(&subject["name"]),
        });
        Json::from(names.collect::<Vec<_>>().join(", "))
    };
    let role = format!("{}/{}", word(&role["kind"]), word(&role["name"]));
    vec![
        name(object),
        role.into(),
        age(object),
        of("User"),
        of("Group"),
        of("ServiceAccount"),
    ]
}

fn priority(object: &Json) -> Vec<Json> {
    vec![
        name(object),
        object["value"].clone(),
        json!(object["globalDefault"] == true),
        age(object),
        text(object, "/preemptionPolicy", NONE),
    ]
}
