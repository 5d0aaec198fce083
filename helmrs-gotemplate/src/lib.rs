//! Go's text/template and the Sprig function library, as a language.

//! See the README.

pub mod semver;
pub mod time;
