//! Values into YAML: the two layouts that Helm's templates can ask for.

mod pretty;
pub(super) mod scalar;
pub(super) mod writer;

use helmrs_gotemplate::stack::deepen;
pub use pretty::Node;
use scalar::{Shape, Style};
use writer::Writer;

use super::convert::{Rules, load};
use super::error::EmitError;
use super::json::{self, JsonError};
use super::number;
use super::resolve::{Dialect, Meaning, plain};
use super::sort::natural;
use super::value::Value;

/// Writes a value as `toYaml` does, with a line break at the end.
///
/// Texts fold at 80 columns, sequences in a mapping are not indented, and whole numbers are
/// written with all their digits.
///
/// ```
/// let value = helmrs_core::yaml::parse(b"{list: [1, 'on'], text: \"a\\nb\"}")?;
/// let text = helmrs_core::yaml::to_yaml(&value)?;
/// assert_eq!(text, "list:\n- 1\n- \"on\"\ntext: |-\n  a\n  b\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Parity: sigs.k8s.io/yaml, yaml.go, Marshal: the value becomes JSON, which go-yaml v2 reads and writes.
pub fn to_yaml(value: &Value) -> Result<String, EmitError> {
    check_numbers(value)?;
    if !changes_when_reread(value) {
        return Ok(Emitter::new(Dialect::V2).document(value));
    }
    let text = json::to_json(value).map_err(EmitError::Json)?;
    let reread = load(
        text.as_bytes(),
        Rules {
            strict: false,
            integers: true,
        },
    );
    Ok(Emitter::new(Dialect::V2).document(&reread.map_err(EmitError::Reread)?))
}

/// Writes a value as `toYamlPretty` does, with a line break at the end.
///
/// Texts do not fold, sequences in a mapping are indented, and floats have Go's shortest form.
// Parity: go-yaml v3, yaml.go, Encoder with SetIndent(2).
pub fn to_yaml_pretty(node: &Node) -> String {
    Emitter::new(Dialect::V3).pretty_document(node)
}

fn check_numbers(value: &Value) -> Result<(), EmitError> {
    match value {
        Value::Float(number) if !number.is_finite() => {
            let number = number::general(*number);
            Err(EmitError::Json(JsonError::Unsupported { number }))
        }
        Value::List(items) => items.iter().try_for_each(check_numbers),
        Value::Map(entries) => entries.values().try_for_each(check_numbers),
        _ => Ok(()),
    }
}

/// Whether YAML reads something else from the value's JSON text than what was written.
fn changes_when_reread(value: &Value) -> bool {
    match value {
        Value::String(text) => has_awkward_characters(text),
        Value::List(items) => items.iter().any(changes_when_reread),
        Value::Map(entries) => entries.iter().any(|(key, entry)| {
            // A key's JSON text of more than 1024 characters is refused.
            key.len() > 160 || has_awkward_characters(key) || changes_when_reread(entry)
        }),
        _ => false,
    }
}

/// Whether JSON leaves characters as they are that YAML refuses or folds.
fn has_awkward_characters(text: &str) -> bool {
    let is_plain = text.is_ascii() && memchr::memchr(0x7f, text.as_bytes()).is_none();
    !is_plain
        && text.chars().any(|c| {
            matches!(
                c,
                '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            )
        })
}

/// Up to here every whole float is one whole number and no other.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Where a node stands, as far as its layout depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    Entry,
}

struct Emitter {
    dialect: Dialect,
    writer: Writer,
}

impl Emitter {
    fn new(dialect: Dialect) -> Self {
        let width = match dialect {
            Dialect::V2 => 80,
            Dialect::V3 => usize::MAX,
        };
        Self {
            dialect,
            writer: Writer::new(width),
        }
    }

    fn document(mut self, value: &Value) -> String {
        self.node(value, Place::Root);
        self.writer.finish()
    }

