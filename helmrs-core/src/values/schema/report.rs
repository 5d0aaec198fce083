//! The lines of a report: which rule was broken where.

use boon::{CompileError, ErrorKind, ValidationError};
use helmrs_gotemplate::url::Url;
use serde_json::Value;

use super::document::Json;
use super::patterns::unmarked;
use super::quick::Draft;
use super::wording::{quote, wording};
use super::{SCHEMA_URL, format, quoted};

/// The report as an indented list under a line that names the schema.
pub(super) fn lines(error: &ValidationError<'_, '_>, checked: Option<&Value>) -> String {
    let mut report = Report {
        out: String::new(),
        checked,
    };
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
pub(super) fn compile_problem(error: &CompileError, documents: &[(String, Value)]) -> String {
    match error {
        CompileError::ValidationError { url, src } => {
            let document = documents.iter().find(|(name, _)| {
                let rest = url.strip_prefix(name.as_str());
                rest.is_some_and(|rest| matches!(rest, "" | "#"))
            });
            let lines = lines(src, document.map(|(_, document)| document));
            let url = quoted(&with_fragment(url));
            format!("{url} is not valid against metaschema: {lines}")
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
            let draft = documents
                .first()
                .and_then(|(_, root)| root["$schema"].as_str());
            draft_problem(url, draft, &src.to_string())
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
            let pattern = unmarked(regex);
            let problem = format::problem("regex", pattern).unwrap_or_else(|| src.to_string());
            let [pattern, url] = [pattern, url].map(quoted);
            format!("invalid regex {pattern} at {url}: {problem}")
        }
        bug @ CompileError::Bug(_) => bug.to_string(),
    }
}

/// A URL of a draft that nobody can fetch.
fn draft_problem(url: &str, draft: Option<&str>, problem: &str) -> String {
    let parsed = draft.map(|draft| (draft, Url::parse(draft.as_bytes())));
    match parsed {
        Some((draft, Ok(_))) => {
            let draft = quoted(draft.split('#').next().unwrap_or_default());
            format!("failing loading {draft}: no URLLoader registered for {draft}")
        }
        Some((_, Err(problem))) => format!("invalid $schema in {}: {problem}", quoted(url)),
        None => format!("invalid $schema in {}: {problem}", quoted(url)),
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

/// What is wrong with the URL that a schema gives itself.
// Parity: santhosh-tekuri/jsonschema v6, roots.go, collectResources, which comes before all checks.
pub(super) fn identity_problem(schema: &Json) -> Option<String> {
    let draft = Draft::of(schema)?;
    let is_hidden = draft < Draft::Of2019 && schema.get("$ref").is_some();
    let keyword = if draft == Draft::Four { "id" } else { "$id" };
    let url = schema.get(keyword)?.text()?.split('#').next()?;
    let is_wrong = Url::parse(url.as_bytes()).is_err() && !is_hidden;
    is_wrong.then(|| {
        format!(
            "error in parsing id at {}",
            quoted(&format!("{SCHEMA_URL}#"))
        )
    })
}

/// Causes as they came, but those of one `unevaluatedProperties` by their places: the validator finds them in any order.
fn in_order<'e, 's, 'v>(causes: &'e [ValidationError<'s, 'v>]) -> Vec<&'e ValidationError<'s, 'v>> {
    let mut ordered: Vec<&ValidationError<'_, '_>> = causes.iter().collect();
    let same_rule = |a: &&ValidationError<'_, '_>, b: &&ValidationError<'_, '_>| {
        a.schema_url == b.schema_url && a.schema_url.ends_with("/unevaluatedProperties")
    };
    for siblings in ordered.chunk_by_mut(same_rule) {
        siblings.sort_by_cached_key(|error| error.instance_location.to_string());
    }
    ordered
}

struct Report<'c> {
    out: String,
    /// What was checked.
    checked: Option<&'c Value>,
}

/// The schema that a rule's parts lie in.
#[derive(Clone, Copy)]
struct Scope<'s> {
    url: &'s str,
    /// The rule whose parts these are, when the report has named it already.
    named: Option<&'static str>,
}

impl Report<'_> {
    // Parity: santhosh-tekuri/jsonschema v6, output.go, ValidationError.display.
    fn node(&mut self, error: &ValidationError<'_, '_>, depth: usize, scope: Scope<'_>) {
        let location = self.location(error);
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
        for cause in in_order(&error.causes) {
            self.node(cause, below, Scope { url, named });
        }
    }

    /// Where the value lies; the validator forgets that of a wrong name.
    fn location(&self, error: &ValidationError<'_, '_>) -> String {
        match (&error.kind, self.checked) {
            (ErrorKind::PropertyName { prop }, Some(checked)) => {
                place_of(checked, prop).unwrap_or_default()
            }
            _ => error.instance_location.to_string(),
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

/// A JSON pointer to the first object that has a key.
fn place_of(document: &Value, key: &str) -> Option<String> {
    match document {
        Value::Object(entries) if entries.contains_key(key) => Some(String::new()),
        Value::Object(entries) => entries.iter().find_map(|(name, entry)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            place_of(entry, key).map(|below| format!("/{name}{below}"))
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| place_of(item, key).map(|below| format!("/{index}{below}"))),
        _ => None,
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
