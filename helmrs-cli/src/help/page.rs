//! What there is to say about a command, read from the clap model.

use clap::Command;

use super::prose::{self, Block};
use crate::cli;
use crate::cli::flag::{Flag, Operand};
use crate::environment::VARIABLES;
use crate::plugins::command::{HEADING, is_plugin};
use crate::settings::EnvSettings;

/// What stands for the program's name in doc comments.
const PROGRAM: &str = "{program}";

/// Where flags stand that belong nowhere else.
pub(crate) const FLAGS: &str = "Flags";
/// Where flags of every command stand that belong nowhere else.
pub(crate) const GLOBAL_FLAGS: &str = "Global Flags";

/// In which order flags are listed; those under other headings come last, as they were declared.
const ORDER: &[&str] = &[
    FLAGS,
    "Selection Flags",
    "Values Flags",
    "Chart Source Flags",
    "Connection Flags",
    "Rendering Flags",
    "Waiting Flags",
    "Output Flags",
];

/// Which of the program's commands belong together; those named nowhere come last.
const COMMANDS: &[(&str, &[&str])] = &[
    (
        "Chart Commands",
        &[
            "create",
            "dependency",
            "lint",
            "package",
            "pull",
            "push",
            "show",
            "template",
            "verify",
        ],
    ),
    (
        "Release Commands",
        &[
            "get",
            "history",
            "install",
            "list",
            "rollback",
            "status",
            "test",
            "uninstall",
            "upgrade",
        ],
    ),
    ("Repository Commands", &["registry", "repo", "search"]),
];

/// Everything that is said about a command.
pub(crate) struct Page {
    /// Its words, from the program down.
    pub(crate) words: Vec<String>,
    /// What it does, in half a sentence.
    pub(crate) summary: String,
    /// What it does, in full.
    pub(crate) description: Vec<Block>,
    /// The environment variables, on the program's own page.
    pub(crate) variables: Vec<(String, String)>,
    /// How its line is put together.
    pub(crate) usage: String,
    /// Its names, if it has several.
    pub(crate) names: Vec<String>,
    /// Lines to learn from.
    pub(crate) examples: Vec<Example>,
    /// The commands below it: under which heading, names and summaries.
    pub(crate) commands: Vec<(&'static str, Vec<(String, String)>)>,
    /// Its own flags, those that belong together under one heading.
    pub(crate) flags: Vec<Group>,
    /// The flags of every command.
    pub(crate) global_flags: Vec<Group>,
}

/// A line of the examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Example {
    /// What the next lines do.
    Comment(String),
    /// A command line.
    Line(String),
    /// Nothing.
    Blank,
}

/// Flags that belong together.
pub(crate) struct Group {
    pub(crate) heading: String,
    /// Sorted by name.
    pub(crate) flags: Vec<FlagLine>,
}

/// What there is to say about a flag.
pub(crate) struct FlagLine {
    pub(crate) short: Option<char>,
    pub(crate) name: String,
    /// What its value is; empty if it takes none.
    pub(crate) kind: String,
    pub(crate) about: String,
    /// What it is taken to be when it is not given.
    pub(crate) default: Option<String>,
}

impl Page {
    /// Reads what is said about the command at the end of `path`; defaults are those of `settings`.
    pub(crate) fn new(path: &[&Command], settings: &EnvSettings) -> Self {
        let command = path[path.len() - 1];
        let program = path[0].get_name();
        let named = |text: String| text.replace(PROGRAM, program);
        let about = command.get_long_about().or(command.get_about());
        let about = named(about.map(ToString::to_string).unwrap_or_default());
        let (summary, description) = about.split_once('\n').unwrap_or((&about, ""));
        let own = groups(
            command,
            FLAGS,
            settings,
            Some(help_flag(command.get_name())),
        );
        let alone = path.len() == 1;
        Self {
            words: path.iter().map(|part| part.get_name().to_owned()).collect(),
            summary: summary.trim().to_owned(),
            description: prose::blocks(description),
            variables: if alone { variables() } else { Vec::new() },
            usage: cli::usage(path),
            names: names(command),
            examples: examples(&named(
                command
                    .get_after_help()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )),
            commands: commands(command, alone, program),
            flags: own,
            global_flags: if alone {
                Vec::new()
            } else {
                groups(path[0], GLOBAL_FLAGS, settings, None)
            },
        }
    }

