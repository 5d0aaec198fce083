//! The releases there are.

use std::collections::BTreeMap;

use helmrs_core::release::{Release, Status};
use helmrs_core::selector::{Selector, SelectorError};
use helmrs_gotemplate::regexp::Regexp;

use crate::Context;
use crate::cluster::UnreachableError;
use crate::storage::StorageError;

/// Why the releases cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ListError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// The filter is no regular expression.
    #[error("{problem}")]
    Filter { problem: String },
    /// The selector is none.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// The records cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Where to look for releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// In the context's namespace.
    #[default]
    Namespace,
    /// In all namespaces.
    Everywhere,
}

/// In which order releases are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name.
    #[default]
    Name,
    /// By name, backwards.
    NameReversed,
    /// Oldest first.
    Date,
    /// Newest first.
    DateReversed,
}

/// Which releases to tell of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRequest {
    /// Where to look.
    pub scope: Scope,
    /// A regular expression their names must match; empty for all.
    pub filter: String,
    /// A label selector their records must match; empty for all.
    pub selector: String,
    /// The states wanted; none stands for all.
    pub statuses: Vec<Status>,
    /// In which order.
    pub order: Order,
    /// How many to leave out at the beginning.
    pub offset: usize,
    /// How many to tell of; 0 stands for all.
    pub limit: usize,
}

/// The newest revision of each release that fits, as far as lists show it.
// Parity: Helm, pkg/action/list.go.
pub async fn list(context: &Context, request: &ListRequest) -> Result<Vec<Release>, ListError> {
    context.cluster().reachable().await?;
    let filter = match request.filter.as_str() {
        "" => None,
        text => Some(Regexp::compile(text).map_err(|error| ListError::Filter {
            problem: error.to_string(),
        })?),
    };
    let namespace = match request.scope {
        Scope::Namespace => context.namespace(),
        Scope::Everywhere => "",
    };
    let mut releases = context.storage_in(namespace).summaries().await?;
    releases.retain(|release| {
        filter
            .as_ref()
            .is_none_or(|filter| filter.is_match(release.name.as_bytes()))
    });
    if releases.is_empty() {
        return Ok(releases);
    }
    // Superseded revisions are never the newest: who asks for them alone wants all of them.
    if request.statuses != [Status::Superseded] {
        releases = newest(releases);
    }
    releases.retain(|release| is_wanted(request, &release.info.status));
    let selector = Selector::parse(&request.selector)?;
    releases.retain(|release| selector.matches(&release.labels));
    sort(&mut releases, request.order);
    let limit = if request.limit == 0 {
        usize::MAX
    } else {
        request.limit
    };
    Ok(releases
        .into_iter()
        .skip(request.offset)
        .take(limit)
        .collect())
}

/// States that are told of when none is asked for; records of unknown state are never told of.
fn is_wanted(request: &ListRequest, status: &Status) -> bool {
    match status {
        Status::Unknown | Status::Other(_) => false,
        status => request.statuses.is_empty() || request.statuses.contains(status),
    }
}

fn newest(releases: Vec<Release>) -> Vec<Release> {
    let mut newest: BTreeMap<(String, String), Release> = BTreeMap::new();
    for release in releases {
        let key = (release.namespace.clone(), release.name.clone());
        if newest
            .get(&key)
            .is_none_or(|known| known.revision <= release.revision)
        {
            newest.insert(key, release);
        }
    }
    newest.into_values().collect()
}

fn sort(releases: &mut [Release], order: Order) {
    let by_name = |a: &Release, b: &Release| a.name.cmp(&b.name);
    let by_date = |a: &Release, b: &Release| a.info.last_deployed.cmp(&b.info.last_deployed);
    match order {
        Order::Name => releases.sort_by(by_name),
        Order::NameReversed => releases.sort_by(|a, b| by_name(b, a)),
        Order::Date => releases.sort_by(by_date),
        Order::DateReversed => releases.sort_by(|a, b| by_date(b, a)),
    }
}
