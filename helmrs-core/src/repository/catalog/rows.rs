//! The tables of a catalog: rows of numbers, and the text they point into.

use std::ops::Range;

/// How many bytes a number takes.
pub(super) const NUMBER: usize = 4;
/// How many bytes a text takes in a row: where it begins, and how long it is.
pub(super) const TEXT: usize = 2 * NUMBER;

/// The fields of a chart's row: its name, its first version, how many it has.
pub(super) struct ChartRow {
    pub(super) name: usize,
    pub(super) first: usize,
}

pub(super) const CHART: ChartRow = ChartRow {
    name: 0,
    first: TEXT,
};

/// The fields of a version's row; of its URLs there is the first, and how many there are.
pub(super) struct VersionRow {
    pub(super) name: usize,
    pub(super) version: usize,
    pub(super) app_version: usize,
    pub(super) description: usize,
    pub(super) keywords: usize,
    pub(super) digest: usize,
    pub(super) created: usize,
    pub(super) urls: usize,
    pub(super) flags: usize,
}

pub(super) const VERSION: VersionRow = VersionRow {
    name: 0,
    version: TEXT,
    app_version: 2 * TEXT,
    description: 3 * TEXT,
    keywords: 4 * TEXT,
    digest: 5 * TEXT,
    created: 6 * TEXT,
    urls: 7 * TEXT,
    flags: 8 * TEXT,
};

/// The only field of a URL's row.
pub(super) const URL: usize = 0;

/// Flags of a version: nobody should use it any more.
pub(super) const DEPRECATED: usize = 1;
/// It counts for as much as the one before it.
pub(super) const TIE: usize = 2;

/// The tables in the order they lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Charts,
    Versions,
    Urls,
    Skipped,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Charts, Self::Versions, Self::Urls, Self::Skipped];

    /// How many texts stand at the start of a row, and how many numbers behind them.
    const fn shape(self) -> (usize, usize) {
        match self {
            Self::Charts => (1, 2),
            Self::Versions => (7, 3),
            Self::Urls => (1, 0),
            Self::Skipped => (3, 1),
        }
    }

    const fn width(self) -> usize {
        let (texts, numbers) = self.shape();
        texts * TEXT + numbers * NUMBER
    }

    /// Which field says where rows of another table begin; how many there are stands behind it.
    const fn points_to(self) -> Option<(usize, Self)> {
        match self {
            Self::Charts => Some((CHART.first, Self::Versions)),
            Self::Versions => Some((VERSION.urls, Self::Urls)),
            Self::Urls | Self::Skipped => None,
        }
    }
}

/// All tables and the text they point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    /// How many rows each table has.
    pub(super) counts: [usize; 4],
    /// Where each table begins.
    starts: [usize; 4],
    pub(super) numbers: Vec<u8>,
    pub(super) texts: String,
}

impl Rows {
    /// Tables of so many rows each, one behind the other.
    pub(super) fn new(counts: [usize; 4], numbers: Vec<u8>, texts: String) -> Self {
        let mut starts = [0; 4];
        for (place, kind) in Kind::ALL.iter().enumerate().take(3) {
            starts[place + 1] = starts[place] + kind.width() * counts[place];
        }
        Self {
            counts,
            starts,
            numbers,
            texts,
        }
    }

    /// How long the tables of so many rows are.
    pub(super) fn length(counts: [usize; 4]) -> Option<usize> {
        Kind::ALL
            .iter()
            .zip(counts)
            .try_fold(0_usize, |length, (kind, count)| {
                length.checked_add(kind.width().checked_mul(count)?)
            })
    }

    /// Tables from elsewhere; none unless every number in them points to something.
    pub(super) fn checked(counts: [usize; 4], numbers: Vec<u8>, texts: String) -> Option<Self> {
        if Self::length(counts) != Some(numbers.len()) {
            return None;
        }
        let rows = Self::new(counts, numbers, texts);
        let is_whole = Kind::ALL.iter().all(|&kind| rows.points_right(kind)) && rows.are_sorted();
        is_whole.then_some(rows)
    }

    fn points_right(&self, kind: Kind) -> bool {
        let (texts, _) = kind.shape();
        let is_range = |from: usize, length: usize, end: usize| {
            from.checked_add(length).is_some_and(|to| to <= end)
        };
        (0..self.count(kind)).all(|row| {
            (0..texts).all(|field| {
                self.texts
                    .get(self.place(kind, row, field * TEXT))
                    .is_some()
            }) && kind.points_to().is_none_or(|(field, other)| {
                let from = self.number(kind, row, field);
                let length = self.number(kind, row, field + NUMBER);
                is_range(from, length, self.count(other))
            })
        })
    }

    /// Whether charts can be found by their names.
    fn are_sorted(&self) -> bool {
        let name = |row| self.text(Kind::Charts, row, CHART.name);
        (1..self.count(Kind::Charts)).all(|row| name(row - 1) < name(row))
    }

    pub(super) fn count(&self, kind: Kind) -> usize {
        self.counts[kind as usize]
    }

    /// Where a field lies.
    fn at(&self, kind: Kind, row: usize, field: usize) -> usize {
        self.starts[kind as usize] + kind.width() * row + field
    }

    pub(super) fn number(&self, kind: Kind, row: usize, field: usize) -> usize {
        let at = self.at(kind, row, field);
        let bytes = self.numbers.get(at..at + NUMBER);
        bytes
            .and_then(|bytes| <[u8; NUMBER]>::try_from(bytes).ok())
            .map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
    }

    /// Where a text lies.
    fn place(&self, kind: Kind, row: usize, field: usize) -> Range<usize> {
        let start = self.number(kind, row, field);
        start..start.saturating_add(self.number(kind, row, field + NUMBER))
    }

    pub(super) fn text(&self, kind: Kind, row: usize, field: usize) -> &str {
        let place = self.place(kind, row, field);
        self.texts.get(place).unwrap_or_default()
    }
}
