//! Running the tests of a release.
// Parity: Helm, pkg/action/release_testing.go.

use std::time::Duration;

use helmrs_core::manifest::object;
use helmrs_core::release::{Hook, HookEvent, Release};

use super::hooks::{Aftermath, Runner};
use super::options::{WaitStrategy, Waiting};
use crate::Context;
use crate::cluster::{
    ApiError, Cluster, HookError, UnreachableError, container_name, request::Request,
};
use crate::storage::StorageError;

/// Which release to test, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestRequest {
    /// The release's name.
    pub name: String,
    /// How long each test may take.
    pub timeout: Duration,
    /// Names of the tests to run; none stands for all.
    pub included: Vec<String>,
    /// Names of tests not to run.
    pub excluded: Vec<String>,
    /// Whether the logs of the tests' pods are wanted.
    pub logs: bool,
}

/// Why a release was not tested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum TestError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// No release can be called that.
    #[error("releaseTest: Release name is invalid: {name}")]
    InvalidName { name: String },
    /// The record cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What became of the tests of a release.
#[derive(Debug)]
pub struct Tested {
    /// The release, its hooks telling how each test ended.
    pub release: Release,
    /// What the containers of the tests wrote, if that was asked for.
    pub logs: Vec<ContainerLog>,
    /// What went wrong, in order.
    pub problems: Vec<String>,
}

/// What one container wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct ContainerLog {
    pub pod: String,
    pub container: String,
    pub text: String,
}

/// Runs the tests of a release's newest revision, whatever its state.
pub async fn test(context: &Context, request: &TestRequest) -> Result<Tested, TestError> {
    context.cluster().reachable().await?;
    if helmrs_core::name::check_release_name(&request.name).is_err() {
        return Err(TestError::InvalidName {
            name: request.name.clone(),
        });
    }
    let storage = context.storage();
    let mut release = storage.last(&request.name).await?;
    let skipped = set_aside(&mut release, request);
    let waiting = Waiting {
        strategy: WaitStrategy::Watcher,
        timeout: request.timeout,
        jobs: false,
    };
    let runner = Runner::new(context, waiting, release.applied_by());
    let started = runner.start(&mut release, &HookEvent::Test).await;
    // Tests that were left out come first from now on.
    let moved = skipped.len();
    release.hooks.splice(0..0, skipped);
    let mut problems = Vec::new();
    let recorded = storage.update(&release).await;
    match &started {
        Ok(aftermath) if !aftermath.failed() => recorded?,
        // There is a worse problem to tell of than a record that cannot be written.
        _ => {}
    }
    let mut logs = Vec::new();
    if request.logs {
        let (found, failures) =
            pod_logs(context.cluster(), context.namespace(), request, &release).await;
        logs = found;
        problems.extend(failures);
    }
    if let Err(error) = finish(&runner, &release, started, moved).await {
        problems.insert(0, crate::error::chain(&error));
    }
    Ok(Tested {
        release,
        logs,
        problems,
    })
}

async fn finish(
    runner: &Runner<'_>,
    release: &Release,
    started: Result<Aftermath, HookError>,
    moved: usize,
) -> Result<(), HookError> {
    let mut aftermath = started?;
    aftermath.shift(moved);
    runner.finish(release, aftermath).await
}

/// Takes the hooks out that are not to run.
fn set_aside(release: &mut Release, request: &TestRequest) -> Vec<Hook> {
    let mut skipped = Vec::new();
    if !request.excluded.is_empty() {
        skipped.extend(
            release
                .hooks
                .extract_if(.., |hook| request.excluded.contains(&hook.name)),
        );
    }
    if !request.included.is_empty() {
        skipped.extend(
            release
                .hooks
                .extract_if(.., |hook| !request.included.contains(&hook.name)),
        );
    }
    skipped
}

/// What the containers of the tests' pods wrote, and what could not be read.
async fn pod_logs(
    cluster: &Cluster,
    namespace: &str,
    request: &TestRequest,
    release: &Release,
) -> (Vec<ContainerLog>, Vec<String>) {
    let (mut logs, mut problems) = (Vec::new(), Vec::new());
    let mut tests: Vec<&Hook> = release
        .hooks
        .iter()
        .filter(|hook| is_shown(hook, request))
        .collect();
    tests.sort_by(|a, b| (a.weight, &a.name).cmp(&(b.weight, &b.name)));
    for hook in tests {
        if let Err(error) =
            container_logs(cluster, namespace, &hook.name, &mut logs, &mut problems).await
        {
            problems.push(format!("unable to get pod {}: {error}", hook.name));
        }
        // Parity: the tests after one whose logs cannot be read are passed over.
        if !problems.is_empty() {
            break;
        }
    }
    (logs, problems)
}

fn is_shown(hook: &Hook, request: &TestRequest) -> bool {
    hook.kind == "Pod"
        && hook.runs_at(&HookEvent::Test)
        && !request.excluded.contains(&hook.name)
        && (request.included.is_empty() || request.included.contains(&hook.name))
}

async fn container_logs(
    cluster: &Cluster,
    namespace: &str,
    pod: &str,
    logs: &mut Vec<ContainerLog>,
    problems: &mut Vec<String>,
) -> Result<(), ApiError> {
    let live = cluster
        .api()
        .await?
        .json(Request::get(format!(
            "/api/v1/namespaces/{namespace}/pods/{pod}"
        )))
        .await?;
    let first = object::items(&live, &["spec", "initContainers"]);
    for container in first
        .iter()
        .chain(object::items(&live, &["spec", "containers"]))
    {
        let container = container_name(container).to_string();
        match cluster.container_log(namespace, pod, &container).await {
            Ok(text) => logs.push(ContainerLog {
                pod: pod.to_string(),
                container,
                text,
            }),
            Err(error) => {
                problems.push(format!(
                    "unable to get logs for pod {pod}, container {container}: {error}"
                ));
            }
        }
    }
    Ok(())
}
