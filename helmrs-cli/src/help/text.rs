//! Help for a person: as a terminal's width and colours allow, and in Helm's layout for whoever reads a pipe.

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthStr;

use super::page::{Example, FlagLine, Group, Page};
use super::prose::{self, Block};

/// How wide paragraphs are at most: longer lines are hard to read.
const WIDEST: usize = 100;
/// How wide paragraphs are where nobody knows the width.
const UNKNOWN: usize = 80;
/// How much space a column needs to be readable.
const ROOM: usize = 32;
/// Where the second column begins if there is no space for two of them.
const NARROW: usize = 8;
/// How long names of commands are taken to be at least.
const LONG_NAME: usize = 10;

const HEADING: Ansi = Ansi::new().bold().underline();
const LITERAL: Ansi = AnsiColor::Cyan.on_default();
const QUIET: Ansi = Ansi::new().dimmed();

/// What the reader can make of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// How wide lines may be; no flag's line is broken if it is unknown.
    pub(crate) width: Option<usize>,
    /// Whether colours can be shown.
    pub(crate) color: bool,
}

impl Style {
    fn paragraph(self) -> usize {
        self.width.unwrap_or(UNKNOWN).min(WIDEST)
    }

    /// A text in a style, if styles can be shown.
    fn paint(self, style: Ansi, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// The whole help.
pub(super) fn whole(page: &Page, style: Style) -> String {
    let mut writer = Writer::new(style);
    writer.wrapped("", &page.summary);
    for block in &page.description {
        writer.line("");
        writer.block(block);
    }
    if !page.variables.is_empty() {
        writer.heading("Environment variables");
        writer.rows("  ", &page.variables);
    }
    writer.line("");
    writer.usage(page);
    writer.text
}

/// The help from the usage line on.
pub(super) fn usage(page: &Page, style: Style) -> String {
    let mut writer = Writer::new(style);
    writer.usage(page);
    writer.text
}

struct Writer {
    style: Style,
    text: String,
}

impl Writer {
    fn new(style: Style) -> Self {
        Self {
            style,
            text: String::new(),
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A heading after an empty line.
    fn heading(&mut self, text: &str) {
        self.line("");
        self.first_heading(text);
    }

    fn first_heading(&mut self, text: &str) {
        let heading = self.style.paint(HEADING, &format!("{text}:"));
        self.line(&heading);
    }

    fn wrapped(&mut self, indent: &str, text: &str) {
        let width = self.style.paragraph().saturating_sub(indent.len());
        for line in prose::wrap(text, width) {
            self.line(&format!("{indent}{line}"));
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => self.wrapped("", text),
            Block::Lines(lines) => {
                for line in lines {
                    self.line(&format!("    {line}"));
                }
            }
            Block::List(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(term, detail)| match detail.as_str() {
                        "" => (format!("- {term}"), String::new()),
                        detail => (format!("- {term}:"), detail.to_owned()),
                    })
                    .collect();
                self.rows("", &entries);
            }
        }
    }

    /// Two columns; the second is broken into lines, the first never.
    fn rows(&mut self, indent: &str, rows: &[(String, String)]) {
        let longest = rows.iter().map(|(left, _)| left.width()).max();
        let column = self.column(indent.len() + longest.unwrap_or_default() + 2);
        for (left, right) in rows {
            let width = indent.len() + left.width();
            let left = self.style.paint(LITERAL, left);
            self.row(&format!("{indent}{left}"), width, right, column);
        }
    }

    /// Where a second column begins that would like to begin at `wanted`.
    fn column(&self, wanted: usize) -> usize {
        match self.style.width {
            None => wanted,
            Some(width) if width < 2 * ROOM => NARROW,
            Some(width) => wanted.min(width * 2 / 5),
        }
    }

    /// A label that takes up `width`, and what is said about it from `column` on.
    fn row(&mut self, label: &str, width: usize, about: &str, column: usize) {
        let Some(available) = self.style.width else {
            self.line(&format!(
                "{label}{:gap$}{about}",
                "",
                gap = column.saturating_sub(width)
            ));
            return;
        };
        let available = available.min(WIDEST + column);
        let mut lines = prose::wrap(about, available.saturating_sub(column)).into_iter();
        if width + 2 <= column {
            let first = lines.next().unwrap_or_default();
            self.line(&format!("{label}{:gap$}{first}", "", gap = column - width));
        } else {
            self.line(label);
        }
        for line in lines.filter(|line| !line.is_empty()) {
            self.line(&format!("{:column$}{line}", ""));
        }
    }

    fn usage(&mut self, page: &Page) {
        self.first_heading("Usage");
        self.line(&format!("  {}", page.usage));
        if !page.names.is_empty() {
            self.heading("Aliases");
            self.line(&format!("  {}", page.names.join(", ")));
        }
        if !page.examples.is_empty() {
            self.heading("Examples");
            page.examples
                .iter()
                .for_each(|example| self.example(example));
        }
        for (heading, commands) in &page.commands {
            if !commands.is_empty() {
                self.heading(heading);
                self.commands(page, commands);
            }
        }
        for group in page.flags.iter().chain(&page.global_flags) {
            self.flags(group);
        }
        if page
            .commands
            .iter()
            .any(|(_, commands)| !commands.is_empty())
        {
            self.line("");
            let text = format!(
                "'{} COMMAND --help' tells more about a command.",
                page.title()
            );
            self.wrapped("", &text);
        }
    }

    fn example(&mut self, example: &Example) {
        match example {
            Example::Blank => self.line(""),
            Example::Line(line) => self.line(&format!("  {line}")),
            Example::Comment(comment) => {
                let comment = self.style.paint(QUIET, &format!("# {comment}"));
                self.line(&format!("  {comment}"));
            }
        }
    }

    /// The commands of a group; those of all groups of a page are lined up with each other.
    fn commands(&mut self, page: &Page, commands: &[(String, String)]) {
        let all = page.commands.iter().flat_map(|(_, commands)| commands);
        let longest = all.map(|(name, _)| name.width()).max().unwrap_or_default();
        let column = self.column(longest.max(LONG_NAME) + 4);
        for (name, about) in commands {
            let label = format!("  {}", self.style.paint(LITERAL, name));
            self.row(&label, name.width() + 2, about, column);
        }
    }

    fn flags(&mut self, group: &Group) {
        self.heading(&group.heading);
        let widths = group
            .flags
            .iter()
            .map(|flag| label(flag, Style::default()).width());
        let column = self.column(widths.max().unwrap_or_default() + 3);
        for flag in &group.flags {
            let width = label(flag, Style::default()).width();
            let about = match &flag.default {
                Some(default) => format!("{} (default {default})", flag.about),
                None => flag.about.clone(),
            };
            self.row(&label(flag, self.style), width, &about, column);
        }
    }
}

/// A flag's names and the type of its value.
fn label(flag: &FlagLine, style: Style) -> String {
    let mut label = match flag.short {
        Some(short) => format!("  {}, ", style.paint(LITERAL, &format!("-{short}"))),
        None => "      ".to_owned(),
    };
    label.push_str(&style.paint(LITERAL, &format!("--{}", flag.name)));
    if !flag.kind.is_empty() {
        label.push(' ');
        label.push_str(&style.paint(QUIET, &flag.kind));
    }
    label
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;
    use crate::environment::Environment;
    use crate::flags::global::GlobalFlags;
    use crate::settings::EnvSettings;

    fn help(words: &[&str], style: Style) -> String {
        let root = crate::cli::model("helmrs");
        let mut path: Vec<&Command> = vec![&root];
        for word in words {
            path.push(path[path.len() - 1].find_subcommand(word).unwrap());
        }
        let environment = Environment::new(|name| (name == "HOME").then(|| "/home".to_owned()));
        let settings = EnvSettings::new(&environment, &GlobalFlags::default()).unwrap();
        whole(&Page::new(&path, &settings), style)
    }

    #[test]
    fn lines_fit_a_terminal_unless_they_are_to_be_copied() {
        for width in [50, 80, 120] {
            let style = Style {
                width: Some(width),
                color: false,
            };
            let text = help(&["rollback"], style);
            let long: Vec<_> = text.lines().filter(|line| line.width() > width).collect();
            assert!(long.is_empty(), "{width}: {long:#?}");
        }
    }

    #[test]
    fn a_pipe_gets_one_line_a_flag() {
        let text = help(&["install"], Style::default());
        let flag = text
            .lines()
            .find(|line| line.contains("--wait WaitStrategy"))
            .unwrap();
        assert!(flag.ends_with("(default hookOnly)"), "{flag}");
    }

    #[test]
    fn colours_are_all_there_is_to_tell_a_coloured_help_from_a_plain_one() {
        let width = Some(80);
        let plain = help(
            &["list"],
            Style {
                width,
                color: false,
            },
        );
        let colored = help(&["list"], Style { width, color: true });
        assert!(colored.contains('\x1b'));
        let stripped = anstream::adapter::strip_str(&colored).to_string();
        assert_eq!(stripped, plain);
    }
}
