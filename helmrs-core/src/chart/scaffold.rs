//! The files a new chart begins with.

use helmrs_gotemplate::number::quote;

use super::package::{PackageError, directory_files};
use super::{Chart, File, Metadata, VALUES_FILE};
use crate::time::Time;

/// What stands for the chart's name in the files.
const PLACEHOLDER: &str = "<CHARTNAME>";
/// How long a chart's name may be.
const NAME_LIMIT: usize = 250;

/// The files of a new chart, in the order they are written.
const FILES: &[(&str, &str)] = &[
    ("Chart.yaml", include_str!("scaffold/Chart.yaml")),
    ("values.yaml", include_str!("scaffold/values.yaml")),
    (".helmignore", include_str!("scaffold/helmignore")),
    (
        "templates/ingress.yaml",
        include_str!("scaffold/templates/ingress.yaml"),
    ),
    (
        "templates/httproute.yaml",
        include_str!("scaffold/templates/httproute.yaml"),
    ),
    (
        "templates/deployment.yaml",
        include_str!("scaffold/templates/deployment.yaml"),
    ),
    (
        "templates/service.yaml",
        include_str!("scaffold/templates/service.yaml"),
    ),
    (
        "templates/serviceaccount.yaml",
        include_str!("scaffold/templates/serviceaccount.yaml"),
    ),
    (
        "templates/hpa.yaml",
        include_str!("scaffold/templates/hpa.yaml"),
    ),
    (
        "templates/NOTES.txt",
        include_str!("scaffold/templates/NOTES.txt"),
    ),
    (
        "templates/_helpers.tpl",
        include_str!("scaffold/templates/_helpers.tpl"),
    ),
    (
        "templates/tests/test-connection.yaml",
        include_str!("scaffold/templates/tests/test-connection.yaml"),
    ),
];

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
/// let files = scaffold::files("web")?;
/// assert_eq!(files[0].name, "Chart.yaml");
/// assert!(files[0].text().contains("name: web"));
/// # Ok::<(), scaffold::ScaffoldError>(())
/// ```
pub fn files(name: &str) -> Result<Vec<File>, ScaffoldError> {
    check_name(name)?;
    let file = |(path, text): &(&str, &str)| File {
        name: (*path).to_string(),
        data: text.replace(PLACEHOLDER, name).into(),
        modified: Time::ZERO,
    };
    Ok(FILES.iter().map(file).collect())
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
        let chart = load_files(files("web-1").unwrap()).unwrap().chart;
        assert_eq!(chart.name(), "web-1");
        assert_eq!(chart.templates.len(), 9);
        let left = |file: &File| file.text().contains(PLACEHOLDER);
        assert!(!chart.raw.iter().any(left));
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(
            files("").unwrap_err().to_string(),
            "chart name must be between 1 and 250 characters"
        );
        assert_eq!(
            files("a b").unwrap_err().to_string(),
            "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\""
        );
    }

    #[test]
    fn the_placeholder_is_replaced_everywhere() {
        let named = with_name(b"a <CHARTNAME> \xff <CHARTNAME>", "web");
        assert_eq!(named, b"a web \xff web");
    }
}
