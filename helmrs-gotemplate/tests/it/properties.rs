//! Laws that hold for every text and value.

mod functions;
mod orders;

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::number::{format_float, parse_float, quote};
use helmrs_gotemplate::printf::sprintf;
use helmrs_gotemplate::{Executor, Functions, Map, MissingKey, TemplateSet, Value};
use proptest::prelude::*;

/// Texts made of pieces that templates are made of, so that many of them parse.
fn template() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{{- ",
        " -}}",
        "if",
        "else",
        "end",
        "range",
        "with",
        "define \"x\"",
        "template \"x\"",
        "block \"y\" .",
        "break",
        "continue",
        " ",
        ".",
        ".a",
        ".b",
        "$",
        "$x",
        ":=",
        "=",
        "|",
        "(",
        ")",
        ",",
        "1",
        "-2",
        "1.5",
        "0x1f",
        "'c'",
        "\"s\"",
        "`r`",
        "nil",
        "true",
        "print",
        "len",
        "index",
        "eq",
        "and",
        "{{/* c */}}",
        "text\n",
        "é",
        "\\",
        "\"",
        "{{end}}",
        "{{if .a}}",
        "{{range .b}}",
        "{{print . }}",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn data() -> Value {
    let map: Map = [
        ("a", Value::int(1)),
        ("b", Value::list(vec![Value::from("x"), Value::Nil])),
    ]
    .into_iter()
    .collect();
    Value::Map(map)
}

fn try_out(text: &[u8]) {
    let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
    if set.parse("t", text).is_ok() {
        let _ = Executor::new(&set, &Fixed::default()).execute("t", &data());
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in prop::collection::vec(any::<u8>(), 0..64)) {
        try_out(&text);
    }

    #[test]
    fn no_template_makes_the_executor_panic(text in template()) {
        try_out(text.as_bytes());
    }

    #[test]
    fn text_without_actions_is_rendered_as_it_is(text in "[^{]*") {
        let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
        set.parse("t", text.as_str()).unwrap();
        let output = Executor::new(&set, &Fixed::default()).execute("t", &Value::Nil).unwrap();
        prop_assert_eq!(output.to_vec(), text.into_bytes());
    }

    #[test]
    fn no_format_makes_printf_panic(format in "[%a-zA-Z0-9#+ .*\\[\\]-]{0,12}", number in any::<i64>(), float in any::<f64>()) {
        sprintf(format.as_bytes(), &[Value::int(number), Value::Float(float), Value::from("é\u{0}"), Value::Nil]);
    }

    #[test]
    fn the_shortest_text_of_a_float_is_read_back_as_the_same(float in any::<f64>().prop_filter("finite", |f| f.is_finite())) {
        for form in ['e', 'f', 'g', 'x'] {
            prop_assert_eq!(parse_float(&format_float(float, form, None)), Some(float));
        }
    }

    #[test]
    fn a_quoted_text_is_a_string_literal_of_a_template(text in any::<String>()) {
        let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
        set.parse("t", format!("{{{{{}}}}}", quote(text.as_bytes()))).unwrap();
        let output = Executor::new(&set, &Fixed::default()).execute("t", &Value::Nil).unwrap();
        prop_assert_eq!(output.to_vec(), text.into_bytes());
    }
}
