//! Installed plugins: found in folders, and run.
//!
//! - [`find`]: the plugins of some folders
//! - [`load_directory`]: the plugin in a folder
//! - [`Process`]: a plugin's command, ready to be run
//! - [`PostRenderer`]: a plugin that changes what was rendered
//! - [`Surroundings`]: the variables it has

mod find;
mod load;
mod post_renderer;
mod process;

pub(crate) use process::{ended, look_up};

pub use find::{FindError, Found, find, find_one, search, search_folder};
pub use load::{LoadError, load_directory};
pub use post_renderer::{PostRenderer, PostRendererError};
pub use process::{Errors, Process, Read, RunError, Surroundings, platform};
