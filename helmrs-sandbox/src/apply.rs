//! Who owns which field: server-side apply, and the bookkeeping of every other write.
//!
//! A manager owns the fields it applied or changed. Applying merges a configuration into the live object,
//! refuses to change fields that others own (unless forced), and removes what the manager applied before,
//! leaves out now, and nobody else owns. The rules are those of Kubernetes' structured merge.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::defaults::blank;
use crate::schema::Shape;

mod compare;
mod last_applied;
mod managers;
mod merge;
mod ownership;
mod path;
mod remove;
mod set;
mod typed;

pub(crate) use ownership::same_but_for_times;
pub(crate) use set::FieldSet;

use compare::{Comparison, compare};
use managers::{Entry, Managed, ManagerKey, Operation};
use merge::merge;
use ownership::{prune, system_fields};
use path::Path;

/// The name of the manager of fields that were there before any were tracked.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// Who writes, through which version of the API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer<'a> {
    /// The field manager, such as `helm`.
    pub(crate) manager: &'a str,
    /// The version of the API the request names, such as `apps/v1`.
    pub(crate) api_version: &'a str,
    /// The path below the object, such as `status`; empty for the object itself.
    pub(crate) subresource: &'a str,
    /// The present time in RFC 3339, in seconds and UTC.
    pub(crate) now: &'a str,
    /// The shape of the object.
    pub(crate) shape: &'a Shape,
    /// Fields this endpoint does not write, whatever the request holds.
    pub(crate) reset: &'a FieldSet,
}

/// Why a configuration was not applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// The request itself is wrong.
    #[error("{0}")]
    BadRequest(String),
    /// The configuration does not fit the kind.
    #[error("failed to create typed patch object ({object}): {problems}")]
    Untyped {
        /// The object, as `namespace/name; group/version, Kind=Kind`.
        object: String,
        /// What does not fit.
        problems: typed::Problems,
    },
    /// Others own fields that would change.
    #[error("{}", conflict_text(.0))]
    Conflict(Vec<Conflict>),
}

/// A field that would change although another manager owns it.
#[derive(Debug, Clone)]
pub(crate) struct Conflict {
    manager: ManagerKey,
    path: Path,
}

impl Conflict {
    /// The conflict as a cause in the details of a status.
    pub(crate) fn cause(&self) -> Json {
        json!({
            "reason": "FieldManagerConflict",
            "message": format!("conflict with {}", self.manager),
            "field": self.path.to_string(),
        })
    }
}

// Parity: Kubernetes, apimachinery/pkg/util/managedfields/internal/conflict.go.
fn conflict_text(conflicts: &[Conflict]) -> String {
    if let [conflict] = conflicts {
        return format!(
            "Apply failed with 1 conflict: conflict with {}: {}",
            conflict.manager, conflict.path
        );
    }
    let mut by_manager: BTreeMap<&ManagerKey, Vec<&Path>> = BTreeMap::new();
    for conflict in conflicts {
        by_manager
            .entry(&conflict.manager)
            .or_default()
            .push(&conflict.path);
    }
    let mut lines = Vec::new();
    for (manager, paths) in by_manager {
        lines.push(format!("conflicts with {manager}:"));
        lines.extend(paths.into_iter().map(|path| format!("- {path}")));
    }
    format!(
        "Apply failed with {} conflicts: {}",
        conflicts.len(),
        lines.join("\n")
    )
}

/// Merges a configuration into the live object, with the ownership of every field.
///
/// Without a live object the configuration becomes the object. The result has no defaults yet.
pub(crate) fn server_side_apply(
    live: Option<&Json>,
    config: &Json,
    force: bool,
    writer: &Writer<'_>,
) -> Result<Json, ApplyError> {
    let applied = match merge_owned(live, config, force, writer) {
        Err(ApplyError::Conflict(conflicts)) => {
            let own = last_applied::own_fields(live, writer).unwrap_or_default();
            let mut others = conflicts;
            others.retain(|conflict| !own.contains(&conflict.path));
            if !others.is_empty() {
                return Err(ApplyError::Conflict(others));
            }
            merge_owned(live, config, true, writer)
        }
        other => other,
    };
    let mut object = applied?;
    last_applied::refresh(&mut object, config, writer);
    Ok(object)
}

