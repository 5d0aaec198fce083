//! What is printed: one shape a file.

pub(crate) mod document;
pub(crate) mod table;
pub(crate) mod template;
