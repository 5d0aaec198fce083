//! Values as text, under every verb of Go's `fmt`.
// Parity: Go, fmt/print.go and fmt/format.go.

mod pad;

use std::rc::Rc;

use crate::number::{is_printable, quote_with};
use crate::stack::deepen;
use crate::types::Type;
use crate::value::{ADDRESS, Integer, IntegerKind, List, Map, Object, Value};
pub(crate) use pad::Flags;

/// Where the reference program for Linux on amd64 keeps what empty slices point to.
const ZERO_BASE: u64 = 0x437_53a0;
/// How deep a value may nest before it is checked for containing itself.
const SUSPICIOUS_DEPTH: usize = 100;

/// Writes a value as a template's action does: `<no value>` for nil, else as `%v`.
pub fn print(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nil => out.extend_from_slice(b"<no value>"),
        Value::String(text) => out.extend_from_slice(text),
        Value::Object(object) => print_object(out, object),
        _ => Printer::new(out).argument(value, 'v'),
    }
}

fn print_object(out: &mut Vec<u8>, object: &Rc<dyn Object>) {
    if let Some(text) = object.printed() {
        out.extend_from_slice(&text);
    } else if let Some(value) = object.underlying() {
        print(out, &value);
    } else {
        print_fields(out, object);
    }
}

/// Writes what a pointer points to, without the `&` that `%v` puts before it.
fn print_fields(out: &mut Vec<u8>, object: &Rc<dyn Object>) {
    let mut printer = Printer::new(out);
    printer.depth = 1;
    printer.fields(object, "", 'v');
}

/// Returns a value as `%v` does once pointers are followed, for messages.
pub(crate) fn pointed_text(value: &Value) -> String {
    match value {
        Value::Object(object) if object.string().is_none() && object.underlying().is_none() => {
            let mut out = Vec::new();
            print_fields(&mut out, object);
            String::from_utf8_lossy(&out).into_owned()
        }
        _ => value_text(value),
    }
}

/// Returns a value as `fmt.Sprint(value)` does: `<nil>` for nil.
pub fn sprint(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    Printer::new(&mut out).argument(value, 'v');
    out
}

/// Returns a value as `%v` does, for messages.
pub fn value_text(value: &Value) -> String {
    String::from_utf8_lossy(&sprint(value)).into_owned()
}

/// Writes values under the verbs and flags of one directive.
pub(crate) struct Printer<'o> {
    pub(crate) out: &'o mut Vec<u8>,
    pub(crate) flags: Flags,
    /// Whether a complaint is being written, during which no method is called.
    complaining: bool,
    /// The maps being printed, from the outermost on.
    path: Vec<Map>,
    depth: usize,
}

