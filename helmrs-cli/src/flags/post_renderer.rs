//! A plugin that has the last word about what was rendered.

use std::str::FromStr;

use clap::Args;

/// Flags of commands that render charts.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Rendering Flags")]
pub(crate) struct PostRendererFlags {
    /// name of an installed plugin of type postrenderer/v1 that changes what was rendered
    #[arg(long, value_name = "postRendererString")]
    post_renderer: Option<PluginName>,
    /// argument for the post-renderer; may be given several times
    #[arg(long, value_name = "postRendererArgsSlice")]
    post_renderer_args: Vec<String>,
}

/// The name of a plugin; the empty one stands for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct PluginName;

/// No plugin is called that: none can be installed so far.
#[derive(Debug, thiserror::Error)]
#[error("plugin: {{Name:{0} Type:postrenderer/v1}} not found")]
struct PluginError(String);

impl FromStr for PluginName {
    type Err = PluginError;

    fn from_str(text: &str) -> Result<Self, PluginError> {
        if text.is_empty() {
            Ok(Self)
        } else {
            Err(PluginError(text.to_owned()))
        }
    }
}
