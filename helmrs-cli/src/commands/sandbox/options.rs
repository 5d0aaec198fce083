//! How a sandbox is started, as flags of the commands that start one.

use std::path::PathBuf;

use clap::Args;
use helmrs_gotemplate::time::Duration;
use helmrs_sandbox::{Options, Sandbox};

use super::manifests;
use crate::error::CommandError;

/// What a sandbox begins with, and how its pods fare.
#[derive(Args, Debug)]
pub(super) struct BeginningFlags {
    /// file of objects the sandbox begins with (can specify multiple)
    #[arg(long, value_name = "stringArray")]
    pub(super) load: Vec<PathBuf>,
    /// time a pod takes to start
    #[arg(long, value_name = "duration", default_value = "100ms")]
    pub(super) pod_delay: Duration,
}

impl BeginningFlags {
    /// Starts a sandbox and loads what it begins with.
    pub(super) async fn start(&self, options: Options) -> Result<Sandbox, CommandError> {
        let files = self.load.iter().map(|path| manifests::read(path));
        let files: Vec<String> = files.collect::<Result<_, _>>()?;
        let nanoseconds = u64::try_from(self.pod_delay.0).unwrap_or_default();
        let sandbox = Sandbox::start(Options {
            pod_delay: Some(std::time::Duration::from_nanos(nanoseconds)),
            ..options
        })
        .await?;
        for objects in &files {
            sandbox.load(objects)?;
        }
        Ok(sandbox)
    }
}
