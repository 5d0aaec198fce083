//! Keys read as Go's `encoding/asn1` reads a structure, with its errors.
//!
//! Parity: Go, encoding/asn1, asn1.go, parseField.

use num_bigint::{BigInt, Sign};

use super::der;

/// Why the bytes are not the structure that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Asn1Error {
    #[error("asn1: structure error: {0}")]
    Structure(String),
    #[error("asn1: syntax error: {0}")]
    Syntax(&'static str),
}

fn structure(message: &str) -> Asn1Error {
    Asn1Error::Structure(message.to_string())
}

/// What stands before the content of an element.
struct Header {
    class: u8,
    tag: u32,
    length: usize,
    compound: bool,
}

/// What a field has to be: its tag, whether it holds others, and the name of its Go type.
#[derive(Clone, Copy)]
struct Kind(u32, bool, &'static str);

const INT: Kind = Kind(2, false, "int");
const NUMBER: Kind = Kind(2, false, "");
const BITS: Kind = Kind(3, false, "BitString");
const OCTETS: Kind = Kind(4, false, "");
const IDENTIFIER: Kind = Kind(6, false, "ObjectIdentifier");

/// The fields of a structure, one after another.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Fields<'a> {
    /// The fields of the structure at the start of `bytes`, and what follows it.
    pub(super) fn of(bytes: &'a [u8], name: &'static str) -> Result<(Self, &'a [u8]), Asn1Error> {
        let mut around = Self { bytes, offset: 0 };
        let fields = around.nested(name)?;
        Ok((fields, around.rest()))
    }

    /// The octets at the start of `bytes`.
    pub(super) fn octets_of(bytes: &'a [u8]) -> Result<&'a [u8], Asn1Error> {
        Self { bytes, offset: 0 }.octets()
    }

    /// The identifier at the start of `bytes`.
    pub(super) fn identifier_of(bytes: &'a [u8]) -> Result<String, Asn1Error> {
        Self { bytes, offset: 0 }.identifier()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.offset..]
    }

    /// A structure within this one.
    pub(super) fn nested(&mut self, name: &'static str) -> Result<Self, Asn1Error> {
        let bytes = self.field(Kind(16, true, name))?;
        Ok(Self { bytes, offset: 0 })
    }

    /// A number that fits 64 bits.
    pub(super) fn int(&mut self) -> Result<i64, Asn1Error> {
        let bytes = integer(self.field(INT)?)?;
        if bytes.len() > 8 {
            return Err(structure("integer too large"));
        }
        let sign = if bytes[0] >= 0x80 { -1 } else { 0 };
        Ok(bytes
            .iter()
            .fold(sign, |value, byte| value << 8 | i64::from(*byte)))
    }

    pub(super) fn number(&mut self) -> Result<BigInt, Asn1Error> {
        let bytes = self.field(NUMBER)?;
        integer(bytes).map(BigInt::from_signed_bytes_be)
    }

    /// A number, or none where the structure ends or something else follows.
    pub(super) fn optional_number(&mut self) -> Result<Option<BigInt>, Asn1Error> {
        let before = self.offset;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let header = self.header()?;
        self.offset = before;
        if header.class != 0 || header.tag != 2 || header.compound {
            return Ok(None);
        }
        self.number().map(Some)
    }

    pub(super) fn octets(&mut self) -> Result<&'a [u8], Asn1Error> {
        self.field(OCTETS)
    }

    /// A string of bits, only checked.
    pub(super) fn bits(&mut self) -> Result<(), Asn1Error> {
        let bytes = self.field(BITS)?;
        let Some((unused, bytes)) = bytes.split_first() else {
            return Err(Asn1Error::Syntax("zero length BIT STRING"));
        };
        let last = bytes.last().copied().unwrap_or(0);
        if *unused > 7 || bytes.is_empty() && *unused > 0 || last & ((1 << unused) - 1) != 0 {
            return Err(Asn1Error::Syntax("invalid padding bits in BIT STRING"));
        }
        Ok(())
    }

    pub(super) fn identifier(&mut self) -> Result<String, Asn1Error> {
        let bytes = self.field(IDENTIFIER)?;
        if bytes.is_empty() {
            return Err(Asn1Error::Syntax("zero length OBJECT IDENTIFIER"));
        }
        der::identifier(bytes).ok_or(Asn1Error::Syntax("truncated base 128 integer"))
    }

    /// An element of any kind with its header, or nothing where the structure ends.
    pub(super) fn optional_raw(&mut self) -> Result<&'a [u8], Asn1Error> {
        let start = self.offset;
        if self.rest().is_empty() {
            return Ok(&[]);
        }
        let header = self.header()?;
        self.content(&header)?;
        Ok(&self.bytes[start..self.offset])
    }

    /// What is wrapped in the tag that only its place gives a meaning, where that follows.
    pub(super) fn optional_explicit(&mut self, tag: u32) -> Result<Option<Self>, Asn1Error> {
        let before = self.offset;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let header = self.header()?;
        if header.class != 2 || header.tag != tag || !header.compound {
            self.offset = before;
            return Ok(None);
        }
        let bytes = self.content(&header)?;
        Ok(Some(Self { bytes, offset: 0 }))
    }

    fn field(&mut self, Kind(tag, compound, name): Kind) -> Result<&'a [u8], Asn1Error> {
        if self.rest().is_empty() {
            return Err(Asn1Error::Syntax("sequence truncated"));
        }
        let header = self.header()?;
        if header.class != 0 || header.tag != tag || header.compound != compound {
            let Header {
                class,
                tag: found,
                length,
                compound,
            } = header;
            return Err(Asn1Error::Structure(format!(
                "tags don't match ({tag} vs {{class:{class} tag:{found} length:{length} \
                 isCompound:{compound}}}) {{optional:false explicit:false application:false \
                 private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false \
                 omitEmpty:false}} {name} @{}",
                self.offset
            )));
        }
        self.content(&header)
    }

    fn content(&mut self, header: &Header) -> Result<&'a [u8], Asn1Error> {
        let content = self.rest().get(..header.length);
        let content = content.ok_or(Asn1Error::Syntax("data truncated"))?;
        self.offset += header.length;
        Ok(content)
    }

    fn byte(&mut self) -> Result<u8, Asn1Error> {
        let byte = self.bytes.get(self.offset).copied();
        self.offset += 1;
        byte.ok_or(Asn1Error::Syntax("truncated tag or length"))
    }

    fn header(&mut self) -> Result<Header, Asn1Error> {
        let first = self.byte()?;
        let mut tag = u32::from(first & 0x1F);
        if tag == 0x1F {
            tag = self.long_tag()?;
        }
        let length = self.byte()?;
        let mut header = Header {
            class: first >> 6,
            tag,
            length: usize::from(length),
            compound: first & 0x20 != 0,
        };
        if length < 0x80 {
            return Ok(header);
        }
        if length == 0x80 {
            return Err(Asn1Error::Syntax("indefinite length found (not DER)"));
        }
        header.length = 0;
        for _ in 0..length & 0x7F {
            let byte = self.byte()?;
            if header.length >= 1 << 23 {
                return Err(structure("length too large"));
            }
            header.length = header.length << 8 | usize::from(byte);
            if header.length == 0 {
                return Err(structure("superfluous leading zeros in length"));
            }
        }
        if header.length < 0x80 {
            return Err(structure("non-minimal length"));
        }
        Ok(header)
    }

    /// A tag of 31 or more, seven bits a byte.
    fn long_tag(&mut self) -> Result<u32, Asn1Error> {
        let mut tag = 0_u64;
        for count in 0.. {
            let Some(byte) = self.bytes.get(self.offset).copied() else {
                return Err(Asn1Error::Syntax("truncated base 128 integer"));
            };
            if count == 5 {
                return Err(structure("base 128 integer too large"));
            }
            self.offset += 1;
            if count == 0 && byte == 0x80 {
                return Err(Asn1Error::Syntax("integer is not minimally encoded"));
            }
            tag = tag << 7 | u64::from(byte & 0x7F);
            if byte < 0x80 {
                break;
            }
        }
        if tag > i32::MAX as u64 {
            return Err(structure("base 128 integer too large"));
        }
        if tag < 0x1F {
            return Err(Asn1Error::Syntax("non-minimal tag"));
        }
        Ok(tag as u32)
    }
}

