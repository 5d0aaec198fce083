//! Where in a text a value stands, as Go names it in an error.

use super::Reader;

/// An object or a list that is still open.
enum Level {
    /// An object and the key of the entry at hand, once it was read.
    Object(Option<String>),
    /// A list and the number of the item at hand.
    List(usize),
}

/// Names the place of the value that begins at an offset of a text without mistakes.
// Parity: Go, encoding/json, UnmarshalTypeError.Error: what is no entry of an object is no field.
pub(super) fn place(text: &[u8], offset: usize) -> String {
    let levels = levels(text, offset);
    let path: Vec<String> = levels.iter().map(Level::step).collect();
    let path = path.join(".");
    match levels.last() {
        _ if path.is_empty() => "Go value".to_owned(),
        Some(Level::Object(_)) => format!("Go struct field .{path}"),
        _ => format!(".{path}"),
    }
}

impl Level {
    /// The step of the path that leads through this level.
    fn step(&self) -> String {
        match self {
            Self::Object(key) => key
                .as_deref()
                .unwrap_or("")
                .replace('~', "~0")
                .replace('/', "~1"),
            Self::List(index) => index.to_string(),
        }
    }
}

/// What is open before an offset.
fn levels(text: &[u8], offset: usize) -> Vec<Level> {
    let mut reader = Reader::new(text);
    let mut levels = Vec::new();
    while reader.at < offset {
        match text[reader.at] {
            b'{' => levels.push(Level::Object(None)),
            b'[' => levels.push(Level::List(0)),
            b'}' | b']' => {
                levels.pop();
            }
            b',' => match levels.last_mut() {
                Some(Level::Object(key)) => *key = None,
                Some(Level::List(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let string = reader.string().unwrap_or_default();
                if let Some(Level::Object(key @ None)) = levels.last_mut() {
                    *key = Some(string);
                }
                continue;
            }
            _ => {}
        }
        reader.at += 1;
    }
    levels
}
