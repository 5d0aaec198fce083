//! Records as objects of the API server: what Secrets and ConfigMaps have in common.
// Parity: Helm, pkg/storage/driver/{secrets,cfgmaps}.go.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use helmrs_core::release::{Release, record, summary};
use helmrs_core::yaml::{Map, Value, json};
use helmrs_gotemplate::Ambient;
use http::Method;
use serde::Deserialize;

use super::{Driver, Selection, StorageError};
use crate::cluster::request::{JSON, Request};
use crate::cluster::{ApiError, Cluster};

/// What the reference's typed clients accept; servers may answer with either.
const ACCEPT: &str = "application/json";

/// How one kind of object holds a record.
pub(super) trait Holder: Send + Sync {
    /// The kind's plural name in paths.
    const RESOURCE: &'static str;

    /// The object that holds the encoded record, metadata left out.
    fn wrap(record: &str) -> Map;

    /// The encoded record in an object's data.
    fn record(data: String) -> Result<Vec<u8>, String>;
}

/// Stores each record in an object of its own.
pub(super) struct ObjectDriver<H> {
    cluster: Arc<Cluster>,
    /// The namespace of the records; empty for all, which is for listing only.
    namespace: String,
    ambient: Arc<dyn Ambient + Send + Sync>,
    holder: std::marker::PhantomData<H>,
}

impl<H: Holder> ObjectDriver<H> {
    pub(super) fn new(
        cluster: Arc<Cluster>,
        namespace: String,
        ambient: Arc<dyn Ambient + Send + Sync>,
    ) -> Self {
        Self {
            cluster,
            namespace,
            ambient,
            holder: std::marker::PhantomData,
        }
    }

    fn collection(&self) -> String {
        if self.namespace.is_empty() {
            format!("/api/v1/{}", H::RESOURCE)
        } else {
            format!("/api/v1/namespaces/{}/{}", self.namespace, H::RESOURCE)
        }
    }

    fn path(&self, key: &str) -> String {
        format!("{}/{key}", self.collection())
    }

    async fn read(&self, key: &str) -> Result<Release, StorageError> {
        let request = Request::get(self.path(key)).accept(ACCEPT);
        let object = match self.ask(request).await {
            Ok(object) => object,
            Err(error) if error.is_not_found() => return Err(StorageError::NotFound),
            Err(source) => return Err(failure(format!("get: failed to get \"{key}\""), source)),
        };
        let mut release = decode::<H>(&object).map_err(|problem| StorageError::Record {
            operation: format!("get: failed to decode data \"{key}\""),
            problem,
        })?;
        release.labels = record::custom_labels(&release.labels);
        Ok(release)
    }

    async fn select(&self, selection: &Selection) -> Result<Vec<Release>, StorageError> {
        let request = Request::get(self.collection())
            .accept(ACCEPT)
            .query("labelSelector", selection.to_selector());
        let operation = match selection {
            Selection::All => "list: failed to list",
            Selection::Name(_) | Selection::Deployed(_) => "query: failed to query with labels",
        };
        let list = self
            .ask(request)
            .await
            .map_err(|source| failure(operation.to_string(), source))?;
        let items = list
            .get("items")
            .and_then(Value::as_list)
            .unwrap_or_default();
        if items.is_empty() && *selection != Selection::All {
            return Err(StorageError::NotFound);
        }
        Ok(items
            .iter()
            .filter_map(|item| decode::<H>(item).ok())
            .collect())
    }

    /// All records as far as lists show them. The answer may be large: of it, too, only what is needed is kept.
    async fn summarize(&self) -> Result<Vec<Release>, StorageError> {
        let request = Request::get(self.collection())
            .accept(ACCEPT)
            .query("labelSelector", Selection::All.to_selector());
        let listed = async {
            let answer = self.cluster.api().await?.send(request).await?;
            serde_json::from_slice(&answer).map_err(|error| ApiError::Malformed {
                message: error.to_string(),
            })
        };
        let list: List<Listed> = listed
            .await
            .map_err(|source| failure("list: failed to list".to_string(), source))?;
        let summaries = list.items.unwrap_or_default().into_iter();
        Ok(summaries.filter_map(shown::<H>).collect())
    }

