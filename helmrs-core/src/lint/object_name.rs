//! Which names Kubernetes allows for which kinds.

use helmrs_gotemplate::number::quote;

use crate::name::is_dotted_name;

/// The longest label.
const LABEL_LIMIT: usize = 63;
/// The longest name of dotted labels.
const SUBDOMAIN_LIMIT: usize = 253;

/// What is wrong with the name of an object of that kind.
// Parity: Helm, pkg/chart/v2/lint/rules/template.go, validateMetadataName.
pub(super) fn problem(kind: &str, name: &str) -> Option<String> {
    let problems = match kind.to_lowercase().as_str() {
        "service" => dns_1035_label(name),
        "namespace" => dns_1123_label(name),
        "certificatesigningrequest" => Vec::new(),
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => path_segment(name),
        _ => dns_1123_subdomain(name),
    };
    let quoted = quote(name.as_bytes());
    let mut problems: Vec<String> = problems
        .into_iter()
        .map(|problem| format!("metadata.name: Invalid value: {quoted}: {problem}"))
        .collect();
    // Parity: Kubernetes, apimachinery/pkg/util/errors, aggregate: one stands alone, several in brackets.
    let all = if problems.len() == 1 {
        problems.pop()?
    } else {
        format!("[{}]", problems.join(", "))
    };
    (all != "[]").then(|| {
        format!("object name does not conform to Kubernetes naming requirements: {quoted}: {all}")
    })
}

// Parity: Kubernetes, apimachinery/pkg/util/validation/validation.go: the texts.
fn dns_1123_subdomain(name: &str) -> Vec<String> {
    let mut problems = too_long(name, SUBDOMAIN_LIMIT);
    if !is_dotted_name(name) {
        problems.push(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                .to_string(),
        );
    }
    problems
}

fn dns_1123_label(name: &str) -> Vec<String> {
    let mut problems = too_long(name, LABEL_LIMIT);
    if name.contains('.') && is_dotted_name(name) {
        problems.push("must not contain dots".to_string());
    } else if name.contains('.') || !is_dotted_name(name) {
        problems.push(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
             end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                .to_string(),
        );
    }
    problems
}

fn dns_1035_label(name: &str) -> Vec<String> {
    let mut problems = too_long(name, LABEL_LIMIT);
    if name.contains('.')
        || !is_dotted_name(name)
        || !name.starts_with(|first: char| first.is_ascii_lowercase())
    {
        problems.push(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
             character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
             validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
                .to_string(),
        );
    }
    problems
}

fn path_segment(name: &str) -> Vec<String> {
    if name == "." || name == ".." {
        return vec![format!("may not be '{name}'")];
    }
    let unwanted = ["/", "%"]
        .into_iter()
        .filter(|unwanted| name.contains(unwanted));
    unwanted
        .map(|unwanted| format!("may not contain '{unwanted}'"))
        .collect()
}

fn too_long(name: &str, limit: usize) -> Vec<String> {
    if name.len() > limit {
        vec![format!("must be no more than {limit} characters")]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_different_rules() {
        assert_eq!(problem("Pod", "a.b"), None);
        assert!(
            problem("Service", "1a")
                .unwrap()
                .contains("a DNS-1035 label")
        );
        assert!(
            problem("Namespace", "a.b")
                .unwrap()
                .ends_with("must not contain dots")
        );
        assert_eq!(problem("Role", "System:Any"), None);
        assert!(
            problem("Role", "a/%")
                .unwrap()
                .ends_with("may not contain '%']")
        );
    }
}
