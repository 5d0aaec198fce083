//! Paths as texts: what can be said of them without asking the file system.

use std::path::{Component, Path, PathBuf};

/// The shortest path that names the same file, judged by its text alone, as Go's `filepath.Clean`.
///
/// # Examples
///
/// ```
/// use std::path::Path;
/// use helmrs_core::path::clean;
///
/// assert_eq!(clean(Path::new("a/./b/../c//d/")), Path::new("a/c/d"));
/// ```
pub fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match cleaned.components().next_back() {
                Some(Component::Normal(_)) => {
                    cleaned.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                Some(Component::CurDir | Component::ParentDir) | None => cleaned.push(".."),
            },
            other => cleaned.push(other),
        }
    }
    if cleaned.as_os_str().is_empty() {
        cleaned.push(".");
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_removes_dots_and_what_dots_undo() {
        assert_eq!(clean(Path::new("a/./b/../c//d/")), Path::new("a/c/d"));
        assert_eq!(clean(Path::new("../a")), Path::new("../a"));
        assert_eq!(clean(Path::new("/../a")), Path::new("/a"));
        assert_eq!(clean(Path::new("a/..")), Path::new("."));
    }
}
