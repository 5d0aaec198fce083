//! TOML into values.

use std::collections::{BTreeMap, BTreeSet};

use helmrs_gotemplate::stack::{deepen, depth_limit};

use super::cursor::Cursor;
use super::emit::quoted_key;
use super::scalar;
use super::{Table, Value};

/// How deep tables may lie in each other: a table's whole path is kept, and each of its parents'.
const MAX_TABLES: usize = 128;

/// Why a text is not TOML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("toml: line {line}{}: {message}", self.shown_key())]
pub struct ParseError {
    /// The line, counted from one.
    pub line: usize,
    /// The key whose value was being read.
    pub last_key: String,
    /// What is wrong.
    pub message: String,
}

impl ParseError {
    fn shown_key(&self) -> String {
        if self.last_key.is_empty() {
            return String::new();
        }
        let key = helmrs_gotemplate::number::quote(self.last_key.as_bytes());
        format!(" (last key {key})")
    }
}

/// Reads a TOML text.
///
/// ```
/// use helmrs_core::toml;
/// let table = toml::parse(b"[server]\nports = [80, 443]")?;
/// assert_eq!(toml::to_toml(&toml::Value::Table(table))?, b"[server]\n  ports = [80, 443]\n");
/// let error = toml::parse(b"a = x").unwrap_err();
/// assert_eq!(error.to_string(), r#"toml: line 1 (last key "a"): expected value but found "x" instead"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Parity: BurntSushi/toml, parse.go and lex.go.
pub fn parse(text: &[u8]) -> Result<Table, ParseError> {
    let text = text
        .strip_prefix(b"\xef\xbb\xbf")
        .or_else(|| text.strip_prefix(b"\xff\xfe"))
        .or_else(|| text.strip_prefix(b"\xfe\xff"))
        .unwrap_or(text);
    let cursor = Cursor::new(text);
    if text.iter().take(6).any(|&byte| byte == 0) {
        let message =
            "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        return Err(Cursor::error_on(1, message.to_owned()));
    }
    let mut parser = Parser {
        cursor,
        root: BTreeMap::new(),
        implicit: BTreeSet::new(),
        key: Vec::new(),
    };
    match parser.run() {
        Ok(()) => Ok(finished(parser.root)),
        Err(mut error) => {
            error.last_key = parser.last_key();
            Err(error)
        }
    }
}

type Read<T = ()> = Result<T, ParseError>;

/// A table that is still being filled.
type Open = BTreeMap<String, Node>;

/// What a key of an open table holds.
enum Node {
    Value(Value),
    Table(Open),
    Tables(Vec<Open>),
}

fn finished(table: Open) -> Table {
    let value = |node| match node {
        Node::Value(value) => value,
        Node::Table(table) => Value::Table(finished(table)),
        Node::Tables(tables) => Value::Tables(tables.into_iter().map(finished).collect()),
    };
    table
        .into_iter()
        .map(|(key, node)| (key, value(node)))
        .collect()
}

fn joined(key: &[String]) -> String {
    let parts: Vec<String> = key.iter().map(|part| quoted_key(part)).collect();
    parts.join(".")
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    root: Open,
    /// Tables that only a key or header below them has made.
    implicit: BTreeSet<Vec<String>>,
    /// Where the parser is, for error texts.
    key: Vec<String>,
}