    async fn insert(&self, key: &str, release: &Release) -> Result<(), StorageError> {
        let object =
            self.object(key, release, "createdAt")
                .map_err(|problem| StorageError::Record {
                    operation: format!("create: failed to encode release \"{}\"", release.name),
                    problem,
                })?;
        match self
            .ask(
                Request::new(Method::POST, self.collection())
                    .accept(ACCEPT)
                    .body(JSON, object),
            )
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if error.is_already_exists() => Err(StorageError::AlreadyExists),
            Err(source) => Err(failure("create: failed to create".to_string(), source)),
        }
    }

    async fn replace(&self, key: &str, release: &Release) -> Result<(), StorageError> {
        let object =
            self.object(key, release, "modifiedAt")
                .map_err(|problem| StorageError::Record {
                    operation: format!("update: failed to encode release \"{}\"", release.name),
                    problem,
                })?;
        let request = Request::new(Method::PUT, self.path(key))
            .accept(ACCEPT)
            .body(JSON, object);
        self.ask(request)
            .await
            .map_err(|source| failure("update: failed to update".to_string(), source))?;
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), StorageError> {
        self.read(key).await?;
        let request = Request::new(Method::DELETE, self.path(key)).accept(ACCEPT);
        self.ask(request).await.map_err(StorageError::Delete)?;
        Ok(())
    }

    async fn ask(&self, request: Request) -> Result<Value, ApiError> {
        self.cluster.api().await?.json(request).await
    }

    /// The JSON of the object that holds a record, stamped with the time under `stamp`.
    fn object(&self, key: &str, release: &Release, stamp: &str) -> Result<Vec<u8>, String> {
        let mut labels = record::labels(release);
        labels.insert(stamp.to_string(), self.ambient.now().unix().to_string());
        let labels: Map = labels
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        let mut metadata = Map::from([
            ("name".to_string(), key.into()),
            ("labels".to_string(), labels.into()),
        ]);
        if !self.namespace.is_empty() {
            metadata.insert("namespace".to_string(), self.namespace.as_str().into());
        }
        let record = record::encode(release).map_err(|error| error.to_string())?;
        let mut object = H::wrap(&record);
        object.insert("metadata".to_string(), metadata.into());
        json::to_json(&object.into())
            .map(Into::into)
            .map_err(|error| error.to_string())
    }
}

/// A list of objects.
#[derive(Deserialize)]
struct List<T> {
    items: Option<Vec<T>>,
}

/// An object that holds a record, as far as records are concerned.
#[derive(Deserialize)]
struct Listed {
    metadata: Metadata,
    #[serde(default)]
    data: Data,
}

#[derive(Deserialize)]
struct Metadata {
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    release: String,
}

/// The release of an object, if it can be read.
fn shown<H: Holder>(listed: Listed) -> Option<Release> {
    let record = H::record(listed.data.release).ok()?;
    let mut release = summary::decode(&record).ok()?;
    release.labels = listed.metadata.labels.unwrap_or_default();
    Some(release)
}

fn failure(operation: String, source: ApiError) -> StorageError {
    StorageError::Api { operation, source }
}

fn decode<H: Holder>(object: &Value) -> Result<Release, String> {
    let data = object.at(&["data", "release"]).and_then(Value::as_str);
    let record = H::record(data.unwrap_or_default().to_string())?;
    let mut release = record::decode(&record).map_err(|error| error.to_string())?;
    let labels = object.at(&["metadata", "labels"]).and_then(Value::as_map);
    release.labels = labels
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_string())))
        .collect();
    Ok(release)
}

impl<H: Holder> Driver for ObjectDriver<H> {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Release, StorageError>> {
        self.read(key).boxed()
    }

    fn query<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> BoxFuture<'a, Result<Vec<Release>, StorageError>> {
        self.select(selection).boxed()
    }

    fn summaries(&self) -> BoxFuture<'_, Result<Vec<Release>, StorageError>> {
        self.summarize().boxed()
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        self.insert(key, release).boxed()
    }

    fn update<'a>(
        &'a self,
        key: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        self.replace(key, release).boxed()
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>> {
        self.remove(key).boxed()
    }
}
