//! A release as the text that `template` prints or writes into files.

use super::Release;
use super::build::sourced;
use super::hook::{Hook, HookEvent};
use crate::manifest::split;
use crate::path_pattern;

/// Which hooks stand after the manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hooks {
    /// All of them.
    #[default]
    All,
    /// All but tests.
    NoTests,
    /// None.
    None,
}

impl Hooks {
    fn includes(self, hook: &Hook) -> bool {
        match self {
            Self::All => true,
            Self::NoTests => !hook.runs_at(&HookEvent::Test),
            Self::None => false,
        }
    }
}

/// The manifest, trimmed, and then the hooks.
pub fn release_text(release: Release, hooks: Hooks) -> String {
    let mut text = release.manifest;
    text.truncate(text.trim_end().len());
    text.drain(..text.len() - text.trim_start().len());
    text.push('\n');
    for hook in release.hooks.iter().filter(|hook| hooks.includes(hook)) {
        text.push_str(&sourced(&hook.path, &hook.manifest));
    }
    text
}

/// No document came from the template that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not find template {0} in chart")]
pub struct NoSuchTemplate(pub String);

/// The documents of a text that came from the templates given, which may be patterns; in the order of the patterns.
///
/// # Examples
///
/// ```
/// use helmrs_core::release::text::show_only;
///
/// let text = "---\n# Source: web/templates/a.yaml\na: 1\n---\n# Source: web/templates/b.yaml\nb: 2\n";
/// let shown = show_only(text, &["templates/b.yaml".to_owned()])?;
/// assert_eq!(shown, "---\n# Source: web/templates/b.yaml\nb: 2\n\n");
/// # Ok::<(), helmrs_core::release::text::NoSuchTemplate>(())
/// ```
pub fn show_only(text: &str, templates: &[String]) -> Result<String, NoSuchTemplate> {
    let documents: Vec<_> = split::documents(text)
        .into_iter()
        .filter_map(|document| Some((source(document)?, document)))
        .collect();
    let mut shown = String::new();
    for template in templates {
        let matching = |path: &str| path_pattern::matches(template, path).unwrap_or(false);
        let before = shown.len();
        for (_, document) in documents.iter().filter(|(path, _)| matching(path)) {
            shown.push_str("---\n");
            shown.push_str(document);
            shown.push('\n');
        }
        if shown.len() == before {
            return Err(NoSuchTemplate(template.clone()));
        }
    }
    Ok(shown)
}

/// The path of the template a document came from, below its chart.
fn source(document: &str) -> Option<&str> {
    let mut rest = document;
    while let Some(at) = rest.find("# Source: ") {
        rest = &rest[at + "# Source: ".len()..];
        let line = rest.lines().next().unwrap_or("");
        match line.split_once('/') {
            Some((chart, path)) if !chart.is_empty() && !path.is_empty() => return Some(path),
            _ => {}
        }
    }
    None
}

/// A text to be appended to a file, which is made by the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The path of the file below the directory of output.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The hooks as pieces of files.
pub fn hook_pieces(sorted: &[Hook], hooks: Hooks, folder: Option<&str>) -> Vec<Piece> {
    let shown = sorted.iter().filter(|hook| hooks.includes(hook));
    shown
        .map(|hook| piece(folder, &hook.path, &hook.manifest))
        .collect()
}

fn piece(folder: Option<&str>, path: &str, document: &str) -> Piece {
    let path_below = folder.map_or_else(|| path.to_owned(), |folder| format!("{folder}/{path}"));
    Piece {
        path: path_below,
        text: sourced(path, document),
    }
}