    fn node(&mut self, value: &Value, place: Place) {
        match value {
            Value::Null => self.plain("null"),
            Value::Bool(value) => self.plain(if *value { "true" } else { "false" }),
            Value::Integer(value) => self.plain(&value.to_string()),
            Value::Float(value) => self.plain(&self.number(*value)),
            Value::String(text) => self.text(text, false),
            Value::Raw(text) => self.text(text.as_str(), false),
            Value::List(items) => deepen(|| self.list(items, place, Self::node)),
            Value::Map(entries) => deepen(|| {
                let keys: Vec<&String> = entries.keys().collect();
                let sorted = natural(&keys, self.dialect);
                let entries = sorted.into_iter().map(|key| (key.as_str(), &entries[key]));
                self.map(entries, Self::node);
            }),
        }
    }

    // Parity: go-yaml v2, emitterc.go, yaml_emitter_emit_block_sequence_item; v3 always indents.
    fn list<T>(&mut self, items: &[T], place: Place, write: fn(&mut Self, &T, Place)) {
        if items.is_empty() {
            self.writer.indicator("[", true, true, false);
            self.writer.indicator("]", false, false, false);
            return;
        }
        let flush = self.dialect == Dialect::V2 && place == Place::Entry && !self.writer.indention;
        let outer = self.writer.indent_block(flush);
        for item in items {
            self.writer.start_line();
            self.writer.indicator("-", true, false, true);
            write(self, item, Place::Item);
        }
        self.writer.indent = outer;
    }

    fn map<'v, T: 'v>(
        &mut self,
        entries: impl ExactSizeIterator<Item = (&'v str, &'v T)>,
        write: fn(&mut Self, &T, Place),
    ) {
        if entries.len() == 0 {
            self.writer.indicator("{", true, true, false);
            self.writer.indicator("}", false, false, false);
            return;
        }
        let outer = self.writer.indent_block(false);
        for (key, entry) in entries {
            self.writer.start_line();
            if key.len() <= 128 && !scalar::is_multiline(key) {
                self.text(key, true);
                self.writer.indicator(":", false, false, false);
            } else {
                self.writer.indicator("?", true, false, true);
                self.text(key, false);
                self.writer.start_line();
                self.writer.indicator(":", true, false, true);
            }
            write(self, entry, Place::Entry);
        }
        self.writer.indent = outer;
    }

    /// A float's text, after its way through JSON for the older layout.
    fn number(&self, number: f64) -> String {
        if self.dialect == Dialect::V2 {
            if number.fract() == 0.0 && number.abs() < EXACT {
                return (number as i64).to_string();
            }
            let digits = number::json(number);
            match plain(&digits, Dialect::V2) {
                Meaning::Integer(integer) => return integer.to_string(),
                Meaning::Unsigned(integer) => return integer.to_string(),
                _ => {}
            }
        }
        match number::general(number).as_str() {
            "+Inf" => ".inf".to_owned(),
            "-Inf" => "-.inf".to_owned(),
            "NaN" => ".nan".to_owned(),
            text => text.to_owned(),
        }
    }

    /// A word or number that needs no quotes.
    fn plain(&mut self, text: &str) {
        self.writer.plain(text, true);
    }

    // Parity: go-yaml v2 and v3, encode.go, stringv, and emitterc.go, yaml_emitter_select_scalar_style.
    fn text(&mut self, text: &str, is_simple_key: bool) {
        let shape = Shape::of(text, self.dialect);
        let style = shape.style(text, self.dialect, is_simple_key);
        let outer = self.writer.indent_scalar();
        match style {
            Style::Plain => self.writer.plain(text, !is_simple_key),
            Style::SingleQuoted => self.writer.single_quoted(text, !is_simple_key),
            Style::DoubleQuoted => self.writer.double_quoted(text, !is_simple_key),
            Style::Literal => self.writer.literal(text),
        }
        self.writer.indent = outer;
    }
}
