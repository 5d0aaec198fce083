//! Broken rules as a tree, and the tree as an indented list.

use super::wording::quote;

/// A broken rule, and why it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// A JSON pointer to the value.
    pub(super) location: String,
    pub(super) text: String,
    pub(super) causes: Vec<Failure>,
    /// Whether a single cause stands for this.
    pub(super) is_reference: bool,
    /// Whether this only holds several others together.
    pub(super) is_group: bool,
}

impl Failure {
    pub(super) fn new(location: &str, text: impl Into<String>) -> Self {
        Self {
            location: location.to_owned(),
            text: text.into(),
            causes: Vec::new(),
            is_reference: false,
            is_group: false,
        }
    }

    pub(super) fn with(self, causes: Vec<Self>) -> Self {
        Self { causes, ..self }
    }

    /// Several failures of one schema as one; none if there are none.
    pub(super) fn group(location: &str, mut failures: Vec<Self>) -> Option<Self> {
        if failures.len() < 2 {
            return failures.pop();
        }
        let group = Self::new(location, "validation failed").with(failures);
        Some(Self {
            is_group: true,
            ..group
        })
    }

    /// What a group holds, or the failure alone.
    pub(super) fn ungrouped(self) -> Vec<Self> {
        if self.is_group {
            self.causes
        } else {
            vec![self]
        }
    }

    // Parity: santhosh-tekuri/jsonschema v6, output.go, ValidationError.display.
    fn write(&self, out: &mut String, depth: usize) {
        let is_passed_over = self.is_reference && self.causes.len() == 1;
        let below = if is_passed_over { depth } else { depth + 1 };
        if !is_passed_over {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&"  ".repeat(depth));
            out.push_str("- at ");
            out.push_str(&quote(&self.location));
            out.push_str(": ");
            out.push_str(&self.text);
        }
        for cause in &self.causes {
            cause.write(out, below);
        }
    }
}

/// The lines that tell of failures.
pub(super) fn lines(failures: &[Failure]) -> String {
    let mut out = String::new();
    for failure in failures {
        failure.write(&mut out, 0);
    }
    out
}
