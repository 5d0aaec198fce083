//! A plugin's command as a process.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;

use helmrs_core::plugin::{
    Platform, PlatformCommand, Plugin, PrepareError, Runtime, Subprocess, prepare,
};
use helmrs_gotemplate::number::quote;

/// The most that a plugin may write where that is kept in memory.
const MOST: u64 = 1 << 30;

/// Why a plugin did not do what it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RunError {
    /// It has no command for this platform.
    #[error("failed to prepare plugin command")]
    Prepare(#[source] PrepareError),
    /// It has no command for this platform and that scheme.
    #[error("failed to prepare commands for protocol {}", quote(protocol.as_bytes()))]
    PrepareProtocol {
        protocol: String,
        #[source]
        source: PrepareError,
    },
    /// It has no command for a scheme it says it has.
    #[error("no downloader found for protocol {}", quote(.0.as_bytes()))]
    NoDownloader(String),
    /// Its program is nowhere to be found.
    #[error("exec: {}: executable file not found in $PATH", quote(.0.as_bytes()))]
    NotFound(String),
    /// Its program cannot be started.
    #[error("fork/exec {program}: {}", crate::error::operating_system(error))]
    Start { program: String, error: io::Error },
    /// Its program could not be waited for.
    #[error("{}", crate::error::operating_system(.0))]
    Wait(io::Error),
    /// It wrote more than can be kept.
    #[error("plugin {} wrote more than {MOST} bytes", quote(.0.as_bytes()))]
    TooMuch(String),
    /// Its program failed.
    #[error("plugin {} exited with error", quote(name.as_bytes()))]
    Failed { name: String, status: ExitStatus },
    /// It is WebAssembly, which is not run.
    #[error("plugin {} needs the runtime extism/v1, which is not supported", quote(.0.as_bytes()))]
    Wasm(String),
}

impl RunError {
    /// The exit code of the plugin, if it had one; -1 if a signal ended it.
    // Parity: Go, os.ProcessState.ExitCode.
    pub fn exit_code(&self) -> Option<i32> {
        match self {
            Self::Failed { status, .. } => Some(status.code().unwrap_or(-1)),
            _ => None,
        }
    }

    /// How the program ended, as Go words it: `exit status 4`.
    pub fn status(&self) -> Option<String> {
        let Self::Failed { status, .. } = self else {
            return None;
        };
        Some(ended(*status))
    }
}

/// How a program ended, as Go words it.
pub(crate) fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => {
            let dumped = if status.core_dumped() {
                " (core dumped)"
            } else {
                ""
            };
            format!("signal: {}{dumped}", signal_name(signal))
        }
        (None, None) => "unknown status".to_owned(),
    }
}

/// A signal, as Go words it.
// Parity: Go, syscall/zerrors_linux_amd64.go.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

/// This machine, in Go's names.
pub fn platform() -> Platform<'static> {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        os => os,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        arch => arch,
    };
    Platform { os, arch }
}

/// What gives the value of one of this process's variables by its name.
pub type Read = dyn Fn(&str) -> Option<String> + Send + Sync;

/// The variables a plugin has.
#[derive(Clone)]
pub struct Surroundings {
    /// Those of this process, which it has anyway.
    pub inherited: Arc<Read>,
    /// More.
    pub variables: BTreeMap<String, String>,
}

impl Surroundings {
    /// The same, and what tells a plugin who it is.
    fn of(mut self, plugin: &Plugin) -> Self {
        let directory = plugin.directory.to_string_lossy().into_owned();
        let name = plugin.metadata.name.clone();
        self.variables.insert("HELM_PLUGIN_NAME".to_owned(), name);
        self.variables
            .insert("HELM_PLUGIN_DIR".to_owned(), directory);
        self
    }

    /// The same with one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A variable's value; empty if it is not set.
    fn value(&self, name: &str) -> String {
        let own = self.variables.get(name).cloned();
        own.or_else(|| (self.inherited)(name)).unwrap_or_default()
    }
}

impl fmt::Debug for Surroundings {
    /// Values may be secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.variables.keys())
            .finish()
    }
}

/// A plugin's command, ready to be run.
#[derive(Debug, Clone)]
pub struct Process {
    /// The plugin's name.
    name: String,
    /// The program: a path, or a name to look for.
    program: String,
    args: Vec<String>,
    surroundings: Surroundings,
}

