//! One version of an object, as the store keeps it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value as Json;

/// An object as text, and as a tree for as long as somebody holds the tree.
#[derive(Debug)]
pub(crate) struct Version {
    text: Box<str>,
    tree: Mutex<Weak<Json>>,
}

impl Version {
    /// A version of this object.
    pub(crate) fn new(object: &Arc<Json>) -> Self {
        Self {
            text: object.to_string().into(),
            tree: Mutex::new(Arc::downgrade(object)),
        }
    }

    /// A version read from a file; an error if the text is no JSON.
    pub(super) fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        let tree: Json = serde_json::from_slice(text)?;
        Ok(Self::new(&Arc::new(tree)))
    }

    /// The object as JSON.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The object as a tree.
    pub(crate) fn tree(&self) -> Arc<Json> {
        let mut known = self.tree.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = known.upgrade() {
            return tree;
        }
        // The text was written by `new`, so it is JSON.
        let tree = Arc::new(serde_json::from_str(&self.text).unwrap_or_default());
        *known = Arc::downgrade(&tree);
        tree
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tree_nobody_holds_is_read_again() {
        let object = json!({"metadata": {"name": "a"}, "n": 1.5, "text": "\u{0}\u{ffff}"});
        let version = Version::new(&Arc::new(object.clone()));
        assert_eq!(*version.tree(), object);
    }
}
