//! `metadata.managedFields`: the managers of an object and the fields each owns.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value as Json, json};

use super::compare::Comparison;
use super::set::FieldSet;
use super::{Conflict, Writer};

/// How many managers of updates an object may have before the oldest become one.
const MOST_UPDATERS: usize = 10;

/// The manager the oldest ones become.
const OLD_UPDATERS: &str = "ancient-changes";

/// How a manager writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    /// By server-side apply.
    Apply,
    /// In any other way.
    Update,
}

impl Operation {
    fn word(self) -> &'static str {
        match self {
            Self::Apply => "Apply",
            Self::Update => "Update",
        }
    }
}

/// What tells managers apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ManagerKey {
    manager: String,
    operation: Operation,
    /// Empty for appliers: they stay the same whatever version they apply.
    api_version: String,
    subresource: String,
}

impl ManagerKey {
    /// The manager a write is booked on.
    pub(super) fn new(writer: &Writer<'_>, operation: Operation) -> Self {
        let api_version = match operation {
            Operation::Apply => String::new(),
            Operation::Update => writer.api_version.to_owned(),
        };
        Self {
            manager: writer.manager.to_owned(),
            operation,
            api_version,
            subresource: writer.subresource.to_owned(),
        }
    }
}

impl fmt::Display for ManagerKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", Json::from(self.manager.as_str()))?;
        if !self.subresource.is_empty() {
            write!(
                out,
                " with subresource {}",
                Json::from(self.subresource.as_str())
            )?;
        }
        match self.operation {
            Operation::Apply => Ok(()),
            Operation::Update => write!(out, " using {}", self.api_version),
        }
    }
}

/// What one manager owns.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// The fields.
    pub(super) fields: FieldSet,
    /// The version of the API they were written through.
    pub(super) api_version: String,
    /// When they were last written.
    pub(super) time: Option<String>,
}

/// Every manager of an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Managed {
    /// The entries.
    pub(super) entries: BTreeMap<ManagerKey, Entry>,
}

/// What a request says about `managedFields`.
pub(super) enum Requested {
    /// Forget every manager.
    Reset,
    /// These are the managers.
    Entries(Managed),
    /// Nothing, or nothing that can be understood.
    Unsaid,
}

/// Reads what the object of a request says; subresources may not say anything.
pub(super) fn requested(object: &Json, subresource: bool) -> Requested {
    let entries = object.pointer("/metadata/managedFields");
    let list = entries.and_then(Json::as_array);
    let reset = list.is_some_and(|list| match list.as_slice() {
        [] => true,
        [only] => only.as_object().is_some_and(serde_json::Map::is_empty),
        _ => false,
    });
    if subresource {
        return Requested::Unsaid;
    }
    if reset {
        return Requested::Reset;
    }
    match entries.and_then(Managed::read) {
        Some(managed) if !managed.is_empty() => Requested::Entries(managed),
        _ => Requested::Unsaid,
    }
}

impl Managed {
    /// Reads `managedFields`; `None` if an entry cannot be understood.
    pub(super) fn read(entries: &Json) -> Option<Self> {
        let entries = entries.as_array()?.iter().map(read_entry);
        Some(Self {
            entries: entries.collect::<Option<_>>()?,
        })
    }

    /// Whether no field has a manager.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What all managers own together.
    pub(super) fn fields(&self) -> FieldSet {
        self.entries
            .values()
            .fold(FieldSet::default(), |all, entry| all.union(&entry.fields))
    }

    /// Takes changed and removed fields from every manager but the writer, and tells which changed.
    pub(super) fn settle(&mut self, comparison: &Comparison, writer: &ManagerKey) -> Vec<Conflict> {
        let changed = comparison.modified.union(&comparison.added);
        let mut conflicts = Vec::new();
        for (key, entry) in self.entries.iter_mut().filter(|(key, _)| *key != writer) {
            let lost = entry.fields.intersection(&changed);
            conflicts.extend(lost.paths().into_iter().map(|path| Conflict {
                manager: key.clone(),
                path,
            }));
            entry.fields = entry
                .fields
                .difference(&lost)
                .difference(&comparison.removed);
        }
        self.entries
            .retain(|key, entry| key == writer || !entry.fields.is_empty());
        conflicts
    }

    /// Takes changed and removed fields from every manager.
    pub(super) fn lose(&mut self, comparison: &Comparison) {
        let lost = comparison
            .modified
            .union(&comparison.added)
            .union(&comparison.removed);
        for entry in self.entries.values_mut() {
            entry.fields = entry.fields.difference(&lost);
        }
        self.entries.retain(|_, entry| !entry.fields.is_empty());
    }