impl Parser<'_> {
    // Parity: BurntSushi/toml, parse.go, current: the last part is not quoted.
    fn last_key(&self) -> String {
        match self.key.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, context)) => format!("{}.{last}", joined(context)),
        }
    }

    fn run(&mut self) -> Read {
        let mut context = Vec::new();
        loop {
            self.cursor.skip_gap()?;
            match self.cursor.peek()? {
                None => return Ok(()),
                Some('[') => context = self.header()?,
                Some(_) => self.entry(&context)?,
            }
            self.key.clone_from(&context);
            self.end_of_item()?;
        }
    }

    fn end_of_item(&mut self) -> Read {
        self.cursor.skip_blanks()?;
        match self.cursor.peek()? {
            None | Some('\n' | '\r' | '#') => Ok(()),
            _ => {
                let found = self.cursor.next()?;
                Err(self.cursor.unexpected(found, |found| {
                    format!(
                        "expected a top-level item to end with a newline, comment, or EOF, but got {found} instead"
                    )
                }))
            }
        }
    }

    /// `[a.b]` or `[[a.b]]`; gives the table's place.
    fn header(&mut self) -> Read<Vec<String>> {
        let is_list = self.cursor.accept("[[");
        if !is_list {
            self.cursor.accept("[");
        }
        let line = self.cursor.line;
        let mut name = Vec::new();
        loop {
            self.cursor.skip_blanks()?;
            name.push(match self.cursor.peek()? {
                None | Some(']') => {
                    let problem = "unexpected end of table name (table names cannot be empty)";
                    return Err(self.cursor.error(problem.to_owned()));
                }
                Some('.') => {
                    let problem = "unexpected table separator (table names cannot be empty)";
                    return Err(self.cursor.error(problem.to_owned()));
                }
                _ => self.key_part()?,
            });
            self.cursor.skip_blanks()?;
            match self.cursor.next()? {
                Some('.') => {}
                Some(']') => break,
                found => {
                    return Err(self.cursor.after(found, |found| {
                        format!("expected '.' or ']' to end table name, but got {found} instead")
                    }));
                }
            }
        }
        if is_list {
            let found = self.cursor.next()?;
            if found != Some(']') {
                return Err(self.cursor.after(found, |found| {
                    format!(
                        "expected end of table array name delimiter ']', but got {found} instead"
                    )
                }));
            }
        }
        self.key.clear();
        self.open(&name, is_list, line)?;
        Ok(name)
    }

    fn key_part(&mut self) -> Read<String> {
        if let Some('"' | '\'') = self.cursor.peek()? {
            return scalar::short_text(&mut self.cursor);
        }
        let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        Ok(self.cursor.take_while(is_bare)?.to_owned())
    }

    /// The parts of a key and its `=`.
    fn key_parts(&mut self) -> Read<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            self.cursor.skip_blanks()?;
            let problem = match self.cursor.peek()? {
                None | Some('=') if parts.is_empty() => "unexpected '=': key name appears blank",
                None | Some('=') => "unexpected '='",
                Some('.') if parts.is_empty() => "unexpected '.': keys cannot start with a '.'",
                Some('.') => "unexpected '.'",
                _ => "",
            };
            if !problem.is_empty() {
                return Err(self.cursor.error(problem.to_owned()));
            }
            parts.push(self.key_part()?);
            self.cursor.skip_blanks()?;
            match self.cursor.next()? {
                Some('.') => {}
                Some('=') => return Ok(parts),
                None => {
                    let problem = "unexpected EOF; expected key separator '='";
                    return Err(self.cursor.error(problem.to_owned()));
                }
                found => {
                    return Err(self.cursor.unexpected(found, |found| {
                        format!("expected '.' or '=', but got {found} instead")
                    }));
                }
            }
        }
    }

    /// `key = value` below a table.
    fn entry(&mut self, context: &[String]) -> Read {
        let line = self.cursor.line;
        let parts = self.key_parts()?;
        let mut path = context.to_vec();
        for part in &parts[..parts.len() - 1] {
            path.push(part.clone());
            self.key.clone_from(&path);
            self.implicit.insert(path.clone());
            self.open(&path, false, line)?;
        }
        path.extend(parts.last().cloned());
        self.key.clone_from(&path);
        let value = self.value(0)?;
        self.set(&path, Node::Value(value), line)
    }

    /// Opens the table at a place, or a further one of a list of tables.
    fn open(&mut self, path: &[String], is_list: bool, line: usize) -> Read {
        if path.len() >= MAX_TABLES {
            self.key.clear();
            let problem = format!("exceeds maximum table depth of {MAX_TABLES}");
            return Err(Cursor::error_on(line, problem));
        }
        for length in 1..path.len() {
            let parent = &path[..length];
            let name = parent.last().cloned().unwrap_or_default();
            let table = self.table(&parent[..length - 1], line)?;
            match table.get(&name) {
                None => {
                    table.insert(name, Node::Table(Open::new()));
                    self.implicit.insert(parent.to_vec());
                }
                Some(Node::Value(_)) => {
                    let problem =
                        format!("Key '{}' was already created as a hash.", joined(parent));
                    return Err(Cursor::error_on(line, problem));
                }
                Some(_) => {}
            }
        }
        if !is_list {
            return self.set(path, Node::Table(Open::new()), line);
        }
        let Some((name, parent)) = path.split_last() else {
            return Ok(());
        };
        let table = self.table(parent, line)?;
        let node = table
            .entry(name.clone())
            .or_insert_with(|| Node::Tables(Vec::new()));
        if let Node::Tables(tables) = node {
            tables.push(Open::new());
            return Ok(());
        }
        let key = joined(path);
        let problem = format!("Key '{key}' was already created and cannot be used as an array.");
        Err(Cursor::error_on(line, problem))
    }

    // Parity: BurntSushi/toml, parse.go, setValue: what only keys below have made may be made once more.
    fn set(&mut self, path: &[String], node: Node, line: usize) -> Read {
        let Some((name, parent)) = path.split_last() else {
            return Ok(());
        };
        let table = self.table(parent, line)?;
        if !table.contains_key(name) {
            table.insert(name.clone(), node);
            return Ok(());
        }
        if self.implicit.remove(path) {
            return Ok(());
        }
        let problem = format!("Key '{}' has already been defined.", joined(path));
        Err(Cursor::error_on(line, problem))
    }

    /// The table at a place; of a list of tables, the last one.
    fn table(&mut self, path: &[String], line: usize) -> Read<&mut Open> {
        let mut table = &mut self.root;
        for (index, part) in path.iter().enumerate() {
            let below = match table.get_mut(part) {
                Some(Node::Table(below)) => Some(below),
                Some(Node::Tables(tables)) => tables.last_mut(),
                _ => None,
            };
            let Some(below) = below else {
                let problem = format!(
                    "Key '{}' has already been defined.",
                    joined(&path[..=index])
                );
                return Err(Cursor::error_on(line, problem));
            };
            table = below;
        }
        Ok(table)
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        let limit = match self.cursor.peek()? {
            Some('[') => depth_limit(),
            Some('{') => MAX_TABLES,
            _ => usize::MAX,
        };
        if depth >= limit {
            let problem = format!("exceeds maximum array depth of {limit}");
            return Err(self.cursor.error(problem));
        }
        self.cursor.skip_blanks()?;
        match self.cursor.peek()? {
            Some('0'..='9' | '+' | '-') => scalar::number_or_time(&mut self.cursor),
            Some('"' | '\'') => {
                scalar::text(&mut self.cursor).map(|text| Value::String(text.into()))
            }
            Some('[') => deepen(|| self.list(depth)),
            Some('{') => self.inline_table(depth),
            Some('.') => Err(self
                .cursor
                .error("floats must start with a digit, not '.'".to_owned())),
            Some(first) if first.is_alphabetic() => self.word(),
            None => Err(self
                .cursor
                .error("unexpected EOF; expected value".to_owned())),
            Some(_) => {
                let found = self.cursor.next()?;
                Err(self.cursor.unexpected(found, |found| {
                    format!("expected value but found {found} instead")
                }))
            }
        }
    }

    fn word(&mut self) -> Read<Value> {
        for (word, number) in [("inf", f64::INFINITY), ("nan", f64::NAN)] {
            if self.cursor.accept(word) {
                return Ok(Value::Float(number));
            }
        }
        let word = self.cursor.take_while(char::is_alphabetic)?;
        match word {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => {
                let word = helmrs_gotemplate::number::quote(word.as_bytes());
                Err(self
                    .cursor
                    .error(format!("expected value but found {word} instead")))
            }
        }
    }

    fn list(&mut self, depth: usize) -> Read<Value> {
        self.cursor.next()?;
        let mut items = Vec::new();
        loop {
            self.cursor.skip_gap()?;
            match self.cursor.peek()? {
                Some(',') => return Err(self.cursor.error("unexpected comma".to_owned())),
                Some(']') => break,
                _ => items.push(self.value(depth + 1)?),
            }
            self.cursor.skip_gap()?;
            match self.cursor.peek()? {
                Some(',') => self.cursor.next().map(drop)?,
                Some(']') => break,
                found => {
                    let found =
                        found.map_or("end of file".to_owned(), |found| format!("'{found}'"));
                    return Err(self.cursor.error(format!(
                        "expected a comma (',') or array terminator (']'), but got {found}"
                    )));
                }
            }
        }
        self.cursor.next()?;
        Ok(Value::List(items))
    }

    fn inline_table(&mut self, depth: usize) -> Read<Value> {
        self.cursor.next()?;
        let outer = self.key.clone();
        let mut table = Table::new();
        loop {
            self.cursor.skip_gap()?;
            match self.cursor.peek()? {
                Some(',') => return Err(self.cursor.error("unexpected comma".to_owned())),
                Some('}') => break,
                _ => {}
            }
            let line = self.cursor.line;
            let parts = self.key_parts()?;
            self.key.clone_from(&outer);
            self.key.extend(parts.iter().cloned());
            let value = self.value(depth + 1)?;
            if !insert(&mut table, &parts, value) {
                let problem = format!("Key '{}' has already been defined.", joined(&self.key));
                return Err(Cursor::error_on(line, problem));
            }
            // Parity: BurntSushi/toml, parse.go, valueInlineTable: the last key stays until the next one or the end.
            self.key.clone_from(&outer);
            self.key.extend(parts.last().cloned());
            self.cursor.skip_gap()?;
            match self.cursor.peek()? {
                Some(',') => self.cursor.next().map(drop)?,
                Some('}') => break,
                found => {
                    let found =
                        found.map_or("end of file".to_owned(), |found| format!("'{found}'"));
                    return Err(self.cursor.error(format!(
                        "expected a comma or an inline table terminator '}}', but got {found} instead"
                    )));
                }
            }
        }
        self.cursor.next()?;
        self.key = outer;
        Ok(Value::Table(table))
    }
}

/// Sets a value below a table, making the tables on the way; gives whether its place was free.
fn insert(table: &mut Table, path: &[String], value: Value) -> bool {
    match path {
        [] => false,
        [name] => {
            let is_free = !table.contains_key(name);
            table.entry(name.clone()).or_insert(value);
            is_free
        }
        [name, rest @ ..] => {
            match table
                .entry(name.clone())
                .or_insert_with(|| Value::Table(Table::new()))
            {
                Value::Table(below) => insert(below, rest, value),
                _ => false,
            }
        }
    }
}
