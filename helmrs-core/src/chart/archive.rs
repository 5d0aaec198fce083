//! A chart's files in an archive: `.tgz` bytes → files, with limits.
//!
//! Links and devices become empty files: nothing is ever followed or created.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use helmrs_gotemplate::number::quote;
use tar::EntryType;

use super::metadata::is_base_name;
use super::{BYTE_ORDER_MARK, CHART_FILE, File, Metadata};
use crate::time::Time;
use crate::yaml::{self, YamlError};

/// How many bytes the files of an archive may hold together: 100 MiB.
pub const SIZE_LIMIT: u64 = 100 * 1024 * 1024;

/// How many bytes are unpacked at most, headers and padding included.
const STREAM_LIMIT: u64 = 3 * SIZE_LIMIT;

/// Why an archive cannot be read.
// Parity: Helm, pkg/chart/loader/archive/archive.go, LoadArchiveFiles: the texts and the order of the checks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It does not begin like gzip.
    #[error("gzip: invalid header")]
    Header,
    /// There is not a byte.
    #[error("EOF")]
    Empty,
    /// It ends in the middle.
    #[error("unexpected EOF")]
    Truncated,
    /// What was compressed is not what comes out.
    #[error("gzip: invalid checksum")]
    Checksum,
    /// It is not compressed as it says.
    #[error("flate: corrupt input")]
    Corrupt,
    /// What is compressed is no tar.
    #[error("archive/tar: invalid tar header")]
    Tar,
    /// It holds no files.
    #[error("no files in chart archive")]
    NoFiles,
    /// A path begins at the root.
    #[error("chart illegally contains absolute paths")]
    AbsolutePath,
    /// A file is in no folder.
    #[error("chart illegally contains content outside the base directory: {}", quote(.0.as_bytes()))]
    OutsideBase(String),
    /// A path leads upwards.
    #[error("chart illegally references parent directory")]
    ParentPath,
    /// A path begins with a drive.
    #[error("chart contains illegally named files")]
    DrivePath,
    /// `Chart.yaml` is a folder.
    #[error("chart yaml not in base directory")]
    ChartFileNotInBase,
    /// The files hold too much.
    #[error("decompressed chart is larger than the maximum size {SIZE_LIMIT}")]
    TooLarge,
}

/// The files of an archive, named from the chart's folder on, in the archive's order.
///
/// Memory stays bounded whatever the archive claims.
pub fn files(bytes: &[u8]) -> Result<Vec<File>, ArchiveError> {
    check_gzip(bytes)?;
    let mut tar = tar::Archive::new(MultiGzDecoder::new(bytes).take(STREAM_LIMIT));
    let (mut files, mut remaining) = (Vec::new(), SIZE_LIMIT);
    for entry in tar.entries().map_err(stream_error)? {
        let mut entry = entry.map_err(stream_error)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir()
            || name.ends_with('/')
            || kind.is_pax_global_extensions()
            || kind.is_pax_local_extensions()
        {
            continue;
        }
        let path = inner_path(&name)?;
        let size = entry.size();
        // Parity: Go, archive/tar: such an entry has no data, whatever size it claims.
        let has_no_data = matches!(
            kind,
            EntryType::Link
                | EntryType::Symlink
                | EntryType::Char
                | EntryType::Block
                | EntryType::Fifo
        );
        if has_no_data && size > 0 {
            return Err(ArchiveError::TooLarge);
        }
        if size > remaining {
            return Err(ArchiveError::TooLarge);
        }
        let modified = modified(&mut entry);
        let data = read(&mut entry, size)?;
        remaining -= size;
        if remaining == 0 {
            return Err(ArchiveError::TooLarge);
        }
        files.push(File {
            name: path,
            data: data.into(),
            modified,
        });
    }
    if files.is_empty() {
        Err(ArchiveError::NoFiles)
    } else {
        Ok(files)
    }
}

