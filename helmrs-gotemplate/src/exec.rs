//! The executor: tree and value in, text out.

use std::fmt;

use crate::ambient::Ambient;

/// An execution under way, which is what functions can reach of it.
pub struct Executor<'w> {
    ambient: &'w dyn Ambient,
}

impl<'w> Executor<'w> {
    /// Starts an execution in the given world.
    pub fn new(ambient: &'w dyn Ambient) -> Self {
        Self { ambient }
    }

    /// Returns the world the templates may sense.
    pub fn ambient(&self) -> &'w dyn Ambient {
        self.ambient
    }
}

impl fmt::Debug for Executor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}
