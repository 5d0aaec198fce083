//! Strategic merge patches.
// Parity: apimachinery, pkg/util/strategicpatch/patch.go.

use super::same;
use super::schema::{Rule, Schema};
use crate::yaml::{Map, Value};

/// The key that says what becomes of the map it stands in.
const DIRECTIVE: &str = "$patch";
/// The directive that takes an item out of a list.
const DELETE: &str = "delete";
/// The key that lists the keys a map is to have left.
const RETAIN_KEYS: &str = "$retainKeys";
/// What the key of a list begins with whose scalars are taken out of another.
const DELETE_SCALARS: &str = "$deleteFromPrimitiveList/";
/// What the key of a list begins with that says in which order the items of another are.
const ORDER: &str = "$setElementOrder/";

/// Why no patch could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// An item has no value for the key that tells the items of its list apart.
    #[error("map: {0} does not contain declared merge key: {1}")]
    NoMergeKey(String, String),
    /// The items of a list are of several kinds.
    #[error("list element types are not identical: {0}")]
    MixedItems(String),
    /// A list that is merged holds lists.
    #[error("lists of lists are not supported")]
    ListOfLists,
    /// Two halves of a patch disagree on an order.
    #[error("invalid patch format of setElementOrder list")]
    Order,
    /// Two halves of a patch disagree on what a map is to have left.
    #[error(
        "{0} and {1} are not deep equal: this may happen when calculating the 3-way diff patch"
    )]
    RetainKeys(String, String),
}

/// Which half of the changes is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Changes {
    /// What is new or different.
    Additions,
    /// What is gone.
    Deletions,
}

/// The patch from what was, what is wanted and what is.
pub(super) fn three_way(
    original: &Map,
    modified: &Map,
    current: &Map,
    schema: Schema,
) -> Result<Map, PatchError> {
    let additions = diff_maps(current, modified, schema, Changes::Additions, false)?;
    let mut patch = diff_maps(original, modified, schema, Changes::Deletions, false)?;
    merge_maps(&mut patch, additions, schema)?;
    Ok(patch)
}

fn diff_maps(
    before: &Map,
    after: &Map,
    schema: Schema,
    changes: Changes,
    retain_keys: bool,
) -> Result<Map, PatchError> {
    let mut patch = Map::new();
    for (key, wanted) in after {
        let Some(had) = before.get(key) else {
            if changes == Changes::Additions {
                patch.insert(key.clone(), wanted.clone());
            }
            continue;
        };
        match (had, wanted) {
            (Value::Map(had), Value::Map(wanted)) => {
                diff_field(&mut patch, key, (had, wanted), schema, changes)?;
            }
            (Value::List(had), Value::List(wanted)) => {
                diff_list(&mut patch, key, (had, wanted), schema, changes)?;
            }
            _ if changes == Changes::Additions && !same(had, wanted) => {
                patch.insert(key.clone(), wanted.clone());
            }
            _ => {}
        }
    }
    if changes == Changes::Deletions {
        let gone = before.keys().filter(|key| !after.contains_key(key));
        patch.extend(gone.map(|key| (key.clone(), Value::Null)));
    }
    let is_changed = !patch.is_empty() || before.keys().any(|key| !after.contains_key(key));
    if retain_keys && is_changed {
        let kept: Vec<_> = after.iter().filter(|(_, value)| !value.is_null()).collect();
        if !kept.is_empty() {
            let keys = kept
                .into_iter()
                .map(|(key, _)| Value::String(key.clone()))
                .collect();
            patch.insert(RETAIN_KEYS.to_owned(), Value::List(keys));
        }
    }
    Ok(patch)
}

/// The difference of two maps under a key.
fn diff_field(
    patch: &mut Map,
    key: &str,
    (had, wanted): (&Map, &Map),
    schema: Schema,
    changes: Changes,
) -> Result<(), PatchError> {
    let (rule, below) = schema.field(key);
    if rule == Rule::Replace {
        if changes == Changes::Additions {
            patch.insert(key.to_owned(), Value::Map(wanted.clone()));
        }
        return Ok(());
    }
    let inner = diff_maps(had, wanted, below, changes, rule.retains_keys())?;
    if !inner.is_empty() {
        patch.insert(key.to_owned(), Value::Map(inner));
    }
    Ok(())
}

