//! Failures of the file system, worded as Go words them.

use std::io;
use std::path::Path;

/// A failed operation on a path: `open prod.yaml: no such file or directory`.
#[derive(Debug, thiserror::Error)]
#[error("{operation} {path}: {}", cause(error))]
pub struct PathError {
    /// What was tried: `open`, `stat`, `lstat`, `read`.
    pub operation: &'static str,
    /// On what.
    pub path: String,
    /// What the operating system said; it is in this error's text already.
    error: io::Error,
}

impl PathError {
    /// Words a failure of `operation` on `path`.
    pub fn new(operation: &'static str, path: &Path, error: io::Error) -> Self {
        Self {
            operation,
            path: path.display().to_string(),
            error,
        }
    }

    /// Words a failure to read a whole file: a directory can be opened, but not be read.
    pub fn of_read(path: &Path, source: io::Error) -> Self {
        let operation = if source.kind() == io::ErrorKind::IsADirectory {
            "read"
        } else {
            "open"
        };
        Self::new(operation, path, source)
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> io::ErrorKind {
        self.error.kind()
    }
}

/// What the operating system says, in Go's words: lower case, without the number.
// Parity: Go, syscall/zerrors_linux_amd64.go.
pub fn cause(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory",
        io::ErrorKind::PermissionDenied if error.raw_os_error() == Some(1) => {
            "operation not permitted"
        }
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::AlreadyExists => "file exists",
        io::ErrorKind::IsADirectory => "is a directory",
        io::ErrorKind::NotADirectory => "not a directory",
        io::ErrorKind::DirectoryNotEmpty => "directory not empty",
        io::ErrorKind::UnexpectedEof => "unexpected EOF",
        _ => return lowered(&error.to_string()),
    };
    text.to_string()
}

/// Rust's text of a system error, `Too many levels of symbolic links (os error 40)`, as Go has it.
fn lowered(text: &str) -> String {
    let text = text.split(" (os error ").next().unwrap_or(text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_worded_as_go_does() {
        let error = PathError::new(
            "open",
            Path::new("prod.yaml"),
            io::Error::from_raw_os_error(2),
        );
        assert_eq!(
            error.to_string(),
            "open prod.yaml: no such file or directory"
        );
    }

    #[test]
    fn other_errors_lose_their_number() {
        assert_eq!(
            cause(&io::Error::from_raw_os_error(40)),
            "too many levels of symbolic links"
        );
    }
}
