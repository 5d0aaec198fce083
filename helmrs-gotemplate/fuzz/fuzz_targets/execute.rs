//! No template makes the executor or a function of Sprig's panic.

#![no_main]

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{Executor, Functions, Map, MissingKey, TemplateSet, Value, sprig};
use libfuzzer_sys::fuzz_target;

/// What may take long without being wrong: loops that count high, texts repeated often, keys, passwords.
const SLOW: [&str; 13] = [
    "range", "until", "seq", "repeat", "indent", "rand", "gen", "crypt", "htpasswd", "derive",
    "template", "block", "pow",
];

fuzz_target!(|text: &str| {
    let mut functions = Functions::new();
    sprig::register(&mut functions);
    let mut set = TemplateSet::new("set", functions, MissingKey::Zero);
    if !SLOW.iter().any(|word| text.contains(word)) && set.parse("fuzz", text).is_ok() {
        let list = Value::list(vec![Value::Nil, Value::from("x"), Value::int(-1)]);
        let data: Map = [("a", Value::Float(1.5)), ("b", list)]
            .into_iter()
            .collect();
        let _ = Executor::new(&set, &Fixed::default()).execute("fuzz", &Value::Map(data));
    }
});
