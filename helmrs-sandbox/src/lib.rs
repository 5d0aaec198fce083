//! See the README.

mod apply;
mod defaults;
mod patch;
mod schema;
