//! A chart as an archive: `.tgz` bytes, in the reference's order.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use helmrs_gotemplate::number::quote;

use super::metadata::is_base_name;
use super::tarball::TarEntry;
use super::{API_VERSION_1, API_VERSION_2, CHART_FILE, Chart, File, LOCK_FILE, Metadata};
use super::{SCHEMA_FILE, VALUES_FILE, ValidationError};
use crate::time::Time;
use crate::yaml::{self, EmitError, SerializeError};

/// What Helm puts into the extra field of the gzip header, by which its archives can be told.
const GZIP_EXTRA: &[u8] = b"rr\x28\x00aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=";
/// The mode of every file.
const MODE: u32 = 0o644;

/// Why a chart could not be packaged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The metadata is not valid.
    #[error("chart validation")]
    Invalid(#[from] ValidationError),
    /// The name would lead elsewhere.
    // Parity: Helm, pkg/chart/common/errors.go, ErrInvalidChartName.
    #[error("{} is not a valid chart name", quote(.0.as_bytes()))]
    Name(String),
    /// The schema is no JSON.
    #[error("invalid JSON in values.schema.json")]
    Schema,
    /// The metadata cannot be written.
    #[error(transparent)]
    Serialize(#[from] SerializeError),
    /// The metadata cannot be written as YAML.
    #[error(transparent)]
    Yaml(#[from] EmitError),
    /// A file's name does not fit into an archive.
    #[error("archive/tar: cannot encode header: {0}")]
    Header(#[from] io::Error),
}

/// The name of the file a chart is packaged into: `web-1.2.3.tgz`.
pub fn file_name(metadata: &Metadata) -> String {
    format!("{}-{}.tgz", metadata.name, metadata.version)
}

/// Packages a chart; files without a time get `now`.
// Parity: Helm, pkg/chart/v2/util/save.go, Save: no links, no owners, no folders, mode 0644.
pub fn archive(chart: &Chart, now: Time) -> Result<Vec<u8>, PackageError> {
    chart.metadata.clone().validate()?;
    let gzip = GzBuilder::new()
        .extra(GZIP_EXTRA)
        .comment("Helm")
        .operating_system(255);
    let mut tar = tar::Builder::new(gzip.write(Vec::new(), Compression::default()));
    append_chart(&mut tar, chart, "", now)?;
    Ok(tar.into_inner()?.finish()?)
}

/// The files of a chart's directory; subcharts are packaged.
// Parity: Helm, pkg/chart/v2/util/save.go, SaveDir.
pub fn directory_files(chart: &Chart, now: Time) -> Result<Vec<File>, PackageError> {
    check_name(chart)?;
    let mut files = vec![file(
        CHART_FILE,
        chart_file(&chart.metadata)?,
        chart.modified,
    )];
    files.extend(
        chart
            .raw
            .iter()
            .filter(|file| file.name == VALUES_FILE)
            .cloned(),
    );
    files.extend(
        chart
            .schema
            .iter()
            .map(|schema| file(SCHEMA_FILE, schema.clone(), chart.schema_modified)),
    );
    files.extend(chart.templates.iter().chain(&chart.files).cloned());
    for dependency in &chart.dependencies {
        let name = format!("charts/{}", file_name(&dependency.metadata));
        files.push(file(&name, archive(dependency, now)?, Time::ZERO));
    }
    Ok(files)
}

/// The text of `Chart.yaml`; dependencies of the first API version stay in `requirements.yaml`.
// Parity: Helm, pkg/chart/v2/util/chartfile.go, SaveChartfile.
pub fn chart_file(metadata: &Metadata) -> Result<Vec<u8>, PackageError> {
    let mut metadata = metadata.clone();
    if metadata.api_version == API_VERSION_1 {
        metadata.dependencies.clear();
    }
    Ok(yaml::to_yaml(&yaml::to_value(&metadata)?)?.into_bytes())
}

/// Sets every time of a chart and its subcharts to a whole second of UTC, for archives that are the same everywhere.
// Parity: Helm, pkg/chart/v2/chart.go, StampModTimes.
pub fn stamp(chart: &mut Chart, time: Time) {
    let time = Time::from_unix(time.unix_seconds(), 0);
    chart.modified = time;
    if chart
        .schema
        .as_ref()
        .is_some_and(|schema| !schema.is_empty())
    {
        chart.schema_modified = time;
    }
    if let Some(lock) = &mut chart.lock {
        lock.generated = time;
    }
    for file in chart
        .raw
        .iter_mut()
        .chain(&mut chart.templates)
        .chain(&mut chart.files)
    {
        file.modified = time;
    }
    for dependency in &mut chart.dependencies {
        stamp(dependency, time);
    }
}

// Parity: writeTarContents: the order of the files.
fn append_chart<W: Write>(
    tar: &mut tar::Builder<W>,
    chart: &Chart,
    prefix: &str,
    now: Time,
) -> Result<(), PackageError> {
    check_name(chart)?;
    let base = format!("{prefix}{}", chart.name());
    append(
        tar,
        &base,
        &file(CHART_FILE, chart_file(&chart.metadata)?, chart.modified),
        now,
    )?;
    if let Some(lock) = chart
        .lock
        .as_ref()
        .filter(|_| chart.metadata.api_version == API_VERSION_2)
    {
        let text = yaml::to_yaml(&yaml::to_value(lock)?)?;
        append(
            tar,
            &base,
            &file(LOCK_FILE, text.into_bytes(), lock.generated),
            now,
        )?;
    }
    for values in chart.raw.iter().filter(|file| file.name == VALUES_FILE) {
        append(tar, &base, values, now)?;
    }
    if let Some(schema) = &chart.schema {
        yaml::json::parse(schema).map_err(|_| PackageError::Schema)?;
        append(
            tar,
            &base,
            &file(SCHEMA_FILE, schema.clone(), chart.schema_modified),
            now,
        )?;
    }
    for file in chart.templates.iter().chain(&chart.files) {
        append(tar, &base, file, now)?;
    }
    for dependency in &chart.dependencies {
        append_chart(tar, dependency, &format!("{base}/charts/"), now)?;
    }
    Ok(())
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    base: &str,
    file: &File,
    now: Time,
) -> io::Result<()> {
    let name = format!("{base}/{}", file.name);
    let modified = if file.modified.is_zero() {
        now
    } else {
        file.modified
    };
    let entry = TarEntry {
        path: &name,
        kind: tar::EntryType::Regular,
        mode: MODE,
        modified: rounded_seconds(modified),
        user: (0, ""),
        group: (0, ""),
        data: &file.data,
    };
    entry.append(tar)
}

/// The nearest whole second; a plain header holds no fraction.
// Parity: Go, archive/tar/writer.go, WriteHeader.
fn rounded_seconds(time: Time) -> u64 {
    let seconds = time.unix_seconds() + i64::from(time.nanoseconds() >= 500_000_000);
    u64::try_from(seconds).unwrap_or(0)
}

fn check_name(chart: &Chart) -> Result<(), PackageError> {
    if is_base_name(chart.name()) {
        Ok(())
    } else {
        Err(PackageError::Name(chart.name().to_string()))
    }
}

fn file(name: &str, data: Vec<u8>, modified: Time) -> File {
    File {
        name: name.to_string(),
        data: data.into(),
        modified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{load_archive, load_files};

    fn chart(files: &[(&str, &str)]) -> Chart {
        let files = files
            .iter()
            .map(|(name, text)| file(name, text.as_bytes().to_vec(), Time::ZERO))
            .collect();
        load_files(files, &mut Vec::new()).unwrap()
    }

    #[test]
    fn the_gzip_header_is_the_references() {
        let bytes = archive(
            &chart(&[(CHART_FILE, "{name: web, version: 1.0.0}")]),
            Time::ZERO,
        )
        .unwrap();
        assert_eq!(&bytes[..10], b"\x1f\x8b\x08\x14\0\0\0\0\0\xff");
        assert_eq!(&bytes[12..12 + GZIP_EXTRA.len()], GZIP_EXTRA);
        assert_eq!(&bytes[12 + GZIP_EXTRA.len()..][..5], b"Helm\0");
    }

    #[test]
    fn files_come_in_the_references_order() {
        let long = format!("files/{}", "é".repeat(120));
        let chart = chart(&[
            ("README.md", "r"),
            (&long, "l"),
            (
                "charts/db/Chart.yaml",
                "{name: db, version: 1.0.0, apiVersion: v2}",
            ),
            ("templates/a.yaml", "a"),
            (SCHEMA_FILE, "{}"),
            (VALUES_FILE, "a: 1"),
            (LOCK_FILE, "{digest: x}"),
            (CHART_FILE, "{name: web, version: 1.0.0, apiVersion: v2}"),
        ]);
        let packed = archive(&chart, Time::from_unix(1_700_000_000, 0)).unwrap();
        let loaded = load_archive(&packed, &mut Vec::new()).unwrap();
        let names: Vec<_> = loaded.raw.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            names,
            [
                CHART_FILE,
                LOCK_FILE,
                VALUES_FILE,
                SCHEMA_FILE,
                "templates/a.yaml",
                "README.md",
                &long,
                "charts/db/Chart.yaml"
            ]
        );
        assert_eq!(
            loaded.raw[0].text(),
            "apiVersion: v2\nname: web\nversion: 1.0.0\n"
        );
        assert_eq!(loaded.raw[0].modified.unix_seconds(), 1_700_000_000);
    }

    #[test]
    fn what_is_not_valid_is_not_packaged() {
        let mut web = chart(&[
            (CHART_FILE, "{name: web, version: 1.0.0}"),
            (SCHEMA_FILE, "{"),
        ]);
        assert_eq!(
            archive(&web, Time::ZERO).unwrap_err().to_string(),
            "invalid JSON in values.schema.json"
        );
        web.metadata.name = "../web".to_string();
        assert_eq!(
            archive(&web, Time::ZERO).unwrap_err().to_string(),
            "chart validation"
        );
        assert_eq!(
            directory_files(&web, Time::ZERO).unwrap_err().to_string(),
            "\"../web\" is not a valid chart name"
        );
    }
}