/// Merges a configuration into the live object; a conflict is an error unless it is forced.
fn merge_owned(
    live: Option<&Json>,
    config: &Json,
    force: bool,
    writer: &Writer<'_>,
) -> Result<Json, ApplyError> {
    if config
        .pointer("/metadata/managedFields")
        .is_some_and(|fields| !fields.is_null())
    {
        return Err(ApplyError::BadRequest(
            "metadata.managedFields must be nil".to_owned(),
        ));
    }
    typed::validate(writer.shape, config).map_err(|problems| ApplyError::Untyped {
        object: typed::describe(config),
        problems,
    })?;
    let (live, mut managed) =
        take_managed(live.cloned().unwrap_or_else(|| blank(config, writer.shape)));
    if managed.is_empty() {
        adopt(&live, &mut managed, writer);
    }
    let key = ManagerKey::new(writer, Operation::Apply);
    let mut fields = typed::field_set(writer.shape, config).without(writer.reset);
    let last = managed.entries.insert(
        key.clone(),
        Entry {
            fields: fields.clone(),
            api_version: writer.api_version.to_owned(),
            time: None,
        },
    );
    let merged = merge(writer.shape, Some(&live), Some(config)).unwrap_or(Json::Null);
    let merged = match &last {
        Some(last) => prune(writer.shape, merged, &last.fields, managed.fields()),
        None => merged,
    };
    let comparison = compare(writer.shape, &live, &merged).without(writer.reset);
    let conflicts = managed.settle(&comparison, &key);
    if !force && !conflicts.is_empty() {
        return Err(ApplyError::Conflict(conflicts));
    }
    let changed = merged != live;
    fields = fields.difference(&system_fields());
    let time = if changed {
        Some(writer.now.to_owned())
    } else {
        last.and_then(|last| last.time)
    };
    managed.entries.remove(&key);
    if !fields.is_empty() {
        let api_version = writer.api_version.to_owned();
        managed.entries.insert(
            key,
            Entry {
                fields,
                api_version,
                time,
            },
        );
    }
    let mut object = if changed { merged } else { live };
    managed.write(&mut object);
    Ok(object)
}

/// Writes down which fields a create, update or patch took, in the `managedFields` of `new`.
///
/// `live` is the object before the write, `new` the one after it, with defaults.
pub(crate) fn track_update(live: Option<&Json>, new: Json, writer: &Writer<'_>) -> Json {
    let created = live.is_none();
    let (live, lived) = take_managed(live.cloned().unwrap_or_else(|| blank(&new, writer.shape)));
    let requested = managers::requested(&new, !writer.subresource.is_empty());
    let (mut new, _) = take_managed(new);
    let mut managed = match requested {
        managers::Requested::Reset => Managed::default(),
        managers::Requested::Entries(managed) => managed,
        managers::Requested::Unsaid => lived,
    };
    if managed.is_empty() && !created {
        return new;
    }
    take_changes(&live, &new, &mut managed, writer, writer.manager);
    managed.cap();
    managed.write(&mut new);
    new
}

/// Gives the writer every field in which the objects differ.
fn take_changes(
    live: &Json,
    new: &Json,
    managed: &mut Managed,
    writer: &Writer<'_>,
    manager: &str,
) {
    let comparison = compare(writer.shape, live, new).without(writer.reset);
    managed.lose(&comparison);
    let Comparison {
        modified, added, ..
    } = comparison;
    let fields = modified.union(&added).difference(&system_fields());
    if fields.is_empty() {
        return;
    }
    let key = ManagerKey::new(&Writer { manager, ..*writer }, Operation::Update);
    let entry = managed.entries.entry(key).or_default();
    entry.fields = entry.fields.union(&fields);
    writer.api_version.clone_into(&mut entry.api_version);
    entry.time = Some(writer.now.to_owned());
}

/// Gives the fields of an object nobody owns yet to a manager of their own.
fn adopt(live: &Json, managed: &mut Managed, writer: &Writer<'_>) {
    take_changes(
        &blank(live, writer.shape),
        live,
        managed,
        writer,
        BEFORE_FIRST_APPLY,
    );
}

fn take_managed(mut object: Json) -> (Json, Managed) {
    let entries = object
        .get_mut("metadata")
        .and_then(Json::as_object_mut)
        .and_then(|metadata| metadata.remove("managedFields"));
    let managed = entries.as_ref().and_then(Managed::read).unwrap_or_default();
    (object, managed)
}

#[cfg(test)]
mod tests;
