//! DER: what keys and certificates are written in.

/// Tags that keys and certificates use.
pub(super) mod tag {
    pub(in super::super) const BOOLEAN: u8 = 0x01;
    pub(in super::super) const INTEGER: u8 = 0x02;
    pub(in super::super) const BIT_STRING: u8 = 0x03;
    pub(in super::super) const OCTET_STRING: u8 = 0x04;
    pub(in super::super) const NULL: u8 = 0x05;
    pub(in super::super) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in super::super) const UTF8_STRING: u8 = 0x0C;
    pub(in super::super) const NUMERIC_STRING: u8 = 0x12;
    pub(in super::super) const PRINTABLE_STRING: u8 = 0x13;
    pub(in super::super) const IA5_STRING: u8 = 0x16;
    pub(in super::super) const UTC_TIME: u8 = 0x17;
    pub(in super::super) const GENERALIZED_TIME: u8 = 0x18;
    pub(in super::super) const BMP_STRING: u8 = 0x1E;
    pub(in super::super) const SEQUENCE: u8 = 0x30;
    pub(in super::super) const SET: u8 = 0x31;

    /// A tag that only its place gives a meaning, around other elements.
    pub(in super::super) const fn constructed(number: u8) -> u8 {
        0xA0 | number
    }

    /// A tag that only its place gives a meaning, around bytes.
    pub(in super::super) const fn implicit(number: u8) -> u8 {
        0x80 | number
    }
}

/// One element: a tag, the length, the parts.
pub(super) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut output = vec![tag];
    if length < 0x80 {
        output.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        output.push(0x80 | (bytes.len() - zeros) as u8);
        output.extend_from_slice(&bytes[zeros..]);
    }
    for part in parts {
        output.extend_from_slice(part);
    }
    output
}

/// A sequence of elements.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tag::SEQUENCE, parts)
}

/// A number that is not negative, from big-endian bytes.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = &bytes[zeros..];
    // A first bit that is set would make it negative.
    let sign: &[u8] = if digits.first().is_none_or(|byte| *byte >= 0x80) {
        &[0]
    } else {
        &[]
    };
    element(tag::INTEGER, &[sign, digits])
}

/// Bytes as a string of bits.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], bytes])
}

/// Reads elements one after another, and nothing that is not DER.
///
/// Parity: Go, golang.org/x/crypto/cryptobyte, String.readASN1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next element.
    pub(super) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element whatever its tag: the tag, and how many bytes are its header and content.
    fn header(&self) -> Option<(u8, usize, usize)> {
        let (&tag, rest) = self.0.split_first()?;
        let (&length, rest) = rest.split_first()?;
        if tag & 0x1F == 0x1F {
            // Tags above 30 are not in any format read here.
            return None;
        }
        if length < 0x80 {
            return Some((tag, 2, usize::from(length)));
        }
        let count = usize::from(length & 0x7F);
        if count == 0 || count > 4 {
            return None;
        }
        let bytes = rest.get(..count)?;
        let length = bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let fewest = length >= 0x80 && length >> ((count - 1) * 8) != 0;
        fewest.then_some((tag, 2 + count, length))
    }

    /// The tag, the whole and the content of the next element.
    pub(super) fn any(&mut self) -> Option<(u8, &'a [u8], &'a [u8])> {
        let (tag, header, length) = self.header()?;
        let whole = self.0.get(..header.checked_add(length)?)?;
        self.0 = &self.0[whole.len()..];
        Some((tag, whole, &whole[header..]))
    }

    /// The next element with its header, if it has this tag.
    pub(super) fn whole(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut after = *self;
        let (found, whole, _) = after.any()?;
        (found == tag).then(|| {
            *self = after;
            whole
        })
    }

    /// The content of the next element, if it has this tag.
    pub(super) fn read(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut after = *self;
        let (found, _, content) = after.any()?;
        (found == tag).then(|| {
            *self = after;
            content
        })
    }

    /// The content of the next element if it has this tag, nothing if it has another.
    #[expect(clippy::option_option, reason = "not there, and there but broken")]
    pub(super) fn optional(&mut self, tag: u8) -> Option<Option<&'a [u8]>> {
        match self.peek() {
            Some(found) if found == tag => self.read(tag).map(Some),
            _ => Some(None),
        }
    }

    /// The bytes of a number, in as few as it can have.
    pub(super) fn integer(&mut self) -> Option<&'a [u8]> {
        self.read(tag::INTEGER).filter(|bytes| is_minimal(bytes))
    }

    /// An identifier, in dots.
    pub(super) fn identifier(&mut self) -> Option<String> {
        identifier(self.read(tag::OBJECT_IDENTIFIER)?)
    }

    /// The bytes of a string of bits, moved right so that the unused ones come first.
    pub(super) fn bits(&mut self) -> Option<Vec<u8>> {
        let (&unused, bytes) = self.read(tag::BIT_STRING)?.split_first()?;
        let last = bytes.last().copied().unwrap_or(0);
        if unused > 7 || bytes.is_empty() && unused > 0 || last & ((1 << unused) - 1) != 0 {
            return None;
        }
        let mut above = 0_u8;
        let moved = bytes.iter().map(|byte| {
            let moved = (u16::from(above) << 8 | u16::from(*byte)) >> unused;
            above = *byte;
            moved as u8
        });
        Some(moved.collect())
    }
}

