//! The strategic merge patch: a merge patch that knows which lists merge, and by which key.
//!
//! Directives in the patch say what values cannot: `$patch` replaces or deletes, `$retainKeys` drops the fields
//! it leaves out, `$setElementOrder/x` orders a list, `$deleteFromPrimitiveList/x` takes values out of one.

use serde_json::Value as Json;

use super::PatchError;
use super::order::{in_order, position};
use crate::schema::{Atom, Field, Map, PatchRule, Shape};

type Fields = serde_json::Map<String, Json>;

pub(super) const NOT_AN_OBJECT: &str = "invalid JSON document";

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const ORDER: &str = "$setElementOrder/";
const DELETE: &str = "$deleteFromPrimitiveList/";

/// Merges a patch into an object.
// Parity: Kubernetes, apimachinery/pkg/util/strategicpatch/patch.go, mergeMap.
pub(super) fn merged(
    mut object: Fields,
    mut patch: Fields,
    shape: &Shape,
) -> Result<Fields, PatchError> {
    match patch.remove(PATCH) {
        None => {}
        Some(Json::String(word)) if word == "replace" => return Ok(without_directives(patch)),
        Some(Json::String(word)) if word == "delete" => return Ok(Fields::new()),
        Some(Json::String(word)) if word == "merge" => {}
        Some(other) => return Err(unknown_directive(&other, &patch)),
    }
    retain(&mut object, &mut patch)?;
    let map = shape.map();
    merge_ordered(&mut object, &mut patch, map)?;
    for (name, change) in patch {
        if let Some(list) = name.strip_prefix(DELETE) {
            delete_values(&mut object, list, &change)?;
        } else if change.is_null() {
            object.remove(&name);
        } else {
            let before = object.remove(&name);
            let after = merge_field(before, change, Known::of(map, &name))?;
            object.insert(name, after);
        }
    }
    Ok(object)
}

/// What the schema says of one field.
struct Known<'a> {
    shape: &'a Shape,
    rule: PatchRule,
}

impl<'a> Known<'a> {
    fn of(map: Option<&'a Map>, name: &str) -> Self {
        let field: Option<&'a Field> = map.and_then(|map| map.fields.get(name));
        Self {
            shape: map
                .and_then(|map| map.shape_of(name))
                .unwrap_or(&Shape::Any),
            rule: field.map(|field| field.patch.clone()).unwrap_or_default(),
        }
    }
}

fn merge_field(before: Option<Json>, change: Json, known: Known<'_>) -> Result<Json, PatchError> {
    match (before, change) {
        (Some(Json::Object(before)), Json::Object(change)) => {
            merged(before, change, known.shape).map(Json::Object)
        }
        (Some(Json::Array(before)), Json::Array(change)) if known.rule.merge => {
            merge_list(before, change, &known).map(Json::Array)
        }
        (_, change) => Ok(clean(change)),
    }
}

fn merge_list(
    before: Vec<Json>,
    change: Vec<Json>,
    known: &Known<'_>,
) -> Result<Vec<Json>, PatchError> {
    let sample = before.first().or(change.first());
    let Some(sample) = sample else {
        return Ok(before);
    };
    let order = before.clone();
    let key = known.rule.key.as_deref();
    let (merged, wanted) = if sample.is_object() {
        let Some(key) = key else {
            return Err(PatchError::Malformed(
                "cannot merge lists without merge key for type map[string]interface {}".to_owned(),
            ));
        };
        merge_structures(before, change, key, known.shape)?
    } else {
        let mut merged = before;
        for value in &change {
            if !merged.contains(value) {
                merged.push(value.clone());
            }
        }
        (merged, change)
    };
    Ok(in_order(merged, &wanted, &order, key))
}

/// Merges items by their key; returns them and the items of the patch.
fn merge_structures(
    mut before: Vec<Json>,
    change: Vec<Json>,
    key: &str,
    shape: &Shape,
) -> Result<(Vec<Json>, Vec<Json>), PatchError> {
    let Atom::List(list) = shape.atom(Some(&Json::Array(Vec::new()))) else {
        return Ok((change.clone(), change));
    };
    let (mut wanted, mut replace) = (Vec::new(), false);
    for item in change {
        match item.get(PATCH).and_then(Json::as_str) {
            None => wanted.push(item),
            Some("replace") => replace = true,
            Some("delete") => {
                let identity = keyed(&item, key)?;
                before.retain(|other| other.get(key) != Some(identity));
            }
            Some(_) => {
                return Err(unknown_directive(
                    &item[PATCH],
                    item.as_object().unwrap_or(&Fields::new()),
                ));
            }
        }
    }
    if replace {
        return Ok((wanted.clone(), wanted));
    }
    for item in &wanted {
        keyed(item, key)?;
        match position(&before, item, Some(key)) {
            Some(index) => {
                let known = Known {
                    shape: &list.items,
                    rule: PatchRule::default(),
                };
                let live = before[index].take();
                before[index] = merge_field(Some(live), item.clone(), known)?;
            }
            None => before.push(clean(item.clone())),
        }
    }
    Ok((before, wanted))
}

