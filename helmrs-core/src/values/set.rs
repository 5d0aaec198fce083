//! `--set` and its relatives: `name=value,list[0].name={a,b}` into a tree of values.

mod literal;
mod scanner;

use helmrs_gotemplate::number::{quote, quote_with};
use helmrs_gotemplate::stack::depth_limit;
use scanner::Scanner;

use crate::yaml::json::{self, JsonError};
use crate::yaml::{Map, Value};

pub use literal::parse_literal_into;

/// The largest index that makes a list longer.
// Parity: Helm, pkg/strvals/parser.go, MaxIndex.
const MAX_INDEX: i64 = 65536;

/// How many dots a name may have.
// Parity: Helm, pkg/strvals/parser.go, MaxNestedNameLevel.
const MAX_NAME_LEVEL: usize = 30;

/// Why a `--set` argument could not be understood.
// Parity: Helm, pkg/strvals/parser.go.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum SetError {
    /// A name is not followed by `=`.
    #[error("key {} has no value", quoted(key))]
    NoValue { key: String },
    /// A name is followed by a comma.
    #[error("key {} has no value (cannot end with ,)", quoted(key))]
    EndsWithComma { key: String },
    /// A map would be created and stay empty.
    #[error("key map {} has no value", quoted(key))]
    EmptyMap { key: String },
    /// A list in braces does not end.
    #[error("list must terminate with '}}'")]
    OpenList,
    /// An index is not a number.
    #[error(
        "error parsing index: strconv.Atoi: parsing {}: {problem}",
        quoted(text)
    )]
    Index { text: String, problem: &'static str },
    /// An index is below zero.
    #[error("negative {index} index not allowed")]
    NegativeIndex { index: i64 },
    /// An index would make a list too long.
    #[error("index of {index} is greater than maximum supported index of {MAX_INDEX}")]
    IndexTooLarge { index: i64 },
    /// Something stands between `]` and `=`.
    #[error("unexpected data at end of array index: [{}]", each_quoted(text))]
    AfterIndex { text: String },
    /// A name has too many dots or indexes.
    #[error(
        "value name nested level is greater than maximum supported nested level of {MAX_NAME_LEVEL}"
    )]
    TooDeep,
    /// A value that is there already is not the list or map that the name needs.
    #[error("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")]
    Kind {
        found: &'static str,
        wanted: &'static str,
    },
    /// A `--set-json` value is not JSON.
    #[error("{0}")]
    Json(JsonError),
    /// A `--set-file` file could not be read.
    #[error(transparent)]
    File(Box<dyn std::error::Error + Send + Sync>),
}

/// Reads the file that a `--set-file` value names.
pub type ReadFile<'f> =
    dyn FnMut(&str) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> + 'f;

/// Applies a `--set` argument: numbers, truth values and `null` are recognised.
///
/// ```
/// use helmrs_core::{values::set, yaml::{Map, json}};
/// let mut values = Map::new();
/// set::parse_into(&mut values, r"image.tag=1,args={a,b},host=a\.b,ports[1].port=80")?;
/// assert_eq!(
///     json::to_json(&values.into())?,
///     r#"{"args":["a","b"],"host":"a.b","image":{"tag":1},"ports":[null,{"port":80}]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_into(values: &mut Map, text: &str) -> Result<(), SetError> {
    Parser::new(text, Manner::Typed(&mut |text| Ok(typed(text)))).run(values)
}

/// Applies a `--set-string` argument: every value is a text.
pub fn parse_string_into(values: &mut Map, text: &str) -> Result<(), SetError> {
    Parser::new(text, Manner::Typed(&mut |text| Ok(Value::String(text)))).run(values)
}

/// Applies a `--set-json` argument of the form `name=json,name=json`.
pub fn parse_json_into(values: &mut Map, text: &str) -> Result<(), SetError> {
    Parser::new(text, Manner::Json).run(values)
}

/// Applies a `--set-file` argument: every value is a file's text.
///
/// Bytes that are not UTF-8 are kept for templates; on their way into a record they become U+FFFD.
pub fn parse_file_into(
    values: &mut Map,
    text: &str,
    read: &mut ReadFile<'_>,
) -> Result<(), SetError> {
    let mut file = |path: String| {
        let bytes = read(&path).map_err(SetError::File)?;
        Ok(Value::of_bytes(bytes))
    };
    Parser::new(text, Manner::Typed(&mut file)).run(values)
}

