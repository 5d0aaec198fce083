//! Go's text/template and the Sprig function library, as a language.

pub mod regexp;
pub mod semver;
pub mod time;
