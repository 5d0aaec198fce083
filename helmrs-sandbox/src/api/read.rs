//! Reading: one object, or the pages of a list.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::reply::{self, Reply};
use super::selector::Selector;
use super::{Call, Place, pages, table};
use crate::conversion;
use crate::error::ApiError;
use crate::objects::{Objects, Request, Strictness};
use crate::resources::Kind;
use crate::store::Version;

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
    conversion::from_hub(kind, &mut object);
    object
}

/// Answers with the objects of a collection.
pub(super) fn list(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let selector = selector(call, place)?;
    let (found, revision) = objects
        .store()
        .entries(&place.kind.storage, place.namespace.as_deref());
    pages::check_version(&call.query, revision)?;
    let mut page = pages::Page::of(&call.query, &found, revision)?;
    let mut items = Vec::new();
    while let Some(object) = page.next(&selector) {
        items.push(object);
    }
    let metadata = page.metadata(selector.is_everything());
    if let Some(form) = table::wanted(&call.headers) {
        let items: Vec<Json> = items
            .iter()
            .map(|object| presented(&place.kind, &object.tree()))
            .collect();
        return Ok(reply::json(
            200,
            &form.table(&place.kind, &items, metadata, &call.query),
        ));
    }
    Ok(reply::json_text(
        200,
        list_text(&place.kind, &items, &metadata),
    ))
}

/// A list as text, one object after the other: all of them as trees at once would be many times its size.
fn list_text(kind: &Kind, items: &[Arc<Version>], metadata: &Json) -> String {
    let mut text = format!(
        "{{\"apiVersion\":{},\"items\":[",
        Json::from(kind.api_version())
    );
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text += &listed(kind, presented(kind, &item.tree())).to_string();
    }
    let name = Json::from(kind.list_kind.as_str());
    let _ = write!(text, "],\"kind\":{name},\"metadata\":{metadata}}}");
    text
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
        &place.kind,
        call.query.text("labelSelector"),
        fields.trim_end_matches(','),
    )
}
