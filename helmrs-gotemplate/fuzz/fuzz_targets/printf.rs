//! No format makes `printf` panic.

#![no_main]

use helmrs_gotemplate::printf::sprintf;
use helmrs_gotemplate::{Map, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|format: &[u8]| {
    let map: Map = [("k", Value::Bool(true))].into_iter().collect();
    let list = Value::list(vec![Value::Nil, Value::from("a"), Value::Map(map)]);
    let text = Value::from(b"\xff\xc3\xa9".to_vec());
    sprintf(
        format,
        &[Value::int(-7), Value::Float(1.5), text, list, Value::Nil],
    );
});
