//! Reading: one object, or the pages of a list.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::reply::{self, Reply};
use super::selector::Selector;
use super::{Call, Place, table};
use crate::error::ApiError;
use crate::objects::{Objects, Request, Strictness};
use crate::resources::Kind;

/// The object a request names.
pub(super) fn request(call: &Call, place: &Place) -> Request {
    let strictness = match call.query.text("fieldValidation") {
        "Strict" => Strictness::Strict,
        "Ignore" => Strictness::Ignore,
        _ => Strictness::Warn,
    };
    Request {
        kind: place.kind.clone(),
        namespace: place.namespace.clone().unwrap_or_default(),
        name: place.name.clone().unwrap_or_default(),
        subresource: place.subresource.clone(),
        manager: super::manager(call),
        dry_run: call.query.dry_run(),
        strictness,
    }
}

/// Answers with one object.
pub(super) fn get(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let object = objects.get(&request(call, place))?;
    let object = presented(&place.kind, &object);
    Ok(one(call, place, 200, &object))
}

/// An object in the form the client wants.
pub(super) fn one(call: &Call, place: &Place, code: u16, object: &Json) -> Reply {
    match table::wanted(&call.headers) {
        Some(form) => {
            let version = object["metadata"]["resourceVersion"].clone();
            let table = form.table(
                &place.kind,
                std::slice::from_ref(object),
                json!({"resourceVersion": version}),
                &call.query,
            );
            reply::json(code, &table)
        }
        None => reply::json(code, object),
    }
}

/// An object in the version of the request.
pub(super) fn presented(kind: &Kind, object: &Arc<Json>) -> Json {
    let mut object = (**object).clone();
    object["apiVersion"] = kind.api_version().into();
    object
}

/// Answers with the objects of a collection.
pub(super) fn list(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let selector = selector(call, place)?;
    let (found, revision) = objects
        .store()
        .list(&place.kind.storage, place.namespace.as_deref());
    let found: Vec<&Arc<Json>> = found
        .iter()
        .filter(|object| selector.matches(object))
        .collect();
    let page = page(call, &found, revision)?;
    let mut metadata = json!({"resourceVersion": page.revision.to_string()});
    if let Some((token, remaining)) = &page.rest {
        metadata["continue"] = token.clone().into();
        metadata["remainingItemCount"] = (*remaining).into();
    }
    let items: Vec<Json> = page
        .items
        .iter()
        .map(|object| presented(&place.kind, object))
        .collect();
    if let Some(form) = table::wanted(&call.headers) {
        return Ok(reply::json(
            200,
            &form.table(&place.kind, &items, metadata, &call.query),
        ));
    }
    let items: Vec<Json> = items
        .into_iter()
        .map(|item| listed(&place.kind, item))
        .collect();
    Ok(reply::json(
        200,
        &json!({
            "kind": place.kind.list_kind, "apiVersion": place.kind.api_version(),
            "metadata": metadata, "items": items,
        }),
    ))
}

/// Items of built-in lists do not repeat what the list says.
fn listed(kind: &Kind, mut item: Json) -> Json {
    if kind.custom.is_none()
        && let Some(fields) = item.as_object_mut()
    {
        fields.remove("apiVersion");
        fields.remove("kind");
    }
    item
}

/// The selector of a request; one name in the path counts as one.
pub(super) fn selector(call: &Call, place: &Place) -> Result<Selector, ApiError> {
    let fields = call.query.text("fieldSelector");
    let fields = match &place.name {
        Some(name) => format!("metadata.name={name},{fields}"),
        None => fields.to_owned(),
    };
    Selector::parse(
        call.query.text("labelSelector"),
        fields.trim_end_matches(','),
    )
}

/// One page of a list.
struct Page<'a> {
    items: &'a [&'a Arc<Json>],
    revision: u64,
    rest: Option<(String, usize)>,
}

fn page<'a>(call: &Call, found: &'a [&'a Arc<Json>], revision: u64) -> Result<Page<'a>, ApiError> {
    let token = call.query.text("continue");
    let (start, revision) = match token {
        "" => (0, revision),
        token => {
            let (revision, after) = read_token(token).ok_or_else(|| {
                ApiError::bad_request("continue key is not valid: invalid base64 or JSON")
            })?;
            (
                found.partition_point(|object| place_of(object) <= after),
                revision,
            )
        }
    };
    let limit = call.query.number("limit").filter(|limit| *limit > 0);
    let limit = limit.map_or(usize::MAX, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    let end = start.saturating_add(limit).min(found.len());
    let items = &found[start..end];
    let rest = match items.last() {
        Some(last) if end < found.len() => {
            let (namespace, name) = place_of(last);
            let token = json!([revision, namespace, name]).to_string();
            Some((URL_SAFE_NO_PAD.encode(token), found.len() - end))
        }
        _ => None,
    };
    Ok(Page {
        items,
        revision,
        rest,
    })
}

fn place_of(object: &Json) -> (String, String) {
    let word = |name: &str| {
        object["metadata"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    (word("namespace"), word("name"))
}

fn read_token(token: &str) -> Option<(u64, (String, String))> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (revision, namespace, name) = serde_json::from_slice(&bytes).ok()?;
    Some((revision, (namespace, name)))
}
