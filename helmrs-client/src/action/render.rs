//! From a chart and values to what a release holds, off the threads that wait for the network.

use std::sync::Arc;

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::Chart;
use helmrs_core::chart::coalesce::{CoalesceError, coalesce_values};
use helmrs_core::chart::process_dependencies;
use helmrs_core::engine::{Lookup, ReleaseOptions, Rendering as EngineRendering};
use helmrs_core::finding::Finding;
use helmrs_core::release::Hook;
use helmrs_core::release::build::{self, Assembly, BuildError};
use helmrs_core::release::post_render::{self, PostRenderError};
use helmrs_core::values::schema::{self, ChartSchemaError};
use helmrs_core::yaml::Map;
use helmrs_gotemplate::Ambient;
use tokio::runtime::Handle;

use super::options::Rendering;
use crate::Context;
use crate::cluster::lookup::ClusterLookup;
use crate::download::SchemaLoader;
use crate::event::Event;
use crate::plugin::PostRendererError;

/// Why a chart was not rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The values do not fit the chart's tables.
    #[error(transparent)]
    Values(#[from] CoalesceError),
    /// The values are not what a schema in the chart asks for.
    // Parity: Helm, pkg/chart/common/util/values.go, ToRenderValuesWithSchemaValidation.
    #[error(transparent)]
    Schema(#[from] ChartSchemaError),
    /// A template or what it rendered is at fault.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// What was rendered cannot be handed to the post-renderer.
    #[error("error merging manifests")]
    Merge(#[source] PostRenderError),
    /// The post-renderer failed.
    #[error("error while running post render on files")]
    PostRenderer(#[from] PostRendererError),
    /// What the post-renderer wrote is of no use.
    #[error("error while parsing post rendered output")]
    PostRendered(#[source] PostRenderError),
}

impl RenderError {
    /// Whether templates were reached at all: what is wrong with values is told before.
    pub fn is_of_templates(&self) -> bool {
        !matches!(self, Self::Values(_) | Self::Schema(_))
    }

    /// Everything that was rendered, for people to look at, if it is what was rendered that is at fault.
    pub fn rendered(&self) -> &str {
        match self {
            Self::Build(BuildError::Yaml { files, .. }) => files,
            _ => "",
        }
    }
}

/// Which moment of a release's life templates see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Install,
    Upgrade,
}

/// What is rendered; its chart's dependencies are processed.
pub(super) struct Subject {
    pub(super) chart: Chart,
    pub(super) values: Map,
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) revision: i64,
    pub(super) moment: Moment,
    pub(super) rendering: Rendering,
    pub(super) capabilities: Capabilities,
}

/// The parts of a release that come from rendering.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub(super) hooks: Vec<Hook>,
    pub(super) manifest: String,
    pub(super) notes: String,
}

/// What rendering came to; chart and values are handed back.
pub(super) struct Outcome {
    pub(super) chart: Chart,
    pub(super) values: Map,
    pub(super) result: Result<Rendered, RenderError>,
}

/// Drops and doubles subcharts as their conditions and aliases say, telling what is odd about them.
pub(super) fn dependencies(
    context: &Context,
    chart: &mut Chart,
    values: &Map,
) -> Result<(), RenderError> {
    let mut findings = Vec::new();
    let processed = process_dependencies(chart, values, &mut findings);
    tell(context, findings);
    Ok(processed?)
}

/// Renders while templates may ask the API server.
pub(super) async fn with_cluster(context: &Context, subject: Subject) -> Outcome {
    let lookup = ClusterLookup {
        cluster: context.cluster().clone(),
        handle: Handle::current(),
    };
    aside(context, subject, Some(Arc::new(lookup))).await
}

/// Renders without asking anybody.
pub(super) async fn alone(context: &Context, subject: Subject) -> Outcome {
    aside(context, subject, None).await
}

async fn aside(context: &Context, subject: Subject, lookup: Option<Arc<dyn Lookup>>) -> Outcome {
    let ambient = context.ambient().clone();
    let task = tokio::task::spawn_blocking(move || render(subject, lookup, &*ambient));
    let (outcome, findings) = match task.await {
        Ok(rendered) => rendered,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    tell(context, findings);
    outcome
}

/// Renders on this very thread, without asking anybody.
pub(super) fn here(context: &Context, subject: Subject) -> Outcome {
    let (outcome, findings) = render(subject, None, &**context.ambient());
    tell(context, findings);
    outcome
}

fn render(
    subject: Subject,
    lookup: Option<Arc<dyn Lookup>>,
    ambient: &dyn Ambient,
) -> (Outcome, Vec<Finding>) {
    let mut findings = Vec::new();
    let result = parts(&subject, lookup, ambient, &mut findings);
    (
        Outcome {
            chart: subject.chart,
            values: subject.values,
            result,
        },
        findings,
    )
}

fn parts(
    subject: &Subject,
    lookup: Option<Arc<dyn Lookup>>,
    ambient: &dyn Ambient,
    findings: &mut Vec<Finding>,
) -> Result<Rendered, RenderError> {
    let values = coalesce_values(&subject.chart, &subject.values, findings)?;
    let options = &subject.rendering;
    if !options.skip_schema_validation {
        let loader = SchemaLoader::new(options.schema_reach.clone());
        schema::validate_chart(&subject.chart, &values, &loader, findings)?;
    }
    let rendering = EngineRendering {
        chart: &subject.chart,
        values: &values,
        release: ReleaseOptions {
            name: subject.name.clone(),
            namespace: subject.namespace.clone(),
            revision: subject.revision,
            is_upgrade: subject.moment == Moment::Upgrade,
            is_install: subject.moment == Moment::Install,
        },
        capabilities: &subject.capabilities,
        lookup,
        ambient,
        enable_dns: options.enable_dns,
        strict: false,
        budget: options.budget,
    };
    let mut rendered = build::render(&rendering, options.sub_notes)?;
    if let Some(post_renderer) = &options.post_renderer {
        let merged = post_render::merge(&rendered.files).map_err(RenderError::Merge)?;
        let changed = post_renderer.run(merged.as_bytes(), findings)?;
        rendered.files = post_render::unmerge(&changed).map_err(RenderError::PostRendered)?;
    }
    let assembly = Assembly {
        include_crds: options.include_crds,
        hide_secrets: options.hide_secrets,
    };
    let assembled = build::assemble(&subject.chart, &rendered.files, assembly, findings)?;
    Ok(Rendered {
        hooks: assembled.hooks,
        manifest: assembled.manifest,
        notes: rendered.notes,
    })
}

/// Tells what is worth telling.
pub(super) fn tell(context: &Context, findings: Vec<Finding>) {
    for finding in findings {
        context.tell(Event::Finding(finding));
    }
}
