//! Integration tests of helmrs-sandbox: one binary.