fn integer(bytes: &[u8]) -> Result<&[u8], Asn1Error> {
    if bytes.is_empty() {
        return Err(structure("empty integer"));
    }
    if !der::is_minimal(bytes) {
        return Err(structure("integer not minimally-encoded"));
    }
    Ok(bytes)
}

/// The bytes of a number that is positive.
pub(super) fn positive(number: BigInt) -> Option<num_bigint::BigUint> {
    let (sign, magnitude) = number.into_parts();
    (sign == Sign::Plus).then_some(magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_turn() {
        let (mut fields, rest) = Fields::of(&[0x30, 5, 2, 1, 0xFF, 4, 0, 9], "pair").expect("one");
        assert_eq!(rest, [9]);
        assert_eq!(fields.int(), Ok(-1));
        assert_eq!(fields.octets(), Ok(&[][..]));
        assert_eq!(fields.int(), Err(Asn1Error::Syntax("sequence truncated")));
    }

    #[test]
    fn another_tag_is_told_in_go_s_words() {
        let error = Fields::of(&[0x31, 0], "pair").expect_err("a set");
        assert_eq!(
            error.to_string(),
            "asn1: structure error: tags don't match (16 vs {class:0 tag:17 length:0 \
             isCompound:true}) {optional:false explicit:false application:false private:false \
             defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} \
             pair @2"
        );
    }

    #[test]
    fn broken_headers_say_how() {
        let fails = |bytes: &[u8]| Fields::of(bytes, "x").expect_err("broken").to_string();
        assert_eq!(
            fails(&[0x30]),
            "asn1: syntax error: truncated tag or length"
        );
        assert_eq!(fails(&[0x30, 1]), "asn1: syntax error: data truncated");
        assert_eq!(
            fails(&[0x30, 0x81, 5]),
            "asn1: structure error: non-minimal length"
        );
        let zeros = "asn1: structure error: superfluous leading zeros in length";
        assert_eq!(fails(&[0x30, 0x82, 0, 5]), zeros);
        let indefinite = "asn1: syntax error: indefinite length found (not DER)";
        assert_eq!(fails(&[0x30, 0x80]), indefinite);
    }
}