/// A value's type by its looks.
// Parity: Helm, pkg/strvals/parser.go, typedVal.
fn typed(text: String) -> Value {
    // Go folds U+017F to s when it compares words.
    let word = text.replace('ſ', "s").to_ascii_lowercase();
    match word.as_str() {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        "null" => return Value::Null,
        "0" => return Value::Integer(0),
        _ => {}
    }
    match text.parse() {
        Ok(number) if !text.starts_with('0') => Value::Integer(number),
        _ => Value::String(text),
    }
}

/// Why reading stopped: the text is at its end, which is well, or something is wrong.
#[derive(Debug)]
enum Stop {
    End,
    Failed(SetError),
}

impl From<SetError> for Stop {
    fn from(error: SetError) -> Self {
        Self::Failed(error)
    }
}

/// What stands after `=`.
enum Manner<'m> {
    /// A value up to the next comma, or a list in braces; the function gives it a type.
    Typed(&'m mut dyn FnMut(String) -> Result<Value, SetError>),
    /// A JSON value.
    Json,
    /// Everything there is.
    Literal,
}

impl Manner<'_> {
    /// Which characters end a name.
    fn name_stops(&self) -> &'static [char] {
        match self {
            Self::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        }
    }
}

/// Reads one argument.
struct Parser<'t, 'm> {
    scanner: Scanner<'t>,
    manner: Manner<'m>,
    depth: usize,
}

impl<'t, 'm> Parser<'t, 'm> {
    fn new(text: &'t str, manner: Manner<'m>) -> Self {
        let escapes = !matches!(manner, Manner::Literal);
        Self {
            scanner: Scanner::new(text, escapes),
            manner,
            depth: 0,
        }
    }

    fn run(mut self, values: &mut Map) -> Result<(), SetError> {
        loop {
            match self.key(values, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
    }

    fn key(&mut self, data: &mut Map, level: usize) -> Result<(), Stop> {
        let (key, stop) = self.scanner.until(self.manner.name_stops());
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(SetError::NoValue { key }.into()),
            Some('[') => self.indexed(data, key, level),
            Some('.') => self.nested(data, key, level + 1),
            Some(',') => Err(SetError::EndsWithComma { key }.into()),
            Some(_) => {
                let (value, after) = self.value()?;
                set(data, key, value);
                after
            }
        }
    }

    /// `name.…`: goes on inside a map.
    fn nested(&mut self, data: &mut Map, key: String, level: usize) -> Result<(), Stop> {
        if level > MAX_NAME_LEVEL {
            return Err(SetError::TooDeep.into());
        }
        match data.get_mut(&key) {
            None => {
                let mut inner = Map::new();
                let result = self.key(&mut inner, level);
                if inner.is_empty() {
                    return result.and(Err(SetError::EmptyMap { key }.into()));
                }
                set(data, key, Value::Map(inner));
                result
            }
            Some(Value::Map(inner)) => {
                let result = self.key(inner, level);
                if inner.is_empty() {
                    return result.and(Err(SetError::EmptyMap { key }.into()));
                }
                result
            }
            Some(other) => Err(not_a(other, "map[string]interface {}")),
        }
    }

    /// `name[…`: goes on inside a list, which is kept even if nothing is set in it.
    fn indexed(&mut self, data: &mut Map, key: String, level: usize) -> Result<(), Stop> {
        let index = self.index()?;
        let mut list = match data.get_mut(&key) {
            None => Vec::new(),
            Some(Value::List(items)) => std::mem::take(items),
            Some(other) => return Err(not_a(other, "[]interface {}")),
        };
        let result = self.item(&mut list, index, level);
        set(data, key, Value::List(list));
        result
    }

    /// A number and its closing bracket.
    fn index(&mut self) -> Result<i64, Stop> {
        let (text, stop) = self.scanner.until(&[']']);
        if stop.is_none() {
            return Err(Stop::End);
        }
        text.parse().map_err(|error: std::num::ParseIntError| {
            let problem = match error.kind() {
                std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
                    "value out of range"
                }
                _ => "invalid syntax",
            };
            Stop::Failed(SetError::Index { text, problem })
        })
    }

