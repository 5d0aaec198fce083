//! Who signed a chart or a plugin.

use std::fmt::Write;

use helmrs_core::provenance::Verification;

/// A line for each user ID of the signer, one for the key, one for what was signed: `Chart` or `Plugin`.
// Parity: Helm, pkg/action/verify.go: its user IDs come in the random order of a Go map.
pub(crate) fn render(what: &str, verification: &Verification) -> String {
    let mut text = String::new();
    for user_id in &verification.signed_by {
        let _ = writeln!(text, "Signed by: {user_id}");
    }
    let fingerprint = &verification.fingerprint;
    let _ = writeln!(text, "Using Key With Fingerprint: {fingerprint}");
    let _ = writeln!(text, "{what} Hash Verified: {}", verification.file_hash);
    text
}
