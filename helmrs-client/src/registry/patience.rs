//! How much a registry may ask of those who ask it.

use std::time::Duration;

/// How long a registry is waited for, and how often it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long an answer, and each piece of it, may take.
    pub answer: Duration,
    /// How many bytes a second content has to come or go at, as soon as that time is over.
    pub slowest: u64,
    /// How many more attempts there are when a registry is busy.
    pub attempts: u32,
    /// How long the first of them is put off; each further one is put off twice as long.
    pub pause: Duration,
    /// How many pages of tags are read.
    pub pages: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(120),
            slowest: 4 << 10,
            attempts: 5,
            pause: Duration::from_millis(250),
            pages: 10_000,
        }
    }
}

impl Patience {
    /// How long it may take to move so much.
    pub(super) fn to_move(self, bytes: u64) -> Duration {
        self.answer + Duration::from_secs(bytes / self.slowest.max(1))
    }
}
