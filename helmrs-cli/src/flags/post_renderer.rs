//! A plugin that has the last word about what was rendered.

use clap::Args;

/// Flags of commands that render charts.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct PostRendererFlags {
    /// name of an installed plugin of type postrenderer/v1 that changes what was rendered
    #[arg(long, value_name = "postRendererString")]
    pub(crate) post_renderer: Option<String>,
    /// argument for the post-renderer; may be given several times
    #[arg(long, value_name = "postRendererArgsSlice")]
    pub(crate) post_renderer_args: Vec<String>,
}
