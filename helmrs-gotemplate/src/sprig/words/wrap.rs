//! Lines broken at blanks.

/// Breaks a line so that no part is longer than `width` bytes; a longer word is cut only if `cut_words`.
///
/// An empty separator means a newline. Parity: goutils, `WrapCustom`.
pub(super) fn wrapped(line: &[u8], width: i64, separator: &[u8], cut_words: bool) -> Vec<u8> {
    let separator = if separator.is_empty() {
        b"\n"
    } else {
        separator
    };
    let width = usize::try_from(width.max(1)).unwrap_or(usize::MAX);
    let mut output = Vec::with_capacity(line.len() + line.len() / width.max(8));
    let mut rest = line;
    while rest.len() > width {
        if let [b' ', after @ ..] = rest {
            rest = after;
            continue;
        }
        let (end, next) = match memchr::memrchr(b' ', &rest[..=width]) {
            Some(blank) => (blank, blank + 1),
            None if cut_words => (width, width),
            None => match memchr::memchr(b' ', &rest[width..]) {
                Some(blank) => (width + blank, width + blank + 1),
                None => break,
            },
        };
        output.extend_from_slice(&rest[..end]);
        output.extend_from_slice(separator);
        rest = &rest[next..];
    }
    output.extend_from_slice(rest);
    output
}
