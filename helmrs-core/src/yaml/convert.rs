//! Nodes into values: merge keys, aliases within a budget, keys as JSON has them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use helmrs_gotemplate::stack::{deepen, depth_limit};

use super::compose::{Document, NodeId, NodeKind, Nodes, Stop, compose, meaning};
use super::direct::{Direct, Wanted};
use super::error::{ParseError, TypeError, YamlError};
use super::resolve::{Meaning, resolve};
use super::source::Source;
use super::value::{Map, Value};
use super::{describe, number, quick};

/// Reads the first document of a YAML text; every number becomes a float.
///
/// Keys given twice are accepted, and the last one counts.
///
/// ```
/// let value = helmrs_core::yaml::parse(b"on: 014")?;
/// assert_eq!(helmrs_core::yaml::json::to_json(&value)?, r#"{"true":12}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Parity: sigs.k8s.io/yaml, yaml.go, Unmarshal into an empty interface.
pub fn parse(text: &[u8]) -> Result<Value, YamlError> {
    load(
        text,
        Rules {
            strict: false,
            integers: false,
        },
    )
    .map_err(YamlError::from)
}

/// Reads the first document of a YAML text and refuses keys given twice.
// Parity: sigs.k8s.io/yaml, yaml.go, UnmarshalStrict.
pub fn parse_strict(text: &[u8]) -> Result<Value, YamlError> {
    load(
        text,
        Rules {
            strict: true,
            integers: false,
        },
    )
    .map_err(YamlError::from)
}

/// Reads a YAML text that is to be a mapping; a text without a value is an empty one.
// Parity: sigs.k8s.io/yaml, yaml.go, Unmarshal into a map.
pub fn parse_map(text: &[u8]) -> Result<Map, YamlError> {
    match parse(text)? {
        Value::Null => Ok(Map::new()),
        Value::Map(entries) => Ok(entries),
        other => Err(YamlError::Type(TypeError::kind(
            &other,
            "map[string]interface {}",
        ))),
    }
}

/// Reads a YAML text that is to be a sequence; a text without a value is an empty one.
// Parity: sigs.k8s.io/yaml, yaml.go, Unmarshal into a slice.
pub fn parse_list(text: &[u8]) -> Result<Vec<Value>, YamlError> {
    match parse(text)? {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => Ok(items),
        other => Err(YamlError::Type(TypeError::kind(&other, "[]interface {}"))),
    }
}

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Refuse keys given twice.
    pub(super) strict: bool,
    /// Keep whole numbers apart from floats.
    pub(super) integers: bool,
}

/// Reads the first document of a text by the rules given.
pub(super) fn load(text: &[u8], rules: Rules) -> Result<Value, ParseError> {
    load_part(text, rules, None)
}

/// Reads a document as [`parse`] does, but of a mapping only the values of the keys that are `wanted`.
///
/// Other entries may be left out or not. What is wrong with them is found all the same.
pub fn parse_part(text: &[u8], wanted: fn(&str) -> bool) -> Result<Value, YamlError> {
    let rules = Rules {
        strict: false,
        integers: false,
    };
    load_part(text, rules, Some(wanted)).map_err(YamlError::from)
}

/// Reads the first document of a text; if only some entries are wanted, others may be left out.
pub(super) fn load_part(
    text: &[u8],
    rules: Rules,
    wanted: Option<Wanted>,
) -> Result<Value, ParseError> {
    let source = Source::new(text);
    if source.fault.is_none()
        && let Some(value) = quick::read(&source.text, rules.integers, wanted)
    {
        return Ok(value);
    }
    if !rules.strict {
        match compose(&source, &mut Direct::new(rules.integers, wanted)) {
            Ok(value) => return Ok(value.unwrap_or_default()),
            Err(Stop::Wrong(error)) => return Err(*error),
            Err(Stop::Declined) => {}
        }
    }
    load_by_grammar(&source, rules)
}

