//! UUIDs.

use super::ambient;
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::value::Value;

pub(crate) const FUNCTIONS: &[Function] = &[ambient(
    "uuidv4",
    &[],
    uuid_v4,
    &[("{{ uuidv4 | len }}", "36")],
)];

fn uuid_v4(executor: &mut Executor<'_>, _: &[Value]) -> Result<Value, CallError> {
    let mut bytes = [0; 16];
    executor.ambient().fill_random(&mut bytes);
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let digits = hex::encode(bytes);
    let groups = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    Ok(groups.join("-").into())
}
