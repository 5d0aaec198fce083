//! What the manifest of a chart says of the chart.
// Parity: Helm, pkg/registry/chart.go, generateOCIAnnotations.

use std::collections::BTreeMap;

use crate::chart::{Maintainer, Metadata};
use crate::time::Time;

const TITLE: &str = "org.opencontainers.image.title";
const VERSION: &str = "org.opencontainers.image.version";

/// The annotations of a chart whose archive was written at `created`.
///
/// # Examples
///
/// ```
/// use helmrs_core::chart::Metadata;
/// use helmrs_core::registry::annotations;
/// use helmrs_core::time::Time;
///
/// let metadata = Metadata { name: "web".into(), ..Metadata::default() };
/// let annotations = annotations::of(&metadata, Time::from_unix(0, 0));
/// assert_eq!(annotations["org.opencontainers.image.title"], "web");
/// assert_eq!(annotations["org.opencontainers.image.created"], "1970-01-01T00:00:00Z");
/// ```
pub fn of(metadata: &Metadata, created: Time) -> BTreeMap<String, String> {
    let source = metadata.sources.first().cloned().unwrap_or_default();
    let own = [
        (
            "org.opencontainers.image.description",
            metadata.description.clone(),
        ),
        (TITLE, metadata.name.clone()),
        (VERSION, metadata.version.clone()),
        ("org.opencontainers.image.url", metadata.home.clone()),
        (
            "org.opencontainers.image.created",
            to_the_second(created).to_string(),
        ),
        ("org.opencontainers.image.source", source),
        (
            "org.opencontainers.image.authors",
            authors(&metadata.maintainers),
        ),
    ];
    let mut annotations: BTreeMap<String, String> = own
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    let theirs = metadata.annotations.iter();
    let theirs = theirs.filter(|(key, _)| ![TITLE, VERSION].contains(&key.as_str()));
    annotations.extend(theirs.map(|(key, value)| (key.clone(), value.clone())));
    annotations
}

fn to_the_second(time: Time) -> Time {
    Time::from_unix(time.unix_seconds(), 0).with_offset(time.offset())
}

fn authors(maintainers: &[Maintainer]) -> String {
    let author = |maintainer: &Maintainer| {
        if maintainer.email.is_empty() {
            maintainer.name.clone()
        } else {
            format!("{} ({})", maintainer.name, maintainer.email)
        }
    };
    maintainers
        .iter()
        .map(author)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_adds_annotations_but_keeps_its_name() {
        let annotation = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let metadata = Metadata {
            name: "web".to_owned(),
            version: "1.0.0".to_owned(),
            annotations: [
                annotation(TITLE, "other"),
                annotation("category", "shop"),
                annotation("org.opencontainers.image.url", "https://a"),
            ]
            .into(),
            home: "https://b".to_owned(),
            ..Metadata::default()
        };
        let annotations = of(&metadata, Time::from_unix(0, 5).with_offset(3600));
        assert_eq!(annotations[TITLE], "web");
        assert_eq!(annotations["category"], "shop");
        assert_eq!(annotations["org.opencontainers.image.url"], "https://a");
        assert_eq!(
            annotations["org.opencontainers.image.created"],
            "1970-01-01T01:00:00+01:00"
        );
        assert!(!annotations.contains_key("org.opencontainers.image.authors"));
    }

    #[test]
    fn authors_are_listed_with_their_addresses() {
        let maintainer = |name: &str, email: &str| Maintainer {
            name: name.to_owned(),
            email: email.to_owned(),
            ..Maintainer::default()
        };
        let list = [
            maintainer("Ann", "a@x"),
            maintainer("Bob", ""),
            maintainer("", "c@x"),
        ];
        assert_eq!(authors(&list), "Ann (a@x), Bob,  (c@x)");
    }
}
