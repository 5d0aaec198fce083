//! Laws of functions: what undoes what, and what `printf` writes.

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::printf::sprintf;
use helmrs_gotemplate::{Executor, Functions, Map, MissingKey, TemplateSet, Value, sprig};
use proptest::prelude::*;

/// What an expression gives for `.x`.
fn evaluate(expression: &str, x: Value) -> String {
    let mut functions = Functions::new();
    sprig::register(&mut functions);
    let mut set = TemplateSet::new("set", functions, MissingKey::Zero);
    set.parse("t", format!("{{{{ {expression} }}}}"))
        .expect("the expression is well-formed");
    let data = Value::Map(Map::from_iter([("x", x)]));
    let output = Executor::new(&set, &Fixed::default()).execute("t", &data);
    output.expect("the expression has a value").to_string()
}

fn printed(format: &str, value: Value) -> String {
    String::from_utf8(sprintf(format.as_bytes(), &[value])).expect("text gives text")
}

proptest! {
    #[test]
    fn encoding_is_undone_by_decoding(text in any::<String>()) {
        for pair in ["b64enc | b64dec", "b32enc | b32dec", "toJson | fromJson", "squote | trimAll \"'\""] {
            let text = if pair.starts_with("squote") { text.replace('\'', "") } else { text.clone() };
            prop_assert_eq!(evaluate(&format!(".x | {pair}"), Value::from(text.as_str())), text, "{}", pair);
        }
    }

    #[test]
    fn a_secret_is_read_with_its_password(text in "[ -~]{0,40}", password in "[a-z]{1,8}") {
        let pair = format!(".x | encryptAES \"{password}\" | decryptAES \"{password}\"");
        prop_assert_eq!(evaluate(&pair, Value::from(text.as_str())), text);
    }

    #[test]
    fn what_is_joined_is_split_again(words in prop::collection::vec("[a-z ]{0,5}", 1..6)) {
        let list = Value::list(words.iter().map(|word| Value::from(word.as_str())).collect());
        prop_assert_eq!(evaluate("join \",\" .x | splitList \",\" | join \",\"", list.clone()), words.join(","));
        prop_assert_eq!(evaluate("reverse .x | reverse | join \",\"", list), words.join(","));
    }

    #[test]
    fn sorting_permutes(words in prop::collection::vec("[a-c]{0,3}", 0..8)) {
        let list = Value::list(words.iter().map(|word| Value::from(word.as_str())).collect());
        let mut sorted = words;
        sorted.sort();
        prop_assert_eq!(evaluate("sortAlpha .x | join \",\"", list), sorted.join(","));
    }

    #[test]
    fn integers_are_printed_as_rust_prints_them(number in any::<i64>(), width in 0..30_usize) {
        let value = || Value::int64(number);
        prop_assert_eq!(printed("%d", value()), number.to_string());
        prop_assert_eq!(printed("%v", value()), number.to_string());
        prop_assert_eq!(printed(&format!("%{width}d"), value()), format!("{number:width$}"));
        prop_assert_eq!(printed(&format!("%-{width}d|"), value()), format!("{number:<width$}|"));
        prop_assert_eq!(printed(&format!("%+0{width}d"), value()), format!("{number:+0width$}"));
        let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
        prop_assert_eq!(printed("%x", value()), format!("{sign}{size:x}"));
        prop_assert_eq!(printed("%#b", value()), format!("{sign}{size:#b}"));
    }

    #[test]
    fn texts_are_printed_as_they_are(text in any::<String>(), width in 0..30_usize) {
        prop_assert_eq!(printed("%s", Value::from(text.as_str())), text.clone());
        prop_assert_eq!(printed("%v", Value::from(text.as_str())), text.clone());
        prop_assert_eq!(printed(&format!("%{width}s"), Value::from(text.as_str())), format!("{text:>width$}"));
        prop_assert_eq!(printed(&format!("%.{width}s"), Value::from(text.as_str())), format!("{text:.width$}"));
        let hexadecimal = hex::encode(&text);
        prop_assert_eq!(printed("%x", Value::from(text.as_str())), hexadecimal);
    }

    #[test]
    fn floats_are_printed_with_as_many_digits_as_asked_for(float in -1e15..1e15, digits in 0..12_usize) {
        prop_assert_eq!(printed(&format!("%.{digits}f"), Value::Float(float)), format!("{float:.digits$}"));
    }
}
