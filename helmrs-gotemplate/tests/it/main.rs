//! Integration tests of helmrs-gotemplate: one binary.

mod execution;
mod layering;
mod parsing;
mod properties;
