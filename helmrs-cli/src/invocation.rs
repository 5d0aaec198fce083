//! What each command is handed.

use crate::environment::Environment;
use crate::error::CommandError;
use crate::printer::Printer;
use crate::settings::EnvSettings;

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
}

impl Invocation {
    /// Puts together what commands are handed.
    pub(crate) fn new(
        program: Program,
        environment: Environment,
        settings: EnvSettings,
        printer: Printer,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            program,
            environment,
            settings,
            printer,
        })
    }
}
