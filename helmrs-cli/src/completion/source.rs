//! Where candidates come from: the cluster, the repositories' indexes, the kubeconfig, the working directory.

use std::sync::Arc;

use helmrs_client::action::{self, ListRequest};
use helmrs_client::download::repositories as files;
use helmrs_core::plugin::{CLI, Config};
use helmrs_core::release::Release;
use helmrs_core::repository::Catalog;
use helmrs_core::repository::catalog::Version;

use super::{Completion, operands, tell};
use crate::invocation::Invocation;
use crate::views::list::{app_version, chart_name};

/// The names of releases, without those named already.
// Parity: Helm, pkg/cmd/list.go, compListReleases.
pub(super) fn releases(word: &str, without: &[String], invocation: &Invocation) -> Completion {
    tell(
        &format!("compListReleases with toComplete {word}"),
        invocation,
    );
    let request = ListRequest::default();
    let Ok(Ok(releases)) = invocation.wait_for(action::list(&invocation.context(), &request))
    else {
        return Completion::default();
    };
    let named = releases
        .iter()
        .filter(|release| !without.contains(&release.name));
    Completion::only(
        named
            .map(|release| {
                format!(
                    "{}\t{} -> {}",
                    release.name,
                    chart_name(release.chart.as_ref()),
                    release.info.status
                )
            })
            .collect(),
    )
}

/// The revisions of a release.
// Parity: Helm, pkg/cmd/history.go, compListRevisions.
pub(super) fn revisions(release: &str, invocation: &Invocation) -> Completion {
    let Ok(Ok(releases)) = invocation.wait_for(action::history(&invocation.context(), release))
    else {
        return Completion {
            candidates: Vec::new(),
            directive: super::ERROR,
        };
    };
    let line = |release: &Release| {
        let chart = release.chart.as_ref();
        format!(
            "{}\tApp: {}, Chart: {}",
            release.revision,
            app_version(chart),
            chart_name(chart)
        )
    };
    Completion::only(releases.iter().map(line).collect())
}

/// The namespaces of the cluster.
pub(super) fn namespaces(invocation: &Invocation) -> Completion {
    tell(
        "About to call kube client for namespaces with timeout of: 3",
        invocation,
    );
    match invocation.wait_for(action::namespaces(&invocation.context())) {
        Ok(Ok(names)) => Completion::only(names),
        _ => Completion::default(),
    }
}

/// The charts that can be named.
pub(super) fn charts(word: &str, files: bool, invocation: &Invocation) -> Completion {
    let of = |repository: &str| charts_of(repository, invocation);
    let tell = |text: &str| tell(text, invocation);
    operands::charts(word, files, &repositories(&[], invocation), of, tell)
}

/// The names of repositories, without those named already.
pub(super) fn repositories(without: &[String], invocation: &Invocation) -> Vec<String> {
    let Ok(list) = files::read_list(invocation.settings.repository_config.as_ref()) else {
        return Vec::new();
    };
    let others = list
        .repositories
        .iter()
        .filter(|entry| !without.contains(&entry.name));
    others
        .map(|entry| format!("{}\t{}", entry.name, entry.url))
        .collect()
}

/// The names of plugins that are commands, without those named already.
// Parity: Helm, pkg/cmd/plugin_list.go, compListPlugins.
pub(super) fn plugins(without: &[String], invocation: &Invocation) -> Vec<String> {
    let Ok(found) = invocation.plugins.of_type(CLI, &invocation.printer) else {
        return Vec::new();
    };
    let others = found.filter(|plugin| !without.contains(&plugin.metadata.name));
    others
        .map(|plugin| {
            let about = match &plugin.metadata.config {
                Config::Cli(config) => config.short_help.as_str(),
                _ => "",
            };
            format!("{}\t{about}", plugin.metadata.name)
        })
        .collect()
}

/// The charts of a repository, from its cached list or else its index.
// Parity: Helm, pkg/cmd/search_repo.go, compListChartsOfRepo.
fn charts_of(repository: &str, invocation: &Invocation) -> Vec<String> {
    let directories = invocation.directories();
    let path = directories
        .repository_cache
        .join(files::charts_file_name(repository));
    if let Ok(text) = std::fs::read_to_string(path) {
        return text
            .lines()
            .map(|name| format!("{repository}/{name}"))
            .collect();
    }
    let Some(index) = index(repository, invocation) else {
        return Vec::new();
    };
    index
        .charts()
        .map(|chart| format!("{repository}/{}", chart.name()))
        .collect()
}

/// The versions of a chart in a repository.
// Parity: Helm, pkg/cmd/flags.go, compVersionFlag.
pub(super) fn versions(chart: &str, invocation: &Invocation) -> Completion {
    let Some((repository, name)) = chart
        .split_once('/')
        .filter(|(_, name)| !name.contains('/'))
    else {
        return Completion::only(Vec::new());
    };
    let Some(index) = index(repository, invocation) else {
        return Completion::only(Vec::new());
    };
    let versions = index.chart(name).map(|chart| chart.versions());
    Completion::only(versions.into_iter().flatten().map(described).collect())
}

/// A version, what it installs and when it was made.
fn described(version: Version<'_>) -> String {
    let app = match version.app_version() {
        "" => String::new(),
        app => format!("App: {app}, "),
    };
    let deprecated = if version.is_deprecated() {
        " (deprecated)"
    } else {
        ""
    };
    let date = version.created().civil();
    let month = helmrs_gotemplate::time::month_name(date.month().unsigned_abs());
    format!(
        "{}\t{app}Created: {month} {}, {:04}{deprecated}",
        version.version(),
        date.day(),
        date.year()
    )
}

/// A repository's cached index.
fn index(repository: &str, invocation: &Invocation) -> Option<Arc<Catalog>> {
    files::read_cached_index(&invocation.directories(), repository)
        .ok()
        .map(|(index, _)| index)
}

/// The contexts of the kubeconfig.
pub(super) fn contexts(invocation: &Invocation) -> Vec<String> {
    tell("About to get the different kube-contexts", invocation);
    invocation.settings.contexts()
}

/// Files of the working directory.
pub(super) fn paths(word: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(".") else {
        return Vec::new();
    };
    let names = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(word)).collect();
    names.sort_unstable();
    names
}
