//! `docs`: this help as files.

use std::path::Path;
use std::str::FromStr;

use clap::{Args, Command};
use helmrs_core::path_error::PathError;
use helmrs_core::time::Time;
use helmrs_gotemplate::Ambient;

use super::completion::script::{Shell, script};
use crate::ambient::Machine;
use crate::charts;
use crate::environment::Environment;
use crate::error::CommandError;
use crate::flags::global::GlobalFlags;
use crate::help::manual::{self, Imprint};
use crate::help::markdown;
use crate::help::page::{self, Page};
use crate::invocation::Invocation;
use crate::settings::EnvSettings;

/// Write the help of every command into files
///
/// Writes one file a command: manual pages for man, or documents in Markdown. The defaults in them are those of a home
/// directory called $HOME, so that the files are the same wherever they are written. The third kind of document is the
/// script that completes command lines in bash.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Write manual pages
{program} docs --type man --dir man/man1

# Write documents for a website that wants a title in each
{program} docs --dir site/commands --generate-headers"
)]
pub(crate) struct DocsArgs {
    /// directory to write files into
    #[arg(long, value_name = "string", default_value = "./")]
    dir: String,
    /// begin each Markdown document with its title between dashes
    #[arg(long)]
    generate_headers: bool,
    /// what to write: markdown, man or bash
    #[arg(long = "type", value_name = "string", default_value = "markdown")]
    kind: String,
}

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Markdown,
    Manual,
    Bash,
}

/// The word names nothing that can be written.
#[derive(Debug, thiserror::Error)]
#[error("unknown doc type {}. Try 'markdown' or 'man'", crate::quote::quote(.0))]
struct KindError(String);

impl FromStr for Kind {
    type Err = KindError;

    // Parity: Helm, pkg/cmd/docs.go: each has several names.
    fn from_str(word: &str) -> Result<Self, KindError> {
        match word {
            "markdown" | "mdown" | "md" => Ok(Self::Markdown),
            "man" => Ok(Self::Manual),
            "bash" => Ok(Self::Bash),
            _ => Err(KindError(word.to_owned())),
        }
    }
}

pub(crate) fn run(args: &DocsArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let kind: Kind = args.kind.parse()?;
    let program = invocation.program.name;
    if kind == Kind::Bash {
        let script = script(Shell::Bash, program, true);
        return write(&Path::new(&args.dir).join("completions.bash"), &script);
    }
    let home = Environment::new(|name| (name == "HOME").then(|| "$HOME".to_owned()));
    let settings = EnvSettings::new(&home, &GlobalFlags::default())?;
    let now = || Time::from_unix(Machine.now().unix(), 0);
    let date = charts::epoch(invocation)?
        .unwrap_or_else(now)
        .civil()
        .date();
    let writer = Writer {
        args,
        kind,
        settings,
        date: date.to_string(),
    };
    let root = crate::cli::model(program);
    writer.write(&mut vec![&root])
}

/// Writes a file a command.
struct Writer<'a> {
    args: &'a DocsArgs,
    kind: Kind,
    settings: EnvSettings,
    /// What manual pages are dated.
    date: String,
}

impl Writer<'_> {
    /// Writes the commands below the last of `path`, then the command itself.
    fn write(&self, path: &mut Vec<&Command>) -> Result<(), CommandError> {
        let command = path[path.len() - 1];
        for child in shown(command) {
            path.push(child);
            self.write(path)?;
            path.pop();
        }
        let page = Page::new(path, &self.settings);
        let (name, text) = match self.kind {
            Kind::Manual => (
                format!("{}.1", page.words.join("-")),
                manual_page(path, &page, &self.date),
            ),
            _ => (
                format!("{}.md", page.words.join("_")),
                document(path, &page, self.args.generate_headers),
            ),
        };
        write(&Path::new(&self.args.dir).join(name), &text)
    }
}

/// The commands below one that have a page.
fn shown(command: &Command) -> Vec<&Command> {
    let mut shown: Vec<_> = command
        .get_subcommands()
        .filter(|child| !child.is_hide_set() && child.get_name() != "help")
        .collect();
    shown.sort_unstable_by_key(|child| child.get_name());
    shown
}

fn manual_page(path: &[&Command], page: &Page, date: &str) -> String {
    let source = format!("{} {}", page.words[0], env!("CARGO_PKG_VERSION"));
    let imprint = Imprint {
        source: &source,
        date,
    };
    let parent = page.words[..page.words.len() - 1].join("-");
    let mut related: Vec<String> = [parent]
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    let own = page.words.join("-");
    let children = shown(path[path.len() - 1]).into_iter();
    related.extend(children.map(|child| format!("{own}-{}", child.get_name())));
    manual::page(page, &related, &imprint)
}

fn document(path: &[&Command], page: &Page, header: bool) -> String {
    let program = path[0].get_name();
    let mut related = Vec::new();
    if let [above @ .., _] = path
        && let Some(parent) = above.last()
    {
        let words = &page.words[..page.words.len() - 1];
        let about = page::summary(parent, program);
        related.push((words.join(" "), format!("{}.md", words.join("_")), about));
    }
    for child in shown(path[path.len() - 1]) {
        let name = format!("{} {}", page.title(), child.get_name());
        let file = format!("{}_{}.md", page.words.join("_"), child.get_name());
        related.push((name, file, page::summary(child, program)));
    }
    let text = markdown::page(page, &related);
    if header {
        format!("---\ntitle: \"{}\"\n---\n\n{text}", titled(&page.words))
    } else {
        text
    }
}

/// Words with capitals, as in titles.
fn titled(words: &[String]) -> String {
    let words = words.iter().map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    });
    words.collect::<Vec<_>>().join(" ")
}

fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    Ok(std::fs::write(path, text).map_err(|error| PathError::new("open", path, error))?)
}
