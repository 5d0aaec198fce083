//! What has the last word about what was rendered: a plugin, or a program.
// Parity: Helm, pkg/postrenderer/postrenderer.go.

use helmrs_core::finding::Finding;
use helmrs_core::plugin::Plugin;
use helmrs_gotemplate::number::quote;

use super::process::{Process, RunError, Surroundings};

/// Changes what was rendered.
#[derive(Debug, Clone)]
pub struct PostRenderer {
    filter: Filter,
    args: Vec<String>,
    surroundings: Surroundings,
}

#[derive(Debug, Clone)]
enum Filter {
    Plugin(Box<Plugin>),
    /// A program that is no plugin, by its path.
    Program(String),
}

/// Why there is nothing to go on with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum PostRendererError {
    /// It did not run to its end.
    #[error("failed to invoke post-renderer plugin {}", quote(name.as_bytes()))]
    Invoke {
        name: String,
        #[source]
        source: RunError,
    },
    /// It left nothing.
    #[error("post-renderer {} produced empty output", quote(.0.as_bytes()))]
    Empty(String),
}

impl PostRenderer {
    /// A plugin of type `postrenderer/v1`.
    pub fn of_plugin(plugin: Plugin, args: Vec<String>, surroundings: Surroundings) -> Self {
        Self {
            filter: Filter::Plugin(Box::new(plugin)),
            args,
            surroundings,
        }
    }

    /// A program that reads documents and writes them.
    pub fn of_program(path: &str, args: Vec<String>, surroundings: Surroundings) -> Self {
        Self {
            filter: Filter::Program(path.to_owned()),
            args,
            surroundings,
        }
    }

    fn name(&self) -> String {
        match &self.filter {
            Filter::Plugin(plugin) => plugin.metadata.name.clone(),
            Filter::Program(path) => path.clone(),
        }
    }

    /// Runs it on documents and gives those it writes; what it is told of is added to `findings`.
    ///
    /// # Errors
    ///
    /// If it cannot be run, fails, or writes nothing.
    pub fn run(
        &self,
        documents: &[u8],
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<u8>, PostRendererError> {
        let output = self.filter(documents, findings);
        let output = output.map_err(|source| PostRendererError::Invoke {
            name: self.name(),
            source,
        })?;
        let is_blank = String::from_utf8_lossy(&output).trim().is_empty();
        if is_blank {
            return Err(PostRendererError::Empty(self.name()));
        }
        Ok(output)
    }

    fn filter(&self, documents: &[u8], findings: &mut Vec<Finding>) -> Result<Vec<u8>, RunError> {
        let surroundings = self.surroundings.clone();
        let process = match &self.filter {
            Filter::Plugin(plugin) => Process::of_command(plugin, &self.args, surroundings)?,
            Filter::Program(path) => Process::of_program(path, self.args.clone(), surroundings),
        };
        let name = process.name().to_owned();
        let started = Finding::debug("executing plugin command").with("pluginName", &name);
        findings.push(started.with("command", process.line()));
        let output = process.filter(documents);
        if let Err(error) = &output
            && let (Some(status), Some(code)) = (error.status(), error.exit_code())
        {
            let failed = Finding::debug("plugin execution failed")
                .with("pluginName", &name)
                .with("error", status)
                .with("exitCode", code.to_string());
            findings.push(failed.with("stderr", ""));
        }
        output
    }
}
