//! The helmrs command.
