//! Entries of a tar archive, byte for byte as Go writes them.
// Parity: Go, archive/tar/writer.go and common.go, allowedFormats: plain headers as long as all fits, else PAX.

use std::io::{self, Write};

use tar::{Builder, EntryType, Header};

/// The largest number that an identity's field holds.
const ID_LIMIT: u64 = 0o7_777_777;
/// The latest second that a field for times holds.
const TIME_LIMIT: u64 = 0o77_777_777_777;
/// The longest beginning of a path that has a field of its own.
const PREFIX_LIMIT: usize = 155;

/// One entry of an archive.
#[derive(Debug)]
pub(crate) struct TarEntry<'a> {
    pub(crate) path: &'a str,
    pub(crate) kind: EntryType,
    pub(crate) mode: u32,
    /// In seconds.
    pub(crate) modified: u64,
    /// Number and name of whom it belongs to.
    pub(crate) user: (u64, &'a str),
    /// Number and name of the group it belongs to.
    pub(crate) group: (u64, &'a str),
    pub(crate) data: &'a [u8],
}

impl TarEntry<'_> {
    /// Writes the entry, before it a header for all that its own cannot hold.
    pub(crate) fn append<W: Write>(&self, tar: &mut Builder<W>) -> io::Result<()> {
        let records = self.records();
        if !records.is_empty() {
            append_records(tar, self.path, &records)?;
        }
        let mut header = Header::new_ustar();
        header.set_entry_type(self.kind);
        header.set_mode(self.mode);
        header.set_size(self.data.len() as u64);
        header.set_mtime(if self.modified > TIME_LIMIT {
            0
        } else {
            self.modified
        });
        header.set_uid(if_plain(self.user.0));
        header.set_gid(if_plain(self.group.0));
        header.set_device_major(0)?;
        header.set_device_minor(0)?;
        // A header that is completed by another one has no use for a prefix.
        let (prefix, name) = match split(self.path).filter(|_| records.is_empty()) {
            Some(parts) => parts,
            None => ("", self.path),
        };
        fill(&mut header.as_old_mut().name, name);
        if let Some(fields) = header.as_ustar_mut() {
            fill(&mut fields.prefix, prefix);
            fill(&mut fields.uname, self.user.1);
            fill(&mut fields.gname, self.group.1);
        }
        sum(&mut header);
        tar.append(&header, self.data)
    }

    /// What a plain header cannot hold, by key.
    fn records(&self) -> Vec<(&'static str, String)> {
        let mut records = Vec::new();
        let number = |id: u64| (id > ID_LIMIT).then(|| id.to_string());
        let name = |name: &str| (!name.is_ascii() || name.len() > 32).then(|| name.to_string());
        let is_plain = self.path.is_ascii() && self.path.len() <= 100;
        let path = !is_plain && split(self.path).is_none();
        records.extend(number(self.group.0).map(|id| ("gid", id)));
        records.extend(name(self.group.1).map(|name| ("gname", name)));
        let is_late = self.modified > TIME_LIMIT;
        records.extend(is_late.then(|| ("mtime", self.modified.to_string())));
        records.extend(path.then(|| ("path", self.path.to_string())));
        records.extend(number(self.user.0).map(|id| ("uid", id)));
        records.extend(name(self.user.1).map(|name| ("uname", name)));
        // Once there is a header more, it also holds a path that could be split.
        if !records.is_empty() && !is_plain && !path {
            records.push(("path", self.path.to_string()));
            records.sort();
        }
        records
    }
}

/// Parts a long path for the two fields a plain header has for it.
// Parity: splitUSTARPath.
fn split(path: &str) -> Option<(&str, &str)> {
    if path.len() <= 100 || !path.is_ascii() {
        return None;
    }
    let searched = match path.len() {
        length if length > PREFIX_LIMIT + 1 => &path[..=PREFIX_LIMIT],
        _ => path.strip_suffix('/').unwrap_or(path),
    };
    let (prefix, _) = searched.rsplit_once('/')?;
    let name = &path[prefix.len() + 1..];
    (!prefix.is_empty() && !name.is_empty() && name.len() <= 100).then_some((prefix, name))
}

// Parity: Writer.writePAXHeader, and writeRawFile: nothing but a size in a header without devices.
fn append_records<W: Write>(
    tar: &mut Builder<W>,
    path: &str,
    records: &[(&'static str, String)],
) -> io::Result<()> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let name = match folder {
        "" => format!("PaxHeaders.0/{file}"),
        folder => format!("{folder}/PaxHeaders.0/{file}"),
    };
    let mut name = ascii(&name);
    name.truncate(100);
    let data: String = records
        .iter()
        .map(|(key, value)| record(key, value))
        .collect();
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::XHeader);
    header.set_mode(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(data.len() as u64);
    fill(&mut header.as_old_mut().name, name.trim_end_matches('/'));
    sum(&mut header);
    tar.append(&header, data.as_bytes())
}

/// A record, which begins with its own length.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    loop {
        let whole = rest.len() + length.to_string().len();
        if whole == length {
            return format!("{length}{rest}");
        }
        length = whole;
    }
}

/// Puts as much of a text as fits, without what is not ASCII, into a field.
// Parity: Go, archive/tar/strconv.go, formatString: a text that is cut off does not end in a slash.
fn fill(field: &mut [u8], text: &str) {
    let text = ascii(text);
    field.fill(0);
    let mut text = text.as_bytes();
    if text.len() > field.len() {
        text = &text[..field.len()];
        if let Some(end) = text.iter().rposition(|byte| *byte != b'/') {
            text = &text[..=end];
        }
    }
    field[..text.len()].copy_from_slice(text);
}

fn ascii(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_ascii() && *letter != '\0')
        .collect()
}

fn if_plain(id: u64) -> u64 {
    if id > ID_LIMIT { 0 } else { id }
}

/// Writes the sum: six digits, a zero byte and the blank that was there when it was taken.
fn sum(header: &mut Header) {
    header.as_old_mut().cksum = *b"        ";
    let sum: u32 = header.as_bytes().iter().map(|byte| u32::from(*byte)).sum();
    let digits = format!("{sum:06o}\0 ");
    header
        .as_old_mut()
        .cksum
        .copy_from_slice(&digits.as_bytes()[..8]);
}
