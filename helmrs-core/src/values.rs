//! The tree that a chart is configured with: reading it, laying trees over each other, `--set`, schemas.

pub mod json_path;
pub mod merge;
pub mod schema;
pub mod set;

pub use merge::{ReadError, Sources, SourcesError, merge, read};

use crate::yaml::Map;

/// What a chart is configured with.
pub type Values = Map;
