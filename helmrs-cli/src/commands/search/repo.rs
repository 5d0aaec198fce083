//! `search repo`.

use std::sync::Arc;

use clap::Args;
use helmrs_client::download::repositories;
use helmrs_core::repository::Catalog;
use helmrs_core::repository::search::{self, SearchIndex};

use crate::error::{CommandError, chain};
use crate::flags::number::Unsigned;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;
use crate::printer::{Level, Printer, Record};
use crate::progress;
use crate::views::document;
use crate::views::search::SearchView;

/// Search the repositories that were added for charts
///
/// Looks for a keyword in the names, descriptions and keywords of charts, as the cached indexes have them; 'repo
/// update' makes these new. Without a keyword, every chart is listed. Versions still in development are left out unless
/// --devel or --version asks for them.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[keyword]",
    after_help = "\
# Search for a word
{program} search repo database

# List the versions that would do
{program} search repo example/database --versions --version '^1.0.0'"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RepoArgs {
    /// words to look for
    keywords: Vec<String>,
    /// also list versions still in development; ignored with --version
    #[arg(long)]
    devel: bool,
    /// fail if nothing is found
    #[arg(long)]
    fail_on_no_result: bool,
    /// how wide the table's columns may be; 0 for any width
    #[arg(
        long,
        value_name = "uint",
        default_value = "50",
        help_heading = "Output Flags"
    )]
    max_col_width: Unsigned,
    #[command(flatten)]
    output: OutputFlag,
    /// take the keyword for a regular expression
    #[arg(long, short = 'r', help_heading = None)]
    regexp: bool,
    /// range of versions to list
    #[arg(long, value_name = "string", help_heading = None)]
    version: Option<String>,
    /// list every version of every chart
    #[arg(long, short = 'l', help_heading = None)]
    versions: bool,
}

impl RepoArgs {
    /// The versions to list.
    fn constraint(&self) -> &str {
        match self.version.as_deref() {
            Some(version) if !version.is_empty() => version,
            _ if self.devel => ">0.0.0-0",
            _ => ">0.0.0",
        }
    }

    /// Tells a developer which versions are listed.
    fn log_constraint(&self, printer: &Printer) {
        let given = self.version.as_deref().unwrap_or_default();
        let record = Record::new(Level::Debug, "original chart version");
        printer.log(&record.with("version", given));
        if given.is_empty() {
            let text = format!("setting version to {}", self.constraint());
            printer.log(&Record::new(Level::Debug, &text));
        }
    }
}

// Parity: Helm, pkg/cmd/search_repo.go.
pub(crate) fn run(args: &RepoArgs, invocation: &Invocation) -> Result<(), CommandError> {
    args.log_constraint(&invocation.printer);
    let repositories = repositories(invocation)?;
    let mut index = SearchIndex::default();
    for (name, catalog) in &repositories {
        index.add(name, catalog);
    }
    let found = match args.keywords.join(" ") {
        _ if args.keywords.is_empty() => index.all(),
        pattern if args.regexp => index.pattern(&pattern)?,
        term => index.literal(&term),
    };
    let found = search::within(found, args.constraint(), args.versions).map_err(|error| {
        CommandError::message(format!(
            "an invalid version/constraint format: {}",
            chain(&error)
        ))
    })?;
    if found.is_empty() && args.fail_on_no_result {
        return Err(CommandError::message("no results found"));
    }
    let widest = usize::try_from(args.max_col_width.0).unwrap_or_default();
    let view = SearchView {
        found: &found,
        widest,
    };
    Ok(invocation.printer.data_as(
        args.output.format,
        document::render(&view, args.output.format)?,
    )?)
}

/// What the repositories' cached indexes list.
fn repositories(invocation: &Invocation) -> Result<Vec<(String, Arc<Catalog>)>, CommandError> {
    let directories = invocation.directories();
    let entries = match repositories::read_list(&directories.repository_config) {
        Ok(list) if !list.repositories.is_empty() => list.repositories,
        // Parity: Helm, pkg/cmd/search_repo.go, buildIndex: a list that cannot be read is an empty one.
        _ => return Err(CommandError::message("no repositories configured")),
    };
    let mut catalogs = Vec::new();
    for entry in entries {
        match repositories::read_cached_index(&directories, &entry.name) {
            Ok((catalog, findings)) => {
                progress::findings(&findings, &invocation.printer);
                catalogs.push((entry.name, catalog));
            }
            Err(error) => {
                let record = Record::new(Level::Warn, "repo is corrupt or missing");
                invocation.printer.log(
                    &record
                        .with("repo", &entry.name)
                        .with("error", &chain(&error)),
                );
            }
        }
    }
    Ok(catalogs)
}
