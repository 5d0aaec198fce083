//! Colours in results.

/// Wraps text in a colour code, if colours are wanted.
fn wrap(text: &str, on: &str, off: &str, wanted: bool) -> String {
    if wanted {
        format!("\x1b[{on}m{text}\x1b[{off}m")
    } else {
        text.to_owned()
    }
}

/// A column's name.
pub(crate) fn header(text: &str, wanted: bool) -> String {
    wrap(text, "1", "22", wanted)
}

/// A namespace.
pub(crate) fn namespace(text: &str, wanted: bool) -> String {
    wrap(text, "36", "0", wanted)
}

/// A release's status.
pub(crate) fn status(text: &str, wanted: bool) -> String {
    match text {
        "deployed" => wrap(text, "32", "0", wanted),
        "failed" | "unknown" => wrap(text, "31", "0", wanted),
        "pending-install" | "pending-upgrade" | "pending-rollback" | "uninstalling" => {
            wrap(text, "33", "0", wanted)
        }
        _ => text.to_owned(),
    }
}
