//! Questions to the person at the terminal.
// Parity: Helm, pkg/cmd/registry_login.go, readLine.

use std::io::{self, BufRead};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::error::CommandError;
use crate::printer::Printer;

/// Asks for a line.
pub(crate) fn line(question: &str, printer: &Printer) -> Result<String, CommandError> {
    printer.data(question)?;
    read()
}

/// Asks for a line that nobody may see, which needs a terminal.
pub(crate) fn secret(question: &str, printer: &Printer) -> Result<String, CommandError> {
    printer.data(question)?;
    let answer = hidden()?;
    printer.data("\n")?;
    Ok(answer)
}

/// Reads a line without showing it.
pub(crate) fn hidden() -> Result<String, CommandError> {
    let _hidden = Hidden::start()?;
    read()
}

fn read() -> Result<String, CommandError> {
    let mut line = Vec::new();
    if io::stdin().lock().read_until(b'\n', &mut line)? == 0 {
        return Err(CommandError::message("EOF"));
    }
    let line = String::from_utf8_lossy(&line);
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden(Termios);

impl Hidden {
    fn start() -> Result<Self, CommandError> {
        let failed = |error: rustix::io::Errno| {
            let words = io::Error::from(error).to_string();
            // The operating system's words, as Go has them: in small letters, without the number.
            let words = words.split(" (os error").next().unwrap_or_default();
            CommandError::message(words.to_lowercase())
        };
        let before = tcgetattr(io::stdin()).map_err(failed)?;
        let mut hidden = before.clone();
        hidden.local_modes -= LocalModes::ECHO;
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden).map_err(failed)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // The terminal that could be changed is there no more.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
