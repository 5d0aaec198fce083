//! Help, in the layout of cobra's, from the clap model.

use std::fmt::Write;

use clap::Command;

use crate::cli;
use crate::cli::flag::{Flag, Operand};
use crate::environment::VARIABLES;
use crate::settings::EnvSettings;

/// What stands for the program's name in doc comments.
const PROGRAM: &str = "{program}";

/// The help of the command at the end of `path`.
pub(crate) fn help(path: &[&Command], settings: &EnvSettings) -> String {
    let command = path[path.len() - 1];
    let program = path[0].get_name();
    let mut text = String::new();
    let about = command.get_long_about().or(command.get_about());
    if let Some(about) = about {
        let about = about.to_string().replace(PROGRAM, program);
        write(&mut text, format_args!("{}\n", about.trim()));
    }
    if path.len() == 1 {
        variables(&mut text);
    }
    text.push('\n');
    text.push_str(&usage(path, settings));
    text
}

/// The part of the help from the usage line on.
pub(crate) fn usage(path: &[&Command], settings: &EnvSettings) -> String {
    let command = path[path.len() - 1];
    let mut text = format!("Usage:\n  {}\n", cli::usage(path));
    aliases(&mut text, command);
    if let Some(examples) = command.get_after_help() {
        let examples = examples.to_string().replace(PROGRAM, path[0].get_name());
        write(&mut text, format_args!("\nExamples:\n{examples}\n"));
    }
    commands(&mut text, command);
    let mut own = vec![Line::help(command.get_name())];
    own.extend(lines(command, settings));
    if path.len() == 1 {
        flags(&mut text, "Flags", own);
    } else {
        flags(&mut text, "Flags", own);
        flags(
            &mut text,
            "Global Flags",
            lines(path[0], settings).collect(),
        );
    }
    if command.has_subcommands() {
        let words = cli::words(path);
        write(
            &mut text,
            format_args!(
                "\nUse \"{words} [command] --help\" for more information about a command.\n"
            ),
        );
    }
    text
}

fn write(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments)
        .expect("writing to a string cannot fail");
}

fn variables(text: &mut String) {
    let shown = || {
        VARIABLES
            .iter()
            .filter(|variable| !variable.about.is_empty())
    };
    let width = shown()
        .map(|variable| variable.name.len())
        .max()
        .unwrap_or_default();
    text.push_str("\nEnvironment variables:\n\n");
    for variable in shown() {
        write(
            text,
            format_args!("  ${:width$}  {}\n", variable.name, variable.about),
        );
    }
}

fn aliases(text: &mut String, command: &Command) {
    let names: Vec<_> = std::iter::once(command.get_name())
        .chain(command.get_visible_aliases())
        .collect();
    if names.len() > 1 {
        write(text, format_args!("\nAliases:\n  {}\n", names.join(", ")));
    }
}

fn commands(text: &mut String, command: &Command) {
    let mut rows: Vec<(&str, String)> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| {
            (
                command.get_name(),
                command
                    .get_about()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    rows.sort_unstable();
    let width = rows
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default()
        .max(11);
    text.push_str("\nAvailable Commands:\n");
    for (name, about) in rows {
        write(text, format_args!("  {name:width$} {about}\n"));
    }
}

/// One flag, ready to be lined up.
struct Line {
    name: String,
    left: String,
    about: String,
}

impl Line {
    fn help(command: &str) -> Self {
        Self {
            name: "help".to_owned(),
            left: "  -h, --help".to_owned(),
            about: format!("help for {command}"),
        }
    }

    fn new(flag: Flag<'_>, settings: &EnvSettings) -> Self {
        let short = flag
            .0
            .get_short()
            .map_or_else(|| "    ".to_owned(), |short| format!("-{short}, "));
        let mut left = format!("  {short}--{}", flag.name());
        if !flag.type_name().is_empty() {
            write(&mut left, format_args!(" {}", flag.type_name()));
        }
        let mut about = flag.about().replace('\n', " ");
        if let Some(default) = default(flag, settings) {
            write(&mut about, format_args!(" (default {default})"));
        }
        Self {
            name: flag.name().to_owned(),
            left,
            about,
        }
    }
}

fn lines<'a>(command: &'a Command, settings: &'a EnvSettings) -> impl Iterator<Item = Line> + 'a {
    Flag::all(command)
        .filter(|flag| !flag.0.is_hide_set())
        .map(|flag| Line::new(flag, settings))
}

/// A flag's default: its own, or what the environment makes of it.
fn default(flag: Flag<'_>, settings: &EnvSettings) -> Option<String> {
    let own = flag.default();
    if own.is_some() || flag.operand() == Operand::Switch {
        return own;
    }
    settings.flag_default(flag.name())
}

fn flags(text: &mut String, heading: &str, mut lines: Vec<Line>) {
    lines.sort_by(|left, right| left.name.cmp(&right.name));
    let width = lines
        .iter()
        .map(|line| line.left.len())
        .max()
        .unwrap_or_default();
    write(text, format_args!("\n{heading}:\n"));
    for line in lines {
        write(
            text,
            format_args!("{:width$}   {}\n", line.left, line.about),
        );
    }
}
