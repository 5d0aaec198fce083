//! A copy of a Git repository, and what the program `git` does with it.
// Parity: Masterminds/vcs, git.go; Helm, internal/plugin/installer/vcs_installer.go.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::repository::System;
use helmrs_core::version::{Constraint, ConstraintError, Version};
use helmrs_gotemplate::number::quote;

use crate::plugin::{ended, look_up};

/// The most that is kept of what the program says.
const MOST: u64 = 16 << 20;

/// Why a repository is not to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum GitError {
    /// Nobody knows what system it belongs to.
    #[error("Cannot detect VCS")]
    Undetected,
    /// The system is not there.
    #[error("{0} is not installed")]
    NotInstalled(System),
    /// The system is there, but nobody knows how to use it.
    #[error("plugins are not installed from repositories of {0}")]
    Unsupported(System),
    /// What was fetched before belongs to another system.
    #[error("Wrong VCS detected")]
    OtherSystem,
    /// What was fetched before is of another repository.
    #[error("The Remote does not match the VCS endpoint")]
    OtherRemote,
    /// The program failed; what it said comes first where the reference shows it.
    #[error("{what}: {said}{status}")]
    Failed {
        what: &'static str,
        said: String,
        status: String,
    },
    /// The program could not be started.
    #[error("{what}: {}", crate::error::operating_system(error))]
    Start {
        what: &'static str,
        error: io::Error,
    },
    /// What is checked out cannot be told.
    #[error("Unable to update repository")]
    Head(#[source] PathError),
    /// The version is neither a reference nor a constraint.
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    /// No tag is such a version.
    #[error("requested version {} does not exist for plugin {}", quote(version.as_bytes()), quote(remote.as_bytes()))]
    NoVersion { version: String, remote: String },
    /// Somebody changed what was fetched.
    #[error("plugin repo was modified")]
    Modified,
}

/// The system a folder belongs to, by what lies in it.
// Parity: Masterminds/vcs, vcs_local_lookup.go.
pub(super) fn system_of(folder: &Path) -> Option<System> {
    let mark = |system: System| folder.join(format!(".{}", system.program()));
    System::all()
        .into_iter()
        .find(|system| mark(*system).metadata().is_ok())
}

/// A copy of a repository on this machine, which need not be there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    program: PathBuf,
    /// Where it comes from.
    remote: String,
    /// Where it is.
    folder: PathBuf,
}

/// What the program said, and how it ended.
struct Said {
    text: String,
    status: ExitStatus,
}

impl Checkout {
    /// A copy in a folder; without a remote it is that of the repository that lies there.
    pub(super) fn new(
        system: System,
        remote: &str,
        folder: PathBuf,
        programs: &OsStr,
    ) -> Result<Self, GitError> {
        let program = look_up(system.program(), programs).ok_or(GitError::NotInstalled(system))?;
        if system != System::Git {
            return Err(GitError::Unsupported(system));
        }
        let found = system_of(&folder);
        if found.is_some_and(|found| found != system) {
            return Err(GitError::OtherSystem);
        }
        let mut checkout = Self {
            program,
            remote: remote.to_owned(),
            folder,
        };
        if found.is_some() {
            let what = "Unable to retrieve local repo information";
            let here = checkout.within(what, &["config", "--get", "remote.origin.url"])?;
            let here = here.trim();
            if !remote.is_empty() && here != remote {
                return Err(GitError::OtherRemote);
            }
            if remote.is_empty() {
                here.clone_into(&mut checkout.remote);
            }
        }
        Ok(checkout)
    }

    /// Where the repository comes from.
    pub(super) fn remote(&self) -> &str {
        &self.remote
    }

    /// Where the copy is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same repository, copied to another folder.
    pub(super) fn moved(&self, folder: PathBuf) -> Self {
        Self {
            folder,
            ..self.clone()
        }
    }

