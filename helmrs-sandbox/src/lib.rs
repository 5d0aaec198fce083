//! See the README.

mod apply;
mod patch;
mod schema;
