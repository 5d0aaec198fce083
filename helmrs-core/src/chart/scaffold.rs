//! The files a new chart begins with.

use helmrs_gotemplate::number::quote;

use super::package::{PackageError, directory_files};
use super::{Chart, File, Metadata, VALUES_FILE};
use crate::time::Time;

/// What stands for the chart's name in the files.
const PLACEHOLDER: &str = "<CHARTNAME>";
/// What stands for the version of `Chart.yaml`.
const VERSION_PLACEHOLDER: &str = "<APIVERSION>";
/// How long a chart's name may be.
const NAME_LIMIT: usize = 250;

/// A file of a new chart: where it goes, and its text.
type Draft = (&'static str, &'static str);

/// What every new chart has, in the order it is written.
const COMMON: &[Draft] = &[
    ("Chart.yaml", include_str!("scaffold/Chart.yaml")),
    ("values.yaml", include_str!("scaffold/values.yaml")),
    (".helmignore", include_str!("scaffold/helmignore")),
];

/// The template of that name in Go's language.
macro_rules! go {
    ($name:literal) => {
        (
            concat!("templates/", $name),
            include_str!(concat!("scaffold/templates/", $name)),
        )
    };
}

/// The template of that name in Tera.
macro_rules! tera {
    ($name:literal) => {
        (
            concat!("templates/", $name, ".tera"),
            include_str!(concat!("scaffold/tera/", $name, ".tera")),
        )
    };
}

const GO: &[Draft] = &[
    go!("ingress.yaml"),
    go!("httproute.yaml"),
    go!("deployment.yaml"),
    go!("service.yaml"),
    go!("serviceaccount.yaml"),
    go!("hpa.yaml"),
    go!("NOTES.txt"),
    go!("_helpers.tpl"),
    go!("tests/test-connection.yaml"),
];

const TERA: &[Draft] = &[
    tera!("ingress.yaml"),
    tera!("httproute.yaml"),
    tera!("deployment.yaml"),
    tera!("service.yaml"),
    tera!("serviceaccount.yaml"),
    tera!("hpa.yaml"),
    tera!("NOTES.txt"),
    tera!("_helpers"),
    tera!("tests/test-connection.yaml"),
];

/// The language a new chart's templates are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Go's templates, which Helm knows.
    #[default]
    Go,
    /// Tera, which only helmrs knows.
    Tera,
}

/// Why no chart can be made of that name.
// Parity: Helm, pkg/chart/v2/util/create.go, validateChartName.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScaffoldError {
    /// The name is empty or too long.
    #[error("chart name must be between 1 and {NAME_LIMIT} characters")]
    Length,
    /// The name has characters that would not do in a template.
    #[error(
        "chart name must match the regular expression {}",
        quote(b"^[a-zA-Z0-9._-]+$")
    )]
    Characters,
}

/// Checks the name of a chart to be made.
pub fn check_name(name: &str) -> Result<(), ScaffoldError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if name.is_empty() || name.len() > NAME_LIMIT {
        Err(ScaffoldError::Length)
    } else if name.bytes().all(fits) {
        Ok(())
    } else {
        Err(ScaffoldError::Characters)
    }
}

/// The files of a new chart, which renders and lints as it is; beside them goes an empty folder `charts`.
///
/// # Examples
///
/// ```
/// use helmrs_core::chart::scaffold;
///
/// let files = scaffold::files("web", "v2", scaffold::Engine::Go)?;
/// assert_eq!(files[0].name, "Chart.yaml");
/// assert!(files[0].text().contains("name: web"));
/// # Ok::<(), scaffold::ScaffoldError>(())
/// ```
pub fn files(name: &str, api_version: &str, engine: Engine) -> Result<Vec<File>, ScaffoldError> {
    check_name(name)?;
    let templates = match engine {
        Engine::Go => GO,
        Engine::Tera => TERA,
    };
    let file = |(path, text): &Draft| File {
        name: (*path).to_string(),
        data: text
            .replace(PLACEHOLDER, name)
            .replace(VERSION_PLACEHOLDER, api_version)
            .into(),
        modified: Time::ZERO,
    };
    Ok(COMMON.iter().chain(templates).map(file).collect())
}

/// The files of a new chart made after a starter: its own, with the new name put in and another `Chart.yaml`.
// Parity: Helm, pkg/chart/v2/util/create.go, CreateFrom.
pub fn from_starter(
    metadata: Metadata,
    mut starter: Chart,
    now: Time,
) -> Result<Vec<File>, PackageError> {
    let values = starter
        .raw
        .iter_mut()
        .filter(|file| file.name == VALUES_FILE);
    for file in starter.templates.iter_mut().chain(values) {
        file.data = with_name(&file.data, &metadata.name).into();
    }
    starter.metadata = metadata;
    directory_files(&starter, now)
}

/// A text with the name wherever the placeholder is.
fn with_name(data: &[u8], name: &str) -> Vec<u8> {
    let placeholder = PLACEHOLDER.as_bytes();
    let (mut named, mut end) = (Vec::with_capacity(data.len()), 0);
    for start in memchr::memmem::find_iter(data, placeholder) {
        named.extend_from_slice(&data[end..start]);
        named.extend_from_slice(name.as_bytes());
        end = start + placeholder.len();
    }
    named.extend_from_slice(&data[end..]);
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::load_files;

    #[test]
    fn a_new_chart_loads() {
        for engine in [Engine::Go, Engine::Tera] {
            let files = files("web-1", "v2", engine).unwrap();
            let chart = load_files(files, &mut Vec::new()).unwrap();
            assert_eq!(chart.name(), "web-1");
            assert_eq!(chart.templates.len(), 9);
            let left = |file: &File| file.text().contains(PLACEHOLDER);
            assert!(!chart.raw.iter().any(left));
        }
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(
            files("", "v2", Engine::Go).unwrap_err().to_string(),
            "chart name must be between 1 and 250 characters"
        );
        assert_eq!(
            files("a b", "v2", Engine::Go).unwrap_err().to_string(),
            "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\""
        );
    }

    #[test]
    fn the_placeholder_is_replaced_everywhere() {
        let named = with_name(b"a <CHARTNAME> \xff <CHARTNAME>", "web");
        assert_eq!(named, b"a web \xff web");
    }
}