/// The difference of two lists under a key.
fn diff_list(
    patch: &mut Map,
    key: &str,
    (had, wanted): (&[Value], &[Value]),
    schema: Schema,
    changes: Changes,
) -> Result<(), PatchError> {
    let (rule, below) = schema.field(key);
    let Some(merge_key) = rule.merge_key() else {
        if changes == Changes::Additions
            && !same(&Value::List(had.to_vec()), &Value::List(wanted.to_vec()))
        {
            patch.insert(key.to_owned(), Value::List(wanted.to_vec()));
        }
        return Ok(());
    };
    if had.is_empty() {
        if changes == Changes::Additions && !wanted.is_empty() {
            patch.insert(key.to_owned(), Value::List(wanted.to_vec()));
        }
        return Ok(());
    }
    let order = if holds_maps(&[had, wanted])? {
        let items = Items {
            key: merge_key,
            schema: below,
            retain_keys: rule.retains_keys(),
        };
        let changed = items.diff(had, wanted, changes)?;
        let is_ordered = changes == Changes::Additions && !items.same_order(had, wanted)?;
        let order = if !changed.is_empty() || is_ordered {
            items.order(wanted)
        } else {
            Vec::new()
        };
        insert_list(patch, key.to_owned(), changed);
        order
    } else {
        diff_scalars(patch, key, had, wanted, changes)
    };
    insert_list(patch, format!("{ORDER}{key}"), order);
    Ok(())
}

fn insert_list(patch: &mut Map, key: String, items: Vec<Value>) {
    if !items.is_empty() {
        patch.insert(key, Value::List(items));
    }
}

/// The difference of two lists of scalars; gives the order the items are to have.
fn diff_scalars(
    patch: &mut Map,
    key: &str,
    had: &[Value],
    wanted: &[Value],
    changes: Changes,
) -> Vec<Value> {
    let missing = |from: &[Value], in_list: &[Value]| -> Vec<Value> {
        let mut missing: Vec<Value> = Vec::new();
        for item in from {
            if !contains(in_list, item) && !contains(&missing, item) {
                missing.push(item.clone());
            }
        }
        missing
    };
    match changes {
        Changes::Additions => {
            insert_list(patch, key.to_owned(), missing(wanted, had));
            if same(&Value::List(had.to_vec()), &Value::List(wanted.to_vec())) {
                Vec::new()
            } else {
                wanted.to_vec()
            }
        }
        Changes::Deletions => {
            let gone = missing(had, wanted);
            let order = if gone.is_empty() {
                Vec::new()
            } else {
                wanted.to_vec()
            };
            insert_list(patch, format!("{DELETE_SCALARS}{key}"), gone);
            order
        }
    }
}

fn contains(items: &[Value], item: &Value) -> bool {
    items.iter().any(|other| same(other, item))
}

/// Whether lists hold maps; all their items have to be of one kind.
fn holds_maps(lists: &[&[Value]]) -> Result<bool, PatchError> {
    let mut kinds = lists
        .iter()
        .flat_map(|list| list.iter())
        .map(Value::json_kind);
    let Some(first) = kinds.next() else {
        return Ok(false);
    };
    if first == "array" {
        return Err(PatchError::ListOfLists);
    }
    if kinds.any(|kind| kind != first) {
        return Err(PatchError::MixedItems(shown(lists[0])));
    }
    Ok(first == "object")
}

fn shown(items: &[Value]) -> String {
    crate::yaml::json::to_json(&Value::List(items.to_vec())).unwrap_or_default()
}

/// A list of maps that are told apart by the value of a key.
struct Items {
    key: &'static str,
    schema: Schema,
    retain_keys: bool,
}

