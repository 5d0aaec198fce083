//! What makes pods: deployments, jobs and their like.

use serde_json::{Value as Json, json};

use super::Layout;
use super::cell::{NONE, age, containers, items, name, number, selector, since, span, text};
use crate::resources::Kind;

pub(super) fn layout(kind: &Kind) -> Option<Layout> {
    let (columns, cells): (&str, fn(&Json) -> Vec<Json>) = match (
        kind.group.as_str(),
        kind.kind.as_str(),
    ) {
        ("apps", "Deployment") => (
            "Name Ready Up-to-date Available Age *Containers *Images *Selector",
            deployment,
        ),
        ("apps", "ReplicaSet") | ("", "ReplicationController") => (
            "Name Desired Current Ready Age *Containers *Images *Selector",
            replica_set,
        ),
        ("apps", "StatefulSet") => ("Name Ready Age *Containers *Images", stateful_set),
        ("apps", "DaemonSet") => (
            "Name Desired Current Ready Up-to-date Available Node_Selector Age *Containers *Images *Selector",
            daemon_set,
        ),
        ("apps", "ControllerRevision") => ("Name Controller Revision Age", revision),
        ("batch", "Job") => (
            "Name Status Completions Duration Age *Containers *Images *Selector",
            job,
        ),
        ("batch", "CronJob") => (
            "Name Schedule Timezone Suspend Active Last_Schedule Age *Containers *Images *Selector",
            cron_job,
        ),
        ("autoscaling", "HorizontalPodAutoscaler") => (
            "Name Reference Targets MinPods MaxPods Replicas Age",
            autoscaler,
        ),
        ("policy", "PodDisruptionBudget") => (
            "Name Min_Available Max_Unavailable Allowed_Disruptions Age",
            budget,
        ),
        _ => return None,
    };
    Some(Layout { columns, cells })
}

fn with_template(mut cells: Vec<Json>, object: &Json) -> Vec<Json> {
    cells.extend(containers(&object["spec"]["template"]));
    cells
}

fn wide(cells: Vec<Json>, object: &Json) -> Vec<Json> {
    let mut cells = with_template(cells, object);
    cells.push(selector(&object["spec"]["selector"]));
    cells
}

fn deployment(object: &Json) -> Vec<Json> {
    let ready = format!(
        "{}/{}",
        number(object, "/status/readyReplicas"),
        number(object, "/spec/replicas")
    );
    let (updated, available) = (
        number(object, "/status/updatedReplicas"),
        number(object, "/status/availableReplicas"),
    );
    wide(
        vec![
            name(object),
            ready.into(),
            updated.into(),
            available.into(),
            age(object),
        ],
        object,
    )
}

fn replica_set(object: &Json) -> Vec<Json> {
    let numbers = [
        "/spec/replicas",
        "/status/replicas",
        "/status/readyReplicas",
    ];
    let mut cells = vec![name(object)];
    cells.extend(numbers.map(|pointer| json!(number(object, pointer))));
    cells.push(age(object));
    wide(cells, object)
}

fn stateful_set(object: &Json) -> Vec<Json> {
    let ready = format!(
        "{}/{}",
        number(object, "/status/readyReplicas"),
        number(object, "/spec/replicas")
    );
    with_template(vec![name(object), ready.into(), age(object)], object)
}

fn daemon_set(object: &Json) -> Vec<Json> {
    let numbers = [
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "numberReady",
        "updatedNumberScheduled",
        "numberAvailable",
    ];
    let mut cells = vec![name(object)];
    cells.extend(numbers.map(|field| json!(number(&object["status"], &format!("/{field}")))));
    cells.push(selector(
        &object["spec"]["template"]["spec"]["nodeSelector"],
    ));
    cells.push(age(object));
    wide(cells, object)
}

fn revision(object: &Json) -> Vec<Json> {
    let owner =
        items(object, "/metadata/ownerReferences").find(|owner| owner["controller"] == true);
    let owner = owner.map_or(NONE.to_owned(), |owner| {
        let group = owner["apiVersion"]
            .as_str()
            .and_then(|version| version.split_once('/'));
        let word = |name: &str| owner[name].as_str().unwrap_or_default();
        let kind = word("kind").to_lowercase();
        let group = group.map_or(String::new(), |(group, _)| format!(".{group}"));
        format!("{kind}{group}/{}", word("name"))
    });
    vec![
        name(object),
        owner.into(),
        number(object, "/revision").into(),
        age(object),
    ]
}

