//! A mapping as one sorted list of entries.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use super::value::Value;

/// A mapping with its keys in byte order, as Go prints maps.
///
/// Most mappings of charts hold a handful of entries, for which one list takes a fraction of a tree's memory. Collect
/// many entries instead of inserting them one by one: in the middle, an insertion moves all entries behind it.
///
/// A clone costs nothing: it has its entries in common with the original until one of the two is changed.
///
/// ```
/// use helmrs_core::yaml::{Map, Value};
/// let map: Map = [("b", 1.0), ("a", 2.0), ("b", 3.0)]
///     .map(|(key, number)| (key.to_owned(), Value::Float(number)))
///     .into_iter()
///     .collect();
/// assert_eq!(map.keys().collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(map["b"], Value::Float(3.0));
/// ```
#[derive(Clone, Default)]
pub struct Map {
    /// Sorted by key; nothing as long as there are no entries.
    shared: Option<Arc<Vec<Entry>>>,
}

type Entry = (String, Value);

impl Map {
    /// Makes a mapping without entries.
    pub const fn new() -> Self {
        Self { shared: None }
    }

    /// Makes a mapping of entries; `None` if a key is given twice.
    pub(super) fn of_distinct(mut entries: Vec<Entry>) -> Option<Self> {
        if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            if entries.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return None;
            }
        }
        Some(Self::from(entries))
    }

    fn entries(&self) -> &[Entry] {
        self.shared.as_ref().map_or(&[], |entries| entries)
    }

    /// The entries for changing, which nobody else has any more.
    fn own_entries(&mut self) -> &mut Vec<Entry> {
        Arc::make_mut(self.shared.get_or_insert_default())
    }

    fn into_entries(self) -> Vec<Entry> {
        self.shared.map_or_else(Vec::new, Arc::unwrap_or_clone)
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        let entries = self.entries();
        // What is merged in order comes last.
        match entries.last() {
            Some((last, _)) if last.as_str() < key => Err(entries.len()),
            _ => entries.binary_search_by(|(known, _)| known.as_str().cmp(key)),
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let place = self.find(key).ok()?;
        Some(&self.entries()[place].1)
    }

    /// The value of a key, for changing.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let place = self.find(key).ok()?;
        Some(&mut self.own_entries()[place].1)
    }

    /// The value of a key, for changing; if there is none, the function's is put there.
    pub fn get_or_insert_with(&mut self, key: &str, value: impl FnOnce() -> Value) -> &mut Value {
        let found = self.find(key);
        let entries = self.own_entries();
        let place = found.unwrap_or_else(|place| {
            entries.insert(place, (key.to_owned(), value()));
            place
        });
        &mut entries[place].1
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Sets the value of a key and gives the one it had.
    pub fn insert(&mut self, key: String, value: Value) -> Option<Value> {
        match self.find(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.own_entries()[place].1, value)),
            Err(place) => {
                self.own_entries().insert(place, (key, value));
                None
            }
        }
    }

    /// Removes a key and gives its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let place = self.find(key).ok()?;
        Some(self.own_entries().remove(place).1)
    }

    /// Keeps the entries that the function accepts.
    pub fn retain(&mut self, mut accept: impl FnMut(&String, &mut Value) -> bool) {
        self.own_entries()
            .retain_mut(|(key, value)| accept(key, value));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// The entries in the order of their keys.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }

    /// The entries in the order of their keys, their values for changing.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&String, &mut Value)> {
        self.own_entries()
            .iter_mut()
            .map(|(key, value)| (&*key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &String> + ExactSizeIterator {
        self.entries().iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries().iter().map(|(_, value)| value)
    }

    /// The values themselves, in the order of their keys.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator {
        self.into_iter().map(|(_, value)| value)
    }

    /// The values in the order of their keys, for changing.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Value> {
        self.own_entries().iter_mut().map(|(_, value)| value)
    }
}

/// The entries of a [`Map`] in the order of their keys.
pub(super) type Iter<'m> =
    std::iter::Map<std::slice::Iter<'m, Entry>, fn(&'m Entry) -> (&'m String, &'m Value)>;

impl From<Vec<Entry>> for Map {
    /// Sorts entries; of the same key given twice the last value counts.
    fn from(mut entries: Vec<Entry>) -> Self {
        if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.dedup_by(|(key, value), (kept, last)| {
                let is_same = key == kept;
                if is_same {
                    std::mem::swap(value, last);
                }
                is_same
            });
        }
        Self {
            shared: (!entries.is_empty()).then(|| Arc::new(entries)),
        }
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries() == other.entries()
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(entries: I) -> Self {
        Self::from(entries.into_iter().collect::<Vec<_>>())
    }
}

impl Extend<(String, Value)> for Map {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, entries: I) {
        let mut entries = entries.into_iter().peekable();
        if entries.peek().is_some() {
            let mut all = std::mem::take(self).into_entries();
            all.extend(entries);
            *self = Self::from(all);
        }
    }
}

impl<const N: usize> From<[(String, Value); N]> for Map {
    fn from(entries: [(String, Value); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_entries().into_iter()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = (&'m String, &'m Value);
    type IntoIter = Iter<'m>;

    fn into_iter(self) -> Iter<'m> {
        self.entries().iter().map(|(key, value)| (key, value))
    }
}

impl<K: Borrow<str> + ?Sized> Index<&K> for Map {
    type Output = Value;

    fn index(&self, key: &K) -> &Value {
        self.get(key.borrow()).expect("the key is there")
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
