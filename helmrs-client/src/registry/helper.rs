//! Programs that keep credentials: `docker-credential-pass` and its relatives.
// Parity: oras.land/oras-go/v2, registry/remote/credentials/{native_store,internal/executer/executer}.go.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use helmrs_core::registry::Credential;
use helmrs_core::registry::answer::{self, Kept};
use helmrs_core::yaml::json;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::error::CredentialError;

/// How long a program may take, which may have to ask its user for a password.
const PATIENCE: Duration = Duration::from_secs(120);

/// The most that is read of what a program says.
const MOST: u64 = 1 << 20;

/// What a name is called that stands for a token.
const TOKEN: &str = "<token>";

/// What programs say of servers they do not know.
const UNKNOWN: &str = "credentials not found in native keychain";

/// A program that keeps credentials.
pub(super) struct Helper {
    suffix: String,
    path: Option<PathBuf>,
}

/// What a program is told to keep.
#[derive(Serialize)]
struct Keep<'a> {
    #[serde(rename = "ServerURL")]
    server: &'a str,
    #[serde(rename = "Username")]
    username: &'a str,
    #[serde(rename = "Secret")]
    secret: &'a str,
}

impl Helper {
    /// The program with this end of a name, in one of the folders.
    pub(super) fn new(suffix: &str, folders: &OsStr) -> Self {
        let path = find(&format!("docker-credential-{suffix}"), folders);
        let suffix = suffix.to_string();
        Self { suffix, path }
    }

    pub(super) fn suffix(&self) -> &str {
        &self.suffix
    }

    pub(super) fn is_there(&self) -> bool {
        self.path.is_some()
    }

    /// What a server is shown; nothing if the program does not know it.
    pub(super) async fn get(&self, server: &str) -> Result<Credential, CredentialError> {
        let text = match self.run("get", server.as_bytes()).await {
            Err(CredentialError::Program(text)) if text == UNKNOWN => {
                return Ok(Credential::default());
            }
            outcome => outcome?,
        };
        let Kept { username, secret } = answer::kept(&text)?;
        Ok(if username == TOKEN {
            Credential {
                refresh_token: secret,
                ..Credential::default()
            }
        } else {
            Credential::basic(&username, &secret)
        })
    }

    /// Keeps what a server is shown.
    pub(super) async fn put(
        &self,
        server: &str,
        credential: &Credential,
    ) -> Result<(), CredentialError> {
        let is_token = !credential.refresh_token.is_empty();
        let keep = Keep {
            server,
            username: if is_token {
                TOKEN
            } else {
                &credential.username
            },
            secret: if is_token {
                &credential.refresh_token
            } else {
                &credential.password
            },
        };
        let text = json::to_json_typed(&keep).expect("texts can always be written");
        self.run("store", &text).await.map(drop)
    }

    /// Forgets what a server is shown.
    pub(super) async fn remove(&self, server: &str) -> Result<(), CredentialError> {
        self.run("erase", server.as_bytes()).await.map(drop)
    }

    /// Runs the program, which is ended if it takes too long.
    async fn run(&self, action: &str, input: &[u8]) -> Result<Vec<u8>, CredentialError> {
        let program = || format!("docker-credential-{}", self.suffix);
        let Some(path) = &self.path else {
            return Err(CredentialError::NoProgram { program: program() });
        };
        let failed = |error: std::io::Error| {
            let words = crate::error::operating_system(&error);
            CredentialError::Program(format!("fork/exec {}: {words}", path.display()))
        };
        let child = Command::new(path)
            .arg(action)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        match timeout(PATIENCE, talk(child, input)).await {
            Ok(outcome) => outcome.map_err(failed)?,
            Err(_) => Err(CredentialError::Program(format!(
                "{}: no answer after {} seconds",
                program(),
                PATIENCE.as_secs()
            ))),
        }
    }
}

/// Tells a program something and hears what it says.
async fn talk(mut child: Child, input: &[u8]) -> std::io::Result<Result<Vec<u8>, CredentialError>> {
    let mut text = Vec::new();
    let told = async {
        if let Some(mut stdin) = child.stdin.take() {
            // A program may well end before it has read everything.
            let _ = stdin.write_all(input).await;
        }
    };
    let stdout = child.stdout.take();
    let heard = async {
        match stdout {
            Some(stdout) => stdout.take(MOST).read_to_end(&mut text).await,
            None => Ok(0),
        }
    };
    let ((), heard) = tokio::join!(told, heard);
    heard?;
    let status = child.wait().await?;
    if status.success() {
        return Ok(Ok(text));
    }
    let words = String::from_utf8_lossy(text.trim_ascii()).into_owned();
    Ok(Err(CredentialError::Program(if words.is_empty() {
        format!("exit status {}", status.code().unwrap_or(-1))
    } else {
        words
    })))
}

/// A program in one of the folders.
pub(super) fn find(name: &str, folders: &OsStr) -> Option<PathBuf> {
    if name.contains(['/', '\\']) {
        return None;
    }
    let folders = std::env::split_paths(folders).filter(|folder| folder.is_absolute());
    let mut paths = folders.map(|folder| folder.join(OsString::from(name)));
    paths.find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path)
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &std::path::Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;

    fn program(folder: &Path, text: &str) -> Helper {
        let path = folder.join("docker-credential-test");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Helper::new("test", folder.as_os_str())
    }

    #[tokio::test]
    async fn a_program_is_asked_in_its_own_words() {
        let folder = tempfile::tempdir().unwrap();
        let said = folder.path().join("said");
        let text = format!(
            "echo $1 >>{0}; cat >>{0}; echo >>{0}; echo '{{\"Username\":\"ann\",\"Secret\":\"s\"}}'",
            said.display()
        );
        let helper = program(folder.path(), &text);
        let credential = Credential::basic("ann", "s");
        helper.put("a:1", &credential).await.unwrap();
        assert_eq!(helper.get("a:1").await.unwrap(), credential);
        helper.remove("a:1").await.unwrap();
        assert_eq!(
            fs::read_to_string(said).unwrap(),
            "store\n{\"ServerURL\":\"a:1\",\"Username\":\"ann\",\"Secret\":\"s\"}\nget\na:1\nerase\na:1\n"
        );
    }

    #[tokio::test]
    async fn what_a_program_does_not_know_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let helper = program(folder.path(), &format!("echo {UNKNOWN}; exit 1"));
        assert!(helper.get("a:1").await.unwrap().is_empty());
        let helper = program(folder.path(), "exit 3");
        let error = helper.get("a:1").await.unwrap_err();
        assert_eq!(error.to_string(), "exit status 3");
    }

    #[tokio::test]
    async fn a_program_may_keep_a_token() {
        let folder = tempfile::tempdir().unwrap();
        let helper = program(
            folder.path(),
            "echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'",
        );
        assert_eq!(helper.get("a:1").await.unwrap().refresh_token, "t");
    }

    #[test]
    fn only_names_are_looked_for() {
        assert_eq!(find("../sh", OsStr::new("/bin/x")), None);
        assert_eq!(find("sh", OsStr::new("bin")), None);
        assert!(find("sh", OsStr::new("/nowhere:/bin")).is_some());
    }
}
