//! Tera, the second language of templates: files that end with `.tera`.
//!
//! Every chart has an engine of its own with its templates and those of the charts below it. Tera's values, functions
//! and errors are Go's in other clothes: see [`value`], [`functions`] and [`error`].

mod arguments;
mod error;
mod frame;
mod functions;
mod include;
mod names;
mod output;
mod parents;
mod turns;
mod value;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use helmrs_gotemplate::{CallError, Executor, Functions, TemplateError, Text, Value};

use super::RenderError;
use super::scope::Renderable;
use frame::Session;
use output::Output;
use turns::Counted;
use value::Handed;

/// What the name of a template of this language ends with.
pub const SUFFIX: &str = ".tera";

/// How many templates of Tera's a chart may have, so that includes and parents nest no deeper.
const TEMPLATE_LIMIT: usize = 1000;
/// How often rendering may lead to rendering by way of functions.
const NESTING_LIMIT: usize = 1000;
/// What every template of Tera's finds of the stack: Tera recurses over blocks, includes and nested values.
const STACK: usize = 128 << 20;
/// How much stack the heap gives at a time. No memory is used before it is needed.
const STACK_SEGMENT: usize = 256 << 20;

/// Tells whether a template is written in Tera.
pub fn is_tera(path: &str) -> bool {
    path.ends_with(SUFFIX)
}

/// The engines of a chart and its subcharts.
pub(super) struct Engines {
    charts: Vec<Engine>,
    /// Every template with its text, which errors quote.
    texts: BTreeMap<String, Counted>,
    /// The chart whose template is being executed.
    current: Cell<usize>,
    /// How many templates are being rendered within each other.
    nesting: Cell<usize>,
    /// What never changes, converted.
    files: value::Files,
}

struct Engine {
    /// Where the chart lies: `shop`, `shop/charts/database`.
    chart: String,
    tera: tera::Tera,
}

impl Engines {
    /// Parses every template of Tera's there is.
    pub(super) fn new(
        templates: &BTreeMap<String, Renderable<'_>>,
        functions: &Functions,
    ) -> Result<Self, RenderError> {
        let mut texts = BTreeMap::new();
        for (path, template) in templates.iter().filter(|(path, _)| is_tera(path)) {
            let text = std::str::from_utf8(template.text)
                .map_err(|invalid| error::no_text(path, template.text, invalid))?;
            texts.insert(path.clone(), Counted::new(text));
        }
        let base = functions::base(functions);
        let mut paths: Vec<&str> = templates.values().map(Renderable::chart).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut charts = Vec::new();
        for chart in paths {
            let below = format!("{chart}/");
            let own = texts.iter().filter(|(path, _)| path.starts_with(&below));
            let own: Vec<(&String, &Counted)> = own.collect();
            if own.is_empty() {
                continue;
            }
            let tera =
                loaded(&base, chart, &own).map_err(|failure| error::parsing(chart, &failure))?;
            charts.push(Engine {
                chart: chart.to_owned(),
                tera,
            });
        }
        Ok(Self {
            charts,
            texts,
            current: Cell::new(usize::MAX),
            nesting: Cell::new(0),
            files: RefCell::default(),
        })
    }

    /// Tells whose template is executed next.
    pub(super) fn enter(&self, chart: &str) {
        let engine = |engine: &Engine| engine.chart == chart;
        let place = self.charts.iter().position(engine);
        self.current.set(place.unwrap_or(usize::MAX));
    }

    /// Renders a template by its path with what Go has for it.
    pub(super) fn render(
        &self,
        executor: &mut Executor<'_>,
        path: &str,
        data: &Value,
    ) -> Result<Vec<u8>, TemplateError> {
        let Some(chart) = self.find(path) else {
            return Err(TemplateError::Missing {
                template: path.as_bytes().to_vec(),
                group: super::SET_NAME.to_owned(),
            });
        };
        let handed = Rc::<Handed>::default();
        let context = handed
            .to_tera(data, &self.files, executor)
            .map_err(|problem| error::at_start(path, problem.to_string()))?;
        let session = Session {
            engines: self,
            chart,
            context,
            handed,
            failure: RefCell::default(),
            turns: Cell::new(0),
        };
        self.run(executor, &session, path, None)
    }

    /// Tells whether Go's `include` means a template of Tera's by a name: it does if Go knows none.
    pub(super) fn take(&self, executor: &Executor<'_>, name: &Text) -> bool {
        let name = name.to_str();
        is_tera(&name) && !executor.set().contains(&name) && self.find(&name).is_some()
    }