/// Reads the first document of a text by way of a tree of nodes, which finds what is wrong in the reference's order.
pub(super) fn load_by_grammar(source: &Source<'_>, rules: Rules) -> Result<Value, ParseError> {
    let mut nodes = Nodes::default();
    match compose(source, &mut nodes) {
        Ok(Some(root)) => Decoder::new(nodes.into_document(root), rules).run(),
        Ok(None) | Err(Stop::Declined) => Ok(Value::Null),
        Err(Stop::Wrong(error)) => Err(*error),
    }
}

/// Reads a text strictly, handing over the items of some lists as they come; none if it is more than plain blocks.
pub(super) fn load_items(text: &[u8], integers: bool, taker: quick::Taker<'_>) -> Option<Value> {
    let source = Source::new(text);
    if source.fault.is_some() {
        return None;
    }
    quick::read_items(&source.text, integers, taker)
}

/// A scalar as a value; `None` if JSON has no form for it or it is to be decoded first.
pub(super) fn value_of(meaning: Meaning, text: Cow<'_, str>, integers: bool) -> Option<Value> {
    Some(match meaning {
        Meaning::Null => Value::Null,
        Meaning::Bool(value) => Value::Bool(value),
        Meaning::Integer(value) if integers => Value::Integer(value),
        Meaning::Integer(value) => Value::Float(value as f64),
        Meaning::Unsigned(value) => Value::Float(value as f64),
        Meaning::Float(value) if value.is_finite() => Value::Float(value),
        Meaning::Float(_) | Meaning::Binary => return None,
        Meaning::Text | Meaning::Timestamp => Value::String(text.into_owned()),
    })
}

/// A scalar as a key; the name of its Go type if JSON has no form for it.
// Parity: sigs.k8s.io/yaml, yaml.go, convertToJSONableObject.
pub(super) fn key_of(meaning: Meaning, text: Cow<'_, str>) -> Result<String, &'static str> {
    match meaning {
        Meaning::Text | Meaning::Timestamp | Meaning::Binary => Ok(text.into_owned()),
        Meaning::Bool(value) => Ok(value.to_string()),
        Meaning::Integer(value) => Ok(value.to_string()),
        Meaning::Float(value) => Ok(float_key(value)),
        Meaning::Unsigned(_) => Err("uint64"),
        Meaning::Null => Err("%!s(<nil>)"),
    }
}

/// The size up to which nearly all of a document may come from aliases.
const ALIAS_RANGE_LOW: f64 = 400_000.0;
/// The size from which a tenth of a document may come from aliases.
const ALIAS_RANGE_HIGH: f64 = 4_000_000.0;

struct Decoder<'t> {
    document: Document<'t>,
    rules: Rules,
    /// Keys that were given twice.
    problems: Vec<String>,
    /// The first key that is YAML and not JSON; it counts once all else is well.
    refusal: Option<ParseError>,
    /// What JSON says to collections that are too deep.
    too_deep: Option<ParseError>,
    depth_limit: usize,
    /// Whether there was a number that is YAML and not JSON; it counts last, unless it was replaced.
    has_odd_numbers: bool,
    aliases_open: BTreeSet<NodeId>,
    decoded: u64,
    decoded_by_alias: u64,
}

/// A mapping being filled; the last of several entries of a key counts.
#[derive(Default)]
struct Entries {
    entries: Vec<(String, Value)>,
    /// Keys as they were written, where doubles are refused.
    keys: BTreeSet<String>,
}

impl<'t> Decoder<'t> {
    fn new(document: Document<'t>, rules: Rules) -> Self {
        Self {
            document,
            rules,
            problems: Vec::new(),
            refusal: None,
            too_deep: None,
            depth_limit: depth_limit(),
            has_odd_numbers: false,
            aliases_open: BTreeSet::new(),
            decoded: 0,
            decoded_by_alias: 0,
        }
    }

