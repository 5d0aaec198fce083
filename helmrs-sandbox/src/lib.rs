//! See the README.

mod apply;
mod defaults;
mod error;
mod patch;
mod resources;
mod schema;
mod store;
mod strategy;
