//! Integration tests of helmrs-cli: one binary.

mod charts;
