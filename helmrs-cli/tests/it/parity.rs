//! `docs/parity.md` says which commands and flags there are; this holds it to the truth.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where the help lists flags that every command takes.
const OF_EVERY_COMMAND: [&str; 2] = ["Cluster Flags:", "Global Flags:"];

/// The flags of a command, as its help lists them, and its subcommands.
fn help(words: &[&str]) -> (BTreeSet<String>, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_helmrs"))
        .args(words)
        .arg("--help")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (mut flags, mut commands, mut section) = (BTreeSet::new(), Vec::new(), "");
    for line in text.lines() {
        if !line.starts_with(' ') {
            section = line;
        } else if section.ends_with("Flags:") && !OF_EVERY_COMMAND.contains(&section) {
            let words = line.split_whitespace().find(|word| word.starts_with("--"));
            flags.extend(words.map(str::to_owned).filter(|flag| flag != "--help"));
        } else if section.ends_with("Commands:") {
            commands.extend(line.split_whitespace().next().map(str::to_owned));
        }
    }
    (flags, commands)
}

/// One row a command: its words and its flags.
fn rows(words: &[&str], rows: &mut Vec<String>) {
    let (flags, commands) = help(words);
    if !words.is_empty() && commands.is_empty() {
        let flags: Vec<_> = flags.iter().map(|flag| format!("`{flag}`")).collect();
        rows.push(format!("| `{}` | {} |", words.join(" "), flags.join(" ")));
    }
    for command in &commands {
        let words: Vec<&str> = words.iter().copied().chain([command.as_str()]).collect();
        self::rows(&words, rows);
    }
}

#[test]
fn parity_lists_every_flag() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/parity.md");
    let mut wanted = Vec::new();
    rows(&[], &mut wanted);
    let text = fs::read_to_string(&path).unwrap();
    let listed: BTreeSet<&str> = text.lines().collect();
    let missing: Vec<_> = wanted
        .iter()
        .filter(|row| !listed.contains(row.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/parity.md lacks these rows:\n{missing:#?}"
    );
}
