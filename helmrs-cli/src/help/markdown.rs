//! Help as a document in Markdown.

use std::fmt::Write;

use super::page::{Example, Group, Page};
use super::prose::Block;

/// A document to read next: its name, its file and what it is about.
pub(crate) type Related = (String, String, String);

/// The page as a document.
pub(crate) fn page(page: &Page, related: &[Related]) -> String {
    let mut document = Document::default();
    document.part(&format!("## {}", page.title()));
    document.part(&text(&page.summary));
    page.description
        .iter()
        .for_each(|block| document.block(block));
    document.part(&code(&page.usage));
    if !page.names.is_empty() {
        document.part(&format!("Also called: {}", page.names[1..].join(", ")));
    }
    if !page.examples.is_empty() {
        document.part("### Examples");
        document.part(&code(&examples(&page.examples)));
    }
    for (heading, commands) in page.commands.iter().filter(|(_, rows)| !rows.is_empty()) {
        document.part(&format!("### {heading}"));
        document.part(&table("command", commands));
    }
    for group in page.flags.iter().chain(&page.global_flags) {
        document.part(&format!("### {}", group.heading));
        document.part(&flags(group));
    }
    if !page.variables.is_empty() {
        document.part("### Environment variables");
        document.part(&table("variable", &page.variables));
    }
    if !related.is_empty() {
        document.part("### See also");
        let lines = related
            .iter()
            .map(|(name, file, about)| format!("- [{name}]({file}): {}", text(about)));
        document.part(&lines.collect::<Vec<_>>().join("\n"));
    }
    document.0
}

/// What is written so far: parts with empty lines between them.
#[derive(Default)]
struct Document(String);

impl Document {
    fn part(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        writeln!(self.0, "{text}").expect("writing to a string cannot fail");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(paragraph) => self.part(&text(paragraph)),
            Block::Lines(lines) => self.part(&code(&lines.join("\n"))),
            Block::List(entries) => {
                let lines = entries.iter().map(|(term, detail)| match detail.as_str() {
                    "" => format!("- {}", text(term)),
                    detail => format!("- {}: {}", text(term), text(detail)),
                });
                self.part(&lines.collect::<Vec<_>>().join("\n"));
            }
        }
    }
}

fn code(text: &str) -> String {
    format!("```\n{text}\n```")
}

fn examples(examples: &[Example]) -> String {
    let lines = examples.iter().map(|example| match example {
        Example::Comment(comment) => format!("# {comment}"),
        Example::Line(line) => line.clone(),
        Example::Blank => String::new(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn table(what: &str, rows: &[(String, String)]) -> String {
    let mut table = format!("| {what} | |\n|---|---|");
    for (name, about) in rows {
        write!(table, "\n| `{}` | {} |", cell(name), cell(&text(about)))
            .expect("writing to a string cannot fail");
    }
    table
}

fn flags(group: &Group) -> String {
    let mut table = "| flag | value | default | |\n|---|---|---|---|".to_owned();
    for flag in &group.flags {
        let short = flag.short.map(|short| format!("`-{short}`, "));
        let marked = |text: &str| match text {
            "" => String::new(),
            text => format!("`{}`", cell(text)),
        };
        write!(
            table,
            "\n| {}`--{}` | {} | {} | {} |",
            short.unwrap_or_default(),
            flag.name,
            marked(&flag.kind),
            marked(flag.default.as_deref().unwrap_or_default()),
            cell(&text(&flag.about)),
        )
        .expect("writing to a string cannot fail");
    }
    table
}

/// A text none of whose characters mean anything to Markdown.
fn text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']') {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

/// A text as part of a table's row.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
