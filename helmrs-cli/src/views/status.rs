//! A release as a block of text: what install, upgrade, status, test and `get all` print.

use std::fmt::Write;

use helmrs_core::release::{HookEvent, Release};
use helmrs_core::{chart, yaml};

use super::color;
use super::document::View;
use super::time;
use crate::error::CommandError;

/// Why a release cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StatusError {
    /// The record holds no chart, as those of other tools may.
    #[error("the record of release {} holds no chart", crate::quote::quote(.0))]
    NoChart(String),
}

/// How much of the release is shown.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct StatusOptions {
    /// Also values, hooks and manifest.
    pub(crate) everything: bool,
    /// Also the chart's name and version.
    pub(crate) chart: bool,
    /// Leave out the notes.
    pub(crate) hide_notes: bool,
    /// Use colours.
    pub(crate) color: bool,
}

/// A release to be shown.
#[derive(Debug)]
pub(crate) struct StatusView<'a> {
    pub(crate) release: &'a Release,
    pub(crate) options: StatusOptions,
}

impl<'a> View for StatusView<'a> {
    type Document = &'a Release;

    fn document(&self) -> &'a Release {
        self.release
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        let mut text = String::new();
        self.head(&mut text)?;
        self.resources(&mut text);
        self.tests(&mut text);
        if self.options.everything {
            self.values(&mut text)?;
        }
        if self.options.everything
            || self
                .release
                .info
                .description
                .eq_ignore_ascii_case("Dry run complete")
        {
            self.manifest(&mut text);
        }
        let notes = &self.release.info.notes;
        if !self.options.hide_notes && !notes.is_empty() {
            line(&mut text, format_args!("NOTES:\n{}", notes.trim()));
        }
        Ok(text.into_bytes())
    }
}

impl StatusView<'_> {
    fn head(&self, text: &mut String) -> Result<(), StatusError> {
        let Release {
            name,
            info,
            namespace,
            revision,
            ..
        } = self.release;
        line(text, format_args!("NAME: {name}"));
        if !info.last_deployed.is_zero() {
            line(
                text,
                format_args!("LAST DEPLOYED: {}", time::ansic(info.last_deployed)),
            );
        }
        line(
            text,
            format_args!(
                "NAMESPACE: {}",
                color::namespace(namespace, self.options.color)
            ),
        );
        line(
            text,
            format_args!(
                "STATUS: {}",
                color::status(info.status.as_str(), self.options.color)
            ),
        );
        line(text, format_args!("REVISION: {revision}"));
        if self.options.chart {
            let chart = self
                .release
                .chart
                .as_ref()
                .ok_or_else(|| StatusError::NoChart(name.clone()))?;
            line(text, format_args!("CHART: {}", chart.metadata.name));
            line(text, format_args!("VERSION: {}", chart.metadata.version));
            line(
                text,
                format_args!("APP_VERSION: {}", chart.metadata.app_version),
            );
        }
        line(text, format_args!("DESCRIPTION: {}", info.description));
        Ok(())
    }

    fn resources(&self, text: &mut String) {
        let resources = &self.release.info.resources;
        if resources.is_empty() {
            return;
        }
        text.push_str("RESOURCES:\n");
        for (kind, objects) in resources {
            line(text, format_args!("==> {kind}"));
            text.push_str(&super::resources::table(objects));
            text.push('\n');
        }
        text.push('\n');
    }

    fn tests(&self, text: &mut String) {
        let mut tests = self
            .release
            .hooks
            .iter()
            .filter(|hook| hook.runs_at(&HookEvent::Test))
            .peekable();
        if tests.peek().is_none() {
            text.push_str("TEST SUITE: None\n");
        }
        for test in tests.filter(|test| !test.last_run.started_at.is_zero()) {
            line(text, format_args!("TEST SUITE:     {}", test.name));
            line(
                text,
                format_args!("Last Started:   {}", time::ansic(test.last_run.started_at)),
            );
            line(
                text,
                format_args!(
                    "Last Completed: {}",
                    time::ansic(test.last_run.completed_at)
                ),
            );
            line(
                text,
                format_args!("Phase:          {}", test.last_run.phase),
            );
        }
    }

    fn values(&self, text: &mut String) -> Result<(), CommandError> {
        let chart = self
            .release
            .chart
            .as_ref()
            .ok_or_else(|| StatusError::NoChart(self.release.name.clone()))?;
        let user = self.release.config.clone();
        let user = user.map_or(yaml::Value::Null, yaml::Value::Map);
        line(
            text,
            format_args!("USER-SUPPLIED VALUES:\n{}", yaml::to_yaml(&user)?),
        );
        let computed = yaml::Value::Map(chart::coalesce::coalesce_values(
            chart,
            self.release.user_values(),
            &mut Vec::new(),
        )?);
        line(
            text,
            format_args!("COMPUTED VALUES:\n{}", yaml::to_yaml(&computed)?),
        );
        Ok(())
    }

    fn manifest(&self, text: &mut String) {
        text.push_str("HOOKS:\n");
        for hook in &self.release.hooks {
            line(
                text,
                format_args!("---\n# Source: {}\n{}", hook.path, hook.manifest),
            );
        }
        line(text, format_args!("MANIFEST:\n{}", self.release.manifest));
    }
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    writeln!(text, "{arguments}").expect("writing to a string cannot fail");
}
