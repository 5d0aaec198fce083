//! Go's regular-expression syntax read, checked, and written as the `regex` crate reads it.
//!
//! Follows Go's `regexp/syntax/parse.go` for what is accepted and how refusals are worded. Flags are resolved here: each
//! piece is written so that it means the same under no flags at all.

use super::{RegexpError, class};

/// The most that nested counts may multiply to.
const MOST_REPEATS: i64 = 1000;
/// How deep groups may nest.
const MOST_NESTING: usize = 1000;

/// A pattern in the crate's syntax and the names of its groups, the whole match first.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) names: Vec<String>,
}

/// What is left to read of a pattern.
pub(super) struct Cursor<'p> {
    pub(super) rest: &'p str,
}

#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the four flags of the syntax, free of each other"
)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_newline: bool,
    lazy: bool,
}

/// A group that is open: the flags to go back to, and the largest product of counts before it.
struct Group {
    flags: Flags,
    weight: i64,
}

struct Translator<'p> {
    whole: &'p str,
    cursor: Cursor<'p>,
    output: String,
    names: Vec<String>,
    flags: Flags,
    groups: Vec<Group>,
    /// Whether there is something a repetition could apply to.
    operand: bool,
    /// The product of counts in the last operand, and the largest in the group so far.
    operand_weight: i64,
    weight: i64,
}

pub(super) fn translate(pattern: &str) -> Result<Translated, RegexpError> {
    let mut translator = Translator {
        whole: pattern,
        cursor: Cursor { rest: pattern },
        output: String::with_capacity(pattern.len() + 16),
        names: vec![String::new()],
        flags: Flags::default(),
        groups: Vec::new(),
        operand: false,
        operand_weight: 1,
        weight: 1,
    };
    translator.run()?;
    Ok(Translated {
        pattern: translator.output,
        names: translator.names,
    })
}

impl<'p> Translator<'p> {
    fn run(&mut self) -> Result<(), RegexpError> {
        let mut last_repeat: Option<&str> = None;
        while let Some(next) = self.cursor.rest.chars().next() {
            let before = self.cursor.rest;
            let mut repeat = None;
            match next {
                '*' | '+' | '?' => {
                    self.cursor.advance(1);
                    self.repeat(before, &before[..1], 1, last_repeat)?;
                    repeat = Some(before);
                }
                '{' => {
                    if let Some((least, most, length)) = counts(before) {
                        self.counted(before, least, most, length, last_repeat)?;
                        repeat = Some(before);
                    } else {
                        self.cursor.advance(1);
                        self.literal(u32::from('{'));
                    }
                }
                _ => self.atom(next)?,
            }
            last_repeat = repeat;
        }
        if self.groups.is_empty() {
            Ok(())
        } else {
            Err(RegexpError::new("missing closing )", self.whole))
        }
    }

