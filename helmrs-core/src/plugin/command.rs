//! The program and the words for it: the right command for a platform, its variables filled in.

use super::runtime::PlatformCommand;

/// What a command has to fit, in Go's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform<'p> {
    /// The operating system: `linux`, `darwin`.
    pub os: &'p str,
    /// The architecture: `amd64`, `arm64`.
    pub arch: &'p str,
}

/// A program and the words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The program: a path, or a name to look for.
    pub program: String,
    /// The words for it.
    pub args: Vec<String>,
}

/// No command fits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no plugin command is applicable")]
pub struct PrepareError;

/// Chooses the command for a platform and fills in variables, of its words only if `expand_args` says so.
///
/// # Examples
///
/// ```
/// use helmrs_core::plugin::{Platform, PlatformCommand, prepare};
///
/// let command = |os: &str, command: &str| PlatformCommand {
///     os: os.to_owned(),
///     command: command.to_owned(),
///     ..PlatformCommand::default()
/// };
/// let commands = [command("", "any"), command("linux", "$DIR/run -v")];
/// let platform = Platform { os: "linux", arch: "amd64" };
/// let prepared = prepare(&commands, platform, true, &|name| format!("<{name}>"))?;
/// assert_eq!((prepared.program.as_str(), prepared.args), ("<DIR>/run", vec!["-v".to_owned()]));
/// # Ok::<(), helmrs_core::plugin::PrepareError>(())
/// ```
///
/// # Errors
///
/// If there is no command for the platform.
// Parity: Helm, internal/plugin/subprocess_commands.go, PrepareCommands.
pub fn prepare(
    commands: &[PlatformCommand],
    platform: Platform<'_>,
    expand_args: bool,
    variable: &dyn Fn(&str) -> String,
) -> Result<Prepared, PrepareError> {
    let chosen = choose(commands, platform).ok_or(PrepareError)?;
    let mut words = chosen.command.split(' ');
    let program = words
        .next()
        .filter(|word| !word.is_empty())
        .ok_or(PrepareError)?;
    let args = words.chain(chosen.args.iter().map(String::as_str));
    Ok(Prepared {
        program: expand(program, variable),
        args: args
            .map(|word| {
                if expand_args {
                    expand(word, variable)
                } else {
                    word.to_owned()
                }
            })
            .collect(),
    })
}

/// The command that fits best: one for both, else one for the system, else one for any.
// Parity: Helm, internal/plugin/subprocess_commands.go, getPlatformCommand.
fn choose<'c>(
    commands: &'c [PlatformCommand],
    platform: Platform<'_>,
) -> Option<&'c PlatformCommand> {
    let is_system = |command: &&PlatformCommand| command.os.eq_ignore_ascii_case(platform.os);
    let exact = commands
        .iter()
        .filter(is_system)
        .find(|command| command.arch.eq_ignore_ascii_case(platform.arch));
    let mut open = commands.iter().filter(|command| command.arch.is_empty());
    exact
        .or_else(|| open.clone().find(is_system))
        .or_else(|| open.find(|command| command.os.is_empty()))
}

/// Fills in `$NAME` and `${NAME}`.
// Parity: Go, os/env.go, Expand: what is no name after `$` is kept, what is no name in braces is dropped.
pub fn expand(text: &str, variable: &dyn Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = &from[1..];
        if after.is_empty() {
            out.push('$');
            return out;
        }
        let (name, width) = shell_name(after);
        match (name, width) {
            ("", 0) => out.push('$'),
            ("", _) => {}
            (name, _) => out.push_str(&variable(name)),
        }
        rest = &after[width..];
    }
    out.push_str(rest);
    out
}

/// The name that a text starts with, and how many bytes it takes with its braces.
fn shell_name(text: &str) -> (&str, usize) {
    let bytes = text.as_bytes();
    let is_special = |byte: &u8| b"*#$@!?-0123456789".contains(byte);
    if bytes[0] == b'{' {
        if bytes.len() > 2 && is_special(&bytes[1]) && bytes[2] == b'}' {
            return (&text[1..2], 3);
        }
        return match text.find('}') {
            Some(1) => ("", 2),
            Some(end) => (&text[1..end], end + 1),
            None => ("", 1),
        };
    }
    if is_special(&bytes[0]) {
        return (&text[..1], 1);
    }
    let is_name = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
    let width = bytes.iter().take_while(|byte| is_name(byte)).count();
    (&text[..width], width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(os: &str, arch: &str, command: &str) -> PlatformCommand {
        PlatformCommand {
            os: os.to_owned(),
            arch: arch.to_owned(),
            command: command.to_owned(),
            args: Vec::new(),
        }
    }

    fn chosen(commands: &[PlatformCommand]) -> Option<String> {
        let platform = Platform {
            os: "linux",
            arch: "amd64",
        };
        let prepared = prepare(commands, platform, true, &|_| String::new());
        prepared.ok().map(|prepared| prepared.program)
    }

    #[test]
    fn the_nearest_command_is_taken() {
        let any = command("", "", "any");
        let system = command("Linux", "", "system");
        let both = command("linux", "AMD64", "both");
        let other = command("windows", "", "other");
        let lone = command("", "amd64", "lone");
        let all = [any.clone(), system.clone(), both];
        assert_eq!(chosen(&all).as_deref(), Some("both"));
        assert_eq!(chosen(&[any.clone(), system]).as_deref(), Some("system"));
        assert_eq!(chosen(&[other.clone(), any]).as_deref(), Some("any"));
        assert_eq!(chosen(&[other, lone]), None);
        assert_eq!(chosen(&[command("", "", " x")]), None);
    }

    #[test]
    fn variables_are_filled_in_as_go_does() {
        let expanded = |text: &str| expand(text, &|name| format!("[{name}]"));
        assert_eq!(expanded("a $B_1/c ${D e}f"), "a [B_1]/c [D e]f");
        assert_eq!(expanded("$1x $$ ${@} $"), "[1]x [$] [@] $");
        assert_eq!(expanded("${} ${x $é $"), " x $é $");
    }
}
