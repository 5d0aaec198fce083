//! What each command is handed.

mod database;
mod world;

use std::cell::{Cell, OnceCell};
use std::future::Future;
use std::pin::pin;

use clap::Command;
use helmrs_client::{Cancellation, DriverKind};
use helmrs_gotemplate::stack;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli;
use crate::environment::{self, Environment};
use crate::error::CommandError;
use crate::plugins::{self, Plugins};
use crate::printer::{Level, Printer, Record};
use crate::progress::Progress;
use crate::settings::EnvSettings;

/// The exit code after a second request to stop, which is not waited for.
const INTERRUPTED: i32 = 130;

/// The name and path this program was called by.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// What it calls itself in help and errors.
    pub(crate) name: &'static str,
    /// The word it was called with.
    pub(crate) path: String,
}

impl Program {
    /// Takes the name from the word the program was called with.
    ///
    /// Installed under the name `helm` it stands in for Helm, and says so.
    pub(crate) fn new(path: String) -> Self {
        let stem = std::path::Path::new(&path).file_stem();
        let name = if stem.is_some_and(|stem| stem == "helm") {
            "helm"
        } else {
            "helmrs"
        };
        Self { name, path }
    }
}

/// One call of the program: the settings, the printer, and what else a command needs of the world.
pub(crate) struct Invocation {
    pub(crate) program: Program,
    pub(crate) environment: Environment,
    pub(crate) settings: EnvSettings,
    pub(crate) printer: Printer,
    pub(crate) plugins: Plugins,
    /// Where releases are recorded.
    driver: DriverKind,
    /// Asks what is under way to stop.
    pub(crate) cancellation: Cancellation,
    /// Whether standard output is for the result alone.
    keeps_output_clean: Cell<bool>,
    /// Runs what waits, made when something first does; a connection lives as long as its runtime.
    runtime: OnceCell<Runtime>,
}

impl Invocation {
    /// Looks at where releases are recorded, which every command does first, whether it needs them or not.
    // Parity: Helm, pkg/cmd/root.go, NewRootCmd: what is wrong with the driver is a log line, not an error.
    pub(crate) fn new(
        program: Program,
        environment: Environment,
        settings: EnvSettings,
        printer: Printer,
        plugins: Plugins,
    ) -> Result<Self, CommandError> {
        match world::driver(&environment, &Progress::new(printer.clone(), false)) {
            Ok(driver) => {
                let cancellation = Cancellation::default();
                Ok(Self {
                    program,
                    environment,
                    settings,
                    printer,
                    plugins,
                    driver,
                    cancellation,
                    keeps_output_clean: Cell::new(false),
                    runtime: OnceCell::new(),
                })
            }
            Err(error) => {
                printer.log(&Record::new(Level::Info, &crate::error::chain(&*error)));
                Err(CommandError::silent())
            }
        }
    }

    /// The commands there are, without telling again what is wrong with plugins.
    pub(crate) fn outline(&self) -> Command {
        let outline = cli::outline(self.program.name);
        if self.environment.text(environment::NO_PLUGINS) == "1" {
            return outline;
        }
        let silent = Printer::silent();
        plugins::command::add(outline, &self.plugins.commands(&silent), &[], &silent)
    }

    /// Keeps what is told of registries away from standard output, for commands whose results others read.
    // Parity: Helm, pkg/cmd/show.go and template.go.
    pub(crate) fn keep_output_clean(&self) {
        self.keeps_output_clean.set(true);
    }

    /// Runs what changes a release; an interrupt asks it to stop, so that it can record how far it came. A second one ends
    /// the program.
    // Parity: Helm, pkg/cmd/install.go: the sentence goes to standard output.
    pub(crate) fn until_stopped<F: Future>(
        &self,
        name: &str,
        future: F,
    ) -> Result<F::Output, CommandError> {
        self.wait_for(async {
            let mut future = pin!(future);
            tokio::select! {
                output = &mut future => return output,
                () = interrupted() => {}
            }
            // A reader that went away is no reason to leave the record unfinished.
            let _ = self
                .printer
                .data(format!("Release {name} has been cancelled.\n"));
            self.cancellation.cancel();
            tokio::select! {
                output = future => output,
                () = interrupted() => std::process::exit(INTERRUPTED),
            }
        })
    }

    /// Runs what has to wait for others to its end.
    pub(crate) fn wait_for<F: Future>(&self, future: F) -> Result<F::Output, CommandError> {
        let runtime = if let Some(runtime) = self.runtime.get() {
            runtime
        } else {
            let made = Builder::new_current_thread()
                .enable_all()
                .thread_stack_size(stack::ROOM)
                .build()?;
            self.runtime.get_or_init(|| made)
        };
        self.connect_database(runtime)?;
        Ok(runtime.block_on(future))
    }
}

impl Invocation {
    /// Connects to the database that releases are recorded in, if there is one, before anything else is asked.
    // Parity: Helm, pkg/cmd/root.go: as above, a log line and no error.
    fn connect_database(&self, runtime: &Runtime) -> Result<(), CommandError> {
        let DriverKind::Sql(database) = &self.driver else {
            return Ok(());
        };
        runtime.block_on(database.connect()).map_err(|error| {
            let text = format!("{}: {error}", database::UNUSABLE);
            self.printer.log(&Record::new(Level::Info, &text));
            CommandError::silent()
        })
    }
}

/// Returns when the user or the system asks the program to stop.
pub(crate) async fn interrupted() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
