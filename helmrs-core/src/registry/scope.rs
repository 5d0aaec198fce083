//! What a token has to allow: `repository:charts/web:pull,push`.
// Parity: oras.land/oras-go/v2, registry/remote/auth/scope.go, CleanScopes.

use std::collections::{BTreeMap, BTreeSet};

/// The scope of some actions on a repository.
pub fn of_repository(repository: &str, actions: &[&str]) -> String {
    format!("repository:{repository}:{}", actions.join(","))
}

/// The same scopes, sorted, with those of one thing put together; `*` stands for every action.
///
/// # Examples
///
/// ```
/// use helmrs_core::registry::scope::clean;
///
/// let scopes = ["repository:web:push", "repository:web:pull,push", "offline"].map(String::from);
/// assert_eq!(clean(&scopes), ["offline", "repository:web:pull,push"]);
/// ```
pub fn clean(scopes: &[String]) -> Vec<String> {
    let mut cleaned = Vec::new();
    let mut actions_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for scope in scopes {
        // A scope is a type, a name and actions; the name may have colons in it.
        let end = scope
            .rfind(':')
            .filter(|end| scopes.len() == 1 || scope[..*end].contains(':'));
        let Some(end) = end else {
            cleaned.push(scope.clone());
            continue;
        };
        let actions = scope[end + 1..]
            .split(',')
            .filter(|action| !action.is_empty());
        let known = actions_of.entry(&scope[..end]).or_default();
        known.extend(actions);
    }
    for (thing, actions) in actions_of {
        if actions.contains("*") {
            cleaned.push(format!("{thing}:*"));
        } else if !actions.is_empty() {
            let actions: Vec<&str> = actions.into_iter().collect();
            cleaned.push(format!("{thing}:{}", actions.join(",")));
        }
    }
    cleaned.sort();
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned<const N: usize>(scopes: [&str; N]) -> Vec<String> {
        clean(&scopes.map(str::to_owned))
    }

    #[test]
    fn actions_are_sorted_and_named_once() {
        assert_eq!(
            cleaned(["repository:a:push,pull,push"]),
            ["repository:a:pull,push"]
        );
        assert_eq!(cleaned(["a:b:x", "a:b:*"]), ["a:b:*"]);
        assert_eq!(cleaned(["a:b:"]), [""; 0]);
        assert_eq!(cleaned(["z", "a"]), ["a", "z"]);
        assert_eq!(cleaned([]), [""; 0]);
    }
}