fn keyed<'a>(item: &'a Json, key: &str) -> Result<&'a Json, PatchError> {
    item.get(key).ok_or_else(|| {
        PatchError::Malformed(format!(
            "map: {item} does not contain declared merge key: {key}"
        ))
    })
}

/// Drops the fields `$retainKeys` leaves out.
fn retain(object: &mut Fields, patch: &mut Fields) -> Result<(), PatchError> {
    let Some(keys) = patch.remove(RETAIN_KEYS) else {
        return Ok(());
    };
    let Json::Array(keys) = keys else {
        return Err(PatchError::Malformed(
            "invalid patch format of retainKeys".to_owned(),
        ));
    };
    object.retain(|name, _| keys.iter().any(|key| key == name));
    Ok(())
}

/// Merges the lists that `$setElementOrder` orders.
// Parity: Kubernetes, apimachinery/pkg/util/strategicpatch/patch.go, mergePatchIntoOriginal.
fn merge_ordered(
    object: &mut Fields,
    patch: &mut Fields,
    map: Option<&Map>,
) -> Result<(), PatchError> {
    let directives: Vec<String> = patch
        .keys()
        .filter(|name| name.starts_with(ORDER))
        .cloned()
        .collect();
    for directive in directives {
        let name = &directive[ORDER.len()..];
        let Some(Json::Array(order)) = patch.remove(&directive) else {
            return Err(PatchError::Malformed(
                "invalid patch format of setElementOrder list".to_owned(),
            ));
        };
        let known = Known::of(map, name);
        let key = known.rule.key.clone();
        if let Some(removed) = patch.remove(&format!("{DELETE}{name}")) {
            delete_values(object, name, &removed)?;
        }
        let change = patch.remove(name);
        if change.as_ref().is_some_and(Json::is_null) {
            object.remove(name);
            continue;
        }
        let before = object.get(name).and_then(Json::as_array).cloned();
        let merged = match (object.remove(name), change) {
            (before, Some(change)) => merge_field(before, change, known)?,
            (Some(before), None) => before,
            (None, None) => continue,
        };
        let merged = match merged {
            Json::Array(items) => {
                let key = items
                    .first()
                    .is_some_and(Json::is_object)
                    .then_some(key)
                    .flatten();
                Json::Array(in_order(
                    items,
                    &order,
                    &before.unwrap_or_default(),
                    key.as_deref(),
                ))
            }
            other => other,
        };
        object.insert(name.to_owned(), merged);
    }
    Ok(())
}

fn delete_values(object: &mut Fields, name: &str, values: &Json) -> Result<(), PatchError> {
    let Json::Array(values) = values else {
        return Err(PatchError::Malformed(
            "invalid patch format of primitive list".to_owned(),
        ));
    };
    if let Some(Json::Array(items)) = object.get_mut(name) {
        items.retain(|item| !values.contains(item));
    }
    Ok(())
}

fn unknown_directive(word: &Json, patch: &Fields) -> PatchError {
    let word = word
        .as_str()
        .map_or_else(|| word.to_string(), str::to_owned);
    let patch = Json::Object(patch.clone());
    PatchError::Malformed(format!(
        "unknown patch type found in patch: {word} in {patch}"
    ))
}

/// What a value of a patch is where there was nothing before: no nulls, no directives.
fn clean(value: Json) -> Json {
    match value {
        Json::Object(fields) => Json::Object(without_directives(fields)),
        Json::Array(items) => items
            .into_iter()
            .filter(|item| item.get(PATCH).is_none_or(|word| word != "delete"))
            .map(clean)
            .collect(),
        other => other,
    }
}

fn without_directives(fields: Fields) -> Fields {
    let directive = |name: &str| {
        name == PATCH || name == RETAIN_KEYS || name.starts_with(ORDER) || name.starts_with(DELETE)
    };
    fields
        .into_iter()
        .filter(|(name, value)| !directive(name) && !value.is_null())
        .map(|(name, value)| (name, clean(value)))
        .collect()
}
