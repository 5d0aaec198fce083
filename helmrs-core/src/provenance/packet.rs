//! The packets of keyrings and signatures, one after the other.
// Parity: ProtonMail/go-crypto, openpgp/packet/{packet,reader}.go.

use super::OpenPgpError;
use super::key::{PublicKey, SecretKey};
use super::signature::Signature;
use super::source::{Body, Extent, Source, length};

/// A packet that keyrings are made of.
pub(super) enum Packet {
    PublicKey(Box<PublicKey>),
    SecretKey(Box<SecretKey>),
    Signature(Box<Signature>),
    UserId(Vec<u8>),
    /// One that has nothing to do with keyrings. Nothing in it is read, so nothing in it is unpacked.
    Other,
}

/// Reads packets one after the other.
pub(super) struct Packets<S> {
    source: S,
    unread: Option<Packet>,
}

impl<S: Source> Packets<S> {
    pub(super) fn new(source: S) -> Self {
        Self {
            source,
            unread: None,
        }
    }

    /// The next packet that is understood; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Packet>, OpenPgpError> {
        if let Some(packet) = self.unread.take() {
            return Ok(Some(packet));
        }
        loop {
            let Some((tag, extent)) = self.header()? else {
                return Ok(None);
            };
            let mut body = Body::new(&mut self.source, extent);
            match read(tag, &mut body) {
                // Parity: what was read and has more behind it leaves that to be the next packet.
                Ok(Some(packet)) => return Ok(Some(packet)),
                Ok(None) | Err(OpenPgpError::Unsupported(_)) => body.skip(),
                Err(error) => {
                    body.skip();
                    return Err(error);
                }
            }
        }
    }

    /// Makes a packet the next one again.
    pub(super) fn unread(&mut self, packet: Packet) {
        self.unread = Some(packet);
    }

    fn header(&mut self) -> Result<Option<(u8, Extent)>, OpenPgpError> {
        let mut first = [0];
        if self.source.read(&mut first)? == 0 {
            return Ok(None);
        }
        let [first] = first;
        if first & 0x80 == 0 {
            return Err(OpenPgpError::structure("tag byte does not have MSB set"));
        }
        if first & 0x40 != 0 {
            return Ok(Some((first & 0x3f, length(&mut self.source)?)));
        }
        let extent = match first & 3 {
            0 => Extent::Fixed(self.source.array::<1>()?[0].into()),
            1 => Extent::Fixed(u16::from_be_bytes(self.source.array()?).into()),
            2 => Extent::Fixed(u32::from_be_bytes(self.source.array()?).into()),
            _ => Extent::Open,
        };
        Ok(Some(((first & 0x3f) >> 2, extent)))
    }
}

/// Reads the contents of a packet; none if it is to be passed over.
fn read<S: Source>(tag: u8, body: &mut Body<S>) -> Result<Option<Packet>, OpenPgpError> {
    Ok(Some(match tag {
        2 => Packet::Signature(Box::new(Signature::read(body)?)),
        5 | 7 => Packet::SecretKey(Box::new(SecretKey::read(body, tag == 7)?)),
        6 | 14 => Packet::PublicKey(Box::new(PublicKey::read(body, tag == 14)?)),
        13 => Packet::UserId(body.rest()?),
        8 => {
            compressed(body)?;
            Packet::Other
        }
        1 | 3 | 4 | 9 | 11 | 17 | 18 | 20 | 21 => {
            body.skip();
            Packet::Other
        }
        // A marker, what somebody else trusts, and what may be passed over.
        10 | 12 | 40.. => return Ok(None),
        _ => return Err(OpenPgpError::CriticalPacket(tag)),
    }))
}

/// Looks at the head of compressed data, which has no place in a keyring and is never unpacked.
// Parity: ProtonMail/go-crypto, openpgp/packet/compressed.go: what was not looked at is taken for the next packet.
fn compressed<S: Source>(body: &mut Body<S>) -> Result<(), OpenPgpError> {
    match body.array()? {
        [0 | 1 | 3] => Ok(()),
        [2] => {
            // The size of Go's buffer.
            let mut buffer = [0; 4096];
            match (body.read(&mut buffer)?, buffer) {
                (2.., [first, second, ..])
                    if first & 0x0f == 8
                        && first >> 4 <= 7
                        && u16::from_be_bytes([first, second]).is_multiple_of(31) =>
                {
                    Ok(())
                }
                (2.., _) => Err(OpenPgpError::Compressed),
                _ => Err(OpenPgpError::Truncated),
            }
        }
        [method] => Err(OpenPgpError::structure(format!(
            "unknown compression algorithm: {method}"
        ))),
    }
}
