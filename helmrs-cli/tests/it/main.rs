//! The integration tests of the helmrs command, as one program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod charts;
mod cli;
mod completion;
mod concurrency;
mod docs;
mod hostile;
mod output;
mod package;
mod parity;
mod plugins;
mod provenance;
mod repositories;
mod sandbox;
mod tera;