impl Process {
    /// The command of a plugin: its own words, then `extra`.
    ///
    /// # Errors
    ///
    /// If the plugin has none for this platform, or is no process at all.
    // Parity: Helm, internal/plugin/runtime_subprocess.go, runCLI and runPostrenderer.
    pub fn of_command(
        plugin: &Plugin,
        extra: &[String],
        surroundings: Surroundings,
    ) -> Result<Self, RunError> {
        let commands = &subprocess(plugin)?.platform_command;
        let process = Self::new(plugin, commands, true, surroundings);
        let mut process = process.map_err(RunError::Prepare)?;
        process.args.extend_from_slice(extra);
        Ok(process)
    }

    /// What a plugin runs at a moment, [`helmrs_core::plugin::INSTALLED`] for example; `None` if it runs nothing then.
    ///
    /// # Errors
    ///
    /// If what it runs is not for this platform.
    // Parity: Helm, internal/plugin/runtime_subprocess.go, InvokeHook.
    pub fn of_hook(
        plugin: &Plugin,
        moment: &str,
        surroundings: Surroundings,
    ) -> Result<Option<Self>, PrepareError> {
        let Runtime::Subprocess(runtime) = &plugin.metadata.runtime_config else {
            return Ok(None);
        };
        let commands = runtime.platform_hooks.get(moment);
        let Some(commands) = commands.filter(|commands| !commands.is_empty()) else {
            return Ok(None);
        };
        Self::new(plugin, commands, runtime.expand_hook_args, surroundings).map(Some)
    }

    /// What fetches `url`, whose scheme is `protocol`; `options` are the words before the URL.
    ///
    /// # Errors
    ///
    /// If the plugin has nothing for the scheme, or not on this platform, or is no process at all.
    // Parity: Helm, internal/plugin/runtime_subprocess_getter.go, runGetter: the program is always below the plugin.
    pub fn of_getter(
        plugin: &Plugin,
        protocol: &str,
        options: [&str; 3],
        url: &str,
        surroundings: Surroundings,
    ) -> Result<Self, RunError> {
        let mut commands = subprocess(plugin)?.protocol_commands.iter();
        let command = commands
            .find(|command| command.protocols.iter().any(|known| known == protocol))
            .ok_or_else(|| RunError::NoDownloader(protocol.to_owned()))?;
        let process = Self::new(plugin, &command.platform_command, false, surroundings);
        let mut process = process.map_err(|source| RunError::PrepareProtocol {
            protocol: protocol.to_owned(),
            source,
        })?;
        let below = format!("{}/{}", plugin.directory.display(), process.program);
        let below = helmrs_core::path::clean(Path::new(&below));
        process.program = below.to_string_lossy().into_owned();
        process.args.extend(options.map(str::to_owned));
        process.args.push(url.to_owned());
        Ok(process)
    }

    /// A program of a plugin's folder, with its words.
    // Parity: Helm, internal/plugin/runtime_subprocess.go, InvokeWithEnv.
    pub fn of_file(
        plugin: &Plugin,
        file: &str,
        args: Vec<String>,
        surroundings: Surroundings,
    ) -> Self {
        let program = plugin.directory.join(file);
        Self {
            name: plugin.metadata.name.clone(),
            program: program.to_string_lossy().into_owned(),
            args,
            surroundings: surroundings.of(plugin),
        }
    }

    /// Any program, which errors call by its path.
    pub fn of_program(program: &str, args: Vec<String>, surroundings: Surroundings) -> Self {
        Self {
            name: program.to_owned(),
            program: program.to_owned(),
            args,
            surroundings,
        }
    }

    fn new(
        plugin: &Plugin,
        commands: &[PlatformCommand],
        expand_args: bool,
        surroundings: Surroundings,
    ) -> Result<Self, PrepareError> {
        let surroundings = surroundings.of(plugin);
        let variable = |name: &str| surroundings.value(name);
        let prepared = prepare(commands, platform(), expand_args, &variable)?;
        Ok(Self {
            name: plugin.metadata.name.clone(),
            program: prepared.program,
            args: prepared.args,
            surroundings,
        })
    }

    /// The plugin's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The program and its words, for people to read.
    // Parity: Go, os/exec, Cmd.String: the program as it was found.
    pub fn line(&self) -> String {
        let program = self.path().unwrap_or_else(|_| PathBuf::from(&self.program));
        let mut line = program.to_string_lossy().into_owned();
        for arg in &self.args {
            line.push(' ');
            line.push_str(arg);
        }
        line
    }

