//! The stack, which recursion must not overflow.
//!
//! How deep a template nests is for its author to say, hostile ones included. Everything here that
//! recurses over templates or values does so through [`deepen`], or over values that are no deeper than [`depth_limit`].

/// What must be left on the stack; enough for any function a template calls.
const RED_ZONE: usize = 256 * 1024;
/// How much more the heap gives at a time.
const SEGMENT: usize = 4 * 1024 * 1024;
/// How much stack a program has that reads whatever Go's programs read, and whose templates call each other a thousand
/// levels deep. It is taken from the machine as far as it is used.
pub const ROOM: usize = 512 << 20;

/// How deep values may nest where there is room for walking them. Go's readers of YAML and JSON stop there, too.
pub(crate) const DEEPEST: usize = 10_000;
/// How deep they may nest elsewhere: no document that anybody wrote is, and two megabytes are enough for it.
const DEEP: usize = 1000;

/// Runs a step of a recursion, on a new piece of stack from the heap if little is left.
pub fn deepen<R>(step: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(RED_ZONE, SEGMENT, step)
}

/// Runs a program, or what a thread has to do, with room for values of ten thousand levels and for whoever walks them.
pub fn with_room<R>(run: impl FnOnce() -> R) -> R {
    stacker::grow(ROOM, run)
}

/// How deep values may nest that are read here: ten thousand levels [with room](with_room), else a thousand.
pub fn depth_limit() -> usize {
    match stacker::remaining_stack() {
        Some(left) if left > ROOM / 2 => DEEPEST,
        _ => DEEP,
    }
}

#[cfg(test)]
mod tests {
    use super::{depth_limit, with_room};

    #[test]
    fn the_limit_follows_the_stack() {
        assert_eq!(depth_limit(), 1000);
        assert_eq!(with_room(depth_limit), 10_000);
    }
}
