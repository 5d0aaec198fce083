//! Folders that one process works in at a time.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use helmrs_core::path_error::PathError;

use super::folder;
use crate::download::lock::LockError;

/// How long to wait for another process, which may be fetching something big.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// The sole right to work in a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct FolderLock {
    folder: File,
}

impl FolderLock {
    /// Waits for the right to work in a folder, which is made if it is not there. It is the folder itself that is locked:
    /// no file is left behind.
    pub(super) fn acquire(path: &Path) -> Result<Self, LockError> {
        folder::make(path)?;
        let opened = File::open(path);
        let folder = opened.map_err(|error| PathError::new("open", path, error))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match folder.try_lock() {
                Ok(()) => return Ok(Self { folder }),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Err(LockError::TimedOut),
                Err(TryLockError::Error(error)) => {
                    return Err(PathError::new("flock", path, error).into());
                }
            }
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing the folder gives the lock back, too.
        let _ = self.folder.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_locked_without_leaving_anything_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        let lock = FolderLock::acquire(&path).unwrap();
        assert!(File::open(&path).unwrap().try_lock().is_err());
        drop(lock);
        File::open(&path).unwrap().try_lock().unwrap();
        assert_eq!(std::fs::read_dir(&path).unwrap().count(), 0);
    }
}
