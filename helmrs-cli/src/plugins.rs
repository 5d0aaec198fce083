//! Installed plugins, as far as the command line knows them.

pub(crate) mod command;
pub(crate) mod line;

use std::cell::OnceCell;
use std::ffi::OsString;
use std::sync::Arc;

use helmrs_client::plugin::{self, Found, Process, RunError, Surroundings};
use helmrs_core::plugin::{CLI, Plugin};

use crate::environment::Environment;
use crate::error::{CommandError, chain};
use crate::printer::{Level, Printer, Record};
use crate::settings::EnvSettings;

/// The plugins there are, looked for once.
pub(crate) struct Plugins {
    folders: OsString,
    found: OnceCell<Found>,
}

impl Plugins {
    /// The plugins in these folders, which nobody looks into yet.
    pub(crate) fn new(folders: &str) -> Self {
        Self {
            folders: folders.into(),
            found: OnceCell::new(),
        }
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| plugin::search(&self.folders))
    }

    /// Every plugin of a type, of any if that is empty, or why there are none; what cannot be loaded is told.
    // Parity: Helm, internal/plugin/loader.go, FindPlugins, which looks anew each time and so tells of it each time.
    pub(crate) fn of_type(
        &self,
        kind: &str,
        printer: &Printer,
    ) -> Result<impl Iterator<Item = &Plugin>, CommandError> {
        let plugins = usable(self.found(), printer)?.iter();
        Ok(plugins.filter(move |plugin| kind.is_empty() || plugin.metadata.kind == kind))
    }

    /// The plugin that is the command of that name.
    pub(crate) fn command(&self, name: &str) -> Option<&Plugin> {
        let mut plugins = self.found().plugins.iter();
        plugins.find(|plugin| plugin.metadata.kind == CLI && command::name(plugin) == name)
    }

    /// The plugins that are commands; nothing that is wrong with them ends the program.
    // Parity: Helm, pkg/cmd/load_plugins.go, loadCLIPlugins.
    pub(crate) fn commands(&self, printer: &Printer) -> Vec<&Plugin> {
        match self.of_type(CLI, printer) {
            Ok(plugins) => plugins.collect(),
            Err(error) => {
                let text = error.text().unwrap_or_default();
                let record = Record::new(Level::Error, "failed to load plugins");
                printer.log(&record.with("error", &text));
                Vec::new()
            }
        }
    }
}

/// What was found, or why there is nothing; what cannot be loaded is told.
pub(crate) fn usable<'f>(
    found: &'f Found,
    printer: &Printer,
) -> Result<&'f [Plugin], CommandError> {
    for (file, error) in &found.refused {
        let record = Record::new(Level::Warn, "failed to load plugin (ignoring)")
            .with("plugin_yaml", &file.to_string_lossy())
            .with("error", &chain(error));
        printer.log(&record);
    }
    match &found.error {
        Some(error) => Err(error.clone().into()),
        None => Ok(&found.plugins),
    }
}

/// What a plugin is told of the settings.
pub(crate) fn surroundings(
    environment: &Environment,
    settings: &EnvSettings,
    program: &str,
) -> Surroundings {
    let variables = settings.variables(program).into_iter();
    Surroundings {
        variables: variables
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        ..bare(environment)
    }
}

/// What a plugin has that is told nothing.
pub(crate) fn bare(environment: &Environment) -> Surroundings {
    Surroundings {
        inherited: Arc::clone(&environment.read),
        variables: std::collections::BTreeMap::new(),
    }
}

/// Tells those who debug what is run.
pub(crate) fn tell_start(process: &Process, printer: &Printer) {
    if printer.debug() {
        let record = Record::new(Level::Debug, "executing plugin command")
            .with("pluginName", process.name())
            .with("command", &process.line());
        printer.log(&record);
    }
}

/// Tells those who debug how it ended.
// Parity: Helm, internal/plugin/runtime_subprocess.go, executeCmd: nothing was kept of standard error.
pub(crate) fn tell_failure(process: &Process, error: &RunError, printer: &Printer) {
    if let (Some(status), Some(code)) = (error.status(), error.exit_code()) {
        let record = Record::new(Level::Debug, "plugin execution failed")
            .with("pluginName", process.name())
            .with("error", &status)
            .with("exitCode", &code.to_string())
            .with("stderr", "");
        printer.log(&record);
    }
}
