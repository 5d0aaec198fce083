//! The lines of a report: which rule was broken where.

use boon::{CompileError, ErrorKind, ValidationError};

use super::quoted;
use super::wording::{quote, wording};

/// The report as an indented list under a line that names the schema.
pub(super) fn lines(error: &ValidationError<'_, '_>) -> String {
    let mut report = Report { out: String::new() };
    report.node(
        error,
        0,
        Scope {
            url: error.schema_url,
            named: None,
        },
    );
    report.out
}

/// A schema that cannot be used.
// Parity: santhosh-tekuri/jsonschema v6, the Error methods of util.go, roots.go, draft.go.
pub(super) fn compile_problem(error: &CompileError) -> String {
    match error {
        CompileError::ValidationError { url, src } => {
            let url = if url.contains('#') {
                url.clone()
            } else {
                format!("{url}#")
            };
            format!(
                "{} is not valid against metaschema: {}",
                quoted(&url),
                lines(src)
            )
        }
        CompileError::ParseUrlError { url, src } => {
            format!("error in parsing {}: {src}", quoted(url))
        }
        CompileError::LoadUrlError { url, src } => {
            format!("failing loading {}: {src}", quoted(url))
        }
        CompileError::UnsupportedUrlScheme { url } => {
            format!("no URLLoader registered for {}", quoted(url))
        }
        CompileError::InvalidMetaSchemaUrl { url, src } => {
            format!("invalid $schema in {}: {src}", quoted(url))
        }
        CompileError::UnsupportedDraft { url } => format!("draft {} is not supported", quoted(url)),
        CompileError::MetaSchemaCycle { url } => {
            format!("cycle in resolving $schema in {}", quoted(url))
        }
        CompileError::ParseIdError { loc } => format!("error in parsing id at {}", quoted(loc)),
        CompileError::ParseAnchorError { loc } => {
            format!("error in parsing anchor at {}", quoted(loc))
        }
        CompileError::DuplicateId {
            url,
            id,
            ptr1,
            ptr2,
        } => duplicate("id", id, url, [ptr1, ptr2]),
        CompileError::DuplicateAnchor {
            anchor,
            url,
            ptr1,
            ptr2,
        } => duplicate("anchor", anchor, url, [ptr1, ptr2]),
        CompileError::InvalidJsonPointer(url) => format!("invalid json-pointer {}", quoted(url)),
        CompileError::JsonPointerNotFound(url) => {
            format!("json-pointer in {} not found", quoted(url))
        }
        CompileError::AnchorNotFound { url, reference } => {
            format!(
                "anchor in {} not found in schema {}",
                quoted(reference),
                quoted(url)
            )
        }
        CompileError::UnsupportedVocabulary { url, vocabulary } => {
            format!(
                "unsupported vocabulary {} in {}",
                quoted(vocabulary),
                quoted(url)
            )
        }
        CompileError::InvalidRegex { url, regex, src } => {
            format!("invalid regex {} at {}: {src}", quoted(regex), quoted(url))
        }
        bug @ CompileError::Bug(_) => bug.to_string(),
    }
}

fn duplicate(what: &str, name: &str, url: &str, places: [&str; 2]) -> String {
    let [first, second] = places.map(quoted);
    format!(
        "duplicate {what} {} in {} at {first} and {second}",
        quoted(name),
        quoted(url)
    )
}

struct Report {
    out: String,
}

/// The schema that a rule's parts lie in.
#[derive(Clone, Copy)]
struct Scope<'s> {
    url: &'s str,
    /// The rule whose parts these are, when the report has named it already.
    named: Option<&'static str>,
}

