//! A chart's files in a directory; nothing else in this crate reads the file system.

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;
use std::{env, io};

use super::File;
use super::archive::SIZE_LIMIT;
use super::ignore::{IGNORE_FILE, Rules};
use super::load::LoadError;
use crate::finding::Finding;
use crate::path_error::{PathError, cause};
use crate::time::Time;

/// How many links are followed before giving up on a path.
const LINK_LIMIT: usize = 255;

/// Reads every file of a directory that its `.helmignore` does not exclude, in lexical order, following links.
// Parity: Helm, pkg/chart/v2/loader/directory.go, LoadDir, and internal/sympath/walk.go.
pub(super) fn read(directory: &Path, findings: &mut Vec<Finding>) -> Result<Vec<File>, LoadError> {
    let root = absolute(directory)?;
    let ignore_file = root.join(IGNORE_FILE);
    let rules = if ignore_file.exists() {
        let text =
            fs::read(&ignore_file).map_err(|error| PathError::of_read(&ignore_file, error))?;
        Rules::parse(&text)?
    } else {
        Rules::parse(b"")?
    };
    let mut walk = Walk {
        root: &root,
        rules,
        files: Vec::new(),
        findings,
        budget: SIZE_LIMIT,
    };
    let metadata = fs::metadata(&root).map_err(|error| PathError::new("lstat", &root, error))?;
    walk.visit(&root, metadata.file_type())?;
    Ok(walk.files)
}

/// The absolute form of a path, cleaned by its text alone.
// Parity: Go, path/filepath, Abs.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, LoadError> {
    let whole = if path.is_absolute() {
        path.to_path_buf()
    } else {
        env::current_dir()
            .map_err(|error| PathError::new("getwd", Path::new("."), error))?
            .join(path)
    };
    let mut clean = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    Ok(clean)
}

/// What a file holds.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, PathError> {
    fs::read(path).map_err(|error| PathError::of_read(path, error))
}

struct Walk<'a> {
    root: &'a Path,
    rules: Rules,
    files: Vec<File>,
    findings: &'a mut Vec<Finding>,
    /// How many bytes may still be read.
    budget: u64,
}

impl Walk<'_> {
    /// Visits a path of a kind; a link's kind is its own, not that of what it leads to.
    fn visit(&mut self, path: &Path, kind: FileType) -> Result<(), LoadError> {
        if kind.is_symlink() {
            self.follow(path)
        } else {
            self.keep(path, kind)
        }
    }

    fn follow(&mut self, path: &Path) -> Result<(), LoadError> {
        let resolved = resolve_links(path).map_err(|text| LoadError::Link {
            path: path.display().to_string(),
            reason: text,
        })?;
        let finding =
            Finding::info("found symbolic link in path. Contents of linked file included and used");
        self.findings.push(
            finding
                .with("path", path.display().to_string())
                .with("resolved", resolved.display().to_string()),
        );
        let metadata = fs::symlink_metadata(&resolved)
            .map_err(|error| PathError::new("lstat", &resolved, error))?;
        self.visit(path, metadata.file_type())
    }

    fn keep(&mut self, path: &Path, kind: FileType) -> Result<(), LoadError> {
        let name = path
            .strip_prefix(self.root)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned();
        if !name.is_empty() && self.rules.ignore(&name, kind.is_dir()) {
            return Ok(());
        }
        if kind.is_dir() {
            self.descend(path)
        } else if kind.is_file() {
            self.read(path, name)
        } else {
            Err(LoadError::Irregular(path.display().to_string()))
        }
    }

    fn descend(&mut self, path: &Path) -> Result<(), LoadError> {
        let open = |error| PathError::new("open", path, error);
        let mut entries = fs::read_dir(path)
            .and_then(Iterator::collect::<io::Result<Vec<_>>>)
            .map_err(open)?;
        entries.sort_by_cached_key(DirEntry::file_name);
        for entry in entries {
            let child = entry.path();
            // The folder knows; asking for each file once more is half of what finding them costs.
            let kind = entry
                .file_type()
                .map_err(|error| PathError::new("lstat", &child, error))?;
            self.visit(&child, kind)?;
        }
        Ok(())
    }

    fn read(&mut self, path: &Path, name: String) -> Result<(), LoadError> {
        let source = |error| LoadError::Reading {
            name: name.clone(),
            source: PathError::of_read(path, error),
        };
        let mut file = fs::File::open(path).map_err(source)?;
        let metadata = file.metadata().map_err(source)?;
        let Some(budget) = self.budget.checked_sub(metadata.len()) else {
            return Err(LoadError::TooLarge { name });
        };
        let mut data = contents(&mut file, metadata.len(), self.budget).map_err(source)?;
        // More than was announced, from a file that grows while it is read.
        if data.len() as u64 > self.budget {
            return Err(LoadError::TooLarge { name });
        }
        self.budget = budget;
        if data.starts_with(super::BYTE_ORDER_MARK) {
            data.drain(..super::BYTE_ORDER_MARK.len());
        }
        self.files.push(File {
            name,
            data: data.into(),
            modified: modified(&metadata),
        });
        Ok(())
    }
}

/// What a file that should be of this length holds, and one byte more than allowed if it is longer than that.
fn contents(file: &mut fs::File, length: u64, allowed: u64) -> io::Result<Vec<u8>> {
    // With room for one byte more a first reading tells that it was the last one.
    let mut data = vec![0; length as usize + 1];
    let first = file.read(&mut data)?;
    let whole = first as u64 == length;
    data.truncate(first);
    if !whole {
        let rest = (allowed + 1).saturating_sub(first as u64);
        file.take(rest).read_to_end(&mut data)?;
    }
    Ok(data)
}

/// When a file was last changed.
pub(super) fn modified(metadata: &Metadata) -> Time {
    let since_1970 = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since_1970.map_or(Time::ZERO, |duration| {
        Time::from_unix(
            i64::try_from(duration.as_secs()).unwrap_or(0),
            duration.subsec_nanos() as i32,
        )
    })
}

/// The path with every link in it followed; the error is worded as Go does.
// Parity: Go, path/filepath/symlink.go, walkSymlinks.
fn resolve_links(path: &Path) -> Result<PathBuf, String> {
    let mut pending: Vec<PathBuf> = path
        .components()
        .rev()
        .map(|part| PathBuf::from(part.as_os_str()))
        .collect();
    let (mut resolved, mut links) = (PathBuf::new(), 0);
    while let Some(part) = pending.pop() {
        if part.is_absolute() {
            resolved = part;
            continue;
        }
        if part == Path::new("..") {
            resolved.pop();
            continue;
        }
        let next = resolved.join(&part);
        let metadata = fs::symlink_metadata(&next)
            .map_err(|error| PathError::new("lstat", &next, error).to_string())?;
        if !metadata.is_symlink() {
            if !metadata.is_dir() && !pending.is_empty() {
                return Err(cause(&io::Error::from(io::ErrorKind::NotADirectory)));
            }
            resolved = next;
            continue;
        }
        links += 1;
        if links > LINK_LIMIT {
            return Err("EvalSymlinks: too many links".to_string());
        }
        let target = fs::read_link(&next)
            .map_err(|error| PathError::new("readlink", &next, error).to_string())?;
        pending.extend(
            target
                .components()
                .rev()
                .filter(|part| *part != Component::CurDir)
                .map(|part| PathBuf::from(part.as_os_str())),
        );
    }
    Ok(resolved)
}
