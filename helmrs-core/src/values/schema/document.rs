//! A schema's JSON as it is written.

use helmrs_gotemplate::json::Tree;

/// A node of a schema: numbers keep their digits, objects are lists in the order of their keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    String(String),
    List(Vec<Json>),
    /// Entries with different keys, sorted by them.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value of a key, if this is an object that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let entries = self.entries()?;
        let found = entries.binary_search_by(|(name, _)| name.as_str().cmp(key));
        Some(&entries[found.ok()?].1)
    }

    pub(super) fn entries(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

impl Tree for Json {
    fn null() -> Self {
        Self::Null
    }

    fn bool(truth: bool) -> Self {
        Self::Bool(truth)
    }

    fn number(number: f64) -> Self {
        Self::Number(number.to_string())
    }

    fn numeral(text: &str) -> Option<Self> {
        Some(Self::Number(text.to_owned()))
    }

    fn string(text: String) -> Self {
        Self::String(text)
    }

    fn list(items: Vec<Self>) -> Self {
        Self::List(items)
    }

    fn object(mut entries: Vec<(String, Self)>) -> Self {
        let is_sorted = entries.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !is_sorted {
            // Of entries with the same key the last one counts: it comes first, and the others go.
            entries.reverse();
            entries.sort_by(|first, second| first.0.cmp(&second.0));
            entries.dedup_by(|later, first| later.0 == first.0);
        }
        Self::Object(entries)
    }
}

#[cfg(test)]
mod tests {
    use helmrs_gotemplate::json;

    use super::Json;

    #[test]
    fn the_last_of_equal_keys_counts() {
        let document: Json = json::parse(br#"{"b": 1, "a": 2, "b": 3.0, "a": 4}"#).unwrap();
        assert_eq!(document.get("a"), Some(&Json::Number("4".to_owned())));
        assert_eq!(document.get("b"), Some(&Json::Number("3.0".to_owned())));
        assert_eq!(document.get("c"), None);
    }
}
