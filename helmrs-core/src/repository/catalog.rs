//! What an index lists, as far as finding charts needs it.
//!
//! An `index.yaml` may hold tens of thousands of versions, each with everything its `Chart.yaml` says. A [`Catalog`]
//! keeps of each what searching, choosing, downloading and completing ask for. It is one table of numbers and one text
//! they point into, so that it can be written beside the index as it is ([`sidecar`]) and used again without being read
//! entry by entry.

mod builder;
#[cfg(test)]
mod law;
mod rows;
mod scan;
pub mod sidecar;

use super::selection::{self, Fit};
use super::skipped::Skipped;
use super::{IndexError, IndexFile};
use crate::finding::Finding;
use crate::time::Time;

use rows::{CHART, Kind, NUMBER, Rows, TEXT, URL, VERSION};

/// What an index lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    rows: Rows,
}

/// A chart of a catalog.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'c> {
    rows: &'c Rows,
    row: usize,
}

/// A version of a chart of a catalog.
#[derive(Debug, Clone, Copy)]
pub struct Version<'c> {
    rows: &'c Rows,
    row: usize,
}

impl Catalog {
    /// Reads an index, strictly as [`IndexFile::read`] does and with the same errors.
    // Whatever the scan is not certain of is left to the reading of everything.
    pub fn read(text: &[u8]) -> Result<Self, IndexError> {
        if text.is_empty() {
            return Err(IndexError::Empty);
        }
        match scan::scan(text) {
            Some(scanned) => scanned,
            None => Self::of_everything(text),
        }
    }

    /// Reads everything in an index and keeps what belongs in a catalog.
    fn of_everything(text: &[u8]) -> Result<Self, IndexError> {
        let (index, skipped) = IndexFile::read_all(text)?;
        builder::of_index(index, skipped)
    }

    /// What is worth telling about the index, which comes from `source`.
    pub fn findings(&self, source: &str) -> Vec<Finding> {
        let count = self.rows.count(Kind::Skipped);
        let skipped = (0..count).map(|row| self.skipped(row).finding(source));
        skipped.collect()
    }

    fn skipped(&self, row: usize) -> Skipped {
        let text = |field| self.rows.text(Kind::Skipped, row, field).to_owned();
        let is_null = self.rows.number(Kind::Skipped, row, 3 * TEXT) == 0;
        Skipped {
            name: text(0),
            problem: (!is_null).then(|| (text(TEXT), text(2 * TEXT))),
        }
    }

    /// The charts in the order of their names.
    pub fn charts(&self) -> impl ExactSizeIterator<Item = Chart<'_>> {
        let rows = &self.rows;
        (0..rows.count(Kind::Charts)).map(move |row| Chart { rows, row })
    }

    /// The chart of a name.
    pub fn chart(&self, name: &str) -> Option<Chart<'_>> {
        let (mut from, mut to) = (0, self.rows.count(Kind::Charts));
        while from < to {
            let row = usize::midpoint(from, to);
            let chart = Chart {
                rows: &self.rows,
                row,
            };
            match chart.name().cmp(name) {
                std::cmp::Ordering::Equal => return Some(chart),
                std::cmp::Ordering::Less => from = row + 1,
                std::cmp::Ordering::Greater => to = row,
            }
        }
        None
    }

    /// The version of a chart that fits best: the newest within the constraint, the newest release if that is empty.
    pub fn select(&self, name: &str, version: &str) -> Result<(Version<'_>, Fit), IndexError> {
        let chart = self.chart(name).ok_or(IndexError::NoChart)?;
        let texts = chart.versions().map(|version| version.version());
        let (place, fit) = selection::select(texts, name, version)?;
        let selected = chart.versions().nth(place).ok_or(IndexError::NoVersions)?;
        Ok((selected, fit))
    }
}

impl<'c> Chart<'c> {
    /// The name it is listed under.
    pub fn name(&self) -> &'c str {
        self.rows.text(Kind::Charts, self.row, CHART.name)
    }

    /// Its versions, newest first.
    pub fn versions(&self) -> impl ExactSizeIterator<Item = Version<'c>> + Clone + use<'c> {
        let rows = self.rows;
        let first = rows.number(Kind::Charts, self.row, CHART.first);
        let count = rows.number(Kind::Charts, self.row, CHART.first + NUMBER);
        (first..first + count).map(move |row| Version { rows, row })
    }
}

impl<'c> Version<'c> {
    fn text(&self, field: usize) -> &'c str {
        self.rows.text(Kind::Versions, self.row, field)
    }

    /// The name the chart gives itself.
    pub fn name(&self) -> &'c str {
        self.text(VERSION.name)
    }

    /// Which version it is.
    pub fn version(&self) -> &'c str {
        self.text(VERSION.version)
    }

    /// The version of what it installs.
    pub fn app_version(&self) -> &'c str {
        self.text(VERSION.app_version)
    }

    /// What it says of itself.
    pub fn description(&self) -> &'c str {
        self.text(VERSION.description)
    }

    /// Its keywords, with spaces between.
    pub fn keywords(&self) -> &'c str {
        self.text(VERSION.keywords)
    }

    /// The hash of its archive, as the index has it.
    pub fn digest(&self) -> &'c str {
        self.text(VERSION.digest)
    }

    /// When it was added.
    pub fn created(&self) -> Time {
        self.text(VERSION.created).parse().unwrap_or(Time::ZERO)
    }

    /// Whether nobody should use it any more.
    pub fn is_deprecated(&self) -> bool {
        self.flags() & rows::DEPRECATED != 0
    }

    /// Whether it counts for as much as the version listed before it.
    pub(super) fn is_tie(&self) -> bool {
        self.flags() & rows::TIE != 0
    }

    fn flags(&self) -> usize {
        self.rows.number(Kind::Versions, self.row, VERSION.flags)
    }

    /// Where to get it.
    pub fn urls(&self) -> impl ExactSizeIterator<Item = &'c str> + use<'c> {
        let rows = self.rows;
        let first = rows.number(Kind::Versions, self.row, VERSION.urls);
        let count = rows.number(Kind::Versions, self.row, VERSION.urls + NUMBER);
        (first..first + count).map(move |row| rows.text(Kind::Urls, row, URL))
    }
}
