//! Installed plugins: found in folders, and run.
//!
//! - [`find`]: the plugins of some folders
//! - [`load_directory`]: the plugin in a folder
//! - [`Process`]: a plugin's command, ready to be run
//! - [`Surroundings`]: the variables it has

mod find;
mod load;
mod process;

pub use find::{FindError, Found, find, find_one, search};
pub use load::{LoadError, load_directory};
pub use process::{Errors, Process, Read, RunError, Surroundings, platform};
