//! How fast requests may follow each other.
// Parity: client-go, util/flowcontrol/throttle.go: a bucket of tokens, filled at a steady rate.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Lets so many requests through at once, and after that so many a second.
#[derive(Debug)]
pub(crate) struct Pace {
    /// The time between two requests once the bucket is empty.
    interval: Duration,
    /// How far ahead of that rhythm requests may be.
    slack: Duration,
    /// When the next request would be due if requests came steadily.
    due: Mutex<Option<Instant>>,
}

impl Pace {
    /// The pace that was asked for; none if no rate was.
    ///
    /// The reference gives each kind of object a bucket of its own, so that its default of five requests a second is
    /// hardly ever felt; here all requests share one, which only an explicit rate brings into being.
    pub(crate) fn new(per_second: f32, burst: u32) -> Option<Self> {
        if !per_second.is_normal() || per_second < 0.0 {
            return None;
        }
        let interval = Duration::try_from_secs_f32(per_second.recip()).ok()?;
        let slack = interval.checked_mul(burst.saturating_sub(1))?;
        Some(Self {
            interval,
            slack,
            due: Mutex::new(None),
        })
    }

    /// Returns when the next request may be sent.
    pub(crate) async fn turn(&self) {
        let start = self.book(Instant::now());
        tokio::time::sleep_until(start).await;
    }

    /// Takes the next turn and tells when it is.
    fn book(&self, now: Instant) -> Instant {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let steady = due.map_or(now, |due| due.max(now));
        *due = Some(steady + self.interval);
        steady.checked_sub(self.slack).unwrap_or(now).max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_step() {
        let pace = Pace::new(2.0, 3).unwrap();
        let now = Instant::now();
        let waits: Vec<_> = (0..5).map(|_| (pace.book(now) - now).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 500, 1000]);
    }

    #[test]
    fn without_a_rate_nobody_waits() {
        assert!(Pace::new(0.0, 100).is_none());
        assert!(Pace::new(-1.0, 100).is_none());
    }
}
