//! What is checked: a chart's directory, or the files of its archive.

use std::path::{Path, PathBuf};

use crate::chart::{self, CHART_FILE, Chart, File, LoadError, SCHEMA_FILE, VALUES_FILE};
use crate::finding::Finding;
use crate::path_error::PathError;

/// A chart as it lies there, well formed or not.
#[derive(Debug)]
pub struct Source {
    /// The chart's directory; messages name it.
    pub(super) directory: PathBuf,
    pub(super) chart_file: Look,
    pub(super) values_file: Look,
    pub(super) schema_file: Look,
    pub(super) templates: Place,
    pub(super) crds: Place,
    pub(super) loaded: Result<Chart, LoadError>,
    /// What is worth telling of the chart's files, each time a rule loads it.
    pub(super) findings: Vec<Finding>,
}

/// What a look at a file showed.
#[derive(Debug)]
pub(super) enum Look {
    Missing,
    /// A directory stands there, or the file cannot be read.
    Unreadable {
        is_directory: bool,
        error: PathError,
    },
    File(Vec<u8>),
}

/// What a look at a folder showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Missing,
    File,
    Directory,
}

impl Source {
    /// Looks at a directory.
    pub fn of_directory(directory: &Path) -> Result<Self, LoadError> {
        let directory = chart::absolute(directory)?;
        let look = |name: &str| {
            let path = directory.join(name);
            match chart::read_file(&path) {
                Ok(data) => Look::File(data),
                Err(_) if !path.exists() => Look::Missing,
                Err(error) => Look::Unreadable {
                    is_directory: path.is_dir(),
                    error,
                },
            }
        };
        let folder = |name: &str| match directory.join(name) {
            path if path.is_dir() => Place::Directory,
            path if path.exists() => Place::File,
            _ => Place::Missing,
        };
        let mut findings = Vec::new();
        Ok(Self {
            chart_file: look(CHART_FILE),
            values_file: look(VALUES_FILE),
            schema_file: look(SCHEMA_FILE),
            templates: folder("templates"),
            crds: folder("crds"),
            loaded: chart::load_any_directory(&directory, &mut findings),
            findings,
            directory,
        })
    }

    /// Looks at the files of an archive as if they had been unpacked into a directory.
    pub fn of_files(directory: &Path, files: Vec<File>) -> Self {
        let look = |name: &str| {
            let file = files.iter().rev().find(|file| file.name == name);
            file.map_or(Look::Missing, |file| Look::File(file.data.to_vec()))
        };
        let folder = |name: &str| {
            let within = |file: &File| {
                file.name
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('/'))
            };
            match (
                files.iter().any(within),
                files.iter().any(|file| file.name == name),
            ) {
                (true, _) => Place::Directory,
                (false, true) => Place::File,
                (false, false) => Place::Missing,
            }
        };
        let mut findings = Vec::new();
        Self {
            directory: directory.to_path_buf(),
            chart_file: look(CHART_FILE),
            values_file: look(VALUES_FILE),
            schema_file: look(SCHEMA_FILE),
            templates: folder("templates"),
            crds: folder("crds"),
            loaded: chart::load_files(files, &mut findings),
            findings,
        }
    }
}
