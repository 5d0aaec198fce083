//! A plugin as Go's `%q` prints one, which is how Helm names a getter that failed.

use std::fmt::Write as _;

use super::config::Config;
use super::runtime::{PlatformCommand, Runtime, Subprocess};
use super::{Plugin, quoted};

// Parity: Helm, pkg/getter/plugingetter.go, getterPlugin.Get: the verb is wrong for structs, and texts in it are quoted.
pub(super) fn plugin(plugin: &Plugin) -> String {
    let metadata = &plugin.metadata;
    let texts = [
        &metadata.api_version,
        &metadata.name,
        &metadata.kind,
        &metadata.runtime,
        &metadata.version,
        &metadata.source_url,
    ];
    let texts = texts.map(|text| quoted(text)).join(" ");
    let directory = quoted(&plugin.directory.to_string_lossy());
    let config = config(&metadata.config);
    let Runtime::Subprocess(runtime) = &metadata.runtime_config else {
        return format!("&{{{{{texts}}} {directory}}}");
    };
    let plain = subprocess(runtime, Texts::Plain);
    let quoted = subprocess(runtime, Texts::Quoted);
    format!(
        "&{{{{{texts} {config} %!q(*plugin.RuntimeConfigSubprocess=&{plain})}} {directory} {quoted} map[]}}"
    )
}

fn config(config: &Config) -> String {
    let (name, fields) = match config {
        Config::Cli(cli) => {
            let fields = format!(
                "{{{} {} {} {}}}",
                cli.usage, cli.short_help, cli.long_help, cli.ignore_flags
            );
            ("ConfigCLIV1", fields)
        }
        Config::Getter(getter) => {
            let protocols = Texts::Plain.list(&getter.protocols);
            ("ConfigGetterV1", format!("{{{protocols}}}"))
        }
        Config::PostRenderer => ("ConfigPostRendererV1", "{}".to_owned()),
        Config::Test => ("ConfigTestV1", "{}".to_owned()),
    };
    format!("%!q(*schema.{name}=&{fields})")
}

/// How texts are written.
#[derive(Clone, Copy)]
enum Texts {
    Plain,
    Quoted,
}

impl Texts {
    fn one(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Quoted => quoted(text),
        }
    }

    fn list(self, texts: &[String]) -> String {
        let texts: Vec<_> = texts.iter().map(|text| self.one(text)).collect();
        format!("[{}]", texts.join(" "))
    }
}

fn subprocess(runtime: &Subprocess, texts: Texts) -> String {
    let mut hooks = String::new();
    for (moment, commands) in &runtime.platform_hooks {
        if !hooks.is_empty() {
            hooks.push(' ');
        }
        let commands = self::commands(commands, texts);
        write!(hooks, "{}:{commands}", texts.one(moment)).expect("writing to a string cannot fail");
    }
    let protocols = runtime.protocol_commands.iter().map(|command| {
        let commands = commands(&command.platform_command, texts);
        format!("{{{} {commands}}}", texts.list(&command.protocols))
    });
    let protocols = protocols.collect::<Vec<_>>().join(" ");
    let expands = match texts {
        Texts::Plain => runtime.expand_hook_args.to_string(),
        Texts::Quoted => format!("%!q(bool={})", runtime.expand_hook_args),
    };
    let command = commands(&runtime.platform_command, texts);
    format!("{{{command} map[{hooks}] [{protocols}] {expands}}}")
}

fn commands(commands: &[PlatformCommand], texts: Texts) -> String {
    let commands = commands.iter().map(|command| {
        let parts = [&command.os, &command.arch, &command.command].map(|part| texts.one(part));
        format!("{{{} {}}}", parts.join(" "), texts.list(&command.args))
    });
    format!("[{}]", commands.collect::<Vec<_>>().join(" "))
}
