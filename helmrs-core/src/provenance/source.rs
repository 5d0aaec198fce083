//! Bytes that packets are read from, a few at a time.
//!
//! How many bytes are asked for at once shows in the errors of a broken armor, so everything here reads as much as the
//! reference's library does, and no more.

use super::OpenPgpError;

/// The most that is set aside at once for data whose length is only claimed.
const STEP: usize = 64 * 1024;

/// Where bytes come from.
pub(super) trait Source {
    /// Fills the front of a buffer; zero bytes mean the end.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, OpenPgpError>;

    /// Fills the whole buffer, or fails.
    fn fill(&mut self, into: &mut [u8]) -> Result<(), OpenPgpError> {
        let mut filled = 0;
        while filled < into.len() {
            match self.read(&mut into[filled..])? {
                0 => return Err(OpenPgpError::Truncated),
                count => filled += count,
            }
        }
        Ok(())
    }

    /// The next bytes.
    fn array<const N: usize>(&mut self) -> Result<[u8; N], OpenPgpError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// So many bytes.
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, OpenPgpError> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            let start = bytes.len();
            bytes.resize(start + STEP.min(count - start), 0);
            self.fill(&mut bytes[start..])?;
        }
        Ok(bytes)
    }

    /// Everything that is left.
    fn rest(&mut self) -> Result<Vec<u8>, OpenPgpError> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 512];
        loop {
            match self.read(&mut buffer)? {
                0 => return Ok(bytes),
                count => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    }
}

impl<S: Source> Source for &mut S {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, OpenPgpError> {
        (**self).read(into)
    }
}

impl Source for &[u8] {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, OpenPgpError> {
        let count = into.len().min(self.len());
        let (read, rest) = self.split_at(count);
        into[..count].copy_from_slice(read);
        *self = rest;
        Ok(count)
    }
}

/// The contents of one packet.
pub(super) struct Body<'a, S> {
    source: &'a mut S,
    extent: Extent,
}

/// How far a packet goes.
pub(super) enum Extent {
    /// So many bytes.
    Fixed(u64),
    /// So many bytes, after which another length comes.
    Partial(u64),
    /// To the end of everything.
    Open,
}

impl<'a, S: Source> Body<'a, S> {
    pub(super) fn new(source: &'a mut S, extent: Extent) -> Self {
        Self { source, extent }
    }

    /// Passes over what was not read.
    // Parity: go-crypto, openpgp/packet/packet.go, Read: an error on the way ends it, and nobody hears of it.
    pub(super) fn skip(&mut self) {
        let mut buffer = [0; 1024];
        while matches!(self.read(&mut buffer), Ok(count) if count > 0) {}
    }
}

impl<S: Source> Source for Body<'_, S> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, OpenPgpError> {
        loop {
            let left = match self.extent {
                Extent::Open => return self.source.read(into),
                Extent::Fixed(0) => return Ok(0),
                Extent::Partial(0) => {
                    self.extent = length(self.source)?;
                    continue;
                }
                Extent::Fixed(left) | Extent::Partial(left) => left,
            };
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
            let count = self.source.read(&mut into[..most])?;
            if count == 0 && most > 0 {
                return Err(OpenPgpError::Truncated);
            }
            let left = left - count as u64;
            self.extent = match self.extent {
                Extent::Partial(_) => Extent::Partial(left),
                _ => Extent::Fixed(left),
            };
            return Ok(count);
        }
    }
}

/// Reads a length of the new format.
// Parity: go-crypto, openpgp/packet/packet.go, readLength.
pub(super) fn length<S: Source>(source: &mut S) -> Result<Extent, OpenPgpError> {
    let [first] = source.array()?;
    Ok(match first {
        0..192 => Extent::Fixed(first.into()),
        192..224 => {
            let [second] = source.array()?;
            Extent::Fixed((u64::from(first - 192) << 8) + u64::from(second) + 192)
        }
        224..255 => Extent::Partial(1 << (first & 0x1f)),
        255 => Extent::Fixed(u32::from_be_bytes(source.array()?).into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_in_pieces_is_read_as_one() {
        let mut source: &[u8] = &[0xe1, b'a', b'b', 0xe0, b'c', 2, b'd', b'e', b'!'];
        let extent = length(&mut source).unwrap();
        let mut body = Body::new(&mut source, extent);
        assert_eq!(body.rest().unwrap(), b"abcde");
        assert_eq!(source, b"!");
    }

    #[test]
    fn a_claimed_length_costs_nothing() {
        let mut source: &[u8] = &[0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        let extent = length(&mut source).unwrap();
        let mut body = Body::new(&mut source, extent);
        assert_eq!(body.bytes(0xffff_ffff), Err(OpenPgpError::Truncated));
    }
}