    fn run(mut self) -> Result<Value, ParseError> {
        let value = self.value(self.document.root, 0)?;
        if !self.problems.is_empty() {
            return Err(ParseError::Strict {
                problems: self.problems,
            });
        }
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        if let Some(ParseError::TooDeep) = self.too_deep {
            return Err(ParseError::TooDeep);
        }
        if self.has_odd_numbers
            && let Some(number) = odd_number(&value)
        {
            let number = number::general(number);
            return Err(ParseError::Number { number });
        }
        self.too_deep.map_or(Ok(value), Err)
    }

    fn value(&mut self, id: NodeId, depth: usize) -> Result<Value, ParseError> {
        deepen(|| self.value_here(id, depth))
    }

    fn value_here(&mut self, id: NodeId, depth: usize) -> Result<Value, ParseError> {
        self.count()?;
        match &self.document.nodes[id].kind {
            NodeKind::Scalar(_) => self.scalar(id),
            NodeKind::Sequence(items) if depth >= self.depth_limit => {
                Ok(self.too_deep(items.is_empty()))
            }
            NodeKind::Mapping(entries) if depth >= self.depth_limit => {
                Ok(self.too_deep(entries.is_empty()))
            }
            NodeKind::Sequence(_) => self.list(id, depth).map(Value::List),
            NodeKind::Mapping(_) => {
                let mut entries = Entries::default();
                self.fill(id, &mut entries, depth)?;
                Ok(Value::Map(Map::from(entries.entries)))
            }
            NodeKind::Alias { target, .. } => {
                let target = *target;
                self.open_alias(id)?;
                let value = self.value(target, depth)?;
                self.aliases_open.remove(&id);
                Ok(value)
            }
        }
    }

    /// Notes that a collection is too deep and puts nothing in its place.
    fn too_deep(&mut self, is_empty: bool) -> Value {
        let error = if is_empty {
            ParseError::TooDeepToDecode
        } else {
            ParseError::TooDeep
        };
        if self.too_deep != Some(ParseError::TooDeep) {
            self.too_deep = Some(error);
        }
        Value::Null
    }

    fn list(&mut self, id: NodeId, depth: usize) -> Result<Vec<Value>, ParseError> {
        let mut list = Vec::new();
        // By index, since an alias below may lead back here.
        while let NodeKind::Sequence(items) = &self.document.nodes[id].kind
            && let Some(&item) = items.get(list.len())
        {
            list.push(self.value(item, depth + 1)?);
        }
        Ok(list)
    }

    fn open_alias(&mut self, id: NodeId) -> Result<(), ParseError> {
        if self.aliases_open.insert(id) {
            return Ok(());
        }
        let NodeKind::Alias { anchor, .. } = &self.document.nodes[id].kind else {
            return Ok(());
        };
        Err(meaning(&format!("anchor '{anchor}' value contains itself")))
    }

    /// Counts a node and refuses documents that are mostly made of aliases.
    // Parity: go-yaml v2, decode.go, decoder.unmarshal and allowedAliasRatio.
    fn count(&mut self) -> Result<(), ParseError> {
        self.decoded += 1;
        if !self.aliases_open.is_empty() {
            self.decoded_by_alias += 1;
        }
        if self.decoded_by_alias <= 100 || self.decoded <= 1000 {
            return Ok(());
        }
        let decoded = self.decoded as f64;
        let beyond = (decoded.min(ALIAS_RANGE_HIGH) - ALIAS_RANGE_LOW).max(0.0);
        let allowed = 0.99 - 0.89 * (beyond / (ALIAS_RANGE_HIGH - ALIAS_RANGE_LOW));
        if self.decoded_by_alias as f64 / decoded > allowed {
            return Err(meaning("document contains excessive aliasing"));
        }
        Ok(())
    }

