//! See the README.

pub mod time;
