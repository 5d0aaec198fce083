//! Chance and the clock: what no write can be computed from.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// The letters of generated names: no vowels, so that they spell nothing.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Fills a buffer with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) {
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(bytes)
        .expect("the operating system hands out random bytes");
}

/// A random UUID (version 4).
pub(crate) fn uuid() -> String {
    let mut bytes = [0u8; 16];
    fill(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (position, byte) in bytes.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A name for `metadata.generateName`: the prefix and five random letters.
pub(crate) fn name(prefix: &str) -> String {
    let mut bytes = [0u8; 5];
    fill(&mut bytes);
    let prefix: String = prefix.chars().take(58).collect();
    let letters = bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    prefix.chars().chain(letters).collect()
}

/// A random token in hexadecimal.
pub(crate) fn token() -> String {
    let mut bytes = [0u8; 16];
    fill(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The present time as objects hold it: RFC 3339 in seconds, UTC.
pub(crate) fn now() -> String {
    after(0)
}

/// The present time in nanoseconds, each answer later than those before.
pub(crate) fn moment() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = u64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or_default();
    let later = |last: u64| Some(now.max(last.saturating_add(1)));
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later);
    now.max(last.unwrap_or_default().saturating_add(1))
}

/// The time in so many seconds.
pub(crate) fn after(seconds: i64) -> String {
    let now = jiff::Timestamp::now();
    let then = jiff::Timestamp::from_second(now.as_second().saturating_add(seconds)).unwrap_or(now);
    then.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_names_end_in_five_letters() {
        let name = super::name("web-");
        assert_eq!((name.len(), &name[..4]), (9, "web-"));
    }
}