impl<'o> Printer<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>) -> Self {
        Self {
            out,
            flags: Flags::default(),
            complaining: false,
            path: Vec::new(),
            depth: 0,
        }
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn write_char(&mut self, character: char) {
        self.out
            .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Writes an argument of `printf` under a verb.
    pub(crate) fn argument(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.pad_text("<nil>"),
            (_, 'T') => self.text(value.type_of().to_string().as_bytes()),
            (_, 'p') => self.address(value, verb),
            // Parity: Go, fmt/print.go, handleMethods: only `Errorf` wraps.
            (Value::List(_) | Value::Map(_) | Value::Object(_), 'w') | (Value::Nil, _) => {
                self.complain(value, verb);
            }
            _ => self.value(value, verb),
        }
    }

    /// Writes `%!d(string=hi)`: a verb that does not fit the value.
    fn complain(&mut self, value: &Value, verb: char) {
        self.complain_of(value, value.type_of(), verb);
    }

    /// Writes a complaint of a value under the name of its type, which may be one of its own.
    fn complain_of(&mut self, value: &Value, of: Type, verb: char) {
        self.complaining = true;
        let depth = std::mem::take(&mut self.depth);
        self.write("%!");
        self.write_char(verb);
        if value.is_nil() {
            self.write("(<nil>)");
        } else {
            self.write(&format!("({of}="));
            self.value(value, 'v');
            self.write(")");
        }
        self.depth = depth;
        self.complaining = false;
    }

    fn value(&mut self, value: &Value, verb: char) {
        match value {
            Value::Nil => self.nil(Type::Any),
            Value::Bool(truth) => match verb {
                't' | 'v' => self.pad_text(if *truth { "true" } else { "false" }),
                _ => self.complain(value, verb),
            },
            Value::Integer(number) => self.integer(*number, verb),
            Value::Float(number) => {
                if !self.float(*number, verb) {
                    self.complain(value, verb);
                }
            }
            Value::Complex(real, imaginary) => self.complex(value, *real, *imaginary, verb),
            Value::String(text) => {
                if !self.string(text, verb) {
                    self.complain(value, verb);
                }
            }
            Value::Bytes(bytes) => self.bytes(value, bytes, verb),
            Value::List(list) => self.nested(|printer| printer.list(list, verb)),
            Value::Map(map) => self.nested(|printer| printer.map(map, verb)),
            Value::Object(object) => {
                self.nested(|printer| printer.object(object, verb));
            }
            Value::Function(_) => self.address(value, verb),
        }
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        deepen(|| write(self));
        self.depth -= 1;
    }

    /// Writes nil inside another value.
    fn nil(&mut self, of: Type) {
        if self.flags.go_syntax {
            self.write(&format!("{of}(nil)"));
        } else {
            self.write("<nil>");
        }
    }

    /// Writes where a value points, which is nowhere in particular.
    fn address(&mut self, value: &Value, verb: char) {
        let address = match value {
            Value::List(list) if list.is_nil() => 0,
            Value::Map(map) if map.is_nil() => 0,
            Value::List(list) if list.is_empty() => ZERO_BASE,
            Value::Bytes(bytes) if bytes.is_empty() => ZERO_BASE,
            Value::Function(_) | Value::Map(_) | Value::List(_) | Value::Bytes(_) => ADDRESS,
            Value::Object(object) if is_pointer(object) => object.address(),
            _ => return self.complain(value, verb),
        };
        self.hexadecimal_address(address, !self.flags.sharp);
    }

    // Parity: Go, fmt/print.go, fmt0x64.
    fn hexadecimal_address(&mut self, address: u64, prefixed: bool) {
        let sharp = std::mem::replace(&mut self.flags.sharp, prefixed);
        self.digits(address, false, 16, 'v');
        self.flags.sharp = sharp;
    }

    /// Writes a string under a verb; tells whether the verb fits.
    fn string(&mut self, text: &[u8], verb: char) -> bool {
        match verb {
            'v' if self.flags.go_syntax => self.quoted(text),
            'v' | 's' => self.text(text),
            'x' => self.hexadecimal(text, false),
            'X' => self.hexadecimal(text, true),
            'q' => self.quoted(text),
            _ => return false,
        }
        true
    }

    fn bytes(&mut self, value: &Value, bytes: &[u8], verb: char) {
        match verb {
            'v' | 'd' if self.flags.go_syntax => {
                let items: Vec<String> = bytes.iter().map(|byte| format!("{byte:#x}")).collect();
                self.write(&format!("[]byte{{{}}}", items.join(", ")));
            }
            'v' | 'd' if self.flags == Flags::default() => {
                self.write("[");
                for (index, byte) in bytes.iter().enumerate() {
                    self.separate(index);
                    self.decimal(u64::from(*byte), false);
                }
                self.write("]");
            }
            's' | 'x' | 'X' | 'q' => {
                self.string(bytes, verb);
            }
            _ => {
                if let Some(list) = value.items() {
                    self.list(&list, verb);
                }
            }
        }
    }

    fn list(&mut self, list: &List, verb: char) {
        if list.element() == Type::BYTE && matches!(verb, 's' | 'q' | 'x' | 'X') {
            let bytes: Vec<u8> = list
                .iter()
                .filter_map(Value::as_integer)
                .map(|byte| byte as u8)
                .collect();
            self.string(&bytes, verb);
            return;
        }
        if !self.open(list.type_of(), list.is_nil(), "[") {
            return;
        }
        for (index, item) in list.iter().enumerate() {
            self.separate(index);
            self.element(item, list.element(), verb);
        }
        self.close("]");
    }

    fn map(&mut self, map: &Map, verb: char) {
        if self.depth > SUSPICIOUS_DEPTH {
            if self.path.iter().any(|outer| outer.is_same(map)) {
                self.write("...");
                return;
            }
            self.path.push(map.clone());
        }
        if self.open(map.type_of(), map.is_nil(), "map[") {
            for (index, (key, item)) in map.borrow().iter().enumerate() {
                self.separate(index);
                self.element(&Value::String(key.clone()), Type::String, verb);
                self.write(":");
                self.element(item, map.element(), verb);
            }
            self.close("]");
        }
        if self.depth > SUSPICIOUS_DEPTH {
            self.path.pop();
        }
    }

    fn element(&mut self, item: &Value, of: Type, verb: char) {
        match item {
            Value::Nil => self.nil(of),
            _ => self.value(item, verb),
        }
    }

    /// Writes what stands before a composite's elements; false if it is nil and that is all.
    fn open(&mut self, of: Type, nil: bool, bracket: &str) -> bool {
        if !self.flags.go_syntax {
            self.write(bracket);
            return true;
        }
        self.write(&of.to_string());
        self.write(if nil { "(nil)" } else { "{" });
        !nil
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.write(if self.flags.go_syntax { ", " } else { " " });
        }
    }

    fn close(&mut self, bracket: &str) {
        self.write(if self.flags.go_syntax { "}" } else { bracket });
    }

    fn object(&mut self, object: &Rc<dyn Object>, verb: char) {
        let stringable = matches!(verb, 'v' | 's' | 'x' | 'X' | 'q');
        let calls_methods = stringable && !self.complaining && !self.flags.go_syntax;
        if let Some(text) = object.string().filter(|_| calls_methods) {
            self.string(&text, verb);
            return;
        }
        if let Some(text) = object.go_string().filter(|_| self.flags.go_syntax) {
            self.text(&text);
            return;
        }
        if let Some(value) = object.underlying() {
            self.underlying(&value, object.type_of(), verb);
            return;
        }
        let name = object.type_of().to_string();
        match name.strip_prefix('*') {
            Some(name) if self.depth <= 1 && object.address() != 0 => {
                self.write("&");
                self.fields(object, name, verb);
            }
            Some(_) => self.pointer(object, verb),
            None => self.fields(object, &name, verb),
        }
    }

    /// Writes a pointer inside another value, or a nil one.
    // Parity: Go, fmt/print.go, fmtPointer.
    fn pointer(&mut self, object: &Rc<dyn Object>, verb: char) {
        let address = object.address();
        match verb {
            'v' if self.flags.go_syntax => {
                self.write(&format!("({})(", object.type_of()));
                match address {
                    0 => self.write("nil"),
                    _ => self.hexadecimal_address(address, true),
                }
                self.write(")");
            }
            'v' if address == 0 => self.pad_text("<nil>"),
            'v' | 'p' => self.hexadecimal_address(address, !self.flags.sharp),
            'b' | 'o' | 'd' | 'x' | 'X' => {
                self.integer(Integer::new(IntegerKind::Uint64, address as i64), verb);
            }
            _ => self.complain(&Value::Object(Rc::clone(object)), verb),
        }
    }

    /// Writes a struct by its fields.
    fn fields(&mut self, object: &Rc<dyn Object>, name: &str, verb: char) {
        if self.flags.go_syntax {
            self.write(name);
        }
        self.write("{");
        for (index, (field, value)) in object.fields().iter().enumerate() {
            self.separate(index);
            if self.flags.go_syntax || self.flags.field_names {
                self.write(field);
                self.write(":");
            }
            self.element(value, Type::Any, verb);
        }
        self.write("}");
    }

    /// Writes the value a named type stands for, complaining under the type's own name.
    fn underlying(&mut self, value: &Value, of: Type, verb: char) {
        let fits = match value {
            Value::Integer(_) => "vdboOxXcqU".contains(verb),
            Value::String(_) => "vsxXq".contains(verb),
            _ => true,
        };
        if fits {
            self.value(value, verb);
        } else {
            self.complain_of(value, of, verb);
        }
    }

    fn integer(&mut self, number: Integer, verb: char) {
        let magnitude = number.to_i128().unsigned_abs() as u64;
        let negative = number.to_i128() < 0;
        match verb {
            'v' if self.flags.go_syntax && !number.kind().is_signed() => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(magnitude, negative, 16, verb);
                self.flags.sharp = sharp;
            }
            'v' | 'd' => self.digits(magnitude, negative, 10, verb),
            'b' => self.digits(magnitude, negative, 2, verb),
            'o' | 'O' => self.digits(magnitude, negative, 8, verb),
            'x' | 'X' => self.digits(magnitude, negative, 16, verb),
            'c' => self.pad_text(&character(number.to_u64()).to_string()),
            'q' => {
                let text = character(number.to_u64()).to_string();
                let quoted = quote_with(text.as_bytes(), '\'', self.flags.plus);
                self.pad_text(&quoted);
            }
            'U' => self.code_point(number.to_u64()),
            _ => self.complain(&Value::Integer(number), verb),
        }
    }

    fn code_point(&mut self, number: u64) {
        let precision = self.flags.precision.unwrap_or(0).max(4);
        let mut text = format!(
            "U+{}",
            pad::with_leading_zeros(&format!("{number:X}"), precision)
        );
        if self.flags.sharp {
            let printable = u32::try_from(number)
                .ok()
                .and_then(char::from_u32)
                .filter(|c| is_printable(*c));
            if let Some(printable) = printable {
                text = format!("{text} '{printable}'");
            }
        }
        self.pad_without_zeros(text.as_bytes());
    }

    fn complex(&mut self, value: &Value, real: f64, imaginary: f64, verb: char) {
        if !matches!(
            verb,
            'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E'
        ) {
            self.complain(value, verb);
            return;
        }
        self.write("(");
        self.float(real, verb);
        let plus = std::mem::replace(&mut self.flags.plus, true);
        self.float(imaginary, verb);
        self.flags.plus = plus;
        self.write("i)");
    }
}

