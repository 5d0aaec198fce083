//! What is printed: one shape a file.

pub(crate) mod table;
