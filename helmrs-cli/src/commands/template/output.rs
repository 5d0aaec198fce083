//! What a chart renders to, written into files.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use helmrs_client::folder;
use helmrs_core::engine::TERA_SUFFIX;
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
        let path = format!("{}/{}", directory.display(), file(&piece.path));
        write_piece(Path::new(&path), &piece.text, !begun.insert(path.clone()))?;
        invocation.printer.data(format!("wrote {path}\n"))?;
    }
    Ok(())
}

/// Writes hooks into files, behind what is there already.
// Parity: Helm, pkg/cmd/template.go: also behind what an earlier run has left.
pub(super) fn write_hooks(
    directory: &Path,
    pieces: &[Piece],
    invocation: &Invocation,
) -> Result<(), CommandError> {
    for piece in pieces {
        let path = format!("{}/{}", directory.display(), file(&piece.path));
        write_piece(Path::new(&path), &piece.text, Path::new(&path).exists())?;
        invocation.printer.data(format!("wrote {path}\n"))?;
    }
    Ok(())
}

/// The file that the documents of a template go to. Those of a template in Tera are no longer Tera, and kubectl reads files
/// only whose names say that they are YAML.
fn file(template: &str) -> Cow<'_, str> {
    let Some(written) = template.strip_suffix(TERA_SUFFIX) else {
        return Cow::Borrowed(template);
    };
    let known = [".yaml", ".yml", ".json"];
    if known.iter().any(|extension| written.ends_with(extension)) {
        Cow::Borrowed(written)
    } else {
        Cow::Owned(format!("{written}.yaml"))
    }
}

/// Cuts a manifest into the documents it was put together from; `folder` goes before all but the definitions.
pub(super) fn pieces(manifest: &str, definitions: &[String], folder: Option<&str>) -> Vec<Piece> {
    let mark = "---\n# Source: ";
    let Some(rest) = manifest.strip_prefix(mark) else {
        return Vec::new();
    };
    let rest = rest.strip_suffix('\n').unwrap_or(rest);
    rest.split(&format!("\n{mark}"))
        .map(|document| {
            let path = document.lines().next().unwrap_or_default();
            let text = format!("{mark}{document}\n");
            let path = match folder {
                Some(folder) if !definitions.iter().any(|known| known == path) => {
                    format!("{folder}/{path}")
                }
                _ => path.to_owned(),
            };
            Piece { path, text }
        })
        .collect()
}

fn write_piece(path: &Path, text: &str, append: bool) -> Result<(), PathError> {
    let failed = |operation| move |error| PathError::new(operation, path, error);
    if let Some(parent) = path.parent() {
        // Parity: Helm, pkg/action/action.go, ensureDirectoryForFile.
        match fs::metadata(parent) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(PathError::new("stat", parent, error));
            }
            _ => folder::make(parent)?,
        }
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
