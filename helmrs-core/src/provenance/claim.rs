//! What a provenance says, whoever signed it.
// Parity: Helm, internal/plugin/signing_info.go.

use super::cleartext::SignedText;
use super::message;

/// Whether a provenance names a file of this name and content; none if nothing is signed in it.
///
/// No key is asked, so that anybody may have made it.
pub fn claims(provenance: &[u8], archive: &[u8], file_name: &str) -> Option<bool> {
    let text = SignedText::find(provenance)?;
    let Ok(sums) = message::sums(&text.plain) else {
        return Some(false);
    };
    let hash = message::hash(archive);
    // Parity: a longer name that has this one in it counts as well.
    let mut files = sums.files.iter();
    Some(files.any(|(name, signed)| name.contains(file_name) && *signed == hash))
}
