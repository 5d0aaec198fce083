//! Making a catalog.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::mem;

use super::Catalog;
use super::rows::{DEPRECATED, Rows, TIE};
use crate::repository::skipped::Skipped;
use crate::repository::{ChartVersion, IndexError, IndexFile};
use crate::version::Version;

/// A text that was put down: where it begins, and how long it is.
type Place = (u32, u32);

/// Puts down what an index lists, chart by chart.
#[derive(Default)]
pub(super) struct Builder {
    charts: BTreeMap<String, Chart>,
    urls: Vec<Place>,
    texts: String,
    /// Whether there is more than numbers can count.
    is_full: bool,
}

#[derive(Default)]
struct Chart {
    versions: Vec<Listed>,
    /// In the order of the index.
    skipped: Vec<Skipped>,
}

struct Listed {
    parsed: Option<Version>,
    /// Name, version, version of the application, description, keywords, digest, time.
    texts: [Place; TEXTS],
    first_url: usize,
    urls: usize,
    is_deprecated: bool,
}

const TEXTS: usize = 7;

/// The catalog of an index that was read as a whole.
pub(super) fn of_index(index: IndexFile, skipped: Vec<Skipped>) -> Result<Catalog, IndexError> {
    let mut builder = Builder::default();
    for (name, versions) in index.entries {
        builder.add_chart(&name);
        for version in versions {
            builder.add(&name, Ok(version));
        }
    }
    // They come in the order they are told in.
    for skipped in skipped.into_iter().rev() {
        builder.add(&skipped.name.clone(), Err(skipped));
    }
    builder.finish()
}

impl Builder {
    /// Adds a chart, which may have no versions.
    pub(super) fn add_chart(&mut self, name: &str) {
        if !self.charts.contains_key(name) {
            self.charts.insert(name.to_owned(), Chart::default());
        }
    }

    /// Adds an entry of a chart, as far as it counts.
    pub(super) fn add(&mut self, name: &str, entry: Result<ChartVersion, Skipped>) {
        self.add_chart(name);
        let Some(chart) = self.charts.get_mut(name) else {
            return;
        };
        match entry {
            Err(skipped) => chart.skipped.push(skipped),
            Ok(version) => {
                let mut versions = mem::take(&mut chart.versions);
                let listed = self.list(&version, versions.last());
                versions.push(listed);
                if let Some(chart) = self.charts.get_mut(name) {
                    chart.versions = versions;
                }
            }
        }
    }

    /// Puts down a version; what it has in common with the one before it is there already.
    fn list(&mut self, chart: &ChartVersion, before: Option<&Listed>) -> Listed {
        let metadata = &chart.metadata;
        let (keywords, created) = (metadata.keywords.join(" "), chart.created.to_string());
        let fields: [&str; TEXTS] = [
            &metadata.name,
            &metadata.version,
            &metadata.app_version,
            &metadata.description,
            &keywords,
            &chart.digest,
            &created,
        ];
        let mut texts = [(0, 0); TEXTS];
        for (field, text) in fields.iter().enumerate() {
            let known = before.map(|before| before.texts[field]);
            texts[field] = match known.filter(|&place| self.text(place) == *text) {
                Some(place) => place,
                None => self.put(text),
            };
        }
        let first_url = self.urls.len();
        for url in &chart.urls {
            let place = self.put(url);
            self.urls.push(place);
        }
        Listed {
            parsed: Version::parse(&metadata.version).ok(),
            texts,
            first_url,
            urls: chart.urls.len(),
            is_deprecated: metadata.deprecated,
        }
    }

    fn text(&self, (start, length): Place) -> &str {
        let start = start as usize;
        let text = self.texts.get(start..start + length as usize);
        text.unwrap_or_default()
    }

    fn put(&mut self, text: &str) -> Place {
        let start = self.texts.len();
        let place = (self.narrow(start), self.narrow(text.len()));
        if u32::try_from(start + text.len()).is_ok() {
            self.texts.push_str(text);
        } else {
            self.is_full = true;
        }
        place
    }

    fn narrow(&mut self, number: usize) -> u32 {
        u32::try_from(number).unwrap_or_else(|_| {
            self.is_full = true;
            0
        })
    }

    /// The catalog of all that was added.
    pub(super) fn finish(mut self) -> Result<Catalog, IndexError> {
        let mut numbers: [Vec<u32>; 4] = Default::default();
        let mut counts = [0; 4];
        for (name, mut chart) in mem::take(&mut self.charts) {
            chart
                .versions
                .sort_by(|one, other| Reverse(&one.parsed).cmp(&Reverse(&other.parsed)));
            let (start, length) = self.put(&name);
            let (first, count) = (self.narrow(counts[1]), self.narrow(chart.versions.len()));
            numbers[0].extend([start, length, first, count]);
            counts[0] += 1;
            counts[1] += chart.versions.len();
            let mut before: Option<&Listed> = None;
            for version in &chart.versions {
                let is_tie = before.is_some_and(|before| before.parsed == version.parsed);
                self.version_row(version, is_tie, &mut numbers[1]);
                before = Some(version);
            }
            counts[3] += chart.skipped.len();
            for skipped in chart.skipped.iter().rev() {
                self.skipped_row(skipped, &mut numbers[3]);
            }
        }
        counts[2] = self.urls.len();
        for &(start, length) in &self.urls {
            numbers[2].extend([start, length]);
        }
        if self.is_full {
            return Err(IndexError::TooLarge);
        }
        let numbers = numbers.iter().flatten().copied();
        let numbers = numbers.flat_map(u32::to_le_bytes).collect();
        let mut texts = self.texts;
        texts.shrink_to_fit();
        let rows = Rows::new(counts, numbers, texts);
        Ok(Catalog { rows })
    }

    fn version_row(&mut self, version: &Listed, is_tie: bool, numbers: &mut Vec<u32>) {
        for (start, length) in version.texts {
            numbers.extend([start, length]);
        }
        let flags =
            if version.is_deprecated { DEPRECATED } else { 0 } | if is_tie { TIE } else { 0 };
        let rest = [version.first_url, version.urls, flags];
        numbers.extend(rest.map(|number| self.narrow(number)));
    }

    fn skipped_row(&mut self, skipped: &Skipped, numbers: &mut Vec<u32>) {
        let (version, error) = skipped
            .problem
            .as_ref()
            .map_or(("", ""), |(version, error)| {
                (version.as_str(), error.as_str())
            });
        for text in [skipped.name.as_str(), version, error] {
            let (start, length) = self.put(text);
            numbers.extend([start, length]);
        }
        numbers.push(u32::from(skipped.problem.is_some()));
    }
}
