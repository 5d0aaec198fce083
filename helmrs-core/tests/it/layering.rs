//! What core may import: no runtime at all, and inside it only from the left.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of core in layers; a module imports only from layers before its own, or from its own module tree.
const LAYERS: &[&[&str]] = &[
    &[
        "version",
        "name",
        "yaml",
        "time",
        "path",
        "path_error",
        "path_pattern",
        "error_chain",
        "finding",
    ],
    &["capabilities", "values", "selector"],
    &["chart"],
    &["engine", "manifest"],
    &["release"],
    &["repository", "registry", "provenance", "lint", "plugin"],
];

#[test]
fn core_depends_on_no_runtime() {
    let manifest = include_str!("../../Cargo.toml");
    for forbidden in ["tokio", "kube", "reqwest", "clap", "helmrs-client"] {
        assert!(
            !manifest.lines().any(|line| line.starts_with(forbidden)),
            "helmrs-core must not depend on {forbidden}"
        );
    }
}

#[test]
fn modules_import_only_from_the_left() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut offences = Vec::new();
    for file in rust_files(&source) {
        let Some(layer) = module_of(&source, &file).and_then(|module| layer_of(&module)) else {
            continue;
        };
        let text = fs::read_to_string(&file).expect("a source file is readable");
        let module = module_of(&source, &file).expect("checked above");
        for (number, line) in text.lines().enumerate() {
            for imported in imports(line) {
                if imported != module && layer_of(&imported).is_some_and(|other| other >= layer) {
                    offences.push(format!(
                        "{}:{}: {module} imports {imported}",
                        file.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// Every `crate::module` named on a line.
fn imports(line: &str) -> Vec<String> {
    line.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect()
        })
        .collect()
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn module_of(source: &Path, file: &Path) -> Option<String> {
    let relative = file.strip_prefix(source).ok()?;
    let first = relative.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_string())
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the source folder is readable") {
        let path = entry.expect("a folder entry is readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
