//! The client as its callers see it: over loopback servers, never over a network.

mod actions;
mod layering;
mod repositories;
mod server;
mod support;
