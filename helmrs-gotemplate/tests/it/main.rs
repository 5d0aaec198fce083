//! Integration tests of helmrs-gotemplate: one binary.

mod layering;
