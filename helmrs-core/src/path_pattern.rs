//! Patterns for paths, as `.helmignore` and `--show-only` take them: `*`, `?`, `[a-z]`, none of which crosses a slash.

/// The pattern is malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub struct PatternError;

/// Whether a whole path matches a pattern.
///
/// # Examples
///
/// ```
/// use helmrs_core::path_pattern::matches;
///
/// assert_eq!(matches("templates/*.yaml", "templates/web.yaml"), Ok(true));
/// assert_eq!(matches("*.yaml", "templates/web.yaml"), Ok(false));
/// assert!(matches("[a-", "a").is_err());
/// ```
// Parity: Go, path/filepath/match.go, Match: an error is only noticed where matching gets to it.
pub fn matches(pattern: &str, path: &str) -> Result<bool, PatternError> {
    let (mut pattern, mut path) = (pattern.as_bytes(), path.as_bytes());
    'pieces: while !pattern.is_empty() {
        let (star, piece, rest) = next_piece(pattern);
        pattern = rest;
        if star && piece.is_empty() {
            return Ok(!path.contains(&b'/'));
        }
        match match_piece(piece, path)? {
            Some(tail) if tail.is_empty() || !pattern.is_empty() => {
                path = tail;
                continue;
            }
            _ => {}
        }
        if star {
            let reach = path
                .iter()
                .position(|&byte| byte == b'/')
                .unwrap_or(path.len());
            for skipped in 0..reach {
                match match_piece(piece, &path[skipped + 1..])? {
                    Some(tail) if tail.is_empty() || !pattern.is_empty() => {
                        path = tail;
                        continue 'pieces;
                    }
                    _ => {}
                }
            }
        }
        return Ok(false);
    }
    Ok(path.is_empty())
}

/// Splits off the stars a pattern begins with and the piece up to the next star.
fn next_piece(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|&&byte| byte == b'*').count();
    let pattern = &pattern[stars..];
    let (mut index, mut in_class) = (0, false);
    while index < pattern.len() {
        match pattern[index] {
            b'\\' if index + 1 < pattern.len() => index += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        index += 1;
    }
    (stars > 0, &pattern[..index], &pattern[index..])
}

/// Matches a piece without stars at the beginning of a path; gives the rest of the path.
fn match_piece<'path>(
    mut piece: &[u8],
    mut path: &'path [u8],
) -> Result<Option<&'path [u8]>, PatternError> {
    let mut failed = false;
    while let Some(&first) = piece.first() {
        failed |= path.is_empty();
        match first {
            b'[' => {
                let (character, size) = first_character(path);
                let (inside, rest) = match_class(&piece[1..], character)?;
                piece = rest;
                failed |= !inside;
                if !failed {
                    path = &path[size..];
                }
            }
            b'?' => {
                failed = failed || path[0] == b'/';
                if !failed {
                    path = &path[first_character(path).1..];
                }
                piece = &piece[1..];
            }
            _ => {
                if first == b'\\' {
                    piece = &piece[1..];
                }
                let wanted = *piece.first().ok_or(PatternError)?;
                failed = failed || path[0] != wanted;
                if !failed {
                    path = &path[1..];
                }
                piece = &piece[1..];
            }
        }
    }
    Ok(if failed { None } else { Some(path) })
}

/// Reads a class up to its bracket; says whether a character is in it.
fn match_class(mut class: &[u8], character: u32) -> Result<(bool, &[u8]), PatternError> {
    let negated = class.first() == Some(&b'^');
    if negated {
        class = &class[1..];
    }
    let (mut found, mut ranges) = (false, 0);
    loop {
        if ranges > 0 && class.first() == Some(&b']') {
            return Ok((found != negated, &class[1..]));
        }
        let (low, rest) = class_character(class)?;
        class = rest;
        let mut high = low;
        if class.first() == Some(&b'-') {
            (high, class) = class_character(&class[1..])?;
        }
        found |= (low..=high).contains(&character);
        ranges += 1;
    }
}

/// Reads one character of a class, escaped or not; something must follow it.
fn class_character(class: &[u8]) -> Result<(u32, &[u8]), PatternError> {
    let escaped = match class.first() {
        None | Some(b'-' | b']') => return Err(PatternError),
        Some(b'\\') => &class[1..],
        Some(_) => class,
    };
    let (character, size) = first_character(escaped);
    let rest = escaped.get(size..).unwrap_or_default();
    if rest.is_empty() || (character == REPLACEMENT && size == 1) {
        Err(PatternError)
    } else {
        Ok((character, rest))
    }
}

/// What stands for bytes that are no character.
const REPLACEMENT: u32 = 0xfffd;

/// The first character and its size in bytes; a byte that is none counts as one replacement character.
fn first_character(text: &[u8]) -> (u32, usize) {
    let Some(chunk) = text
        .get(..4.min(text.len()))
        .filter(|chunk| !chunk.is_empty())
    else {
        return (REPLACEMENT, 0);
    };
    let valid = match std::str::from_utf8(chunk) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&chunk[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or((REPLACEMENT, 1), |first| {
        (u32::from(first), first.len_utf8())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_marks_stay_within_one_element() {
        for (pattern, path, expected) in [
            ("*.txt", "a.txt", true),
            ("*.txt", "a/b.txt", false),
            ("a/*", "a/b", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("?", "é", true),
            ("?", "/", false),
            ("*", "", true),
            ("a\\*", "a*", true),
            ("[^a-c]x", "dx", true),
            ("[^a-c]x", "bx", false),
            ("[\\]]", "]", true),
            ("", "", true),
            ("a", "", false),
        ] {
            assert_eq!(matches(pattern, path), Ok(expected), "{pattern} {path}");
        }
    }

    #[test]
    fn malformed_patterns_are_noticed() {
        for pattern in ["[", "[a", "[]a]", "[-]", "a[", "\\", "[a-]", "a*["] {
            assert_eq!(matches(pattern, "abc"), Err(PatternError), "{pattern}");
        }
        assert_eq!(matches("z*[", "abc"), Ok(false));
    }
}
