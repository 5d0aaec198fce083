//! All a template may sense of the world: time, entropy, DNS.

use crate::time::{Moment, Zone};

/// What a template may sense of the world outside its values.
///
/// The command line gives the real thing; tests give [`Fixed`], so that a render can be repeated.
pub trait Ambient {
    /// Returns the current time, in the local zone.
    fn now(&self) -> Moment;

    /// Returns the time zone Go calls `Local`.
    fn local_zone(&self) -> Zone;

    /// Fills the buffer with random bytes fit for keys and passwords.
    fn fill_random(&self, buffer: &mut [u8]);

    /// Returns the addresses of a host, best first; none if it cannot be resolved.
    fn resolve_host(&self, name: &str) -> Vec<String>;
}

/// A world that never changes: one moment, UTC, the same bytes for every request, no network.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The moment it always is.
    pub now: Moment,
}

impl Default for Fixed {
    fn default() -> Self {
        Self {
            now: Moment::new(0, 0, Zone::Utc),
        }
    }
}

impl Ambient for Fixed {
    fn now(&self) -> Moment {
        self.now.clone()
    }

    fn local_zone(&self) -> Zone {
        Zone::Local(None)
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        for (byte, value) in buffer.iter_mut().zip((0..=u8::MAX).cycle()) {
            *byte = value;
        }
    }

    fn resolve_host(&self, _name: &str) -> Vec<String> {
        Vec::new()
    }
}
