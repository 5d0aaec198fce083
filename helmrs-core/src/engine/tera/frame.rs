//! How Tera's functions reach the render they are called from.
//!
//! Tera shares its functions between threads, so they cannot hold what belongs to one render. They find it here: a frame
//! is in place for as long as one template of Tera's is rendered, and the frame before is back afterwards.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use helmrs_gotemplate::{CallError, Executor, Value};
use scoped_tls_hkt::{ReborrowMut, scoped_thread_local};

use super::Engines;
use super::value::{ConvertError, Handed};

/// One template of Tera's being rendered.
pub(super) struct Session<'s> {
    /// Every chart's templates.
    pub(super) engines: &'s Engines,
    /// Which chart's names are looked at first.
    pub(super) chart: usize,
    /// What the template was given, as Tera has it; the context of `include` and `tpl` where none is named.
    pub(super) context: tera::Value,
    /// What was handed to the template.
    pub(super) handed: Rc<Handed>,
    /// Why a function failed: Tera keeps a text only.
    pub(super) failure: RefCell<Option<CallError>>,
    /// How many turns the template's loops have taken.
    pub(super) turns: Cell<u32>,
}

impl Session<'_> {
    /// A value of Go's as Tera sees it.
    pub(super) fn to_tera(
        &self,
        value: &Value,
        executor: &mut Executor<'_>,
    ) -> Result<tera::Value, ConvertError> {
        self.handed.to_tera(value, &self.engines.files, executor)
    }
}

/// What is in place while a template is rendered.
struct Frame<'f> {
    executor: &'f mut (dyn Lend + 'f),
    session: &'f Session<'f>,
}

impl<'f> ReborrowMut<'f> for Frame<'_> {
    type Result = Frame<'f>;

    fn reborrow_mut(&'f mut self) -> Frame<'f> {
        Frame {
            executor: self.executor,
            session: self.session,
        }
    }
}

scoped_thread_local!(static mut FRAME: for<'f> Frame<'f>);

/// An executor whose lifetime nobody needs to name.
trait Lend {
    fn lend(&mut self, job: &mut dyn FnMut(&mut Executor<'_>));
}

impl Lend for Executor<'_> {
    fn lend(&mut self, job: &mut dyn FnMut(&mut Executor<'_>)) {
        job(self);
    }
}

/// Renders with the executor and the session within reach of functions.
pub(super) fn within<R>(
    executor: &mut Executor<'_>,
    session: &Session<'_>,
    render: impl FnOnce() -> R,
) -> R {
    FRAME.set(Frame { executor, session }, render)
}

/// Calls a function out of a template; what goes wrong is kept for whoever rendered it.
pub(super) fn call(
    name: &str,
    body: impl FnOnce(&Session<'_>, &mut Executor<'_>) -> Result<tera::Value, CallError>,
) -> tera::TeraResult<tera::Value> {
    let mut body = Some(body);
    let mut result = None;
    FRAME.with(|frame| {
        let session = frame.session;
        frame.executor.lend(&mut |executor| {
            result = body.take().map(|body| body(session, executor));
        });
        match result.take() {
            Some(Ok(value)) => Ok(value),
            failed => {
                let text = format!("error calling {name}");
                *session.failure.borrow_mut() = failed.and_then(Result::err);
                Err(tera::Error::message(text))
            }
        }
    })
}
