//! A plugin's archive: `.tgz` bytes → entries that lie where they say, below one folder.
//!
//! Nothing is ever linked: an archive with a link, a device or a pipe in it is refused where that stands.
// Parity: Helm, internal/plugin/installer/extractor.go and internal/plugin/sign.go.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::PLUGIN_FILE;
use crate::chart::archive::{ArchiveError as StreamError, check_gzip, clean, stream_error};

/// How many bytes the files of an archive may hold together: 512 MiB, as plugins may bring programs.
pub const SIZE_LIMIT: u64 = 512 << 20;

/// How many bytes are unpacked at most, headers and padding included.
const STREAM_LIMIT: u64 = SIZE_LIMIT + (64 << 20);

/// How many entries an archive may have.
const ENTRY_LIMIT: usize = 100_000;

/// How many bytes of `plugin.yaml` are read.
const DESCRIPTOR_LIMIT: u64 = 1 << 20;

/// Why an archive cannot be unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is no archive, or ends in the middle.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A path has a colon in it, which separates drives and paths.
    #[error("path contains ':', which is illegal")]
    Colon,
    /// A path leads upwards.
    #[error("path contains '..', which is illegal")]
    Parent,
    /// A path begins at the root.
    #[error("path is absolute, which is illegal")]
    Absolute,
    /// An entry is neither file nor folder.
    #[error("unknown type: {kind:b} in {name}")]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Kind { kind: u8, name: String },
    /// The files hold too much.
    #[error("the archive holds more than {SIZE_LIMIT} bytes")]
    TooLarge,
    /// There are too many files.
    #[error("the archive has more than {ENTRY_LIMIT} entries")]
    TooMany,
    /// There is no `plugin.yaml`.
    #[error("{PLUGIN_FILE} not found in tarball")]
    NoDescriptor,
}

/// What an archive has at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A folder.
    Folder,
    /// A file: what may be done with it, as the lowest nine bits, and what is in it.
    File {
        /// The permissions.
        mode: u32,
        /// The bytes.
        data: Vec<u8>,
    },
}

/// One file or folder of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies, in its shortest form and with slashes; `.` is the folder the archive is unpacked into.
    pub path: String,
    /// What it is.
    pub content: Content,
}

/// Hands over the entries one by one; what comes before a bad one has been handed over then.
pub fn unpack<E: From<ArchiveError>>(
    bytes: &[u8],
    mut each: impl FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let mut room = SIZE_LIMIT;
    read(bytes, |entry| {
        let kind = entry.header().entry_type();
        let name = name(entry);
        let path = inside(&name)?;
        let content = match kind {
            // Parity: Go, archive/tar/reader.go: in the oldest archives a folder is a file whose name ends in a slash.
            EntryType::Regular if entry.header().as_bytes()[156] == 0 && name.ends_with('/') => {
                Content::Folder
            }
            EntryType::Directory => Content::Folder,
            EntryType::Regular => {
                let mode = entry.header().mode().unwrap_or_default() & 0o777;
                let size = entry.size();
                room = room.checked_sub(size).ok_or(ArchiveError::TooLarge)?;
                let data = data(entry, size)?;
                Content::File { mode, data }
            }
            EntryType::XGlobalHeader | EntryType::XHeader => return Ok(true),
            other => {
                let kind = other.as_byte();
                return Err(ArchiveError::Kind { kind, name }.into());
            }
        };
        each(Entry { path, content }).map(|()| true)
    })
}

/// The text of the first `plugin.yaml`, however deep it lies.
pub fn descriptor(bytes: &[u8]) -> Result<Vec<u8>, ArchiveError> {
    let mut found = None;
    read(bytes, |entry| {
        let name = name(entry);
        let base = name.trim_end_matches('/').rsplit('/').next();
        if base != Some(PLUGIN_FILE) {
            return Ok::<_, ArchiveError>(true);
        }
        let is_file = entry.header().entry_type() == EntryType::Regular;
        let size = if is_file { entry.size() } else { 0 };
        if size > DESCRIPTOR_LIMIT {
            return Err(ArchiveError::TooLarge);
        }
        found = Some(data(entry, size)?);
        Ok(false)
    })?;
    found.ok_or(ArchiveError::NoDescriptor)
}

type Stream<'b> = std::io::Take<MultiGzDecoder<&'b [u8]>>;

/// Looks at every entry, until somebody has seen enough.
fn read<'b, E: From<ArchiveError>>(
    bytes: &'b [u8],
    mut each: impl FnMut(&mut tar::Entry<'_, Stream<'b>>) -> Result<bool, E>,
) -> Result<(), E> {
    let failed = |error| ArchiveError::Stream(stream_error(error));
    check_gzip(bytes).map_err(ArchiveError::Stream)?;
    let mut tar = tar::Archive::new(MultiGzDecoder::new(bytes).take(STREAM_LIMIT));
    for (number, entry) in tar.entries().map_err(failed)?.enumerate() {
        if number >= ENTRY_LIMIT {
            return Err(ArchiveError::TooMany.into());
        }
        if !each(&mut entry.map_err(failed)?)? {
            return Ok(());
        }
    }
    Ok(())
}

