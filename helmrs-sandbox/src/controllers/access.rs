//! How controllers read and write objects.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::objects::{DeleteOptions, Objects, Propagation, Request};
use crate::resources::Kind;
use crate::store::{Key, Store};

/// The manager controllers are booked as.
const MANAGER: &str = "kube-controller-manager";

/// The objects of a cluster, as controllers see them.
#[derive(Clone)]
pub(super) struct Access {
    objects: Objects,
}

impl Access {
    pub(super) fn new(objects: Objects) -> Self {
        Self { objects }
    }

    /// The rules all writes go through.
    pub(super) fn objects(&self) -> &Objects {
        &self.objects
    }

    pub(super) fn store(&self) -> &Store {
        self.objects.store()
    }

    /// Where an object is; the resource is `group/plural`.
    pub(super) fn key(resource: &str, namespace: &str, name: &str) -> Key {
        Key {
            resource: Arc::from(resource),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The object at a key.
    pub(super) fn at(&self, key: &Key) -> Option<Arc<Json>> {
        self.store().get(key)
    }

    /// The objects of a resource.
    pub(super) fn list(&self, resource: &str, namespace: Option<&str>) -> Vec<Arc<Json>> {
        self.store().list(&Arc::from(resource), namespace).0
    }

    /// Where the objects of a resource are.
    pub(super) fn keys(&self, resource: &str, namespace: Option<&str>) -> Vec<Key> {
        self.store().keys(&Arc::from(resource), namespace)
    }

    /// The objects of a resource an object controls.
    pub(super) fn controlled(&self, resource: &str, owner: &Json) -> Vec<Arc<Json>> {
        let (uid, namespace) = (word(owner, "uid"), word(owner, "namespace"));
        let keys = self.store().owned(uid);
        let keys = keys
            .iter()
            .filter(|key| &*key.resource == resource && key.namespace == namespace);
        let objects = keys.filter_map(|key| self.at(key));
        objects
            .filter(|object| is_controlled(object, uid))
            .collect()
    }

    /// Where the owners of an object are.
    pub(super) fn owners(&self, object: &Json) -> Vec<Key> {
        let references = object["metadata"]["ownerReferences"].as_array();
        let namespace = word(object, "namespace");
        references
            .into_iter()
            .flatten()
            .filter_map(|reference| self.owner_key(reference, namespace))
            .collect()
    }

    /// Where the owner is that a reference names.
    pub(super) fn owner_key(&self, reference: &Json, namespace: &str) -> Option<Key> {
        let kind = self.objects.kind(
            reference["apiVersion"].as_str()?,
            reference["kind"].as_str()?,
        )?;
        let namespace = if kind.namespaced { namespace } else { "" };
        Some(Self::key(
            &kind.storage,
            namespace,
            reference["name"].as_str()?,
        ))
    }

    /// Every kind of objects that live in namespaces.
    pub(super) fn namespaced_resources(&self) -> Vec<Arc<str>> {
        let registry = self.objects.registry();
        registry
            .stored()
            .iter()
            .filter(|kind| kind.namespaced)
            .map(|kind| kind.storage.clone())
            .collect()
    }

    fn request(&self, object: &Json) -> Option<Request> {
        let kind: Arc<Kind> = self
            .objects
            .kind(object["apiVersion"].as_str()?, object["kind"].as_str()?)?;
        Some(Request::new(
            &kind,
            word(object, "namespace"),
            word(object, "name"),
            MANAGER,
        ))
    }

    /// Stores a new object, whose name may be left to the server.
    pub(super) fn create(&self, object: Json) -> Option<Arc<Json>> {
        let mut request = self.request(&object)?;
        request.name = String::new();
        let result = self.objects.create(&request, object);
        result
            .inspect_err(|error| tracing::debug!(%error, "create"))
            .ok()
            .map(|written| written.object)
    }

    /// Changes an object below one of its paths; `""` is the object itself.
    pub(super) fn modify(&self, object: &Json, below: &str, change: impl FnOnce(&mut Json)) {
        let Some(request) = self.request(object) else {
            return;
        };
        if let Err(error) = self.objects.modify(&request.below(below), change) {
            tracing::debug!(%error, "modify");
        }
    }

    /// Sets the status of an object, if it is another.
    pub(super) fn set_status(&self, object: &Json, status: Json) {
        if object["status"] != status {
            self.modify(object, "status", |object| object["status"] = status);
        }
    }

    /// Sets a field of the spec, if it is another.
    pub(super) fn set_spec(&self, object: &Json, field: &str, value: Json) {
        if object["spec"][field] != value {
            self.modify(object, "", |object| object["spec"][field] = value);
        }
    }

    /// Sets annotations, if they are others.
    pub(super) fn annotate(&self, object: &Json, annotations: &[(&str, String)]) {
        let known = &object["metadata"]["annotations"];
        if annotations
            .iter()
            .all(|(name, value)| known[*name] == value.as_str())
        {
            return;
        }
        self.modify(object, "", |object| {
            for (name, value) in annotations {
                object["metadata"]["annotations"][*name] = value.as_str().into();
            }
        });
    }

    /// Removes a finalizer from an object.
    pub(super) fn remove_finalizer(&self, object: &Json, finalizer: &str) {
        self.modify(object, "", |object| {
            if let Some(list) = object
                .pointer_mut("/metadata/finalizers")
                .and_then(Json::as_array_mut)
            {
                list.retain(|name| name != finalizer);
            }
        });
    }

    /// Deletes an object, and later what depends on it.
    pub(super) fn delete(&self, object: &Json) {
        self.delete_with(object, Propagation::Background, None);
    }

    /// Deletes an object.
    pub(super) fn delete_with(&self, object: &Json, propagation: Propagation, grace: Option<i64>) {
        let Some(request) = self.request(object) else {
            return;
        };
        let uid = Some(word(object, "uid").to_owned());
        let options = DeleteOptions {
            propagation: Some(propagation),
            grace,
            uid,
            ..DeleteOptions::default()
        };
        if let Err(error) = self.objects.delete(&request, &options) {
            tracing::debug!(%error, "delete");
        }
    }
}

/// A text of an object's metadata.
pub(super) fn word<'a>(object: &'a Json, name: &str) -> &'a str {
    object["metadata"][name].as_str().unwrap_or_default()
}

/// A number in an object, zero if it has none.
pub(super) fn number(object: &Json, path: &str) -> i64 {
    object
        .pointer(path)
        .and_then(Json::as_i64)
        .unwrap_or_default()
}

/// Whether an object controls this one.
fn is_controlled(object: &Json, owner: &str) -> bool {
    let owners = object["metadata"]["ownerReferences"].as_array();
    owners
        .into_iter()
        .flatten()
        .any(|reference| reference["uid"] == owner && reference["controller"] == true)
}

/// The reference by which an object controls another.
pub(super) fn controller_reference(owner: &Json) -> Json {
    json!({
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": true,
        "blockOwnerDeletion": true,
    })
}
