//! The scripts themselves: text files with the program's name left open.

use crate::completion::{REQUEST, REQUEST_PLAIN};

/// A shell there is a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Bash,
    Fish,
    Power,
    Zsh,
}

/// The script that makes a shell complete lines of `program`.
pub(crate) fn script(shell: Shell, program: &str, descriptions: bool) -> String {
    let text = match shell {
        Shell::Bash => include_str!("script.bash"),
        Shell::Fish => include_str!("script.fish"),
        Shell::Power => include_str!("script.ps1"),
        Shell::Zsh => include_str!("script.zsh"),
    };
    let request = if descriptions { REQUEST } else { REQUEST_PLAIN };
    text.replace("@PROGRAM@", program)
        .replace("@REQUEST@", request)
}
