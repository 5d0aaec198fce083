//! All objects at once: out of a cluster and into one.
//!
//! What was dumped comes back as it was, with identities, owners and status. What somebody wrote by hand is
//! applied as a client would. Both may be in one file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::{Objects, Request, Strictness};
use crate::error::ApiError;
use crate::store::Verdict;

/// Who loaded objects are booked on that were written by hand.
const MANAGER: &str = "helmrs-sandbox";
/// The namespace of objects that name none.
const NAMESPACE: &str = "default";

/// Why objects were not loaded; those before the one at fault were.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text is not JSON.
    #[error("the objects to load are no JSON")]
    Json(#[from] serde_json::Error),
    /// There is no such kind.
    #[error("no matches for kind \"{kind}\" in version \"{api_version}\"")]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Kind { api_version: String, kind: String },
    /// The cluster refuses an object.
    #[error("{kind} \"{name}\": {reason}")]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Refused {
        kind: String,
        name: String,
        reason: String,
    },
}

impl Objects {
    /// Every object, as JSON of kind `List`.
    pub(crate) fn dump(&self) -> String {
        let mut text = r#"{"apiVersion":"v1","items":["#.to_owned();
        for (index, (_, object)) in self.store().all().iter().enumerate() {
            text.push_str(if index > 0 { ",\n" } else { "\n" });
            text.push_str(object.text());
        }
        text.push_str("\n],\"kind\":\"List\",\"metadata\":{}}\n");
        text
    }

    /// Stores objects; says how many. Controllers see them when all of them are there.
    pub(crate) fn load(&self, text: &[u8]) -> Result<usize, LoadError> {
        let mut objects = Vec::new();
        flatten(serde_json::from_slice(text)?, &mut objects);
        let count = objects.len();
        let _calm = self.calm();
        for object in in_order(objects) {
            self.load_one(object)?;
        }
        Ok(count)
    }

    fn load_one(&self, object: Json) -> Result<(), LoadError> {
        let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let (api_version, kind) = (word(&object["apiVersion"]), word(&object["kind"]));
        let Some(kind) = self.kind(&api_version, &kind) else {
            return Err(LoadError::Kind { api_version, kind });
        };
        let name = word(&object["metadata"]["name"]);
        let namespace = match object["metadata"]["namespace"].as_str() {
            _ if !kind.namespaced => "",
            None | Some("") => NAMESPACE,
            Some(namespace) => namespace,
        };
        let request = Request {
            strictness: Strictness::Strict,
            ..Request::new(&kind, namespace, &name, MANAGER)
        };
        let done = if is_dumped(&object) {
            self.restore(&request, object)
        } else {
            self.write_loaded(request, object)
        };
        done.map_err(|error| LoadError::Refused {
            kind: kind.kind.clone(),
            name,
            reason: error.message,
        })
    }

    /// Puts an object back as it was.
    fn restore(&self, request: &Request, object: Json) -> Result<(), ApiError> {
        let _turn = self.turn();
        self.store()
            .write(&request.key(), |_| Ok(Verdict::Put(object)))?;
        self.refresh_kinds(&request.kind);
        Ok(())
    }

    /// Applies an object, or creates it if its name is for the server to find.
    fn write_loaded(&self, mut request: Request, object: Json) -> Result<(), ApiError> {
        if request.name.is_empty() {
            self.create(&request, object)?;
            return Ok(());
        }
        let status = object.get("status").cloned();
        self.apply(&request, object, true)?;
        // A status written by hand is meant, though no client could apply it with the rest.
        if let Some(status) = status.filter(|_| request.has_status()) {
            request = request.below("status");
            self.modify(&request, |object| object["status"] = status)?;
        }
        Ok(())
    }
}

/// Whether an object comes out of a cluster.
fn is_dumped(object: &Json) -> bool {
    let has = |name: &str| {
        object["metadata"][name]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    };
    has("uid") && has("resourceVersion") && has("name")
}

/// The objects of lists and lists of lists.
fn flatten(value: Json, objects: &mut Vec<Json>) {
    match value {
        Json::Array(values) => values.into_iter().for_each(|value| flatten(value, objects)),
        Json::Object(mut fields) => {
            let list = fields.get("kind").and_then(Json::as_str);
            let list = list.is_some_and(|kind| kind.ends_with("List"));
            match fields.remove("items") {
                Some(items) if list => flatten(items, objects),
                Some(items) => {
                    fields.insert("items".to_owned(), items);
                    objects.push(fields.into());
                }
                None => objects.push(fields.into()),
            }
        }
        Json::Null => {}
        other => objects.push(json!({ "": other })),
    }
}

/// Definitions first, then namespaces, then the rest with owners before what they own.
fn in_order(objects: Vec<Json>) -> Vec<Json> {
    let uid = |object: &Json| object["metadata"]["uid"].as_str().map(str::to_owned);
    let owners: BTreeMap<String, Vec<String>> = objects
        .iter()
        .filter_map(|object| {
            let references = object["metadata"]["ownerReferences"].as_array();
            let owners = references.into_iter().flatten();
            let owners = owners.filter_map(|owner| owner["uid"].as_str().map(str::to_owned));
            Some((uid(object)?, owners.collect()))
        })
        .collect();
    let rank = |object: &Json| match object["kind"].as_str() {
        Some("CustomResourceDefinition") => 0,
        Some("Namespace") => 1,
        _ => 2,
    };
    let depth = |object: &Json| uid(object).map_or(0, |uid| depth(&owners, &uid));
    let mut ranked: Vec<(u8, usize, Json)> = objects
        .into_iter()
        .map(|object| (rank(&object), depth(&object), object))
        .collect();
    ranked.sort_by_key(|(rank, depth, _)| (*rank, *depth));
    ranked.into_iter().map(|(_, _, object)| object).collect()
}

/// How many owners are above an object, as far as they are known; a circle counts once.
fn depth(owners: &BTreeMap<String, Vec<String>>, uid: &str) -> usize {
    let mut seen = BTreeSet::new();
    let mut level = vec![uid.to_owned()];
    let mut depth = 0;
    loop {
        let above = level.iter().filter_map(|uid| owners.get(uid)).flatten();
        let above: Vec<String> = above
            .filter(|uid| seen.insert((*uid).clone()))
            .cloned()
            .collect();
        if above.is_empty() {
            return depth;
        }
        depth += 1;
        level = above;
    }
}
