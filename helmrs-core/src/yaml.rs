//! YAML and JSON read and written as Go does: YAML 1.1 scalars, sorted keys, float64 numbers.
//!
//! Helm reads every YAML text through `sigs.k8s.io/yaml`: YAML becomes JSON, and JSON becomes Go
//! values. [`parse`] gives what comes out of that for an untyped target; [`read`] fills a type.
//! [`to_yaml`] goes the same way back, which is why it differs from [`to_yaml_pretty`].

mod bracket;
pub(crate) mod commented;
mod compose;
mod convert;
mod describe;
mod deserialize;
mod direct;
mod document;
mod emit;
mod error;
pub(crate) mod fields;
pub mod json;
mod map;
mod number;
mod quick;
mod resolve;
mod scanner;
mod serialize;
mod sort;
mod source;
mod value;

pub use convert::{parse, parse_list, parse_map, parse_part, parse_strict};
#[cfg(test)]
pub(crate) use deserialize::read_strict_by_grammar;
pub(crate) use deserialize::{Plain, read_after, read_part, scan_strict};
pub use deserialize::{from_value, read, read_strict};
pub use document::{SeparatorError, documents};
pub use emit::{Node, to_yaml, to_yaml_pretty};
pub use error::{EmitError, ParseError, Step, TypeError, YamlError};
pub use serialize::{SerializeError, to_value};
pub use value::{Map, RawText, Value};