    /// Runs the program on what this process has for input and output.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or fails.
    pub fn run(&self) -> Result<(), RunError> {
        let status = self.command()?.status();
        self.judge(status.map_err(|error| self.unable(error))?)
    }

    /// Runs the program without input; it writes where this process writes.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or fails.
    pub fn run_alone(&self) -> Result<(), RunError> {
        let status = self.command()?.stdin(Stdio::null()).status();
        self.judge(status.map_err(|error| self.unable(error))?)
    }

    /// Runs the program without input and gives what it writes, standard error too if `errors` says so.
    ///
    /// # Errors
    ///
    /// If it cannot be started, fails, or writes too much.
    pub fn output(&self, errors: Errors) -> Result<Vec<u8>, RunError> {
        self.talk(None, errors)
    }

    /// Runs the program on a text and gives what it makes of it; nobody reads its standard error.
    ///
    /// # Errors
    ///
    /// If it cannot be started, fails, or writes too much.
    pub fn filter(&self, input: &[u8]) -> Result<Vec<u8>, RunError> {
        self.talk(Some(input), Errors::Dropped)
    }

    fn talk(&self, input: Option<&[u8]>, errors: Errors) -> Result<Vec<u8>, RunError> {
        let (mut reader, writer) = io::pipe().map_err(RunError::Wait)?;
        let mut command = self.command()?;
        match errors {
            Errors::Shown => command.stderr(Stdio::inherit()),
            Errors::Dropped => command.stderr(Stdio::null()),
            Errors::Kept => command.stderr(writer.try_clone().map_err(RunError::Wait)?),
        };
        command.stdout(writer).stdin(match input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        });
        let mut child = command.spawn().map_err(|error| self.unable(error))?;
        // The command holds the other end of the pipe.
        drop(command);
        let stdin = child.stdin.take();
        let read = std::thread::scope(|scope| {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // A program may well end before it has read everything.
                scope.spawn(move || stdin.write_all(input));
            }
            let mut output = Vec::new();
            let read = reader.by_ref().take(MOST + 1).read_to_end(&mut output);
            let is_whole = output.len() as u64 <= MOST;
            if read.is_err() || !is_whole {
                let _ = child.kill();
            }
            read.map(|_| is_whole.then_some(output))
        });
        let status = child.wait().map_err(RunError::Wait)?;
        let output = read.map_err(RunError::Wait)?;
        let output = output.ok_or_else(|| RunError::TooMuch(self.name.clone()))?;
        self.judge(status)?;
        Ok(output)
    }

    fn command(&self) -> Result<Command, RunError> {
        let mut command = Command::new(self.path()?);
        command
            .arg0(&self.program)
            .args(&self.args)
            .envs(&self.surroundings.variables);
        Ok(command)
    }

    /// The file to run.
    // Parity: Go, os/exec, LookPath.
    fn path(&self) -> Result<PathBuf, RunError> {
        if self.program.contains('/') {
            return Ok(PathBuf::from(&self.program));
        }
        let folders = (self.surroundings.inherited)("PATH").unwrap_or_default();
        look_up(&self.program, OsStr::new(&folders))
            .ok_or_else(|| RunError::NotFound(self.program.clone()))
    }

    fn judge(&self, status: ExitStatus) -> Result<(), RunError> {
        if status.success() {
            return Ok(());
        }
        Err(RunError::Failed {
            name: self.name.clone(),
            status,
        })
    }

    fn unable(&self, error: io::Error) -> RunError {
        let program = self.path().unwrap_or_else(|_| PathBuf::from(&self.program));
        RunError::Start {
            program: program.to_string_lossy().into_owned(),
            error,
        }
    }
}

/// What becomes of a program's standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// It is this process's own.
    Shown,
    /// Nobody reads it.
    Dropped,
    /// It is read with the output.
    Kept,
}

fn subprocess(plugin: &Plugin) -> Result<&Subprocess, RunError> {
    match &plugin.metadata.runtime_config {
        Runtime::Subprocess(runtime) => Ok(runtime),
        _ => Err(RunError::Wasm(plugin.metadata.name.clone())),
    }
}

/// The program of that name in the first folder that has it.
pub(crate) fn look_up(name: &str, folders: &OsStr) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| {
        path.metadata()
            .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
    };
    let folders = std::env::split_paths(folders).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(is_program)
}