    /// Anything but a repetition.
    fn atom(&mut self, next: char) -> Result<(), RegexpError> {
        match next {
            '(' => return self.open(),
            ')' => return self.close(),
            '|' => {
                self.cursor.advance(1);
                self.output.push('|');
                self.operand = false;
            }
            '^' => self.piece(
                1,
                if self.flags.multi_line {
                    "(?m:^)"
                } else {
                    r"\A"
                },
            ),
            '$' => self.piece(
                1,
                if self.flags.multi_line {
                    "(?m:$)"
                } else {
                    r"\z"
                },
            ),
            '.' => self.piece(
                1,
                if self.flags.dot_newline {
                    "(?s:.)"
                } else {
                    r"[^\n]"
                },
            ),
            '[' => {
                let class = class::bracket(&mut self.cursor)?;
                self.folded(&class);
            }
            '\\' => return self.escape(),
            _ => {
                self.cursor.next();
                self.literal(u32::from(next));
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), RegexpError> {
        match self.cursor.rest.as_bytes() {
            [b'\\', b'A', ..] => self.piece(2, r"\A"),
            [b'\\', b'z', ..] => self.piece(2, r"\z"),
            [b'\\', b'b', ..] => self.piece(2, r"(?-u:\b)"),
            [b'\\', b'B', ..] => self.piece(2, r"(?-u:\B)"),
            [b'\\', b'C', ..] => return Err(RegexpError::new("invalid escape sequence", r"\C")),
            [b'\\', b'Q', ..] => {
                let quoted = &self.cursor.rest[2..];
                let (literal, length) = quoted
                    .split_once("\\E")
                    .map_or((quoted, quoted.len()), |(literal, _)| {
                        (literal, literal.len() + 2)
                    });
                for character in literal.chars() {
                    self.literal(u32::from(character));
                }
                self.cursor.advance(2 + length);
            }
            _ => {
                if let Some(class) = class::perl_or_unicode(&mut self.cursor)? {
                    self.folded(&class);
                } else {
                    let character = parse_escape(&mut self.cursor)?;
                    self.literal(character);
                }
            }
        }
        Ok(())
    }

    /// Writes a piece that flags do not change, and passes `length` bytes.
    fn piece(&mut self, length: usize, piece: &str) {
        self.cursor.advance(length);
        self.output.push_str(piece);
        self.operand = true;
        self.operand_weight = 1;
    }

    /// Writes a piece under the case flag in force.
    fn folded(&mut self, piece: &str) {
        if self.flags.fold_case {
            self.output.push_str("(?i:");
        }
        self.piece(0, piece);
        if self.flags.fold_case {
            self.output.push(')');
        }
    }

    fn literal(&mut self, character: u32) {
        match char::from_u32(character) {
            Some(character) => self.folded(&regex::escape(character.encode_utf8(&mut [0; 4]))),
            // A surrogate is in no text: an empty class never matches.
            None => self.folded(r"[^\x{0}-\x{10FFFF}]"),
        }
    }

    /// A repetition's operator, of `length` bytes, after the last operand.
    fn repeat(
        &mut self,
        before: &'p str,
        operator: &str,
        length: usize,
        last_repeat: Option<&str>,
    ) -> Result<(), RegexpError> {
        let lazy = self.cursor.take("?");
        let consumed = length + usize::from(lazy);
        if let Some(last) = last_repeat {
            let stacked = &last[..last.len() - self.cursor.rest.len()];
            return Err(RegexpError::new(
                "invalid nested repetition operator",
                stacked,
            ));
        }
        if !self.operand {
            return Err(RegexpError::new(
                "missing argument to repetition operator",
                &before[..consumed],
            ));
        }
        self.output.push_str(operator);
        if lazy != self.flags.lazy {
            self.output.push('?');
        }
        Ok(())
    }

    fn counted(
        &mut self,
        before: &'p str,
        least: i64,
        most: Option<i64>,
        length: usize,
        last_repeat: Option<&str>,
    ) -> Result<(), RegexpError> {
        let size_error = RegexpError::new("invalid repeat count", &before[..length]);
        if least > MOST_REPEATS || most.is_some_and(|most| most > MOST_REPEATS || most < least) {
            return Err(size_error);
        }
        self.cursor.advance(length);
        let operator = match most {
            Some(most) => format!("{{{least},{most}}}"),
            None => format!("{{{least},}}"),
        };
        self.repeat(before, &operator, length, last_repeat)?;
        let product = self.operand_weight * most.unwrap_or(least).max(1);
        if product > MOST_REPEATS {
            return Err(size_error);
        }
        self.operand_weight = product;
        self.weight = self.weight.max(product);
        Ok(())
    }

    fn open(&mut self) -> Result<(), RegexpError> {
        if self.groups.len() >= MOST_NESTING {
            return Err(RegexpError::new("expression nests too deeply", self.whole));
        }
        if self.cursor.rest.starts_with("(?") {
            return self.open_special();
        }
        self.cursor.advance(1);
        self.names.push(String::new());
        self.push_group("(", self.flags);
        Ok(())
    }

    fn push_group(&mut self, text: &str, inner: Flags) {
        self.output.push_str(text);
        self.groups.push(Group {
            flags: self.flags,
            weight: self.weight,
        });
        self.flags = inner;
        self.weight = 1;
        self.operand = false;
    }

    fn close(&mut self) -> Result<(), RegexpError> {
        let Some(group) = self.groups.pop() else {
            return Err(RegexpError::new("unexpected )", self.whole));
        };
        let inner = self.weight;
        self.weight = group.weight.max(inner);
        self.flags = group.flags;
        self.piece(1, ")");
        self.operand_weight = inner;
        Ok(())
    }

    /// `(?P<name>`, `(?<name>`, `(?flags)` and `(?flags:`.
    fn open_special(&mut self) -> Result<(), RegexpError> {
        let start = self.cursor.rest;
        let name_start = match start.as_bytes() {
            [b'(', b'?', b'P', b'<', _, ..] => Some(4),
            [b'(', b'?', b'<', _, ..] => Some(3),
            _ => None,
        };
        let Some(name_start) = name_start else {
            return self.open_flags();
        };
        let Some(end) = start.find('>') else {
            return Err(RegexpError::new("invalid named capture", start));
        };
        let name = start.get(name_start..end).unwrap_or_default();
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        {
            return Err(RegexpError::new("invalid named capture", &start[..=end]));
        }
        self.cursor.advance(end + 1);
        self.names.push(name.to_string());
        self.push_group("(", self.flags);
        Ok(())
    }

    fn open_flags(&mut self) -> Result<(), RegexpError> {
        let start = self.cursor.rest;
        self.cursor.advance(2);
        let (mut flags, mut on, mut seen) = (self.flags, true, false);
        while let Some(character) = self.cursor.next() {
            match character {
                'i' => flags.fold_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.lazy = on,
                '-' if on => on = false,
                ':' | ')' if on || seen => {
                    if character == ':' {
                        self.push_group("(?:", flags);
                    } else {
                        self.flags = flags;
                    }
                    return Ok(());
                }
                _ => break,
            }
            seen = character != '-';
        }
        let read = &start[..start.len() - self.cursor.rest.len()];
        Err(RegexpError::new("invalid or unsupported Perl syntax", read))
    }
}

/// The bounds and the length of a `{least,most}` at the start; `None` where the brace is an ordinary character.
fn counts(text: &str) -> Option<(i64, Option<i64>, usize)> {
    let end = text.find('}')?;
    let inner = &text[1..end];
    let (least, most) = match inner.split_once(',') {
        None => (number(inner)?, Some(number(inner)?)),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some((least, most, end + 1))
}

/// A decimal number without leading zeros; one that is too big is merely big.
fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some(digits.parse().unwrap_or(i64::MAX).min(1 << 40))
}

/// The character that the escape at the cursor stands for.
pub(super) fn parse_escape(cursor: &mut Cursor<'_>) -> Result<u32, RegexpError> {
    let start = cursor.rest;
    cursor.advance(1);
    let Some(character) = cursor.next() else {
        return Err(RegexpError::new(
            "trailing backslash at end of expression",
            "",
        ));
    };
    let value = match character {
        '0' => Some(octal(cursor, 0)),
        '1'..='7' if cursor.rest.starts_with(|next: char| next.is_digit(8)) => {
            Some(octal(cursor, character.to_digit(8).unwrap_or(0)))
        }
        'x' => hexadecimal(cursor),
        'a' => Some(7),
        'f' => Some(12),
        'n' => Some(10),
        'r' => Some(13),
        't' => Some(9),
        'v' => Some(11),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Some(u32::from(other)),
        _ => None,
    };
    let read = &start[..start.len() - cursor.rest.len()];
    value.ok_or_else(|| RegexpError::new("invalid escape sequence", read))
}

/// Up to two octal digits after the first.
fn octal(cursor: &mut Cursor<'_>, first: u32) -> u32 {
    let mut value = first;
    for _ in 0..2 {
        let Some(digit) = cursor.rest.chars().next().and_then(|next| next.to_digit(8)) else {
            break;
        };
        cursor.advance(1);
        value = value * 8 + digit;
    }
    value
}

/// `7f` or `{1F600}` after an `\x`.
fn hexadecimal(cursor: &mut Cursor<'_>) -> Option<u32> {
    let first = cursor.next()?;
    if first != '{' {
        let second = cursor.next()?;
        return Some(first.to_digit(16)? * 16 + second.to_digit(16)?);
    }
    let mut value = None;
    loop {
        let character = cursor.next()?;
        if character == '}' {
            return value;
        }
        let digit = character.to_digit(16)?;
        value = Some(value.unwrap_or(0) * 16 + digit).filter(|value| *value <= 0x10_FFFF);
        value?;
    }
}

impl Cursor<'_> {
    pub(super) fn advance(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    /// Passes `text` if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.rest.starts_with(text);
        if found {
            self.advance(text.len());
        }
        found
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.advance(character.len_utf8());
        Some(character)
    }
}

impl RegexpError {
    pub(super) fn new(problem: &'static str, expression: &str) -> Self {
        Self {
            problem,
            expression: expression.to_string(),
        }
    }
}