fn job(object: &Json) -> Vec<Json> {
    let has = |kind: &str| {
        items(object, "/status/conditions")
            .any(|condition| condition["type"] == kind && condition["status"] == "True")
    };
    let status = match () {
        () if has("Complete") => "Complete",
        () if has("Failed") => "Failed",
        () if object["metadata"].get("deletionTimestamp").is_some() => "Terminating",
        () if has("Suspended") => "Suspended",
        () if has("FailureTarget") => "FailureTarget",
        () if has("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    };
    let done = number(object, "/status/succeeded");
    let completions = match object["spec"]["completions"].as_i64() {
        Some(wanted) => format!("{done}/{wanted}"),
        None => match number(object, "/spec/parallelism") {
            parallelism if parallelism > 1 => format!("{done}/1 of {parallelism}"),
            _ => format!("{done}/1"),
        },
    };
    let cells = vec![
        name(object),
        status.into(),
        completions.into(),
        duration(object).into(),
        age(object),
    ];
    wide(cells, object)
}

fn duration(job: &Json) -> String {
    let time = |field: &str| {
        job["status"][field]
            .as_str()
            .and_then(|time| time.parse::<jiff::Timestamp>().ok())
    };
    match (time("startTime"), time("completionTime")) {
        (Some(start), Some(end)) => span(end.as_second() - start.as_second()),
        (Some(_), None) => since(&job["status"]["startTime"]),
        (None, _) => String::new(),
    }
}

fn cron_job(object: &Json) -> Vec<Json> {
    let suspended = object["spec"]["suspend"] == true;
    let last = match &object["status"]["lastScheduleTime"] {
        Json::Null => NONE.to_owned(),
        time => since(time),
    };
    let active = items(object, "/status/active").count();
    let cells = vec![
        name(object),
        object["spec"]["schedule"].clone(),
        text(object, "/spec/timeZone", NONE),
        if suspended { "True" } else { "False" }.into(),
        json!(active),
        last.into(),
        age(object),
    ];
    wide(cells, &object["spec"]["jobTemplate"])
}

fn autoscaler(object: &Json) -> Vec<Json> {
    let target = &object["spec"]["scaleTargetRef"];
    let word = |name: &str| target[name].as_str().unwrap_or_default();
    let metrics = items(object, "/spec/metrics")
        .enumerate()
        .map(|(index, metric)| {
            let current = &object["status"]["currentMetrics"][index]["resource"]["current"];
            let resource = &metric["resource"];
            let name = resource["name"].as_str().unwrap_or_default();
            let wanted = &resource["target"];
            match (
                wanted["averageUtilization"].as_i64(),
                wanted["averageValue"].as_str(),
            ) {
                (Some(wanted), _) => {
                    let current = current["averageUtilization"].as_i64();
                    let current =
                        current.map_or("<unknown>".to_owned(), |value| format!("{value}%"));
                    format!("{name}: {current}/{wanted}%")
                }
                (None, Some(wanted)) => {
                    format!(
                        "{name}: {}/{wanted}",
                        current["averageValue"].as_str().unwrap_or("<unknown>")
                    )
                }
                (None, None) => "<unknown>".to_owned(),
            }
        });
    let metrics: Vec<String> = metrics.collect();
    let targets = if metrics.is_empty() {
        NONE.to_owned()
    } else {
        metrics.join(", ")
    };
    let least = object["spec"]["minReplicas"].as_i64();
    vec![
        name(object),
        format!("{}/{}", word("kind"), word("name")).into(),
        targets.into(),
        least.map_or("<unset>".into(), |least| least.to_string().into()),
        number(object, "/spec/maxReplicas").into(),
        number(object, "/status/currentReplicas").into(),
        age(object),
    ]
}

fn budget(object: &Json) -> Vec<Json> {
    let amount = |field: &str| match &object["spec"][field] {
        Json::Null => "N/A".into(),
        Json::Number(number) => number.to_string().into(),
        other => other.clone(),
    };
    let allowed = number(object, "/status/disruptionsAllowed");
    vec![
        name(object),
        amount("minAvailable"),
        amount("maxUnavailable"),
        allowed.into(),
        age(object),
    ]
}
