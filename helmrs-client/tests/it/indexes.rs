//! Indexes are kept as catalogs beside them, and a catalog that is not the index's is never used.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use helmrs_client::download::repositories;
use helmrs_client::{Directories, chain};

/// Large enough to be kept.
fn index(version: &str) -> String {
    let entry = |chart| {
        format!(
            "  chart-{chart:03}:
  - name: chart-{chart:03}
    version: {version}
    urls:
    - https://charts.example.com/chart-{chart:03}-{version}.tgz
    description: A text as long as they are, which says little about the chart but takes its time to do so, word by word.
"
        )
    };
    let entries: String = (0..300).map(entry).collect();
    format!("apiVersion: v1\nentries:\n{entries}  odd:\n  - null\n")
}

struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    /// A folder with an index that was written a minute ago.
    fn with(text: &str) -> Self {
        let folder = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        folder.put(text, Duration::from_secs(60));
        folder
    }

    fn put(&self, text: &str, age: Duration) {
        fs::write(self.index(), text).unwrap();
        let file = File::options().write(true).open(self.index()).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }

    fn index(&self) -> PathBuf {
        self.folder.path().join("stable-index.yaml")
    }

    fn catalog(&self) -> PathBuf {
        self.folder.path().join("stable-index.catalog")
    }

    /// The newest version of a chart and how much is warned of, as a command of its own finds it.
    fn newest(&self) -> Result<(String, usize), String> {
        let directories = Directories {
            repository_cache: self.folder.path().to_path_buf(),
            ..Directories::default()
        };
        let read = repositories::read_cached_index(&directories, "stable");
        let (catalog, findings) = read.map_err(|error| chain(&error))?;
        let (version, _) = catalog
            .select("chart-007", "")
            .map_err(|error| chain(&error))?;
        Ok((version.version().to_owned(), findings.len()))
    }

    /// As if the index had been left alone for long when its catalog was made.
    fn settle(&self) {
        let file = File::options().write(true).open(self.catalog()).unwrap();
        let later = SystemTime::now() + Duration::from_secs(3);
        file.set_modified(later).unwrap();
    }
}

fn found(version: &str) -> Result<(String, usize), String> {
    Ok((version.to_owned(), 1))
}

#[test]
fn a_catalog_is_kept_and_used_without_the_index() {
    let folder = Folder::with(&index("1.0.0"));
    assert_eq!(folder.newest(), found("1.0.0"));
    // What lists something else and claims to be of this index shows that nobody looks at the index.
    let other = Folder::with(&index("2.0.0"));
    assert_eq!(other.newest(), found("2.0.0"));
    let (own, strange) = (
        fs::read(folder.catalog()).unwrap(),
        fs::read(other.catalog()).unwrap(),
    );
    let claim = [&own[..56], &strange[56..96], &own[96..128], &strange[128..]].concat();
    fs::write(folder.catalog(), &claim).unwrap();
    folder.settle();
    assert_eq!(folder.newest(), found("2.0.0"));
    assert!(
        claim == fs::read(folder.catalog()).unwrap(),
        "it stays as it was"
    );
}

#[test]
fn a_changed_index_is_read_anew() {
    let folder = Folder::with(&index("1.0.0"));
    assert_eq!(folder.newest(), found("1.0.0"));
    folder.settle();
    // Of the same length, and as old to the nanosecond.
    let modified = fs::metadata(folder.index()).unwrap().modified().unwrap();
    fs::write(folder.index(), index("2.0.0")).unwrap();
    let file = File::options().write(true).open(folder.index()).unwrap();
    file.set_modified(modified).unwrap();
    assert_eq!(folder.newest(), found("2.0.0"));
    folder.put(&index("10.0.0"), Duration::ZERO);
    assert_eq!(folder.newest(), found("10.0.0"));
    folder.put("apiVersion: v1\nentries: {}\n", Duration::ZERO);
    assert_eq!(folder.newest(), Err("no chart name found".to_owned()));
    fs::remove_file(folder.index()).unwrap();
    assert!(
        folder
            .newest()
            .unwrap_err()
            .ends_with("no such file or directory")
    );
}

#[test]
fn a_broken_index_is_an_error_whatever_lies_beside_it() {
    let folder = Folder::with(&index("1.0.0"));
    assert_eq!(folder.newest(), found("1.0.0"));
    folder.settle();
    let broken = index("1.0.0").replace("  odd:", "  chart-007:");
    folder.put(&broken, Duration::ZERO);
    let error = folder.newest().unwrap_err();
    assert!(error.contains("already set in map"), "{error}");
}

#[test]
fn a_catalog_that_is_not_right_is_written_anew() {
    let folder = Folder::with(&index("1.0.0"));
    assert_eq!(folder.newest(), found("1.0.0"));
    let right = fs::read(folder.catalog()).unwrap();
    let mut changed = right.clone();
    *changed.last_mut().unwrap() ^= 1;
    let mut huge = right.clone();
    huge[56..64].copy_from_slice(&u64::MAX.to_le_bytes());
    let mut newer = right.clone();
    newer[7] = 2;
    for wrong in [
        Vec::new(),
        right[..100].to_vec(),
        right[..right.len() - 1].to_vec(),
        [right.clone(), vec![0]].concat(),
        vec![0xff; right.len()],
        changed,
        huge,
        newer,
    ] {
        fs::write(folder.catalog(), &wrong).unwrap();
        folder.settle();
        assert_eq!(folder.newest(), found("1.0.0"));
        assert!(
            fs::read(folder.catalog()).unwrap() == right,
            "{} bytes",
            wrong.len()
        );
    }
}

#[test]
fn what_cannot_be_kept_is_found_all_the_same() {
    let folder = Folder::with(&index("1.0.0"));
    fs::create_dir(folder.catalog()).unwrap();
    assert_eq!(folder.newest(), found("1.0.0"));
    let small = Folder::with(
        "apiVersion: v1\nentries: {chart-007: [{name: chart-007, version: 1.0.0}, null]}\n",
    );
    assert_eq!(small.newest(), found("1.0.0"));
    assert!(!small.catalog().exists(), "it would not be worth it");
}

#[cfg(unix)]
#[test]
fn a_catalog_is_no_easier_to_read_than_its_index() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = Folder::with(&index("1.0.0"));
    fs::set_permissions(folder.index(), fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(folder.newest(), found("1.0.0"));
    assert_eq!(mode(&folder.catalog()), 0o600);
}
