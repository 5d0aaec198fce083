//! The helmrs command.
//!
//! - [`run`]: from the words of a command line to an exit code
//! - [`Environment`]: the variables it reads, as a parameter
//!
//! `cli` reads the words, `commands` does what they ask for, `views` shapes what is printed and `printer` prints it.

mod ambient;
mod charts;
mod cli;
mod commands;
mod completion;
mod environment;
mod error;
mod expired;
mod file;
mod flags;
mod help;
mod invocation;
mod paths;
mod plugins;
mod printer;
mod progress;
mod prompt;
mod quote;
mod release_name;
mod settings;
mod signing;
mod views;
mod zone;

use clap::Command;
use helmrs_client::registry::read_configuration;
use signal_hook::consts::SIGPIPE;

pub use crate::environment::Environment;

/// The exit code of a program that died of a closed pipe, as shells put it.
const PIPE_CLOSED: u8 = 141;

use crate::cli::reading::{self, Line, LineError, Reading};
use crate::error::CommandError;
use crate::flags::global::GlobalFlags;
use crate::invocation::{Invocation, Program};
use crate::plugins::{Plugins, line};
use crate::printer::{Level, Printer, Record, Wishes};
use crate::settings::EnvSettings;

/// Does what a command line asks for and gives the exit code.
///
/// The first of `words` is what the program was called with.
pub fn run(words: &[String], environment: Environment) -> u8 {
    let mut printer = Printer::of_process();
    let result = follow(words, environment, &mut printer);
    let Err(error) = result else { return 0 };
    if error.is_broken_pipe() {
        // Parity: Go, runtime, sigpipe: who writes to a standard output that nobody reads dies of the signal.
        let _ = signal_hook::low_level::emulate_default_handler(SIGPIPE);
        return PIPE_CLOSED;
    }
    if let Some(text) = error.text() {
        if error.logged {
            printer.log(&Record::new(Level::Warn, "command failed").with("error", &text));
        } else {
            printer.failure(&text);
        }
    }
    if let Some(line) = &error.after {
        printer.note(line);
    }
    for hint in &error.hints {
        printer.hint(hint);
    }
    error.code
}

fn follow(
    words: &[String],
    environment: Environment,
    printer: &mut Printer,
) -> Result<(), CommandError> {
    let (program, words) = match words.split_first() {
        Some((path, words)) => (Program::new(path.clone()), words),
        None => (Program::new(String::new()), words),
    };
    let early = cli::early_flags(words);
    let early = EnvSettings::new(&environment, &early).map_err(CommandError::logged)?;
    printer.configure(wishes(&early, &environment));
    // Parity: Helm, pkg/cmd/root.go, newRootCmdWithConfig: no command runs with a broken file of registry logins.
    read_configuration(early.registry_config.as_ref()).map_err(CommandError::logged)?;
    let plugins = Plugins::new(&early.plugins);
    let outline = outline(&program, words, &plugins, &environment, printer);
    expired::warn(early.repository_config.as_ref(), printer);
    let root = cli::model_for(outline, words);
    if let Some((request, words)) = words.split_first()
        && [completion::REQUEST, completion::REQUEST_PLAIN].contains(&request.as_str())
    {
        let flags = cli::global_flags(&root, words);
        let settings = EnvSettings::new(&environment, &flags).map_err(CommandError::logged)?;
        let invocation = Invocation::new(program, environment, settings, printer.clone(), plugins)?;
        let descriptions = request == completion::REQUEST;
        return completion::run(&root, words, descriptions, &invocation);
    }
    let Reading { line, warnings } = reading::read(&root, words);
    for warning in &warnings {
        printer.note(warning);
    }
    match line {
        Ok(Line::Help(path)) => {
            // What is shown as defaults is what a line without flags would work with.
            let settings = EnvSettings::new(&environment, &GlobalFlags::default())?;
            let text = help::help(&resolve(&root, &path), &settings, printer.style());
            Ok(printer.data(&text)?)
        }
        Ok(Line::Run(cli)) => {
            let settings = EnvSettings::new(&environment, &cli.global)?;
            printer.configure(wishes(&settings, &environment));
            let invocation =
                Invocation::new(program, environment, settings, printer.clone(), plugins)?;
            match cli.command {
                Some(command) => commands::run(&command, &invocation),
                None => Ok(()),
            }
        }
        Ok(Line::Plugin(name, after)) => {
            let flags = line::flags(&root, words, &after)?;
            let settings = EnvSettings::new(&environment, &flags)?;
            printer.configure(wishes(&settings, &environment));
            let invocation =
                Invocation::new(program, environment, settings, printer.clone(), plugins)?;
            match invocation.plugins.command(&name) {
                Some(plugin) => plugins::command::run(plugin, &after, &invocation),
                None => Ok(()),
            }
        }
        Err(error) => {
            let group = match &error {
                LineError::UnknownCommand { program, .. } => Some(program.clone()),
                _ => None,
            };
            if error.is_late() {
                Invocation::new(program, environment, early, printer.clone(), plugins)?;
            }
            let is_flag = matches!(error, LineError::Flag(_));
            let mut error = CommandError::from(error);
            if is_flag && is_unparted_run(words) {
                let hint = "what belongs to the command that is run comes after '--'";
                error.hints.push(hint.to_owned());
            }
            error.after = group.map(|group| format!("Run '{group} --help' for usage."));
            Err(error)
        }
    }
}

/// Whether a line runs a command in a sandbox without saying where that begins.
fn is_unparted_run(words: &[String]) -> bool {
    matches!(words, [group, command, rest @ ..]
        if group == "sandbox" && command == "run" && !rest.iter().any(|word| word == "--"))
}

/// The commands there are, plugins among them unless the environment forbids it.
fn outline(
    program: &Program,
    words: &[String],
    plugins: &Plugins,
    environment: &Environment,
    printer: &Printer,
) -> Command {
    let outline = cli::outline(program.name);
    if environment.text(environment::NO_PLUGINS) == "1" {
        return outline;
    }
    plugins::command::add(outline, &plugins.commands(printer), words, printer)
}

/// What is wished of the printer.
fn wishes(settings: &EnvSettings, environment: &Environment) -> Wishes {
    Wishes {
        debug: settings.debug,
        color: settings.color,
        no_color: !environment.text(environment::NO_COLOR).is_empty(),
        dumb: environment.text(environment::TERM) == "dumb",
    }
}

/// The commands a path of names leads through.
fn resolve<'a>(root: &'a Command, names: &[String]) -> Vec<&'a Command> {
    let mut path = vec![root];
    for name in names {
        path.extend(path[path.len() - 1].find_subcommand(name));
    }
    path
}
