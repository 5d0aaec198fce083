//! The helmrs command.

fn main() {}
