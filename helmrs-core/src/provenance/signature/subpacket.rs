//! What a signature says of itself, piece by piece.
// Parity: ProtonMail/go-crypto, openpgp/packet/signature.go, parseSignatureSubpacket.

use super::{OpenPgpError, PRIMARY_KEY_BINDING, Signature};

pub(in crate::provenance) const CREATED: u8 = 2;
const LIFETIME: u8 = 3;
const EXPORTABLE: u8 = 4;
const TRUST: u8 = 5;
const REGULAR_EXPRESSION: u8 = 6;
const KEY_LIFETIME: u8 = 9;
pub(in crate::provenance) const ISSUER: u8 = 16;
pub(in crate::provenance) const NOTATION: u8 = 20;
const PRIMARY_USER_ID: u8 = 25;
const KEY_FLAGS: u8 = 27;
const REVOCATION_REASON: u8 = 29;
const EMBEDDED: u8 = 32;
pub(in crate::provenance) const ISSUER_FINGERPRINT: u8 = 33;
const RECIPIENT: u8 = 35;
const CIPHER_SUITES: u8 = 39;
/// Preferences, addresses, names: of no importance here, but no reason to refuse a signature that insists on them.
const KNOWN: [u8; 9] = [11, 21, 22, 23, 24, 26, 28, 30, CIPHER_SUITES];

impl Signature {
    /// Reads all subpackets of one of the two areas; only what is hashed is believed, with three exceptions.
    pub(super) fn read_subpackets(
        &mut self,
        mut area: &[u8],
        is_hashed: bool,
        depth: usize,
    ) -> Result<(), OpenPgpError> {
        while !area.is_empty() {
            let (subpacket, rest) = split(area)?;
            area = rest;
            let Some((&kind, data)) = subpacket.split_first() else {
                return Err(malformed("zero length signature subpacket"));
            };
            let (kind, is_critical) = (kind & 0x7f, kind & 0x80 != 0);
            if is_hashed || matches!(kind, ISSUER | ISSUER_FINGERPRINT | EMBEDDED) {
                self.read_subpacket(kind, data, is_hashed, is_critical, depth)?;
            }
        }
        if self.created.is_none() {
            return Err(malformed("no creation time in signature"));
        }
        Ok(())
    }

    fn read_subpacket(
        &mut self,
        kind: u8,
        data: &[u8],
        is_hashed: bool,
        is_critical: bool,
        depth: usize,
    ) -> Result<(), OpenPgpError> {
        match kind {
            CREATED => {
                self.created = Some(seconds(data, "signature creation time not four bytes")?);
            }
            LIFETIME => self.lifetime = seconds(data, "expiration subpacket with bad length")?,
            KEY_LIFETIME => {
                self.key_lifetime = seconds(data, "key expiration subpacket with bad length")?;
            }
            ISSUER => self.read_issuer(data, is_hashed)?,
            ISSUER_FINGERPRINT => self.read_issuer_fingerprint(data)?,
            NOTATION => self.read_notation(data, is_critical)?,
            PRIMARY_USER_ID => match data {
                [flag] => self.primary_user_id = *flag > 0,
                _ => return Err(malformed("primary user id subpacket with bad length")),
            },
            KEY_FLAGS => {
                let flags = data.first().copied().unwrap_or_default();
                self.flags = Some(self.flags.unwrap_or_default() | flags);
            }
            REVOCATION_REASON => match data.first() {
                Some(reason) => self.revocation_reason = Some(*reason),
                None => return Err(malformed("empty revocation reason subpacket")),
            },
            EMBEDDED => self.read_embedded(data, depth)?,
            _ => check(kind, data, is_critical)?,
        }
        Ok(())
    }

    fn read_issuer(&mut self, data: &[u8], is_hashed: bool) -> Result<(), OpenPgpError> {
        if self.version > 4 && is_hashed {
            return Err(malformed("issuer subpacket found in v6 key"));
        }
        let Ok(id) = data.try_into() else {
            return Err(malformed("issuer subpacket with bad length"));
        };
        if self.version <= 4 {
            self.issuer = Some(u64::from_be_bytes(id));
        }
        Ok(())
    }

