//! PEM: DER in its armour of base64.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One block: what it says it is, and its bytes.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) der: Vec<u8>,
}

/// The first block of a text, if there is one.
pub(super) fn decode(text: &str) -> Option<Block> {
    let start = text.find("-----BEGIN ")?;
    let (label, body) = text[start + 11..].split_once("-----")?;
    let end = body.find(&format!("-----END {label}-----"))?;
    let encoded: String = body[..end]
        .split_ascii_whitespace()
        .filter(|line| !line.contains(':'))
        .collect();
    Some(Block {
        label: label.to_string(),
        der: STANDARD.decode(encoded).ok()?,
    })
}

/// A block as text.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let mut output = format!("-----BEGIN {label}-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        output.extend(line.iter().map(|byte| char::from(*byte)));
        output.push('\n');
    }
    let _ = writeln!(output, "-----END {label}-----");
    output
}
