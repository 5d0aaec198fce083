//! No text makes the lexer, the parser or the executor panic.

#![no_main]

use helmrs_gotemplate::ambient::Fixed;
use helmrs_gotemplate::{Executor, Functions, Map, MissingKey, TemplateSet, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
    // A loop may count high, which is slow but not wrong.
    let loops = text.windows(5).any(|window| window == b"range");
    if set.parse("fuzz", text).is_ok() && !loops {
        let data: Map = [("a", Value::int(1)), ("b", Value::list(vec![Value::Nil]))]
            .into_iter()
            .collect();
        let _ = Executor::new(&set, &Fixed::default()).execute("fuzz", &Value::Map(data));
    }
});
