//! From text to the nodes of an expression.
// Parity: Kubernetes, client-go/util/jsonpath/parser.go.

use std::sync::LazyLock;

use regex::Regex;

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// A brace is not closed.
    #[error("unclosed action")]
    Action,
    /// A bracket is not closed.
    #[error("unterminated array")]
    Array,
    /// A filter is not closed.
    #[error("unterminated filter")]
    Filter,
    /// The bracket after a filter is missing.
    #[error("unclosed array expect ]")]
    FilterEnd,
    /// A quote is not closed.
    #[error("unterminated quoted string")]
    Quote,
    /// An escape sequence is not one.
    #[error("unquote string {0} error invalid syntax")]
    Escape(String),
    /// One `..` after another.
    #[error("invalid multiple recursive descent")]
    Descent,
    /// No number.
    #[error("cannot parse number {0}")]
    Number(String),
    /// No index.
    #[error("invalid array index {0}")]
    Index(String),
    /// An index that is no number, or too large a one.
    #[error("array index {0} is not a number")]
    IndexNumber(String),
    /// A character that means nothing here.
    #[error("unrecognized character in action: U+{:04X}{}", u32::from(*.0), shown(*.0))]
    Character(char),
}

fn shown(character: char) -> String {
    if character.is_control() {
        String::new()
    } else {
        format!(" '{character}'")
    }
}

/// One bound of `[start:end:step]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) value: i64,
    pub(super) known: bool,
    /// Whether it follows from the start alone.
    pub(super) derived: bool,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// What stands in one pair of braces; each part works on what the one before picked.
    List(Vec<Node>),
    Text(String),
    Field(String),
    Wildcard,
    Recursive,
    Slice([Bound; 3]),
    Union(Vec<Vec<Node>>),
    Filter {
        left: Vec<Node>,
        operator: String,
        right: Vec<Node>,
    },
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// `range` and `end`, or a word that means nothing.
    Word(String),
}

static KEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^'([^']*)'$").expect("the pattern is valid"));
static SLICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$").expect("the pattern is valid")
});
static COMPARISON: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^([^!<>=]+)([!<>=~]+)(.+?)$").expect("the pattern is valid"));

/// Reads a text with expressions in braces.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, ParseError> {
    let mut nodes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            nodes.push(Node::Text(before.to_owned()));
        }
        let mut action = Action {
            rest: after,
            nodes: Vec::new(),
        };
        action.parse()?;
        rest = action.rest;
        nodes.push(Node::List(action.nodes));
    }
    if !rest.is_empty() {
        nodes.push(Node::Text(rest.to_owned()));
    }
    Ok(nodes)
}

/// Reads an expression without its braces. It stands between brackets, which cannot be nested, so that neither is this.
fn parse_inner(text: &str) -> Result<Vec<Node>, ParseError> {
    match parse(&format!("{{{text}}}"))?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

/// The reading of what stands in braces.
struct Action<'a> {
    rest: &'a str,
    nodes: Vec<Node>,
}

impl<'a> Action<'a> {
    /// Reads up to and with the closing brace.
    fn parse(&mut self) -> Result<(), ParseError> {
        loop {
            if self.skip("}") {
                return Ok(());
            }
            if self.skip("[?(") {
                self.filter()?;
                continue;
            }
            if self.skip("..") {
                self.descent()?;
                continue;
            }
            let Some(character) = self.rest.chars().next() else {
                return Err(ParseError::Action);
            };
            match character {
                '\r' | '\n' => return Err(ParseError::Action),
                ' ' | '@' | '$' => self.rest = &self.rest[1..],
                '[' => self.array()?,
                '"' | '\'' => self.quote(character)?,
                '.' => {
                    self.rest = &self.rest[1..];
                    self.field();
                }
                '+' | '-' => self.number()?,
                digit if digit.is_ascii_digit() => self.number()?,
                letter if letter == '_' || letter.is_alphanumeric() => self.word(),
                other => return Err(ParseError::Character(other)),
            }
        }
    }

    fn skip(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the first `length` bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn descent(&mut self) -> Result<(), ParseError> {
        if self.nodes.last() == Some(&Node::Recursive) {
            return Err(ParseError::Descent);
        }
        self.nodes.push(Node::Recursive);
        let next = self.rest.chars().next();
        if next.is_some_and(|next| next == '_' || next.is_alphanumeric()) {
            self.field();
        }
        Ok(())
    }

    fn field(&mut self) {
        let mut length = self.rest.len();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            if character == '\\' {
                characters.next();
            } else if ends_word(character) {
                length = at;
                break;
            }
        }
        let name = self.take(length);
        self.nodes.push(if name == "*" {
            Node::Wildcard
        } else {
            Node::Field(name.replace('\\', ""))
        });
    }

