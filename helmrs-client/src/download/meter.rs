//! How far transfers are that go on at the same time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::event::{Event, Watch};

/// How often it is told how far they are.
const TICK: Duration = Duration::from_millis(100);

/// Adds up transfers and tells of the sum.
pub(crate) struct Meter<'w> {
    watch: &'w dyn Watch,
    sum: Mutex<Sum>,
}

#[derive(Default)]
struct Sum {
    /// How many transfers are under way.
    open: usize,
    done: u64,
    /// How much there will be, as far as servers say.
    total: u64,
    told: Option<Instant>,
}

/// One transfer, which is over when it is dropped.
pub(super) struct Transfer<'m> {
    meter: &'m Meter<'m>,
}

impl<'w> Meter<'w> {
    pub(crate) fn new(watch: &'w dyn Watch) -> Self {
        Self {
            watch,
            sum: Mutex::default(),
        }
    }

    /// Who hears of the transfers.
    pub(super) fn watch(&self) -> &'w dyn Watch {
        self.watch
    }

    /// Begins a transfer of so many bytes, if that is known.
    pub(super) fn begin(&self, total: Option<u64>) -> Transfer<'_> {
        let mut sum = self.sum();
        sum.open += 1;
        sum.total = sum.total.saturating_add(total.unwrap_or_default());
        drop(sum);
        Transfer { meter: self }
    }

    fn sum(&self) -> MutexGuard<'_, Sum> {
        self.sum.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transfer<'_> {
    /// So many bytes more have come.
    pub(super) fn moved(&self, count: usize) {
        let mut sum = self.meter.sum();
        sum.done = sum.done.saturating_add(count as u64);
        if sum.told.is_none_or(|told| told.elapsed() >= TICK) {
            sum.told = Some(Instant::now());
            let (done, total) = (sum.done, sum.total);
            drop(sum);
            self.meter.watch.event(Event::Transferred { done, total });
        }
    }
}

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        let mut sum = self.meter.sum();
        sum.open = sum.open.saturating_sub(1);
        if sum.open == 0 && sum.told.is_some() {
            *sum = Sum::default();
            drop(sum);
            let (done, total) = (0, 0);
            self.meter.watch.event(Event::Transferred { done, total });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Recorder;

    #[test]
    fn transfers_add_up_and_end() {
        let recorder = Recorder::default();
        let meter = Meter::new(&recorder);
        let (one, other) = (meter.begin(Some(10)), meter.begin(Some(20)));
        one.moved(5);
        drop(one);
        drop(other);
        let told = |done, total| Event::Transferred { done, total };
        assert_eq!(recorder.events(), [told(5, 30), told(0, 0)]);
    }
}
