//! The list of charts that a chart needs.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Dependency, field};

/// The charts that a chart needs.
///
/// A list that is written but empty is not one that is absent: a lock can be made of it, what the subcharts need is
/// looked after, and it stays a list where an absent one becomes `null`.
// Parity: Helm, pkg/chart/v2/metadata.go, Dependencies: a slice, nil or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dependencies {
    entries: Vec<Dependency>,
    is_written: bool,
}

impl Dependencies {
    /// Whether there is no list at all, not even an empty one.
    pub fn is_absent(&self) -> bool {
        self.entries.is_empty() && !self.is_written
    }
}

impl FromIterator<Dependency> for Dependencies {
    fn from_iter<I: IntoIterator<Item = Dependency>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            is_written: true,
        }
    }
}

impl From<Dependencies> for Vec<Dependency> {
    fn from(dependencies: Dependencies) -> Self {
        dependencies.entries
    }
}

impl Deref for Dependencies {
    type Target = Vec<Dependency>;

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl DerefMut for Dependencies {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.entries
    }
}

impl<'a> IntoIterator for &'a Dependencies {
    type Item = &'a Dependency;
    type IntoIter = std::slice::Iter<'a, Dependency>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<'a> IntoIterator for &'a mut Dependencies {
    type Item = &'a mut Dependency;
    type IntoIter = std::slice::IterMut<'a, Dependency>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter_mut()
    }
}

impl<'de> Deserialize<'de> for Dependencies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = field::dependencies(deserializer)?;
        Ok(list.map(Self::from_iter).unwrap_or_default())
    }
}

impl Serialize for Dependencies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_absent() {
            serializer.serialize_none()
        } else {
            self.entries.serialize(serializer)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::Metadata;
    use crate::yaml;

    fn metadata(text: &str) -> Metadata {
        yaml::read::<Option<Metadata>>(text.as_bytes())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn an_empty_list_is_not_an_absent_one() {
        assert!(!metadata("dependencies: []").dependencies.is_absent());
        for text in ["name: web", "dependencies:", "dependencies: null"] {
            assert!(metadata(text).dependencies.is_absent(), "{text}");
        }
    }
}