impl Report {
    // Parity: santhosh-tekuri/jsonschema v6, output.go, ValidationError.display.
    fn node(&mut self, error: &ValidationError<'_, '_>, depth: usize, scope: Scope<'_>) {
        let location = error.instance_location.to_string();
        let depth = self.unnamed_rules(error, &location, depth, scope);
        let is_passed_over =
            error.causes.len() == 1 && matches!(error.kind, ErrorKind::Reference { .. });
        let below = if is_passed_over {
            depth
        } else {
            let text = match &error.kind {
                ErrorKind::Schema { url } => {
                    format!(
                        "jsonschema validation failed with {}",
                        quote(&with_fragment(url))
                    )
                }
                kind => format!("at {}: {}", quote(&location), wording(kind)),
            };
            self.line(depth, &text);
            depth + 1
        };
        let (url, named) = match &error.kind {
            ErrorKind::Reference { url, .. } => (*url, None),
            ErrorKind::AllOf => (error.schema_url, Some("allOf")),
            ErrorKind::AnyOf => (error.schema_url, Some("anyOf")),
            ErrorKind::OneOf(_) => (error.schema_url, Some("oneOf")),
            _ => (error.schema_url, None),
        };
        for cause in &error.causes {
            self.node(cause, below, Scope { url, named });
        }
    }

    /// Names the rules on the way to an error that the validator leaves out: `allOf`, `anyOf` and
    /// `oneOf` of which a single part failed. Gives the depth under them.
    fn unnamed_rules(
        &mut self,
        error: &ValidationError<'_, '_>,
        location: &str,
        mut depth: usize,
        scope: Scope<'_>,
    ) -> usize {
        let Some(path) = error.schema_url.strip_prefix(scope.url) else {
            return depth;
        };
        let steps: Vec<&str> = path.split('/').skip(1).collect();
        let total = location.split('/').count() - 1;
        let deeper = Steps { rest: &steps }
            .filter(|step| *step == Step::Deeper)
            .count();
        let mut taken = total.saturating_sub(deeper);
        let mut named = scope.named;
        for step in (Steps { rest: &steps }) {
            match step {
                Step::Deeper => taken += 1,
                Step::Rule(rule) if named == Some(rule) => {}
                Step::Rule(rule) => {
                    let place: Vec<&str> = location.split('/').take(taken + 1).collect();
                    let none = if rule == "oneOf" {
                        ", none matched"
                    } else {
                        ""
                    };
                    let text = format!("at {}: '{rule}' failed{none}", quote(&place.join("/")));
                    self.line(depth, &text);
                    depth += 1;
                }
                Step::Other => {}
            }
            named = None;
        }
        depth
    }

    fn line(&mut self, depth: usize, text: &str) {
        if depth > 0 {
            self.out.push('\n');
            self.out.push_str(&"  ".repeat(depth - 1));
            self.out.push_str("- ");
        }
        self.out.push_str(text);
    }
}

/// A schema's URL with a fragment, as the library keeps it.
fn with_fragment(url: &str) -> String {
    if url.contains('#') {
        url.to_owned()
    } else {
        format!("{url}#")
    }
}

/// One keyword on the way from a schema to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A keyword whose schema is for something inside the value.
    Deeper,
    /// A rule with several parts.
    Rule(&'static str),
    Other,
}

/// Reads a JSON pointer into a schema.
struct Steps<'p> {
    rest: &'p [&'p str],
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let (&keyword, rest) = self.rest.split_first()?;
        let is_index = rest
            .first()
            .is_some_and(|next| next.bytes().all(|b| b.is_ascii_digit()));
        let (step, taken) = match keyword {
            "allOf" => (Step::Rule("allOf"), 1),
            "anyOf" => (Step::Rule("anyOf"), 1),
            "oneOf" => (Step::Rule("oneOf"), 1),
            "properties" | "patternProperties" | "prefixItems" => (Step::Deeper, 1),
            "items" => (Step::Deeper, usize::from(is_index)),
            "additionalProperties"
            | "additionalItems"
            | "contains"
            | "unevaluatedProperties"
            | "unevaluatedItems" => (Step::Deeper, 0),
            "dependencies" | "dependentSchemas" | "definitions" | "$defs" => (Step::Other, 1),
            _ => (Step::Other, 0),
        };
        self.rest = rest.get(taken..).unwrap_or_default();
        Some(step)
    }
}
