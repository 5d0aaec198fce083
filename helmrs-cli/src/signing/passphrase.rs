//! The passphrase of a key: out of a file, out of a pipe, or from whoever sits at the terminal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::path::Path;

use helmrs_core::path_error::{PathError, cause};
use rustix::fs::FileType;
use rustix::termios::{self, InputModes, LocalModes, OptionalActions, Termios};

use crate::error::CommandError;
use crate::printer::Printer;
use crate::quote::quote;

/// The longest line of a file that is read.
// Parity: Go, bufio/bufio.go: the size of a buffer, beyond which Helm does not look.
const LONGEST: u64 = 4096;

/// What unlocks a key. It is never shown.
pub(crate) struct Passphrase(Vec<u8>);

impl Passphrase {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The first line of a file; `-` stands for standard input, which must be a pipe.
// Parity: Helm, pkg/action/package.go, passphraseFileFetcher.
pub(crate) fn read(path: &str) -> Result<Passphrase, CommandError> {
    if path != "-" {
        let path = Path::new(path);
        let file = File::open(path).map_err(|error| PathError::new("open", path, error))?;
        return first_line(file)
            .map_err(|error| PathError::new("read", path, error))?
            .ok_or_else(|| CommandError::message("EOF"));
    }
    first_line(piped()?)?.ok_or_else(|| CommandError::message("EOF"))
}

/// All of a file but the line breaks at its end; `-` stands for standard input, which must be a pipe.
// Parity: Helm, pkg/cmd/plugin_package.go, passphraseFileFetcher.
pub(crate) fn read_whole(path: &str) -> Result<Passphrase, CommandError> {
    let whole = |from: &mut dyn Read| {
        let mut text = Vec::new();
        from.take(1 << 20).read_to_end(&mut text)?;
        while text.pop_if(|last| matches!(last, b'\r' | b'\n')).is_some() {}
        Ok(Passphrase(text))
    };
    if path == "-" {
        return Ok(whole(&mut piped()?)?);
    }
    let path = Path::new(path);
    let mut file = File::open(path).map_err(|error| PathError::new("open", path, error))?;
    let text = whole(&mut file);
    Ok(text.map_err(|error| PathError::new("read", path, error))?)
}

/// Standard input, if it is a pipe.
fn piped() -> Result<io::StdinLock<'static>, CommandError> {
    let stdin = io::stdin();
    let status = rustix::fs::fstat(stdin.as_fd()).map_err(io::Error::from)?;
    if FileType::from_raw_mode(status.st_mode) != FileType::Fifo {
        let text = "specified reading passphrase from stdin, without input on stdin";
        return Err(CommandError::message(text));
    }
    Ok(stdin.lock())
}

/// The first line without its end; none if there is nothing at all.
fn first_line(from: impl Read) -> io::Result<Option<Passphrase>> {
    let mut line = Vec::new();
    let count = BufReader::new(from.take(LONGEST)).read_until(b'\n', &mut line)?;
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) && (end == b'\n' || line.len() < count) {
            line.pop();
        }
    }
    Ok((count > 0).then_some(Passphrase(line)))
}

/// Asks at the terminal; what is typed is not shown.
// Parity: Helm, pkg/action/package.go, promptUser, and Go, x/term, ReadPassword.
pub(crate) fn ask(name: &str, printer: &Printer) -> Result<Passphrase, CommandError> {
    printer.data(format!("Password for key {} >  ", quote(name)))?;
    let typed = typed();
    printer.data("\n")?;
    typed
}

fn typed() -> Result<Passphrase, CommandError> {
    let silence = Silence::new().map_err(|error| CommandError::message(cause(&error)))?;
    let mut line = Vec::new();
    let mut stdin = io::stdin().lock();
    loop {
        let mut byte = [0];
        match stdin.read(&mut byte)? {
            0 if line.is_empty() => return Err(CommandError::message("EOF")),
            0 => break,
            _ => match byte[0] {
                b'\n' => break,
                b'\x08' => {
                    line.pop();
                }
                other => line.push(other),
            },
        }
    }
    drop(silence);
    Ok(Passphrase(line))
}

/// A terminal that shows nothing of what is typed, until it is dropped.
struct Silence(Termios);

impl Silence {
    fn new() -> io::Result<Self> {
        let stdin = io::stdin();
        let before = termios::tcgetattr(stdin.as_fd())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes |= LocalModes::ICANON | LocalModes::ISIG;
        silent.input_modes |= InputModes::ICRNL;
        termios::tcsetattr(stdin.as_fd(), OptionalActions::Now, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that went away needs nothing restored.
        let _ = termios::tcsetattr(io::stdin().as_fd(), OptionalActions::Now, &self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &[u8]) -> Option<Vec<u8>> {
        first_line(text).unwrap().map(|passphrase| passphrase.0)
    }

    #[test]
    fn only_the_first_line_counts_without_its_end() {
        assert_eq!(first(b"secret\nmore\n").unwrap(), b"secret");
        assert_eq!(first(b"secret\r\n").unwrap(), b"secret");
        assert_eq!(first(b"secret").unwrap(), b"secret");
        assert_eq!(first(b"secret\r").unwrap(), b"secret\r");
        assert_eq!(first(b"\n").unwrap(), b"");
        assert_eq!(first(b""), None);
    }
}
