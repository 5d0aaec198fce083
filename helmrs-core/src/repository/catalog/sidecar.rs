//! A catalog as a file beside its index, which says which index it belongs to.
//!
//! A header of numbers, then the catalog's tables, then its text. Nothing in such a file is believed: lengths are held
//! against limits, a checksum against the rest, and every number against what it points to. A file that is anything but
//! right is none, and whoever asked reads the index.

use flate2::Crc;

use super::Catalog;
use super::rows::Rows;

/// How the file begins; the last byte is the version of its layout.
const MAGIC: [u8; 8] = *b"helmrsC\x01";

/// How long the header is.
pub const HEADER: usize = 128;

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// How many bytes it has.
    pub size: u64,
    /// When it was written: seconds since 1970, and nanoseconds.
    pub modified: (i64, u32),
    /// When anything about it changed, where the system knows.
    pub changed: (i64, u32),
    /// Which file it is, where the system knows.
    pub inode: u64,
}

/// Which index a catalog was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The state the index had.
    pub state: State,
    /// The SHA-256 of the index.
    pub digest: [u8; 32],
}

/// What a file says of itself before the catalog comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Which index the catalog was made of.
    pub origin: Origin,
    counts: [usize; 4],
    /// How long the tables are.
    pub numbers: usize,
    /// How long the text is.
    pub texts: usize,
    checksum: u32,
}

/// The file of a catalog: its header, its tables and its text, to be written one after the other.
pub fn parts<'c>(catalog: &'c Catalog, origin: &Origin) -> ([u8; HEADER], &'c [u8], &'c str) {
    let Rows {
        counts,
        numbers,
        texts,
        ..
    } = &catalog.rows;
    let header = Header {
        origin: *origin,
        counts: *counts,
        numbers: numbers.len(),
        texts: texts.len(),
        checksum: checksum(numbers, texts),
    };
    (header.to_bytes(), numbers, texts)
}

impl Header {
    /// Reads a header; none if it is of another version, or if its catalog would be larger than the index accounts for.
    pub fn read(bytes: &[u8; HEADER]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.take()? != MAGIC {
            return None;
        }
        let mut number = || Some(u64::from_le_bytes(fields.take()?));
        let state = State {
            size: number()?,
            modified: (number()?.cast_signed(), u32::try_from(number()?).ok()?),
            changed: (number()?.cast_signed(), u32::try_from(number()?).ok()?),
            inode: number()?,
        };
        let mut length = || usize::try_from(number()?).ok();
        let texts = length()?;
        let mut counts = [0; 4];
        for count in &mut counts {
            *count = usize::try_from(u32::from_le_bytes(fields.take()?)).ok()?;
        }
        let checksum = u32::from_le_bytes(fields.take()?);
        let _reserved: [u8; 12] = fields.take()?;
        let digest = fields.take()?;
        let header = Self {
            origin: Origin { state, digest },
            counts,
            numbers: Rows::length(counts)?,
            texts,
            checksum,
        };
        header.is_plausible().then_some(header)
    }

    /// Whether an index of that size can have such a catalog.
    // An entry takes a dozen bytes at least, and its row a few times as much.
    pub fn is_plausible(&self) -> bool {
        let length = (self.numbers as u64).saturating_add(self.texts as u64);
        length
            <= self
                .origin
                .state
                .size
                .saturating_mul(8)
                .saturating_add(4096)
    }

    fn to_bytes(self) -> [u8; HEADER] {
        let State {
            size,
            modified,
            changed,
            inode,
        } = self.origin.state;
        let numbers = [
            size,
            modified.0.cast_unsigned(),
            modified.1.into(),
            changed.0.cast_unsigned(),
            changed.1.into(),
            inode,
            self.texts as u64,
        ];
        let mut bytes = MAGIC.to_vec();
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        for count in self.counts {
            bytes.extend((count as u32).to_le_bytes());
        }
        bytes.extend(self.checksum.to_le_bytes());
        bytes.extend([0; 12]);
        bytes.extend(self.origin.digest);
        let mut header = [0; HEADER];
        for (place, byte) in header.iter_mut().zip(bytes) {
            *place = byte;
        }
        header
    }

    /// The catalog of a file's tables and text; none if they are not what was written.
    pub fn catalog(&self, numbers: Vec<u8>, texts: String) -> Option<Catalog> {
        if checksum(&numbers, &texts) != self.checksum {
            return None;
        }
        let rows = Rows::checked(self.counts, numbers, texts)?;
        Some(Catalog { rows })
    }
}

fn checksum(numbers: &[u8], texts: &str) -> u32 {
    let mut checksum = Crc::new();
    checksum.update(numbers);
    checksum.update(texts.as_bytes());
    checksum.sum()
}

/// Reads fields of fixed lengths from the front.
struct Fields<'b>(&'b [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }
}
