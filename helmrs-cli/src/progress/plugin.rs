//! What happens while plugins are installed and updated, in words.
// Parity: Helm, pkg/cmd/plugin_install.go; internal/plugin/installer/installer.go.

use helmrs_client::event::PluginEvent;

use crate::printer::{Level, Printer, Record};
use crate::views;

/// Says what happens.
pub(super) fn tell(event: &PluginEvent, printer: &Printer) {
    let warn = |text, key, path: &str, error: &str| {
        let record = Record::new(Level::Warn, text);
        printer.log(&record.with(key, path).with("error", error));
    };
    let text = match event {
        PluginEvent::Development => {
            "Installing plugin from local directory (development mode)\n".to_owned()
        }
        PluginEvent::Unverified => "WARNING: Skipping plugin signature verification\n".to_owned(),
        PluginEvent::Verifying => "Verifying plugin signature...\n".to_owned(),
        PluginEvent::Verified(verification) => views::verification::render("Plugin", verification),
        PluginEvent::Exists { path, error } => {
            let error = error.as_deref().unwrap_or("<nil>");
            return warn("plugin already exists", "path", path, error);
        }
        PluginEvent::Missing { path, error } => {
            return warn("plugin does not exist", "path", path, error);
        }
        PluginEvent::UnknownSource { path, error } => {
            let text = "cannot get information about plugin source";
            return warn(text, "location", path, error);
        }
        _ => return,
    };
    // A reader that went away is no reason to leave a plugin half installed.
    let _ = printer.data(text);
}
