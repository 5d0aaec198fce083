//! `plugin.yaml` in both forms, read.

use std::fmt::Write as _;

use helmrs_core::error_chain::joined;
use helmrs_core::plugin::{Config, Metadata, Runtime};

fn refusal(text: &str) -> String {
    joined(&Metadata::read(text.as_bytes()).expect_err("a text that is refused"))
}

/// A plugin of the newer form with more lines.
fn newer(lines: &str) -> String {
    format!("apiVersion: v1\nname: web\nversion: 1.0.0\n{lines}")
}

#[test]
fn both_forms_come_to_the_same() {
    let older = Metadata::read(
        b"name: web\nversion: 1.0.0\nusage: \"a\\tb\"\ndescription: long\nignoreFlags: yes\ncommand: run -v\nhooks:\n  install: echo $X\n",
    )
    .expect("an older plugin");
    let text = newer(
        "type: cli/v1\nruntime: subprocess\nconfig:\n  shortHelp: a b\n  longHelp: long\n  ignoreFlags: true\n\
         runtimeConfig:\n  platformCommand:\n  - command: run -v\n  platformHooks:\n    install:\n    - command: sh\n      \
         args: [-c, echo $X]\n",
    );
    let newer = Metadata::read(text.as_bytes()).expect("a newer plugin");
    assert_eq!(older.config, newer.config);
    let (Runtime::Subprocess(older), Runtime::Subprocess(newer)) =
        (older.runtime_config, newer.runtime_config)
    else {
        panic!("both are processes");
    };
    assert_eq!(older.platform_command, newer.platform_command);
    assert_eq!(older.platform_hooks, newer.platform_hooks);
}

#[test]
fn downloaders_make_an_older_plugin_a_getter() {
    let text = b"name: s\ncommand: x\ndownloaders:\n- command: bin/get\n  protocols: [s3, gs]\n";
    let metadata = Metadata::read(text).expect("a plugin");
    assert_eq!(metadata.kind, "getter/v1");
    assert!(matches!(metadata.config, Config::Getter(getter) if getter.protocols == ["s3", "gs"]));
}

#[test]
fn every_mismatch_is_told_with_its_line() {
    assert_eq!(
        refusal(
            "name: [a]\nversion: {a: 1}\nignoreFlags: foo\nplatformCommand: abcdefghijklmnop\nhooks: [a]\n"
        ),
        "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string\n  line 2: cannot unmarshal !!map into \
         string\n  line 3: cannot unmarshal !!str `foo` into bool\n  line 4: cannot unmarshal !!str `abcdefg...` into \
         []plugin.PlatformCommand\n  line 5: cannot unmarshal !!seq into plugin.Hooks"
    );
    let lines = "type: cli/v1\nruntime: subprocess\nconfig: {ignoreFlags: 3, usage: [1]}\n";
    assert_eq!(
        refusal(&newer(lines)),
        "failed to convert MetadataV1 to Metadata: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!int `3` into \
         bool\n  line 3: cannot unmarshal !!seq into string"
    );
}

#[test]
fn keys_given_twice_are_refused_at_every_depth() {
    assert_eq!(
        refusal("name: a\nusage: a\nusage: b\n"),
        "failed to peek plugin.yaml API version: yaml: unmarshal errors:\n  line 3: mapping key \"usage\" already defined \
         at line 2"
    );
    let lines = "type: getter/v1\nruntime: subprocess\nconfig: {protocols: [a], x: {a: 1, a: 2}}\n";
    assert_eq!(
        refusal(&newer(lines)),
        "yaml: unmarshal errors:\n  line 6: mapping key \"a\" already defined at line 6"
    );
}

#[test]
fn texts_without_a_plugin_are_refused() {
    assert_eq!(
        refusal("# c"),
        "failed to peek plugin.yaml API version: EOF"
    );
    assert_eq!(
        refusal("foo"),
        "failed to peek plugin.yaml API version: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `foo` into \
         plugin.apiVersion"
    );
    let nameless = "invalid plugin name \"\": must contain only a-z, A-Z, 0-9, _ and -";
    assert_eq!(refusal("---\n"), nameless);
    assert_eq!(refusal("~"), nameless);
    assert_eq!(
        refusal("name: x\nversion: v1.0.0\n"),
        "invalid plugin version \"v1.0.0\": must be valid semver"
    );
}

#[test]
fn words_of_yaml_1_1_stay_texts() {
    let lines = "type: cli/v1\nruntime: subprocess\nconfig: {usage: yes}\nruntimeConfig: {platformCommand: [{command: a, \
                 args: [y, 1.10, 07]}]}\n";
    let metadata = Metadata::read(newer(lines).as_bytes()).expect("a plugin");
    assert!(matches!(metadata.config, Config::Cli(cli) if cli.usage == "yes"));
    let Runtime::Subprocess(runtime) = metadata.runtime_config else {
        panic!("it is a process");
    };
    assert_eq!(runtime.platform_command[0].args, ["y", "1.1", "7"]);
}

#[test]
fn aliases_cannot_blow_a_plugin_up() {
    let mut text =
        newer("type: cli/v1\nruntime: subprocess\nconfig:\n  a: &a [x, x, x, x, x, x, x, x]\n");
    for (name, below) in ["b", "c", "d", "e", "f", "g", "h"]
        .iter()
        .zip(["a", "b", "c", "d", "e", "f", "g"])
    {
        let items = vec![format!("*{below}"); 8].join(", ");
        writeln!(text, "  {name}: &{name} [{items}]").expect("a text can be written to");
    }
    assert_eq!(refusal(&text), "yaml: document contains excessive aliasing");
}