    /// All its words.
    pub(crate) fn title(&self) -> String {
        self.words.join(" ")
    }
}

/// A command's summary.
pub(crate) fn summary(command: &Command, program: &str) -> String {
    let about = command.get_about().map(ToString::to_string);
    about.unwrap_or_default().replace(PROGRAM, program)
}

fn names(command: &Command) -> Vec<String> {
    let aliases: Vec<_> = command.get_visible_aliases().collect();
    if aliases.is_empty() {
        return Vec::new();
    }
    std::iter::once(command.get_name())
        .chain(aliases)
        .map(str::to_owned)
        .collect()
}

fn variables() -> Vec<(String, String)> {
    let shown = VARIABLES
        .iter()
        .filter(|variable| !variable.about.is_empty());
    shown
        .map(|variable| (format!("${}", variable.name), variable.about.to_owned()))
        .collect()
}

fn examples(text: &str) -> Vec<Example> {
    let lines = text.trim().lines().map(str::trim);
    lines
        .filter(|_| !text.trim().is_empty())
        .map(|line| match line.strip_prefix("# ") {
            _ if line.is_empty() => Example::Blank,
            Some(comment) => Example::Comment(comment.to_owned()),
            None => Example::Line(line.to_owned()),
        })
        .collect()
}

fn commands(
    command: &Command,
    alone: bool,
    program: &str,
) -> Vec<(&'static str, Vec<(String, String)>)> {
    let mut rows: Vec<(String, String)> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| (command.get_name().to_owned(), summary(command, program)))
        .collect();
    rows.sort_unstable();
    if !alone {
        return vec![("Available Commands", rows)];
    }
    let mut groups: Vec<(&'static str, Vec<(String, String)>)> = Vec::new();
    let is_plugin = |name: &str| command.find_subcommand(name).is_some_and(is_plugin);
    let (plugins, mut rows): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|(name, _)| is_plugin(name));
    for (heading, names) in COMMANDS {
        let (here, others) = rows
            .into_iter()
            .partition(|(name, _)| names.contains(&name.as_str()));
        groups.push((heading, here));
        rows = others;
    }
    groups.push(("Other Commands", rows));
    if !plugins.is_empty() {
        groups.push((HEADING, plugins));
    }
    groups
}

fn help_flag(command: &str) -> FlagLine {
    FlagLine {
        short: Some('h'),
        name: "help".to_owned(),
        kind: String::new(),
        about: format!("help for {command}"),
        default: None,
    }
}

/// A command's flags by heading, each group sorted by name.
fn groups(
    command: &Command,
    heading: &str,
    settings: &EnvSettings,
    help: Option<FlagLine>,
) -> Vec<Group> {
    let mut groups = vec![Group {
        heading: heading.to_owned(),
        flags: help.into_iter().collect(),
    }];
    for flag in Flag::all(command).filter(|flag| !flag.0.is_hide_set()) {
        let heading = flag.0.get_help_heading().unwrap_or(heading);
        let line = flag_line(flag, settings);
        match groups.iter_mut().find(|group| group.heading == heading) {
            Some(group) => group.flags.push(line),
            None => groups.push(Group {
                heading: heading.to_owned(),
                flags: vec![line],
            }),
        }
    }
    groups.retain(|group| !group.flags.is_empty());
    groups.sort_by_key(|group| {
        ORDER
            .iter()
            .position(|known| *known == group.heading)
            .unwrap_or(ORDER.len())
    });
    for group in &mut groups {
        group
            .flags
            .sort_by(|left, right| left.name.cmp(&right.name));
    }
    groups
}

fn flag_line(flag: Flag<'_>, settings: &EnvSettings) -> FlagLine {
    FlagLine {
        short: flag.0.get_short(),
        name: flag.name().to_owned(),
        kind: flag.type_name().to_owned(),
        about: flag.about().replace('\n', " "),
        default: default(flag, settings),
    }
}

/// A flag's default: its own, or what the environment makes of it.
fn default(flag: Flag<'_>, settings: &EnvSettings) -> Option<String> {
    let own = flag.default();
    if own.is_some() || flag.operand() == Operand::Switch {
        return own;
    }
    settings.flag_default(flag.name())
}
