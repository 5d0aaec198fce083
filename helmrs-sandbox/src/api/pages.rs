//! Lists in pages: which objects, and where the next page begins.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::query::Query;
use super::selector::Selector;
use crate::error::ApiError;
use crate::store::{Key, Version};

type Entry = (Key, Arc<Version>);

/// One page of a list, while it is read.
pub(super) struct Page<'a> {
    rest: &'a [Entry],
    revision: u64,
    limit: usize,
    last: Option<&'a Key>,
}

/// Refuses to list a state that is not known yet, or not known any more.
// Parity: Kubernetes, apiserver/pkg/storage/errors.go and storage/etcd3/store.go.
pub(super) fn check_version(query: &Query, newest: u64) -> Result<(), ApiError> {
    let text = query.text("resourceVersion");
    if text.is_empty() {
        return Ok(());
    }
    let asked: u64 = text.parse().map_err(|_| {
        ApiError::bad_request(format!(
            "Invalid value: {text:?}: strconv.ParseUint: parsing {text:?}: invalid syntax"
        ))
    })?;
    if asked > newest {
        return Err(ApiError::version_too_large(asked, newest));
    }
    if query.text("resourceVersionMatch") == "Exact" && asked != newest {
        let text = "The resourceVersion for the provided list is too old.";
        return Err(ApiError::expired(text));
    }
    Ok(())
}

impl<'a> Page<'a> {
    /// The page a request asks for, of everything there is.
    pub(super) fn of(query: &Query, all: &'a [Entry], revision: u64) -> Result<Self, ApiError> {
        let (start, revision) = match query.text("continue") {
            "" => (0, revision),
            token => {
                let (revision, after) = read_token(token).ok_or_else(|| {
                    ApiError::bad_request("continue key is not valid: invalid base64 or JSON")
                })?;
                let before = |(key, _): &Entry| {
                    (key.namespace.as_str(), key.name.as_str()) <= (&after.0, &after.1)
                };
                (all.partition_point(before), revision)
            }
        };
        let limit = query.number("limit").filter(|limit| *limit > 0);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        Ok(Self {
            rest: &all[start..],
            revision,
            limit: limit.unwrap_or(usize::MAX),
            last: None,
        })
    }

    /// The next object of the page.
    pub(super) fn next(&mut self, selector: &Selector) -> Option<Arc<Version>> {
        if self.limit == 0 {
            return None;
        }
        loop {
            let ((key, version), rest) = self.rest.split_first()?;
            self.rest = rest;
            if selector.is_everything() || selector.matches(&version.tree()) {
                self.limit -= 1;
                self.last = Some(key);
                return Some(version.clone());
            }
        }
    }

    /// The metadata of the list, once the page is read; what remains is only counted if nothing was left out.
    pub(super) fn metadata(&self, counted: bool) -> Json {
        let mut metadata = json!({"resourceVersion": self.revision.to_string()});
        if let Some(last) = self
            .last
            .filter(|_| self.limit == 0 && !self.rest.is_empty())
        {
            let token = json!([self.revision, last.namespace, last.name]).to_string();
            metadata["continue"] = URL_SAFE_NO_PAD.encode(token).into();
            if counted {
                metadata["remainingItemCount"] = self.rest.len().into();
            }
        }
        metadata
    }
}

fn read_token(token: &str) -> Option<(u64, (String, String))> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (revision, namespace, name) = serde_json::from_slice(&bytes).ok()?;
    Some((revision, (namespace, name)))
}