    fn scalar(&mut self, id: NodeId) -> Result<Value, ParseError> {
        let shared = self.document.has_aliases;
        let NodeKind::Scalar(scalar) = &mut self.document.nodes[id].kind else {
            return Ok(Value::Null);
        };
        let meaning = resolve(scalar)?;
        match meaning {
            Meaning::Binary => return binary(&scalar.text).map(Value::String),
            Meaning::Float(value) if !value.is_finite() => {
                self.has_odd_numbers = true;
                return Ok(Value::Float(value));
            }
            _ => {}
        }
        let text = if shared {
            scalar.text.clone()
        } else {
            std::mem::take(&mut scalar.text)
        };
        Ok(value_of(meaning, text, self.rules.integers).unwrap_or_default())
    }

    /// Adds a mapping's entries, in the order of the text; later ones replace earlier ones.
    fn fill(&mut self, id: NodeId, out: &mut Entries, depth: usize) -> Result<(), ParseError> {
        let mut next = 0;
        while let NodeKind::Mapping(entries) = &self.document.nodes[id].kind
            && let Some(&(key, value)) = entries.get(next)
        {
            next += 1;
            if self.document.is_merge(key) {
                self.merge(value, out, depth)?;
            } else {
                self.entry(key, value, out, depth)?;
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        key: NodeId,
        value: NodeId,
        out: &mut Entries,
        depth: usize,
    ) -> Result<(), ParseError> {
        let shown = self
            .rules
            .strict
            .then(|| describe::describe(&self.document, key));
        let name = self.key(key, value, depth)?;
        let entry = self.value(value, depth + 1)?;
        if let Some(shown) = shown
            && let Some(shown) = out.keys.replace(shown)
        {
            let line = self.document.nodes[value].line + 1;
            self.problems
                .push(format!("line {line}: key {shown} already set in map"));
        } else if let Some(name) = name {
            out.entries.push((name, entry));
        }
        Ok(())
    }

    /// A key's JSON form; `None` when it has none, which is remembered.
    fn key(
        &mut self,
        id: NodeId,
        value: NodeId,
        depth: usize,
    ) -> Result<Option<String>, ParseError> {
        self.count()?;
        let mut node = id;
        if let NodeKind::Alias { target, .. } = self.document.nodes[id].kind {
            node = target;
            self.open_alias(id)?;
            self.count()?;
            self.aliases_open.remove(&id);
        }
        let shared = self.document.has_aliases;
        let NodeKind::Scalar(scalar) = &mut self.document.nodes[node].kind else {
            let key = describe::describe(&self.document, node);
            self.value(node, depth + 1)?;
            return Err(meaning(&format!("invalid map key: {key}")));
        };
        let meaning = resolve(scalar)?;
        let text = match meaning {
            Meaning::Binary => Cow::Owned(binary(&scalar.text)?),
            Meaning::Unsigned(_) | Meaning::Null => Cow::Borrowed(""),
            _ if shared => scalar.text.clone(),
            _ => std::mem::take(&mut scalar.text),
        };
        match key_of(meaning, text) {
            Ok(key) => Ok(Some(key)),
            Err(kind) => {
                self.refuse_key(kind, node, value);
                Ok(None)
            }
        }
    }

    /// Remembers a key without a JSON form; of the same key given twice the last value counts.
    fn refuse_key(&mut self, kind: &str, key: NodeId, value: NodeId) {
        let key = describe::describe(&self.document, key);
        let is_first = match &self.refusal {
            None => true,
            Some(ParseError::Key { key: known, .. }) => *known == key,
            Some(_) => false,
        };
        if is_first {
            let value = describe::describe(&self.document, value);
            self.refusal = Some(ParseError::Key {
                kind: kind.to_owned(),
                key,
                value,
            });
        }
    }

    /// Adds what a merge key names.
    // Parity: go-yaml v2, decode.go, decoder.merge: of a list's mappings the earlier one wins.
    fn merge(&mut self, id: NodeId, out: &mut Entries, depth: usize) -> Result<(), ParseError> {
        match &self.document.nodes[id].kind {
            NodeKind::Sequence(items) => {
                for item in items.clone().into_iter().rev() {
                    self.merge_one(item, out, depth)?;
                }
                Ok(())
            }
            _ => self.merge_one(id, out, depth),
        }
    }

    fn merge_one(&mut self, id: NodeId, out: &mut Entries, depth: usize) -> Result<(), ParseError> {
        let mapping = match self.document.nodes[id].kind {
            NodeKind::Alias { target, .. } => target,
            _ => id,
        };
        if !matches!(self.document.nodes[mapping].kind, NodeKind::Mapping(_)) {
            return Err(meaning(
                "map merge requires map or sequence of maps as the value",
            ));
        }
        self.count()?;
        if mapping == id {
            return self.fill(id, out, depth + 1);
        }
        self.open_alias(id)?;
        self.count()?;
        self.fill(mapping, out, depth + 1)?;
        self.aliases_open.remove(&id);
        Ok(())
    }
}

/// The first number of a value that JSON cannot write.
fn odd_number(value: &Value) -> Option<f64> {
    deepen(|| match value {
        Value::Float(number) if !number.is_finite() => Some(*number),
        Value::List(items) => items.iter().find_map(odd_number),
        Value::Map(entries) => entries.values().find_map(odd_number),
        _ => None,
    })
}

/// A float as a key.
fn float_key(value: f64) -> String {
    match number::general32(value).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        text => text.to_owned(),
    }
}

/// The text that `!!binary` holds; bytes that are not UTF-8 are replaced one by one.
fn binary(text: &str) -> Result<String, ParseError> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    let digits: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = engine
        .decode(digits)
        .map_err(|_| meaning("!!binary value contains invalid base64 data"))?;
    Ok(super::json::valid_text(&bytes))
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_part};

    fn head(text: &str) -> String {
        let part = parse_part(text.as_bytes(), |key| key == "kind");
        let whole = parse(text.as_bytes());
        match (part, whole) {
            (Ok(part), Ok(whole)) => {
                assert_eq!(part.get("kind"), whole.get("kind"), "{text}");
                format!("{:?}", part.get("kind").and_then(|kind| kind.as_str()))
            }
            (part, whole) => {
                assert_eq!(part.as_ref().err(), whole.as_ref().err(), "{text}");
                part.map_or_else(|error| error.to_string(), |_| String::new())
            }
        }
    }

    #[test]
    fn what_is_wanted_is_whole_whatever_stands_before_it() {
        for before in [
            "a: b\n  c\n",
            "a: |\n  b\n\n  c\n",
            "a: 'b\n\n  c'\n",
            "a:\n- [b,\n  c]\n",
        ] {
            let text = format!("{before}\"ki\\u006ed\": \"x\n  y\"\nz: 1\n");
            assert_eq!(head(&text), r#"Some("x y")"#);
            let text = format!("{before}kind: |\n  x\n  y\n");
            assert_eq!(head(&text), r#"Some("x\ny\n")"#);
            let text = format!("{before}? kind\n: x\n  y\n");
            assert_eq!(head(&text), r#"Some("x y")"#);
        }
    }

    #[test]
    fn what_is_wrong_with_the_rest_is_found() {
        for rest in [
            "a: [b",
            "a: .inf",
            "a: {~: b}",
            "a: {b: *c}",
            "a: !!int b",
            "a: b: c",
            "a: &x {b: *x}",
            "a:\n\t- b",
            "? [a]\n: b",
            "{a: 1}: b",
        ] {
            let error = head(&format!("kind: x\n{rest}\n"));
            assert!(!error.starts_with("Some"), "{rest}: {error}");
        }
        assert_eq!(
            head("kind: x\na: &y {b: 1}\nc: *y\nd: {<<: *y}\n"),
            r#"Some("x")"#
        );
    }
}
