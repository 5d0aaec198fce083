//! An error and its causes, as one text.

use std::error::Error;

/// What an error says, then what each of its causes says, as Go's wrapped errors print.
///
/// # Examples
///
/// ```
/// use helmrs_core::error_chain::joined;
///
/// let error = helmrs_core::chart::load("nowhere".as_ref(), &mut Vec::new()).unwrap_err();
/// assert_eq!(joined(&error), "stat nowhere: no such file or directory");
/// ```
pub fn joined(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
