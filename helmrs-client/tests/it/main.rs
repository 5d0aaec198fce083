//! The client as its callers see it: over loopback servers, never over a network.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod actions;
mod embedding;
mod hostile;
mod indexes;
mod installer;
mod layering;
mod registry;
mod repositories;
mod server;
mod stopping;
mod support;
mod tera;
mod world;
