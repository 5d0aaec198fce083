//! Go's built-in functions.

use crate::functions::Function;

/// The built-in functions, `and` and `or` excepted: the executor itself evaluates those.
pub(crate) const FUNCTIONS: &[Function] = &[];
