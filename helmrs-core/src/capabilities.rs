//! What the cluster can do, as far as templates may know.

use std::fmt;
use std::str::FromStr;

use helmrs_gotemplate::number::quote;
use serde::Serialize;

/// What templates see as `.Capabilities`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The version of the API server.
    pub kube_version: KubeVersion,
    /// The API versions it serves: `apps/v1`, and with a cluster also `apps/v1/Deployment`.
    pub api_versions: Vec<String>,
    /// The Helm that renders.
    pub helm_version: BuildInfo,
}

/// The version of an API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeVersion {
    /// The whole version: `v1.33.4-gke.1245000`.
    pub version: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
    /// The numbers alone, `v1.33.4`: what constraints are checked against.
    normalized: String,
}

/// Which Helm this is; `helm version` prints it and templates see it as `.Capabilities.HelmVersion`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuildInfo {
    /// The version with its `v`.
    pub version: String,
    /// The commit it was built from.
    pub git_commit: String,
    /// `clean` or `dirty`.
    pub git_tree_state: String,
    /// The Go it was built with.
    pub go_version: String,
    /// The Kubernetes client it contains.
    pub kube_client_version: String,
}

/// Why a text is not the version of an API server.
// Parity: Kubernetes, apimachinery/pkg/util/version/version.go, ParseGeneric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KubeVersionError {
    /// It does not begin with a number.
    #[error("could not parse {} as version", quote(.0.as_bytes()))]
    Unreadable(String),
    /// It is one number only.
    #[error("illegal version string {}", quote(.0.as_bytes()))]
    TooShort(String),
    /// Its first number begins with a zero.
    #[error("illegal zero-prefixed version component \"{component}\" in {text}", component = .0, text = quote(.1.as_bytes()))]
    ZeroPrefixed(String, String),
    /// A number is over 64 bits.
    #[error(
        "illegal non-numeric version component \"{component}\" in {text}: strconv.ParseUint: parsing \"{component}\": value out of range",
        component = .0, text = quote(.1.as_bytes())
    )]
    TooLarge(String, String),
}

impl Default for Capabilities {
    /// What is assumed when no cluster is asked: the API versions Helm 4.3.1 knows.
    fn default() -> Self {
        Self {
            kube_version: KubeVersion::default(),
            api_versions: DEFAULT_API_VERSIONS
                .iter()
                .map(ToString::to_string)
                .collect(),
            helm_version: BuildInfo::default(),
        }
    }
}

impl Capabilities {
    /// Whether an API version is served.
    pub fn has(&self, api_version: &str) -> bool {
        self.api_versions.iter().any(|known| known == api_version)
    }
}

impl Default for KubeVersion {
    fn default() -> Self {
        let (version, major, minor) = ("v1.37.0".to_string(), "1".to_string(), "37".to_string());
        Self {
            normalized: version.clone(),
            version,
            major,
            minor,
        }
    }
}

impl KubeVersion {
    /// Reads a version as `--kube-version` takes it: a `v` may lead, anything may follow the numbers.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::capabilities::KubeVersion;
    ///
    /// let version = KubeVersion::parse("1.33.4-gke.1245000").unwrap();
    /// assert_eq!(version.version, "v1.33.4-gke.1245000");
    /// assert_eq!(version.to_string(), "v1.33.4");
    /// assert_eq!(version.minor, "33");
    /// ```
    pub fn parse(text: &str) -> Result<Self, KubeVersionError> {
        let trimmed = text.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        let trimmed = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let numbers = numbers(trimmed);
        // Parity: Go, regexp: `.` does not match a newline, so that a text of two lines is unreadable.
        if numbers.is_empty() || trimmed.contains('\n') {
            return Err(KubeVersionError::Unreadable(text.to_string()));
        }
        let components: Vec<&str> = numbers.split('.').collect();
        if components.len() < 2 {
            return Err(KubeVersionError::TooShort(text.to_string()));
        }
        if components[0].starts_with('0') && components[0] != "0" {
            return Err(KubeVersionError::ZeroPrefixed(
                components[0].to_string(),
                text.to_string(),
            ));
        }
        let components = components
            .into_iter()
            .map(|component| component.parse().map_err(|_| component.to_string()))
            .collect::<Result<Vec<u64>, _>>()
            .map_err(|component| KubeVersionError::TooLarge(component, text.to_string()))?;
        let normalized: Vec<_> = components.iter().map(ToString::to_string).collect();
        Ok(Self {
            version: if text.starts_with('v') {
                text.to_string()
            } else {
                format!("v{text}")
            },
            major: normalized[0].clone(),
            minor: normalized[1].clone(),
            normalized: format!("v{}", normalized.join(".")),
        })
    }

    /// The version of an API server as its `/version` answers: the parts as given.
    // Parity: Helm, pkg/action/action.go, getCapabilities: a server's version is checked whole, suffix and all.
    pub fn of_server(git_version: &str, major: &str, minor: &str) -> Self {
        let (version, normalized) = (git_version.to_string(), git_version.to_string());
        Self {
            version,
            major: major.to_string(),
            minor: minor.to_string(),
            normalized,
        }
    }
}

/// The longest beginning of a text that is numbers with dots between.
fn numbers(text: &str) -> &str {
    let mut end = 0;
    for word in text.split('.') {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            break;
        }
        end += digits + usize::from(end > 0);
        if digits < word.len() {
            break;
        }
    }
    &text[..end]
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.normalized)
    }
}

impl FromStr for KubeVersion {
    type Err = KubeVersionError;

    fn from_str(text: &str) -> Result<Self, KubeVersionError> {
        Self::parse(text)
    }
}

impl Default for BuildInfo {
    /// The Helm whose behaviour this is. Charts and callers branch on it, so nothing of our own is in it.
    fn default() -> Self {
        Self {
            version: "v4.3.1".to_string(),
            git_commit: "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff".to_string(),
            git_tree_state: "clean".to_string(),
            go_version: "go1.27.2".to_string(),
            kube_client_version: "v1.37".to_string(),
        }
    }
}

/// The API versions assumed without a cluster, in the reference's order.
const DEFAULT_API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        KubeVersion::parse(text)
            .map_or_else(|error| error.to_string(), |version| version.to_string())
    }

    #[test]
    fn whatever_follows_the_numbers_is_cut() {
        assert_eq!(parsed("1.2.3-gke.4+5"), "v1.2.3");
        assert_eq!(parsed("v1.2.3.4"), "v1.2.3.4");
        assert_eq!(parsed("1.2.3foo"), "v1.2.3");
        assert_eq!(parsed("1.2.-3"), "v1.2");
        assert_eq!(parsed(" 1.2"), "v1.2");
    }

    #[test]
    fn a_version_is_refused_with_the_reason() {
        assert_eq!(parsed("1"), "illegal version string \"1\"");
        assert_eq!(parsed("x"), "could not parse \"x\" as version");
        assert_eq!(
            parsed("01.2"),
            "illegal zero-prefixed version component \"01\" in \"01.2\""
        );
        assert_eq!(
            parsed("1.99999999999999999999"),
            "illegal non-numeric version component \"99999999999999999999\" in \"1.99999999999999999999\": strconv.ParseUint: parsing \"99999999999999999999\": value out of range"
        );
    }
}
