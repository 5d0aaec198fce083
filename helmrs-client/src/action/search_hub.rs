//! Asking a hub which charts it lists.
// Parity: Helm, internal/monocular and pkg/cmd/search_hub.go.

use serde::Deserialize;
use url::Url;

use crate::download::http::{FetchError, FetchOptions, fetch};
use crate::event::Silent;

/// Where a hub answers searches.
const PATH: &str = "api/chartsvc/v1/charts/search";

/// Why a hub was not searched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum HubError {
    /// The address is no URL.
    #[error("unable to create connection to \"{endpoint}\": parse \"{endpoint}\": {problem}")]
    Url { endpoint: String, problem: String },
    /// The address names no server.
    #[error("unable to create connection to \"{endpoint}\": no hostname provided")]
    Host { endpoint: String },
    /// The hub did not answer, or not with a list of charts.
    // Parity: the cause is a debug line there, so it is neither in the text nor a source here.
    #[error("unable to perform search against \"{endpoint}\"")]
    Search { endpoint: String, cause: FetchError },
}

/// A chart a hub lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HubChart {
    /// Its page.
    pub url: String,
    /// Its newest version.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// What it is for.
    pub description: String,
    /// The name of its repository.
    pub repository_name: String,
    /// The URL of its repository.
    pub repository_url: String,
}

/// Searches a hub.
///
/// # Errors
///
/// If the address is none, or the hub does not answer.
pub async fn search_hub(endpoint: &str, term: &str) -> Result<Vec<HubChart>, HubError> {
    let url = address(endpoint, term)?;
    let options = FetchOptions {
        accept_gzip: true,
        ..FetchOptions::default()
    };
    let bytes = fetch(url.as_str(), &options, &Silent).await;
    let bytes = bytes.map_err(|cause| HubError::Search {
        endpoint: endpoint.to_owned(),
        cause,
    })?;
    // Parity: an answer that is not understood is one without charts.
    let answer: Answer = serde_json::from_slice(&bytes).unwrap_or_default();
    let charts = answer.data.unwrap_or_default().into_iter();
    Ok(charts.map(|found| found.chart(endpoint)).collect())
}

fn address(endpoint: &str, term: &str) -> Result<Url, HubError> {
    let host = || HubError::Host {
        endpoint: endpoint.to_owned(),
    };
    let mut url = match Url::parse(endpoint) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase | url::ParseError::EmptyHost) => {
            return Err(host());
        }
        Err(error) => {
            return Err(HubError::Url {
                endpoint: endpoint.to_owned(),
                problem: error.to_string(),
            });
        }
    };
    if url.host_str().is_none_or(str::is_empty) {
        return Err(host());
    }
    let path = format!("{}/{PATH}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    let query: String = url::form_urlencoded::byte_serialize(term.as_bytes()).collect();
    url.set_query(Some(&format!("q={query}")));
    Ok(url)
}

/// What a hub answers.
#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    data: Option<Vec<Found>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Found {
    id: String,
    artifact_hub: Page,
    attributes: Attributes,
    relationships: Relationships,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Page {
    package_url: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    description: String,
    repo: Repository,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Repository {
    name: String,
    url: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Relationships {
    latest_chart_version: Latest,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Latest {
    data: Version,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Version {
    version: String,
    app_version: String,
}

impl Found {
    fn chart(self, endpoint: &str) -> HubChart {
        let version = self.relationships.latest_chart_version.data;
        HubChart {
            url: if self.artifact_hub.package_url.is_empty() {
                format!("{endpoint}/charts/{}", self.id)
            } else {
                self.artifact_hub.package_url
            },
            version: version.version,
            app_version: version.app_version,
            description: self.attributes.description,
            repository_name: self.attributes.repo.name,
            repository_url: self.attributes.repo.url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_asked_for_below_the_endpoint() {
        let url = address("https://hub.example.com/mirror/", "x y&z").unwrap();
        assert_eq!(
            url.as_str(),
            "https://hub.example.com/mirror/api/chartsvc/v1/charts/search?q=x+y%26z"
        );
    }

    #[test]
    fn an_address_without_a_server_is_refused() {
        assert_eq!(
            address("hub", "x").unwrap_err().to_string(),
            "unable to create connection to \"hub\": no hostname provided"
        );
    }
}
