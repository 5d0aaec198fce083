//! `version`: which Helm this is equal to.

use std::rc::Rc;

use clap::Args;
use helmrs_gotemplate::Value;

use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::views::template::{self, Struct};

/// The release of Helm whose behaviour this program has.
const VERSION: &str = "v4.3.1";
/// The commit that release was built from.
const COMMIT: &str = "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff";
/// The Go release it was built with, as programs that read this output expect one.
const GO: &str = "go1.27.2";
/// The Kubernetes release whose client it holds.
const KUBERNETES: &str = "v1.37";

/// Print the version
///
/// Prints the release of Helm whose behaviour this program has, in the form that programs which call Helm read.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Print the number alone
{program} version --short

# Print a sentence of your own
{program} version --template 'Version: {{.Version}}'"
)]
pub(crate) struct VersionArgs {
    /// print the version number alone
    #[arg(long)]
    short: bool,
    /// template to print instead, with .Version, .GitCommit, .GitTreeState, .GoVersion and .KubeClientVersion
    #[arg(long, value_name = "string")]
    template: Option<String>,
}

pub(crate) fn run(args: &VersionArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let text = match &args.template {
        Some(text) if !text.is_empty() => {
            return template::print(text, &build_info(), &invocation.printer);
        }
        _ if args.short => format!("{VERSION}+g{}\n", &COMMIT[..7]).into_bytes(),
        _ => format!(
            "version.BuildInfo{{Version:\"{VERSION}\", GitCommit:\"{COMMIT}\", GitTreeState:\"clean\", \
             GoVersion:\"{GO}\", KubeClientVersion:\"{KUBERNETES}\"}}\n"
        )
        .into_bytes(),
    };
    Ok(invocation.printer.data(text)?)
}

fn build_info() -> Value {
    let fields = vec![
        ("Version", Value::from(VERSION)),
        ("GitCommit", Value::from(COMMIT)),
        ("GitTreeState", Value::from("clean")),
        ("GoVersion", Value::from(GO)),
        ("KubeClientVersion", Value::from(KUBERNETES)),
    ];
    Value::Object(Rc::new(Struct {
        name: "version.BuildInfo",
        fields,
        methods: &[],
        answers: Vec::new(),
    }))
}
