//! The sandbox over HTTP, as its clients see it.

mod access;
mod client;
mod custom_resources;
mod discovery;
mod durability;
mod killed;
mod kubectl;
mod objects;
mod page;
mod refusals;
mod tables;
mod traces;
mod watches;
mod wire;
