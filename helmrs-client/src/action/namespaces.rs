//! The namespaces there are, for those who have to name one.

use helmrs_core::yaml::Value;

use crate::Context;
use crate::cluster::ApiError;
use crate::cluster::request::Request;

/// How many seconds the API server has for its answer: somebody waits for it in the middle of a line.
const PATIENCE: &str = "3";

/// The names of all namespaces.
// Parity: Helm, pkg/cmd/root.go, the completion of --namespace.
pub async fn namespaces(context: &Context) -> Result<Vec<String>, ApiError> {
    let request = Request::get("/api/v1/namespaces").query("timeoutSeconds", PATIENCE);
    let list = context.cluster().api().await?.json(request).await?;
    let items = list.get("items").and_then(Value::as_list);
    let names = items.unwrap_or_default().iter().filter_map(|item| {
        let name = item.at(&["metadata", "name"])?;
        name.as_str().map(str::to_owned)
    });
    Ok(names.collect())
}
