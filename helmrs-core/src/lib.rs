//! Charts, values, rendering, manifests and releases: the decisions of a package manager, pure and synchronous.

pub mod capabilities;
pub mod chart;
pub mod engine;
pub mod error_chain;
pub mod finding;
pub mod lint;
pub mod manifest;
pub mod name;
pub mod path;
pub mod path_error;
pub mod path_pattern;
pub mod plugin;
pub mod provenance;
pub mod registry;
pub mod release;
pub mod repository;
pub mod selector;
pub mod time;
pub mod toml;
pub mod values;
pub mod version;
pub mod yaml;