/// Whether a number has no byte more than it needs.
pub(super) fn is_minimal(bytes: &[u8]) -> bool {
    match bytes {
        [] => false,
        [0, next, ..] => *next >= 0x80,
        [0xFF, next, ..] => *next < 0x80,
        _ => true,
    }
}

/// An identifier in dots; none where its bytes are not one.
pub(super) fn identifier(bytes: &[u8]) -> Option<String> {
    let mut arcs: Vec<u32> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte < 0x80)?;
        let (arc, after) = rest.split_at(end + 1);
        if arc[0] == 0x80 || arc.len() > 5 {
            return None;
        }
        let value = arc
            .iter()
            .fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7F));
        arcs.push(
            u32::try_from(value)
                .ok()
                .filter(|value| i32::try_from(*value).is_ok())?,
        );
        rest = after;
    }
    let (first, others) = arcs.split_first()?;
    let root = (first / 40).min(2);
    let mut dotted = format!("{root}.{}", first - root * 40);
    for arc in others {
        dotted.push('.');
        dotted.push_str(&arc.to_string());
    }
    Some(dotted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_fewest_bytes() {
        assert_eq!(element(4, &[&[7; 3]]), [4, 3, 7, 7, 7]);
        assert_eq!(element(4, &[&[0; 128]])[..3], [4, 0x81, 128]);
        assert_eq!(element(4, &[&[0; 200], &[0; 100]])[..4], [4, 0x82, 1, 44]);
    }

    #[test]
    fn numbers_are_never_negative() {
        assert_eq!(integer(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(integer(&[0]), [2, 1, 0]);
    }

    #[test]
    fn elements_are_read_back() {
        let written = sequence(&[&integer(&[1, 2]), &element(4, &[&[9; 300]])]);
        let mut reader = Reader(&written);
        let mut inner = Reader(reader.read(tag::SEQUENCE).expect("a sequence"));
        assert!(reader.is_empty());
        assert_eq!(inner.integer(), Some(&[1, 2][..]));
        assert_eq!(inner.read(tag::INTEGER), None);
        assert_eq!(inner.read(tag::OCTET_STRING), Some(&[9; 300][..]));
    }

    #[test]
    fn lengths_of_more_bytes_than_needed_are_refused() {
        assert_eq!(Reader(&[4, 0x81, 3, 1, 1, 1]).any(), None);
        assert_eq!(Reader(&[4, 0x80]).any(), None);
        assert_eq!(Reader(&[4, 3, 1]).any(), None);
    }

    #[test]
    fn identifiers_are_read_in_dots() {
        assert_eq!(
            identifier(&[0x2B, 0x65, 0x70]).as_deref(),
            Some("1.3.101.112")
        );
        assert_eq!(identifier(&[0x2A, 0x86, 0x48]).as_deref(), Some("1.2.840"));
        assert_eq!(identifier(&[0x2A, 0x80, 1]), None);
        assert_eq!(identifier(&[]), None);
    }
}
