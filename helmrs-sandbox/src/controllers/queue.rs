//! What the controllers have yet to look at.

use std::collections::{BTreeSet, VecDeque};

use crate::store::Key;

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Work {
    /// An object that may not be as it should.
    Object(Key),
    /// What an object that is gone leaves behind, by its `uid`.
    Dependents(String),
}

/// Work in the order in which it came, each piece once.
///
/// Controllers of a real cluster have a queue each. Here all share one, so that nothing may overtake: emptying
/// a namespace, which comes back with every object that goes, would keep workloads elsewhere from starting.
#[derive(Debug, Default)]
pub(super) struct Queue {
    order: VecDeque<Work>,
    waiting: BTreeSet<Work>,
}

impl Queue {
    /// Puts work at the end, unless it is waiting already.
    pub(super) fn push(&mut self, work: Work) {
        if self.waiting.insert(work.clone()) {
            self.order.push_back(work);
        }
    }

    /// Takes what has waited longest.
    pub(super) fn pop(&mut self) -> Option<Work> {
        let work = self.order.pop_front()?;
        self.waiting.remove(&work);
        Some(work)
    }
}

impl Extend<Work> for Queue {
    fn extend<I: IntoIterator<Item = Work>>(&mut self, works: I) {
        works.into_iter().for_each(|work| self.push(work));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(uid: &str) -> Work {
        Work::Dependents(uid.to_owned())
    }

    #[test]
    fn nothing_overtakes_and_nothing_waits_twice() {
        let mut queue = Queue::default();
        queue.extend([work("late"), work("early"), work("late")]);
        assert_eq!(queue.pop(), Some(work("late")));
        queue.push(work("late"));
        assert_eq!(queue.pop(), Some(work("early")));
        assert_eq!(queue.pop(), Some(work("late")));
        assert_eq!(queue.pop(), None);
    }
}
