//! A chart and its values into a release that is stored nowhere yet.
//!
//! In two steps, because a post-renderer may stand between them: [`render`] gives files by path, [`assemble`] sorts their
//! documents into hooks and the manifest.

use super::hook::{self, Hook, HookEvent};
use crate::chart::Chart;
use crate::engine::{self, RenderError, Rendering, Texts};
use crate::finding::Finding;
use crate::manifest::order::{INSTALL_ORDER, sort_by_kind};
use crate::manifest::{Head, Manifest, split};
use crate::version;
use crate::yaml::YamlError;

/// What the path of a file of notes ends with.
const NOTES_SUFFIX: &str = "NOTES.txt";

/// Why no release could be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum BuildError {
    /// The chart does not want this cluster.
    #[error("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {found}")]
    KubeVersion { wanted: String, found: String },
    /// A template could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A rendered document is no object; `files` is everything that was rendered, for people to look at.
    #[error("YAML parse error on {path}")]
    Yaml {
        path: String,
        files: String,
        source: YamlError,
    },
}

/// What templates rendered to.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The rendered text of each template by its path, notes left out.
    pub files: Texts,
    /// The notes.
    pub notes: String,
}

/// Renders a chart that suits the cluster; `sub_notes` says whether the subcharts' notes count too.
// Parity: Helm, pkg/action/action.go, renderResources.
pub fn render(rendering: &Rendering<'_>, sub_notes: bool) -> Result<Rendered, BuildError> {
    check_kube_version(rendering)?;
    let mut files = engine::render(rendering)?;
    let own_notes = format!("{}/templates/{NOTES_SUFFIX}", rendering.chart.name());
    let mut notes = String::new();
    files.retain(|path, text| {
        // Either language may write them; where both do, they are joined.
        let name = path.strip_suffix(engine::TERA_SUFFIX).unwrap_or(path);
        let is_notes = name.ends_with(NOTES_SUFFIX);
        if is_notes && (sub_notes || name == own_notes) {
            if !notes.is_empty() {
                notes.push('\n');
            }
            notes.push_str(&String::from_utf8_lossy(text));
        }
        !is_notes
    });
    Ok(Rendered { files, notes })
}

fn check_kube_version(rendering: &Rendering<'_>) -> Result<(), BuildError> {
    let wanted = &rendering.chart.metadata.kube_version;
    let found = &rendering.capabilities.kube_version;
    if wanted.is_empty() || version::is_compatible(wanted, &found.to_string()) {
        return Ok(());
    }
    Err(BuildError::KubeVersion {
        wanted: wanted.clone(),
        found: found.version.clone(),
    })
}

/// The documents of a render, sorted.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Those that are hooks.
    pub hooks: Vec<Hook>,
    /// All others, in the order in which they are installed.
    pub manifests: Vec<Manifest>,
}

/// Splits files into documents and sorts these into hooks and manifests.
///
/// Documents that are dropped because nobody knows their hook are told of, also where a later one fails.
// Parity: Helm, pkg/release/v1/util/manifest_sorter.go, SortManifests.
pub fn sort(files: &Texts, findings: &mut Vec<Finding>) -> Result<Sorted, BuildError> {
    let mut sorted = Sorted::default();
    for (path, text) in files {
        if engine::is_partial(path) {
            continue;
        }
        for document in split::documents_in_bytes(text) {
            let head = Head::read(document).map_err(|source| BuildError::Yaml {
                path: path.clone(),
                files: debug_text(files),
                source,
            })?;
            // What is read as YAML is UTF-8, except after its end.
            let document = match str::from_utf8(document) {
                Ok(document) => document.to_owned(),
                Err(_) => String::from_utf8_lossy(document).into_owned(),
            };
            findings.extend(sorted.add(path, document, head));
        }
    }
    sort_by_kind(&mut sorted.hooks, INSTALL_ORDER, |hook| &hook.kind);
    sort_by_kind(&mut sorted.manifests, INSTALL_ORDER, |manifest| {
        &manifest.head.kind
    });
    Ok(sorted)
}

impl Sorted {
    fn add(&mut self, path: &str, document: String, head: Head) -> Option<Finding> {
        let Some(events) = head.annotations.get(hook::HOOK_ANNOTATION) else {
            self.manifests.push(Manifest {
                name: path.to_owned(),
                content: document,
                head,
            });
            return None;
        };
        let Some(events) = hook_events(events) else {
            return Some(Finding::info("skipping unknown hooks").with("hookTypes", events));
        };
        let hook = new_hook(path, document, &head, events);
        self.hooks.push(hook);
        None
    }
}

/// The events of a hook, unless one of them is unknown.
fn hook_events(annotation: &str) -> Option<Vec<HookEvent>> {
    words(annotation)
        .map(|word| match word.as_str() {
            // The name the event had in Helm 2.
            "test-success" => Some(HookEvent::Test),
            word => {
                Some(HookEvent::from(word)).filter(|event| !matches!(event, HookEvent::Other(_)))
            }
        })
        .collect()
}

