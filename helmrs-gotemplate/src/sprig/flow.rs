//! Flow: stopping a template.

use super::arguments::string;
use super::row;
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::value::Value;

pub(crate) const FUNCTIONS: &[Function] = &[row("fail", &[Type::String], fail, &[])];

fn fail(arguments: &[Value]) -> Result<Value, CallError> {
    Err(CallError::Refused(string(arguments, 0).into_owned()))
}
