//! Values into TOML.

use helmrs_gotemplate::number::format_float;
use helmrs_gotemplate::time;

use super::{Table, Value};

/// Why a value has no TOML text.
// Parity: BurntSushi/toml, encode.go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// A list holds a null.
    #[error("toml: cannot encode array with nil element")]
    NullInList,
    /// A list of tables has no name to stand under.
    #[error("toml: top-level values must be Go maps or structs")]
    NoKey,
    /// The document itself has no form in TOML.
    #[error("unsupported type for key '': {0}")]
    UnsupportedDocument(String),
    /// A value has no form in TOML.
    #[error("unsupported type: {0}")]
    Unsupported(String),
    /// There is nothing to write; Go's encoder panics.
    #[error("reflect: call of reflect.Value.Type on zero Value")]
    Nothing,
}

/// Writes a value as `toToml` does: plain entries before tables, tables indented under their parents.
///
/// ```
/// use helmrs_core::{toml, yaml};
/// let value = yaml::parse(b"{server: {port: 80}, name: web}")?;
/// let text = toml::to_toml(&toml::Value::from(&value))?;
/// assert_eq!(text, b"name = \"web\"\n\n[server]\n  port = 80.0\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Parity: BurntSushi/toml, encode.go, Encoder.Encode.
pub fn to_toml(value: &Value) -> Result<Vec<u8>, EmitError> {
    match value {
        Value::Null => return Err(EmitError::Nothing),
        Value::Unsupported(of) => return Err(EmitError::UnsupportedDocument(of.clone())),
        _ => {}
    }
    let mut emitter = Emitter::default();
    emitter.entry(&mut Vec::new(), value)?;
    Ok(emitter.out)
}

#[derive(Default)]
struct Emitter {
    out: Vec<u8>,
}

impl Emitter {
    fn entry<'v>(&mut self, key: &mut Vec<&'v str>, value: &'v Value) -> Result<(), EmitError> {
        match value {
            Value::Null => Ok(()),
            Value::Table(_) | Value::Struct(_) => self.table(key, &entries_of(value)),
            Value::List(items) if is_list_of_tables(items)? => {
                self.list_of_tables(key, items.iter().map(entries_of))
            }
            Value::Tables(tables) if !tables.is_empty() => {
                self.list_of_tables(key, tables.iter().map(entries_in))
            }
            _ => {
                if let Some(name) = key.last() {
                    self.indent(key.len());
                    self.push(&format!("{} = ", quoted_key(name)));
                }
                self.element(value)?;
                if !key.is_empty() {
                    self.new_line();
                }
                Ok(())
            }
        }
    }

    fn table<'v>(&mut self, key: &mut Vec<&'v str>, table: &Entries<'v>) -> Result<(), EmitError> {
        if key.len() == 1 {
            self.new_line();
        }
        if !key.is_empty() {
            self.header(key, "[", "]");
        }
        self.entries(key, table)
    }

    fn list_of_tables<'v>(
        &mut self,
        key: &mut Vec<&'v str>,
        items: impl Iterator<Item = Entries<'v>>,
    ) -> Result<(), EmitError> {
        if key.is_empty() {
            return Err(EmitError::NoKey);
        }
        for item in items {
            self.new_line();
            self.header(key, "[[", "]]");
            self.entries(key, &item)?;
        }
        Ok(())
    }

    fn header(&mut self, key: &[&str], open: &str, close: &str) {
        let name: Vec<String> = key.iter().map(|part| quoted_key(part)).collect();
        self.indent(key.len());
        self.push(&format!("{open}{}{close}\n", name.join(".")));
    }

    fn entries<'v>(
        &mut self,
        key: &mut Vec<&'v str>,
        table: &Entries<'v>,
    ) -> Result<(), EmitError> {
        let (direct, below) = sorted(table)?;
        for (name, value) in direct.into_iter().chain(below) {
            key.push(name);
            self.entry(key, value)?;
            key.pop();
        }
        Ok(())
    }

    fn element(&mut self, value: &Value) -> Result<(), EmitError> {
        match value {
            Value::Null => {}
            Value::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Value::Integer(value) => self.push(&value.to_string()),
            Value::Float(value) => self.push(&float(*value)),
            Value::String(value) => quote(&mut self.out, value),
            Value::Time(value) => {
                self.push(&time::format(&value.moment, value.kind.layout()));
            }
            Value::Tables(tables) => {
                self.push("[");
                for (index, table) in tables.iter().enumerate() {
                    self.push(if index > 0 { ", " } else { "" });
                    self.inline_table(&entries_in(table))?;
                }
                self.push("]");
            }
            Value::List(items) => {
                self.push("[");
                for (index, item) in items.iter().enumerate() {
                    self.push(if index > 0 { ", " } else { "" });
                    self.element(item)?;
                }
                self.push("]");
            }
            Value::Table(_) | Value::Struct(_) => self.inline_table(&entries_of(value))?,
            Value::Unsupported(of) => return Err(EmitError::Unsupported(of.clone())),
        }
        Ok(())
    }

    // Parity: BurntSushi/toml, encode.go, eMap: a null at the end leaves the comma before it.
    fn inline_table(&mut self, table: &Entries<'_>) -> Result<(), EmitError> {
        let (direct, below) = sorted(table)?;
        self.push("{");
        for (entries, more) in [(&direct, !below.is_empty()), (&below, false)] {
            for (index, (name, value)) in entries.iter().enumerate() {
                if let Value::Null = value {
                    continue;
                }
                self.push(&format!("{} = ", quoted_key(name)));
                self.element(value)?;
                if more || index + 1 < entries.len() {
                    self.push(", ");
                }
            }
        }
        self.push("}");
        Ok(())
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn indent(&mut self, depth: usize) {
        for _ in 1..depth {
            self.push("  ");
        }
    }

    /// A line break, unless nothing has been written yet.
    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.push("\n");
        }
    }
}