    /// Renders a template that Go includes.
    pub(super) fn include(
        &self,
        executor: &mut Executor<'_>,
        name: &Text,
        data: &Value,
    ) -> Result<Text, CallError> {
        let name = name.to_str();
        self.deeper(&name)?;
        Ok(Text::from(self.render(executor, &name, data)?))
    }

    /// The engine that knows a template: the one of the chart being rendered, or any other.
    fn find(&self, name: &str) -> Option<usize> {
        let knows = |engine: &Engine| engine.tera.contains_template(name);
        let current = self.current.get();
        if self.charts.get(current).is_some_and(knows) {
            return Some(current);
        }
        self.texts
            .contains_key(name)
            .then(|| self.charts.iter().position(knows))
            .flatten()
    }

    /// Refuses to render within too many templates that are being rendered.
    // Parity: Helm, pkg/engine/engine.go, includeFun, which counts by name.
    pub(super) fn deeper(&self, name: &str) -> Result<(), CallError> {
        if self.nesting.get() < NESTING_LIMIT {
            return Ok(());
        }
        let context = format!("rendering template has a nested reference name: {name}");
        Err(CallError::new("unable to execute template").context(context))
    }

    /// Renders a template, or a text that is one.
    fn run(
        &self,
        executor: &mut Executor<'_>,
        session: &Session<'_>,
        name: &str,
        text: Option<&str>,
    ) -> Result<Vec<u8>, TemplateError> {
        let mut output = Output::default();
        let counted = text.map(Counted::new);
        let Some(engine) = self.charts.get(session.chart) else {
            return Ok(Vec::new());
        };
        self.nesting.set(self.nesting.get() + 1);
        let rendered = stacker::maybe_grow(STACK, STACK_SEGMENT, || {
            let context = include::context(&session.context);
            frame::within(executor, session, || match &counted {
                Some(counted) => {
                    engine
                        .tera
                        .render_str_to(&counted.text, &context, false, &mut output)
                }
                None => engine.tera.render_to(name, &context, &mut output),
            })
        });
        self.nesting.set(self.nesting.get() - 1);
        match rendered {
            Ok(()) => {
                let spent = executor.spend(0, output.bytes.len() as u64);
                spent.map_err(|exhausted| error::exhausted(name, exhausted))?;
                Ok(output.bytes)
            }
            Err(_) if output.full => Err(error::at_start(name, output::FULL.to_owned())),
            Err(failure) => {
                let cause: Option<CallError> = session.failure.take();
                Err(error::executing(
                    self,
                    name,
                    counted.as_ref(),
                    &failure,
                    cause,
                ))
            }
        }
    }
}

/// An engine with a chart's templates, whose loops are counted. What is wrong with one is told of the text as it was.
fn loaded(
    base: &tera::Tera,
    chart: &str,
    templates: &[(&String, &Counted)],
) -> tera::TeraResult<tera::Tera> {
    let with = |text: fn(&Counted) -> &String| {
        let templates = templates.iter();
        let templates: Vec<_> = templates.map(|(path, of)| (*path, text(of))).collect();
        let mut tera = base.clone();
        load(&mut tera, chart, &templates).map(|()| tera)
    };
    with(|counted| &counted.text)
        .map_err(|failure| with(|counted| &counted.original).err().unwrap_or(failure))
}

/// Gives an engine a chart's templates. A name is looked for among the chart's own, then among those of the charts below.
fn load(
    tera: &mut tera::Tera,
    chart: &str,
    templates: &[(&String, &String)],
) -> tera::TeraResult<()> {
    if templates.len() > TEMPLATE_LIMIT {
        return Err(tera::Error::message(format!(
            "there are more than {TEMPLATE_LIMIT} templates of Tera's"
        )));
    }
    let mut folders: Vec<&str> = templates.iter().map(|(path, _)| folder(path)).collect();
    folders.sort_by_key(|folder| (folder.matches('/').count(), *folder));
    folders.dedup();
    let own = format!("{chart}/templates/");
    folders.retain(|folder| *folder != own);
    let mut prefixes = vec![own];
    prefixes.extend(folders.into_iter().map(str::to_owned));
    prefixes.push(format!("{chart}/charts/"));
    if let Some(path) = parents::too_deep(templates, &prefixes) {
        return Err(tera::Error::message(format!(
            "`{path}` has too many templates above it"
        )));
    }
    tera.set_fallback_prefixes(prefixes)?;
    tera.add_raw_templates(templates.iter().copied())
}

/// The folder of templates that a template lies in.
fn folder(path: &str) -> &str {
    let mark = "/templates/";
    match path.find(mark) {
        Some(start) => &path[..start + mark.len()],
        None => path,
    }
}
