//! A plugin's folder as an archive: `.tgz` bytes, in the reference's form.
// Parity: Helm, internal/plugin/sign.go, CreatePluginTarball, and Go, archive/tar/common.go, FileInfoHeader.

use std::io;

use flate2::{Compression, GzBuilder};
use tar::EntryType;

use crate::chart::tarball::TarEntry;

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file, and what is in it.
    File(Vec<u8>),
    /// A link; where it leads is not kept.
    Link,
    /// A pipe.
    Pipe,
}

/// A user or a group: a number, and a name if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
}

/// Something that goes into an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its path, the plugin's name first.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// What may be done with it, as the lowest twelve bits.
    pub mode: u32,
    /// When it was changed, in seconds; halves are rounded up.
    pub modified: u64,
    /// Whose it is.
    pub user: Owner,
    /// The group it belongs to.
    pub group: Owner,
}

/// Writes an archive, item by item.
pub struct Packager {
    tar: tar::Builder<flate2::write::GzEncoder<Vec<u8>>>,
}

impl Default for Packager {
    fn default() -> Self {
        let gzip = GzBuilder::new().operating_system(255);
        Self {
            tar: tar::Builder::new(gzip.write(Vec::new(), Compression::default())),
        }
    }
}

impl Packager {
    /// Adds an item; fails if its path does not fit into an archive.
    pub fn add(&mut self, item: &Item) -> io::Result<()> {
        let (kind, data): (_, &[u8]) = match &item.kind {
            Kind::Folder => (EntryType::Directory, &[]),
            Kind::File(data) => (EntryType::Regular, data),
            Kind::Link => (EntryType::Symlink, &[]),
            Kind::Pipe => (EntryType::Fifo, &[]),
        };
        let entry = TarEntry {
            path: &item.path,
            kind,
            mode: item.mode & 0o7777,
            modified: item.modified,
            user: (item.user.id, &item.user.name),
            group: (item.group.id, &item.group.name),
            data,
        };
        entry.append(&mut self.tar)
    }

    /// The archive.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.tar.into_inner()?.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::archive::{ArchiveError, Content, unpack};

    fn item(path: &str, kind: Kind) -> Item {
        Item {
            path: path.to_owned(),
            kind,
            mode: 0o755,
            modified: 1_700_000_000,
            user: Owner {
                id: 3_000_000,
                name: "somebody".to_owned(),
            },
            group: Owner::default(),
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let long = format!("echo/{}", "é".repeat(120));
        let mut packager = Packager::default();
        packager.add(&item("echo", Kind::Folder)).unwrap();
        packager
            .add(&item(&long, Kind::File(b"x".to_vec())))
            .unwrap();
        let bytes = packager.finish().unwrap();
        assert_eq!(&bytes[..10], b"\x1f\x8b\x08\0\0\0\0\0\0\xff");
        let mut found = Vec::new();
        unpack(&bytes, |entry| {
            found.push((entry.path, entry.content));
            Ok::<_, ArchiveError>(())
        })
        .unwrap();
        let file = Content::File {
            mode: 0o755,
            data: b"x".to_vec(),
        };
        assert_eq!(found, [("echo".to_owned(), Content::Folder), (long, file)]);
    }

    #[test]
    fn letters_that_are_left_out_do_not_make_a_path_that_leads_upwards() {
        let mut packager = Packager::default();
        let path = "echo/.é.".to_owned();
        packager.add(&item(&path, Kind::Folder)).unwrap();
        unpack(&packager.finish().unwrap(), |entry| {
            assert_eq!(entry.path, path);
            Ok::<_, ArchiveError>(())
        })
        .unwrap();
    }

    #[test]
    fn links_and_pipes_are_packed_without_what_they_lead_to() {
        let mut packager = Packager::default();
        packager.add(&item("echo/link", Kind::Link)).unwrap();
        let bytes = packager.finish().unwrap();
        let gzip = flate2::read::GzDecoder::new(&*bytes);
        let mut tar = tar::Archive::new(gzip);
        let mut entry = tar.entries().unwrap().next().unwrap().unwrap();
        assert_eq!(entry.header().entry_type(), EntryType::Symlink);
        assert_eq!(entry.link_name_bytes(), None);
        assert_eq!(entry.header().uid().unwrap(), 3_000_000);
        let mut records = entry.pax_extensions().unwrap().unwrap();
        let record = records.next().unwrap().unwrap();
        assert_eq!((record.key(), record.value()), (Ok("uid"), Ok("3000000")));
        assert_eq!(entry.header().username(), Ok(Some("somebody")));
    }
}
