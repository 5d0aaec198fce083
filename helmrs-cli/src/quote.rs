//! Text in double quotes, as Go's `%q` writes it.

/// Puts `text` in double quotes and escapes what could not be read back.
pub(crate) fn quote(text: &str) -> String {
    helmrs_gotemplate::number::quote(text.as_bytes())
}
