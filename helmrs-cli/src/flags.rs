//! Groups of flags that several commands share, and the types of flags' values.

pub(crate) mod chart_location;
pub(crate) mod dependency;
pub(crate) mod dry_run;
pub(crate) mod force;
pub(crate) mod global;
pub(crate) mod install;
pub(crate) mod klog;
pub(crate) mod list;
pub(crate) mod number;
pub(crate) mod output;
pub(crate) mod post_renderer;
pub(crate) mod revision;
pub(crate) mod timeout;
pub(crate) mod tls;
pub(crate) mod values;
pub(crate) mod wait;
