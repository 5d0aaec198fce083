//! `%YAML`, `%TAG`, tags and anchors.

use super::cursor::Cursor;
use super::token::{Tag, TokenKind};
use super::{Scanned, error_at};

/// A directive with the line break after it.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_directive.
pub(super) fn directive(cursor: &mut Cursor<'_>) -> Scanned<TokenKind<'static>> {
    cursor.skip(1);
    let name = cursor.take_ascii(is_word);
    if name.is_empty() {
        return Err(error_at(
            cursor.line(),
            "could not find expected directive name",
        ));
    }
    if !cursor.is_gap(0) {
        return Err(error_at(
            cursor.line(),
            "found unexpected non-alphabetical character",
        ));
    }
    let kind = match name {
        "YAML" => version(cursor)?,
        "TAG" => tag_directive(cursor)?,
        _ => return Err(error_at(cursor.line(), "found unknown directive name")),
    };
    cursor.skip_blanks();
    cursor.skip_comment();
    if !cursor.is_break_or_end(0) {
        return Err(error_at(
            cursor.line(),
            "did not find expected comment or line break",
        ));
    }
    cursor.take_break();
    Ok(kind)
}

fn version(cursor: &mut Cursor<'_>) -> Scanned<TokenKind<'static>> {
    cursor.skip_blanks();
    let major = version_number(cursor)?;
    if cursor.peek(0) != b'.' {
        return Err(error_at(
            cursor.line(),
            "did not find expected digit or '.' character",
        ));
    }
    cursor.skip(1);
    Ok(TokenKind::Version {
        major,
        minor: version_number(cursor)?,
    })
}

fn version_number(cursor: &mut Cursor<'_>) -> Scanned<u8> {
    let digits = cursor.take_ascii(|byte| byte.is_ascii_digit());
    match digits.len() {
        0 => Err(error_at(
            cursor.line(),
            "did not find expected version number",
        )),
        1 | 2 => Ok(digits.parse().unwrap_or(0)),
        _ => Err(error_at(
            cursor.line(),
            "found extremely long version number",
        )),
    }
}

fn tag_directive(cursor: &mut Cursor<'_>) -> Scanned<TokenKind<'static>> {
    cursor.skip_blanks();
    let handle = tag_handle(cursor, true)?;
    if !cursor.is_blank(0) {
        return Err(error_at(cursor.line(), "did not find expected whitespace"));
    }
    cursor.skip_blanks();
    let prefix = tag_uri(cursor, "")?;
    if !cursor.is_gap(0) {
        return Err(error_at(
            cursor.line(),
            "did not find expected whitespace or line break",
        ));
    }
    Ok(TokenKind::TagDirective(Box::new(Tag {
        handle,
        suffix: prefix,
    })))
}

/// The name of an anchor or alias.
pub(super) fn anchor<'t>(cursor: &mut Cursor<'t>) -> Scanned<&'t str> {
    cursor.skip(1);
    let name = cursor.take_ascii(is_word);
    let ends = cursor.is_gap(0)
        || matches!(
            cursor.peek(0),
            b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
        );
    if name.is_empty() || !ends {
        let problem = "did not find expected alphabetic or numeric character";
        return Err(error_at(cursor.line(), problem));
    }
    Ok(name)
}

/// `!<uri>`, `!handle!suffix`, `!suffix` or `!`.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_tag.
pub(super) fn tag(cursor: &mut Cursor<'_>) -> Scanned<TokenKind<'static>> {
    let (mut handle, mut suffix);
    if cursor.peek(1) == b'<' {
        cursor.skip(2);
        handle = String::new();
        suffix = tag_uri(cursor, "")?;
        if cursor.peek(0) != b'>' {
            return Err(error_at(cursor.line(), "did not find the expected '>'"));
        }
        cursor.skip(1);
    } else {
        handle = tag_handle(cursor, false)?;
        if handle.len() > 1 && handle.ends_with('!') {
            suffix = tag_uri(cursor, "")?;
        } else {
            suffix = tag_uri(cursor, &handle)?;
            handle = "!".to_owned();
            if suffix.is_empty() {
                std::mem::swap(&mut handle, &mut suffix);
            }
        }
    }
    if !cursor.is_gap(0) {
        return Err(error_at(
            cursor.line(),
            "did not find expected whitespace or line break",
        ));
    }
    Ok(TokenKind::Tag(Box::new(Tag { handle, suffix })))
}

fn tag_handle(cursor: &mut Cursor<'_>, in_directive: bool) -> Scanned<String> {
    if cursor.peek(0) != b'!' {
        return Err(error_at(cursor.line(), "did not find expected '!'"));
    }
    cursor.skip(1);
    let mut handle = format!("!{}", cursor.take_ascii(is_word));
    if cursor.peek(0) == b'!' {
        cursor.skip(1);
        handle.push('!');
    } else if in_directive && handle != "!" {
        return Err(error_at(cursor.line(), "did not find expected '!'"));
    }
    Ok(handle)
}

/// A tag's URI, which continues what was read as a handle.
fn tag_uri(cursor: &mut Cursor<'_>, head: &str) -> Scanned<String> {
    let mut uri = head.get(1..).unwrap_or_default().to_owned();
    let start = cursor.at;
    loop {
        uri.push_str(cursor.take_ascii(is_uri));
        if cursor.peek(0) != b'%' {
            break;
        }
        uri.push(escaped_character(cursor)?);
    }
    if head.is_empty() && cursor.at == start {
        return Err(error_at(cursor.line(), "did not find expected tag URI"));
    }
    Ok(uri)
}

/// A character written as `%XX` for each of its bytes.
fn escaped_character(cursor: &mut Cursor<'_>) -> Scanned<char> {
    let mut bytes = Vec::new();
    let mut width = 1;
    while bytes.len() < width {
        let digits = [cursor.peek(1), cursor.peek(2)].map(|digit| char::from(digit).to_digit(16));
        let (b'%', [Some(high), Some(low)]) = (cursor.peek(0), digits) else {
            return Err(error_at(cursor.line(), "did not find URI escaped octet"));
        };
        let byte = (high << 4 | low) as u8;
        if bytes.is_empty() {
            width = match byte {
                0..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => {
                    return Err(error_at(
                        cursor.line(),
                        "found an incorrect leading UTF-8 octet",
                    ));
                }
            };
        } else if byte & 0xc0 != 0x80 {
            return Err(error_at(
                cursor.line(),
                "found an incorrect trailing UTF-8 octet",
            ));
        }
        bytes.push(byte);
        cursor.skip(3);
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_uri(byte: u8) -> bool {
    is_word(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte)
}