    fn word(&mut self) {
        let length = self.rest.find(ends_word).unwrap_or(self.rest.len());
        let word = self.take(length);
        self.nodes.push(match word {
            "true" => Node::Boolean(true),
            "false" => Node::Boolean(false),
            word => Node::Word(word.to_owned()),
        });
    }

    fn number(&mut self) -> Result<(), ParseError> {
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let length = self.rest[sign..]
            .find(|character: char| character != '.' && !character.is_ascii_digit())
            .map_or(self.rest.len(), |at| at + sign);
        let number = self.take(length);
        let node = match (number.parse(), number.parse()) {
            (Ok(integer), _) => Node::Integer(integer),
            (_, Ok(float)) => Node::Float(float),
            _ => return Err(ParseError::Number(number.to_owned())),
        };
        self.nodes.push(node);
        Ok(())
    }

    fn quote(&mut self, quote: char) -> Result<(), ParseError> {
        let mut before = quote;
        for (at, character) in self.rest.char_indices().skip(1) {
            if character == '\n' {
                break;
            }
            if character == quote && before != '\\' {
                let quoted = self.take(at + 1);
                let text =
                    unquote(&quoted[1..at]).ok_or_else(|| ParseError::Escape(quoted.to_owned()))?;
                self.nodes.push(Node::Text(text));
                return Ok(());
            }
            before = character;
        }
        Err(ParseError::Quote)
    }

    fn array(&mut self) -> Result<(), ParseError> {
        let end = self.rest.find([']', '\n']).ok_or(ParseError::Array)?;
        if !self.rest[end..].starts_with(']') {
            return Err(ParseError::Array);
        }
        let text = match &self.take(end + 1)[1..end] {
            "*" => ":",
            text => text,
        };
        if text.contains(',') {
            let parts = text
                .split(',')
                .map(|part| parse_inner(&format!("[{}]", part.trim_matches(' '))));
            self.nodes
                .push(Node::Union(parts.collect::<Result<_, _>>()?));
        } else if let Some(key) = KEY.captures(text) {
            self.nodes.extend(parse_inner(&format!(".{}", &key[1]))?);
        } else {
            self.nodes.push(Node::Slice(bounds(text)?));
        }
        Ok(())
    }

    fn filter(&mut self) -> Result<(), ParseError> {
        let text = self.take(filter_length(self.rest)?);
        if !self.skip(")]") {
            return Err(ParseError::FilterEnd);
        }
        self.nodes.push(match COMPARISON.captures(text) {
            None => Node::Filter {
                left: parse_inner(text)?,
                operator: "exists".to_owned(),
                right: Vec::new(),
            },
            Some(parts) => Node::Filter {
                left: parse_inner(&parts[1])?,
                operator: parts[2].to_owned(),
                right: parse_inner(&parts[3])?,
            },
        });
        Ok(())
    }
}

/// Where the parenthesis stands that ends a filter; one in quotes does not.
fn filter_length(text: &str) -> Result<usize, ParseError> {
    let mut quote = None;
    let mut closed = false;
    let mut before = '(';
    for (at, character) in text.char_indices() {
        match character {
            '\n' => break,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            '"' | '\'' if before != '\\' && quote == Some(character) => closed = true,
            ')' if quote.is_some() == closed => return Ok(at),
            _ => {}
        }
        before = character;
    }
    Err(ParseError::Filter)
}

/// The bounds of `[start:end:step]`.
fn bounds(text: &str) -> Result<[Bound; 3], ParseError> {
    let Some(parts) = SLICE.captures(text) else {
        return Err(ParseError::Index(text.to_owned()));
    };
    let mut bounds = [Bound::default(); 3];
    for index in 0..3 {
        let part = parts.get(index + 1).map_or("", |part| part.as_str());
        let number = part.strip_prefix(':').unwrap_or(part);
        if !number.is_empty() {
            let value = number
                .parse()
                .map_err(|_| ParseError::IndexNumber(number.to_owned()))?;
            bounds[index].value = value;
            bounds[index].known = true;
        } else if index == 1 && part.is_empty() {
            bounds[1] = Bound {
                value: bounds[0].value.wrapping_add(1),
                known: true,
                derived: true,
            };
        }
    }
    Ok(bounds)
}

fn ends_word(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

/// Replaces Go's escape sequences.
fn unquote(text: &str) -> Option<String> {
    let mut unquoted = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        unquoted.push_str(before);
        let escape = after.chars().next()?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        unquoted.push(match escape {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' | '\'' | '"' => escape,
            'x' | 'u' | 'U' => {
                let code = u32::from_str_radix(after.get(1..=digits)?, 16).ok()?;
                char::from_u32(code)?
            }
            _ => return None,
        });
        rest = after.get(1 + digits..)?;
    }
    unquoted.push_str(rest);
    Some(unquoted)
}
