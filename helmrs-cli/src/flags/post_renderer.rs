//! A plugin that has the last word about what was rendered.

use clap::Args;
use helmrs_client::plugin::PostRenderer;
use helmrs_core::plugin::{POST_RENDERER, Query};

use crate::cli::arguments::FlagError;
use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::plugins::bare;

/// What a program that is no plugin is named with.
const PROGRAM: &str = "exec:";

/// Flags of commands that render charts.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Rendering Flags")]
pub(crate) struct PostRendererFlags {
    /// plugin of type postrenderer/v1 that changes what was rendered, or exec:PATH for a program
    #[arg(long, value_name = "postRendererString")]
    post_renderer: Vec<String>,
    /// argument for the post-renderer; may be given several times
    #[arg(long, value_name = "postRendererArgsSlice")]
    post_renderer_args: Vec<String>,
}

impl PostRendererFlags {
    /// What the flags name, if they name anything.
    // Parity: Helm, pkg/cmd/flags.go, postRendererString.Set: the empty name stands for none.
    pub(crate) fn find(
        &self,
        invocation: &Invocation,
    ) -> Result<Option<PostRenderer>, CommandError> {
        let mut names = self.post_renderer.iter().filter(|name| !name.is_empty());
        let Some(name) = names.next() else {
            return Ok(None);
        };
        let found = self.named(name, invocation)?;
        if let Some(second) = names.next() {
            let reason = "cannot specify --post-renderer flag more than once";
            return Err(refused(second, reason.to_owned()));
        }
        Ok(Some(found))
    }

    fn named(&self, name: &str, invocation: &Invocation) -> Result<PostRenderer, CommandError> {
        let surroundings = bare(&invocation.environment);
        let args = self.post_renderer_args.clone();
        if let Some(path) = name.strip_prefix(PROGRAM) {
            return Ok(PostRenderer::of_program(path, args, surroundings));
        }
        let mut found = None;
        // Parity: Helm looks for the plugin again with each argument, and each time tells of those it cannot load.
        for _ in 0..=args.len() {
            let plugins = invocation
                .plugins
                .of_type(POST_RENDERER, &invocation.printer);
            let mut plugins =
                plugins.map_err(|error| refused(name, error.text().unwrap_or_default()))?;
            found = plugins.find(|plugin| plugin.metadata.name == name);
            if found.is_none() {
                break;
            }
        }
        let Some(plugin) = found else {
            let query = Query {
                name: name.to_owned(),
                kind: POST_RENDERER.to_owned(),
            };
            let mut error = refused(name, format!("plugin: {query} not found"));
            // A pipe gets the reference's lines and no others.
            if name.contains('/') && invocation.printer.is_watched() {
                error
                    .hints
                    .push(format!("'--post-renderer {PROGRAM}{name}' runs a program"));
            }
            return Err(error);
        };
        Ok(PostRenderer::of_plugin(plugin.clone(), args, surroundings))
    }
}

/// The flag cannot be read.
fn refused(name: &str, reason: String) -> CommandError {
    CommandError::from(FlagError::Value {
        value: name.to_owned(),
        flag: "--post-renderer".to_owned(),
        reason,
    })
}