/// The entries of a table.
type Entries<'v> = Vec<(&'v str, &'v Value)>;

fn entries_in(table: &Table) -> Entries<'_> {
    let entries = table.iter();
    entries
        .map(|(name, entry)| (name.as_str(), entry))
        .collect()
}

fn entries_of(value: &Value) -> Entries<'_> {
    match value {
        Value::Table(table) => entries_in(table),
        Value::Struct(fields) => fields
            .iter()
            .map(|(name, field)| (name.as_str(), field))
            .collect(),
        _ => Vec::new(),
    }
}

/// A table's plain entries and its tables, which come after them.
fn sorted<'v>(table: &Entries<'v>) -> Result<(Entries<'v>, Entries<'v>), EmitError> {
    let (mut direct, mut below) = (Vec::new(), Vec::new());
    for &(name, value) in table {
        let is_table = match value {
            Value::Table(_) | Value::Struct(_) => true,
            Value::List(items) => is_list_of_tables(items)?,
            Value::Tables(tables) => !tables.is_empty(),
            _ => false,
        };
        let entries = if is_table { &mut below } else { &mut direct };
        entries.push((name, value));
    }
    Ok((direct, below))
}

/// Whether every item is a table; a null anywhere in the list is an error.
fn is_list_of_tables(items: &[Value]) -> Result<bool, EmitError> {
    let mut all = !items.is_empty();
    for item in items {
        match item {
            Value::Null => return Err(EmitError::NullInList),
            Value::Unsupported(of) => return Err(EmitError::Unsupported(of.clone())),
            Value::List(items) => {
                is_list_of_tables(items)?;
                all = false;
            }
            Value::Table(_) | Value::Struct(_) => {}
            _ => all = false,
        }
    }
    Ok(all)
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return if number.is_sign_negative() {
            "-nan"
        } else {
            "nan"
        }
        .to_owned();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let text = format_float(number, 'g', None);
    if text.contains(['e', '.']) {
        text
    } else {
        text + ".0"
    }
}

/// A key, in quotes if it is not a bare one.
pub(super) fn quoted_key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_bare) {
        return key.to_owned();
    }
    let mut out = Vec::new();
    quote(&mut out, key.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes a text in quotes; bytes that are no UTF-8 stay as they are.
fn quote(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x00..=0x1f | 0x7f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            other => out.push(other),
        }
    }
    out.push(b'"');
}
