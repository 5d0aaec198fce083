//! Results as JSON or YAML.

use helmrs_core::yaml;
use serde::Serialize;

use crate::error::CommandError;
use crate::flags::output::Format;

/// A result that can be printed in every format.
pub(crate) trait View {
    /// What JSON and YAML hold.
    type Document: Serialize;

    /// The result as data.
    fn document(&self) -> Self::Document;

    /// The result as text for people.
    fn table(&self) -> Result<Vec<u8>, CommandError>;
}

/// Prints a result in the format asked for.
pub(crate) fn render(view: &impl View, format: Format) -> Result<Vec<u8>, CommandError> {
    match format {
        Format::Table => view.table(),
        Format::Json => json(&view.document()),
        Format::Yaml => yaml(&view.document()),
    }
}

/// One line of JSON, as Go's encoder writes it.
pub(crate) fn json(value: &impl Serialize) -> Result<Vec<u8>, CommandError> {
    let mut text = yaml::json::to_json_typed(value)?;
    text.push(b'\n');
    Ok(text)
}

/// YAML with sorted keys.
pub(crate) fn yaml(value: &impl Serialize) -> Result<Vec<u8>, CommandError> {
    Ok(yaml::to_yaml(&yaml::to_value(value)?)?.into_bytes())
}
