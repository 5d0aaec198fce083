//! The completion scripts, each in its own shell. Shells that are not installed are passed over.

use std::path::Path;
use std::process::Command;

/// A directory to type lines in: the program, its scripts and some files.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let bin = root.path().join("bin");
    std::fs::create_dir_all(root.path().join("shop/templates")).unwrap();
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_helmrs"), bin.join("helmrs")).unwrap();
    std::fs::write(root.path().join("values.yaml"), "").unwrap();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = helmrs(root.path(), &["completion", shell]);
        assert!(script.contains("__complete"), "{shell}");
        std::fs::write(root.path().join(shell), script).unwrap();
    }
    root
}

fn command(root: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    let path = format!("{}:/usr/bin:/bin", root.join("bin").display());
    command.current_dir(root).env_clear();
    command
        .env("HOME", root)
        .env("PATH", path)
        .env("TERM", "dumb");
    command
}

fn helmrs(root: &Path, arguments: &[&str]) -> String {
    let output = command(root, env!("CARGO_BIN_EXE_helmrs"))
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// What a shell prints for a program of its own; nothing if there is no such shell.
fn shell(root: &Path, shell: &[&str], program: &str) -> Option<String> {
    let output = command(root, shell[0])
        .args(&shell[1..])
        .arg(program)
        .output()
        .ok()?;
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Calls the function bash calls, for lines that end where the cursor is.
const BASH: &str = r#"
source ./bash
compopt() { [[ $2 == nospace || $2 == default ]] && printf '(%s) ' "$2"; }
try() {
    COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9 COMPREPLY=()
    COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
    __start_helmrs
    printf '%s;' "${COMPREPLY[@]}"
    echo
}
try 'helmrs ins' helmrs ins
try 'helmrs list --output=j' helmrs list --output = j
try 'helmrs list --output=' helmrs list --output =
try 'helmrs list -o ' helmrs list -o ''
try 'helmrs install x oci:' helmrs install x oci :
try 'helmrs install x oc' helmrs install x oc
try 'helmrs version ' helmrs version ''
try 'helmrs lint sho' helmrs lint sho
"#;

#[test]
fn bash_completes_words_that_it_breaks() {
    let root = workspace();
    let Some(found) = shell(root.path(), &["bash", "--norc", "-c"], BASH) else {
        return;
    };
    let wanted = "install;\njson;\njson;table;yaml;\njson;table;yaml;\n(nospace) //;\n(nospace) oci://;\n;\n(default) ;\n";
    assert_eq!(found, wanted);
}

/// Asks fish how lines could go on.
const FISH: &str = r#"
source ./fish
for line in 'helmrs ins' 'helmrs list --output=j' 'helmrs list -o ' 'helmrs version ' 'helmrs lint sho' 'helmrs lint --values=v' 'helmrs install x oc'
    echo "> $line"
    complete -C "$line"
end
"#;

#[test]
fn fish_completes_words_values_and_files() {
    let root = workspace();
    let Some(found) = shell(root.path(), &["fish", "--no-config", "-c"], FISH) else {
        return;
    };
    let names: Vec<&str> = found
        .lines()
        .map(|line| line.split('\t').next().unwrap())
        .collect();
    let wanted = [
        "> helmrs ins",
        "install",
        "> helmrs list --output=j",
        "--output=json",
        "> helmrs list -o ",
        "json",
        "table",
        "yaml",
        "> helmrs version ",
        "> helmrs lint sho",
        "shop/",
        "> helmrs lint --values=v",
        "--values=values.yaml",
        "> helmrs install x oc",
        "oci://",
    ];
    assert_eq!(names, wanted);
}

/// Types lines into a zsh in a terminal that zsh itself makes; what became of each goes to a file.
const ZSH: &str = r#"
zmodload zsh/zpty
zpty -b shell env PS1= zsh -f -i
zpty -w shell 'unsetopt beep; autoload -U compinit; compinit -u -D; source ./zsh; : > result'
zpty -w shell 'show() { print -r -- "$BUFFER" >> result; BUFFER=; }; zle -N show; bindkey "^X" show'
integer lines=0
for line in 'helmrs ins' 'helmrs list --output=j' 'helmrs list -o y' 'helmrs lint sho' 'helmrs lint --values=v' 'helmrs install x oc'; do
    zpty -w -n shell "$line"$'\t\x18'
    (( ++lines ))
    for attempt in {1..600}; do
        zpty -r -t shell output
        [[ -f result && $(wc -l < result) -ge $lines ]] && break
        sleep 0.05
    done
done
zpty -d shell
cat result
"#;

#[test]
fn zsh_completes_words_values_and_files() {
    let root = workspace();
    let Some(found) = shell(root.path(), &["zsh", "-f", "-c"], ZSH) else {
        return;
    };
    let wanted = "helmrs install \nhelmrs list --output=json \nhelmrs list -o yaml \nhelmrs lint shop/\nhelmrs lint --values=values.yaml \nhelmrs install x oci://\n";
    assert_eq!(found, wanted);
}