    /// What follows a closing bracket.
    // Parity: Helm, pkg/strvals/parser.go, listItem: a text that ends below a new item leaves it out.
    fn item(&mut self, list: &mut Vec<Value>, index: i64, level: usize) -> Result<(), Stop> {
        if index < 0 {
            return Err(SetError::NegativeIndex { index }.into());
        }
        self.depth += 1;
        if self.depth > depth_limit() {
            return Err(SetError::TooDeep.into());
        }
        let (text, stop) = self.scanner.until(&['[', '.', '=']);
        let result = match stop {
            _ if !text.is_empty() => Err(SetError::AfterIndex { text }.into()),
            None => Err(Stop::End),
            Some('[') => self.list_in_list(list, index, level),
            Some('.') => self.map_in_list(list, index, level),
            Some(_) => match self.value() {
                Ok((value, Ok(()) | Err(Stop::End))) => set_index(list, index, value),
                Ok((_, failed)) => failed,
                Err(stop) => Err(stop),
            },
        };
        self.depth -= 1;
        result
    }

    fn map_in_list(&mut self, list: &mut Vec<Value>, index: i64, level: usize) -> Result<(), Stop> {
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        let Some(item) = list.get_mut(place) else {
            let mut inner = Map::new();
            self.key(&mut inner, level)?;
            return set_index(list, index, Value::Map(inner));
        };
        if item.as_map().is_none() {
            *item = Value::Map(Map::new());
        }
        item.as_map_mut()
            .map_or(Ok(()), |inner| self.key(inner, level))
    }

    fn list_in_list(
        &mut self,
        list: &mut Vec<Value>,
        index: i64,
        level: usize,
    ) -> Result<(), Stop> {
        let next = self.index()?;
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        match list.get_mut(place) {
            Some(Value::List(inner)) => self.item(inner, next, level),
            Some(other) if !other.is_null() => Err(not_a(other, "[]interface {}")),
            _ => {
                let mut inner = Vec::new();
                self.item(&mut inner, next, level)?;
                set_index(list, index, Value::List(inner))
            }
        }
    }

    /// The value after `=`, and whether more can follow.
    fn value(&mut self) -> Result<(Value, Result<(), Stop>), Stop> {
        match &mut self.manner {
            Manner::Literal => Ok((Value::from(self.scanner.rest()), Ok(()))),
            Manner::Json => self.json().map(|value| (value, Ok(()))),
            Manner::Typed(_) if self.scanner.is_at_end() => Ok((Value::from(""), Err(Stop::End))),
            Manner::Typed(give_type) if self.scanner.skip('{') => {
                list_in_braces(&mut self.scanner, give_type).map(|list| (list, Ok(())))
            }
            Manner::Typed(give_type) => {
                let (text, _) = self.scanner.until(&[',']);
                Ok((give_type(text)?, Ok(())))
            }
        }
    }

    /// A JSON value with the blanks and the comma after it; nothing at all is `null`.
    fn json(&mut self) -> Result<Value, Stop> {
        if self.scanner.skip_blanks_and_comma() {
            return Ok(Value::Null);
        }
        let (value, length) =
            json::parse_prefix(self.scanner.rest_to_read().as_bytes()).map_err(SetError::Json)?;
        self.scanner.advance(length);
        self.scanner.skip_blanks_and_comma();
        Ok(value)
    }
}

/// `a,b}` and a comma that may follow.
fn list_in_braces(
    scanner: &mut Scanner<'_>,
    give_type: &mut dyn FnMut(String) -> Result<Value, SetError>,
) -> Result<Value, Stop> {
    let mut list = Vec::new();
    loop {
        let (text, stop) = scanner.until(&[',', '}']);
        if stop.is_none() {
            return Err(SetError::OpenList.into());
        }
        list.push(give_type(text)?);
        if stop == Some('}') {
            scanner.skip(',');
            return Ok(Value::List(list));
        }
    }
}

/// Sets a value; one without a name is dropped.
fn set(data: &mut Map, key: String, value: Value) {
    if !key.is_empty() {
        data.insert(key, value);
    }
}

