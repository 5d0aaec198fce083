//! Integration tests of helmrs-gotemplate: one binary.

mod examples;
mod execution;
mod language;
mod layering;
mod parsing;
mod properties;