    /// Fetches the repository, or what is new in it, and checks out a version: a reference, or the newest tag that
    /// satisfies a constraint.
    pub(super) fn fetch(&self, version: &str) -> Result<(), GitError> {
        match self.folder.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.clone_remote()?,
            _ => self.update()?,
        }
        if version.is_empty() {
            return Ok(());
        }
        let reference = self.solve(version)?;
        self.within(
            "Unable to update checked out version",
            &["checkout", &reference],
        )?;
        self.settle_submodules()
    }

    fn clone_remote(&self) -> Result<(), GitError> {
        let what = "Unable to get repository";
        let folder = self.folder.as_os_str();
        let args = ["clone", "--recursive", "--", &self.remote].map(OsStr::new);
        let said = self.run(what, &[&args[..], &[folder]].concat(), None)?;
        if said.status.success() {
            return Ok(());
        }
        Err(GitError::Failed {
            what,
            said: format!("{}: ", said.text),
            status: ended(said.status),
        })
    }

    /// Brings what is checked out up to date; a single revision stays what it is.
    pub(super) fn update(&self) -> Result<(), GitError> {
        let what = "Unable to update repository";
        self.within(what, &["fetch", "--tags", "--", "origin"])?;
        let head = self.folder.join(".git").join("HEAD");
        let text = std::fs::read(&head)
            .map_err(|error| GitError::Head(PathError::of_read(&head, error)))?;
        if !text.trim_ascii().starts_with(b"ref: ") {
            return Ok(());
        }
        self.within(what, &["pull"])?;
        self.settle_submodules()
    }

    /// Brings submodules to where they should be, and removes what does not belong to the repository.
    fn settle_submodules(&self) -> Result<(), GitError> {
        let steps: [(&str, &[&str]); 3] = [
            (
                "Unexpected error while defensively updating submodules",
                &["submodule", "update", "--init", "--recursive"],
            ),
            (
                "Unexpected error while defensively cleaning up after possible derelict submodule directories",
                &["clean", "-x", "-d", "-f", "-f"],
            ),
            (
                "Unexpected error while defensively cleaning up after possible derelict nested submodule directories",
                &[
                    "submodule",
                    "foreach",
                    "--recursive",
                    "git clean -x -d -f -f",
                ],
            ),
        ];
        for (what, args) in steps {
            self.within(what, args)?;
        }
        Ok(())
    }

    /// Whether somebody changed what is checked out.
    pub(super) fn is_modified(&self) -> bool {
        self.within("", &["diff"])
            .map_or(true, |changes| !changes.is_empty())
    }

    /// The revision that is checked out.
    pub(super) fn revision(&self) -> Option<String> {
        let said = self.within("", &["rev-parse", "--verify", "HEAD"]).ok()?;
        Some(said.trim().to_owned())
    }

    /// Goes back to a revision; what somebody changed meanwhile stays.
    pub(super) fn go_back(&self, revision: &str) {
        // What cannot be undone stays as it is: the error that led here is told.
        let _ = self.within("", &["reset", "--keep", revision]);
    }

    /// The reference that a version stands for.
    // Parity: Helm, internal/plugin/installer/vcs_installer.go, solveVersion.
    fn solve(&self, version: &str) -> Result<String, GitError> {
        if self.is_reference(version) {
            return Ok(version.to_owned());
        }
        let constraint = Constraint::parse(version)?;
        let list = self.run(
            "Unable to retrieve tags",
            &["show-ref"].map(OsStr::new),
            Some(&self.folder),
        )?;
        let tags = list.text.lines().filter_map(|line| {
            let (_, tag) = line.rsplit_once("tags/")?;
            Some((Version::parse(tag).ok()?, tag))
        });
        let fitting = tags.filter(|(version, _)| constraint.check(version));
        let newest = fitting.max_by(|(left, _), (right, _)| left.cmp(right));
        newest
            .map(|(_, tag)| tag.to_owned())
            .ok_or_else(|| GitError::NoVersion {
                version: version.to_owned(),
                remote: self.remote.clone(),
            })
    }

    /// Whether a text is a branch, a tag or a revision. One that looks like a flag is not: the program would take it for one.
    fn is_reference(&self, text: &str) -> bool {
        !text.starts_with('-')
            && (self.within("", &["rev-parse", "--verify", text]).is_ok()
                || self.within("", &["show-ref", text]).is_ok())
    }

    /// Runs the program in the copy; gives what it says.
    fn within(&self, what: &'static str, args: &[&str]) -> Result<String, GitError> {
        let args: Vec<_> = args.iter().map(OsStr::new).collect();
        let said = self.run(what, &args, Some(&self.folder))?;
        if said.status.success() {
            return Ok(said.text);
        }
        Err(GitError::Failed {
            what,
            said: String::new(),
            status: ended(said.status),
        })
    }

    /// Runs the program without input; what it writes anywhere is kept.
    fn run(
        &self,
        what: &'static str,
        args: &[&OsStr],
        folder: Option<&Path>,
    ) -> Result<Said, GitError> {
        let mut command = Command::new(&self.program);
        command.args(args);
        if let Some(folder) = folder {
            command.current_dir(folder).env("PWD", folder);
        }
        listen(command).map_err(|error| GitError::Start { what, error })
    }
}

/// Runs a program to its end.
fn listen(mut command: Command) -> io::Result<Said> {
    let (reader, writer) = io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command.spawn()?;
    // The command holds the other end of the pipe.
    drop(command);
    let mut text = Vec::new();
    let mut reader = reader.take(MOST);
    reader.read_to_end(&mut text)?;
    // The rest is not kept, but somebody has to read it, or the program would wait for ever.
    io::copy(&mut reader.into_inner(), &mut io::sink())?;
    let status = child.wait()?;
    Ok(Said {
        text: String::from_utf8_lossy(&text).into_owned(),
        status,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_kept_in_its_order() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo a; echo b >&2; echo c; exit 3"]);
        let said = listen(command).unwrap();
        assert_eq!(
            (said.text.as_str(), said.status.code()),
            ("a\nb\nc\n", Some(3))
        );
    }

    #[test]
    fn a_folder_tells_its_system() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(system_of(folder.path()), None);
        std::fs::create_dir(folder.path().join(".hg")).unwrap();
        assert_eq!(system_of(folder.path()), Some(System::Mercurial));
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(system_of(folder.path()), Some(System::Git));
        let error = Checkout::new(System::Git, "", folder.path().into(), OsStr::new(""));
        assert_eq!(error.unwrap_err().to_string(), "git is not installed");
    }
}
