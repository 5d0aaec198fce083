//! What is printed: one shape a file.

pub(crate) mod color;
pub(crate) mod document;
pub(crate) mod history;
pub(crate) mod hub;
pub(crate) mod list;
pub(crate) mod metadata;
pub(crate) mod plugins;
pub(crate) mod release_struct;
pub(crate) mod repositories;
pub(crate) mod resources;
pub(crate) mod search;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod template;
pub(crate) mod time;
pub(crate) mod verification;