/// Sets an item, filling up with nulls.
fn set_index(list: &mut Vec<Value>, index: i64, value: Value) -> Result<(), Stop> {
    if index > MAX_INDEX {
        return Err(SetError::IndexTooLarge { index }.into());
    }
    let place = usize::try_from(index).map_err(|_| SetError::NegativeIndex { index })?;
    if list.len() <= place {
        list.resize(place + 1, Value::Null);
    }
    list[place] = value;
    Ok(())
}

/// The error that Go's type assertion raises.
fn not_a(found: &Value, wanted: &'static str) -> Stop {
    let found = match found {
        Value::Null => "nil",
        Value::Bool(_) => "bool",
        Value::Integer(_) => "int64",
        Value::Float(_) => "float64",
        Value::String(_) | Value::Raw(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    };
    SetError::Kind { found, wanted }.into()
}

fn quoted(text: &str) -> String {
    quote(text.as_bytes())
}

/// Each character in single quotes, as Go's `%q` shows a list of characters.
fn each_quoted(text: &str) -> String {
    let characters = text
        .chars()
        .map(|c| quote_with(c.to_string().as_bytes(), '\'', false));
    characters.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{SetError, parse_file_into, parse_into, parse_json_into, parse_string_into};
    use crate::yaml::{Map, json, parse};

    fn applied(base: &str, arguments: &[&str]) -> String {
        let mut values = parse(base.as_bytes())
            .unwrap()
            .into_map()
            .unwrap_or_default();
        for argument in arguments {
            if let Err(error) = parse_into(&mut values, argument) {
                return error.to_string();
            }
        }
        json::to_json(&values.into()).unwrap()
    }

    #[test]
    fn values_get_a_type_by_their_looks() {
        assert_eq!(
            applied("", &["a=1,b=true,c=null,d=007,e=1.5,f=-3,g=0,h=,i=FALSE"]),
            r#"{"a":1,"b":true,"c":null,"d":"007","e":"1.5","f":-3,"g":0,"h":"","i":false}"#
        );
    }

    #[test]
    fn an_unfinished_item_leaves_an_empty_list() {
        assert_eq!(applied("", &["a[0]"]), r#"{"a":[]}"#);
        assert_eq!(applied("", &["a[0].b="]), r#"{"a":[]}"#);
        assert_eq!(applied("", &["a["]), "{}");
    }

    #[test]
    fn a_list_of_the_chart_is_changed_in_place() {
        assert_eq!(
            applied("a: [{b: 1}, 2]", &["a[0].c=3"]),
            r#"{"a":[{"b":1,"c":3},2]}"#
        );
        assert_eq!(applied("a: [1]", &["a[0].b=2"]), r#"{"a":[{"b":2}]}"#);
    }

    #[test]
    fn errors_have_helm_texts() {
        for (argument, text) in [
            ("a", r#"key "a" has no value"#),
            (",a=1", r#"key "" has no value (cannot end with ,)"#),
            ("a..b=1", r#"key map "a" has no value"#),
            ("a={x", "list must terminate with '}'"),
            (
                "a[x]=1",
                r#"error parsing index: strconv.Atoi: parsing "x": invalid syntax"#,
            ),
            ("a[-1]=1", "negative -1 index not allowed"),
            (
                "a[0] x=1",
                "unexpected data at end of array index: [' ' 'x']",
            ),
            (
                "a=1,a.b=2",
                "unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}",
            ),
        ] {
            assert_eq!(applied("", &[argument]), text, "{argument}");
        }
    }

    #[test]
    fn endless_indexes_are_refused() {
        let argument = format!("a{}=1", "[0]".repeat(20_000));
        assert!(matches!(
            parse_into(&mut Map::new(), &argument),
            Err(SetError::TooDeep)
        ));
    }

    #[test]
    fn strings_json_and_files_have_their_own_values() {
        let mut values = Map::new();
        parse_string_into(&mut values, "a=1").unwrap();
        parse_json_into(&mut values, r#"b={"c":[1,2]} ,d=,e[1]=true"#).unwrap();
        parse_file_into(&mut values, "f=x.txt", &mut |path| {
            Ok(path.as_bytes().to_vec())
        })
        .unwrap();
        assert_eq!(
            json::to_json(&values.into()).unwrap(),
            r#"{"a":"1","b":{"c":[1,2]},"d":null,"e":[null,true],"f":"x.txt"}"#
        );
    }
}
