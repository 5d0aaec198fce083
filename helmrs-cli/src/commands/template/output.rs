//! What a chart renders to, written into files.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path};

use helmrs_client::folder;
use helmrs_core::chart::Chart;
use helmrs_core::engine::TERA_SUFFIX;
use helmrs_core::path_error::PathError;
use helmrs_core::release::Release;
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
///
/// Definitions and failed renders are in the manifest as the chart wrote them, so that a chart may have written a line like
/// those that begin documents: one that names no file of the chart is text.
pub(super) fn pieces(
    release: &Release,
    definitions: &[String],
    folder: Option<&str>,
) -> Vec<Piece> {
    const MARK: &str = "---\n# Source: ";
    let manifest = release.manifest.as_str();
    let chart = release.chart.as_ref().map_or("", Chart::name);
    let mut pieces: Vec<Piece> = Vec::new();
    let Some(rest) = manifest.strip_prefix(MARK) else {
        return pieces;
    };
    let rest = rest.strip_suffix('\n').unwrap_or(rest);
    for document in rest.split(&format!("\n{MARK}")) {
        let path = document.lines().next().unwrap_or_default();
        let text = format!("{MARK}{document}\n");
        match pieces.last_mut() {
            Some(piece) if !is_of_chart(path, chart) => piece.text.push_str(&text),
            _ => pieces.push(Piece {
                path: path.to_owned(),
                text,
            }),
        }
    }
    for piece in &mut pieces {
        if let Some(folder) = folder.filter(|_| !definitions.contains(&piece.path)) {
            piece.path.insert_str(0, &format!("{folder}/"));
        }
    }
    pieces
}

/// Whether a path leads to where files of a chart are, and nowhere else.
fn is_of_chart(path: &str, chart: &str) -> bool {
    let mut steps = Path::new(path).components();
    steps.next() == Some(Component::Normal(chart.as_ref()))
        && steps.all(|step| matches!(step, Component::Normal(_)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_chart_leads_out_of_the_directory() {
        let mut chart = Chart::default();
        chart.metadata.name = "web".to_owned();
        let forged = "a: b\n---\n# Source: ../escaped.txt\nevil: 1\n---\n# Source: /etc/x\nevil: 2";
        let release = Release {
            chart: Some(chart),
            manifest: format!(
                "---\n# Source: web/crds/x.yaml\n{forged}\n---\n# Source: web/templates/y.yaml\nc: d\n"
            ),
            ..Release::default()
        };
        let pieces = pieces(&release, &["web/crds/x.yaml".to_owned()], Some("r"));
        let paths: Vec<&str> = pieces.iter().map(|piece| piece.path.as_str()).collect();
        assert_eq!(paths, ["web/crds/x.yaml", "r/web/templates/y.yaml"]);
        assert!(pieces[0].text.ends_with("# Source: /etc/x\nevil: 2\n"));
    }
}
