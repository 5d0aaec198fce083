//! The clap model against the reference's commands, aliases, flags, shorthands, types and defaults, as recorded in
//! `testdata/cli-surface.json`.

use std::collections::{BTreeMap, BTreeSet};

use clap::Command;
use serde::Deserialize;

use super::flag::{Flag, Operand};
use super::{model, usage};
use crate::environment::Environment;
use crate::flags::global::GlobalFlags;
use crate::settings::EnvSettings;

/// Commands of the reference that are not there yet. The list must shrink: one that is there is an error here.
const MISSING: &[&str] = &[];

/// Commands the reference does not have.
const OURS: &[&str] = &["helm sandbox"];

/// Flags that the record leaves out: a hidden one of the reference, and one that is ours.
const UNRECORDED: &[&str] = &["helm create --chart-api-version", "helm create --engine"];

#[derive(Deserialize)]
struct Surface {
    global_flags: Vec<Recorded>,
    root: RecordedCommand,
}

#[derive(Deserialize)]
struct RecordedCommand {
    command: String,
    #[serde(default)]
    usage: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    flags: Vec<Recorded>,
    #[serde(default)]
    commands: Vec<RecordedCommand>,
}

/// What a flag is, without its sentence.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Recorded {
    name: String,
    shorthand: String,
    #[serde(rename = "type")]
    kind: String,
    default: String,
    value_when_bare: String,
    hidden: bool,
    deprecated: String,
}

/// The flags of a command as the model has them.
fn flags(command: &Command, settings: &EnvSettings) -> BTreeMap<String, Recorded> {
    Flag::all(command)
        .map(|flag| (flag.name().to_owned(), recorded(flag, settings)))
        .collect()
}

fn recorded(flag: Flag<'_>, settings: &EnvSettings) -> Recorded {
    let deprecated = flag.deprecated().unwrap_or_default();
    let (kind, bare) = match flag.type_name().split_once("[=") {
        Some((kind, bare)) => (kind, bare.trim_matches([']', '"'])),
        None => (flag.type_name(), ""),
    };
    let default = flag.default();
    let default = match flag.operand() {
        Operand::Switch => None,
        _ => default.or_else(|| settings.flag_default(flag.name())),
    };
    Recorded {
        name: flag.name().to_owned(),
        // The record has no shorthands of hidden flags.
        shorthand: match flag.0.get_short() {
            Some(short) if !flag.0.is_hide_set() => short.to_string(),
            _ => String::new(),
        },
        // Parity: the help of a flag that should no longer be used does not show its type.
        kind: match (kind, deprecated.is_empty()) {
            (_, false) => String::new(),
            ("", true) => "bool".to_owned(),
            (kind, true) => kind.to_owned(),
        },
        default: default
            .map(|default| default.trim_matches('"').to_owned())
            .unwrap_or_default(),
        value_when_bare: bare.to_owned(),
        hidden: flag.0.is_hide_set(),
        deprecated,
    }
}

/// What a person reading the help would call different.
fn compare_flags(
    place: &str,
    wanted: &[Recorded],
    found: &BTreeMap<String, Recorded>,
    differences: &mut Vec<String>,
) {
    // Every command has --help, which is no flag of the model.
    let wanted: BTreeMap<_, _> = wanted
        .iter()
        .filter(|flag| flag.name != "help")
        .map(|flag| (flag.name.clone(), flag.clone()))
        .collect();
    for (name, flag) in &wanted {
        match found.get(name) {
            None => differences.push(format!("{place} --{name} is missing")),
            Some(found) if found != flag => {
                differences.push(format!(
                    "{place} --{name}: wanted {flag:?}, found {found:?}"
                ));
            }
            Some(_) => {}
        }
    }
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        let name = format!("{place} --{name}");
        if !UNRECORDED.contains(&name.as_str()) {
            differences.push(format!("{name} is not the reference's"));
        }
    }
}

fn compare(
    path: &[&Command],
    wanted: &RecordedCommand,
    settings: &EnvSettings,
    differences: &mut Vec<String>,
) {
    let place = wanted.command.as_str();
    let command = path[path.len() - 1];
    if path.len() > 1 {
        let found = flags(command, settings);
        compare_flags(place, &wanted.flags, &found, differences);
    }
    if !wanted.usage.is_empty() && !wanted.usage.contains(&usage(path)) {
        differences.push(format!("{place} is used so: {}", usage(path)));
    }
    let aliases: BTreeSet<_> = command.get_visible_aliases().collect();
    if aliases != wanted.aliases.iter().map(String::as_str).collect() {
        differences.push(format!("{place} has the aliases {aliases:?}"));
    }
    if command.is_hide_set() != wanted.hidden {
        differences.push(format!("{place}: hidden should be {}", wanted.hidden));
    }
    for wanted in &wanted.commands {
        let name = wanted.command.rsplit(' ').next().unwrap_or_default();
        let missing = MISSING.contains(&wanted.command.as_str());
        match command.find_subcommand(name) {
            Some(_) if missing => {
                differences.push(format!("{} is there: MISSING must shrink", wanted.command));
            }
            Some(found) => compare(&[path, &[found]].concat(), wanted, settings, differences),
            None if missing => {}
            None => differences.push(format!("{} is missing", wanted.command)),
        }
    }
    let known: BTreeSet<_> = wanted.commands.iter().map(|c| c.command.clone()).collect();
    for name in command.get_subcommands().map(Command::get_name) {
        let name = format!("{place} {name}");
        if !known.contains(&name) && !OURS.contains(&name.as_str()) {
            differences.push(format!("{name} is not the reference's"));
        }
    }
}

#[test]
fn every_command_and_flag_of_the_reference_is_there() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/cli-surface.json");
    let text = std::fs::read_to_string(path).unwrap();
    let surface: Surface = serde_json::from_str(&text).unwrap();
    let environment = Environment::new(|name| (name == "HOME").then(|| "$HOME".to_owned()));
    let settings = EnvSettings::new(&environment, &GlobalFlags::default()).unwrap();
    let root = model("helm");
    let mut differences = Vec::new();
    let globals = flags(&root, &settings);
    compare_flags("helm", &surface.global_flags, &globals, &mut differences);
    compare(&[&root], &surface.root, &settings, &mut differences);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
