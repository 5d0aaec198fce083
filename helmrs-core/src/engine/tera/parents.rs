//! How deep templates extend each other.
//!
//! Tera looks for circles only, and its work grows with the cube of the depth.

use std::collections::BTreeMap;

/// How many templates may stand above one.
const LIMIT: usize = 32;

/// A template that has too many others above it, if there is one.
pub(super) fn too_deep<'t>(
    texts: &[(&'t String, &'t String)],
    prefixes: &[String],
) -> Option<&'t str> {
    let paths: BTreeMap<&str, &str> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let resolved = |name: String| {
        let prefixed = prefixes.iter().map(|prefix| format!("{prefix}{name}"));
        let mut names = std::iter::once(name.clone()).chain(prefixed);
        names.find_map(|name| paths.get(name.as_str()).copied())
    };
    let is_too_deep = |text: &str| {
        let mut above = parent(text).and_then(resolved);
        for _ in 0..LIMIT {
            let Some(text) = above else { return false };
            above = parent(text).and_then(resolved);
        }
        above.is_some()
    };
    let mut paths = paths.iter();
    let (path, _) = paths.find(|(_, text)| is_too_deep(text))?;
    Some(path)
}

/// The name that the first tag of a template extends; an escape in it stands for the character.
fn parent(text: &str) -> Option<String> {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("{#") {
        rest = comment.split_once("#}")?.1.trim_start();
    }
    let tag = rest.strip_prefix("{%")?.trim_start_matches(['-', '+']);
    let name = tag.trim_start().strip_prefix("extends")?.trim_start();
    let quote = name.chars().next()?;
    let name = name.strip_prefix(['"', '\'', '`'])?;
    name.split_once(quote)
        .map(|(name, _)| name.replace('\\', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_tag_names_the_parent() {
        let found = |text: &str| parent(text).unwrap_or_default();
        assert_eq!(found("{% extends \"a\" %}"), "a");
        assert_eq!(
            found(" {# why #}\n{#- too -#}{%- extends 'a\\/b' -%}"),
            "a/b"
        );
        assert_eq!(parent("{% block a %}{% extends \"a\" %}"), None);
        assert_eq!(parent("{% extends a %}"), None);
        assert_eq!(parent("{# {% extends \"a\" %}"), None);
    }

    #[test]
    fn depth_is_bounded_and_breadth_is_not() {
        let chain = |length: usize| -> Vec<(String, String)> {
            let link = |number: usize| {
                let text = format!("{{% extends \"{}.tera\" %}}", number + 1);
                (format!("c/templates/{number}.tera"), text)
            };
            (0..length).map(link).collect()
        };
        let prefixes = ["c/templates/".to_owned()];
        let deep = |texts: &[(String, String)]| {
            let texts: Vec<_> = texts.iter().map(|(path, text)| (path, text)).collect();
            too_deep(&texts, &prefixes).map(str::to_owned)
        };
        let mut texts = chain(LIMIT + 1);
        assert_eq!(deep(&texts), None);
        let second = texts[1].1.clone();
        texts.extend((100..200).map(|number| (format!("{number}"), second.clone())));
        assert_eq!(deep(&texts), None);
        assert_eq!(
            deep(&chain(LIMIT + 2)).as_deref(),
            Some("c/templates/0.tera")
        );
        let circle = [("a".to_owned(), "{% extends \"a\" %}".to_owned())];
        assert_eq!(deep(&circle).as_deref(), Some("a"));
    }
}