fn is_pointer(object: &Rc<dyn Object>) -> bool {
    matches!(object.type_of(), Type::Object(name) if name.starts_with('*'))
}

fn character(number: u64) -> char {
    u32::try_from(number)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use std::any::Any;

    use super::*;
    use crate::printf::sprintf;

    struct Version;

    impl Object for Version {
        fn type_of(&self) -> Type {
            Type::Object("*semver.Version")
        }

        fn as_any(&self) -> &dyn Any {
            self
        }

        fn fields(&self) -> Vec<(&'static str, Value)> {
            vec![("Major", Value::int(1)), ("pre", "rc".into())]
        }
    }

    fn text(format: &str, value: Value) -> String {
        String::from_utf8(sprintf(format.as_bytes(), &[value])).unwrap()
    }

    #[test]
    fn an_infinity_always_shows_its_sign() {
        assert_eq!(text("%v", Value::Float(f64::INFINITY)), "+Inf");
        assert_eq!(text("%05f", Value::Float(f64::INFINITY)), " +Inf");
        assert_eq!(text("%+f", Value::Float(f64::NAN)), "+NaN");
    }

    #[test]
    fn a_pointer_shows_what_it_points_to_unless_it_is_within_another_value() {
        let version = Value::object(Version);
        assert_eq!(text("%v", version.clone()), "&{1 rc}");
        assert_eq!(text("%+v", version.clone()), "&{Major:1 pre:rc}");
        assert_eq!(text("%t", version.clone()), "&{%!t(int=1) %!t(string=rc)}");
        assert_eq!(
            text("%v", Value::list(vec![version.clone()])),
            "[0xc000000000]"
        );
        let mut out = Vec::new();
        print(&mut out, &version);
        assert_eq!(out, b"{1 rc}");
    }

    #[test]
    fn a_composite_is_printed_element_by_element() {
        let list = Value::list(vec![Value::int(1), "a".into(), Value::Nil]);
        assert_eq!(text("%v", list.clone()), "[1 a <nil>]");
        assert_eq!(text("%d", list.clone()), "[1 %!d(string=a) <nil>]");
        assert_eq!(
            text("%#v", list),
            r#"[]interface {}{1, "a", interface {}(nil)}"#
        );
    }
}
