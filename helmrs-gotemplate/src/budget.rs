//! What executing templates may cost: steps, and bytes made.
//!
//! A hostile template loops for days or fills the memory. Whoever renders templates of others gives the executor a
//! [`Budget`]; what is spent is counted node by node, and what a call may make is estimated before it is made.

mod cost;

use crate::error::CallError;
use crate::value::Value;

/// What executing templates may cost, all of them together.
///
/// The default is far more than any chart for people takes, and is spent within seconds.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::ambient::Fixed;
/// use helmrs_gotemplate::{Budget, Executor, Functions, MissingKey, TemplateSet, Value};
///
/// let mut set = TemplateSet::new("texts", Functions::new(), MissingKey::Zero);
/// set.parse("loop", "{{ range 1000000 }}{{ end }}")?;
/// let ambient = Fixed::default();
/// let budget = Budget { steps: 1000, ..Budget::default() };
/// let mut executor = Executor::new(&set, &ambient).within(budget);
/// let error = executor.execute("loop", &Value::Nil).unwrap_err();
/// assert!(error.to_string().ends_with("out of budget: the templates take more than 1000 steps"));
/// # Ok::<(), helmrs_gotemplate::TemplateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many steps: nodes executed, turns of loops, and calls by what they have to do.
    pub steps: u64,
    /// How many bytes: of output, and of what functions make, whether or not it is kept.
    pub bytes: u64,
}

impl Budget {
    /// Whatever it costs, as in the reference.
    pub const UNLIMITED: Self = Self {
        steps: u64::MAX,
        bytes: u64::MAX,
    };
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: 50_000_000,
            bytes: 1 << 30,
        }
    }
}

/// What a budget has run out of, and how much there was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exhausted {
    /// Too much was done.
    #[error("the templates take more than {0} steps")]
    Steps(u64),
    /// Too much was made.
    #[error("the templates make more than {0} bytes")]
    Bytes(u64),
}

impl From<Exhausted> for CallError {
    fn from(exhausted: Exhausted) -> Self {
        Self::Exhausted(exhausted)
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(crate) struct Meter {
    budget: Budget,
    left: Budget,
}

impl Meter {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            left: budget,
        }
    }

    /// Whether anything has to be estimated.
    pub(crate) fn is_limited(&self) -> bool {
        self.budget != Budget::UNLIMITED
    }

    /// Takes steps and bytes off.
    pub(crate) fn spend(&mut self, steps: u64, bytes: u64) -> Result<(), Exhausted> {
        self.left.steps = self
            .left
            .steps
            .checked_sub(steps)
            .ok_or(Exhausted::Steps(self.budget.steps))?;
        self.left.bytes = self
            .left
            .bytes
            .checked_sub(bytes)
            .ok_or(Exhausted::Bytes(self.budget.bytes))?;
        Ok(())
    }

    /// Takes off what a call costs, and refuses one that may make more than is left.
    pub(crate) fn before_call(&mut self, name: &str, arguments: &[Value]) -> Result<(), Exhausted> {
        let cost = cost::of_call(name, arguments, self.left.bytes);
        if cost.most > self.left.bytes {
            return Err(Exhausted::Bytes(self.budget.bytes));
        }
        self.spend(cost.steps, cost.bytes)
    }

    /// Takes off what a call has made.
    pub(crate) fn after_call(&mut self, name: &str, result: &Value) -> Result<(), Exhausted> {
        let (steps, bytes) = cost::of_result(name, result);
        self.spend(steps, bytes)
    }

    /// Takes off what printing a value may make: values that hold others many times are long.
    pub(crate) fn before_print(&mut self, value: &Value) -> Result<(), Exhausted> {
        match value {
            Value::List(_) | Value::Map(_) | Value::Object(_) => {
                let weight = cost::weight(value, self.left.bytes);
                self.spend(weight / 64, weight)
            }
            _ => Ok(()),
        }
    }
}
