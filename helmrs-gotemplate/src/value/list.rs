//! Lists: Go's slices.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::{Value, drop_deeply};
use crate::types::Type;

/// A Go slice: cheap to clone, aware of its type, and immutable but for being sorted.
///
/// It dereferences to `[Value]`. A nil slice is empty, prints as one and is `null` in JSON.
#[derive(Clone)]
pub struct List(Rc<Data>);

struct Data {
    of: Type,
    nil: bool,
    items: Vec<Value>,
    /// The items once they were sorted in place.
    sorted: OnceCell<Vec<Value>>,
}

impl List {
    /// Makes an `[]interface {}`.
    pub fn new(items: Vec<Value>) -> Self {
        Self::typed(Type::LIST, items)
    }

    /// Makes a list of the given type, `Type::STRINGS` for instance; every item has the element's type.
    pub fn typed(of: Type, items: Vec<Value>) -> Self {
        Self(Rc::new(Data {
            of,
            nil: false,
            items,
            sorted: OnceCell::new(),
        }))
    }

    /// Makes the nil slice of the given type.
    pub fn nil(of: Type) -> Self {
        Self(Rc::new(Data {
            of,
            nil: true,
            items: Vec::new(),
            sorted: OnceCell::new(),
        }))
    }

    /// Makes a `[]string`.
    pub fn strings<T: Into<super::Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::typed(
            Type::STRINGS,
            items
                .into_iter()
                .map(|item| Value::String(item.into()))
                .collect(),
        )
    }

    /// Returns the list's type, `[]interface {}` and the like.
    pub fn type_of(&self) -> Type {
        self.0.of
    }

    /// Returns the type its items have.
    pub fn element(&self) -> Type {
        self.0.of.element().unwrap_or(Type::Any)
    }

    /// Tells whether this is Go's nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Returns the items.
    pub fn as_slice(&self) -> &[Value] {
        self.0.sorted.get().unwrap_or(&self.0.items)
    }

    /// Returns a list of another type with the same items.
    #[must_use]
    pub fn retyped(&self, of: Type) -> Self {
        if self.is_nil() {
            Self::nil(of)
        } else {
            Self::typed(of, self.to_vec())
        }
    }

    /// Sorts a `[]string` in place, as everybody sees who has it.
    pub fn sort_texts(&self) {
        self.0.sorted.get_or_init(|| {
            let mut items = self.0.items.clone();
            items.sort_by(|a, b| a.as_string().cmp(&b.as_string()));
            items
        });
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.as_slice()
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::new(items.into_iter().collect())
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        drop_deeply(std::mem::take(&mut self.items));
    }
}
