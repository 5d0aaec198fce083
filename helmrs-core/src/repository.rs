//! A chart repository: `index.yaml`, the list of what it has.
//!
//! - [`IndexFile`] and [`ChartVersion`]: the list, with everything in it.
//! - [`Catalog`]: the list as far as finding charts needs it, read without keeping the rest.
//! - [`entries`]: which repositories a user has added.
//! - [`search`]: finds charts by words.
//! - [`resolve`]: constraints → locked versions.

pub mod catalog;
pub mod entries;
mod index;
pub mod resolve;
pub mod search;
mod selection;
mod skipped;
mod url;
mod version;

pub use catalog::Catalog;
pub use index::{API_VERSION, IndexError, IndexFile, Selected, digest};
pub use selection::Fit;
pub use url::{is_same as is_same_url, join as join_url};
pub use version::ChartVersion;
