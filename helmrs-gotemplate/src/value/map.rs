//! Maps: shared and mutable, as Go's are.

use std::cell::{Cell, Ref, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::{Text, Value, drop_deeply};
use crate::types::Type;

/// A Go map from strings: shared and mutable.
///
/// A clone is the same map, so what `set` writes is seen through every reference, as in Go.
/// Entries are kept in the order Go prints and ranges over them: sorted by key.
#[derive(Clone)]
pub struct Map(Rc<Data>);

struct Data {
    of: Type,
    nil: bool,
    entries: Rc<Content>,
}

type Entries = BTreeMap<Text, Value>;

/// What a map holds, and before anybody asked for it, who knows.
#[derive(Default)]
struct Content {
    known: RefCell<Entries>,
    deferred: Cell<Option<Box<dyn FnOnce() -> Entries>>>,
}

impl Content {
    fn entries(&self) -> &RefCell<Entries> {
        if let Some(make) = self.deferred.take() {
            let entries = make();
            *self.known.borrow_mut() = entries;
        }
        &self.known
    }
}

impl Map {
    /// Makes an empty `map[string]interface {}`.
    pub fn new() -> Self {
        Self::typed(Type::MAP)
    }

    /// Makes an empty map of the given type, such as `Type::STRING_MAP`.
    pub fn typed(of: Type) -> Self {
        Self::from_entries(of, BTreeMap::new())
    }

    /// Makes a map of the given type from its entries.
    pub fn from_entries(of: Type, entries: BTreeMap<Text, Value>) -> Self {
        Self(Rc::new(Data {
            of,
            nil: false,
            entries: Rc::new(Content {
                known: RefCell::new(entries),
                deferred: Cell::default(),
            }),
        }))
    }

    /// Makes a map of the given type whose entries are made when somebody asks for them, and not before.
    pub fn deferred(of: Type, entries: impl FnOnce() -> BTreeMap<Text, Value> + 'static) -> Self {
        Self(Rc::new(Data {
            of,
            nil: false,
            entries: Rc::new(Content {
                known: RefCell::default(),
                deferred: Cell::new(Some(Box::new(entries))),
            }),
        }))
    }

    fn content(&self) -> &RefCell<Entries> {
        self.0.entries.entries()
    }

    /// Makes the nil map of the given type: empty, and `null` in JSON.
    pub fn nil(of: Type) -> Self {
        Self(Rc::new(Data {
            of,
            nil: true,
            entries: Rc::default(),
        }))
    }

    /// Returns the same map as a value of another type: Go's conversion of a map to a named type.
    #[must_use]
    pub fn retyped(&self, of: Type) -> Self {
        Self(Rc::new(Data {
            of,
            nil: self.0.nil,
            entries: Rc::clone(&self.0.entries),
        }))
    }

    /// Returns the map's type, `map[string]interface {}` and the like.
    pub fn type_of(&self) -> Type {
        self.0.of
    }

    /// Returns the type its values have.
    pub fn element(&self) -> Type {
        self.0.of.element().unwrap_or(Type::Any)
    }

    /// Tells whether this is Go's nil map.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Returns the value of a key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.content().borrow().get(key.as_ref()).cloned()
    }

    /// Tells whether there is such a key.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.content().borrow().contains_key(key.as_ref())
    }

    /// Sets the value of a key and returns the old one.
    pub fn insert(&self, key: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        self.content().borrow_mut().insert(key.into(), value.into())
    }

    /// Removes a key and returns its value.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.content().borrow_mut().remove(key.as_ref())
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.content().borrow().len()
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the keys, sorted.
    pub fn keys(&self) -> Vec<Text> {
        self.content().borrow().keys().cloned().collect()
    }

    /// Returns a copy of the entries, sorted by key, which stays as it is while the map is changed.
    pub fn entries(&self) -> Vec<(Text, Value)> {
        self.content()
            .borrow()
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// Borrows the entries. Nothing may change the map while the borrow lives.
    pub fn borrow(&self) -> Ref<'_, BTreeMap<Text, Value>> {
        self.content().borrow()
    }

    /// Returns a new map of the same type with the same entries; nested maps stay shared.
    #[must_use]
    pub fn shallow_copy(&self) -> Self {
        Self::from_entries(self.0.of, self.content().borrow().clone())
    }

    /// Returns a number that no other map has as long as this one lives: what tells a map from its copies.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0.entries).addr()
    }

    /// Tells whether both are the one same map.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0.entries, &other.0.entries)
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::from_entries(
            Type::MAP,
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.borrow().iter()).finish()
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Some(entries) = Rc::get_mut(&mut self.entries) {
            drop_deeply(std::mem::take(entries.known.get_mut()));
        }
    }
}
