//! `repo index`.

use std::path::{Path, PathBuf};

use clap::Args;
use helmrs_client::download::cache::place_atomically;
use helmrs_core::chart::{self, Metadata};
use helmrs_core::finding::Finding;
use helmrs_core::path_error::PathError;
use helmrs_core::repository::{self, IndexFile};
use helmrs_core::yaml;
use helmrs_gotemplate::stack;

use crate::charts;
use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::progress;

/// Write the index of a directory of archives
///
/// Writes index.yaml into the directory: it lists the archives there, so that the directory can be served as a
/// repository. With --merge, entries of another index are kept unless the directory has the same version.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[DIR]",
    after_help = "\
# Index archives that will be served at a URL
{program} repo index dist --url https://example.com/charts

# Add them to the index that is served already
{program} repo index dist --url https://example.com/charts --merge old/index.yaml"
)]
pub(crate) struct IndexArgs {
    /// directory of archives
    directory: String,
    /// write JSON into the index file
    #[arg(long)]
    json: bool,
    /// index whose entries are kept
    #[arg(long, value_name = "string")]
    merge: Option<String>,
    /// where the archives will be served
    #[arg(long, value_name = "string")]
    url: Option<String>,
}

// Parity: Helm, pkg/cmd/repo_index.go.
pub(crate) fn run(args: &IndexArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let directory = charts::absolute(Path::new(&args.directory))?;
    let now = invocation.context().now();
    let mut index = index(
        &directory,
        args.url.as_deref().unwrap_or_default(),
        invocation,
    )?;
    if let Some(path) = args.merge.as_deref().filter(|path| !path.is_empty()) {
        let path = Path::new(path);
        if std::fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        {
            write(path, &IndexFile::new(now), args.json)?;
        } else {
            let failed = |error: &dyn std::error::Error| {
                CommandError::message(format!("merge failed: {}", chain(error)))
            };
            let text =
                std::fs::read(path).map_err(|error| failed(&PathError::of_read(path, error)))?;
            let (other, findings) =
                IndexFile::read(&text, &path.to_string_lossy()).map_err(|error| failed(&error))?;
            progress::findings(&findings, &invocation.printer);
            index.merge(other);
        }
    }
    index.sort();
    write(&directory.join("index.yaml"), &index, args.json)
}

/// An index of the archives in a directory and in the directories within it.
// Parity: Helm, pkg/repo/v1/index.go, IndexDirectory: what is no chart is passed over.
fn index(directory: &Path, url: &str, invocation: &Invocation) -> Result<IndexFile, CommandError> {
    let now = invocation.context().now();
    let mut index = IndexFile::new(now);
    let archives = archives(directory);
    for ((archive, folder), (read, findings)) in archives.iter().zip(read_all(&archives)) {
        progress::findings(&findings, &invocation.printer);
        let Some((metadata, digest)) = read? else {
            continue;
        };
        let file = archive
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let base = match (url, folder.as_str()) {
            ("", folder) => folder.to_owned(),
            (url, "") => url.to_owned(),
            (url, folder) => repository::join_url(url, &[folder]),
        };
        let added = index.add(metadata, &file, &base, digest, now);
        added.map_err(|error| {
            CommandError::message(format!(
                "failed adding to {file} to index: {}",
                chain(&error)
            ))
        })?;
    }
    Ok(index)
}

/// What an archive is a chart of, and its digest, nothing if it is none; and what is worth telling.
type Read = (Result<Option<(Metadata, String)>, PathError>, Vec<Finding>);

/// Reads archives, on as many threads as there are processors.
fn read_all(archives: &[(PathBuf, String)]) -> Vec<Read> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = archives.len().div_ceil(threads).max(WORTH_A_THREAD);
    if archives.len() <= share {
        return archives.iter().map(|(path, _)| read(path)).collect();
    }
    let read_share = |share: &[(PathBuf, String)]| -> Vec<Read> {
        stack::with_room(|| share.iter().map(|(path, _)| read(path)).collect())
    };
    std::thread::scope(|scope| {
        let shares = archives.chunks(share);
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(move || read_share(share)))
            .collect();
        let read = threads.into_iter().flat_map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        read.collect()
    })
}

/// How many archives are read sooner than a thread could have begun.
const WORTH_A_THREAD: usize = 16;

fn read(archive: &Path) -> Read {
    let mut findings = Vec::new();
    (read_chart(archive, &mut findings), findings)
}

fn read_chart(
    archive: &Path,
    findings: &mut Vec<Finding>,
) -> Result<Option<(Metadata, String)>, PathError> {
    let bytes = match std::fs::read(archive) {
        Ok(bytes) => bytes,
        // A directory that is called like an archive can be a chart, and has no digest.
        Err(error) => {
            return match chart::load_any(archive, findings) {
                Ok(_) => Err(PathError::of_read(archive, error)),
                Err(_) => Ok(None),
            };
        }
    };
    let Ok(chart) = chart::load_archive(&bytes, findings) else {
        return Ok(None);
    };
    let digest = repository::digest(&bytes);
    Ok(Some((chart.metadata, digest)))
}

/// The archives of a directory, and those one level below, with the name of the directory each is in.
fn archives(directory: &Path) -> Vec<(PathBuf, String)> {
    let is_archive = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "tgz");
    let here = entries(directory);
    let mut found: Vec<_> = here
        .iter()
        .filter(|path| is_archive(path))
        .map(|path| (path.clone(), String::new()))
        .collect();
    for folder in here.iter().filter(|path| path.is_dir()) {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        found.extend(
            entries(folder)
                .into_iter()
                .filter(is_archive)
                .map(|path| (path, name.clone())),
        );
    }
    found
}

/// What is in a directory, sorted by name.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

fn write(path: &Path, index: &IndexFile, json: bool) -> Result<(), CommandError> {
    let text = if json {
        yaml::json::to_json_typed_pretty(index, "  ")?
    } else {
        yaml::to_yaml(&yaml::to_value(index)?)?.into_bytes()
    };
    // A directory that is not there is not made for the sake of an index of nothing.
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    if let Some(error) = folder.and_then(|folder| std::fs::metadata(folder).err()) {
        return Err(PathError::new("open", path, error).into());
    }
    place_atomically(path, &text, 0o644)?;
    Ok(())
}
