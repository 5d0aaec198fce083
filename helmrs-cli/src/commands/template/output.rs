//! What a chart renders to, written into files.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use helmrs_core::path_error::PathError;
use helmrs_core::release::text::Piece;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Writes pieces into files; the first piece of a file makes it anew.
// Parity: Helm, pkg/action/action.go, writeToFile.
pub(super) fn write(
    directory: &Path,
    pieces: &[Piece],
    invocation: &Invocation,
) -> Result<(), CommandError> {
    let mut begun = BTreeSet::new();
    for piece in pieces {
        let path = format!("{}/{}", directory.display(), piece.path);
        write_piece(Path::new(&path), &piece.text, !begun.insert(&piece.path))?;
        invocation.printer.data(format!("wrote {path}\n"))?;
    }
    Ok(())
}

fn write_piece(path: &Path, text: &str, append: bool) -> Result<(), PathError> {
    let failed = |operation| move |error| PathError::new(operation, path, error);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| PathError::new("mkdir", parent, error))?;
    }
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .append(append)
        .truncate(!append)
        .open(path)
        .map_err(failed("open"))?;
    file.write_all(text.as_bytes()).map_err(failed("write"))
}
