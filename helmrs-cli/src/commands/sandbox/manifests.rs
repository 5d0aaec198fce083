//! Files of objects: YAML or JSON in, YAML out.

use std::io::Read;
use std::path::Path;

use helmrs_core::path_error::PathError;
use helmrs_core::yaml;

use crate::error::CommandError;

/// The objects of a file, or of standard input for `-`, as a JSON array.
pub(super) fn read(path: &Path) -> Result<String, CommandError> {
    let mut text = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut text)?;
    } else {
        text = std::fs::read(path).map_err(|error| PathError::of_read(path, error))?;
    }
    let mut objects = Vec::new();
    for document in yaml::documents(&text) {
        let value = yaml::parse(document?)?;
        if value != yaml::Value::Null {
            objects.push(yaml::json::to_json(&value)?);
        }
    }
    Ok(format!("[{}]", objects.join(",")))
}

/// The objects of a JSON list, as YAML documents.
pub(super) fn write(list: &str) -> Result<String, CommandError> {
    let list: serde_json::Value = serde_json::from_str(list)?;
    let mut text = String::new();
    for object in list["items"].as_array().into_iter().flatten() {
        let object = yaml::json::parse(object.to_string().as_bytes())?;
        text.push_str("---\n");
        text.push_str(&yaml::to_yaml(&object)?);
    }
    Ok(text)
}