fn name<R: Read>(entry: &tar::Entry<'_, R>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}

fn data(entry: &mut impl Read, size: u64) -> Result<Vec<u8>, ArchiveError> {
    let mut data = Vec::new();
    let read = entry.take(size).read_to_end(&mut data);
    let read = read.map_err(|error| ArchiveError::Stream(stream_error(error)))?;
    if (read as u64) < size {
        return Err(StreamError::Truncated.into());
    }
    Ok(data)
}

/// A path that leads nowhere else.
// Parity: Helm, internal/plugin/installer/extractor.go, cleanJoin.
fn inside(name: &str) -> Result<String, ArchiveError> {
    if name.contains(':') {
        return Err(ArchiveError::Colon);
    }
    let path = name.replace('\\', "/");
    if path.split('/').any(|part| part == "..") {
        return Err(ArchiveError::Parent);
    }
    if path.starts_with('/') {
        return Err(ArchiveError::Absolute);
    }
    Ok(clean(&path))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// An archive of entries: a name, a kind, and what is in it.
    fn archive(entries: &[(&str, u8, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (name, kind, text) in entries {
            let mut header = tar::Header::new_ustar();
            // The library refuses to write the names that are to be refused.
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.as_mut_bytes()[156] = *kind;
            header.set_mode(0o4755);
            header.set_size(text.len() as u64);
            header.set_cksum();
            tar.append(&header, text.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    fn unpacked(bytes: &[u8]) -> (Vec<String>, Option<String>) {
        let mut paths = Vec::new();
        let result = unpack(bytes, |entry| {
            paths.push(match entry.content {
                Content::Folder => format!("{}/", entry.path),
                Content::File { mode, data } => {
                    format!("{} {mode:o} {}", entry.path, String::from_utf8_lossy(&data))
                }
            });
            Ok::<_, ArchiveError>(())
        });
        (paths, result.err().map(|error| error.to_string()))
    }

    #[test]
    fn files_and_folders_come_in_order_with_what_may_be_done_with_them() {
        let bytes = archive(&[
            ("p", b'5', ""),
            ("p/./a//run.sh", b'0', "x"),
            ("p\\b", b'0', "y"),
            ("old/", 0, ""),
            ("older", 0, "z"),
            ("pax_global_header", b'g', ""),
        ]);
        let (paths, error) = unpacked(&bytes);
        assert_eq!(
            paths,
            ["p/", "p/a/run.sh 755 x", "p/b 755 y", "old/", "older 755 z"]
        );
        assert_eq!(error, None);
    }

    #[test]
    fn what_leads_elsewhere_is_refused_after_what_came_before() {
        for (name, kind, wanted) in [
            ("a:b", b'0', "path contains ':', which is illegal"),
            ("a/../../b", b'0', "path contains '..', which is illegal"),
            ("a\\..\\b", b'5', "path contains '..', which is illegal"),
            ("/etc/passwd", b'0', "path is absolute, which is illegal"),
            ("\\etc", b'0', "path is absolute, which is illegal"),
            ("p/l", b'2', "unknown type: 110010 in p/l"),
            ("p/h", b'1', "unknown type: 110001 in p/h"),
            ("p/pipe", b'6', "unknown type: 110110 in p/pipe"),
            ("p/dev", b'3', "unknown type: 110011 in p/dev"),
        ] {
            let (paths, error) = unpacked(&archive(&[("first", b'0', ""), (name, kind, "")]));
            assert_eq!(paths, ["first 755 "], "{name}");
            assert_eq!(error.unwrap(), wanted, "{name}");
        }
    }

    #[test]
    fn the_first_descriptor_counts_wherever_it_lies() {
        let bytes = archive(&[
            ("a/b/plugin.yaml", b'0', "name: first"),
            ("plugin.yaml", b'0', "name: second"),
        ]);
        assert_eq!(descriptor(&bytes).unwrap(), b"name: first");
        let bytes = archive(&[("a/plugin.yaml", b'2', ""), ("plugin.yaml", b'0', "x")]);
        assert_eq!(descriptor(&bytes).unwrap(), b"");
        let error = descriptor(&archive(&[("a", b'0', "x")])).unwrap_err();
        assert_eq!(error.to_string(), "plugin.yaml not found in tarball");
        assert_eq!(
            descriptor(b"junk").unwrap_err().to_string(),
            "unexpected EOF"
        );
    }

    #[test]
    fn sizes_are_not_believed() {
        let mut tar = Vec::new();
        let mut header = tar::Header::new_ustar();
        header.set_path("plugin.yaml").unwrap();
        header.set_size(SIZE_LIMIT + 1);
        header.set_cksum();
        tar.extend(header.as_bytes());
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&tar).unwrap();
        let bytes = gzip.finish().unwrap();
        assert_eq!(descriptor(&bytes), Err(ArchiveError::TooLarge));
        assert!(unpacked(&bytes).1.unwrap().contains("more than"));
    }
}
