//! Network: names resolved.

use super::ambient;
use super::arguments::string;
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::types::Type;
use crate::value::Value;

pub(crate) const FUNCTIONS: &[Function] =
    &[ambient("getHostByName", &[Type::String], resolve, &[])];

/// One of a host's addresses, as chance has it.
fn resolve(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let addresses = executor.ambient().resolve_host(&string(arguments, 0));
    if addresses.is_empty() {
        return Err(CallError::new("invalid argument to Intn"));
    }
    let chosen = super::words::random_below(executor.ambient(), addresses.len() as u64) as usize;
    Ok(addresses[chosen].as_str().into())
}
