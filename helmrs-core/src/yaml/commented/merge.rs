//! Merge keys, which are replaced by the entries they ask for.
// Parity: sigs.k8s.io/kustomize/kyaml, yaml/rnode.go, removeMergeTags and mergeAll.

use super::{Kind, Node, Style};

/// Replaces the merge key of a mapping, if it has one.
pub(super) fn resolve(entries: &mut Vec<(Node, Node)>) -> Result<(), &'static str> {
    let is_merge = |key: &Node| match key.tag.as_deref() {
        None => key.style == Style::Plain && key.value() == "<<",
        Some(tag) => tag == "tag:yaml.org,2002:merge",
    };
    let mut found = entries.iter().filter(|(key, _)| is_merge(key));
    let (Some((_, value)), more) = (found.next(), found.next()) else {
        return Ok(());
    };
    if more.is_some() {
        return Err("duplicate merge key");
    }
    let wanted = mappings(value)?;
    entries.retain(|(key, _)| key.value() != "<<");
    let own = entries.clone();
    for merged in wanted.iter().chain([&own]) {
        for (key, value) in merged {
            set(entries, key, value);
        }
    }
    Ok(())
}

/// The entries to be merged; later ones win.
fn mappings(value: &Node) -> Result<Vec<Vec<(Node, Node)>>, &'static str> {
    match &value.kind {
        Kind::Mapping(entries) => Ok(vec![entries.clone()]),
        Kind::Sequence(items) => {
            let mut all = Vec::new();
            for item in items.iter().rev() {
                match &item.kind {
                    Kind::Mapping(entries) => all.push(entries.clone()),
                    Kind::Sequence(_) => {
                        return Err("invalid map merge: received a nested sequence");
                    }
                    Kind::Scalar(_) => {
                        return Err("map merge requires map or sequence of maps as the value");
                    }
                }
            }
            Ok(all)
        }
        Kind::Scalar(_) => Err("map merge requires map or sequence of maps as the value"),
    }
}

fn set(entries: &mut Vec<(Node, Node)>, key: &Node, value: &Node) {
    let known = entries
        .iter_mut()
        .find(|(known, _)| known.value() == key.value());
    match known {
        Some(known) => known.1 = value.clone(),
        None => entries.push((key.clone(), value.clone())),
    }
}
