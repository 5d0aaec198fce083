//! Integration tests of helmrs-core: one binary.

mod layering;
