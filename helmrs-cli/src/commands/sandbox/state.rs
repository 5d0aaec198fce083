//! What is known about the running sandbox, kept in a directory of its own.

use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use helmrs_client::download::cache::write_atomically;
use helmrs_sandbox::Connection;
use serde::{Deserialize, Serialize};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// A running sandbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The process it runs in.
    pub(super) process: u32,
    /// Its URL.
    pub(super) url: String,
    /// The certificate to trust.
    pub(super) authority: String,
    /// The administrator's token.
    pub(super) token: String,
}

impl State {
    /// The sandbox that runs, if one does and answers.
    pub(super) fn running(invocation: &Invocation) -> Option<Self> {
        let state: Self = serde_json::from_slice(&fs::read(path(invocation, FILE)).ok()?).ok()?;
        let address: SocketAddr = state.url.strip_prefix("https://")?.parse().ok()?;
        TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
        Some(state)
    }

    /// How to talk to it.
    pub(super) fn connection(self) -> Connection {
        Connection {
            url: self.url,
            authority: self.authority,
            token: self.token,
        }
    }

    /// Notes that this sandbox runs, and how to reach it.
    pub(super) fn write(
        &self,
        kubeconfig: &str,
        invocation: &Invocation,
    ) -> Result<(), CommandError> {
        write_atomically(&kubeconfig_path(invocation), kubeconfig.as_bytes(), 0o600)?;
        write_atomically(&path(invocation, FILE), &serde_json::to_vec(self)?, 0o600)?;
        Ok(())
    }

    /// Forgets about the sandbox.
    pub(super) fn remove(invocation: &Invocation) -> Result<(), CommandError> {
        for file in [path(invocation, FILE), kubeconfig_path(invocation)] {
            match fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The name of the file a state is kept in.
const FILE: &str = "state.json";

/// Where the kubeconfig of the running sandbox is.
pub(super) fn kubeconfig_path(invocation: &Invocation) -> PathBuf {
    path(invocation, "kubeconfig")
}

/// Where a sandbox in the background writes what it has to say.
pub(super) fn log_path(invocation: &Invocation) -> PathBuf {
    path(invocation, "log")
}

fn path(invocation: &Invocation, name: &str) -> PathBuf {
    invocation.settings.paths.data.join("sandbox").join(name)
}

/// No sandbox runs.
pub(super) fn not_running(invocation: &Invocation) -> CommandError {
    let program = invocation.program.name;
    let mut error = CommandError::message("no sandbox is running");
    error
        .hints
        .push(format!("'{program} sandbox start' starts one"));
    error
}
