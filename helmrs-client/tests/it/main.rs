//! Integration tests of helmrs-client: one binary.
