//! Charts, values and indexes from wherever they are: folders, URLs, repositories.

pub mod cache;
pub mod http;
pub mod locate;
pub mod lock;
pub mod repositories;
pub mod values;

pub use http::{Credentials, FetchError, FetchOptions, TlsOptions};
pub use locate::{ChartReference, LocateError, locate, locate_local};
