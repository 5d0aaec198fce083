//! Words shared by the errors of this crate.

pub(crate) use helmrs_core::path_error::cause as operating_system;

/// An error and its causes as one line, as Go prints wrapped errors.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}
