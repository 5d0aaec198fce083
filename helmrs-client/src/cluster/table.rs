//! Live objects in the shape somebody wants to look at: as they are, or as rows with the server's columns.

use helmrs_core::manifest::object;
use helmrs_core::yaml::Value;

use super::request::{JSON, Request};
use super::resource::Resource;
use super::{ApiError, Cluster};

/// Asks for rows and columns, and takes the object itself from servers that have none.
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,\
                     application/json";

/// The shape in which an object is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    Table,
}

impl Shape {
    fn of(self, request: Request) -> Request {
        match self {
            Self::Object => request.accept(JSON),
            Self::Table => request.accept(TABLE).query("includeObject", "Object"),
        }
    }
}

impl Cluster {
    /// The live object in a shape.
    pub(crate) async fn shaped(
        &self,
        resource: &Resource,
        shape: Shape,
    ) -> Result<Value, ApiError> {
        self.api()
            .await?
            .json(shape.of(Request::get(resource.path())))
            .await
    }

    /// The pods a selector fits, as the one list or the one table they come in.
    pub(crate) async fn pods(
        &self,
        namespace: &str,
        selector: &str,
        shape: Shape,
    ) -> Result<Value, ApiError> {
        let request = Request::get(format!("/api/v1/namespaces/{namespace}/pods"))
            .query("labelSelector", selector);
        let mut list = self.api().await?.json(shape.of(request)).await?;
        // Items of a list leave out what they are.
        if object::text(&list, &["kind"]) == Some("PodList")
            && let Some(map) = list.as_map_mut()
        {
            let pods = map.get("items").and_then(Value::as_list);
            let pods = pods.unwrap_or_default().iter();
            let pods: Vec<_> = pods.map(|pod| typed(pod, "v1", "Pod")).collect();
            map.insert("items".to_owned(), pods.into());
        }
        Ok(list)
    }
}

fn typed(item: &Value, api_version: &str, kind: &str) -> Value {
    let mut item = item.clone();
    if let Some(map) = item.as_map_mut() {
        map.get_or_insert_with("apiVersion", || api_version.into());
        map.get_or_insert_with("kind", || kind.into());
    }
    item
}
