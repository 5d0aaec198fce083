//! Files only one process writes at a time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use helmrs_core::path_error::PathError;

use crate::folder;

/// How long to wait for another process.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// Why a file cannot be had to oneself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The lock cannot be opened.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Another process holds it for too long.
    #[error("context deadline exceeded")]
    TimedOut,
}

/// The sole right to write a file, until it is dropped.
#[derive(Debug)]
pub struct FileLock {
    file: File,
}

impl FileLock {
    /// Waits for the right to write `path`, which is kept in a file beside it.
    // Parity: Helm, pkg/cmd/repo_add.go: `repositories.yaml` is locked by `repositories.lock`.
    pub fn acquire(path: &Path) -> Result<Self, LockError> {
        let lock = lock_path(path);
        if let Some(parent) = lock.parent() {
            folder::make(parent)?;
        }
        let mut options = File::options();
        options.create(true).truncate(false).write(true).read(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&lock)
            .map_err(|error| PathError::new("open", &lock, error))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(fs::TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(PAUSE);
                }
                Err(fs::TryLockError::WouldBlock) => return Err(LockError::TimedOut),
                Err(fs::TryLockError::Error(error)) => {
                    return Err(PathError::new("flock", &lock, error).into());
                }
            }
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file gives the lock back, too.
        let _ = self.file.unlock();
    }
}

fn lock_path(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_lies_beside_the_file() {
        assert_eq!(
            lock_path(Path::new("/c/repositories.yaml")),
            Path::new("/c/repositories.lock")
        );
        assert_eq!(
            lock_path(Path::new("/c/repositories")),
            Path::new("/c/repositories.lock")
        );
    }

    #[test]
    fn a_lock_given_back_can_be_had_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.yaml");
        drop(FileLock::acquire(&path).unwrap());
        FileLock::acquire(&path).unwrap();
    }
}