    fn read_issuer_fingerprint(&mut self, data: &[u8]) -> Result<(), OpenPgpError> {
        let Some((&version, fingerprint)) = data.split_first() else {
            return Err(malformed("empty issuer fingerprint subpacket"));
        };
        let id = match (version, fingerprint.len()) {
            (5.., 32) => fingerprint.first_chunk(),
            (0..5, 20) => fingerprint.last_chunk(),
            _ => None,
        };
        let id = id.ok_or_else(|| malformed("bad fingerprint length"))?;
        self.issuer = Some(u64::from_be_bytes(*id));
        self.issuer_fingerprint = fingerprint.to_vec();
        Ok(())
    }

    fn read_notation(&mut self, data: &[u8], is_critical: bool) -> Result<(), OpenPgpError> {
        let bad = || malformed("notation data subpacket with bad length");
        let (head, rest) = data.split_first_chunk::<8>().ok_or_else(bad)?;
        let [_, _, _, _, a, b, c, d] = *head;
        let name = usize::from(u16::from_be_bytes([a, b]));
        if rest.len() != name + usize::from(u16::from_be_bytes([c, d])) {
            return Err(bad());
        }
        if is_critical {
            self.critical_notations.push(rest[..name].to_vec());
        }
        Ok(())
    }

    fn read_embedded(&mut self, data: &[u8], depth: usize) -> Result<(), OpenPgpError> {
        if self.embedded.is_some() {
            return Err(malformed("Cannot have multiple embedded signatures"));
        }
        let embedded = Self::read_at(&mut &*data, depth + 1)?;
        if embedded.kind != PRIMARY_KEY_BINDING {
            return Err(malformed(format!(
                "cross-signature has unexpected type {}",
                embedded.kind
            )));
        }
        self.embedded = Some(Box::new(embedded));
        Ok(())
    }
}

/// Checks what is of no further importance.
fn check(kind: u8, data: &[u8], is_critical: bool) -> Result<(), OpenPgpError> {
    match kind {
        EXPORTABLE if data.first().is_none_or(|exportable| *exportable == 0) => Err(
            OpenPgpError::unsupported("signature with non-exportable certification"),
        ),
        TRUST if data.len() != 2 => Err(malformed("trust subpacket with bad length")),
        REGULAR_EXPRESSION if data.is_empty() => Err(malformed("regexp subpacket with bad length")),
        REGULAR_EXPRESSION if !data.ends_with(b"\0") => Err(malformed(
            "expected regular expression to be null-terminated",
        )),
        RECIPIENT => match data.split_first() {
            None => Err(malformed("invalid intended recipient fingerpring length")),
            Some((5.., rest)) if rest.len() == 32 => Ok(()),
            Some((0..5, rest)) if rest.len() == 20 => Ok(()),
            Some(_) => Err(malformed("invalid fingerprint length")),
        },
        CIPHER_SUITES if !data.len().is_multiple_of(2) => {
            Err(malformed("invalid aead cipher suite length"))
        }
        EXPORTABLE | TRUST | REGULAR_EXPRESSION => Ok(()),
        _ if is_critical && !KNOWN.contains(&kind) => Err(OpenPgpError::unsupported(format!(
            "unknown critical signature subpacket type {kind}"
        ))),
        _ => Ok(()),
    }
}

/// Splits the first subpacket off an area.
fn split(area: &[u8]) -> Result<(&[u8], &[u8]), OpenPgpError> {
    let (length, rest) = match *area {
        [first @ 0..192, ref rest @ ..] => (usize::from(first), rest),
        [first @ 192..=254, second, ref rest @ ..] => {
            let length = (usize::from(first - 192) << 8) + usize::from(second) + 192;
            (length, rest)
        }
        [255, a, b, c, d, ref rest @ ..] => (u32::from_be_bytes([a, b, c, d]) as usize, rest),
        _ => return Err(malformed("signature subpacket truncated")),
    };
    rest.split_at_checked(length)
        .ok_or_else(|| malformed("signature subpacket truncated"))
}

fn seconds(data: &[u8], problem: &str) -> Result<u32, OpenPgpError> {
    let bytes = data.try_into().map_err(|_| malformed(problem))?;
    Ok(u32::from_be_bytes(bytes))
}

fn malformed(text: impl Into<String>) -> OpenPgpError {
    OpenPgpError::structure(text)
}
