//! What happens while a plugin is installed or updated.

use helmrs_core::provenance::Verification;

/// A step on the way to a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum PluginEvent {
    /// The plugin is a folder, which nobody signs.
    Development,
    /// Nobody asks who signed the plugin.
    Unverified,
    /// Somebody has to have signed the plugin.
    Verifying,
    /// Somebody has.
    Verified(Verification),
    /// There is something where the plugin would be; maybe nobody can tell what.
    Exists { path: String, error: Option<String> },
    /// There is nothing where the plugin should be.
    Missing { path: String, error: String },
    /// Nobody knows where a plugin comes from.
    UnknownSource { path: String, error: String },
}
