//! Help as a manual page: what `man` prints and `apropos` finds.
// See man(7) for the macros, groff(7) for what has to be escaped.

use std::fmt::Write;

use super::page::{Example, FlagLine, Group, Page};
use super::prose::{self, Block};

/// How wide lines of roff are; what is escaped makes them a little wider.
const WIDTH: usize = 70;

/// What the page is printed under.
pub(crate) struct Imprint<'a> {
    /// The program and its version.
    pub(crate) source: &'a str,
    /// When it was written, as `2026-11-30`; empty if that is of no interest.
    pub(crate) date: &'a str,
}

/// The page in roff; `related` are the names of pages to read next.
pub(crate) fn page(page: &Page, related: &[String], imprint: &Imprint<'_>) -> String {
    let mut roff = Roff::default();
    let name = page.words.join("-");
    roff.raw(&format!(
        ".TH {} 1 \"{}\" \"{}\" \"User Commands\"",
        quoted(&name.to_uppercase()),
        imprint.date,
        imprint.source
    ));
    // Words are not to be broken, nor lines to be filled up with spaces: there are command lines in them.
    roff.raw(".nh\n.ad l");
    roff.section("NAME");
    roff.text(&format!("{name} - {}", page.summary));
    roff.section("SYNOPSIS");
    synopsis(&mut roff, page);
    if !page.description.is_empty() {
        roff.section("DESCRIPTION");
        page.description.iter().for_each(|block| roff.block(block));
    }
    for (heading, commands) in &page.commands {
        if !commands.is_empty() {
            roff.section(&heading.to_uppercase());
            for (name, about) in commands {
                roff.entry(&bold(name), about);
            }
        }
    }
    for group in page.flags.iter().chain(&page.global_flags) {
        flags(&mut roff, group);
    }
    if !page.variables.is_empty() {
        roff.section("ENVIRONMENT");
        let entries = page.variables.iter();
        entries.for_each(|(name, about)| roff.entry(&bold(name), about));
    }
    if !page.examples.is_empty() {
        roff.section("EXAMPLES");
        roff.examples(&page.examples);
    }
    if !related.is_empty() {
        roff.section("SEE ALSO");
        let related: Vec<_> = related
            .iter()
            .map(|name| format!("{}(1)", bold(name)))
            .collect();
        roff.raw(&related.join(",\n"));
    }
    roff.0
}

fn synopsis(roff: &mut Roff, page: &Page) {
    let title = page.title();
    let rest = page.usage.strip_prefix(&title).unwrap_or_default();
    roff.raw(&format!("{}{}", bold(&title), escaped(rest)));
    for name in page.names.iter().skip(1) {
        let parent = page
            .words
            .split_last()
            .map_or(&[][..], |(_, parent)| parent);
        let words = [parent, std::slice::from_ref(name)].concat().join(" ");
        roff.raw(&format!(".br\n{}{}", bold(&words), escaped(rest)));
    }
}

fn flags(roff: &mut Roff, group: &Group) {
    let heading = match group.heading.as_str() {
        super::page::FLAGS => "OPTIONS".to_owned(),
        heading => heading.to_uppercase().replace("FLAGS", "OPTIONS"),
    };
    roff.section(&heading);
    for flag in &group.flags {
        let about = match &flag.default {
            Some(default) => format!("{}; {default} by default", flag.about),
            None => flag.about.clone(),
        };
        roff.entry(&label(flag), &about);
    }
}

fn label(flag: &FlagLine) -> String {
    let mut label = String::new();
    if let Some(short) = flag.short {
        label.push_str(&bold(&format!("-{short}")));
        label.push_str(", ");
    }
    label.push_str(&bold(&format!("--{}", flag.name)));
    if !flag.kind.is_empty() {
        let italic = format!(" \\fI{}\\fR", escaped(&flag.kind));
        label.push_str(&italic);
    }
    label
}

fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

/// A text none of whose characters mean anything to roff: hyphens stay ones that can be searched for and copied.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            character => escaped.push(character),
        }
    }
    escaped
}

/// A text as one argument of a macro.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('"', "\\(dq"))
}

/// The page as far as it is written.
#[derive(Default)]
struct Roff(String);

impl Roff {
    /// Lines of roff.
    fn raw(&mut self, lines: &str) {
        self.0.push_str(lines);
        self.0.push('\n');
    }

    /// The start of a paragraph; a section starts with one by itself.
    fn paragraph(&mut self) {
        let last = self.0.trim_end().lines().next_back();
        if !last.is_some_and(|line| line.starts_with(".SH")) {
            self.raw(".PP");
        }
    }

    /// A text, broken into lines that are easy to compare.
    fn text(&mut self, text: &str) {
        for line in prose::wrap(text, WIDTH) {
            self.line(&line);
        }
    }

    /// A line of text; a dot at its start would make it a macro.
    fn line(&mut self, line: &str) {
        let line = escaped(line);
        let guard = if line.starts_with('.') { "\\&" } else { "" };
        writeln!(self.0, "{guard}{line}").expect("writing to a string cannot fail");
    }

    fn section(&mut self, name: &str) {
        self.raw(&format!(".SH {}", quoted(name)));
    }

    /// A label, in roff, and an indented text about it.
    fn entry(&mut self, label: &str, about: &str) {
        self.raw(".TP");
        self.raw(label);
        self.text(about);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => {
                self.paragraph();
                self.text(text);
            }
            Block::Lines(lines) => {
                self.paragraph();
                self.raw(".RS 4\n.nf");
                for line in lines {
                    self.verbatim(line);
                }
                self.raw(".fi\n.RE");
            }
            Block::List(entries) => {
                for (term, detail) in entries {
                    if detail.is_empty() {
                        self.raw(".IP \\(bu 2");
                        self.text(term);
                    } else {
                        self.entry(&escaped(term), detail);
                    }
                }
            }
        }
    }

    /// A line that is not filled; an empty one would be a macro's end to some.
    fn verbatim(&mut self, line: &str) {
        if line.is_empty() {
            self.raw(".sp");
        } else {
            self.line(line);
        }
    }

    fn examples(&mut self, examples: &[Example]) {
        let mut inside = false;
        for example in examples {
            if let Example::Line(line) = example {
                if !inside {
                    self.paragraph();
                    self.raw(".RS 4\n.nf");
                }
                inside = true;
                self.verbatim(line);
                continue;
            }
            if std::mem::take(&mut inside) {
                self.raw(".fi\n.RE");
            }
            if let Example::Comment(comment) = example {
                self.paragraph();
                self.text(&format!("{comment}:"));
            }
        }
        if inside {
            self.raw(".fi\n.RE");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_means_anything_to_roff() {
        let mut roff = Roff::default();
        roff.text(".TH 'a' \\x --b `c`");
        assert_eq!(roff.0, "\\&.TH \\(aqa\\(aq \\ex \\-\\-b \\(gac\\(ga\n");
    }

    #[test]
    fn examples_are_lines_under_their_comments() {
        let mut roff = Roff::default();
        roff.examples(&[
            Example::Comment("do it".to_owned()),
            Example::Line("helmrs x".to_owned()),
            Example::Blank,
        ]);
        assert_eq!(roff.0, ".PP\ndo it:\n.PP\n.RS 4\n.nf\nhelmrs x\n.fi\n.RE\n");
    }
}
