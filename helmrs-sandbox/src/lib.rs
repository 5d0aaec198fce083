//! See the README.

mod apply;
mod schema;