fn new_hook(path: &str, document: String, head: &Head, events: Vec<HookEvent>) -> Hook {
    let annotation = |name| head.annotations.get(name).map(String::as_str);
    let weight = annotation(hook::HOOK_WEIGHT_ANNOTATION).and_then(|weight| weight.parse().ok());
    let delete_policies = annotation(hook::HOOK_DELETE_ANNOTATION);
    let log_policies = annotation(hook::HOOK_OUTPUT_LOG_ANNOTATION);
    Hook {
        name: head.name.clone(),
        kind: head.kind.clone(),
        path: path.to_owned(),
        manifest: document,
        events,
        weight: weight.unwrap_or(0),
        delete_policies: delete_policies
            .into_iter()
            .flat_map(words)
            .map(|word| word.as_str().into())
            .collect(),
        output_log_policies: log_policies
            .into_iter()
            .flat_map(words)
            .map(|word| word.as_str().into())
            .collect(),
        ..Hook::default()
    }
}

/// The words of a list with commas, trimmed and in lower case.
fn words(list: &str) -> impl Iterator<Item = String> {
    list.split(',').map(|word| word.trim().to_lowercase())
}

/// What a release is assembled with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assembly {
    /// Whether the chart's custom resource definitions stand in the manifest.
    pub include_crds: bool,
    /// Whether Secrets are left out of it.
    pub hide_secrets: bool,
}

/// The parts of a release that come from rendering.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// The hooks.
    pub hooks: Vec<Hook>,
    /// The text of every other document, each under the name of its template.
    pub manifest: String,
}

/// Puts the documents of a render together.
pub fn assemble(
    chart: &Chart,
    files: &Texts,
    assembly: Assembly,
    findings: &mut Vec<Finding>,
) -> Result<Assembled, BuildError> {
    let Sorted { hooks, manifests } = sort(files, findings)?;
    let length =
        |manifest: &Manifest| manifest.name.len() + manifest.content.len() + SOURCED_LENGTH;
    let mut manifest = String::with_capacity(manifests.iter().map(length).sum());
    if assembly.include_crds {
        for (path, file) in chart.crds() {
            push_sourced(&mut manifest, &path, &file.text());
        }
    }
    for Manifest {
        name,
        content,
        head,
    } in &manifests
    {
        let is_secret = head.kind == "Secret" && head.api_version == "v1";
        if assembly.hide_secrets && is_secret {
            let hidden = "# HIDDEN: The Secret output has been suppressed";
            push_sourced(&mut manifest, name, hidden);
        } else {
            push_sourced(&mut manifest, name, content);
        }
    }
    Ok(Assembled { hooks, manifest })
}

/// What stands before the name of a document's template.
const SOURCE: &str = "---\n# Source: ";

/// How much longer a document gets under the name of its template, the name aside.
const SOURCED_LENGTH: usize = SOURCE.len() + 2;

/// A document under the name of the template it came from.
pub fn sourced(path: &str, document: &str) -> String {
    let mut text = String::with_capacity(SOURCED_LENGTH + path.len() + document.len());
    push_sourced(&mut text, path, document);
    text
}

fn push_sourced(text: &mut String, path: &str, document: &str) {
    for part in [SOURCE, path, "\n", document, "\n"] {
        text.push_str(part);
    }
}

/// Everything that was rendered, whether it is YAML or not.
fn debug_text(files: &Texts) -> String {
    let texts = files
        .iter()
        .map(|(path, text)| (path, String::from_utf8_lossy(text)));
    let written = texts.filter(|(_, text)| !text.trim().is_empty());
    written.map(|(path, text)| sourced(path, &text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Texts {
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    const HOOK: &str = "kind: Job\nmetadata:\n  name: j\n  annotations:\n    helm.sh/hook: Pre-Install, test-success\n    helm.sh/hook-weight: \"-5\"\n    helm.sh/hook-delete-policy: hook-succeeded, odd\n";

    #[test]
    fn a_hook_is_read_from_its_annotations() {
        let sorted = sort(&files(&[("c/templates/h.yaml", HOOK)]), &mut Vec::new()).unwrap();
        let [hook] = sorted.hooks.as_slice() else {
            panic!("one hook")
        };
        assert_eq!(hook.events, [HookEvent::PreInstall, HookEvent::Test]);
        assert_eq!(hook.weight, -5);
        assert_eq!(hook.delete_policies.len(), 2);
        assert!(hook.deletes(&super::super::HookDeletePolicy::HookSucceeded));
        assert!(sorted.manifests.is_empty());
    }

    #[test]
    fn a_document_with_an_unknown_hook_is_dropped_and_told() {
        let text = "kind: Job\nmetadata: {annotations: {helm.sh/hook: 'crd-install,test'}}\n";
        let mut findings = Vec::new();
        let files = files(&[
            ("c/templates/h.yaml", text),
            ("c/templates/i.yaml", "a: b: c"),
        ]);
        assert!(sort(&files, &mut findings).is_err());
        assert_eq!(
            findings[0].attributes,
            [("hookTypes", "crd-install,test".to_owned())]
        );
    }

    #[test]
    fn partials_are_passed_over() {
        let files = files(&[
            ("c/templates/_p.yaml", "kind: A"),
            ("c/templates/p.yaml", "kind: B"),
        ]);
        let sorted = sort(&files, &mut Vec::new()).unwrap();
        assert_eq!(sorted.manifests.len(), 1);
    }

    #[test]
    fn broken_yaml_comes_with_all_that_was_rendered() {
        let files = files(&[("c/a", "a: b: c"), ("c/b", "kind: B"), ("c/c", " \n")]);
        let error = sort(&files, &mut Vec::new()).unwrap_err();
        let BuildError::Yaml { path, files, .. } = error else {
            panic!("a YAML error")
        };
        assert_eq!(path, "c/a");
        assert_eq!(
            files,
            "---\n# Source: c/a\na: b: c\n---\n# Source: c/b\nkind: B\n"
        );
    }
}
