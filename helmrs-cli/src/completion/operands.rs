//! Which words commands and flags take.

use super::{Completion, NO_FILES, NO_SPACE, Position, source};
use crate::flags::output::Format;
use crate::invocation::Invocation;

/// The words a command takes next.
pub(super) fn of_command(position: &Position<'_>, invocation: &Invocation) -> Completion {
    let given = position.operands.len();
    match (position.command().as_slice(), given) {
        (["status" | "history" | "test" | "upgrade" | "rollback"] | ["get", _], 0)
        | (["uninstall"], _) => source::releases(position.word, position.operands, invocation),
        (["rollback"], 1) => source::revisions(&position.operands[0], invocation),
        (["upgrade"], 1) | (["show", _], 0) => source::charts(position.word, true, invocation),
        (["install" | "template"], given) => {
            if given == usize::from(!position.has_flag("generate-name")) {
                source::charts(position.word, true, invocation)
            } else {
                Completion::only(Vec::new())
            }
        }
        (["pull"], 0) => source::charts(position.word, false, invocation),
        (["pull"] | ["registry", ..], _) | (["repo", "add"], 0 | 1) => Completion::only(Vec::new()),
        (["plugin", "uninstall" | "update"], _) => {
            Completion::only(source::plugins(position.operands, invocation))
        }
        (["repo", "update" | "remove"], _) => {
            Completion::only(source::repositories(position.operands, invocation))
        }
        (["env"], 0) => {
            let variables = invocation.settings.variables(&invocation.program.path);
            Completion::only(
                variables
                    .into_iter()
                    .map(|(name, _)| name.to_owned())
                    .collect(),
            )
        }
        (["push"], 1) => Completion::only(vec!["oci://".to_owned()]).without_space(),
        (["help"], _) => help(position),
        (["create" | "push" | "verify"] | ["repo", "index"] | ["plugin", "install"], 0)
        | (
            ["package" | "lint"] | ["search" | "dependency", ..] | ["plugin", "package" | "verify"],
            _,
        ) => Completion::default(),
        _ => Completion::no_more(),
    }
}

/// The values a flag takes.
pub(super) fn of_flag(name: &str, position: &Position<'_>, invocation: &Invocation) -> Completion {
    let operands = position.operands;
    match (name, position.command().as_slice()) {
        ("output", _) => Completion::only(
            Format::ALL
                .iter()
                .map(|(name, about)| format!("{name}\t{about}"))
                .collect(),
        ),
        ("type", ["docs"]) => {
            Completion::only(["bash", "man", "markdown"].map(str::to_owned).to_vec())
        }
        ("color" | "colour", _) => {
            Completion::only(["never", "auto", "always"].map(str::to_owned).to_vec())
        }
        ("engine", ["create"]) => Completion::only(["go", "tera"].map(str::to_owned).to_vec()),
        ("namespace", _) => source::namespaces(invocation),
        ("kube-context", _) => Completion::only(source::contexts(invocation)),
        ("revision", _) => match operands {
            [release] => source::revisions(release, invocation),
            _ => Completion::only(Vec::new()),
        },
        ("version", ["install" | "template"]) if !position.has_flag("generate-name") => {
            versions(operands, 2, invocation)
        }
        ("version", ["upgrade"]) => versions(operands, 2, invocation),
        ("version", ["install" | "template" | "pull"] | ["show", _]) => {
            versions(operands, 1, invocation)
        }
        _ => Completion::default(),
    }
}

/// The versions of the chart named by the last of so many words.
fn versions(operands: &[String], wanted: usize, invocation: &Invocation) -> Completion {
    match operands.last() {
        Some(chart) if operands.len() == wanted => source::versions(chart, invocation),
        _ => Completion::only(Vec::new()),
    }
}

/// The commands that can be asked about.
fn help(position: &Position<'_>) -> Completion {
    let mut command = position.path[0];
    for word in position.operands {
        match command.find_subcommand(word) {
            Some(next) => command = next,
            None => return Completion::only(Vec::new()),
        }
    }
    Completion::only(super::commands(command, position.word))
}

/// Beginnings of URLs a chart may have.
const URLS: [&str; 4] = [
    "oci://\tChart OCI prefix",
    "https://\tChart URL prefix",
    "http://\tChart URL prefix",
    "file://\tChart local URL prefix",
];

/// Completes a chart: from a repository, by URL, or by path.
// Parity: Helm, pkg/cmd/search_repo.go, compListCharts.
pub(super) fn charts(
    word: &str,
    files: bool,
    repositories: &[String],
    of: impl Fn(&str) -> Vec<String>,
    tell: impl Fn(&str),
) -> Completion {
    tell(&format!("compListCharts with toComplete {word}"));
    let mut no_space = false;
    let mut candidates = Vec::new();
    let so_far = |after: &str, candidates: &[String]| {
        tell(&format!(
            "Completions after {after}: [{}]",
            candidates.join(" ")
        ));
    };
    for entry in repositories {
        let (name, url) = entry.split_once('\t').unwrap_or((entry, ""));
        if word.starts_with(&format!("{name}/")) {
            candidates.extend(of(name));
            no_space = false;
            break;
        }
        if name.starts_with(word) {
            candidates.push(format!("{name}/\t{url}"));
            no_space = true;
        }
    }
    so_far("repos", &candidates);
    // Parity: a whole prefix is offered too, and words that go on after one get nothing at all.
    for url in URLS.iter().filter(|url| url.starts_with(word)) {
        candidates.push((*url).to_owned());
        no_space = true;
    }
    so_far("urls", &candidates);
    if files && !candidates.is_empty() && !word.is_empty() {
        candidates.extend(source::paths(word));
    }
    so_far("files", &candidates);
    if files && word.is_empty() {
        candidates.push("./\tRelative path prefix to local chart".to_owned());
        candidates.push("/\tAbsolute path prefix to local chart".to_owned());
    }
    so_far("checking empty input", &candidates);
    let directive = if files { 0 } else { NO_FILES } + if no_space { NO_SPACE } else { 0 };
    Completion {
        candidates,
        directive,
    }
}
