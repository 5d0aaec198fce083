//! See the README.

mod apply;
mod chance;
mod controllers;
mod defaults;
mod error;
mod objects;
mod patch;
mod resources;
mod schema;
mod store;
mod strategy;
mod validation;
