//! `lint`: what is wrong with a chart.

use std::fmt::Write;
use std::path::Path;

use clap::Args;
use helmrs_client::download::SchemaLoader;
use helmrs_core::capabilities::KubeVersion;
use helmrs_core::chart::{self, CHART_FILE};
use helmrs_core::engine::Budget;
use helmrs_core::lint::{self, Message, Severity, Source};
use helmrs_core::path_error::PathError;
use helmrs_core::values::Values;

use crate::ambient::Machine;
use crate::charts;
use crate::error::{CommandError, chain};
use crate::flags::values::ValuesFlags;
use crate::invocation::Invocation;
use crate::paths;
use crate::progress;

/// Look for mistakes in a chart
///
/// Checks that charts are well-formed and would render. What would stop an install is an [ERROR]; what goes against
/// convention is a [WARNING] or an [INFO].
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "PATH",
    after_help = "\
# Check the chart in a directory
{program} lint ./shop

# Be strict, and check with the values of production
{program} lint ./shop --strict --values prod.yaml"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct LintArgs {
    /// directories or archives of charts
    #[arg(required = true)]
    paths: Vec<String>,
    /// Kubernetes version whose deprecations are looked for
    #[arg(long, value_name = "string")]
    kube_version: Option<String>,
    /// print only warnings and errors
    #[arg(long, help_heading = "Output Flags")]
    quiet: bool,
    /// do not check values against the chart's JSON schema
    #[arg(long)]
    skip_schema_validation: bool,
    /// fail on warnings too
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    values: ValuesFlags,
    /// also lint the charts this one depends on
    #[arg(long, help_heading = None)]
    with_subcharts: bool,
}

/// What came of one chart.
struct Outcome {
    messages: Vec<Message>,
    /// What made it impossible to look at the chart.
    obstacle: Option<CommandError>,
}

// Parity: Helm, pkg/cmd/lint.go.
pub(crate) fn run(args: &LintArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let kube_version = args.kube_version.as_deref().filter(|text| !text.is_empty());
    let kube_version = kube_version
        .map(|text| {
            KubeVersion::parse(text).map_err(|error| {
                CommandError::message(format!("invalid kube version '{text}': {error}"))
            })
        })
        .transpose()?;
    let mut paths = args.paths.clone();
    if args.with_subcharts {
        for path in &args.paths {
            let below = paths::clean(&Path::new(path).join("charts"));
            subcharts(&below, &mut paths);
        }
    }
    let values = charts::values(&args.values, invocation)?;
    let tolerated = if args.strict {
        Severity::Info
    } else {
        Severity::Warning
    };
    let (mut text, mut failed, mut noteworthy) = (String::new(), 0, 0);
    let mut loader = SchemaLoader::default();
    for path in &paths {
        loader = loader.reaching(charts::schema_reach(Path::new(path), invocation));
        let outcome = lint(
            path,
            &values,
            kube_version.as_ref(),
            &loader,
            args,
            invocation,
        );
        let is_noteworthy = outcome.obstacle.is_some()
            || outcome
                .messages
                .iter()
                .any(|message| message.severity > Severity::Info);
        noteworthy += usize::from(is_noteworthy);
        if args.quiet && !is_noteworthy {
            continue;
        }
        let is_bad = outcome
            .messages
            .iter()
            .any(|message| message.severity > tolerated);
        failed += usize::from(is_bad || outcome.obstacle.is_some());
        text.push_str(&block(path, &outcome, args.quiet));
    }
    invocation.printer.data(text)?;
    let summary = format!("{} chart(s) linted, {failed} chart(s) failed", paths.len());
    if failed > 0 {
        return Err(CommandError::message(summary));
    }
    if !args.quiet || noteworthy > 0 {
        invocation.printer.data(format!("{summary}\n"))?;
    }
    Ok(())
}

fn block(path: &str, outcome: &Outcome, quiet: bool) -> String {
    let mut text = format!("==> Linting {path}\n");
    if outcome.messages.is_empty()
        && let Some(obstacle) = &outcome.obstacle
    {
        writeln!(text, "Error {}", obstacle.text().unwrap_or_default())
            .expect("writing to a string cannot fail");
    }
    for message in &outcome.messages {
        if !quiet || message.severity > Severity::Info {
            writeln!(text, "{message}").expect("writing to a string cannot fail");
        }
    }
    text.push('\n');
    text
}

/// Looks at one chart.
fn lint(
    path: &str,
    values: &Values,
    kube_version: Option<&KubeVersion>,
    loader: &SchemaLoader,
    args: &LintArgs,
    invocation: &Invocation,
) -> Outcome {
    let source = match source(path) {
        Ok(source) => source,
        Err(error) => {
            return Outcome {
                messages: Vec::new(),
                obstacle: Some(error),
            };
        }
    };
    let report = lint::run(&lint::Request {
        source: &source,
        values,
        namespace: &invocation.settings.namespace(),
        kube_version,
        skip_schema_validation: args.skip_schema_validation,
        schema_loader: loader,
        ambient: &Machine,
        budget: Budget::UNLIMITED,
    });
    progress::findings(&report.findings, &invocation.printer);
    Outcome {
        messages: report.messages,
        obstacle: None,
    }
}

// Parity: Helm, pkg/action/lint.go, lintChart.
fn source(path: &str) -> Result<Source, CommandError> {
    if is_archive(path) {
        let failed = |step: &str, error: &dyn std::error::Error| {
            CommandError::message(format!("unable to {step} tarball: {}", chain(error)))
        };
        let bytes = std::fs::read(path)
            .map_err(|error| failed("open", &PathError::of_read(Path::new(path), error)))?;
        let (name, files) =
            chart::archive::expand(&bytes).map_err(|error| failed("extract", &error))?;
        // Parity: Helm unpacks it into such a folder, and names that. Nothing is unpacked here.
        let folder = format!("helm-lint{}", std::process::id());
        let folder = std::env::temp_dir().join(folder).join(name);
        return Ok(Source::of_files(&folder, files));
    }
    let chart_file = paths::clean(&Path::new(path).join(CHART_FILE));
    std::fs::metadata(&chart_file).map_err(|error| {
        let error = PathError::new("stat", &chart_file, error);
        CommandError::message(format!(
            "unable to check Chart.yaml file in chart: {}",
            chain(&error)
        ))
    })?;
    Ok(Source::of_directory(Path::new(path))?)
}

/// Whether a name is that of an archive.
fn is_archive(name: &str) -> bool {
    [".tgz", ".tar.gz"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Adds the charts at a path and below it, in the order of their names; symbolic links are not followed.
// Parity: Go, path/filepath, Walk.
fn subcharts(path: &Path, found: &mut Vec<String>) {
    let Ok(metadata) = std::fs::symlink_metadata(path) else {
        return;
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name == CHART_FILE {
        let folder = path.parent().unwrap_or(path);
        found.push(folder.to_string_lossy().into_owned());
    } else if is_archive(&name) {
        found.push(path.to_string_lossy().into_owned());
    }
    if !metadata.is_dir() {
        return;
    }
    let entries = std::fs::read_dir(path).into_iter().flatten();
    let mut below: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    below.sort();
    for path in below {
        subcharts(&path, found);
    }
}
