//! Renders the templates of a chart and its subcharts.
//!
//! Everything is parsed before anything is executed, deepest files first, so that a parent's `define` wins over a
//! subchart's. The values are converted once: a subchart sees its part of the parent's very own maps, and what a
//! template sets is seen by every template executed after it.
//!
//! Templates are written in Go's language, or in Tera if their names end with [`TERA_SUFFIX`].

mod convert;
mod duration;
mod error;
mod files;
mod functions;
mod glob;
mod late;
mod lookup;
mod scope;
mod tera;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use helmrs_gotemplate::{
    Ambient, Executor, Functions, MissingKey, TemplateError, TemplateSet, Value, sprig,
};

pub use error::{Call, RenderError};
pub use helmrs_gotemplate::{Budget, Exhausted};
pub use lookup::{Lookup, LookupError};
pub use tera::{SUFFIX as TERA_SUFFIX, is_tera};

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::finding::Finding;
use crate::yaml;
use scope::Renderable;
use tera::Engines;

/// What a set of templates is called in errors.
const SET_NAME: &str = "gotpl";
/// What a missing value prints as, and what is taken out of every output.
const NO_VALUE: &[u8] = b"<no value>";

/// What is rendered, and with what.
pub struct Rendering<'r> {
    /// The chart, its dependencies processed.
    pub chart: &'r Chart,
    /// The values, the chart's own and its subcharts' already in them.
    pub values: &'r yaml::Map,
    /// What templates see as `.Release`.
    pub release: ReleaseOptions,
    /// What templates see as `.Capabilities`.
    pub capabilities: &'r Capabilities,
    /// Answers `lookup`; without it every answer is empty.
    pub lookup: Option<Arc<dyn Lookup>>,
    /// The clock, the entropy and the resolver templates use.
    pub ambient: &'r dyn Ambient,
    /// Whether `getHostByName` may ask the resolver.
    pub enable_dns: bool,
    /// Whether a missing key is an error.
    pub strict: bool,
    /// What the templates may cost.
    pub budget: Budget,
}

impl fmt::Debug for Rendering<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendering")
            .field("chart", &self.chart.name())
            .field("release", &self.release)
            .finish_non_exhaustive()
    }
}

/// What templates see as `.Release`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseOptions {
    /// The name of the release.
    pub name: String,
    /// The namespace it goes to.
    pub namespace: String,
    /// The revision this becomes.
    pub revision: i64,
    /// Whether a revision before it is changed.
    pub is_upgrade: bool,
    /// Whether it is the first.
    pub is_install: bool,
}

/// What templates rendered to, by their paths.
///
/// A text is bytes, since nothing keeps a template from printing what is no UTF-8.
pub type Texts = BTreeMap<String, Vec<u8>>;

/// Renders every template but the partials; gives the texts by path.
// Parity: Helm, pkg/engine/engine.go, render.
pub fn render(rendering: &Rendering<'_>) -> Result<Texts, RenderError> {
    run(rendering, |_| {})
}

/// Renders as [`render`] does, but `required` and `fail` are only told, so that a chart can be checked without values.
pub fn lint(rendering: &Rendering<'_>) -> (Result<Texts, RenderError>, Vec<Finding>) {
    let findings = Rc::new(RefCell::new(Vec::new()));
    let rendered = run(rendering, |functions| {
        late::tell_refusals(functions, &findings);
    });
    (rendered, findings.take())
}

/// Every function a template can call.
fn table(
    lookup: Option<Arc<dyn Lookup>>,
    tera: Option<Rc<OnceCell<Engines>>>,
    enable_dns: bool,
) -> Functions {
    let mut functions = Functions::new();
    // Sprig's `env` and `expandenv` are not among them: a template must not see the environment.
    sprig::register(&mut functions);
    functions.extend(functions::FUNCTIONS);
    functions.extend(duration::FUNCTIONS);
    late::register(&mut functions, lookup, tera);
    if !enable_dns {
        late::silence_resolver(&mut functions);
    }
    functions
}

fn run(
    rendering: &Rendering<'_>,
    adapt: impl FnOnce(&mut Functions),
) -> Result<Texts, RenderError> {
    let missing_key = if rendering.strict {
        MissingKey::Error
    } else {
        MissingKey::Zero
    };
    let templates = scope::renderables(rendering);
    // Most charts have none, and nothing is made for them.
    let engines = templates.keys().any(|path| is_tera(path));
    let engines = engines.then(Rc::<OnceCell<Engines>>::default);
    let lookup = rendering.lookup.clone();
    let mut functions = table(lookup, engines.clone(), rendering.enable_dns);
    adapt(&mut functions);
    let order = parse_order(&templates);
    let mut set = TemplateSet::new(SET_NAME, functions, missing_key);
    for path in &order {
        if engines.is_none() || !is_tera(path) {
            set.parse(path, templates[*path].text)
                .map_err(|error| RenderError::parsing(path, error))?;
        }
    }
    let engines = match &engines {
        Some(engines) => {
            let made = Engines::new(&templates, set.functions())?;
            Some(engines.get_or_init(|| made))
        }
        None => None,
    };
    let mut executor = Executor::new(&set, rendering.ambient).within(rendering.budget);
    let mut rendered = Texts::new();
    for path in order.into_iter().filter(|path| !is_partial(path)) {
        let output = execute(&mut executor, path, &templates[path], engines)
            .map_err(RenderError::executing)?;
        rendered.insert(path.to_owned(), without_no_value(output));
    }
    Ok(rendered)
}

/// Executes one template in its language.
fn execute(
    executor: &mut Executor<'_>,
    path: &str,
    template: &Renderable<'_>,
    engines: Option<&Engines>,
) -> Result<Vec<u8>, TemplateError> {
    let scope = &template.scope;
    scope.insert("Template", scope::template(path, &template.base_path));
    let data = Value::Map(scope.clone());
    let Some(engines) = engines else {
        return executor.render(path, &data);
    };
    engines.enter(template.chart());
    if is_tera(path) {
        engines.render(executor, path, &data)
    } else {
        executor.render(path, &data)
    }
}

/// The paths in the order in which they are parsed and executed: the deepest first, and the last by name.
// Parity: Helm, pkg/engine/engine.go, sortTemplates.
fn parse_order<'p>(templates: &'p BTreeMap<String, Renderable<'_>>) -> Vec<&'p str> {
    let mut paths: Vec<&str> = templates.keys().map(String::as_str).collect();
    let depth = |path: &str| path.bytes().filter(|byte| *byte == b'/').count();
    paths.sort_by(|a, b| (depth(b), b).cmp(&(depth(a), a)));
    paths
}

/// Whether a template is only there for others to include.
pub(crate) fn is_partial(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|base| base.starts_with('_'))
}

/// Takes out what a missing value printed as.
fn without_no_value<T: Deref<Target = [u8]> + From<Vec<u8>>>(output: T) -> T {
    let mut found = memchr::memmem::find_iter(&output, NO_VALUE).peekable();
    if memchr::memchr(NO_VALUE[0], &output).is_none() || found.peek().is_none() {
        return output;
    }
    let mut kept = Vec::with_capacity(output.len());
    let mut start = 0;
    for at in found {
        kept.extend_from_slice(&output[start..at]);
        start = at + NO_VALUE.len();
    }
    kept.extend_from_slice(&output[start..]);
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_missing_value_printed_as_is_taken_out() {
        assert_eq!(without_no_value(b"a<no value>b<no value>".to_vec()), b"ab");
        assert_eq!(
            without_no_value(b"<no<no value> value>".to_vec()),
            b"<no value>"
        );
    }
}