impl Items {
    fn key_of<'v>(&self, item: &'v Value) -> Result<&'v Value, PatchError> {
        let missing =
            || PatchError::NoMergeKey(shown(std::slice::from_ref(item)), self.key.to_owned());
        item.get(self.key).ok_or_else(missing)
    }

    fn find<'v>(&self, items: &'v [Value], key: &Value) -> Option<(usize, &'v Value)> {
        items
            .iter()
            .enumerate()
            .find(|(_, item)| item.get(self.key).is_some_and(|other| same(other, key)))
    }

    /// The items that changed, in the order they are wanted in, and then directives for those that went.
    fn diff(
        &self,
        had: &[Value],
        wanted: &[Value],
        changes: Changes,
    ) -> Result<Vec<Value>, PatchError> {
        for item in had.iter().chain(wanted) {
            self.key_of(item)?;
        }
        let mut patch = Vec::new();
        for item in wanted {
            let key = self.key_of(item)?;
            match (self.find(had, key), item) {
                (Some((_, Value::Map(before))), Value::Map(after)) => {
                    let mut changed =
                        diff_maps(before, after, self.schema, changes, self.retain_keys)?;
                    if !changed.is_empty() {
                        changed.insert(self.key.to_owned(), key.clone());
                        patch.push(Value::Map(changed));
                    }
                }
                _ if changes == Changes::Additions => patch.push(item.clone()),
                _ => {}
            }
        }
        if changes == Changes::Deletions {
            let mut gone: Vec<_> = had
                .iter()
                .filter_map(|item| item.get(self.key))
                .filter(|key| self.find(wanted, key).is_none())
                .collect();
            gone.sort_by_key(|key| shown(std::slice::from_ref(*key)));
            patch.extend(gone.into_iter().map(|key| self.deletion(key)));
        }
        Ok(patch)
    }

    fn deletion(&self, key: &Value) -> Value {
        let directive = [
            (self.key.to_owned(), key.clone()),
            (DIRECTIVE.to_owned(), Value::from(DELETE)),
        ];
        Value::Map(directive.into_iter().collect())
    }

    fn same_order(&self, had: &[Value], wanted: &[Value]) -> Result<bool, PatchError> {
        if had.len() != wanted.len() {
            return Ok(false);
        }
        for (had, wanted) in had.iter().zip(wanted) {
            if !same(self.key_of(had)?, self.key_of(wanted)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The keys of the items, in their order.
    fn order(&self, wanted: &[Value]) -> Vec<Value> {
        let keys = wanted.iter().filter_map(|item| item.get(self.key));
        keys.map(|key| Value::Map([(self.key.to_owned(), key.clone())].into_iter().collect()))
            .collect()
    }
}

/// Puts the patch of additions over the patch of deletions.
fn merge_maps(lower: &mut Map, mut upper: Map, schema: Schema) -> Result<(), PatchError> {
    merge_retained(lower, &mut upper)?;
    merge_ordered(lower, &mut upper, schema)?;
    for (key, value) in upper {
        let (rule, below) = schema.field(&key);
        match (lower.get_mut(&key), value) {
            (Some(Value::Map(lower)), Value::Map(upper)) if rule != Rule::Replace => {
                merge_maps(lower, upper, below)?;
            }
            (Some(Value::List(lower)), Value::List(upper)) if rule.merge_key().is_some() => {
                let merged = merge_lists(lower, upper, &rule, below)?;
                *lower = merged;
            }
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
    Ok(())
}

fn merge_retained(lower: &mut Map, upper: &mut Map) -> Result<(), PatchError> {
    let Some(keys) = upper.remove(RETAIN_KEYS) else {
        return Ok(());
    };
    match lower.get(RETAIN_KEYS) {
        Some(other) if !same(other, &keys) => {
            let text = |value: &Value| shown(std::slice::from_ref(value));
            Err(PatchError::RetainKeys(text(other), text(&keys)))
        }
        _ => {
            lower.insert(RETAIN_KEYS.to_owned(), keys);
            Ok(())
        }
    }
}

/// Merges the lists for which the upper patch says an order.
fn merge_ordered(lower: &mut Map, upper: &mut Map, schema: Schema) -> Result<(), PatchError> {
    let keys: Vec<_> = upper
        .keys()
        .filter(|key| key.starts_with(ORDER))
        .cloned()
        .collect();
    for order_key in keys {
        let Some(order) = upper.remove(&order_key) else {
            continue;
        };
        if lower
            .get(&order_key)
            .is_some_and(|other| !same(other, &order))
        {
            return Err(PatchError::Order);
        }
        lower.insert(order_key.clone(), order.clone());
        let Value::List(order) = order else {
            return Err(PatchError::Order);
        };
        let key = &order_key[ORDER.len()..];
        let (rule, below) = schema.field(key);
        let list = |value: Option<Value>| {
            value.map(|value| {
                if let Value::List(items) = value {
                    items
                } else {
                    Vec::new()
                }
            })
        };
        let (deletions, additions) = (list(lower.remove(key)), list(upper.remove(key)));
        let server_order = deletions.clone().unwrap_or_default();
        let merged = match (deletions, additions) {
            (None, None) => continue,
            (Some(items), None) | (None, Some(items)) => items,
            (Some(deletions), Some(additions)) => merge_lists(&deletions, additions, &rule, below)?,
        };
        let key_name = rule.merge_key().unwrap_or("");
        lower.insert(
            key.to_owned(),
            Value::List(arrange(merged, &order, &server_order, key_name)),
        );
    }
    Ok(())
}

fn merge_lists(
    lower: &[Value],
    upper: Vec<Value>,
    rule: &Rule,
    below: Schema,
) -> Result<Vec<Value>, PatchError> {
    let key = rule.merge_key().unwrap_or("");
    let mut merged = lower.to_vec();
    if holds_maps(&[lower, &upper])? {
        let items = Items {
            key,
            schema: below,
            retain_keys: rule.retains_keys(),
        };
        for item in &upper {
            let found = items
                .find(&merged, items.key_of(item)?)
                .map(|(index, _)| index);
            match (found.map(|index| &mut merged[index]), item) {
                (Some(Value::Map(lower)), Value::Map(upper)) => {
                    merge_maps(lower, upper.clone(), below)?;
                }
                _ => merged.push(item.clone()),
            }
        }
    } else {
        for item in &upper {
            if !contains(&merged, item) {
                merged.push(item.clone());
            }
        }
    }
    Ok(arrange(merged, &upper, lower, key))
}

/// Brings items into the order of `order`; those it does not name keep the order of `server_order` and stand before
/// what follows them there.
fn arrange(items: Vec<Value>, order: &[Value], server_order: &[Value], key: &str) -> Vec<Value> {
    let place = |order: &[Value], item: &Value| {
        order
            .iter()
            .position(|other| match (item.get(key), other.get(key)) {
                (Some(item), Some(other)) if !key.is_empty() => same(item, other),
                _ => key.is_empty() && same(item, other),
            })
    };
    let (mut named, mut others): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| place(order, item).is_some());
    let is_deletion = |item: &Value| item.get(DIRECTIVE).is_some();
    named.sort_by_key(|item| (is_deletion(item), place(order, item).unwrap_or(usize::MAX)));
    others.sort_by_key(|item| {
        (
            is_deletion(item),
            place(server_order, item).unwrap_or(usize::MAX),
        )
    });
    let mut arranged = Vec::with_capacity(named.len() + others.len());
    let (mut named, mut others) = (named.into_iter().peekable(), others.into_iter().peekable());
    while let (Some(left), Some(right)) = (others.peek(), named.peek()) {
        let places = (place(server_order, left), place(server_order, right));
        if matches!(places, (Some(left), Some(right)) if left < right) {
            arranged.extend(others.next());
        } else {
            arranged.extend(named.next());
        }
    }
    arranged.extend(named);
    arranged.extend(others);
    arranged
}

#[cfg(test)]
mod tests {
    use crate::manifest::object::GroupVersionKind;
    use crate::manifest::patch::strategic;
    use crate::yaml::{self, Map, Value};

    fn map(text: &str) -> Map {
        yaml::parse(text.as_bytes()).unwrap().into_map().unwrap()
    }

    fn patch(original: &str, modified: &str, current: &str) -> String {
        let kind = GroupVersionKind::new("apps/v1", "Deployment");
        let patch = strategic(&map(original), &map(modified), &map(current), &kind).unwrap();
        yaml::json::to_json(&Value::Map(patch)).unwrap()
    }

    #[test]
    fn what_only_the_server_has_stays() {
        assert_eq!(
            patch(
                "spec: {replicas: 1}",
                "spec: {replicas: 1}",
                "spec: {replicas: 1, paused: true}"
            ),
            "{}"
        );
        assert_eq!(
            patch(
                "spec: {replicas: 1}",
                "spec: {replicas: 1}",
                "spec: {replicas: 3}"
            ),
            r#"{"spec":{"replicas":1}}"#
        );
        assert_eq!(
            patch("a: {b: 1, c: 1}", "a: {b: 1}", "a: {b: 1, c: 1}"),
            r#"{"a":{"c":null}}"#
        );
    }

    #[test]
    fn a_map_that_retains_its_keys_lists_them() {
        let (old, new) = (
            "spec: {strategy: {type: RollingUpdate, rollingUpdate: {}}}",
            "spec: {strategy: {type: Recreate}}",
        );
        assert_eq!(
            patch(old, new, old),
            r#"{"spec":{"strategy":{"$retainKeys":["type"],"rollingUpdate":null,"type":"Recreate"}}}"#
        );
    }

    #[test]
    fn scalars_of_a_merged_list_are_taken_out_by_name() {
        assert_eq!(
            patch(
                "metadata: {finalizers: [a, b]}",
                "metadata: {finalizers: [b]}",
                "metadata: {finalizers: [a, b, c]}"
            ),
            r#"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["b"]}}"#
        );
    }
}
