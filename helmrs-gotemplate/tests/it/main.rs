//! Integration tests of helmrs-gotemplate: one binary.

mod examples;
mod execution;
mod layering;
mod parsing;
mod properties;
mod template;