/// Why an archive cannot be unpacked into a directory of its own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExpandError {
    /// The archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Its `Chart.yaml` is malformed.
    #[error("cannot load Chart.yaml")]
    ChartFile(#[from] YamlError),
    /// It has no `Chart.yaml`, or that no name.
    #[error("chart name not specified")]
    NoName,
    /// The name is the directory it would be unpacked into, or the one above.
    #[error("chart name {} is not allowed", quote(.0.as_bytes()))]
    NotAllowed(String),
    /// The name leads elsewhere.
    #[error("chart name {} must not contain path separators", quote(.0.as_bytes()))]
    Separators(String),
}

/// The name of the chart in an archive and its files, to be written into a directory of that name.
// Parity: Helm, pkg/chart/v2/util/expand.go, Expand.
pub fn expand(bytes: &[u8]) -> Result<(String, Vec<File>), ExpandError> {
    let files = files(bytes)?;
    let mut name = String::new();
    for file in files.iter().filter(|file| file.name == CHART_FILE) {
        let metadata: Option<Metadata> = yaml::read(&file.data)?;
        name = metadata.unwrap_or_default().name;
    }
    match name.as_str() {
        "" => Err(ExpandError::NoName),
        "." | ".." => Err(ExpandError::NotAllowed(name)),
        _ if !is_base_name(&name) => Err(ExpandError::Separators(name)),
        _ => Ok((name, files)),
    }
}

/// Whether bytes begin as gzip does.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

pub(crate) fn check_gzip(bytes: &[u8]) -> Result<(), ArchiveError> {
    match bytes.len() {
        0 => Err(ArchiveError::Empty),
        1..10 => Err(ArchiveError::Truncated),
        _ if is_gzip(bytes) => Ok(()),
        _ => Err(ArchiveError::Header),
    }
}

/// The path of an entry without its first folder; what would lead elsewhere is refused.
fn inner_path(name: &str) -> Result<String, ArchiveError> {
    let delimiter = if name.contains('\\') { '\\' } else { '/' };
    let (base, inner) = name.split_once(delimiter).unwrap_or((name, ""));
    let inner = inner.replace(delimiter, "/");
    if inner.starts_with('/') {
        return Err(ArchiveError::AbsolutePath);
    }
    let inner = clean(&inner);
    if inner == "." {
        return Err(ArchiveError::OutsideBase(name.to_string()));
    }
    if inner.starts_with("..") {
        return Err(ArchiveError::ParentPath);
    }
    if matches!(inner.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic()) {
        return Err(ArchiveError::DrivePath);
    }
    if base == "Chart.yaml" {
        return Err(ArchiveError::ChartFileNotInBase);
    }
    Ok(inner)
}

/// The shortest form of a relative path; `.` if nothing is left.
// Parity: Go, path/path.go, Clean.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        ".".to_string()
    } else {
        parts.join("/")
    }
}

fn read(entry: &mut impl Read, size: u64) -> Result<Vec<u8>, ArchiveError> {
    let mut data = Vec::new();
    let read = entry
        .take(size)
        .read_to_end(&mut data)
        .map_err(stream_error)?;
    if (read as u64) < size {
        return Err(ArchiveError::Truncated);
    }
    if data.starts_with(BYTE_ORDER_MARK) {
        data.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(data)
}

/// When an entry was last changed; an extended header knows the fraction of the second.
fn modified<R: Read>(entry: &mut tar::Entry<'_, R>) -> Time {
    let extended = entry
        .pax_extensions()
        .ok()
        .flatten()
        .and_then(|extensions| {
            let records = extensions.filter_map(Result::ok);
            records
                .filter(|record| record.key() == Ok("mtime"))
                .find_map(|record| pax_time(record.value().ok()?))
        });
    let seconds = entry.header().mtime().unwrap_or(0);
    extended.unwrap_or_else(|| Time::from_unix(i64::try_from(seconds).unwrap_or(0), 0))
}

/// Reads `1700000000.25`.
fn pax_time(text: &str) -> Option<Time> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let (seconds, nanoseconds) = (seconds.parse().ok()?, digits.parse::<i32>().ok()?);
    Some(Time::from_unix(seconds, nanoseconds))
}

