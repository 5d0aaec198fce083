//! Integration tests of helmrs-core: one binary.

mod archive;
mod budget;
mod goldens;
mod hostile;
mod layering;
mod plugin;
mod post_render;
mod properties;
mod render;
mod scaffold;
mod tera;
mod values;
mod yaml;
