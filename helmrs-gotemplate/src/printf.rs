//! `printf`: a format with its directives, and `print` and `println`.
// Parity: Go, fmt/print.go, doPrintf.

use crate::print::{Flags, Printer};
use crate::token::decode;
use crate::value::Value;

/// How large a width or precision may be.
const TOO_LARGE: i64 = 1_000_000;

/// Formats values as `fmt.Sprintf` does.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Value, printf::sprintf};
///
/// assert_eq!(sprintf(b"%-5s|%03d|%q", &[Value::from("a"), Value::int(7), Value::from("b")]), b"a    |007|\"b\"");
/// assert_eq!(sprintf(b"%d %s", &[Value::from("hi")]), b"%!d(string=hi) %!s(MISSING)");
/// ```
pub fn sprintf(format: &[u8], arguments: &[Value]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len());
    let mut formatter = Formatter {
        format,
        at: 0,
        arguments,
        next: 0,
        reordered: false,
        good_index: true,
        printer: Printer::new(&mut out),
    };
    formatter.run();
    out
}

/// Joins values as `fmt.Sprint` does: with a space between two of which neither is a string.
pub fn sprint(arguments: &[Value]) -> Vec<u8> {
    sprint_with(arguments, |out, argument| {
        Printer::new(out).argument(argument, 'v');
    })
}

/// Joins values as [`sprint`] does, each written in a way of its own.
pub(crate) fn sprint_with(arguments: &[Value], write: impl Fn(&mut Vec<u8>, &Value)) -> Vec<u8> {
    let mut out = Vec::new();
    let mut after_string = true;
    for (index, argument) in arguments.iter().enumerate() {
        let is_string = matches!(argument, Value::String(_));
        if index > 0 && !is_string && !after_string {
            out.push(b' ');
        }
        write(&mut out, argument);
        after_string = is_string;
    }
    out
}

/// Joins values as `fmt.Sprintln` does: with spaces, and a newline at the end.
pub fn sprintln(arguments: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        Printer::new(&mut out).argument(argument, 'v');
    }
    out.push(b'\n');
    out
}

struct Formatter<'a, 'o> {
    format: &'a [u8],
    at: usize,
    arguments: &'a [Value],
    /// The argument the next directive takes.
    next: usize,
    /// Whether a directive named its argument, so that leftovers are not told.
    reordered: bool,
    /// Whether the index named in the current directive is right.
    good_index: bool,
    printer: Printer<'o>,
}

impl Formatter<'_, '_> {
    fn run(&mut self) {
        while let Some(length) = memchr::memchr(b'%', &self.format[self.at..]) {
            self.copy_to(self.at + length);
            self.at += 1;
            self.good_index = true;
            if !self.directive() {
                self.printer.write("%!(NOVERB)");
                break;
            }
        }
        self.copy_to(self.format.len());
        if !self.reordered && self.next < self.arguments.len() {
            self.extra();
        }
    }

    fn copy_to(&mut self, end: usize) {
        self.printer
            .out
            .extend_from_slice(&self.format[self.at..end]);
        self.at = end;
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// Handles a directive after its percent sign; false if the format ends within it.
    fn directive(&mut self) -> bool {
        self.flags();
        let mut after_index = self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            self.width_argument();
            after_index = false;
        } else {
            self.printer.flags.width = self.number().map(|width| width as usize);
            if after_index && self.printer.flags.width.is_some() {
                self.good_index = false;
            }
        }
        // Parity: Go, fmt/print.go, doPrintf: a point that ends the format is a verb.
        if self.peek() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            if after_index {
                self.good_index = false;
            }
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                self.precision_argument();
                after_index = false;
            } else {
                self.printer.flags.precision = Some(self.number().unwrap_or(0) as usize);
            }
        }
        if !after_index {
            self.index();
        }
        let Some((verb, width)) = decode(&self.format[self.at..]) else {
            return false;
        };
        self.at += width;
        self.verb(verb);
        true
    }

    fn flags(&mut self) {
        let flags = &mut self.printer.flags;
        *flags = Flags::default();
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn width_argument(&mut self) {
        let width = self.integer_argument();
        if width.is_none() {
            self.printer.write("%!(BADWIDTH)");
        }
        if width.is_some_and(|width| width < 0) {
            self.printer.flags.minus = true;
        }
        self.printer.flags.width = width.map(|width| width.unsigned_abs() as usize);
    }

    fn precision_argument(&mut self) {
        let precision = self
            .integer_argument()
            .and_then(|precision| usize::try_from(precision).ok());
        if precision.is_none() {
            self.printer.write("%!(BADPREC)");
        }
        self.printer.flags.precision = precision;
    }

    /// Takes an argument that gives a width or precision.
    fn integer_argument(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        let number = match argument {
            Value::Integer(number) => *number,
            Value::Object(object) => match object.underlying()? {
                Value::Integer(number) => number,
                _ => return None,
            },
            _ => return None,
        };
        i64::try_from(number.to_i128())
            .ok()
            .filter(|number| (-TOO_LARGE..=TOO_LARGE).contains(number))
    }

    /// Reads `[n]`, which names the next argument; tells whether there was a well-formed one.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(close) = memchr::memchr(b']', rest).filter(|_| rest.len() >= 3) else {
            self.good_index = false;
            self.at += 1;
            return false;
        };
        self.at += close + 1;
        let number = parse_number(&rest[1..close]).filter(|(_, length)| *length == close - 1);
        match number {
            Some((number, _)) if (1..=self.arguments.len()).contains(&(number as usize)) => {
                self.next = number as usize - 1;
                true
            }
            _ => {
                self.good_index = false;
                number.is_some()
            }
        }
    }

    fn number(&mut self) -> Option<i64> {
        let rest = &self.format[self.at..];
        let overflows =
            parse_number(rest).is_none() && rest.first().is_some_and(u8::is_ascii_digit);
        if overflows {
            self.at = self.format.len();
            return None;
        }
        let (number, length) = parse_number(rest)?;
        self.at += length;
        Some(number)
    }

    fn verb(&mut self, verb: char) {
        if verb == '%' {
            self.printer.write("%");
        } else if !self.good_index {
            self.printer.write(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(argument) = self.arguments.get(self.next) {
            let flags = &mut self.printer.flags;
            // Parity: Go, fmt/print.go, doPrintf: `%w` is `%v` until it is found to wrap nothing.
            if matches!(verb, 'v' | 'w') {
                flags.go_syntax = std::mem::take(&mut flags.sharp);
                flags.field_names = std::mem::take(&mut flags.plus);
            }
            self.printer.argument(argument, verb);
            self.next += 1;
        } else {
            self.printer.write(&format!("%!{verb}(MISSING)"));
        }
    }

    /// Writes `%!(EXTRA int=1)` for the arguments no directive took.
    fn extra(&mut self) {
        self.printer.flags = Flags::default();
        self.printer.write("%!(EXTRA ");
        for (index, argument) in self.arguments[self.next..].iter().enumerate() {
            if index > 0 {
                self.printer.write(", ");
            }
            if !argument.is_nil() {
                self.printer.write(&format!("{}=", argument.type_of()));
            }
            self.printer.argument(argument, 'v');
        }
        self.printer.write(")");
    }
}

/// Reads digits; none if there are none, or too many.
fn parse_number(text: &[u8]) -> Option<(i64, usize)> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut number = 0;
    for digit in &text[..length] {
        if number > TOO_LARGE {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    (length > 0).then_some((number, length))
}
