//! Integration tests of helmrs-core: one binary.

mod archive;
mod goldens;
mod hostile;
mod layering;
mod properties;
mod render;
mod scaffold;
mod tera;
mod values;
mod yaml;
