//! What containers wrote.
// Parity: Helm, pkg/kube/client.go, OutputContainerLogsForPodList.

use helmrs_core::manifest::object;
use helmrs_core::yaml::Value;

use super::request::Request;
use super::{ApiError, Cluster};

/// Why what containers wrote cannot be told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    /// The pods cannot be listed.
    #[error("failed to get pod list with options: {options} with error")]
    List { options: String, source: ApiError },
    /// A container's log cannot be read.
    #[error("failed to stream pod logs for pod: {pod}, container: {container}")]
    Stream { pod: String, container: String },
}

impl Cluster {
    /// What each container of the selected pods wrote.
    pub(crate) async fn pod_logs(
        &self,
        namespace: &str,
        selector: (&'static str, String),
    ) -> Result<Vec<String>, LogError> {
        if self.is_pretended() {
            return Ok(Vec::new());
        }
        let options = options(&selector);
        let request = Request::get(format!("/api/v1/namespaces/{namespace}/pods"))
            .query(selector.0, selector.1);
        let list = match self.api().await {
            Ok(connection) => connection.json(request).await,
            Err(error) => Err(error),
        };
        let list = list.map_err(|source| LogError::List { options, source })?;
        let mut logs = Vec::new();
        for pod in object::items(&list, &["items"]) {
            for container in object::items(pod, &["spec", "containers"]) {
                let (pod, container) = (object::name(pod), container_name(container));
                let log = self.container_log(namespace, pod, container).await;
                logs.push(log.map_err(|_| LogError::Stream {
                    pod: pod.to_string(),
                    container: container.to_string(),
                })?);
            }
        }
        Ok(logs)
    }

    /// What one container wrote.
    pub(crate) async fn container_log(
        &self,
        namespace: &str,
        pod: &str,
        container: &str,
    ) -> Result<String, ApiError> {
        let request = Request::get(format!("/api/v1/namespaces/{namespace}/pods/{pod}/log"))
            .query("container", container)
            .accept("application/json, */*");
        let bytes = self.api().await?.send(request).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// What pods were asked for, as Go prints the options of a list.
// Parity: apimachinery, pkg/apis/meta/v1, ListOptions.
fn options((kind, selector): &(&str, String)) -> String {
    let given = |wanted| {
        if *kind == wanted {
            selector.as_str()
        } else {
            ""
        }
    };
    let (labels, fields) = (given("labelSelector"), given("fieldSelector"));
    format!(
        "{{TypeMeta:{{Kind: APIVersion:}} LabelSelector:{labels} FieldSelector:{fields} Watch:false \
         AllowWatchBookmarks:false ResourceVersion: ResourceVersionMatch: TimeoutSeconds:<nil> Limit:0 Continue: \
         SendInitialEvents:<nil> ShardSelector:}}"
    )
}

/// A container's name in a pod's specification.
pub(crate) fn container_name(container: &Value) -> &str {
    container
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}
