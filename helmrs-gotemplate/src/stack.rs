//! The stack, which recursion must not overflow.
//!
//! How deep a template nests is for its author to say, hostile ones included. Everything here that
//! recurses over templates or values does so through [`deepen`].

/// What must be left on the stack; enough for any function a template calls.
const RED_ZONE: usize = 256 * 1024;
/// How much more the heap gives at a time.
const SEGMENT: usize = 4 * 1024 * 1024;

/// Runs a step of a recursion, on a new piece of stack from the heap if little is left.
pub fn deepen<R>(step: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(RED_ZONE, SEGMENT, step)
}