    /// Makes one manager of the oldest updaters where there are too many.
    // Parity: Kubernetes, apimachinery/pkg/util/managedfields/internal/capmanagers.go.
    pub(super) fn cap(&mut self) {
        let mut updaters: Vec<ManagerKey> = self
            .entries
            .keys()
            .filter(|key| key.operation == Operation::Update)
            .cloned()
            .collect();
        let mut count = updaters.len();
        if count <= MOST_UPDATERS {
            return;
        }
        updaters.sort_by_key(|key| {
            (
                self.entries.get(key).and_then(|entry| entry.time.clone()),
                key.clone(),
            )
        });
        let mut first_of_version: BTreeMap<String, ManagerKey> = BTreeMap::new();
        for key in updaters {
            if count <= MOST_UPDATERS {
                break;
            }
            let Some(version) = self
                .entries
                .get(&key)
                .map(|entry| entry.api_version.clone())
            else {
                continue;
            };
            let Some(first) = first_of_version.get(&version) else {
                first_of_version.insert(version, key);
                continue;
            };
            self.collect_in_bucket(&version, first, &key);
            count -= 1;
        }
    }

    fn collect_in_bucket(&mut self, version: &str, first: &ManagerKey, key: &ManagerKey) {
        let bucket = ManagerKey {
            manager: OLD_UPDATERS.to_owned(),
            operation: Operation::Update,
            api_version: version.to_owned(),
            subresource: String::new(),
        };
        if !self.entries.contains_key(&bucket)
            && let Some(entry) = self.entries.remove(first)
        {
            self.entries.insert(bucket.clone(), entry);
        }
        let Some(newer) = self.entries.remove(key) else {
            return;
        };
        let entry = self.entries.entry(bucket).or_default();
        entry.fields = entry.fields.union(&newer.fields);
        entry.api_version = newer.api_version;
        entry.time = newer.time;
    }

    /// Sets the `managedFields` of an object that has none.
    pub(super) fn write(&self, object: &mut Json) {
        if self.is_empty() {
            return;
        }
        let mut entries: Vec<(&ManagerKey, &Entry)> = self.entries.iter().collect();
        entries.sort_by(order);
        let entries: Vec<Json> = entries.into_iter().map(write_entry).collect();
        if let Some(object) = object.as_object_mut() {
            let metadata = object.entry("metadata").or_insert_with(|| json!({}));
            if let Some(metadata) = metadata.as_object_mut() {
                metadata.insert("managedFields".to_owned(), entries.into());
            }
        }
    }
}

fn order(left: &(&ManagerKey, &Entry), right: &(&ManagerKey, &Entry)) -> Ordering {
    let parts = |(key, entry): &(&ManagerKey, &Entry)| {
        (
            key.operation,
            entry.time.clone(),
            key.manager.clone(),
            entry.api_version.clone(),
            key.subresource.clone(),
        )
    };
    parts(left).cmp(&parts(right))
}

fn write_entry((key, entry): (&ManagerKey, &Entry)) -> Json {
    let mut fields = json!({
        "apiVersion": entry.api_version,
        "fieldsType": "FieldsV1",
        "fieldsV1": entry.fields.encode(),
        "manager": key.manager,
        "operation": key.operation.word(),
    });
    if !key.subresource.is_empty() {
        fields["subresource"] = key.subresource.as_str().into();
    }
    if let Some(time) = &entry.time {
        fields["time"] = time.as_str().into();
    }
    fields
}

fn read_entry(entry: &Json) -> Option<(ManagerKey, Entry)> {
    let word = |name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default();
    let operation = match word("operation") {
        "Apply" => Operation::Apply,
        "Update" => Operation::Update,
        _ => return None,
    };
    if word("apiVersion").is_empty() || word("fieldsType") != "FieldsV1" {
        return None;
    }
    let api_version = match operation {
        Operation::Apply => String::new(),
        Operation::Update => word("apiVersion").to_owned(),
    };
    let key = ManagerKey {
        manager: word("manager").to_owned(),
        operation,
        api_version,
        subresource: word("subresource").to_owned(),
    };
    let entry = Entry {
        fields: entry
            .get("fieldsV1")
            .map(FieldSet::decode)
            .unwrap_or_default(),
        api_version: word("apiVersion").to_owned(),
        time: entry.get("time").and_then(Json::as_str).map(str::to_owned),
    };
    Some((key, entry))
}