/// What went wrong, in Go's words; the libraries only tell in theirs.
pub(crate) fn stream_error(error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveError::Truncated,
        io::ErrorKind::InvalidInput if error.to_string().contains("checksum") => {
            ArchiveError::Checksum
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => ArchiveError::Corrupt,
        _ if error.to_string().contains("failed to read entire block") => ArchiveError::Truncated,
        _ => ArchiveError::Tar,
    }
}

/// What kind of file begins like that, for telling the user what was found instead of an archive.
// Parity: Go, net/http/sniff.go, DetectContentType, over 512 bytes of which the missing ones are zero.
pub(super) fn content_type(bytes: &[u8]) -> &'static str {
    let start = &bytes[..bytes.len().min(512)];
    let text = start.trim_ascii_start();
    for (signature, name) in MARKUP {
        let tag = text
            .get(..signature.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(signature));
        if tag && matches!(text.get(signature.len()), Some(b' ' | b'>')) {
            return name;
        }
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    for (signature, name) in SIGNATURES {
        if start.starts_with(signature) {
            return name;
        }
    }
    let binary = |&byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if start.len() < 512 || start.iter().any(binary) {
        return "application/octet-stream";
    }
    "text/plain; charset=utf-8"
}

const MARKUP: &[(&[u8], &str)] = &[
    (b"<!DOCTYPE HTML", "text/html; charset=utf-8"),
    (b"<HTML", "text/html; charset=utf-8"),
    (b"<HEAD", "text/html; charset=utf-8"),
    (b"<SCRIPT", "text/html; charset=utf-8"),
    (b"<IFRAME", "text/html; charset=utf-8"),
    (b"<H1", "text/html; charset=utf-8"),
    (b"<DIV", "text/html; charset=utf-8"),
    (b"<FONT", "text/html; charset=utf-8"),
    (b"<TABLE", "text/html; charset=utf-8"),
    (b"<A", "text/html; charset=utf-8"),
    (b"<STYLE", "text/html; charset=utf-8"),
    (b"<TITLE", "text/html; charset=utf-8"),
    (b"<B", "text/html; charset=utf-8"),
    (b"<BODY", "text/html; charset=utf-8"),
    (b"<BR", "text/html; charset=utf-8"),
    (b"<P", "text/html; charset=utf-8"),
    (b"<!--", "text/html; charset=utf-8"),
];

const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xfe\xff", "text/plain; charset=utf-16be"),
    (b"\xff\xfe", "text/plain; charset=utf-16le"),
    (b"\xef\xbb\xbf", "text/plain; charset=utf-8"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"OggS\0", "application/ogg"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07\0", "application/x-rar-compressed"),
    (b"Rar!\x1a\x07\x01\0", "application/x-rar-compressed"),
    (b"\0asm", "application/wasm"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn inner(name: &str) -> String {
        inner_path(name).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        assert_eq!(inner("web/templates/./a.yaml"), "templates/a.yaml");
        assert_eq!(inner("web\\templates\\a.yaml"), "templates/a.yaml");
        assert_eq!(
            inner("web//etc/passwd"),
            "chart illegally contains absolute paths"
        );
        assert_eq!(
            inner("web/a/../../etc"),
            "chart illegally references parent directory"
        );
        assert_eq!(
            inner("web/..a"),
            "chart illegally references parent directory"
        );
        assert_eq!(
            inner("Chart.yaml"),
            "chart illegally contains content outside the base directory: \"Chart.yaml\""
        );
        assert_eq!(
            inner("web\\c:\\etc"),
            "chart contains illegally named files"
        );
        assert_eq!(inner("Chart.yaml/a"), "chart yaml not in base directory");
    }

    #[test]
    fn what_is_no_archive_is_recognized() {
        assert_eq!(content_type(b""), "application/octet-stream");
        assert_eq!(content_type(b"short"), "application/octet-stream");
        assert_eq!(content_type(&[b'a'; 600]), "text/plain; charset=utf-8");
        assert_eq!(content_type(b" <html>"), "text/html; charset=utf-8");
        assert_eq!(content_type(b"PK\x03\x04"), "application/zip");
        assert_eq!(files(b"not an archive"), Err(ArchiveError::Header));
        assert_eq!(files(b""), Err(ArchiveError::Empty));
    }
}
