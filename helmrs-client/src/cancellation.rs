//! A request to stop, seen by everything an action does.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a running action to stop at its next step.
///
/// A stopped action still records its release as failed, so that the next command finds a settled record.
#[derive(Clone, Debug)]
pub struct Cancellation {
    state: Arc<watch::Sender<bool>>,
}

impl Default for Cancellation {
    fn default() -> Self {
        Self {
            state: Arc::new(watch::Sender::new(false)),
        }
    }
}

impl Cancellation {
    /// Asks whoever holds this token to stop.
    pub fn cancel(&self) {
        self.state.send_replace(true);
    }

    /// Whether somebody asked to stop.
    pub fn is_cancelled(&self) -> bool {
        *self.state.borrow()
    }

    /// Returns once somebody asks to stop.
    pub async fn cancelled(&self) {
        let mut receiver = self.state.subscribe();
        // The sender lives as long as `self`, so this can only end with the value asked for.
        let _ = receiver.wait_for(|cancelled| *cancelled).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everyone_who_waits_hears_of_a_cancellation() {
        let token = Cancellation::default();
        let other = token.clone();
        let waiting = tokio::spawn(async move { other.cancelled().await });
        assert!(!token.is_cancelled());
        token.cancel();
        waiting.await.unwrap();
        assert!(token.is_cancelled());
    }
}
