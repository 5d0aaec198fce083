//! What an install would do, without asking anybody.
// Parity: Helm, pkg/action/install.go, RunWithContext with a dry run of the client.

use helmrs_core::release::Release;

use super::install::{InstallError, InstallRequest, moment, release_of, valid_name};
use super::render::{self, Subject};
use crate::Context;
use crate::event::Event;

/// The release an install would record first. Neither network nor runtime is needed.
pub fn template(context: &Context, mut request: InstallRequest) -> Result<Release, InstallError> {
    valid_name(&request.name)
        .inspect_err(|error| super::install::tell_name_problem(context, error))?;
    render::dependencies(context, &mut request.chart, &request.values).map_err(|error| {
        context.tell(Event::DependenciesFailed {
            error: crate::error::chain(&error),
        });
        InstallError::Dependencies(error)
    })?;
    let now = context.now();
    let subject = Subject {
        chart: std::mem::take(&mut request.chart),
        values: std::mem::take(&mut request.values),
        name: request.name.clone(),
        namespace: context.namespace().to_string(),
        revision: 1,
        moment: moment(&request),
        rendering: request.rendering.clone(),
        capabilities: request.capabilities.clone(),
    };
    let outcome = render::here(context, subject);
    let mut release = release_of(&request, context, outcome, now)?;
    release.info.description = "Dry run complete".to_string();
    Ok(release)
}
