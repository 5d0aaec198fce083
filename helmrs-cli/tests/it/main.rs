//! The integration tests of the helmrs command, as one program.

mod charts;
mod cli;
mod parity;
