//! A plugin's folder into an archive.
// Parity: Helm, internal/plugin/sign.go, CreatePluginTarball.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::package::{Item, Kind, Owner, Packager};

/// Why a folder was not packed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The file system says no.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Something in it has no place in an archive.
    #[error("archive/tar: sockets not supported")]
    Socket,
    /// Something in it is a device.
    #[error("archive/tar: unknown file mode of {0}")]
    Device(String),
    /// A path is too long.
    #[error("archive/tar: cannot encode header: {0}")]
    Header(io::Error),
}

/// Packs all that lies in a folder, below a folder of the plugin's name; the archive itself, which may be about to lie
/// there as well, is left out.
// Parity: in the reference such an archive holds the first bytes of itself, or cannot be made at all.
pub fn pack(folder: &Path, name: &str, archive: &Path) -> Result<Vec<u8>, PackError> {
    let mut packing = Packing {
        packager: Packager::default(),
        users: names(Path::new("/etc/passwd")),
        groups: names(Path::new("/etc/group")),
        archive: place(archive),
    };
    packing.add(folder, name)?;
    packing.packager.finish().map_err(PackError::Header)
}

/// Where a file is, or will be: its folder and its name.
fn place(path: &Path) -> Option<(PathBuf, std::ffi::OsString)> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
    Some((folder, path.file_name()?.to_owned()))
}

struct Packing {
    packager: Packager,
    users: BTreeMap<u32, String>,
    groups: BTreeMap<u32, String>,
    archive: Option<(PathBuf, std::ffi::OsString)>,
}

impl Packing {
    /// Adds what lies at a path, and in a folder all that lies in it, by name.
    fn add(&mut self, path: &Path, name: &str) -> Result<(), PackError> {
        let found = path.symlink_metadata();
        let found = found.map_err(|error| PathError::new("lstat", path, error))?;
        let item = Item {
            path: name.to_owned(),
            kind: kind(path, &found)?,
            mode: found.mode() & 0o7777,
            modified: seconds(&found),
            user: owner(found.uid(), &self.users),
            group: owner(found.gid(), &self.groups),
        };
        self.packager.add(&item).map_err(PackError::Header)?;
        if !found.is_dir() {
            return Ok(());
        }
        let failed = |error| PathError::new("open", path, error);
        let entries = fs::read_dir(path).map_err(failed)?;
        let entries: io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.file_name())).collect();
        let mut entries = entries.map_err(failed)?;
        entries.sort_unstable();
        for entry in entries {
            if self.is_archive(path, &entry) {
                continue;
            }
            let name = format!("{name}/{}", entry.to_string_lossy());
            self.add(&path.join(entry), &name)?;
        }
        Ok(())
    }

    fn is_archive(&self, folder: &Path, name: &std::ffi::OsStr) -> bool {
        self.archive.as_ref().is_some_and(|(its_folder, its_name)| {
            name == its_name
                && folder
                    .canonicalize()
                    .is_ok_and(|folder| folder == *its_folder)
        })
    }
}

fn kind(path: &Path, found: &Metadata) -> Result<Kind, PackError> {
    let kind = found.file_type();
    if kind.is_dir() {
        return Ok(Kind::Folder);
    }
    if kind.is_symlink() {
        return Ok(Kind::Link);
    }
    if kind.is_fifo() {
        return Ok(Kind::Pipe);
    }
    if kind.is_socket() {
        return Err(PackError::Socket);
    }
    if !kind.is_file() {
        return Err(PackError::Device(path.display().to_string()));
    }
    let data = fs::read(path).map_err(|error| PathError::of_read(path, error))?;
    Ok(Kind::File(data))
}

/// When something was changed, to the nearest second.
fn seconds(found: &Metadata) -> u64 {
    let rounded = found.mtime() + i64::from(found.mtime_nsec() >= 500_000_000);
    u64::try_from(rounded).unwrap_or_default()
}

fn owner(id: u32, names: &BTreeMap<u32, String>) -> Owner {
    Owner {
        id: id.into(),
        name: names.get(&id).cloned().unwrap_or_default(),
    }
}

/// The names in a file of users or groups, by number; none if there is no such file.
// Parity: Go, os/user/lookup_unix.go.
fn names(path: &Path) -> BTreeMap<u32, String> {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut names = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.trim().split(':');
        let (name, id) = (fields.next(), fields.nth(1));
        if let (Some(name), Some(Ok(id))) = (name, id.map(str::parse))
            && !name.is_empty()
            && !name.starts_with(['#', '+', '-'])
        {
            names.entry(id).or_insert_with(|| name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use helmrs_core::plugin::archive::{ArchiveError, unpack};

    use super::*;

    #[test]
    fn an_archive_does_not_hold_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("b")).unwrap();
        for name in ["plugin.yaml", "b/echo-1.0.0.tgz", "echo-1.0.0.tgz", "b.sh"] {
            fs::write(path.join(name), name).unwrap();
        }
        let bytes = pack(path, "echo", &path.join("echo-1.0.0.tgz")).unwrap();
        let mut names = Vec::new();
        unpack(&bytes, |entry| {
            names.push(entry.path);
            Ok::<_, ArchiveError>(())
        })
        .unwrap();
        let wanted = [
            "echo",
            "echo/b",
            "echo/b/echo-1.0.0.tgz",
            "echo/b.sh",
            "echo/plugin.yaml",
        ];
        assert_eq!(names, wanted);
    }

    #[test]
    fn numbers_have_names() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(
            &file,
            "root:x:0:0:root:/root:/bin/sh\n#no:x:1:\n+\nann:x:1000:\nbob:x:1000:\n:x:7:\nx\n",
        )
        .unwrap();
        let names = names(file.path());
        assert_eq!(
            names,
            BTreeMap::from([(0, "root".into()), (1000, "ann".into())])
        );
    }
}
