//! What is worth telling about an input that is accepted all the same.

/// A remark in Helm's words, to be shown as a log line.
///
/// Core prints nothing: whoever called decides whether and where a finding is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// What it says.
    pub message: String,
    /// What it is about, in order.
    pub attributes: Vec<(&'static str, String)>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Of interest to whoever looks for the cause of something.
    Debug,
    /// Good to know.
    Info,
    /// Probably a mistake.
    Warning,
}

impl Finding {
    /// A finding for whoever looks for the cause of something.
    pub fn debug(message: impl Into<String>) -> Self {
        Self {
            level: Level::Debug,
            message: message.into(),
            attributes: Vec::new(),
        }
    }

    /// A finding that is good to know.
    pub fn info(message: impl Into<String>) -> Self {
        Self {
            level: Level::Info,
            message: message.into(),
            attributes: Vec::new(),
        }
    }

    /// A finding that is probably a mistake.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            level: Level::Warning,
            message: message.into(),
            attributes: Vec::new(),
        }
    }

    /// The same finding, about one thing more.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((key, value.into()));
        self
    }
}
